//! The flow of energy as a Sankey figure: its bars and bands in pixels down and in columns across.

mod data_table;
mod label;

use domain::MeterId;
use domain::losses::balance::Verdict;
use domain::meters::SourceKind;
use domain::meters::view::flow::{FlowPage, Point, What};
use domain::meters::view::sankey::{Band, Branch, Heading, Sankey};
use markup::{Html, html};

use super::{Drawn, Here, PACE_S, files, segment};
use texts::language;
use texts::language::Text;
use texts::words::flow as words;
use ui::components::balance_bar::source_class;
use ui::components::chart::{percent, short};
use ui::drawing::files::Downloads;
use ui::drawing::parts::{Clock, kwh};

/// Live power is drawn anew this often.
const LIVE_S: u32 = 5;
/// Height of the names of the columns.
const HEAD: f64 = 22.0;
/// A column is at least so wide: the figure scrolls where there is less room.
const LEAST_COLUMN: usize = 132;
/// What is lost or missing is at least so high, so that it is seen.
const LEAST_FOOT: f64 = 2.5;

pub(super) fn draw(page: &FlowPage, here: Here<'_>) -> Drawn {
    let parts = page.flow.visible(page.open);
    let sankey = Sankey::of(parts);
    let input = kwh(page.flow.input());
    let shown = &page.shown;
    let (title, note) = match page.until {
        Some(until) => {
            let until = Clock(shown).second(until);
            (words::POWER_TITLE.into(), words::power_note(&input, &until))
        }
        None if page.is_live => (words::POWER_TITLE.into(), String::new()),
        None => {
            let phrase = shown.period.phrase(shown.today(), language::now());
            (words::flow_title(&phrase), words::flow_note(&input))
        }
    };
    Drawn {
        title,
        note,
        choice: choice(page.is_live, here),
        label: words::FLOW_FIGURE,
        figure: figure(&sankey, here),
        below: html! {
            {legend()}
            {data_table::table(&sankey, &page.flow, page.is_live)}
            {Downloads::of(shown).offer("meters", || files::meters(page))}
        },
        refused: page.refused.clone(),
        pace_s: if page.is_live { LIVE_S } else { PACE_S },
    }
}

fn choice(is_live: bool, here: Here<'_>) -> Html {
    let energy = segment("flow-energy".into(), here.with("flow", ""), !is_live, words::ENERGY);
    let live = segment("flow-live".into(), here.with("flow", "live"), is_live, words::POWER_NOW);
    html! {
        <div class="pane-choice">
            <nav class="segments" aria-label=words::WHAT>
                {energy}
                {live}
            </nav>
        </div>
    }
}

/// What the colours of what is left over mean; the other bars are named.
fn legend() -> Html {
    let item = |class: &'static str, name: Text| {
        html! {
            <span>
                <svg class="flow">
                    <rect class=class width="10" height="10" />
                </svg>
                {name}
            </span>
        }
    };
    html! {
        <p class="legend-line pane-legend">
            {item("fill-loss", words::LOSS)}
            {item("fill-within", words::WITHIN_ERROR)}
            {item("fill-short", words::NEGATIVE_LONG)}
            {item("fill-gap", words::NOT_READ)}
        </p>
    }
}

fn figure(sankey: &Sankey<'_>, here: Here<'_>) -> Html {
    let count = sankey.headings.len();
    if count == 0 || sankey.scale <= 0.0 {
        return html! { <p class="sheet-empty">{words::NOTHING_FLOWS}</p> };
    }
    let figure = Figure { count: count as f64, height: sankey.height, scale: sankey.scale, here };
    let heading = |(at, heading): (usize, &Heading)| {
        let name = match heading {
            Heading::Sources => words::SOURCES.into(),
            Heading::Level(level) => words::level(*level),
            Heading::None => String::new(),
        };
        html! {
            <text class="sankey-head" x=figure.x(at) y="12">
                {name}
            </text>
        }
    };
    let headings = sankey.headings.iter().enumerate().map(heading).collect::<Html>();
    let branches =
        sankey.branches.iter().map(|branch| figure.branch(branch, None)).collect::<Html>();
    html! {
        <svg class="pane-room" width=(count * LEAST_COLUMN).to_string() height="1" aria-hidden="true" />
        <svg
            class="sankey"
            width="100%"
            height=short(sankey.height + HEAD + 2.0)
            role="group"
            aria-label=words::FLOW_FIGURE
        >
            {headings}
            <svg y=short(HEAD) width="100%" height=short(sankey.height + 2.0)>
                {branches}
            </svg>
        </svg>
    }
}

/// What all parts of the figure share.
#[derive(Clone, Copy)]
struct Figure<'a> {
    /// Columns.
    count: f64,
    height: f64,
    /// Pixels of one unit.
    scale: f64,
    here: Here<'a>,
}

impl Figure<'_> {
    /// The left edge of a column.
    fn x(self, column: usize) -> String {
        percent(column as f64 / self.count * 100.0)
    }

    /// A part with what belongs to it: nested, so that whatever is under the pointer is lit with the
    /// way to it and what is below it, by style alone.
    fn branch(self, branch: &Branch<'_>, node: Option<&Point>) -> Html {
        let (own, tip) = match &branch.what {
            What::Meter(point, _) => (Some(*point), label::tip(point)),
            _ => (None, label::text(&branch.what, branch.value)),
        };
        let band = branch.band.map(|band| self.band(band, band_class(branch, node)));
        let drawn = html! {
            <title>{tip}</title>
            {band}
            {self.bar(branch)}
        };
        let drawn = if let Some(point) = own {
            self.link(point.id, drawn)
        } else {
            html! { <g class="flow">{drawn}</g> }
        };
        let below = branch.branches.iter().map(|below| self.branch(below, own)).collect::<Html>();
        html! {
            <g class="branch">
                {drawn}
                {below}
                {self.label(branch)}
            </g>
        }
    }

    /// The drawing of a meter selects it. The same link stands beside it as a text for whoever goes by
    /// keyboard.
    fn link(self, id: MeterId, drawn: Html) -> Html {
        html! {
            <a
                class="flow"
                href=self.here.meter(id)
                data-meter=id.to_string()
                aria-current=self.here.current(id)
                tabindex="-1"
                aria-hidden="true"
            >
                {drawn}
            </a>
        }
    }

    fn band(self, band: Band, class: String) -> Html {
        let (left, right) = (band.column as f64, band.column as f64 + 1.0);
        let middle = left + 0.5;
        let (a, b, h) = (band.left, band.right, band.height);
        let [left, middle, right] = [left, middle, right].map(short);
        let [a0, b0, a1, b1] = [a, b, a + h, b + h].map(short);
        let path = format!(
            "M{left} {a0}C{middle} {a0} {middle} {b0} {right} {b0}V{b1}\
             C{middle} {b1} {middle} {a1} {left} {a1}Z"
        );
        html! {
            <svg
                width="100%"
                height=short(self.height)
                viewBox=format!("0 0 {} {}", short(self.count), short(self.height))
                preserveAspectRatio="none"
            >
                <path class=class d=path />
            </svg>
        }
    }

    /// The bar, and at its foot what is lost of a folded node or missing at the other end.
    fn bar(self, branch: &Branch<'_>) -> Html {
        let x = self.x(branch.column);
        let bar = branch.bar;
        let height = bar.height.max(1.0);
        let rect = |class: &'static str, y: f64, width: &'static str, height: f64| {
            html! { <rect class=class x=x.clone() y=short(y) width=width height=short(height) /> }
        };
        let body = rect(bar_class(&branch.what), bar.y, "10", height);
        let (class, left) = match &branch.what {
            What::Meter(point, _) => foot(point),
            _ => ("", 0.0),
        };
        let is_folded = !matches!(&branch.what, What::Meter(..) if !branch.branches.is_empty());
        let size = (left.abs() * self.scale).max(LEAST_FOOT);
        let is_shown = !class.is_empty() && (is_folded || left < 0.0);
        let foot = is_shown.then(|| rect(class, bar.y + height - size, "24", size));
        html! {
            {foot}
            {body}
        }
    }
}

/// How the foot of a meter's bar is filled, and what is left over there.
fn foot(point: &Point) -> (&'static str, f64) {
    let Some(sums) = &point.balance else { return ("", 0.0) };
    let left = sums.left();
    let class = match sums.verdict {
        Verdict::Loss => "fill-loss",
        Verdict::Negative => "fill-short",
        Verdict::Incomplete => "fill-gap",
        Verdict::WithinError => "",
    };
    (class, left)
}

fn bar_class(what: &What<'_>) -> &'static str {
    match what {
        What::Meter(point, _) if point.import.is_none() => "fill-gap",
        What::Meter(point, _) => source_class(point.kind),
        What::Left(_, sums) => match sums.verdict {
            Verdict::Loss => "fill-loss",
            Verdict::Incomplete => "fill-gap",
            Verdict::WithinError | Verdict::Negative => "fill-within",
        },
        What::Untracked(_) => "fill-untracked",
        What::Others(..) | What::Returned(_) => "fill-load",
    }
}

/// A band has the colour of what it carries: of a loss its own, of a source its own, from a source on
/// the source's.
fn band_class(branch: &Branch<'_>, node: Option<&Point>) -> String {
    let class = match &branch.what {
        What::Meter(point, _) if point.import.is_none() => "fill-gap",
        What::Meter(point, _) if point.kind != SourceKind::Load => source_class(point.kind),
        What::Meter(..) | What::Others(..) => {
            node.map_or("fill-load", |node| source_class(node.kind))
        }
        what => bar_class(what),
    };
    let is_whole = matches!(&branch.what, What::Left(..) | What::Untracked(_));
    if is_whole { class.to_owned() } else { format!("{class} band") }
}
