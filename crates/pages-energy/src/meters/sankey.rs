//! The flow of energy as a Sankey figure: its bars and bands in pixels down and in columns across.

pub(crate) mod data_table;
mod label;
mod picture;

use super::{Drawn, Here, PACE_S};
use crate::parts::segment;
use crate::steps;
use domain::losses::balance::Verdict;
use domain::meters::SourceKind;
use domain::meters::view::flow::{FlowPage, Point, What};
use domain::meters::view::sankey::{Band, Branch, Heading, Sankey};
use markup::{Html, html};
use texts::language::Text;
use texts::words::flow as words;
use ui::components::balance_bar::source_class;
use ui::components::chart::{percent, short};
use ui::drawing::files::Downloads;
use ui::drawing::parts::{Clock, kwh};

/// Live power is drawn anew this often.
const LIVE_S: u32 = 5;
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
            let phrase = steps::phrase(shown);
            (words::flow_title(&phrase), words::flow_note(&input))
        }
    };
    let downloads = Downloads::of(shown);
    let table = || data_table::meters(page);
    let offered = if has_flow(&sankey) {
        let unit = if page.is_live { "kW" } else { "kWh" };
        let titled = downloads.titled(&format!("{title}, {unit}"));
        downloads.offer_chart("meters", table, || Some(picture::draw(&sankey, &titled)))
    } else {
        downloads.offer("meters", table)
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
            {offered}
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

/// The colours of what is left over, with their names; the other bars are named.
fn legend_items() -> [(&'static str, Text); 4] {
    [
        ("fill-loss", words::LOSS),
        ("fill-within", words::WITHIN_ERROR),
        ("fill-short", words::NEGATIVE_LONG),
        ("fill-gap", words::NOT_READ),
    ]
}

fn legend() -> Html {
    let item = |(class, name): (&'static str, Text)| {
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
        <p class="legend-line pane-legend">{legend_items().map(item)}</p>
    }
}

/// Whether there is anything to draw.
fn has_flow(sankey: &Sankey<'_>) -> bool {
    !sankey.headings.is_empty() && sankey.scale > 0.0
}

/// The name of a column.
fn heading(heading: Heading) -> String {
    match heading {
        Heading::Sources => words::SOURCES.into(),
        Heading::Level(level) => words::level(level),
        Heading::None => String::new(),
    }
}

fn figure(sankey: &Sankey<'_>, here: Here<'_>) -> Html {
    let count = sankey.headings.len();
    if !has_flow(sankey) {
        return html! { <p class="sheet-empty">{words::NOTHING_FLOWS}</p> };
    }
    let figure = Figure { count: count as f64, height: sankey.height, scale: sankey.scale, here };
    let head = |(at, of): (usize, &Heading)| {
        html! {
            <text class="sankey-head" x=figure.x(at) y="12">
                {heading(*of)}
            </text>
        }
    };
    let headings = sankey.headings.iter().enumerate().map(head).collect::<Html>();
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
    count: f64,
    height: f64,
    scale: f64,
    here: Here<'a>,
}

impl Figure<'_> {
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
        // The drawing of a meter selects it, as the link beside it does for whoever goes by keyboard.
        let drawn = if let Some(point) = own {
            html! {
                <a
                    class="flow"
                    href=self.here.meter(point.id)
                    data-meter=point.id.to_string()
                    aria-current=self.here.current(point.id)
                    tabindex="-1"
                    aria-hidden="true"
                >
                    {drawn}
                </a>
            }
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

    fn band(self, band: Band, class: String) -> Html {
        html! {
            <svg
                width="100%"
                height=short(self.height)
                viewBox=format!("0 0 {} {}", short(self.count), short(self.height))
                preserveAspectRatio="none"
            >
                <path class=class d=path(band, 1.0) />
            </svg>
        }
    }

    fn bar(self, branch: &Branch<'_>) -> Html {
        let x = self.x(branch.column);
        let bar = branch.bar;
        let height = bar.height.max(1.0);
        let rect = |class: &'static str, y: f64, width: &'static str, height: f64| {
            html! { <rect class=class x=x.clone() y=short(y) width=width height=short(height) /> }
        };
        let body = rect(bar_class(&branch.what), bar.y, "10", height);
        let foot = foot(branch, self.scale)
            .map(|(class, size)| rect(class, bar.y + height - size, "24", size));
        html! {
            {foot}
            {body}
        }
    }
}

/// The outline of a band between columns that are so wide.
fn path(band: Band, column: f64) -> String {
    let left = band.column as f64;
    let (a, b, h) = (band.left, band.right, band.height);
    let [left, middle, right] = [left, left + 0.5, left + 1.0].map(|at| short(at * column));
    let [a0, b0, a1, b1] = [a, b, a + h, b + h].map(short);
    format!(
        "M{left} {a0}C{middle} {a0} {middle} {b0} {right} {b0}V{b1}\
         C{middle} {b1} {middle} {a1} {left} {a1}Z"
    )
}

/// The foot of a bar, for what is lost of a folded node or missing at the other end: how it is filled, and its height.
fn foot(branch: &Branch<'_>, scale: f64) -> Option<(&'static str, f64)> {
    let What::Meter(point, _) = &branch.what else { return None };
    let sums = point.balance.as_ref()?;
    let class = match sums.verdict {
        Verdict::Loss => "fill-loss",
        Verdict::Negative => "fill-short",
        Verdict::Incomplete => "fill-gap",
        Verdict::WithinError => return None,
    };
    let left = sums.left();
    let is_shown = branch.branches.is_empty() || left < 0.0;
    is_shown.then(|| (class, (left.abs() * scale).max(LEAST_FOOT)))
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
