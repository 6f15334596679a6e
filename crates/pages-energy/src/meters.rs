//! The figures beside the tree of meters: where energy flows, when it is used, where the meters hang.

mod heatmap;
mod picture;
mod plan;
pub(super) mod sankey;

use crate::parts::{note, segment};
use domain::MeterId;
use domain::meters::SourceKind;
use domain::meters::view::Refused;
use domain::period::Period;
use markup::{Html, html};
use service::meters::page;
use service::pages::Query;
use service::{Error, Principal, Service};
use texts::language::Text;
use texts::messages::told;
use texts::words::flow as words;
use ui::drawing::Sheet;

/// Under a minute, so that a figure is drawn anew in place: whoever has its table open keeps it open.
const PACE_S: u32 = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Sankey,
    Heatmap,
    Map,
}

impl View {
    const ALL: [(Self, &'static str, Text); 3] = [
        (Self::Sankey, "sankey", words::SANKEY),
        (Self::Heatmap, "heatmap", words::HEATMAP),
        (Self::Map, "map", words::MAP),
    ];

    /// The figure that an address names; the first one with what it says instead where it is none.
    fn of(query: &Query) -> (Self, Option<Refused>) {
        let Some(asked) = query.get("view") else { return (Self::Sankey, None) };
        match Self::ALL.into_iter().find(|(_, word, _)| *word == asked) {
            Some((view, ..)) => (view, None),
            None => (Self::Sankey, Some(Refused::Word(asked.to_owned()))),
        }
    }
}

pub(super) async fn draw(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<Sheet, Error> {
    let ((view, refused), here) = (View::of(query), Here(query));
    let drawn = match view {
        View::Sankey => {
            page::flow::flow(service, who, query).await.map(|it| sankey::draw(&it, here))
        }
        View::Heatmap => {
            page::heatmap::heatmap(service, who, query).await.map(|it| heatmap::draw(&it, here))
        }
        View::Map => page::plan::plan(service, who, query).await.map(|it| plan::draw(&it, here)),
    };
    match drawn {
        Ok(drawn) => Ok(frame(query, view, refused.or(drawn.refused.clone()), drawn)),
        Err(error @ Error::Invalid { .. }) => Ok(ui::drawing::sheet(
            &words::TITLE,
            html! { <p role="alert">{told(&error.message())}</p> },
        )),
        Err(error) => Err(error),
    }
}

struct Drawn {
    title: String,
    note: String,
    choice: Html,
    /// Says what the figure is, where it is scrolled.
    label: Text,
    figure: Html,
    below: Html,
    refused: Option<Refused>,
    pace_s: u32,
}

/// The frame of all figures. What changes by itself has an id and is put in place alone.
fn frame(query: &Query, view: View, refused: Option<Refused>, drawn: Drawn) -> Sheet {
    let here = Here(query);
    let option = |(it, word, name): (View, &str, Text)| {
        let href = here.with("view", if it == View::Sankey { "" } else { word });
        segment(format!("view-{word}"), href, it == view, name)
    };
    let said = refused.map(|refused| note(said(&refused)));
    let compares = query.period().is_ok_and(Period::compares);
    let alone = compares.then(|| note(words::NOT_COMPARED));
    let content = html! {
        <header class="pane-head">
            <h2 id="pane-title">
                {drawn.title}
                " "
                <span class="note">{drawn.note}</span>
            </h2>
            <nav class="segments" aria-label=words::VIEWS>
                {View::ALL.map(option)}
            </nav>
        </header>
        {drawn.choice}
        {said}
        {alone}
        <div class="scroll pane-scroll" tabindex="0" role="region" aria-label=drawn.label>
            <div id="pane-figure">
                {drawn.figure}
            </div>
        </div>
        {drawn.below}
    };
    Sheet { refresh_s: drawn.pace_s, ..ui::drawing::sheet(&words::TITLE, content) }
}

fn said(refused: &Refused) -> String {
    match refused {
        Refused::Meter(id) => words::gone(id),
        Refused::NothingBelow(name) => words::nothing_below(name),
        Refused::Word(word) => words::unknown(word),
    }
}

/// The address that is shown, from which every link of a figure starts.
#[derive(Clone, Copy)]
struct Here<'a>(&'a Query);

impl Here<'_> {
    fn with(self, name: &str, value: &str) -> String {
        ui::drawing::address("/meters", &self.0.clone().with(name, value).without(&[]))
    }

    fn meter(self, id: MeterId) -> String {
        self.with("meter", &id.to_string())
    }

    /// The losses of the same period, with a node looked into.
    fn losses(self, node: MeterId) -> String {
        let own = ["meter", "view", "open", "flow", "by", "rows", "q"];
        let query = Query::parse(&self.0.without(&own)).with("node", &node.to_string());
        ui::drawing::address("/losses", &query.without(&[]))
    }

    fn current(self, id: MeterId) -> Option<&'static str> {
        (self.0.number("meter") == Some(id.0)).then_some("true")
    }

    /// What is unfolded; as if nothing were where it is asked for again.
    fn open(self, word: &str) -> String {
        let is_open = self.0.get("open") == Some(word);
        self.with("open", if is_open { "" } else { word })
    }
}

/// The link that unfolds what is below a meter, or folds it again.
fn unfold(here: Here<'_>, id: &str, text: String, label: &str) -> Html {
    html! {
        <a
            id=format!("unfold-{id}")
            class="unfold"
            href=here.open(id)
            aria-label=label
            title=label
            data-noscroll
        >
            {text}
        </a>
    }
}

pub(crate) const fn kind(kind: SourceKind) -> Text {
    match kind {
        SourceKind::Grid => words::GRID,
        SourceKind::Solar => words::SOLAR,
        SourceKind::Diesel => words::DIESEL,
        SourceKind::Battery => words::BATTERY,
        SourceKind::Load => words::LOADS,
    }
}
