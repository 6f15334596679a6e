//! Which value of a reading a point is, by its name and its unit.
//!
//! Names are the makers' own: Veris says "Real Power phase A", ION "kW a", DENT "Total Net
//! Instantaneous Real Power". The unit tells what is measured, the words tell the phase and the
//! direction, and some words tell that it is no value of this instant at all.

use std::collections::HashMap;

use domain::devices::logger::NamedPoint;
use domain::devices::unit;
use domain::{Field, Values};

/// A point of a device, as its logger lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Its number, from 0.
    pub number: u16,
    pub name: String,
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
        let (quantity, scale) = quantity(&self.unit)?;
        let name = self.name.to_ascii_lowercase();
        field(quantity, &words_of_now(&name)?).map(|field| Column { field, scale })
    }

    /// Whether it is a register of which only the direction is not told: it is a value of a reading,
    /// and somebody has to say which one.
    pub fn lacks_direction(&self) -> bool {
        let reactive = quantity(&self.unit).filter(|(of, _)| *of == Quantity::ReactiveEnergy);
        let name = self.name.to_ascii_lowercase();
        reactive.and_then(|_| words_of_now(&name)).is_some_and(|words| {
            Phases::of(&words) == Phases::All && matches!(Way::of(&words), Way::Unsaid)
        })
    }
}

/// The words of a name in small letters; none where they say that it is no value of this instant.
fn words_of_now(name: &str) -> Option<Vec<&str>> {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    (!words.iter().any(|word| NOT_NOW.contains(word))).then_some(words)
}

/// What the unit tells, and what a number in it is multiplied with to be in that of readings.
fn quantity(text: &str) -> Option<(Quantity, f64)> {
    let (of_readings, factor) = unit::written(text)?;
    Quantity::measured_in(of_readings).map(|quantity| (quantity, factor))
}

#[derive(Clone, Copy, PartialEq, Eq)]
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
    /// What readings state in a unit; none where loggers have no such points.
    fn measured_in(of_readings: &str) -> Option<Self> {
        Some(match of_readings {
            "kW" => Self::ActivePower,
            "kvar" => Self::ReactivePower,
            "kVA" => Self::ApparentPower,
            "kWh" => Self::ActiveEnergy,
            "kvarh" => Self::ReactiveEnergy,
            "V" => Self::Voltage,
            "A" => Self::Current,
            "Hz" => Self::Frequency,
            "" => Self::Ratio,
            _ => return None,
        })
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
    let way = Way::of(words);
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

impl Way {
    fn of(words: &[&str]) -> Self {
        let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
        match (has(IMPORT), has(EXPORT)) {
            _ if has(&["net"]) => Self::Net,
            (true, true) => Self::Net,
            (true, false) => Self::Import,
            (false, true) => Self::Export,
            (false, false) => Self::Unsaid,
        }
    }
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
            let before = i.checked_sub(1).and_then(|before| words.get(before));
            let after_phase = before.is_some_and(|word| ["phase", "ph", "line"].contains(word));
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
            for (n, is_found) in found.iter_mut().enumerate() {
                *is_found |= named.contains(&n);
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
    /// Points that are meters of their own.
    apart: HashMap<u16, Column>,
    points: usize,
}

impl Columns {
    /// The same, where some points are meters of their own: the device's meter has nothing of these.
    pub fn split(
        points: &[Point],
        settings: impl IntoIterator<Item = NamedPoint>,
        apart: impl IntoIterator<Item = NamedPoint>,
    ) -> Self {
        let apart: HashMap<_, _> =
            apart.into_iter().map(|named| (named.number, Column::named(named, points))).collect();
        let rest = points.iter().filter(|point| !apart.contains_key(&point.number));
        let mut columns = Self::new(&rest.cloned().collect::<Vec<_>>(), settings);
        // A point that somebody names is there, though the list is too short.
        if let Some(last) =
            points.iter().map(|point| point.number).chain(apart.keys().copied()).max()
            && !points.is_empty()
        {
            columns.points = columns.points.max(usize::from(last) + 1);
        }
        columns.apart = apart;
        columns
    }

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
            columns.add(named.number, Column::named(named, points));
            // A point that somebody names is there, though the list is too short.
            if columns.points > 0 {
                columns.points = columns.points.max(usize::from(named.number) + 1);
            }
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

    /// Whether no point is known to be a value of a reading.
    pub fn is_empty(&self) -> bool {
        self.by_number.is_empty() && self.apart.is_empty()
    }

    /// The value that a point is to a meter of its own.
    pub(super) fn apart(&self, number: u16) -> Option<Column> {
        self.apart.get(&number).copied()
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
    /// The settings' name of a point, by the unit that the logger lists for it.
    fn named(named: NamedPoint, points: &[Point]) -> Self {
        let listed = points.iter().find(|point| point.number == named.number);
        let column = Self { field: named.field, scale: named.scale };
        listed.map_or(column, |point| column.in_unit(&point.unit))
    }

    /// The same in a unit, if one is stated that fits.
    pub(super) fn in_unit(self, text: &str) -> Self {
        let stated = Some(text).filter(|text| !text.trim().is_empty()).and_then(unit::written);
        let fitting = stated.filter(|(of_readings, _)| *of_readings == self.field.unit());
        Self { scale: fitting.map_or(self.scale, |(_, scale)| scale), ..self }
    }

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
mod tests;
