//! The history of meters. The server draws all of it, with links that zoom; here is what needs a hand
//! on it: the crosshair, a stretch drawn with the pointer, keys, and the chart as a PNG.

mod cross;
mod file;
mod zoom;

use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use leptos_router::{LazyRoute, NavigateOptions, lazy_route};
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use texts::words::frame as words;
use ui::components::reactive::word;
use ui::components::sheet;

/// Where the page is.
const PATH: &str = "/history";
/// The chart within the sheet.
const PLOT: &str = "history-plot";
/// A stretch of less than this part of the plot is a click, in per cent.
const CLICK: f64 = 1.0;

/// The page, whose code the browser fetches when it is first opened.
pub(crate) struct HistoryPage;

#[lazy_route]
impl LazyRoute for HistoryPage {
    fn data() -> Self {
        Self
    }

    fn view(this: Self) -> AnyView {
        let HistoryPage = this;
        let is_here: fn(&str) -> bool = |path| path == PATH;
        let navigate = use_navigate();
        let go = StoredValue::new(move |address: String| {
            navigate(&address, NavigateOptions { scroll: false, ..Default::default() });
        });
        let go = move |(from, to)| {
            if let Some(address) = zoom::address(from, to) {
                go.with_value(|go| go(address));
            }
        };
        let hand = StoredValue::new(Hand::default());
        let is_alive = RwSignal::new(false);
        Effect::new(move |_| is_alive.set(true));
        let class = word(move || if is_alive.get() { "is-alive" } else { "" });
        view! {
            <div
                class=class
                on:pointerdown=move |event| begin(&event, hand)
                on:pointermove=move |event| follow(&event, hand)
                on:pointerup=move |event| {
                    if let Some(stretch) = end(&event, hand) {
                        go(stretch);
                    }
                }
                on:pointercancel=move |_| hand.update_value(Hand::let_go)
                on:keydown=move |event| {
                    if let Some(stretch) = on_key(&event, hand) {
                        go(stretch);
                    }
                }
                on:click=|event| on_click(&event)
            >
                {sheet::shown(words::THIS_PAGE.get(), words::NOT_FOUND.get(), sheet::fetch(is_here))}
            </div>
        }
        .into_any()
    }
}

/// Where the crosshair stands and a stretch begins, in per cent of the plot.
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

/// Where a pointer is over the plot, in per cent; beside it, at its edge.
fn place(event: &PointerEvent) -> Option<f64> {
    let area = document().query_selector("#history-plot .plot-area").ok()??;
    let frame = area.get_bounding_client_rect();
    let x = (f64::from(event.client_x()) - frame.left()) / frame.width() * 100.0;
    x.is_finite().then(|| x.clamp(0.0, 100.0))
}

/// Whether something happened within the element of this id.
fn is_within(event: &web_sys::Event, id: &str) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(&format!("#{id}")).ok()?
}

fn begin(event: &PointerEvent, hand: StoredValue<Hand>) {
    if event.button() != 0 || is_within(event, PLOT).is_none() {
        return;
    }
    let begun = place(event);
    hand.update_value(|hand| hand.begun = begun);
    // What is drawn beyond the edge belongs to it, too.
    let page = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
    if page.is_some_and(|page| page.set_pointer_capture(event.pointer_id()).is_err()) {
        leptos::logging::warn!("the pointer is followed over the page alone");
    }
}

fn follow(event: &PointerEvent, hand: StoredValue<Hand>) {
    let at = place(event);
    hand.update_value(|hand| {
        if let Some((begun, at)) = hand.begun.zip(at) {
            event.prevent_default();
            zoom::mark(begun, at);
            hand.cross_at(Some(at));
            return;
        }
        let over = at.filter(|_| is_within(event, PLOT).is_some());
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

/// What a key asks to be shown. None where it moves the crosshair, or is not for the chart.
fn on_key(event: &KeyboardEvent, hand: StoredValue<Hand>) -> Option<(f64, f64)> {
    is_within(event, PLOT)?;
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let cross = hand.with_value(|hand| hand.cross);
    let middle = cross.unwrap_or(50.0);
    let far = if event.shift_key() { 10 } else { 1 };
    let mut moved = None;
    let stretch = match event.key().as_str() {
        "ArrowLeft" => return step(event, hand, -far),
        "ArrowRight" => return step(event, hand, far),
        "Home" => {
            moved = Some(Some(0.0));
            None
        }
        "End" => {
            moved = Some(Some(100.0));
            None
        }
        "Escape" => {
            moved = Some(None);
            None
        }
        "+" | "=" => Some((middle - 25.0, middle + 25.0)),
        "-" | "_" => Some((middle - 100.0, middle + 100.0)),
        "PageUp" => Some((-50.0, 50.0)),
        "PageDown" => Some((50.0, 150.0)),
        "0" => Some((f64::NEG_INFINITY, f64::INFINITY)),
        _ => return None,
    };
    event.prevent_default();
    event.stop_propagation();
    if let Some(at) = moved {
        hand.update_value(|hand| hand.cross_at(at));
        cross::say();
    }
    stretch
}

/// Moves the crosshair by columns of the chart.
fn step(event: &KeyboardEvent, hand: StoredValue<Hand>, by: i32) -> Option<(f64, f64)> {
    event.prevent_default();
    event.stop_propagation();
    hand.update_value(|hand| {
        let at = cross::beside(hand.cross, by);
        hand.cross_at(at);
    });
    cross::say();
    None
}

fn on_click(event: &MouseEvent) {
    let button = is_within(event, "history-png");
    if let Some(picture) = button.and_then(|button| button.get_attribute("data-picture")) {
        file::save_png(&picture);
    }
}
