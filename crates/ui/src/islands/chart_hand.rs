//! The hand on a chart that the server draws: the crosshair; on that of a history a stretch drawn with the pointer, keys
//! that zoom, and the chart as a PNG.

mod cross;
mod file;
mod zoom;

use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use web_sys::{CustomEvent, Element, Event};

use super::place::{closest, find};
use super::{REFRESHED, visit};
use crate::components::island::on_window;
use texts::console::log_refusal;

/// The page whose chart is zoomed.
const PATH: &str = "/history";
const PLOT: &str = "hand-plot";
/// A stretch of less than this part of the plot is a click, in per cent.
const CLICK: f64 = 1.0;

pub(super) fn follow() {
    let hand = StoredValue::new(Hand::default());
    let go = |stretch: Option<(f64, f64)>| {
        if let Some(address) = stretch.and_then(|(from, to)| zoom::address(from, to)) {
            visit(&address);
        }
    };
    if let Some(root) = document().document_element() {
        log_refusal(root.class_list().add_1("is-alive"), "the keys of the chart stay unsaid");
    }
    on_window("pointerdown", move |event| begin(event, hand));
    on_window("pointermove", move |event| track(event, hand));
    on_window("pointerup", move |event| go(end(event, hand)));
    on_window("pointercancel", move |_: &PointerEvent| hand.update_value(Hand::let_go));
    on_window("keydown", move |event| go(press(event, hand)));
    on_window("click", on_click);
    // The server draws it without the crosshair.
    on_window(REFRESHED, move |_: &CustomEvent| hand.with_value(|hand| cross::show(hand.cross)));
}

/// The places of the crosshair and of the begin of a stretch, in per cent of the plot.
#[derive(Default)]
struct Hand {
    cross: Option<f64>,
    begun: Option<f64>,
}

impl Hand {
    fn let_go(&mut self) {
        self.begun = None;
        zoom::mark(0.0, 0.0);
    }

    fn cross_at(&mut self, at: Option<f64>) {
        self.cross = at;
        cross::show(at);
    }
}

/// A length in per cent. The browser writes it: how to write a float would be a tenth of the islands.
fn percent(of: f64) -> String {
    js_sys::Number::from(of).to_string_with_radix(10).map(String::from).unwrap_or_default() + "%"
}

/// The place of a pointer over the plot, in per cent; beside it, at its edge.
#[expect(clippy::manual_clamp, reason = "clamp would write a float where it panics")]
fn place(event: &PointerEvent) -> Option<f64> {
    let frame = find::<Element>("#hand-plot .plot-area")?.get_bounding_client_rect();
    let x = (f64::from(event.client_x()) - frame.left()) / frame.width() * 100.0;
    x.is_finite().then(|| x.max(0.0).min(100.0))
}

/// The chart, where something happened within it.
fn plot(event: &Event) -> Option<Element> {
    closest(event, &format!("#{PLOT}"))
}

fn begin(event: &PointerEvent, hand: StoredValue<Hand>) {
    let Some(plot) = plot(event).filter(|_| event.button() == 0) else { return };
    let begun = place(event);
    hand.update_value(|hand| hand.begun = begun);
    // What is drawn beyond the edge belongs to it, too.
    let captured = plot.set_pointer_capture(event.pointer_id());
    log_refusal(captured, "the pointer is followed over the chart alone");
}

fn track(event: &PointerEvent, hand: StoredValue<Hand>) {
    let at = place(event);
    hand.update_value(|hand| {
        if let Some((begun, at)) = hand.begun.zip(at) {
            event.prevent_default();
            zoom::mark(begun, at);
            hand.cross_at(Some(at));
            return;
        }
        let over = at.filter(|_| plot(event).is_some());
        if over.is_some() || hand.cross.is_some() {
            hand.cross_at(over);
        }
    });
}

/// The stretch that was drawn.
fn end(event: &PointerEvent, hand: StoredValue<Hand>) -> Option<(f64, f64)> {
    let at = place(event);
    let begun = hand.with_value(|hand| hand.begun);
    hand.update_value(Hand::let_go);
    let (begun, at) = begun.zip(at)?;
    ((begun - at).abs() > CLICK).then_some((begun.min(at), begun.max(at)))
}

/// The stretch that a key asks for. None where it moves the crosshair, or is not for the chart.
fn press(event: &KeyboardEvent, hand: StoredValue<Hand>) -> Option<(f64, f64)> {
    let plot = plot(event)?;
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let cross = hand.with_value(|hand| hand.cross);
    let middle = cross.unwrap_or(50.0);
    let far = if event.shift_key() { 10 } else { 1 };
    let put_cross = |at: Option<f64>| {
        event.prevent_default();
        hand.update_value(|hand| hand.cross_at(at));
        cross::say();
        None
    };
    let stretch = match event.key().as_str() {
        "ArrowLeft" => return put_cross(cross::beside(cross, -far)),
        "ArrowRight" => return put_cross(cross::beside(cross, far)),
        "Home" => return put_cross(Some(0.0)),
        "End" => return put_cross(Some(100.0)),
        "Escape" => return put_cross(None),
        "+" | "=" => (middle - 25.0, middle + 25.0),
        "-" | "_" => (middle - 100.0, middle + 100.0),
        "PageUp" => (-50.0, 50.0),
        "PageDown" => (50.0, 150.0),
        "0" => (f64::NEG_INFINITY, f64::INFINITY),
        _ => return None,
    };
    if !plot.has_attribute("data-from") {
        return None;
    }
    event.prevent_default();
    Some(stretch)
}

fn on_click(event: &MouseEvent) {
    let file = closest(event, "[data-picture]").and_then(|button| {
        Some((button.get_attribute("data-picture")?, button.get_attribute("data-file")?))
    });
    if let Some((picture, name)) = file {
        file::save_png(&picture, name);
    }
}
