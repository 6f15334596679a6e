//! Keeps the tree up to date: with the stream, the scroll, the selection and the period.

use std::time::Duration;

use domain::MeterId;
use domain::meters::view::by_meter;
use domain::meters::view::tree::Key;
use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener_untyped;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use web_sys::VisibilityState;

use super::grid::Grid;
use super::head::{SHOW, part};
use ui::api::ask_meters;
use ui::period::{Chosen, join};

/// Figures of a period change every quarter-hour; a minute late is early enough.
const REFRESH: Duration = Duration::from_mins(1);
/// Figures are fetched of so many rows beyond those that are drawn.
const AHEAD: usize = 100;

/// What of the address the figures depend on: site, period, and what is shown of them.
#[derive(Clone, Copy)]
pub(super) struct Asked(Memo<String>);

impl Asked {
    pub(super) fn new() -> Self {
        let period = expect_context::<Chosen>();
        let search = use_location().search;
        Self(Memo::new(move |_| {
            let show = search.with(|search| part(search, SHOW).map(|it| format!("?{it}")));
            join(&show.unwrap_or_default(), &period.query())
        }))
    }

    pub(super) fn track(self) {
        self.0.track();
    }

    pub(super) fn now(self) -> String {
        self.0.get_untracked()
    }
}

/// Keeps the rows in the document up to date: with the stream, the scroll, the selection and the period.
pub(super) fn follow(grid: Grid, asked: Asked) {
    let scene = grid.scene;
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
    Effect::new(move |first: Option<()>| {
        asked.track();
        if first.is_some() {
            reload(grid, asked);
        }
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
        let query = asked.0.get_untracked();
        let got = ask_meters(query.clone(), ids.clone()).await;
        asking.try_set_value(false);
        if let Ok(got) = got
            && asked.0.try_get_untracked() == Some(query)
        {
            scene.figures.try_update(|figures| {
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
        let query = asked.0.get_untracked();
        if let Ok(got) = ask_meters(query.clone(), ids).await
            && asked.0.try_get_untracked() == Some(query)
        {
            scene.figures.try_set(by_meter(got.counted.clone()));
            scene.page.try_set(got);
        }
    });
}
