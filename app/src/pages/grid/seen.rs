//! What part of the map is seen, at the end of the address: reload and share show the same.

use domain::grid::feasibility::Place;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// The middle of the map, and how near it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seen {
    pub(super) middle: Place,
    pub(super) zoom: f64,
}

impl Seen {
    /// What the address says; none where it says nothing, or what is on no map.
    pub(super) fn of_address() -> Option<Self> {
        let hash = location().hash().ok()?;
        let mut numbers = hash.strip_prefix("#map=")?.split('/').map(str::parse::<f64>);
        let mut next = |least: f64, most: f64| {
            numbers.next()?.ok().filter(|number| (least..=most).contains(number))
        };
        let zoom = next(9.0, 18.0)?;
        let middle = Place { latitude: next(-85.0, 85.0)?, longitude: next(-180.0, 180.0)? };
        Some(Self { middle, zoom })
    }

    /// Writes it into the address, without a step to go back.
    pub(super) fn keep(self) {
        let Ok(history) = window().history() else { return };
        let state = history.state().unwrap_or(JsValue::NULL);
        let Self { middle: Place { latitude, longitude }, zoom } = self;
        let hash = format!("#map={zoom}/{latitude:.5}/{longitude:.5}");
        if history.replace_state_with_url(&state, "", Some(&hash)).is_err() {
            leptos::logging::warn!("the address does not say what is seen");
        }
    }
}
