//! The page of losses: where energy goes that nobody counts, what it costs, and why.

mod cause;
mod change;
mod files;
pub(super) mod found;
pub(super) mod headline;
pub(super) mod ranking;
mod trend;
pub(super) mod waterfall;

use crate::parts::{nothing, segment};
use domain::losses::view::LossesPage;
use markup::{Html, html};
use service::pages::Query;
use texts::language::Text;
use texts::words::losses as words;
use ui::drawing::{Downloads, Sheet, link, sheet};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Node,
    Area,
    Trend,
}

impl By {
    const ALL: [(Self, &'static str, Text); 3] = [
        (Self::Node, "node", words::BY_NODE),
        (Self::Area, "area", words::BY_AREA),
        (Self::Trend, "trend", words::TREND),
    ];

    fn of(query: &Query) -> Self {
        let asked = query.get("by").unwrap_or_default();
        let found = Self::ALL.into_iter().find(|(_, word, _)| *word == asked);
        found.map_or(Self::Node, |(by, ..)| by)
    }
}

pub(super) fn draw(page: &LossesPage, query: &Query) -> Sheet {
    if page.nodes.is_empty() {
        let files = Downloads::of(&page.shown).offer("losses", || files::nodes(page));
        let content = nothing(words::NO_NODES, words::NO_NODES_HELP, files);
        return sheet(words::TITLE.get(), content);
    }
    let by = By::of(query);
    let chosen = page.chosen.as_ref();
    let downloads = Downloads::of(&page.shown);
    let nodes = || {
        html! {
            {ranking::by_node(page, by)}
            {downloads.offer("losses", || files::nodes(page))}
        }
    };
    let table = match by {
        By::Area => html! {
            {ranking::by_area(page)}
            {downloads.offer("losses-by-area", || files::areas(page))}
        },
        By::Trend => {
            let trend = chosen.map(|chosen| trend::draw(page, chosen));
            html! {
                {trend}
                {nodes()}
            }
        }
        By::Node => nodes(),
    };
    let absent = page.absent.as_ref().map(|asked| {
        let shown = chosen.map(|chosen| chosen.name.as_str()).unwrap_or_default();
        html! { <p role="status">{words::no_node(asked, shown)}</p> }
    });
    let pair = chosen.map(|chosen| {
        html! {
            {waterfall::draw(page, chosen)}
            {cause::draw(page, chosen)}
        }
    });
    sheet(
        words::TITLE.get(),
        html! {
            <article class="page losses">
                <header class="sheet-head">
                    <div class="state">
                        <h1>{headline::sentence(page)}</h1>
                        {headline::detail(page)}
                    </div>
                    {switch(page, by)}
                </header>
                {absent}
                {table}
                <div class="sheet-pair">{pair}</div>
                {found::draw(page)}
            </article>
        },
    )
}

/// The address of a view, with the node that is looked into.
fn address(page: &LossesPage, by: By, node: Option<domain::MeterId>) -> String {
    let word = By::ALL.into_iter().find(|(view, ..)| *view == by && by != By::Node);
    let by = word.map(|(_, word, _)| format!("by={word}"));
    let node = node.map(|node| format!("node={node}"));
    let own: Vec<String> = by.into_iter().chain(node).collect();
    let path =
        if own.is_empty() { "/losses".to_owned() } else { format!("/losses?{}", own.join("&")) };
    link(&page.shown, &path)
}

fn switch(page: &LossesPage, now: By) -> Html {
    let node = page.chosen.as_ref().map(|chosen| chosen.id);
    let option = |(by, word, name): (By, &str, Text)| {
        segment(format!("by-{word}"), address(page, by, node), by == now, name)
    };
    html! {
        <nav class="segments" aria-label=words::VIEWS>
            {By::ALL.map(option)}
        </nav>
    }
}
