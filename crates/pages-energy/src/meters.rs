//! The figures beside the tree of meters: where energy flows, when it is used, where the meters hang.

pub(super) mod files;
mod heatmap;
mod picture;
mod plan;
mod sankey;

use domain::MeterId;
use domain::meters::SourceKind;
use domain::meters::view::Refused;
use domain::period::Period;
use markup::{Html, html};
use service::pages::Query;
use service::{Error, Principal, Service};

use texts::language::Text;
use texts::messages::told;
use texts::words::flow as words;
use ui::drawing::Sheet;

/// Under a minute, so that a figure is drawn anew in place: whoever has its table open keeps it open.
const PACE_S: u32 = 50;

/// Which figure is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    Sankey,
    Heatmap,
    Map,
}

impl View {
    const ALL: [Self; 3] = [Self::Sankey, Self::Heatmap, Self::Map];

    const fn word(self) -> &'static str {
        match self {
            Self::Sankey => "sankey",
            Self::Heatmap => "heatmap",
            Self::Map => "map",
        }
    }

    const fn name(self) -> Text {
        match self {
            Self::Sankey => words::SANKEY,
            Self::Heatmap => words::HEATMAP,
            Self::Map => words::MAP,
        }
    }

    /// The figure that an address names; the first one with what it says instead where it is none.
    fn of(query: &Query) -> (Self, Option<Refused>) {
        let Some(word) = query.get("view") else { return (Self::Sankey, None) };
        match Self::ALL.into_iter().find(|view| view.word() == word) {
            Some(view) => (view, None),
            None => (Self::Sankey, Some(Refused::Word(word.to_owned()))),
        }
    }
}

/// The figure that the address names.
pub(super) async fn draw(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<Sheet, Error> {
    let (view, refused) = View::of(query);
    match figure(service, who, query, view).await {
        Ok(drawn) => Ok(frame(query, view, refused.or(drawn.refused.clone()), drawn)),
        Err(error @ Error::Invalid { .. }) => Ok(ui::drawing::sheet(
            &words::TITLE,
            html! { <p role="alert">{told(&error.message())}</p> },
        )),
        Err(error) => Err(error),
    }
}

async fn figure(
    service: &Service,
    who: &Principal,
    query: &Query,
    view: View,
) -> Result<Drawn, Error> {
    let here = Here(query);
    Ok(match view {
        View::Sankey => {
            sankey::draw(&service::meters::page::flow::flow(service, who, query).await?, here)
        }
        View::Heatmap => heatmap::draw(
            &service::meters::page::heatmap::heatmap(service, who, query).await?,
            here,
        ),
        View::Map => {
            plan::draw(&service::meters::page::plan::plan(service, who, query).await?, here)
        }
    })
}

/// A figure, and what stands around it.
struct Drawn {
    title: String,
    note: String,
    /// What can be chosen about it.
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
    let option = |it: View| {
        let href = here.with("view", if it == View::Sankey { "" } else { it.word() });
        segment(format!("view-{}", it.word()), href, it == view, it.name())
    };
    let said = refused.map(|refused| html! { <p class="note">{said(&refused)}</p> });
    let compares = query.period().is_ok_and(Period::compares);
    let alone = compares.then(|| html! { <p class="note">{words::NOT_COMPARED}</p> });
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

/// One of several choices, which is an address.
fn segment(id: String, href: String, is_chosen: bool, name: Text) -> Html {
    html! {
        <a id=id class="segment" href=href aria-current=is_chosen.then_some("true") data-noscroll>
            {name}
        </a>
    }
}

/// The address that is shown, from which every link of a figure starts.
#[derive(Clone, Copy)]
struct Here<'a>(&'a Query);

impl Here<'_> {
    /// The same page with another value of a parameter; an empty one leaves it out.
    fn with(self, name: &str, value: &str) -> String {
        ui::drawing::address("/meters", &self.0.clone().with(name, value).without(&[]))
    }

    /// The page with a meter selected.
    fn meter(self, id: MeterId) -> String {
        self.with("meter", &id.to_string())
    }

    /// The losses of the same period, with a node looked into.
    fn losses(self, node: MeterId) -> String {
        let own = ["meter", "view", "open", "flow", "by", "rows", "q"];
        let query = Query::parse(&self.0.without(&own)).with("node", &node.to_string());
        ui::drawing::address("/losses", &query.without(&[]))
    }

    /// Marks what belongs to the selected meter.
    fn current(self, id: MeterId) -> Option<&'static str> {
        (self.0.number("meter") == Some(id.0)).then_some("true")
    }

    /// What is unfolded; as if nothing were where it is asked for again.
    fn open(self, word: &str) -> String {
        let is_open = self.0.get("open") == Some(word);
        self.with("open", if is_open { "" } else { word })
    }
}

/// What a kind of source is called.
const fn kind(kind: SourceKind) -> Text {
    match kind {
        SourceKind::Grid => words::GRID,
        SourceKind::Solar => words::SOLAR,
        SourceKind::Diesel => words::DIESEL,
        SourceKind::Battery => words::BATTERY,
        SourceKind::Load => words::LOADS,
    }
}
