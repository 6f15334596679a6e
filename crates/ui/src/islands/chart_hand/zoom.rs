//! A part of the period, as it stands in the address: its two instants.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{PATH, PLOT, percent};
use crate::islands::place::set;

/// The shortest stretch in seconds.
const SHORTEST: f64 = 60.0;

/// Shows the stretch that is being drawn, in per cent of the plot.
pub(super) fn mark(from: f64, to: f64) {
    if let Some(stretch) = document().get_element_by_id("history-zoom") {
        set(&stretch, "x", &percent(from.min(to)));
        set(&stretch, "width", &percent((to - from).abs()));
    }
}

/// The address of a stretch in per cent of the plot; none where there is no chart.
pub(super) fn address(from: f64, to: f64) -> Option<String> {
    let plot = document().get_element_by_id(PLOT)?;
    let second = |name: &str| {
        let second = js_sys::Number::parse_float(&plot.get_attribute(name)?);
        second.is_finite().then_some(second)
    };
    let drawn = (second("data-from")?, second("data-to")?);
    let whole = (second("data-first")?, second("data-last")?);
    let search = location().search().unwrap_or_default();
    let search = search.strip_prefix('?').unwrap_or(&search);
    let rest = search.split('&').filter(|part| !part.is_empty() && !part.starts_with("zoom="));
    let zoom = stretch(drawn, whole, (from, to));
    let zoom = zoom.map(|(from, to)| format!("zoom={}_{}", instant(from), instant(to)));
    let parts: Vec<String> = rest.map(str::to_owned).chain(zoom).collect();
    Some(format!("{PATH}?{}", parts.join("&")))
}

/// The stretch in seconds, within the whole; none where it is the whole.
fn stretch(
    (from, to): (f64, f64),
    (first, last): (f64, f64),
    percent: (f64, f64),
) -> Option<(f64, f64)> {
    let at = |percent: f64| (from + (to - from) * percent / 100.0).round().max(first).min(last);
    let (mut from, mut to) = (at(percent.0), at(percent.1));
    if to - from < SHORTEST {
        from = (f64::midpoint(from, to) - SHORTEST / 2.0).min(last - SHORTEST).max(first);
        to = (from + SHORTEST).min(last);
    }
    (from > first || to < last).then_some((from, to))
}

/// `2026-11-19T06:00:00Z`.
fn instant(second: f64) -> String {
    let text = String::from(js_sys::Date::new(&JsValue::from_f64(second * 1000.0)).to_iso_string());
    text.get(..19).map_or_else(|| text.clone(), |text| format!("{text}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: (f64, f64) = (0.0, 86_400.0);

    #[test]
    fn a_part_of_a_part_is_found_in_the_whole() {
        assert_eq!(stretch(DAY, DAY, (25.0, 50.0)), Some((21_600.0, 43_200.0)));
        assert_eq!(stretch((21_600.0, 43_200.0), DAY, (-50.0, 50.0)), Some((10_800.0, 32_400.0)));
    }

    #[test]
    fn the_whole_period_has_no_zoom_and_no_stretch_leaves_it() {
        assert_eq!(stretch(DAY, DAY, (-50.0, 150.0)), None);
        assert_eq!(stretch(DAY, DAY, (75.0, 150.0)), Some((64_800.0, 86_400.0)));
        assert_eq!(stretch(DAY, DAY, (f64::NEG_INFINITY, f64::INFINITY)), None);
    }

    #[test]
    fn a_stretch_is_a_minute_at_least() {
        assert_eq!(stretch(DAY, DAY, (50.0, 50.0)), Some((43_170.0, 43_230.0)));
        assert_eq!(stretch(DAY, DAY, (100.0, 100.0)), Some((86_340.0, 86_400.0)));
    }
}
