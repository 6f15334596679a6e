//! Figures of a site: the guide's tree, diesel, solar energy, carbon, and the map.

mod diesel;

use serde_json::{Value, json};

use crate::{World, has, in_one_world};

const ENERGY: &str = "/api/Energy";
const WINDOW: &str = "from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z";

/// Number, type, parent and kWh of the guide's drawing. What it shows of Unit A's machines adds up;
/// Unit C stands in it with 1,200 kWh in the tree and 1,000 in the flows.
const GUIDE: [(&str, &str, Option<&str>, f64); 14] = [
    ("GRID-001", "Grid", None, 10_000.0),
    ("PS-001", "Main", Some("GRID-001"), 9_800.0),
    ("DG-001", "DG", Some("PS-001"), 2_000.0),
    ("SOLAR-001", "Solar", Some("PS-001"), 2_000.0),
    ("PMD-001", "Distribution", Some("PS-001"), 3_500.0),
    ("LIGHTS-001", "Lights", Some("PS-001"), 500.0),
    ("ADMIN-001", "Admin", Some("PS-001"), 800.0),
    ("OTHER-001", "Other", Some("PS-001"), 1_000.0),
    ("UNIT-A", "Unit", Some("PMD-001"), 1_200.0),
    ("UNIT-B", "Unit", Some("PMD-001"), 1_100.0),
    ("UNIT-C", "Unit", Some("PMD-001"), 1_000.0),
    ("CNC-01", "Machine", Some("UNIT-A"), 400.0),
    ("CNC-02", "Machine", Some("UNIT-A"), 350.0),
    ("COMPRESSOR", "Machine", Some("UNIT-A"), 250.0),
];

async fn meter(world: &World, number: &str, kind: &str, parent: Option<&str>) {
    let mut body = json!({"meterNumber": number, "meterName": number, "meterType": kind});
    if let Some(parent) = parent {
        body["parentMeterNumber"] = parent.into();
    }
    world.meter(&body).await;
}

async fn readings(world: &World, number: &str, readings: &Value) {
    world.post(&format!("{ENERGY}/meters/{number}/readings"), readings).await.is(201);
}

/// A day's energy as two readings of the total register.
async fn day(world: &World, number: &str, kwh: f64) {
    let at = |day: &str, kwh: f64| json!({"timestamp": format!("2026-05-{day}T00:00:00Z"), "totalEnergyKwh": kwh});
    readings(world, number, &json!([at("01", 500.0), at("02", 500.0 + kwh)])).await;
}

async fn guide(world: &World) {
    for (number, kind, parent, kwh) in GUIDE {
        meter(world, number, kind, parent).await;
        day(world, number, kwh).await;
    }
}

async fn data(world: &World, path: &str) -> Value {
    let answer = world
        .get(&format!("{ENERGY}/{path}{}{WINDOW}", if path.contains('?') { "&" } else { "?" }))
        .await
        .is(200);
    answer.data()
}

fn near(value: &Value, wanted: f64) {
    assert!((value.as_f64().unwrap() - wanted).abs() < 1e-6, "{value} is not {wanted}");
}

in_one_world! { figures_of_a_site:
    the_guides_tree_with_feeds_parent_false_gives_its_figures,
    the_guides_carbon_before_its_rounding, without_a_grid_meter_the_top_meters_are_the_grid,
    a_past_day_keeps_its_own_factor, a_litre_costs_what_it_cost_on_its_day,
    solar_energy_is_used_here_or_exported, the_map_is_one_instant,
    the_cells_of_a_map_add_up_to_its_window_wherever_that_is_cut,
    windows_that_cannot_be_are_refused_everywhere, intervals_count_where_the_readings_are_gone,
}

async fn the_guides_tree_with_feeds_parent_false_gives_its_figures(world: &World) {
    guide(world).await;
    let path = format!("{ENERGY}/meters/hierarchy?{WINDOW}");
    let stale = |tree: &Value| tree.to_string().matches("\"stale\"").count() == GUIDE.len();
    let tree = world.eventually(&path, stale).await["data"].clone();
    assert_eq!(tree.as_array().unwrap().len(), 1);
    let grid = &tree[0];
    has!(grid, {"energyKwh": 10_000.0, "lossKwh": 200.0, "lossPercent": 2.0, "verdict": "loss",
        "carbonKg": 5_000.0, "coverage": 1.0});
    let main = &grid["children"][0];
    assert_eq!(main["energyKwh"], 9_800.0);
    near(&main["lossKwh"], 0.0);
    assert_eq!(main["verdict"], "within_error");
    let child = |number: &str| {
        let children = main["children"].as_array().unwrap();
        children.iter().find(|child| child["meterNumber"] == number).unwrap().clone()
    };
    near(&child("DG-001")["dieselL"], 560.0);
    near(&child("DG-001")["carbonKg"], 560.0 * 2.68);
    let solar = child("SOLAR-001");
    has!(solar, {"carbonKg": -1_000.0, "children": [], "lossKwh": null, "verdict": null});
    let pmd = child("PMD-001");
    near(&pmd["lossKwh"], 200.0);
    near(&pmd["children"][0]["lossKwh"], 200.0);
    let children = data(world, "meters/PS-001/children").await;
    assert_eq!(children.as_array().unwrap().len(), 6);
    let mut shown = children.as_array().unwrap().iter();
    let shown = shown.find(|it| it["meterNumber"] == "DG-001").unwrap();
    let mut diesel = child("DG-001");
    diesel.as_object_mut().unwrap().remove("children");
    assert_eq!(*shown, diesel);
    let explained = data(world, "meters/hierarchy?explain=true").await;
    assert_eq!(explained[0]["explain"]["readings"][0]["importKwh"], 10_000.0);
}

async fn the_guides_carbon_before_its_rounding(world: &World) {
    for (number, kind, parent, kwh) in [
        ("GRID-001", "Grid", None, 5_000.0),
        ("GRID-002", "Grid", Some("GRID-001"), 4_000.0),
        ("DG-001", "DG", Some("GRID-001"), 1_000.0),
        ("SOLAR-001", "Solar", Some("GRID-001"), 2_000.0),
    ] {
        meter(world, number, kind, parent).await;
        day(world, number, kwh).await;
    }
    let carbon = data(world, "carbon?explain=true").await;
    for (field, wanted) in [
        ("gridKwh", 5_000.0),
        ("gridKg", 2_500.0),
        ("dieselL", 280.0),
        ("dieselKg", 750.4),
        ("totalKg", 3_250.4),
        ("solarKwh", 2_000.0),
        ("offsetKg", 1_000.0),
        ("netKg", 2_250.4),
        ("scope1Kg", 750.4),
        ("scope2Kg", 2_500.0),
        ("coverage", 1.0),
    ] {
        near(&carbon[field], wanted);
    }
    let kinds: Vec<_> = carbon["factors"].as_array().unwrap().iter().map(|f| &f["kind"]).collect();
    assert_eq!(kinds, ["grid", "diesel", "solar", "sfc"]);
    assert_eq!(carbon["factors"][1]["unit"], "kg/L");
    assert_eq!(carbon["explain"]["readings"].as_array().unwrap().len(), 3);
    let diesel = data(world, "diesel/consumption").await;
    let generator = &diesel["generators"][0];
    near(&generator["litresPerKwh"], 0.28);
    has!(generator, {"runtimeHours": null, "litresMetered": false});
    near(&diesel["total"]["litres"], 280.0);
    assert_eq!(data(world, "diesel/carbon").await, diesel);
}

async fn without_a_grid_meter_the_top_meters_are_the_grid(world: &World) {
    for (number, kind, parent, kwh) in [
        ("MAIN", "Main", None, 700.0),
        ("SUB", "Unit", Some("MAIN"), 300.0),
        ("DG", "DG", None, 100.0),
    ] {
        meter(world, number, kind, parent).await;
        day(world, number, kwh).await;
    }
    near(&data(world, "carbon").await["gridKwh"], 700.0);
}

async fn a_past_day_keeps_its_own_factor(world: &World) {
    meter(world, "GRID", "Grid", None).await;
    readings(
        world,
        "GRID",
        &json!([
            {"timestamp": "2026-05-01T00:00:00Z", "totalEnergyKwh": 0},
            {"timestamp": "2026-05-02T00:00:00Z", "totalEnergyKwh": 100},
            {"timestamp": "2026-05-03T00:00:00Z", "totalEnergyKwh": 300}]),
    )
    .await;
    let factor = json!({"kind": "grid", "value": 0.7, "unit": "kg/kWh", "source": "grid operator",
        "validFrom": "2026-05-02"});
    world.post("/api/emission-factors", &factor).await.is(201);
    let path = format!("{ENERGY}/carbon?from=2026-05-01&to=2026-05-03");
    let carbon = world.get(&path).await.data();
    near(&carbon["gridKwh"], 300.0);
    near(&carbon["gridKg"], 100.0 * 0.5 + 200.0 * 0.7);
    near(&carbon["coverage"], 1.0);
    assert_eq!(carbon["factors"].as_array().unwrap().len(), 2);
}

async fn a_litre_costs_what_it_cost_on_its_day(world: &World) {
    meter(world, "DG", "DG", None).await;
    let row = |day: u32, kwh: u32| json!({"timestamp": format!("2026-05-{day:02}T00:00:00Z"), "totalEnergyKwh": kwh});
    readings(world, "DG", &json!([row(1, 0), row(2, 100), row(3, 300)])).await;
    let diesel = async || {
        let path = format!("{ENERGY}/diesel/consumption?from=2026-05-01&to=2026-05-03");
        world.get(&path).await.data()
    };
    let price = async |value: f64, day: u32| {
        let factor = json!({"kind": "diesel_price", "value": value, "unit": "per L",
            "source": "invoice", "validFrom": format!("2026-05-{day:02}")});
        world.post("/api/emission-factors", &factor).await.is(201);
    };
    has!(diesel().await["total"], {"cost": null, "costPerKwh": null});
    price(95.5, 2).await;
    // Of the first day no price is known.
    has!(diesel().await["total"], {"cost": null});
    price(92.25, 1).await;
    let found = diesel().await;
    // 28 L at 92.25 and 56 L at 95.50, for 300 kWh.
    has!(found["total"], {"cost": "7931.00", "costPerKwh": "26.4367"});
    has!(found["generators"][0], {"cost": "7931.00", "costPerKwh": "26.4367"});
    let kinds: Vec<_> = found["factors"].as_array().unwrap().iter().map(|f| &f["kind"]).collect();
    assert_eq!(kinds, ["diesel", "sfc", "diesel_price", "diesel_price"]);
    let path = format!("{ENERGY}/carbon?from=2026-05-01&to=2026-05-03");
    let of_carbon = world.get(&path).await.data();
    assert_eq!(of_carbon["factors"].as_array().unwrap().len(), 2, "a price is none of carbon's");
}

async fn solar_energy_is_used_here_or_exported(world: &World) {
    meter(world, "GRID", "Grid", None).await;
    for number in ["S1", "S2"] {
        meter(world, number, "Solar", Some("GRID")).await;
    }
    let at = |minute: u32, import: f64, export: f64| {
        json!({"timestamp": format!("2026-05-01T10:{minute:02}:00Z"), "energyImportKwh": import,
            "energyExportKwh": export})
    };
    readings(world, "GRID", &json!([at(0, 0.0, 0.0), at(15, 10.0, 0.0), at(30, 10.0, 20.0)])).await;
    readings(world, "S1", &json!([at(0, 0.0, 0.0), at(15, 30.0, 0.0), at(30, 60.0, 0.0)])).await;
    readings(world, "S2", &json!([at(0, 0.0, 0.0), at(15, 10.0, 0.0), at(30, 20.0, 0.0)])).await;
    let path =
        format!("{ENERGY}/solar/generation?from=2026-05-01T10:00:00Z&to=2026-05-01T10:30:00Z");
    let solar = world.get(&path).await.data();
    near(&solar["sources"][0]["kwh"], 60.0);
    near(&solar["sources"][0]["exportedKwh"], 15.0);
    near(&solar["sources"][0]["selfConsumedKwh"], 45.0);
    near(&solar["sources"][1]["exportedKwh"], 5.0);
    near(&solar["total"]["kwh"], 80.0);
    near(&solar["total"]["selfConsumedKwh"], 60.0);
    near(&solar["total"]["offsetKg"], 40.0);
    let offset = path.replace("generation", "offset");
    assert_eq!(world.get(&offset).await.json()["data"], solar);
}

async fn the_map_is_one_instant(world: &World) {
    guide(world).await;
    let map = data(world, "dashboard/map").await;
    has!(map, {"from": "2026-05-01T00:00:00Z", "to": "2026-05-02T00:00:00Z"});
    near(&map["tree"][0]["energyKwh"], 10_000.0);
    let links = map["links"].as_array().unwrap();
    let energy = links.iter().filter(|link| link["kind"] == "energy").count();
    let lost: Vec<_> =
        links.iter().filter(|link| link["kind"] == "loss").map(|l| &l["kwh"]).collect();
    assert_eq!((energy, lost), (13, vec![&json!(200.0); 3]));
    assert_eq!(map["hotspots"].as_array().unwrap().len(), 3);
    let cells = map["heatmap"].as_array().unwrap();
    assert_eq!(cells.len(), 14 * 24);
    let all: f64 = cells.iter().map(|cell| cell["kwh"].as_f64().unwrap()).sum();
    assert!((all - GUIDE.iter().map(|(.., kwh)| kwh).sum::<f64>()).abs() < 1e-6);
    let gauges = &map["gauges"];
    // What the generator and the roof delivered came in beside the grid's.
    near(&gauges["totalConsumptionKwh"], 14_000.0);
    near(&gauges["netCarbonKg"], 5_000.0 + 560.0 * 2.68 - 1_000.0);
    near(&gauges["solarPercent"], 2_000.0 / 14_000.0 * 100.0);
}

/// Start, end and energy of a cell.
type Cell = (&'static str, &'static str, f64);

async fn the_cells_of_a_map_add_up_to_its_window_wherever_that_is_cut(world: &World) {
    meter(world, "M", "Main", None).await;
    let row = |quarter: u32| {
        let (day, hour, minute) = (1 + quarter / 96, quarter / 4 % 24, quarter % 4 * 15);
        json!({"timestamp": format!("2026-05-{day:02}T{hour:02}:{minute:02}:00Z"),
            "totalEnergyKwh": 2.5 * f64::from(quarter)})
    };
    readings(world, "M", &(0..=96).map(row).collect::<Vec<_>>().into()).await;
    let path = format!("{ENERGY}/dashboard/map?from=2026-05-01&to=2026-05-02");
    let whole = |map: &Value| map["data"]["heatmap"].as_array().is_some_and(|it| it.len() == 24);
    world.eventually(&path, whole).await;
    let cases: [(&str, &str, &[Cell]); 4] = [
        (
            "10:15",
            "12:45",
            &[("10:15", "11:00", 7.5), ("11:00", "12:00", 10.0), ("12:00", "12:45", 7.5)],
        ),
        ("10:15", "10:45", &[("10:15", "10:45", 5.0)]),
        ("10:30", "11:30", &[("10:30", "11:00", 5.0), ("11:00", "11:30", 5.0)]),
        ("10:00", "11:06", &[("10:00", "11:00", 10.0), ("11:00", "11:06", 1.0)]),
    ];
    for (from, to, cells) in cases {
        let path =
            format!("{ENERGY}/dashboard/map?from=2026-05-01T{from}:00Z&to=2026-05-01T{to}:00Z");
        let map = world.get(&path).await.data();
        let found = map["heatmap"].as_array().unwrap();
        assert_eq!(found.len(), cells.len(), "{from} to {to}: {found:?}");
        for (cell, (start, end, kwh)) in found.iter().zip(cells) {
            assert_eq!(cell["start"], format!("2026-05-01T{start}:00Z"));
            assert_eq!(cell["end"], format!("2026-05-01T{end}:00Z"));
            near(&cell["kwh"], *kwh);
        }
        near(&map["tree"][0]["energyKwh"], cells.iter().map(|cell| cell.2).sum());
    }
    // Of a long window the days.
    let path = format!("{ENERGY}/dashboard/map?from=2026-04-01T12:00:00Z&to=2026-05-01T18:00:00Z");
    let map = world.get(&path).await.data();
    let path = format!("{ENERGY}/dashboard/map?from=2026-03-01T12:00:00Z&to=2026-05-01T18:00:00Z");
    let long = world.get(&path).await.data();
    for map in [map, long] {
        let cells = map["heatmap"].as_array().unwrap();
        near(&json!(cells.iter().filter_map(|cell| cell["kwh"].as_f64()).sum::<f64>()), 180.0);
    }
}

async fn windows_that_cannot_be_are_refused_everywhere(world: &World) {
    for path in [
        "power-loss/by-area",
        "diesel/consumption",
        "diesel/carbon",
        "solar/generation",
        "solar/offset",
        "carbon",
        "dashboard/map",
    ] {
        let ask = async |query: &str| world.get(&format!("{ENERGY}/{path}?{query}")).await;
        ask("from=2026-05-02&to=2026-05-02").await.invalid("to");
        ask("from=yesterday").await.invalid("from");
        ask("site=nowhere").await.refused(404, "site_not_found", None);
        ask("colour=red").await.refused(422, "unknown_field", Some("colour"));
        assert_eq!(ask("from=2026-05-01").await.status, 200);
    }
}

async fn intervals_count_where_the_readings_are_gone(world: &World) {
    meter(world, "GRID", "Grid", None).await;
    let id =
        world.get(&format!("{ENERGY}/meters/GRID")).await.json()["data"]["id"].as_i64().unwrap();
    let days = "INSERT INTO energy_days (meter_id, day, import_kwh, export_kwh, \
        reactive_import_kvarh, reactive_export_kvarh, runtime_s, starts, coverage, estimated_kwh, \
        quality, flags) SELECT $1, day, 96, 0, 0, 0, 0, 0, 1, 0, 'GOOD', 0 \
        FROM generate_series('2025-01-01'::date, '2025-01-30', '1 day') AS day";
    sqlx::query(days).bind(id).execute(&world.pool).await.unwrap();
    let quarters = "INSERT INTO energy_intervals (meter_id, bucket_start, import_kwh, export_kwh, \
        reactive_import_kvarh, reactive_export_kvarh, runtime_s, starts, coverage, estimated_kwh, \
        quality, flags, frozen) SELECT $1, start, 1, 0, 0, 0, 0, 0, 1, 0, 'GOOD', 0, true \
        FROM generate_series('2025-01-01'::timestamptz, '2025-01-30 23:45', '15 min') AS start";
    sqlx::query(quarters).bind(id).execute(&world.pool).await.unwrap();
    let grid = async |window: &str| world.get(&format!("{ENERGY}/carbon?{window}")).await.data();
    let whole = grid("from=2025-01-01&to=2025-01-31").await;
    near(&whole["gridKwh"], 30.0 * 96.0);
    near(&whole["coverage"], 1.0);
    let cut = grid("from=2025-01-02T06:00:00Z&to=2025-01-04T12:05:00Z").await;
    near(&cut["gridKwh"], 18.0 * 4.0 + 96.0 + 12.0 * 4.0 + 1.0 / 3.0);
    // The first reading that is left stands some days later.
    readings(
        world,
        "GRID",
        &json!([
        {"timestamp": "2025-01-31T00:00:00Z", "totalEnergyKwh": 5_000},
        {"timestamp": "2025-02-01T00:00:00Z", "totalEnergyKwh": 5_100}]),
    )
    .await;
    let over = grid("from=2025-01-21&to=2025-02-01").await;
    near(&over["gridKwh"], 10.0 * 96.0 + 100.0);
    // Its last day lies between two readings at the window's ends: all of it is known.
    near(&over["coverage"], 1.0);
}
