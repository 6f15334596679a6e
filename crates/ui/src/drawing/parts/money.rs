//! Amounts of bills: in full, to the currency's minor unit.

use domain::sites::minor_digits;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use texts::figures;

/// An amount without its currency, such as `1,234.50`.
pub fn amount(value: Decimal, currency: &str) -> String {
    let digits = minor_digits(currency);
    decimal(value, digits)
}

/// An amount with the sign of its currency in front, such as `−₹190.00`.
pub fn with_sign(value: Decimal, currency: &str) -> String {
    let text = amount(value.abs(), currency);
    let minus = if value.is_sign_negative() && !value.is_zero() { "\u{2212}" } else { "" };
    format!("{minus}{}{text}", figures::currency_sign(currency))
}

/// A price per unit: at least the digits of an amount, at most four.
pub fn rate(value: Decimal, currency: &str) -> String {
    let digits = value.normalize().scale().clamp(minor_digits(currency), 4);
    decimal(value, digits)
}

/// A number with so many places.
pub fn decimal(value: Decimal, places: u32) -> String {
    let rounded = value.round_dp(places).to_f64().unwrap_or_default();
    figures::fixed(rounded, usize::try_from(places).unwrap_or(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_in_full_and_refunds_negative() {
        assert_eq!(with_sign(Decimal::from(-190), "INR"), "\u{2212}₹190.00");
        assert_eq!(amount(Decimal::new(123_456, 2), "INR"), "1,234.56");
        assert_eq!(amount(Decimal::from(5000), "JPY"), "5,000");
        assert_eq!(rate(Decimal::new(6, 0), "INR"), "6.00");
        assert_eq!(rate(Decimal::new(61_253_999, 7), "INR"), "6.1254");
    }
}
