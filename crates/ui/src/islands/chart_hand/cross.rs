//! The crosshair, and the values of all series under it.
//!
//! The page brings what is said: elements with `data-points`, texts with the places from which on each
//! holds, in hundredths of a per cent of the plot.

use leptos::prelude::*;
use web_sys::Element;

use super::percent;
use crate::islands::place::{elements, set};

/// Puts the crosshair at a place in per cent, or away.
pub(super) fn show(at: Option<f64>) {
    let x = at.map_or_else(|| "-1".to_owned(), percent);
    if let Some(line) = document().get_element_by_id("hand-cross") {
        set(&line, "x1", &x);
        set(&line, "x2", &x);
    }
    for cell in cells() {
        let text = at.and_then(|at| value(&points(&cell), at).map(str::to_owned));
        let text = text.or_else(|| cell.get_attribute("data-rest"));
        cell.set_text_content(Some(&text.unwrap_or_default()));
    }
}

/// Says what stands under the crosshair to those who do not see it.
pub(super) fn say() {
    let Some(said) = document().get_element_by_id("hand-said") else { return };
    let name = |cell: &Element| cell.parent_element()?.get_attribute("data-name");
    let parts: Vec<String> = cells()
        .iter()
        .filter_map(|cell| {
            let text = cell.text_content().filter(|text| !text.is_empty())?;
            Some(name(cell).map_or_else(|| text.clone(), |name| format!("{name}: {text}")))
        })
        .collect();
    said.set_text_content(Some(&parts.join("; ")));
}

/// The place so many columns from another, of those that have a text; from the end where there is none.
pub(super) fn beside(at: Option<f64>, by: i32) -> Option<f64> {
    let times = points(cells().first()?);
    let said = times.split(';').filter_map(parted).filter(|(_, text)| !text.is_empty());
    let places: Vec<f64> = said.map(|(place, _)| place).collect();
    let last = i32::try_from(places.len()).ok()?.checked_sub(1)?;
    let now = match at {
        Some(at) => places.iter().rposition(|place| *place <= at + 1e-6).unwrap_or_default(),
        None => places.len(),
    };
    let next = (i32::try_from(now).ok()? + by).clamp(0, last);
    places.get(usize::try_from(next).ok()?).copied()
}

/// The text that holds at a place.
fn value(points: &str, at: f64) -> Option<&str> {
    let before = points.split(';').filter_map(parted).take_while(|(from, _)| *from <= at + 1e-6);
    before.last().map(|(_, text)| text)
}

/// A place in per cent and its text.
fn parted(point: &str) -> Option<(f64, &str)> {
    let (from, text) = point.split_once(':')?;
    Some((f64::from(from.parse::<u32>().ok()?) / 100.0, text))
}

fn points(cell: &Element) -> String {
    cell.get_attribute("data-points").unwrap_or_default()
}

/// The cells that follow the crosshair; the first one says the time.
fn cells() -> Vec<Element> {
    let root = document().document_element();
    root.map(|root| elements(&root, "[data-points]")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_holds_until_the_next_and_a_gap_says_nothing() {
        let points = "0:1.5;250:2.5 (1 to 3);500:;9000:14:45";
        assert_eq!(value(points, 1.0), Some("1.5"));
        assert_eq!(value(points, 2.5), Some("2.5 (1 to 3)"));
        assert_eq!(value(points, 40.0), Some(""));
        assert_eq!(value(points, 100.0), Some("14:45"));
        assert_eq!(value("300:1", 1.0), None);
        assert_eq!(value("", 1.0), None);
    }
}
