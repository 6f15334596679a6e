//! The register maps: where each kind of meter keeps its values, and in which coding.
//!
//! Every gateway has meters of one kind, each kind another coding, so that all of them are read
//! every few seconds:
//!
//! | gateway    | table   | numbers                        | words  | bytes  | energy           |
//! |------------|---------|--------------------------------|--------|--------|------------------|
//! | substation | holding | f32                            | big    | big    | f64 kWh          |
//! | Unit A     | input   | f32                            | big    | big    | u64 Wh           |
//! | Unit B     | holding | i32 and i16 scaled, BCD        | little | big    | u32 Wh           |
//! | Unit C     | holding | f32; gaps answer exception 2   | little | big    | u32 Wh           |
//! | utilities  | holding | f32                            | little | little | u64 Wh           |
//! | buildings  | holding | u16 scaled, plain addresses    |        | big    | u16 low and high |

use domain::Field;
use domain::devices::{Function, NumberType, Order, Point};
use serde_json::{Map, Value, json};

use super::wiring::Gateway;

/// The map of one kind of meter.
#[derive(Debug)]
pub(super) struct RegisterMap {
    pub(super) points: Vec<Point>,
    /// Whether registers between two values answer 0; exception 2 otherwise.
    pub(super) gaps_answer: bool,
}

/// One coding for many values.
#[derive(Clone, Copy)]
struct Coding {
    function: Function,
    number: NumberType,
    words: Order,
    bytes: Order,
    scale: f64,
}

const F32: Coding = Coding {
    function: Function::Holding,
    number: NumberType::F32,
    words: Order::Big,
    bytes: Order::Big,
    scale: 1.0,
};

impl Coding {
    const fn scaled(self, number: NumberType, scale: f64) -> Self {
        Self { number, scale, ..self }
    }

    fn at(self, field: Field, address: u16) -> Point {
        Point {
            function: self.function,
            number: self.number,
            words: self.words,
            bytes: self.bytes,
            scale: self.scale,
            ..Point::plain(field, address)
        }
    }

    /// One value after the other.
    fn from(self, first: u16, fields: &[Field]) -> Vec<Point> {
        let addresses = (first..).step_by(usize::from(self.number.width()));
        fields.iter().zip(addresses).map(|(&field, address)| self.at(field, address)).collect()
    }
}

const PHASES: [Field; 9] = [
    Field::VoltageL1,
    Field::VoltageL2,
    Field::VoltageL3,
    Field::CurrentL1,
    Field::CurrentL2,
    Field::CurrentL3,
    Field::ActivePowerL1Kw,
    Field::ActivePowerL2Kw,
    Field::ActivePowerL3Kw,
];
const ENERGIES: [Field; 3] =
    [Field::TotalEnergyKwh, Field::EnergyImportKwh, Field::EnergyExportKwh];
const SUMS: [Field; 3] = [Field::ActivePowerKw, Field::PowerFactor, Field::FrequencyHz];

/// A watt-hour in kWh: what the registers count.
const WATT_HOUR: f64 = 0.001;

impl RegisterMap {
    pub(super) fn of(gateway: Gateway) -> Self {
        let points = match gateway {
            Gateway::Substation => substation(),
            Gateway::UnitA => unit_a(),
            Gateway::UnitB => unit_b(),
            Gateway::UnitC => unit_c(),
            Gateway::Utilities => utilities(),
            Gateway::Buildings => buildings(),
        };
        Self { points, gaps_answer: gateway != Gateway::UnitC }
    }

    /// The map of a meter that has only some of the values.
    pub(super) fn with_only(mut self, has: impl Fn(Field) -> bool) -> Self {
        self.points.retain(|point| has(point.field));
        self
    }

    /// `communication.registers` of a meter with this map.
    pub(super) fn registers(&self) -> Value {
        let mut registers = Map::new();
        for point in &self.points {
            if self.is_plain() {
                let name = plain_name(point.field);
                registers.insert(name.to_owned(), json!(point.address));
                registers.insert(format!("{name}Scale"), json!(point.scale));
                if let Some(high) = point.high {
                    registers.insert(format!("{name}High"), json!(high));
                }
            } else {
                registers.insert(point.field.json().to_owned(), object(point));
            }
        }
        Value::Object(registers)
    }

    /// Whether its values stand as bare addresses: all single words, or low and high word apart.
    fn is_plain(&self) -> bool {
        self.points.iter().all(|p| p.high.is_some() || p.number == NumberType::U16)
    }
}

fn substation() -> Vec<Point> {
    let mut points = F32.from(0, &PHASES);
    points.extend(F32.from(
        18,
        &[
            Field::VoltageL12,
            Field::VoltageL23,
            Field::VoltageL31,
            Field::ActivePowerKw,
            Field::ReactivePowerKvar,
            Field::ApparentPowerKva,
            Field::PowerFactor,
            Field::FrequencyHz,
        ],
    ));
    points.extend(F32.scaled(NumberType::F64, 1.0).from(100, &ENERGIES));
    points.push(F32.scaled(NumberType::U32, 0.01).at(Field::RuntimeHours, 120));
    points.push(F32.scaled(NumberType::U32, 0.1).at(Field::DieselConsumptionLiters, 122));
    points
}

fn unit_a() -> Vec<Point> {
    let input = Coding { function: Function::Input, ..F32 };
    let mut points = input.from(0, &PHASES);
    points.extend(input.from(52, &SUMS));
    points.extend(input.scaled(NumberType::U64, WATT_HOUR).from(342, &ENERGIES));
    points
}

fn unit_b() -> Vec<Point> {
    let low_word_first = Coding { words: Order::Little, ..F32 };
    let integers = |scale| low_word_first.scaled(NumberType::I32, scale);
    let mut points = integers(0.1).from(0, &PHASES[..3]);
    points.extend(integers(0.001).from(12, &PHASES[3..6]));
    points.extend(integers(0.0001).from(18, &PHASES[6..]));
    points.push(integers(0.0001).at(Field::ActivePowerKw, 40));
    points.push(low_word_first.scaled(NumberType::I16, 0.001).at(Field::PowerFactor, 49));
    points.push(low_word_first.scaled(NumberType::Bcd, 0.01).at(Field::FrequencyHz, 51));
    points.extend(low_word_first.scaled(NumberType::U32, WATT_HOUR).from(52, &ENERGIES));
    points
}

fn unit_c() -> Vec<Point> {
    let low_word_first = Coding { words: Order::Little, ..F32 };
    let mut points = low_word_first.from(0x1000, &PHASES);
    points.extend(low_word_first.from(0x1014, &SUMS));
    points.extend(low_word_first.scaled(NumberType::U32, WATT_HOUR).from(0x1040, &ENERGIES));
    points
}

fn utilities() -> Vec<Point> {
    let reversed = Coding { words: Order::Little, bytes: Order::Little, ..F32 };
    let mut points = reversed.from(2999, &PHASES);
    points.extend(reversed.from(3053, &SUMS));
    points.push(reversed.scaled(NumberType::U64, WATT_HOUR).at(Field::TotalEnergyKwh, 3203));
    points
}

fn buildings() -> Vec<Point> {
    let word = |scale| F32.scaled(NumberType::U16, scale);
    let energy = F32.scaled(NumberType::U32, WATT_HOUR).at(Field::TotalEnergyKwh, 0x5002);
    vec![
        word(0.001).at(Field::ActivePowerKw, 0x5000),
        Point { high: Some(0x5003), ..energy },
        word(0.1).at(Field::VoltageL1, 0x5004),
        word(0.001).at(Field::CurrentL1, 0x5006),
        word(0.001).at(Field::PowerFactor, 0x5008),
        word(0.01).at(Field::FrequencyHz, 0x500A),
    ]
}

/// Names of values with a bare address.
fn plain_name(field: Field) -> &'static str {
    match field {
        Field::ActivePowerKw => "power",
        Field::TotalEnergyKwh => "energy",
        Field::VoltageL1 => "voltage",
        Field::CurrentL1 => "current",
        Field::FrequencyHz => "frequency",
        other => other.json(),
    }
}

fn object(point: &Point) -> Value {
    let order = |order| match order {
        Order::Big => "big",
        Order::Little => "little",
    };
    json!({
        "address": point.address,
        "function": match point.function {
            Function::Holding => "holding",
            Function::Input => "input",
        },
        "type": match point.number {
            NumberType::U16 => "u16",
            NumberType::I16 => "i16",
            NumberType::U32 => "u32",
            NumberType::I32 => "i32",
            NumberType::U64 => "u64",
            NumberType::I64 => "i64",
            NumberType::F32 => "f32",
            NumberType::F64 => "f64",
            NumberType::Bcd => "bcd",
            NumberType::Mod10x2 => "mod10x2",
            NumberType::Mod10x3 => "mod10x3",
            NumberType::Mod10x4 => "mod10x4",
        },
        "wordOrder": order(point.words),
        "byteOrder": order(point.bytes),
        "scale": point.scale,
    })
}
