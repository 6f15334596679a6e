//! The figure beside the tree, as the server draws it: the flow, the heat map or the plan.

use leptos::prelude::*;

use texts::words::frame;
use texts::words::meters as words;
use ui::api::Sheet;
use ui::components::erased_view::Erase as _;
use ui::components::fetched::Fetched;
use ui::components::sheet::{self, Address};

/// The selection and the filter of the tree: with another the same figure stays in place.
const OF_THE_TREE: [&str; 2] = ["meter=", "q="];

/// The figure of the current address, asked for when the page opens.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    sheet: Fetched<Option<Sheet>>,
    current: Memo<Address>,
}

impl Asked {
    pub(super) fn new() -> Self {
        let current = sheet::address(|path| path == "/meters");
        let figure = Memo::new(move |_| {
            let (path, query) = current.get();
            (path, without_tree(&query))
        });
        Self { sheet: sheet::newest(figure, current, None), current }
    }
}

/// What follows after `?`, without what the tree alone shows.
fn without_tree(query: &str) -> String {
    let parts = query.trim_start_matches('?').split('&');
    let parts = parts.filter(|part| !OF_THE_TREE.iter().any(|name| part.starts_with(name)));
    parts.collect::<Vec<_>>().join("&")
}

#[component]
pub(super) fn Pane() -> impl IntoView {
    let Asked { sheet, current } = expect_context();
    view! {
        <section id="pane" class="pane" aria-label=words::PANE>
            {sheet::shown_at(words::PANE.get(), frame::NOT_FOUND.get(), sheet, current)}
        </section>
    }
    .erased()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_asks_for_no_other_figure() {
        assert_eq!(without_tree("?view=map&meter=3&q=sol&period=week"), "view=map&period=week");
        assert_eq!(without_tree("?meter=3"), "");
    }
}
