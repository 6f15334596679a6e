//! The registers of a Modbus meter as rows of a table, in which a person adds and changes them.
//!
//! A row says what most registers need: a channel, where it stands, how it is coded and scaled. What it does not say of a
//! register (a scale factor, an offset, raw values without meaning) stays as it is; a sum of registers is no row, and
//! stays too.

use serde::Deserialize as _;
use serde_json::{Map, Value, json};

use super::point::{Function, NumberType, Order, Point};
pub use super::registers::field_of;
use super::registers::{SHORT, points};
use crate::Field;
use crate::devices::refusal::registers::RegisterRefusal;

/// Order of the bytes of a value as they come: `A` is the highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ByteOrder {
    /// High word first, high byte first.
    #[default]
    Abcd,
    /// Low word first, high byte first.
    Cdab,
    /// High word first, low byte first.
    Badc,
    /// Low word first, low byte first.
    Dcba,
}

impl ByteOrder {
    /// Every order, the usual one first.
    pub const ALL: [Self; 4] = [Self::Abcd, Self::Cdab, Self::Badc, Self::Dcba];

    pub const fn of(words: Order, bytes: Order) -> Self {
        match (words, bytes) {
            (Order::Big, Order::Big) => Self::Abcd,
            (Order::Little, Order::Big) => Self::Cdab,
            (Order::Big, Order::Little) => Self::Badc,
            (Order::Little, Order::Little) => Self::Dcba,
        }
    }

    /// The order of words, and that of bytes in a word.
    pub const fn parts(self) -> (Order, Order) {
        match self {
            Self::Abcd => (Order::Big, Order::Big),
            Self::Cdab => (Order::Little, Order::Big),
            Self::Badc => (Order::Big, Order::Little),
            Self::Dcba => (Order::Little, Order::Little),
        }
    }

    /// The word in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Abcd => "abcd",
            Self::Cdab => "cdab",
            Self::Badc => "badc",
            Self::Dcba => "dcba",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.as_str() == word)
    }

    /// The bytes of a value of so many words as they come, such as `CD AB`.
    pub fn letters(self, width: u16) -> String {
        let (words, bytes) = self.parts();
        let pairs = (0..width.min(4)).map(|word| {
            let high = char::from(b'A' + u8::try_from(2 * word).unwrap_or_default());
            let low = char::from(b'B' + u8::try_from(2 * word).unwrap_or_default());
            if bytes == Order::Big { format!("{high}{low}") } else { format!("{low}{high}") }
        });
        let mut pairs: Vec<String> = pairs.collect();
        if words == Order::Little {
            pairs.reverse();
        }
        pairs.join(" ")
    }
}

/// A register of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegisterRow {
    /// Its channel.
    pub field: Field,
    /// The first register, as on the wire.
    pub address: u16,
    pub function: Function,
    pub number: NumberType,
    pub order: ByteOrder,
    /// Factor from the raw value to the unit of its channel.
    pub scale: f64,
}

impl RegisterRow {
    fn of(point: &Point) -> Option<Self> {
        let (address, number, words) = match point.high {
            None => (point.address, point.number, point.words),
            // Two registers beside each other are one value.
            Some(high) if point.address.checked_add(1) == Some(high) => {
                (point.address, NumberType::U32, Order::Little)
            }
            Some(high) if high.checked_add(1) == Some(point.address) => {
                (high, NumberType::U32, Order::Big)
            }
            Some(_) => return None,
        };
        let order = ByteOrder::of(words, point.bytes);
        let Point { field, function, scale, .. } = *point;
        Some(Self { field, address, function, number, order, scale })
    }

    fn end(&self) -> u32 {
        u32::from(self.address) + u32::from(self.number.width())
    }

    /// Whether both read some of the same registers.
    fn overlaps(&self, other: &Self) -> bool {
        self.function == other.function
            && u32::from(self.address) < other.end()
            && u32::from(other.address) < self.end()
    }

    /// As it is written in the settings; what is usual is left out unless all is to be said.
    fn write(&self, base: &Map<String, Value>, is_whole: bool) -> Value {
        let (words, bytes) = self.order.parts();
        let usual = Self {
            number: NumberType::default(),
            order: ByteOrder::default(),
            function: Function::default(),
            scale: 1.0,
            ..*self
        };
        let (usual_words, usual_bytes) = usual.order.parts();
        let said = [
            ("function", json!(self.function), self.function == usual.function),
            ("type", json!(self.number), self.number == usual.number),
            ("wordOrder", json!(words), words == usual_words),
            ("byteOrder", json!(bytes), bytes == usual_bytes),
            ("scale", json!(self.scale), (self.scale - usual.scale).abs() < f64::EPSILON),
        ];
        let mut written = base.clone();
        let before = base.get("type").and_then(|word| NumberType::deserialize(word).ok());
        if before.unwrap_or_default() != self.number {
            // Raw values without meaning are those of the type before.
            written.remove("notAvailable");
        }
        written.insert("address".to_owned(), self.address.into());
        for (name, value, is_usual) in said {
            if is_usual && !is_whole {
                written.remove(name);
            } else {
                written.insert(name.to_owned(), value);
            }
        }
        Value::Object(written)
    }
}

/// The rows of a map that can be shown so, in the order of tables and addresses.
pub fn rows(registers: &Map<String, Value>) -> Vec<RegisterRow> {
    let mut rows: Vec<RegisterRow> =
        registers.keys().filter_map(|name| row(registers, name)).collect();
    rows.sort_by_key(|row| (row.function, row.address));
    rows
}

/// The row of one register of a map, with what stands beside it (`energyHigh`, `powerScale`).
fn row(registers: &Map<String, Value>, name: &str) -> Option<RegisterRow> {
    field_of(name)?;
    let is_of = |key: &str| key == name || is_companion(key, name);
    let alone = registers.iter().filter(|(key, _)| is_of(key.as_str()));
    let alone: Map<_, _> = alone.map(|(key, value)| (key.clone(), value.clone())).collect();
    match points(&alone).ok()?.as_slice() {
        [point] if !point.is_addend => RegisterRow::of(point),
        _ => None,
    }
}

fn is_companion(key: &str, name: &str) -> bool {
    key.strip_prefix(name).is_some_and(|rest| matches!(rest, "Scale" | "High"))
}

/// Refuses a table in which a channel stands twice, or registers overlap; the row is counted from 0.
///
/// # Errors
/// The first row at fault.
pub fn check(rows: &[RegisterRow]) -> Result<(), (usize, RegisterRefusal)> {
    for (at, row) in rows.iter().enumerate() {
        let before = rows.iter().take(at).enumerate();
        for (other, above) in before {
            let above_row = other + 1;
            if above.field == row.field {
                return Err((at, RegisterRefusal::Channel { row: above_row }));
            }
            if above.overlaps(row) {
                let (first, last) = (above.address, above.end() - 1);
                return Err((at, RegisterRefusal::Overlap { row: above_row, first, last }));
            }
        }
    }
    Ok(())
}

/// The registers as a person leaves them in the table, to be stored: of a map that holds now, and what a profile says of
/// it, which is not repeated.
pub fn write(
    rows: &[RegisterRow],
    now: &Map<String, Value>,
    profile: &Map<String, Value>,
) -> Map<String, Value> {
    let mut whole = Map::new();
    for wanted in rows {
        let stored = now.keys().find(|name| field_of(name) == Some(wanted.field));
        let short = SHORT.iter().find(|(_, field)| *field == wanted.field);
        let usual = || short.map_or(wanted.field.json(), |(short, _)| *short).to_owned();
        let name = stored.cloned().unwrap_or_else(usual);
        if row(now, &name) == Some(*wanted) {
            let same = now.iter().filter(|(key, _)| **key == name || is_companion(key, &name));
            whole.extend(same.map(|(key, value)| (key.clone(), value.clone())));
            continue;
        }
        let base =
            now.get(&name).and_then(Value::as_object).filter(|base| !base.contains_key("sum"));
        let base = base.cloned().unwrap_or_default();
        whole.insert(name.clone(), wanted.write(&base, profile.contains_key(&name)));
    }
    // Registers that are no row were not shown, so that nobody took them out.
    let is_kept = |name: &str| {
        let base = name.strip_suffix("Scale").or_else(|| name.strip_suffix("High")).unwrap_or(name);
        let is_shown = row(now, base).is_some();
        let is_replaced = rows.iter().any(|row| field_of(base) == Some(row.field));
        !is_shown && !is_replaced
    };
    for (name, value) in now.iter().filter(|(name, _)| is_kept(name)) {
        whole.insert(name.clone(), value.clone());
    }
    for (name, value) in &mut whole {
        take_away(value, profile.get(name));
    }
    let gone = profile.keys().filter(|name| !whole.contains_key(*name));
    let gone: Vec<_> = gone.map(|name| (name.clone(), Value::Null)).collect();
    whole.retain(|name, value| profile.get(name) != Some(value));
    whole.extend(gone);
    whole
}

/// Takes from a register what only the profile says of it: that would come back when both are merged.
fn take_away(register: &mut Value, profile: Option<&Value>) {
    let profile = profile.and_then(Value::as_object);
    let Some((register, profile)) = register.as_object_mut().zip(profile) else { return };
    for name in profile.keys() {
        register.entry(name.clone()).or_insert(Value::Null);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    const fn plain(field: Field, address: u16, number: NumberType) -> RegisterRow {
        RegisterRow {
            field,
            address,
            function: Function::Holding,
            number,
            order: ByteOrder::Abcd,
            scale: 1.0,
        }
    }

    #[test]
    fn the_orders_are_named_by_their_bytes() {
        let named = |width| ByteOrder::ALL.map(|order| order.letters(width)).join(", ");
        assert_eq!(named(1), "AB, AB, BA, BA");
        assert_eq!(named(2), "AB CD, CD AB, BA DC, DC BA");
        assert_eq!(named(4), "AB CD EF GH, GH EF CD AB, BA DC FE HG, HG FE DC BA");
        for order in ByteOrder::ALL {
            let (words, bytes) = order.parts();
            assert_eq!(
                (ByteOrder::of(words, bytes), ByteOrder::parse(order.as_str())),
                (order, Some(order))
            );
        }
    }

    #[test]
    fn a_table_with_a_channel_twice_or_registers_that_overlap_is_refused_at_its_row() {
        use NumberType::{F64, U16, U32};
        let power = |address, number| plain(Field::ActivePowerKw, address, number);
        let voltage = |address, number| plain(Field::VoltageL1, address, number);
        let input = |row| RegisterRow { function: Function::Input, ..row };
        let overlap = |first, last| RegisterRefusal::Overlap { row: 1, first, last };
        let cases = [
            (vec![power(10, U32), voltage(12, U16)], None),
            (vec![power(10, U16), power(10, U16)], Some((1, RegisterRefusal::Channel { row: 1 }))),
            (vec![power(10, U16), power(90, U16)], Some((1, RegisterRefusal::Channel { row: 1 }))),
            (vec![power(10, U32), voltage(11, U32)], Some((1, overlap(10, 11)))),
            (vec![power(10, F64), voltage(12, U16)], Some((1, overlap(10, 13)))),
            (vec![power(10, U32), voltage(9, U32)], Some((1, overlap(10, 11)))),
            (vec![power(10, U32), voltage(10, U32)], Some((1, overlap(10, 11)))),
            (vec![power(10, U16), voltage(10, U16)], Some((1, overlap(10, 10)))),
            // Both tables have registers of their own.
            (vec![power(10, U32), input(voltage(11, U32))], None),
        ];
        for (rows, expected) in cases {
            assert_eq!(check(&rows).err(), expected, "{rows:?}");
        }
    }

    #[test]
    fn the_guides_map_is_shown_and_stays_as_it_is_written() {
        let guide = map(&json!({"power": 20480, "energy": 20482, "energyHigh": 20483,
            "powerScale": 0.1, "voltageL2": {"sum": [1, 2]}}));
        let shown = rows(&guide);
        let energy = RegisterRow {
            order: ByteOrder::Cdab,
            ..plain(Field::TotalEnergyKwh, 20482, NumberType::U32)
        };
        let power =
            RegisterRow { scale: 0.1, ..plain(Field::ActivePowerKw, 20480, NumberType::U16) };
        assert_eq!(shown, [power, energy]);
        assert_eq!(write(&shown, &guide, &Map::new()), guide);
    }

    #[test]
    fn a_changed_row_keeps_what_the_table_does_not_say() {
        let now =
            map(&json!({"power": {"address": 5, "type": "i16", "scaleFactor": 9}, "energy": 7}));
        let changed =
            [RegisterRow { scale: 0.5, ..plain(Field::ActivePowerKw, 6, NumberType::U32) }];
        let expected =
            json!({"power": {"address": 6, "type": "u32", "scale": 0.5, "scaleFactor": 9}});
        assert_eq!(Value::Object(write(&changed, &now, &Map::new())), expected);
    }

    #[test]
    fn another_type_has_raw_values_without_meaning_of_its_own() {
        let power = |register: Value| map(&json!({"activePowerKw": register}));
        let is_i16 = json!({"address": 5, "type": "i16", "notAvailable": ["0x8000"], "offset": 1});
        let wanted = [plain(Field::ActivePowerKw, 5, NumberType::I32)];
        let own = Value::Object(write(&wanted, &power(is_i16.clone()), &Map::new()));
        assert_eq!(
            own,
            json!({"activePowerKw": {"address": 5, "type": "i32", "offset": 1}}),
            "of a map without a profile"
        );
        // Those of a profile do not come back, when another thing is changed afterwards either.
        let profile = power(is_i16);
        let mut whole = Value::Object(profile.clone());
        for scale in [1.0, 1.0, 0.5] {
            let wanted = [RegisterRow { scale, ..wanted[0] }];
            let stored = Value::Object(write(&wanted, &map(&whole), &profile));
            assert_eq!(stored["activePowerKw"]["notAvailable"], Value::Null, "{stored}");
            whole = Value::Object(profile.clone());
            crate::patch::merge(&mut whole, stored);
            assert_eq!(whole["activePowerKw"].get("notAvailable"), None, "{whole}");
            assert_eq!(rows(&map(&whole)), wanted);
        }
        // One whose type stays keeps them.
        let wanted =
            [RegisterRow { scale: 0.5, ..plain(Field::ActivePowerKw, 5, NumberType::I16) }];
        let stored = Value::Object(write(&wanted, &profile, &profile));
        assert_eq!(stored["activePowerKw"]["notAvailable"], json!(["0x8000"]));
    }

    #[test]
    fn of_a_profile_only_what_differs_is_stored() {
        let profile =
            map(&json!({"activePowerKw": {"address": 5, "type": "i32", "wordOrder": "little"},
            "voltageL1": {"address": 9}}));
        let mut wanted = rows(&profile);
        assert_eq!(write(&wanted, &profile, &profile), Map::new());
        wanted[0].order = ByteOrder::Abcd;
        wanted.pop();
        let stored = Value::Object(write(&wanted, &profile, &profile));
        let power = json!({"address": 5, "function": "holding", "type": "i32", "wordOrder": "big",
            "byteOrder": "big", "scale": 1.0});
        assert_eq!(stored, json!({"activePowerKw": power, "voltageL1": null}));
        let mut whole = Value::Object(profile);
        crate::patch::merge(&mut whole, stored);
        assert_eq!(rows(&map(&whole)), wanted);
    }
}
