//! Figures as people read them: about three significant digits, a true minus, thin grouping.

use rust_decimal::Decimal;

/// An amount as it is written: nothing has no sign, however it was computed.
pub fn unsigned_zero(amount: Decimal) -> Decimal {
    if amount.is_zero() { amount.abs() } else { amount }
}

/// Places after the decimal point that leave about three significant digits.
pub fn places(value: f64) -> usize {
    match value.abs() {
        size if size >= 99.95 => 0,
        size if size >= 0.995 => 1,
        _ => 2,
    }
}

/// Decimal places of energy that was counted in steps of so many kWh, four at most; one where the step is not known.
pub fn places_of_step(step_kwh: Option<f64>) -> usize {
    let Some(step) = step_kwh.filter(|step| *step > 0.0) else { return 1 };
    let is_whole = |places: &i32| {
        let scaled = step * 10_f64.powi(*places);
        (scaled - scaled.round()).abs() < 1e-6 && scaled.round() > 0.0
    };
    (0..4).find(is_whole).map_or(4, |places| usize::try_from(places).unwrap_or_default())
}

/// A number with a fixed count of decimal places, thousands grouped by commas, minus U+2212.
pub fn fixed(value: f64, places: usize) -> String {
    let text = format!("{:.places$}", value.abs());
    let (whole, fraction) =
        text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let rounds_to_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let mut out = String::with_capacity(text.len() + 6);
    if value < 0.0 && !rounds_to_zero {
        out.push('\u{2212}');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A number as people write it, with a decimal comma or a point. Nothing is guessed: none is one with both, or such as
/// `12,345`, which may be twelve thousand.
pub fn written(text: &str) -> Option<f64> {
    let Some((whole, part)) = text.split_once(',') else { return text.parse().ok() };
    let unsigned = whole.trim_start_matches(['-', '+']);
    let may_be_thousands = part.len() == 3 && unsigned.len() <= 3 && !unsigned.starts_with('0');
    let is_clear = !text.contains('.') && !may_be_thousands;
    is_clear.then(|| format!("{whole}.{part}").parse().ok())?
}

/// To three decimal places: what a live message carries, a watt or a watt-hour.
pub fn thousandths(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// A number alone, to about three significant digits.
pub fn about(value: f64) -> String {
    fixed(value, places(value))
}

/// The sign in front of a currency's amounts: its symbol where it has a common one, else its code.
pub fn currency_sign(code: &str) -> &str {
    match code {
        "INR" => "₹",
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_carry_about_three_digits() {
        assert_eq!(about(21.44), "21.4");
        assert_eq!(about(6152.4), "6,152");
        assert_eq!(about(-2.13), "\u{2212}2.1");
        assert_eq!(about(0.348), "0.35");
        assert_eq!(about(1_234_567.0), "1,234,567");
    }

    #[test]
    fn energy_has_the_places_of_its_register() {
        let steps = [Some(10.0), Some(1.0), Some(0.25), Some(0.1), Some(0.001), Some(1e-5), None];
        assert_eq!(steps.map(places_of_step), [0, 0, 2, 1, 3, 4, 1]);
    }

    #[test]
    fn nothing_is_never_negative() {
        assert_eq!(fixed(-0.001, 1), "0.0");
        let mut less_than_a_cent = Decimal::new(0, 2);
        less_than_a_cent.set_sign_negative(true);
        assert_eq!(unsigned_zero(less_than_a_cent).to_string(), "0.00");
        assert_eq!(unsigned_zero(Decimal::new(-4, 2)).to_string(), "-0.04");
    }
}
