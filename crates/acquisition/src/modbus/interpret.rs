//! What registers could mean, for whoever has no map of a device yet.

use domain::Field;
use domain::devices::{NumberType, Order};
use serde::Serialize;

use super::decode::{Words, joined, number};

/// One way to read registers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Interpretation {
    #[serde(rename = "type")]
    pub number: NumberType,
    /// Which word comes first; means nothing for a single register.
    pub word_order: Order,
    /// Which byte comes first.
    pub byte_order: Order,
    /// The value, unscaled; none where the bits are no number of this type.
    pub value: Option<f64>,
    /// Whether devices say such numbers: neither far too large nor next to nothing, as values are
    /// that are read in the wrong type or order.
    pub plausible: bool,
    /// What it looks like.
    pub hint: Option<Hint>,
}

/// A quantity whose usual range a value falls into.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hint {
    /// The quantity; of voltages, phase 1 stands for all.
    pub field: Field,
    /// The scale with which it does.
    pub scale: f64,
}

impl Serialize for Hint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut hint = serializer.serialize_struct("Hint", 2)?;
        hint.serialize_field("field", self.field.json())?;
        hint.serialize_field("scale", &self.scale)?;
        hint.end()
    }
}

/// What stands in the first of `words` in every type that they are enough for, and in every order.
pub fn interpretations(words: &[u16]) -> Vec<Interpretation> {
    const ORDERS: [Order; 2] = [Order::Big, Order::Little];
    let mut found = Vec::new();
    for kind in NumberType::ALL {
        let Some(value) = words.get(..usize::from(kind.width())) else { continue };
        let word_orders = if value.len() == 1 { &ORDERS[..1] } else { &ORDERS[..] };
        for &word_order in word_orders {
            for byte_order in ORDERS {
                let words = Words { value, ..Words::default() };
                found.push(interpret(kind, word_order, byte_order, &words));
            }
        }
    }
    found
}

/// The same for registers that are mapped to a channel: what stands out fits it once scaled. Zero fits every channel in
/// every order, so it does not.
pub fn interpretations_for(words: &[u16], field: Field, scale: f64) -> Vec<Interpretation> {
    let mut found = interpretations(words);
    for one in &mut found {
        let value = one.value.filter(|value| *value != 0.0);
        one.plausible &= value.is_some_and(|value| fits(field, value * scale));
    }
    found
}

/// Whether a channel of a meter may have this value, in its unit: a hundred megawatts are the most.
fn fits(field: Field, value: f64) -> bool {
    let size = value.abs();
    match field.unit() {
        "V" => (10.0..1e6).contains(&value),
        "Hz" => (15.0..70.0).contains(&value),
        "A" => (1e-3..1e5).contains(&size),
        "kW" | "kvar" | "kVA" => (1e-4..1e5).contains(&size),
        "kWh" | "kvarh" => (1e-3..1e9).contains(&size),
        "" => size <= 1.0,
        _ => true,
    }
}

fn interpret(
    kind: NumberType,
    word_order: Order,
    byte_order: Order,
    words: &Words<'_>,
) -> Interpretation {
    let value = number(kind, joined(word_order, byte_order, words)).ok().filter(|v| v.is_finite());
    Interpretation {
        number: kind,
        word_order,
        byte_order,
        value,
        plausible: value.is_some_and(|value| is_plausible(kind, value)),
        hint: value.and_then(|value| hint(kind, value)),
    }
}

fn is_plausible(kind: NumberType, value: f64) -> bool {
    let least = if is_float(kind) { 1e-4 } else { 1.0 };
    value == 0.0 || (least..1e9).contains(&value.abs())
}

/// Frequencies and voltages of the world's networks, with some room.
const USUAL: [(Field, f64, f64); 6] = [
    (Field::FrequencyHz, 49.0, 51.0),
    (Field::FrequencyHz, 59.0, 61.0),
    (Field::VoltageL1, 100.0, 132.0),
    (Field::VoltageL1, 200.0, 260.0),
    (Field::VoltageL12, 360.0, 440.0),
    (Field::VoltageL12, 460.0, 500.0),
];

fn hint(kind: NumberType, value: f64) -> Option<Hint> {
    let scales: &[f64] = if is_float(kind) { &[1.0] } else { &[1.0, 0.1, 0.01, 0.001] };
    scales.iter().find_map(|&scale| {
        let usual = USUAL.iter().find(|(_, low, high)| (*low..=*high).contains(&(value * scale)));
        usual.map(|&(field, ..)| Hint { field, scale })
    })
}

const fn is_float(kind: NumberType) -> bool {
    matches!(kind, NumberType::F32 | NumberType::F64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[u16], kind: NumberType, word_order: Order, byte_order: Order) -> Interpretation {
        let found = interpretations(words);
        *found
            .iter()
            .find(|i| (i.number, i.word_order, i.byte_order) == (kind, word_order, byte_order))
            .unwrap()
    }

    #[test]
    fn what_stands_out_fits_the_channel_once_scaled() {
        let marked = |words: &[u16], field, scale| {
            let found = interpretations_for(words, field, scale);
            let marked =
                found.into_iter().filter(|one| one.plausible && one.number == NumberType::F32);
            marked.map(|one| (one.word_order, one.byte_order)).collect::<Vec<_>>()
        };
        // 230.1 as a float, which is 1.8e24 or less than nothing in other orders.
        assert_eq!(marked(&[0x4366, 0x199a], Field::VoltageL1, 1.0), [(Order::Big, Order::Big)]);
        assert_eq!(marked(&[0x4366, 0x199a], Field::FrequencyHz, 1.0), []);
        assert_eq!(marked(&[0, 0], Field::VoltageL1, 1.0), []);
    }

    #[test]
    fn a_voltage_is_recognised_in_the_right_order_alone() {
        let bits = 231.5_f32.to_bits();
        let words = [(bits & 0xFFFF) as u16, (bits >> 16) as u16];
        let right = of(&words, NumberType::F32, Order::Little, Order::Big);
        assert_eq!(right.value, Some(231.5));
        assert!(right.plausible);
        assert_eq!(right.hint, Some(Hint { field: Field::VoltageL1, scale: 1.0 }));
        let wrong = of(&words, NumberType::F32, Order::Big, Order::Big);
        assert!(!wrong.plausible && wrong.hint.is_none(), "{wrong:?}");
    }

    #[test]
    fn scaled_integers_are_recognised() {
        let hint = |word| of(&[word], NumberType::U16, Order::Big, Order::Big).hint;
        assert_eq!(hint(5002), Some(Hint { field: Field::FrequencyHz, scale: 0.01 }));
        assert_eq!(hint(2304), Some(Hint { field: Field::VoltageL1, scale: 0.1 }));
        assert_eq!(hint(7), None);
    }

    #[test]
    fn each_type_and_order_is_there_that_the_registers_are_enough_for() {
        // Three types of one register in two byte orders; four of two, one of three and four of four
        // registers in four orders.
        assert_eq!(
            [0, 1, 2, 3, 4, 9].map(|n| interpretations(&vec![0; n]).len()),
            [0, 6, 6 + 16, 6 + 16 + 4, 6 + 16 + 4 + 16, 42]
        );
        assert_eq!(of(&[0x12A4], NumberType::Bcd, Order::Big, Order::Big).value, None);
    }
}
