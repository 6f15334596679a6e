//! The 92 meters and what stands behind each: the one table of the plant.

use domain::Kw;
use domain::meters::{ImportRegister, LoadRole, MeterType, PhaseType};

use super::equipment::{
    always, charger, compressor, day_room, fan, furnace, hall_cooling, hall_lights, kitchen, line,
    machine_tool, office, office_cooling, press, pump, refrigeration, yard_lights,
};
use super::feeder::Feeder;
use super::load::{Load, Profile};
use super::{LATITUDE, LONGITUDE, PlantMeter, Shows};

/// What stands behind a meter.
#[derive(Debug, Clone, Copy)]
pub(super) enum Behind {
    /// A cable to the meters below it.
    Feeder(Feeder),
    /// A consumer.
    Load(Load),
    /// Solar panels of this peak power in kW.
    Solar(f64),
    /// The diesel generator.
    Generator,
}

/// A meter, and what stands behind it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) meter: PlantMeter,
    pub(super) behind: Behind,
}

/// A group of meters below one node, alike but for number, name and consumer.
struct Group {
    parent: &'static str,
    level: i16,
    meter_type: &'static str,
    area: &'static str,
    shows: Shows,
    /// Distance of the group from the substation, in degrees north and east.
    offset: (f64, f64),
    members: &'static [(&'static str, &'static str, Load)],
}

const GROUPS: [Group; 7] = [UNIT_A, UNIT_B, UNIT_C, SMD, LIGHTS, ADMIN, OTHER];

/// Parents first, and sources before the consumers of the same bus.
pub(super) fn places() -> Vec<Place> {
    let mut places = sources();
    places.extend(distribution());
    places.extend(GROUPS.iter().flat_map(group));
    places
}

struct Node {
    number: &'static str,
    name: &'static str,
    meter_type: &'static str,
    parent: Option<&'static str>,
    level: i16,
    area: &'static str,
    load_role: LoadRole,
    rated_power_kw: f64,
    accuracy_class: f64,
    shows: Shows,
    behind: Behind,
}

fn place(node: &Node) -> Place {
    let grid = node.meter_type == "Grid";
    let meter = PlantMeter {
        number: node.number,
        name: node.name,
        meter_type: MeterType::from(node.meter_type),
        level: node.level,
        parent: node.parent,
        misplaced: None,
        feeds_parent: matches!(node.behind, Behind::Solar(_) | Behind::Generator),
        area: node.area,
        load_role: node.load_role,
        phase_type: PhaseType::Three,
        rated_power_kw: node.rated_power_kw,
        accuracy_class: node.accuracy_class,
        register_step_kwh: REGISTER_STEP_KWH,
        register_modulus_kwh: None,
        import_register: if grid { ImportRegister::Import } else { ImportRegister::Total },
        shows: node.shows,
        latitude: LATITUDE + offset(node.number).0,
        longitude: LONGITUDE + offset(node.number).1,
    };
    Place { meter, behind: node.behind }
}

/// Distance from the station's bus, in degrees north and east: nodes hang where their group begins.
fn offset(node: &str) -> (f64, f64) {
    match node {
        "GRID-001" => (-0.000_35, -0.000_4),
        "DG-001" => (-0.000_3, 0.000_35),
        "SOL-001" => (0.000_45, 0.000_1),
        "PMD-001" => (0.000_2, -0.000_45),
        "SMD-001" => (0.000_1, 0.000_45),
        _ => GROUPS.iter().find(|it| it.parent == node).map_or((0.0, 0.0), |it| it.offset),
    }
}

/// Registers count whole watt-hours.
const REGISTER_STEP_KWH: f64 = 0.001;

fn sources() -> Vec<Place> {
    let source = |number, name, meter_type, rated_power_kw, behind| Node {
        number,
        name,
        meter_type,
        parent: Some("PS-001"),
        level: 2,
        area: "Substation",
        load_role: LoadRole::None,
        rated_power_kw,
        accuracy_class: 0.5,
        shows: Shows::Network,
        behind,
    };
    let grid = Behind::Feeder(Feeder { iron: Kw(0.9), copper: Kw(3.2), at: Kw(400.0) });
    let bus = Behind::Feeder(Feeder { iron: Kw::ZERO, copper: Kw(1.4), at: Kw(400.0) });
    [
        Node {
            parent: None,
            level: 0,
            load_role: LoadRole::Grid,
            accuracy_class: 0.2,
            ..source("GRID-001", "Main Grid", "Grid", 1000.0, grid)
        },
        Node {
            parent: Some("GRID-001"),
            level: 1,
            accuracy_class: 0.2,
            ..source("PS-001", "Power Station Main", "Main", 1000.0, bus)
        },
        source("DG-001", "DG", "DG", 250.0, Behind::Generator),
        Node {
            area: "Rooftop",
            load_role: LoadRole::Solar,
            shows: Shows::Basic,
            ..source("SOL-001", "Solar", "Solar", 260.0, Behind::Solar(260.0))
        },
    ]
    .iter()
    .map(place)
    .collect()
}

/// Fire alarm and camera masts on the bus of SMD-001, which no meter sees, kW.
pub const UNMETERED_KW: f64 = 0.5;

fn distribution() -> Vec<Place> {
    let feeder = |number, name, meter_type, area, rated_power_kw, feeder| Node {
        number,
        name,
        meter_type,
        parent: Some("PS-001"),
        level: 2,
        area,
        load_role: LoadRole::Zone,
        rated_power_kw,
        accuracy_class: 0.2,
        shows: Shows::Network,
        behind: Behind::Feeder(feeder),
    };
    let unit = |number, name, area, feeder_of_unit| Node {
        parent: Some("PMD-001"),
        level: 3,
        accuracy_class: 0.5,
        ..feeder(number, name, "Unit", area, 250.0, feeder_of_unit)
    };
    let cable = |copper, at| Feeder { iron: Kw::ZERO, copper: Kw(copper), at: Kw(at) };
    let utilities = Feeder { iron: Kw(UNMETERED_KW), ..cable(0.8, 97.0) };
    let building = |node: Node| Node { load_role: LoadRole::Building, ..node };
    [
        feeder("PMD-001", "PMD Unit", "Distribution", "Substation", 600.0, cable(1.4, 350.0)),
        feeder("SMD-001", "SMD Unit", "Distribution", "Substation", 250.0, utilities),
        feeder("LIGHTS-001", "Lights", "Lights", "Lights", 60.0, cable(0.4, 18.0)),
        building(feeder(
            "ADMIN-001",
            "Admin Building",
            "Admin",
            "Admin Building",
            100.0,
            cable(0.4, 41.0),
        )),
        feeder("OTHER-001", "Other Units", "Other", "Other Units", 100.0, cable(0.3, 33.0)),
        unit("PA-001", "Production Unit A", "Unit A", cable(0.5, 117.0)),
        unit("PB-001", "Production Unit B", "Unit B", cable(0.45, 103.0)),
        // A joint of this feeder has corroded.
        unit("PC-001", "Production Unit C", "Unit C", cable(12.4, 115.0)),
    ]
    .iter()
    .map(place)
    .collect()
}

/// Ratio of a consumer's rated power to what it draws in full use.
const HEADROOM: f64 = 1.25;
/// Rated power from which a meter is of the better class, kW.
const LARGE_KW: f64 = 20.0;
/// Rated power from which a meter counts import and export apart, kW.
const TWO_WAY_KW: f64 = 25.0;
/// Distance between neighbours of a group, in degrees.
const SPACING: f64 = 0.000_08;

fn group(group: &Group) -> impl Iterator<Item = Place> {
    group.members.iter().enumerate().map(|(i, &(number, name, load))| {
        let rated = (load.full_kw * HEADROOM).ceil();
        let (row, column) = ((i / 4) as f64, (i % 4) as f64);
        let meter = PlantMeter {
            number,
            name,
            meter_type: MeterType::from(group.meter_type),
            level: group.level,
            parent: Some(group.parent),
            misplaced: None,
            feeds_parent: false,
            area: group.area,
            load_role: LoadRole::None,
            phase_type: if load.phase.is_some() { PhaseType::Single } else { PhaseType::Three },
            rated_power_kw: rated,
            accuracy_class: if rated >= LARGE_KW { 0.5 } else { 1.0 },
            register_step_kwh: REGISTER_STEP_KWH,
            register_modulus_kwh: None,
            import_register: if rated >= TWO_WAY_KW {
                ImportRegister::Import
            } else {
                ImportRegister::Total
            },
            shows: group.shows,
            latitude: LATITUDE + group.offset.0 + row * SPACING,
            longitude: LONGITUDE + group.offset.1 + column * SPACING,
        };
        Place { meter, behind: Behind::Load(load) }
    })
}

const UNIT_A: Group = Group {
    parent: "PA-001",
    level: 4,
    meter_type: "Machine",
    area: "Unit A",
    shows: Shows::Standard,
    offset: (0.0010, -0.0012),
    members: &[
        ("A-01", "CNC Machine 01", machine_tool(28.0)),
        ("A-02", "CNC Machine 02", machine_tool(24.0)),
        ("A-03", "Air Compressor", compressor(17.5)),
        ("A-04", "HVAC System", hall_cooling(18.0)),
        ("A-05", "CNC Machine 03", machine_tool(7.0)),
        ("A-06", "CNC Lathe 01", machine_tool(5.5)),
        ("A-07", "CNC Lathe 02", machine_tool(5.5)),
        ("A-08", "Surface Grinder", press(3.8)),
        ("A-09", "Coolant Pumps", fan(3.4)),
        ("A-10", "Chip Conveyor", line(1.6)),
        ("A-11", "Deburring Cell", press(2.4)),
        ("A-12", "Parts Washer", furnace(4.2)),
        ("A-13", "Tool Room", day_room(2.2)),
        ("A-14", "Overhead Crane", press(3.0)),
        ("A-15", "Inspection Room", office(1.8)),
        ("A-16", "Assembly Benches", line(2.0)),
    ],
};

const UNIT_B: Group = Group {
    parent: "PB-001",
    level: 4,
    meter_type: "Machine",
    area: "Unit B",
    shows: Shows::Standard,
    offset: (0.0010, 0.0002),
    members: &[
        ("B-01", "Injection Moulder 01", press(24.0)),
        ("B-02", "Injection Moulder 02", press(20.0)),
        ("B-03", "Injection Moulder 03", press(15.0)),
        ("B-04", "Material Dryer", furnace(5.0)),
        ("B-05", "Granulator", press(3.5)),
        ("B-06", "Press 01", press(9.5)),
        ("B-07", "Press 02", press(7.5)),
        ("B-08", "Press 03", press(6.0)),
        ("B-09", "Screw Compressor", compressor(8.5)),
        ("B-10", "Hall B HVAC", hall_cooling(9.0)),
        ("B-11", "Process Chiller", refrigeration(5.0)),
        ("B-12", "Cooling Tower Fan", fan(2.5)),
        ("B-13", "Transfer Conveyor", line(1.5)),
        ("B-14", "Robot Cell 03", press(2.8)),
        ("B-15", "Mould Heater", furnace(2.2)),
    ],
};

const UNIT_C: Group = Group {
    parent: "PC-001",
    level: 4,
    meter_type: "Machine",
    area: "Unit C",
    shows: Shows::Standard,
    offset: (0.0010, 0.0016),
    members: &[
        ("C-01", "Furnace 01", furnace(28.5)),
        ("C-02", "Furnace 02", furnace(24.0)),
        ("C-03", "Paint Oven", furnace(18.0)),
        ("C-04", "Paint Booth", press(11.5).when(Profile::Continuous)),
        ("C-05", "Exhaust Fan 01", fan(8.0)),
        ("C-06", "Exhaust Fan 02", fan(3.5)),
        ("C-07", "Robot Cell 01", press(5.5).when(Profile::Continuous)),
        ("C-08", "Robot Cell 02", press(6.5).when(Profile::Continuous)),
        ("C-09", "Quench Pump", fan(3.2)),
        ("C-10", "Burner Blower", fan(2.4)),
        ("C-11", "Shot Blaster", press(2.8)),
        ("C-12", "Powder Conveyor", line(1.2)),
        ("C-13", "Fume Scrubber", fan(1.6)),
        ("C-14", "Control Room", always(0.8)),
    ],
};

const SMD: Group = Group {
    parent: "SMD-001",
    level: 3,
    meter_type: "Unit",
    area: "Packing and Utilities",
    shows: Shows::Standard,
    offset: (-0.0008, -0.0010),
    members: &[
        ("SM-001", "Packing Line 1", line(18.5)),
        ("SM-002", "Packing Line 2", line(16.0)),
        ("SM-003", "Cold Store", refrigeration(14.0)),
        ("SM-004", "Water Treatment", fan(9.0)),
        ("SM-005", "Effluent Plant", fan(8.0)),
        ("SM-006", "Boiler House", compressor(8.0)),
        ("SM-007", "Palletiser", press(4.5)),
        ("SM-008", "Stretch Wrapper", press(2.8)),
        ("SM-009", "Warehouse", day_room(4.5)),
        ("SM-010", "Forklift Chargers", charger(9.0)),
        ("SM-011", "Fire Pump House", always(0.9)),
        ("SM-012", "Workshop", day_room(4.0)),
        ("SM-013", "Laboratory", office(3.2)),
        ("SM-014", "Canteen Kitchen", kitchen(8.0)),
    ],
};

const LIGHTS: Group = Group {
    parent: "LIGHTS-001",
    level: 3,
    meter_type: "Lights",
    area: "Lights",
    shows: Shows::Basic,
    offset: (0.0002, 0.0004),
    members: &[
        ("LT-001", "Hall A", hall_lights(7.2)),
        ("LT-002", "Hall B", hall_lights(6.2)),
        ("LT-003", "Hall C", hall_lights(6.0)),
        ("LT-004", "Yard", yard_lights(6.5)),
        ("LT-005", "Warehouse Aisles", hall_lights(1.6).single(1)),
    ],
};

const ADMIN: Group = Group {
    parent: "ADMIN-001",
    level: 3,
    meter_type: "Admin",
    area: "Admin Building",
    shows: Shows::Basic,
    offset: (-0.0012, 0.0012),
    members: &[
        ("AD-001", "Ground Floor", office(6.5)),
        ("AD-002", "First Floor", office(7.5)),
        ("AD-003", "Second Floor", office(6.0)),
        ("AD-004", "Server Room", always(8.0)),
        ("AD-005", "Rooftop HVAC", office_cooling(13.0)),
        ("AD-006", "Lifts", press(2.5).when(Profile::Office)),
        ("AD-007", "Canteen", kitchen(4.0)),
        ("AD-008", "Reception", office(1.2).single(2)),
    ],
};

const OTHER: Group = Group {
    parent: "OTHER-001",
    level: 3,
    meter_type: "Other",
    area: "Other Units",
    shows: Shows::Basic,
    offset: (-0.0018, -0.0002),
    members: &[
        ("OT-001", "Gate House", always(0.9).single(0)),
        ("OT-002", "Pump House", pump(9.0)),
        ("OT-003", "Borewell Pump", pump(5.5)),
        ("OT-004", "EV Chargers", charger(11.0)),
        ("OT-005", "Training Centre", day_room(4.0)),
        ("OT-006", "Guest House", kitchen(4.0)),
        ("OT-007", "Medical Centre", office(2.0)),
        ("OT-008", "Scrap Yard Baler", press(6.0).when(Profile::DayShift)),
    ],
};
