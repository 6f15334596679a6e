//! A site without meters: what to do first.

use service::pages::Query;

use leptos::prelude::*;
use texts::words::frame as words;
use ui::drawing::{Sheet, at};
use ui::kit;

/// The first meter was added a moment ago, perhaps.
const REFRESH_S: u32 = 5;

pub(crate) fn draw(title: &str, query: &Query) -> Sheet {
    let link = |path| at(query.get("site"), path, &[]);
    let view = view! {
        <section class="page notice">
            <h1>{words::EMPTY}</h1>
            <p>{words::EMPTY_WHY}</p>
            <p class="actions">
                <a class="button button-main" href=link("/start")>
                    {words::EMPTY_START}
                </a>
                <a class="button" href=link("/devices/import")>
                    {words::IMPORT}
                </a>
            </p>
            <p class="note">{words::EMPTY_SQL}</p>
        </section>
    };
    Sheet { refresh_s: REFRESH_S, is_live: true, ..kit::page(title, view) }
}
