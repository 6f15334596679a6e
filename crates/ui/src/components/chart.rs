//! Chart geometry: numbers in, coordinates and paths out. No signals, no views.
//!
//! Every chart is drawn in per cent of its plot, so that it fits any width without asking the
//! browser; lines keep their width by `vector-effect`.

pub mod path;
pub mod scale;
#[cfg(feature = "ssr")]
pub mod slots;

/// A coordinate with two decimals, as short as it can be written.
pub fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// An attribute in per cent.
pub fn percent(value: f64) -> String {
    format!("{}%", short(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short() {
        assert_eq!(short(12.0), "12");
        assert_eq!(short(12.345), "12.35");
        assert_eq!(short(-0.001), "0");
        assert_eq!(percent(99.5), "99.5%");
    }
}
