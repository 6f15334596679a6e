//! What stands on the map. All of it is made of elements and texts, never of HTML.

use domain::grid::feasibility::Place;
use domain::grid::view::map::{CheckedPlace, Connected, GridMap, Mark, Ranked, Spare};
use js_sys::Array;
use leaflet::{
    Circle, CircleOptions, DivIconOptions, Icon, LayerGroup, Map, Marker, MarkerOptions,
    Point as Pixels, Polyline, PolylineOptions,
};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::leaflet::{lat_lng, object, text};
use super::{spare_class, spare_cross, spare_radius};
use texts::words::map as words;

const SVG: &str = "http://www.w3.org/2000/svg";
/// A circle around the request tells distances.
const NEAR_M: f64 = 500.0;
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_195.0;
/// A click on a cluster goes so much nearer.
const NEARER: f64 = 2.0;

#[wasm_bindgen]
extern "C" {
    /// Layers with a popup made of an element.
    type WithPopup;

    #[wasm_bindgen(method, js_name = bindPopup)]
    fn bind_popup(this: &WithPopup, content: &JsValue, options: &JsValue);

    #[wasm_bindgen(method, js_name = on)]
    fn on(this: &WithPopup, kind: &str, handler: &JsValue);

    /// The crate's own makes an `L.Icon`, which wants a picture.
    #[wasm_bindgen(js_namespace = L, js_name = divIcon)]
    fn div_icon(options: &DivIconOptions) -> Icon;
}

/// Transformers, clusters of them, and what is connected to them.
pub(super) fn transformers(
    map: &Map,
    group: &LayerGroup,
    drawn: &GridMap,
    choose: impl Fn(Place) + Copy + 'static,
) {
    for connection in &drawn.connections {
        connected(group, connection);
    }
    for mark in &drawn.marks {
        match mark {
            Mark::Cluster { at, count, roomy } => cluster(map, group, *at, *count, *roomy),
            Mark::Transformer {
                at,
                name,
                capacity_kva,
                spare_consumption_kw,
                spare_production_kw,
                ..
            } => {
                let spare = Spare::of(*spare_consumption_kw);
                let shapes = [
                    shape("circle", &[("r", spare_radius(spare))]),
                    shape("path", &[("d", spare_cross(spare))]),
                ];
                let icon = drawing(spare_class(spare), 14.0, shapes);
                let marker = put(group, *at, icon, 14.0, true);
                let at = *at;
                let lines = [
                    text("strong", "", name),
                    text("span", "", &words::capacity(*capacity_kva)),
                    text("span", "", &words::spare_kw(*spare_consumption_kw, *spare_production_kw)),
                ];
                popup(&marker, lines, move || choose(at));
            }
        }
    }
}

fn cluster(map: &Map, group: &LayerGroup, at: Place, count: usize, roomy: usize) {
    let share = if count == 0 { 0.0 } else { roomy as f64 * 100.0 / count as f64 };
    let room = format!("{share:.1} 100");
    let radius = if count < 10 {
        "11.5"
    } else if count < 100 {
        "13.5"
    } else {
        "16.5"
    };
    let room = [
        ("class", "cluster-room"),
        ("transform", "rotate(-90)"),
        ("r", radius),
        ("pathLength", "100"),
        ("stroke-dasharray", &*room),
    ];
    let shapes = [shape("circle", &[("r", radius)]), shape("circle", &room), label(count)];
    let marker = put(group, at, drawing("cluster", 40.0, shapes), 40.0, true);
    let map = map.clone();
    let nearer = Closure::<dyn FnMut(JsValue)>::new(move |_| {
        map.set_view(&lat_lng(at), map.get_zoom() + NEARER);
    });
    marker.unchecked_ref::<WithPopup>().on("click", &nearer.into_js_value());
}

/// A transformer in words, with the way to check its place; none where an element cannot be made.
fn popup(marker: &Marker, lines: [Option<Element>; 3], choose: impl Fn() + 'static) -> Option<()> {
    let content = text("div", "map-popup", "")?;
    let button = text("button", "button", words::CHECK_HERE.get())?;
    let check = Closure::<dyn FnMut(JsValue)>::new(move |_| choose()).into_js_value();
    button.add_event_listener_with_callback("click", check.unchecked_ref()).ok()?;
    for part in lines.into_iter().flatten().chain([button]) {
        content.append_child(&part).ok()?;
    }
    let options = object(&[("closeButton", false.into())]).ok()?;
    marker.unchecked_ref::<WithPopup>().bind_popup(&content, &options);
    Some(())
}

/// A connection, as a small square with a line to its transformer.
fn connected(group: &LayerGroup, connection: &Connected) {
    line(group, &[connection.at, connection.transformer], "map-line map-connected");
    let square = [("x", "-3.5"), ("y", "-3.5"), ("width", "7"), ("height", "7")];
    let icon = drawing("premises", 14.0, [shape("rect", &square)]);
    put(group, connection.at, icon, 14.0, false);
}

/// The request: a pin, a circle, and the transformers considered, by rank.
pub(super) fn request(group: &LayerGroup, asked: &CheckedPlace) {
    let circle = CircleOptions::new();
    circle.set_radius(NEAR_M);
    circle.set_class_name("map-near".to_owned());
    circle.set_interactive(false);
    group.add_layer(Circle::new_with_options(&lat_lng(asked.at), &circle).unchecked_ref());
    let below = Place { latitude: asked.at.latitude - NEAR_M / DEGREE_M, ..asked.at };
    put(group, below, text("span", "map-distance", words::NEAR.get()), 60.0, false);
    for candidate in &asked.candidates {
        let class = if candidate.is_chosen { "map-line map-chosen" } else { "map-line" };
        line(group, &[asked.at, candidate.at], class);
    }
    for (at, candidate) in asked.candidates.iter().enumerate().rev() {
        let shapes = [shape("circle", &[("r", "8.5")]), label(at + 1)];
        put(group, candidate.at, drawing(rank_class(candidate), 20.0, shapes), 20.0, false);
    }
    let pin = [
        shape("path", &[("d", "M0 0C-2 -5 -6 -8 -6 -13A6 6 0 1 1 6 -13C6 -8 2 -5 0 0Z")]),
        shape("circle", &[("cy", "-13"), ("r", "2.2")]),
    ];
    put(group, asked.at, drawing("pin", 40.0, pin), 40.0, false);
}

const fn rank_class(candidate: &Ranked) -> &'static str {
    match (candidate.is_chosen, candidate.is_feasible) {
        (true, true) => "map-rank is-chosen",
        (true, false) => "map-rank is-chosen is-over",
        (false, true) => "map-rank",
        (false, false) => "map-rank is-over",
    }
}

fn line(group: &LayerGroup, ends: &[Place], class: &str) {
    let options = PolylineOptions::new();
    options.set_class_name(class.to_owned());
    options.set_interactive(false);
    let ends = ends.iter().map(|point| lat_lng(*point)).collect::<Array>();
    group.add_layer(Polyline::new_with_options(&ends, &options).unchecked_ref());
}

/// Puts a drawing at a place. The map is not the only way to what it shows, so that marks take no
/// part in the order of the Tab key.
fn put(
    group: &LayerGroup,
    at: Place,
    icon: Option<Element>,
    size: f64,
    is_interactive: bool,
) -> Marker {
    let options = DivIconOptions::new();
    options.set_class_name("map-mark".to_owned());
    options.set_icon_size(Pixels::new(size, size));
    if let Some(icon) = icon
        && js_sys::Reflect::set(&options, &"html".into(), &icon).is_err()
    {
        leptos::logging::warn!("a mark of the map is not drawn");
    }
    let marker = MarkerOptions::new();
    marker.set_icon(div_icon(&options));
    marker.set_keyboard(false);
    marker.set_interactive(is_interactive);
    let marker = Marker::new_with_options(&lat_lng(at), &marker);
    group.add_layer(marker.unchecked_ref());
    marker
}

/// A drawing around its middle.
fn drawing<const N: usize>(
    class: &str,
    size: f64,
    shapes: [Option<Element>; N],
) -> Option<Element> {
    let (length, half) = (size.to_string(), -size / 2.0);
    let frame = format!("{half} {half} {size} {size}");
    let svg = shape(
        "svg",
        &[
            ("class", class),
            ("width", &length),
            ("height", &length),
            ("viewBox", &frame),
            ("aria-hidden", "true"),
        ],
    )?;
    for shape in shapes.into_iter().flatten() {
        svg.append_child(&shape).ok()?;
    }
    Some(svg)
}

fn shape(tag: &str, with: &[(&str, &str)]) -> Option<Element> {
    let element = document().create_element_ns(Some(SVG), tag).ok()?;
    for (name, value) in with {
        if element.set_attribute(name, value).is_err() {
            leptos::logging::warn!("{name} is no attribute");
        }
    }
    Some(element)
}

/// A number in the middle of a drawing.
fn label(number: usize) -> Option<Element> {
    let label = shape("text", &[("text-anchor", "middle"), ("dy", "0.36em")])?;
    label.set_text_content(Some(&number.to_string()));
    Some(label)
}
