//! Figures with their unit; a dash where nothing is known, never a zero.

use texts::figures;

/// What stands where nothing is known.
pub const UNKNOWN: &str = "\u{2013}";

/// A value with a fixed count of decimals, or a dash.
pub fn fixed(value: Option<f64>, places: usize) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), |value| figures::fixed(value, places))
}

/// A value to about three significant digits, or a dash.
pub fn about(value: Option<f64>) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), figures::about)
}

/// A change against a base, in per cent with its sign; none without a base.
pub fn change_percent(value: Option<f64>, base: Option<f64>) -> Option<String> {
    let base = base.filter(|base| base.abs() > f64::EPSILON)?;
    let change = (value? / base - 1.0) * 100.0;
    let text = figures::fixed(change, 1);
    Some(if change > 0.0 { format!("+{text} %") } else { format!("{text} %") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_needs_a_base() {
        assert_eq!(change_percent(Some(101.1), Some(100.0)).as_deref(), Some("+1.1 %"));
        assert_eq!(change_percent(Some(1.0), Some(0.0)), None);
        assert_eq!(change_percent(None, Some(1.0)), None);
    }
}
