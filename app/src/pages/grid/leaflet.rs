//! Leaflet, loaded when the map is first shown, and the map that is made of it.

use domain::grid::feasibility::{Bounds, Place};
use domain::grid::view::map::{GridMap, Tiles, View};
use js_sys::{Array, Promise, Reflect};
use leaflet::{
    Event, Evented, EventedHandle, GeoJson, LatLng, LatLngBounds, LayerGroup, Map, MapOptions,
    MouseEvent, TileLayer, Zoom, ZoomOptions,
};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, HtmlLinkElement, HtmlScriptElement, KeyboardEvent, Response};

use super::marks;
use super::seen::Seen;

/// The ground where there are no tiles.
const OUTLINES: &str = "/outlines/san-francisco.geojson";
/// The city, where nothing else says what to show.
const CITY: [Place; 2] = [
    Place { latitude: 37.708, longitude: -122.515 },
    Place { latitude: 37.812, longitude: -122.357 },
];
/// How near the map goes by itself.
const CLOSEST: f64 = 15.0;
/// From this zoom on neighbourhoods have names.
const NAMED_FROM: f64 = 13.0;

#[wasm_bindgen]
extern "C" {
    /// `L.geoJSON`, which the crate keeps to itself.
    #[wasm_bindgen(js_namespace = L, js_name = geoJSON)]
    fn geo_json(data: &JsValue, options: &JsValue) -> GeoJson;

    #[wasm_bindgen(js_namespace = ["L", "control"], js_name = scale)]
    fn scale(options: &JsValue) -> leaflet::Control;

    /// The types that the crate has no method for.
    type Features;

    #[wasm_bindgen(method, js_name = eachLayer)]
    fn each_layer(this: &Features, callback: &mut dyn FnMut(Feature));

    type Feature;

    #[wasm_bindgen(method, getter)]
    fn feature(this: &Feature) -> JsValue;

    #[wasm_bindgen(method, js_name = bindTooltip)]
    fn bind_tooltip(this: &Feature, content: &JsValue, options: &JsValue);
}

pub(super) struct Ground {
    map: Map,
    transformers: LayerGroup,
    request: LayerGroup,
    has_tiles: bool,
    /// The place that the map was last moved to.
    shown: Option<Place>,
    view: RwSignal<Option<View>>,
    _moved: EventedHandle<Event>,
    _click: EventedHandle<MouseEvent>,
    _key: Closure<dyn FnMut(KeyboardEvent)>,
}

impl Ground {
    /// Lays the map: the outlines, an empty layer for the transformers, one for the request.
    pub(super) async fn lay(
        container: HtmlElement,
        view: RwSignal<Option<View>>,
        choose: impl Fn(Place) + Copy + 'static,
    ) -> Result<Self, JsValue> {
        load().await?;
        let options = MapOptions::new();
        options.set_attribution_control(false);
        options.set_zoom_control(false);
        options.set_min_zoom(9.0);
        options.set_max_zoom(18.0);
        options.set_zoom_snap(0.5);
        let still = is_motion_unwanted();
        options.set_zoom_animation(!still);
        options.set_fade_animation(!still);
        options.set_inertia(!still);
        let map = Map::new_with_element(&container, &options)?;
        match Seen::of_address() {
            Some(Seen { middle, zoom }) => map.set_view(&lat_lng(middle), zoom),
            None => map.fit_bounds(&bounds(&CITY)),
        };
        let zoom = ZoomOptions::new();
        Reflect::set(&zoom, &"position".into(), &"topright".into())?;
        Zoom::new(&zoom).add_to(&map);
        scale(&object(&[("imperial", false.into()), ("position", "bottomleft".into())])?)
            .add_to(&map);
        outlines(&map).await?;
        let (transformers, request) = (LayerGroup::new(), LayerGroup::new());
        transformers.add_to(&map);
        request.add_to(&map);
        let click = Evented::on_leaflet_event(&&map, "click", move |event: MouseEvent| {
            choose(point(&event.lat_lng()));
        });
        let moved = Evented::on_leaflet_event(&&map, "moveend", {
            let (map, container) = (map.clone(), container.clone());
            move |_: Event| {
                name_areas(&container, &map);
                Seen { middle: point(&map.get_center()), zoom: map.get_zoom() }.keep();
                view.try_set(Some(seen(&map)));
            }
        });
        name_areas(&container, &map);
        let key = on_enter(&container, &map, choose)?;
        Ok(Self {
            map,
            transformers,
            request,
            has_tiles: false,
            shown: None,
            view,
            _moved: moved,
            _click: click,
            _key: key,
        })
    }

    /// Says what is in view.
    pub(super) fn report(&self) {
        self.view.try_set(Some(seen(&self.map)));
    }

    pub(super) fn draw(&mut self, map: &GridMap, choose: impl Fn(Place) + Copy + 'static) {
        if let Some(tiles) = map.tiles.as_ref().filter(|_| !self.has_tiles) {
            self.has_tiles = true;
            self.tile(tiles);
        }
        self.transformers.clear_layers();
        marks::transformers(&self.map, &self.transformers, map, choose);
        self.request.clear_layers();
        let Some(asked) = &map.request else {
            self.shown = None;
            return;
        };
        marks::request(&self.request, asked);
        if self.shown != Some(asked.at) {
            self.shown = Some(asked.at);
            let ends: Vec<_> = asked.candidates.iter().map(|candidate| candidate.at).collect();
            self.show(asked.at, &ends);
        }
    }

    /// Moves so that a place and others are in view, where they are not yet seen well.
    fn show(&self, at: Place, others: &[Place]) {
        let seen = self.map.get_bounds();
        let all: Vec<Place> = others.iter().copied().chain([at]).collect();
        let is_seen = all.iter().all(|point| seen.contains(&lat_lng(*point)));
        if is_seen && self.map.get_zoom() >= CLOSEST - 2.0 {
            return;
        }
        let options = object(&[("maxZoom", CLOSEST.into()), ("padding", padding())]);
        if let Ok(options) = options {
            self.map.fit_bounds_with_options(&bounds(&all), &options);
        }
    }

    fn tile(&self, tiles: &Tiles) {
        TileLayer::new(&tiles.url).add_to(&self.map);
        let credit = document().query_selector(".map-credit").ok().flatten();
        if let Some(credit) = credit.filter(|_| !tiles.credit.is_empty()) {
            credit.set_text_content(Some(&tiles.credit));
        }
    }
}

/// Loads the library and its styles from the package that this page came with, once.
async fn load() -> Result<(), JsValue> {
    if Reflect::has(&window(), &"L".into())? {
        return Ok(());
    }
    let document = document();
    let head = document.head().ok_or("the document has no head")?;
    let main = document.query_selector("link[href$='/main.css']")?;
    let main = main.and_then(|main| main.get_attribute("href")).ok_or("no style sheet")?;
    let folder = main.trim_end_matches("main.css");
    let style: HtmlLinkElement = document.create_element("link")?.unchecked_into();
    style.set_rel("stylesheet");
    style.set_href(&format!("{folder}leaflet/leaflet.css"));
    let script: HtmlScriptElement = document.create_element("script")?.unchecked_into();
    script.set_src(&format!("{folder}leaflet/leaflet.js"));
    for element in [style.unchecked_ref::<HtmlElement>(), script.unchecked_ref()] {
        let loaded = Promise::new(&mut |done, failed| {
            element.set_onload(Some(&done));
            element.set_onerror(Some(&failed));
        });
        head.append_child(element)?;
        JsFuture::from(loaded).await?;
    }
    Ok(())
}

/// The neighbourhoods, each with its name.
async fn outlines(map: &Map) -> Result<(), JsValue> {
    let response = JsFuture::from(window().fetch_with_str(OUTLINES)).await?;
    let data = JsFuture::from(response.unchecked_into::<Response>().json()?).await?;
    let options = object(&[("className", "map-area".into()), ("interactive", false.into())])?;
    let outlines = geo_json(&data, &options);
    outlines.add_to(map);
    let name_options = object(&[
        ("permanent", true.into()),
        ("direction", "center".into()),
        ("className", "map-name".into()),
        // Below the marks.
        ("pane", "shadowPane".into()),
        ("interactive", false.into()),
    ])?;
    let features: &Features = outlines.unchecked_ref();
    features.each_layer(&mut |layer| {
        let name = Reflect::get(&layer.feature(), &"properties".into())
            .and_then(|properties| Reflect::get(&properties, &"name".into()));
        let name = name.ok().and_then(|name| name.as_string()).unwrap_or_default();
        if let Some(label) = text("span", "", &name) {
            layer.bind_tooltip(&label, &name_options);
        }
    });
    Ok(())
}

/// Names would cover each other from afar.
fn name_areas(container: &HtmlElement, map: &Map) {
    let is_far = map.get_zoom() < NAMED_FROM;
    if container.toggle_attribute_with_force("data-far", is_far).is_err() {
        leptos::logging::warn!("the names of the map stay as they are");
    }
}

/// Enter checks the middle of the map, where the cross stands.
fn on_enter(
    container: &HtmlElement,
    map: &Map,
    choose: impl Fn(Place) + 'static,
) -> Result<Closure<dyn FnMut(KeyboardEvent)>, JsValue> {
    let (map, own) = (map.clone(), container.clone());
    let key = Closure::new(move |event: KeyboardEvent| {
        let is_own = event.target().is_some_and(|target| target == *own.as_ref());
        if event.key() == "Enter" && is_own {
            event.prevent_default();
            choose(point(&map.get_center()));
        }
    });
    container.add_event_listener_with_callback("keydown", key.as_ref().unchecked_ref())?;
    Ok(key)
}

fn is_motion_unwanted() -> bool {
    let asked = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    asked.is_some_and(|asked| asked.matches())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "zooms are 9 to 18")]
fn seen(map: &Map) -> View {
    let bounds = map.get_bounds();
    let (low, high) = (bounds.get_south_west(), bounds.get_north_east());
    View {
        bounds: Bounds { south: low.lat(), west: low.lng(), north: high.lat(), east: high.lng() },
        zoom: map.get_zoom() as u8,
    }
}

fn bounds(points: &[Place]) -> LatLngBounds {
    LatLngBounds::new_from_list(&points.iter().map(|point| lat_lng(*point)).collect::<Array>())
}

fn padding() -> JsValue {
    [40.0, 40.0].iter().copied().map(JsValue::from_f64).collect::<Array>().into()
}

pub(super) fn lat_lng(point: Place) -> LatLng {
    LatLng::new(point.latitude, point.longitude)
}

fn point(at: &LatLng) -> Place {
    Place { latitude: at.lat(), longitude: at.lng() }
}

pub(super) fn object(pairs: &[(&str, JsValue)]) -> Result<JsValue, JsValue> {
    let object = js_sys::Object::new();
    for (name, value) in pairs {
        Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object.into())
}

pub(super) fn text(tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = document().create_element(tag).ok()?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    Some(element)
}
