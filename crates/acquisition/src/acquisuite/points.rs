//! Which value of a reading a point is, by its name and its unit.
//!
//! Names are the makers' own: Veris says "Real Power phase A", ION "kW a", DENT "Total Net
//! Instantaneous Real Power". The unit tells what is measured, the words tell the phase and the
//! direction, and some words tell that it is no value of this instant at all.

use std::collections::HashMap;

use domain::logger::NamedPoint;
use domain::{Field, Values};

/// A point of a device, as its logger lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Its number, from 0.
    pub number: u16,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
}

/// What a point is taken for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// The value of a reading.
    pub field: Field,
    /// What the logged number is multiplied with.
    pub scale: f64,
}

impl Point {
    /// What the point is taken for; none where it is no value of a reading, or could be several.
    pub fn column(&self) -> Option<Column> {
        let (quantity, scale) = unit(&self.unit)?;
        let name = self.name.to_ascii_lowercase();
        let words: Vec<&str> = name
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .filter(|w| !w.is_empty())
            .collect();
        if words.iter().any(|word| NOT_NOW.contains(word)) {
            return None;
        }
        field(quantity, &words).map(|field| Column { field, scale })
    }
}

/// What the unit tells, and what a number in it is multiplied with to be in that of readings.
fn unit(text: &str) -> Option<(Quantity, f64)> {
    use Quantity as Q;
    // However else it is written, M means mega: but these two nobody writes for it.
    match text.trim() {
        "mW" => return Some((Q::ActivePower, 1e-6)),
        "mWh" => return Some((Q::ActiveEnergy, 1e-6)),
        _ => {}
    }
    Some(match text.trim().to_ascii_lowercase().as_str() {
        "w" | "watts" => (Q::ActivePower, 0.001),
        "kw" => (Q::ActivePower, 1.0),
        "mw" => (Q::ActivePower, 1000.0),
        "var" | "vars" => (Q::ReactivePower, 0.001),
        "kvar" | "kvars" => (Q::ReactivePower, 1.0),
        "va" => (Q::ApparentPower, 0.001),
        "kva" => (Q::ApparentPower, 1.0),
        "wh" => (Q::ActiveEnergy, 0.001),
        "kwh" => (Q::ActiveEnergy, 1.0),
        "mwh" => (Q::ActiveEnergy, 1000.0),
        "varh" => (Q::ReactiveEnergy, 0.001),
        "kvarh" => (Q::ReactiveEnergy, 1.0),
        "v" | "volt" | "volts" => (Q::Voltage, 1.0),
        "kv" => (Q::Voltage, 1000.0),
        "a" | "amp" | "amps" | "ampere" | "amperes" => (Q::Current, 1.0),
        "hz" | "hertz" => (Q::Frequency, 1.0),
        "" | "pf" => (Q::Ratio, 1.0),
        "%" => (Q::Ratio, 0.01),
        _ => return None,
    })
}

#[derive(Clone, Copy)]
enum Quantity {
    ActivePower,
    ReactivePower,
    ApparentPower,
    ActiveEnergy,
    ReactiveEnergy,
    Voltage,
    Current,
    Frequency,
    Ratio,
}

impl Quantity {
    /// What readings state it in.
    const fn unit(self) -> &'static str {
        match self {
            Self::ActivePower => "kW",
            Self::ReactivePower => "kvar",
            Self::ApparentPower => "kVA",
            Self::ActiveEnergy => "kWh",
            Self::ReactiveEnergy => "kvarh",
            Self::Voltage => "V",
            Self::Current => "A",
            Self::Frequency => "Hz",
            Self::Ratio => "",
        }
    }
}

/// Words of points that are means, extremes, or halves of a number.
const NOT_NOW: &[&str] = &[
    "demand",
    "dmd",
    "sd",
    "min",
    "max",
    "mn",
    "mx",
    "minimum",
    "maximum",
    "peak",
    "avg",
    "ave",
    "average",
    "mean",
    "thd",
    "unbal",
    "unbalance",
    "imbalance",
    "msw",
    "lsw",
    "angle",
    "predicted",
    "block",
    "unused",
];
const IMPORT: &[&str] =
    &["import", "imported", "delivered", "del", "positive", "pos", "forward", "fwd"];
const EXPORT: &[&str] = &[
    "export", "exported", "received", "rec", "rcv", "negative", "neg", "reverse", "rev", "returned",
];

fn field(quantity: Quantity, words: &[&str]) -> Option<Field> {
    use Field as F;
    let phases = Phases::of(words);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let way = match (has(IMPORT), has(EXPORT)) {
        _ if has(&["net"]) => Way::Net,
        (true, true) => Way::Net,
        (true, false) => Way::Import,
        (false, true) => Way::Export,
        (false, false) => Way::Unsaid,
    };
    let of = |all: Option<F>, each: [F; 3]| match phases {
        Phases::All => all,
        Phases::One(n) => each.get(n).copied(),
        Phases::Between(_) => None,
    };
    match quantity {
        Quantity::ActivePower => {
            of(Some(F::ActivePowerKw), [F::ActivePowerL1Kw, F::ActivePowerL2Kw, F::ActivePowerL3Kw])
        }
        Quantity::ReactivePower => of(
            Some(F::ReactivePowerKvar),
            [F::ReactivePowerL1Kvar, F::ReactivePowerL2Kvar, F::ReactivePowerL3Kvar],
        ),
        Quantity::Current => of(None, [F::CurrentL1, F::CurrentL2, F::CurrentL3]),
        Quantity::Voltage => match phases {
            Phases::Between(n) => [F::VoltageL12, F::VoltageL23, F::VoltageL31].get(n).copied(),
            _ => of(None, [F::VoltageL1, F::VoltageL2, F::VoltageL3]),
        },
        _ if phases != Phases::All => None,
        Quantity::ApparentPower => Some(F::ApparentPowerKva),
        Quantity::Frequency => Some(F::FrequencyHz),
        Quantity::Ratio => {
            (has(&["pf"]) || (has(&["power"]) && has(&["factor"]))).then_some(F::PowerFactor)
        }
        Quantity::ActiveEnergy => match way {
            Way::Import => Some(F::EnergyImportKwh),
            Way::Export => Some(F::EnergyExportKwh),
            Way::Unsaid => Some(F::TotalEnergyKwh),
            // A difference of two registers falls too, and no register does.
            Way::Net => None,
        },
        Quantity::ReactiveEnergy => match way {
            Way::Import => Some(F::ReactiveEnergyImportKvarh),
            Way::Export => Some(F::ReactiveEnergyExportKvarh),
            Way::Unsaid | Way::Net => None,
        },
    }
}

#[derive(Clone, Copy)]
enum Way {
    Import,
    Export,
    Net,
    Unsaid,
}

/// The phases that words name, from 0.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phases {
    All,
    One(usize),
    /// This one and the next.
    Between(usize),
}

impl Phases {
    fn of(words: &[&str]) -> Self {
        let mut found = [false; 3];
        for (i, word) in words.iter().enumerate() {
            let after_phase = i > 0 && ["phase", "ph", "line"].contains(&words[i - 1]);
            let named: &[usize] = match *word {
                "a" | "l1" | "an" | "l1n" => &[0],
                "b" | "l2" | "bn" | "l2n" => &[1],
                "c" | "l3" | "cn" | "l3n" => &[2],
                "1" if after_phase => &[0],
                "2" if after_phase => &[1],
                "3" if after_phase => &[2],
                "ab" | "l12" | "l1l2" => &[0, 1],
                "bc" | "l23" | "l2l3" => &[1, 2],
                "ca" | "l31" | "l3l1" => &[2, 0],
                // Elsewhere "AC" is a kind of current, as in "Total AC Power".
                "ac" if i + 1 == words.len() => &[2, 0],
                _ => &[],
            };
            for &n in named {
                found[n] = true;
            }
        }
        match found {
            [true, false, false] => Self::One(0),
            [false, true, false] => Self::One(1),
            [false, false, true] => Self::One(2),
            [true, true, false] => Self::Between(0),
            [false, true, true] => Self::Between(1),
            [true, false, true] => Self::Between(2),
            _ => Self::All,
        }
    }
}

/// What the points of a device are taken for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Columns {
    by_number: HashMap<u16, Column>,
    points: usize,
}

impl Columns {
    /// What the logger's own list says, the first point of each value; and `settings` for what it does
    /// not say.
    pub fn new(points: &[Point], settings: impl IntoIterator<Item = NamedPoint>) -> Self {
        let mut columns = Self::default();
        for point in points {
            columns.points = columns.points.max(usize::from(point.number) + 1);
            if let Some(column) = point.column() {
                columns.add(point.number, column);
            }
        }
        for named in settings {
            let listed = points.iter().find(|point| point.number == named.number);
            let stated = listed.filter(|point| !point.unit.trim().is_empty());
            let stated = stated.and_then(|point| unit(&point.unit));
            let fitting = stated.filter(|(quantity, _)| quantity.unit() == named.field.unit());
            let scale = fitting.map_or(named.scale, |(_, scale)| scale);
            columns.add(named.number, Column { field: named.field, scale });
        }
        columns
    }

    fn add(&mut self, number: u16, column: Column) {
        let is_new = !self.by_number.contains_key(&number)
            && self.by_number.values().all(|known| known.field != column.field);
        if is_new {
            self.by_number.insert(number, column);
        }
    }

    /// Whether nobody said anything about any point.
    pub fn is_unknown(&self) -> bool {
        self.by_number.is_empty() && self.points == 0
    }

    /// What a point is taken for.
    pub fn get(&self, number: u16) -> Option<Column> {
        self.by_number.get(&number).copied()
    }

    /// How many points the logger lists; 0 where it gave no list.
    pub(super) fn listed(&self) -> usize {
        self.points
    }
}

impl Column {
    /// Puts a logged number where it belongs, unless something is there.
    pub(super) fn put(self, values: &mut Values, number: f64) {
        let mut value = number * self.scale;
        // A power factor is at most 1, but for the rounding: what is far more is meant in per cent.
        if self.field == Field::PowerFactor && value.abs() > 2.0 {
            value /= 100.0;
        }
        if values.get(self.field).is_none() {
            values.set(self.field, Some(value));
        }
    }
}

#[cfg(test)]
mod tests {
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
    fn units_are_those_of_readings_and_a_percentage_is_a_share() {
        let point =
            |name: &str, unit: &str| Point { number: 3, name: name.into(), unit: unit.into() };
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
}
