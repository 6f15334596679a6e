//! From registers to a value.

use domain::device::{NumberType, Order, Point};
use thiserror::Error;

/// Registers that do not hold a value.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub(super) enum Nonsense {
    /// A digit above nine.
    #[error("is {0:#06x}, which is not a decimal number")]
    NotDecimal(u16),
    /// Not a number, or infinite.
    #[error("is {0}")]
    NotFinite(f64),
}

/// The value of `point` from its registers in the order of their addresses; of a value with its
/// high word apart, `words` is the low one.
pub(super) fn decode(point: &Point, words: &[u16], high: Option<u16>) -> Result<f64, Nonsense> {
    let raw = match point.number {
        NumberType::Bcd => decimal(joined(point, words, high))?,
        NumberType::F32 => f64::from(f32::from_bits(low_half(joined(point, words, high)))),
        NumberType::F64 => f64::from_bits(joined(point, words, high)),
        NumberType::U16 | NumberType::U32 | NumberType::U64 => joined(point, words, high) as f64,
        NumberType::I16 | NumberType::I32 | NumberType::I64 => {
            signed(joined(point, words, high), point.number.width()) as f64
        }
    };
    let value = raw * point.scale + point.offset;
    if !value.is_finite() {
        return Err(Nonsense::NotFinite(value));
    }
    // A zero has no sign.
    Ok(if point.invert && value != 0.0 { -value } else { value })
}

/// The words as one number, the first the highest.
fn joined(point: &Point, words: &[u16], high: Option<u16>) -> u64 {
    let turn = |word: u16| match point.bytes {
        Order::Big => word,
        Order::Little => word.swap_bytes(),
    };
    let join = |number: u64, word: &u16| number << 16 | u64::from(turn(*word));
    match (high, point.words) {
        (Some(high), _) => std::iter::once(&high).chain(words).fold(0, join),
        (None, Order::Big) => words.iter().fold(0, join),
        (None, Order::Little) => words.iter().rev().fold(0, join),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "two registers hold 32 bits")]
const fn low_half(number: u64) -> u32 {
    number as u32
}

/// Two's complement of `width` registers.
const fn signed(number: u64, width: u16) -> i64 {
    let unused = 64 - 16 * width as u32;
    (number << unused).cast_signed() >> unused
}

fn decimal(number: u64) -> Result<f64, Nonsense> {
    let digits = [12, 8, 4, 0].map(|shift| number >> shift & 0xF);
    if digits.iter().any(|&digit| digit > 9) {
        return Err(Nonsense::NotDecimal(u16::try_from(number).unwrap_or(u16::MAX)));
    }
    Ok(digits.iter().fold(0.0, |value, &digit| value * 10.0 + digit as f64))
}

#[cfg(test)]
mod tests {
    use domain::Field;
    use domain::device::Function;
    use proptest::prelude::*;

    use super::*;

    fn point(number: NumberType, words: Order, bytes: Order) -> Point {
        Point {
            field: Field::ActivePowerKw,
            address: 0,
            high: None,
            function: Function::Holding,
            number,
            words,
            bytes,
            scale: 1.0,
            offset: 0.0,
            invert: false,
        }
    }

    /// What a device does: the bytes of a value, high first, cut into registers and put in order.
    fn encode(bytes: &[u8], point: &Point) -> Vec<u16> {
        let mut words: Vec<_> = bytes
            .chunks(2)
            .map(|pair| match point.bytes {
                Order::Big => u16::from_be_bytes([pair[0], pair[1]]),
                Order::Little => u16::from_le_bytes([pair[0], pair[1]]),
            })
            .collect();
        if point.words == Order::Little {
            words.reverse();
        }
        words
    }

    fn order() -> impl Strategy<Value = Order> {
        prop_oneof![Just(Order::Big), Just(Order::Little)]
    }

    fn coded() -> impl Strategy<Value = (NumberType, Vec<u8>, f64)> {
        let finite = any::<f64>().prop_filter("finite", |v| v.is_finite());
        let finite32 = any::<f32>().prop_filter("finite", |v| v.is_finite());
        prop_oneof![
            any::<u16>().prop_map(|v| (NumberType::U16, v.to_be_bytes().to_vec(), f64::from(v))),
            any::<i16>().prop_map(|v| (NumberType::I16, v.to_be_bytes().to_vec(), f64::from(v))),
            any::<u32>().prop_map(|v| (NumberType::U32, v.to_be_bytes().to_vec(), f64::from(v))),
            any::<i32>().prop_map(|v| (NumberType::I32, v.to_be_bytes().to_vec(), f64::from(v))),
            any::<u64>().prop_map(|v| (NumberType::U64, v.to_be_bytes().to_vec(), v as f64)),
            any::<i64>().prop_map(|v| (NumberType::I64, v.to_be_bytes().to_vec(), v as f64)),
            finite32.prop_map(|v| (NumberType::F32, v.to_be_bytes().to_vec(), f64::from(v))),
            finite.prop_map(|v| (NumberType::F64, v.to_be_bytes().to_vec(), v)),
            (0_u16..10_000).prop_map(|v| {
                let digits = u16::from_str_radix(&v.to_string(), 16).unwrap();
                (NumberType::Bcd, digits.to_be_bytes().to_vec(), f64::from(v))
            }),
        ]
    }

    proptest! {
        #[test]
        fn what_a_device_codes_is_read_back(
            (number, bytes, value) in coded(), word_order in order(), byte_order in order(),
        ) {
            let point = point(number, word_order, byte_order);
            let words = encode(&bytes, &point);
            prop_assert_eq!(words.len(), usize::from(number.width()));
            prop_assert_eq!(decode(&point, &words, None), Ok(value));
        }

        #[test]
        fn any_registers_give_a_finite_value_or_are_refused(
            words in proptest::collection::vec(any::<u16>(), 4),
            (number, ..) in coded(), word_order in order(), byte_order in order(),
            scale in -1e3..1e3,
        ) {
            let point = Point { scale, ..point(number, word_order, byte_order) };
            if let Ok(value) = decode(&point, &words[..usize::from(number.width())], None) {
                prop_assert!(value.is_finite());
            }
        }
    }

    #[test]
    fn low_and_high_words_apart_make_one_value() {
        let point = Point { scale: 0.001, ..point(NumberType::U32, Order::Big, Order::Big) };
        assert_eq!(decode(&point, &[0x86A0], Some(1)), Ok(100.0));
    }

    #[test]
    fn scale_offset_and_sign_are_applied_in_this_order() {
        let point = Point {
            scale: 0.5,
            offset: 1.0,
            invert: true,
            ..point(NumberType::U16, Order::Big, Order::Big)
        };
        assert_eq!(decode(&point, &[10], None), Ok(-6.0));
    }

    #[test]
    fn nonsense_is_refused() {
        let nan = f32::NAN.to_be_bytes();
        let float = point(NumberType::F32, Order::Big, Order::Big);
        assert!(matches!(decode(&float, &encode(&nan, &float), None), Err(Nonsense::NotFinite(_))));
        let infinite = f64::INFINITY.to_be_bytes();
        let double = point(NumberType::F64, Order::Little, Order::Big);
        assert!(decode(&double, &encode(&infinite, &double), None).is_err());
        let digits = point(NumberType::Bcd, Order::Big, Order::Big);
        assert_eq!(decode(&digits, &[0x12A4], None), Err(Nonsense::NotDecimal(0x12A4)));
    }
}
