//! From registers to a value.

use domain::Field;
use domain::devices::reason::answer::NoValue;
use domain::devices::{NumberType, Order, Point};

/// Registers that do not hold a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Nonsense {
    /// A digit above nine.
    NotDecimal(u16),
    /// Infinite.
    NotFinite(f64),
    /// A power of ten that no scale has.
    ScaleFactor(i16),
}

impl Nonsense {
    /// What it is of a field.
    pub(crate) fn of(self, field: Field) -> NoValue {
        let field = field.json();
        match self {
            Self::NotDecimal(word) => NoValue::NotDecimal { field, word: format!("{word:#06x}") },
            Self::NotFinite(value) if value > 0.0 => NoValue::Infinite { field },
            Self::NotFinite(_) => NoValue::MinusInfinite { field },
            Self::ScaleFactor(factor) => NoValue::ScaleFactor { field, factor },
        }
    }
}

/// The registers of a point.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Words<'a> {
    /// Those of the value in the order of their addresses; the low word of one with its high word
    /// apart.
    pub(crate) value: &'a [u16],
    /// The high word apart.
    pub(crate) high: Option<u16>,
    /// The power of ten.
    pub(crate) scale_factor: Option<u16>,
}

impl Words<'_> {
    /// The registers of the value alone, the high word first where it stands apart.
    pub(crate) fn in_order(&self) -> Vec<u16> {
        self.high.into_iter().chain(self.value.iter().copied()).collect()
    }
}

/// A scale factor that is not there, so that the value cannot be told (`sunssf` of `SunSpec`).
const NO_SCALE_FACTOR: u16 = 0x8000;

/// The value of `point`, or none where the device says that it has none.
pub(crate) fn decode(point: &Point, words: &Words<'_>) -> Result<Option<f64>, Nonsense> {
    let joined = joined(point.words, point.bytes, words);
    if point.not_available.contains(&joined) || words.scale_factor == Some(NO_SCALE_FACTOR) {
        return Ok(None);
    }
    let raw = number(point.number, joined)?;
    if raw.is_nan() {
        return Ok(None);
    }
    let scaled = raw * point.scale * power_of_ten(words.scale_factor)?;
    let value = scaled + point.offset;
    if !value.is_finite() {
        return Err(Nonsense::NotFinite(value));
    }
    // A zero has no sign.
    Ok(Some(if point.invert && value != 0.0 { -value } else { value }))
}

/// What the bits of a value mean.
pub(super) fn number(number: NumberType, joined: u64) -> Result<f64, Nonsense> {
    Ok(match number {
        NumberType::Bcd => decimal(joined)?,
        NumberType::F32 => f64::from(f32::from_bits(low_half(joined))),
        NumberType::F64 => f64::from_bits(joined),
        NumberType::Mod10x2 | NumberType::Mod10x3 | NumberType::Mod10x4 => {
            ten_thousands(joined, number.width())?
        }
        NumberType::U16 | NumberType::U32 | NumberType::U64 => joined as f64,
        NumberType::I16 | NumberType::I32 | NumberType::I64 => {
            signed(joined, number.width()) as f64
        }
    })
}

/// The words as one number, the first the highest.
pub(super) fn joined(order: Order, bytes: Order, words: &Words<'_>) -> u64 {
    let turn = |word: u16| match bytes {
        Order::Big => word,
        Order::Little => word.swap_bytes(),
    };
    let join = |number: u64, word: &u16| number << 16 | u64::from(turn(*word));
    match (words.high, order) {
        (Some(high), _) => std::iter::once(&high).chain(words.value).fold(0, join),
        (None, Order::Big) => words.value.iter().fold(0, join),
        (None, Order::Little) => words.value.iter().rev().fold(0, join),
    }
}

fn power_of_ten(factor: Option<u16>) -> Result<f64, Nonsense> {
    let factor = factor.map_or(0, u16::cast_signed);
    if (-10..=10).contains(&factor) {
        Ok(10_f64.powi(i32::from(factor)))
    } else {
        Err(Nonsense::ScaleFactor(factor))
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

/// The number whose words each have four digits.
fn ten_thousands(joined: u64, width: u16) -> Result<f64, Nonsense> {
    (0..width).rev().try_fold(0.0, |sum, place| {
        let word = joined >> (16 * place) & 0xFFFF;
        if word > 9_999 {
            return Err(Nonsense::NotDecimal(u16::try_from(word).unwrap_or(u16::MAX)));
        }
        Ok(sum * 10_000.0 + word as f64)
    })
}

#[cfg(test)]
mod tests {
    use domain::Field;
    use proptest::prelude::*;

    use super::*;

    fn point(number: NumberType, words: Order, bytes: Order) -> Point {
        Point { number, words, bytes, ..Point::plain(Field::ActivePowerKw, 0) }
    }

    fn plain(value: &[u16]) -> Words<'_> {
        Words { value, ..Words::default() }
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
            prop_assert_eq!(decode(&point, &plain(&words)), Ok(Some(value)));
        }

        #[test]
        fn any_registers_give_a_finite_value_or_are_refused(
            words in proptest::collection::vec(any::<u16>(), 4),
            (number, ..) in coded(), word_order in order(), byte_order in order(),
            scale in -1e3..1e3, scale_factor in proptest::option::of(any::<u16>()),
        ) {
            let point = Point { scale, ..point(number, word_order, byte_order) };
            let value = &words[..usize::from(number.width())];
            if let Ok(Some(value)) = decode(&point, &Words { value, high: None, scale_factor }) {
                prop_assert!(value.is_finite());
            }
        }

        #[test]
        fn a_sentinel_is_no_value_in_every_type_and_order(
            (number, bytes, _) in coded(), word_order in order(), byte_order in order(),
        ) {
            let pattern = bytes.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte));
            let known = point(number, word_order, byte_order);
            let words = encode(&bytes, &known);
            let point = Point { not_available: vec![pattern], ..known };
            prop_assert_eq!(decode(&point, &plain(&words)), Ok(None));
        }

        #[test]
        fn scale_factors_are_powers_of_ten(raw in any::<i16>(), factor in -10_i16..=10) {
            let point = point(NumberType::I16, Order::Big, Order::Big);
            let words = Words {
                value: &[raw.cast_unsigned()],
                high: None,
                scale_factor: Some(factor.cast_unsigned()),
            };
            let expected = f64::from(raw) * format!("1e{factor}").parse::<f64>().unwrap();
            let value = decode(&point, &words).unwrap().unwrap();
            prop_assert!((value - expected).abs() <= 1e-12 * expected.abs(), "{value} {expected}");
        }
    }

    #[test]
    fn low_and_high_words_apart_make_one_value() {
        let point = Point { scale: 0.001, ..point(NumberType::U32, Order::Big, Order::Big) };
        let words = Words { value: &[0x86A0], high: Some(1), scale_factor: None };
        assert_eq!(decode(&point, &words), Ok(Some(100.0)));
    }

    #[test]
    fn scale_offset_and_sign_are_applied_in_this_order() {
        let point = Point {
            scale: 0.5,
            offset: 1.0,
            invert: true,
            ..point(NumberType::U16, Order::Big, Order::Big)
        };
        assert_eq!(decode(&point, &plain(&[10])), Ok(Some(-6.0)));
    }

    #[test]
    fn what_is_not_a_number_is_no_value() {
        let float = point(NumberType::F32, Order::Big, Order::Big);
        let nan = encode(&f32::NAN.to_be_bytes(), &float);
        assert_eq!(decode(&float, &plain(&nan)), Ok(None));
        let whole = point(NumberType::I16, Order::Big, Order::Big);
        let words = Words { scale_factor: Some(0x8000), ..plain(&[7]) };
        assert_eq!(decode(&whole, &words), Ok(None));
    }

    #[test]
    fn nonsense_is_refused() {
        let infinite = f64::INFINITY.to_be_bytes();
        let double = point(NumberType::F64, Order::Little, Order::Big);
        let words = encode(&infinite, &double);
        assert!(matches!(decode(&double, &plain(&words)), Err(Nonsense::NotFinite(_))));
        let digits = point(NumberType::Bcd, Order::Big, Order::Big);
        assert_eq!(decode(&digits, &plain(&[0x12A4])), Err(Nonsense::NotDecimal(0x12A4)));
        let words = Words { scale_factor: Some(11), ..plain(&[7]) };
        assert_eq!(decode(&digits, &words), Err(Nonsense::ScaleFactor(11)));
    }
}
