//! Keeps the tree up to date: with the stream, the scroll, the selection and the period.

use std::time::Duration;

use domain::MeterId;
use domain::meters::view::tree::Key;
use domain::meters::view::{MetersPage, by_meter};
use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener_untyped;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos::task::spawn_local;
use web_sys::VisibilityState;

use super::grid::Grid;
use crate::api::GetMeters;
use ui::fetch::{call, quoted};
use ui::json;
use ui::period::{Address, with};

/// Figures of a period change every quarter-hour; a minute late is early enough.
const REFRESH: Duration = Duration::from_mins(1);
/// Figures are fetched of so many rows beyond those that are drawn.
const AHEAD: usize = 100;

/// What of the address the figures depend on: site, period, and what is shown of them.
#[derive(Clone, Copy)]
struct Asked(Memo<String>);

impl Asked {
    fn new(address: Address) -> Self {
        Self(Memo::new(move |_| {
            let show = address.get("show").unwrap_or_default();
            with(&address.period(), "show", &show)
        }))
    }

    /// Asks for the figures of some meters; nothing where they are no longer wanted when they come, or do not.
    async fn ask(self, ids: &[MeterId]) -> Option<MetersPage> {
        let asked = self.0.get_untracked();
        let meters: Vec<_> = ids.iter().map(ToString::to_string).collect();
        let arguments =
            format!("{{\"query\":{},\"meters\":[{}]}}", quoted(&asked), meters.join(","));
        let answer = call(GetMeters::PATH, &arguments).await.ok()?;
        let page = json::read(&answer).ok()?;
        (self.0.try_get_untracked() == Some(asked)).then_some(page)
    }
}

/// Keeps the rows in the document up to date: with the stream, the scroll, the selection and the period.
pub(super) fn follow(grid: Grid) {
    let scene = grid.scene;
    let asked = Asked::new(scene.address);
    let asking = StoredValue::new(false);
    let fetch = move || fetch_missing(grid, asked, asking);
    Effect::new(move |_| {
        scene.track();
        if grid.body.get().is_some() {
            grid.draw();
            fetch();
        }
    });
    Effect::new(move |_| {
        if let Some(id) = scene.selection.selected.get()
            && grid.body.get().is_some()
        {
            scene.selection.uncover(id);
            grid.show(Key::Meter(id), false);
        }
    });
    Effect::new(move |before: Option<String>| {
        let now = asked.0.get();
        if before.is_some_and(|before| before != now) {
            reload(grid, asked);
        }
        now
    });
    Effect::new(move |_| {
        let moved = move |_| {
            if grid.scrolled() {
                fetch();
            }
        };
        let scroll = window_event_listener_untyped("scroll", moved);
        let resize = window_event_listener(ev::resize, move |_| {
            grid.scrolled();
        });
        let again = move || {
            if document().visibility_state() == VisibilityState::Visible {
                reload(grid, asked);
            }
        };
        let again = set_interval_with_handle(again, REFRESH);
        on_cleanup(move || {
            scroll.remove();
            resize.remove();
            if let Ok(again) = again {
                again.clear();
            }
        });
    });
}

fn meters(keys: impl IntoIterator<Item = Key>) -> Vec<MeterId> {
    let meter = |key| match key {
        Key::Meter(id) => Some(id),
        Key::Others(_) => None,
    };
    keys.into_iter().filter_map(meter).collect()
}

/// Fetches the figures of the rows in sight and those around them, one request at a time.
fn fetch_missing(grid: Grid, asked: Asked, asking: StoredValue<bool>) {
    let Grid { scene, .. } = grid;
    let is_known = |id: &MeterId| scene.figures.with_untracked(|figures| figures.contains_key(id));
    if asking.get_value() || meters(grid.keys(0)).iter().all(is_known) {
        return;
    }
    let mut ids = meters(grid.keys(AHEAD));
    ids.retain(|id| !is_known(id));
    asking.set_value(true);
    spawn_local(async move {
        let got = asked.ask(&ids).await;
        asking.set_value(false);
        if let Some(got) = got {
            scene.figures.update(|figures| {
                figures.extend(ids.into_iter().map(|id| (id, None)));
                figures.extend(by_meter(got.counted));
            });
        }
    });
}

/// Fetches the figures of the rows that are shown anew; the old ones stay until then.
fn reload(grid: Grid, asked: Asked) {
    let Grid { scene, .. } = grid;
    let ids = meters(grid.keys(0));
    spawn_local(async move {
        if let Some(got) = asked.ask(&ids).await {
            scene.figures.set(by_meter(got.counted.clone()));
            scene.page.set(got);
        }
    });
}
