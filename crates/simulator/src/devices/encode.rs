//! From values to registers: the inverse of what a driver does.

use domain::Values;
use domain::devices::{Function, NumberType, Order, Point};
use tokio_modbus::ExceptionCode;

use super::map::RegisterMap;

impl RegisterMap {
    /// The registers of one table from `first` on.
    ///
    /// # Errors
    /// Exception 2 where the meter has nothing at one of the addresses.
    pub(super) fn read(
        &self,
        values: &Values,
        function: Function,
        first: u16,
        count: u16,
    ) -> Result<Vec<u16>, ExceptionCode> {
        let end = u32::from(first) + u32::from(count);
        let addresses: Vec<u32> = (u32::from(first)..end).collect();
        let mut found: Vec<Option<u16>> = vec![None; addresses.len()];
        let (mut lowest, mut highest) = (u32::MAX, 0);
        for point in self.points.iter().filter(|point| point.function == function) {
            let words = point.encode(values.get(point.field).unwrap_or_default());
            for (address, word) in point.addresses().into_iter().zip(words) {
                lowest = lowest.min(address);
                highest = highest.max(address);
                if let Some(i) = addresses.iter().position(|asked| *asked == address) {
                    found[i] = Some(word);
                }
            }
        }
        let inside = |address: u32| (lowest..=highest).contains(&address) && self.gaps_answer;
        addresses
            .into_iter()
            .zip(found)
            .map(|(address, word)| word.or_else(|| inside(address).then_some(0)))
            .collect::<Option<_>>()
            .ok_or(ExceptionCode::IllegalDataAddress)
    }
}

trait Encode {
    /// The registers of a value, in the order of its addresses.
    fn encode(&self, value: f64) -> Vec<u16>;
    /// Where its registers stand.
    fn addresses(&self) -> Vec<u32>;
}

impl Encode for Point {
    fn encode(&self, value: f64) -> Vec<u16> {
        let raw = (value - self.offset) / self.scale;
        let bytes: Vec<u8> = match self.number {
            NumberType::F64 => raw.to_be_bytes().to_vec(),
            NumberType::F32 => single(raw).to_be_bytes().to_vec(),
            NumberType::Mod10x2 | NumberType::Mod10x3 | NumberType::Mod10x4 => {
                let word = |place: u32| whole(raw) / 10_000_i64.pow(place) % 10_000;
                let words = (0..u32::from(self.number.width())).rev().map(word);
                words.flat_map(|word| word.to_be_bytes()[6..].to_vec()).collect()
            }
            NumberType::Bcd => vec![two_digits(whole(raw) / 100), two_digits(whole(raw))],
            integer => {
                let unused = 8 - 2 * usize::from(integer.width());
                whole(raw).to_be_bytes()[unused..].to_vec()
            }
        };
        let mut words: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| match self.bytes {
                Order::Big => u16::from_be_bytes([pair[0], pair[1]]),
                Order::Little => u16::from_le_bytes([pair[0], pair[1]]),
            })
            .collect();
        // Of a value in two places the low word stands at its first address.
        if self.words == Order::Little || self.high.is_some() {
            words.reverse();
        }
        words
    }

    fn addresses(&self) -> Vec<u32> {
        let address = u32::from(self.address);
        match self.high {
            Some(high) => vec![address, u32::from(high)],
            None => (address..).take(usize::from(self.number.width())).collect(),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the maps leave room for every value")]
fn whole(raw: f64) -> i64 {
    raw.round() as i64
}

#[expect(clippy::cast_possible_truncation, reason = "a meter with f32 registers rounds to them")]
fn single(raw: f64) -> f32 {
    raw as f32
}

/// The last two decimal digits, one in each half of a byte.
fn two_digits(number: i64) -> u8 {
    let digit = |number: i64| u8::try_from(number.rem_euclid(10)).unwrap_or_default();
    digit(number / 10) << 4 | digit(number)
}
