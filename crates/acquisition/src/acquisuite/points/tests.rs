use super::*;

#[track_caller]
fn is(name: &str, unit: &str, field: Option<Field>) {
    let point = Point { number: 0, name: name.to_owned(), unit: unit.to_owned() };
    assert_eq!(point.column().map(|column| column.field), field, "{name} in {unit}");
}

#[test]
fn points_of_veris_meters() {
    is("Energy Consumption", "kWh", Some(Field::TotalEnergyKwh));
    is("Real Power", "kW", Some(Field::ActivePowerKw));
    is("Reactive Power", "kVAR", Some(Field::ReactivePowerKvar));
    is("Power Factor", "", Some(Field::PowerFactor));
    is("Voltage, Line to Line", "Volts", None);
    is("Real Power phase B", "kW", Some(Field::ActivePowerL2Kw));
    is("Power Factor phase A", "", None);
    is("Voltage phase C-A", "Volts", Some(Field::VoltageL31));
    is("Voltage phase A-N", "Volts", Some(Field::VoltageL1));
    is("Current phase C", "Amps", Some(Field::CurrentL3));
    is("Average Demand", "kW", None);
    is("Maximum Demand", "kW", None);
}

#[test]
fn points_of_other_makers() {
    is("kWh del", "kWh", Some(Field::EnergyImportKwh));
    is("kWh rec", "kWh", Some(Field::EnergyExportKwh));
    is("kWh del+rec", "kWh", None);
    is("kWh del-rec", "kWh", None);
    is("kVARh del", "kVARh", Some(Field::ReactiveEnergyImportKvarh));
    is("Vll ab", "Volts", Some(Field::VoltageL12));
    is("Vln ave", "Volts", None);
    is("I a", "Amps", Some(Field::CurrentL1));
    is("Freq mx", "Hz", None);
    is("AC Grid Frequency", "Hz", Some(Field::FrequencyHz));
    is("L1-to-L2 AC Voltage", "V", Some(Field::VoltageL12));
    is("L1-to-L3 AC Voltage", "V", Some(Field::VoltageL31));
    is("Ac Energy/MSW", "KWh", None);
    is("ION6200 rate (instantaneous)", "kW", Some(Field::ActivePowerKw));
    is("Total Net Instantaneous Real Power", "kW", Some(Field::ActivePowerKw));
    is("Total Power Factor", "", Some(Field::PowerFactor));
    is("Voltage, Phase A - N", "Volts", Some(Field::VoltageL1));
    is("Phase Sequence", "", None);
    is("V1 THD mx", "%", None);
}

#[test]
fn a_register_of_reactive_energy_without_a_direction_is_asked_about() {
    let asks = |name: &str, unit: &str| {
        let point = Point { number: 5, name: name.to_owned(), unit: unit.to_owned() };
        assert_eq!(point.column(), None, "{name} in {unit}");
        point.lacks_direction()
    };
    assert!(asks("ION6200Reactive", "KVARh"));
    assert!(asks("Reactive Energy Consumption", "varh"));
    for (name, unit) in [
        ("kVARh del+rec", "kVARh"),
        ("Net Reactive Energy", "kVARh"),
        ("Reactive Energy phase A", "kVARh"),
        ("Reactive Energy demand", "kVARh"),
        ("Water Meter", "Gallons"),
    ] {
        assert!(!asks(name, unit), "{name} in {unit}");
    }
}

#[test]
fn units_are_those_of_readings_and_a_percentage_is_a_share() {
    let point = |name: &str, unit: &str| Point { number: 3, name: name.into(), unit: unit.into() };
    let columns = |point: Point| Columns::new(&[point], []);
    let value = |point: Point, number| {
        let mut values = Values::default();
        columns(point).get(3).unwrap().put(&mut values, number);
        values.present().next().map(|(_, value)| value)
    };
    assert_eq!(value(point("Real AC Power", "W"), 51_113.0), Some(51.113));
    assert_eq!(value(point("Power Factor", ""), -100.0), Some(-1.0));
    assert_eq!(value(point("Power Factor", ""), 0.5278), Some(0.5278));
    assert_eq!(value(point("Power Factor", ""), 1.001), Some(1.001));
}

#[test]
fn the_scale_of_the_settings_counts_where_no_unit_of_the_field_is_stated() {
    let point = |number, unit: &str| Point { number, name: "x".into(), unit: unit.into() };
    let list = [point(0, ""), point(1, "%"), point(2, "MWh")];
    let named = |number, field, scale| NamedPoint { number, field, scale };
    let settings = [
        named(0, Field::ActivePowerKw, 0.001),
        named(1, Field::ReactivePowerKvar, 0.5),
        named(2, Field::TotalEnergyKwh, 1.0),
    ];
    let columns = Columns::new(&list, settings);
    for (number, field, scale) in [
        (0, Field::ActivePowerKw, 0.001),
        (1, Field::ReactivePowerKvar, 0.5),
        (2, Field::TotalEnergyKwh, 1000.0),
    ] {
        assert_eq!(columns.get(number), Some(Column { field, scale }));
    }
    let small = Point { number: 0, name: "Real Power".into(), unit: "mW".into() };
    assert_eq!(small.column(), Some(Column { field: Field::ActivePowerKw, scale: 1e-6 }));
}

#[test]
fn the_settings_say_what_the_list_does_not() {
    let point = |number, name: &str| Point { number, name: name.into(), unit: "kW".into() };
    let list = [point(0, "Real Power"), point(1, "Total Real Power"), point(2, "Zähler 3")];
    let named = |number, field, scale| NamedPoint { number, field, scale };
    let settings = [
        named(1, Field::ActivePowerKw, 0.001),
        named(2, Field::ActivePowerL3Kw, 0.001),
        named(7, Field::CurrentL1, 1.0),
    ];
    let columns = Columns::new(&list, settings);
    let third = Column { field: Field::ActivePowerL3Kw, scale: 1.0 };
    assert_eq!(columns.get(2), Some(third), "the unit that the logger states counts");
    assert_eq!(columns.get(0).map(|column| column.field), Some(Field::ActivePowerKw));
    assert_eq!(columns.get(1), None);
    assert_eq!(columns.get(7).map(|column| column.field), Some(Field::CurrentL1));
}
