//! The map itself, which the browser alone draws: the ground, the view, and what is asked of the
//! server for it.

use domain::grid::feasibility::Place;
use domain::grid::view::map::{GridMap, View};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos::task::spawn_local;
use ui::fetch::{call, quoted};
use ui::{islands, json};
use web_sys::{FormData, HtmlElement, UrlSearchParams};

use super::leaflet::Ground;
use super::{FORM, MAP, PATH};
use crate::api::GetMap;

/// Lays the map into its container, and draws it anew with each view of it and each drawing of the document.
pub(crate) fn take_over() {
    let Some(container) = islands::find::<HtmlElement>(&format!("[data-island={MAP}] .map")) else {
        return;
    };
    let ground = StoredValue::new_local(None::<Ground>);
    let view = RwSignal::new(None);
    spawn_local(async move {
        match Ground::lay(container, view, choose).await {
            Ok(laid) => {
                laid.report();
                ground.set_value(Some(laid));
            }
            Err(error) => leptos::logging::error!("the map cannot be shown: {error:?}"),
        }
    });
    let drawn = Trigger::new();
    islands::on_drawn(move || drawn.notify());
    let asked = StoredValue::new(0_u32);
    Effect::new(move |_| {
        drawn.track();
        let Some(view) = view.get() else { return };
        let number = asked.get_value() + 1;
        asked.set_value(number);
        spawn_local(async move {
            match ask(&view).await {
                // A later move is on its way.
                Ok(map) if asked.get_value() == number => ground.update_value(|ground| {
                    if let Some(ground) = ground {
                        ground.draw(&map, choose);
                    }
                }),
                Ok(_) => {}
                Err(error) => leptos::logging::warn!("the map stays as it is: {error}"),
            }
        });
    });
}

async fn ask(view: &View) -> Result<GridMap, String> {
    let query = quoted(&location().search().unwrap_or_default());
    let view = json::write(view)?;
    json::read(&call(GetMap::PATH, &format!("{{\"query\":{query},\"view\":{view}}}")).await?)
}

/// Goes to a place that someone points at, with what else stands in the form of the card.
fn choose(at: Place) {
    let form = islands::find(FORM).and_then(|form| FormData::new_with_form(&form).ok());
    let rest = form.and_then(|form| UrlSearchParams::new_with_str_sequence_sequence(&form).ok());
    let rest = rest.map(|rest| {
        for name in ["place", "lat", "lon"] {
            rest.delete(name);
        }
        String::from(rest.to_string())
    });
    let Place { latitude, longitude } = at;
    let rest = rest.unwrap_or_default();
    islands::visit(&format!("{PATH}?lat={latitude:.5}&lon={longitude:.5}&{rest}"));
}
