//! What goes in against what comes out, on one scale that ends at one line.

use crate::figures;
use chrono::TimeDelta;
use domain::balance::Verdict;
use domain::live::{BalanceLive, Snapshot};
use domain::meter::SourceKind;
use domain::overview::segments;
use leptos::prelude::*;

use crate::components::balance_bar::{NEGATIVE, Part, UNKNOWN, bar, fold, short_names, unlabelled};
use crate::components::chart::percent;
use crate::components::chart::scale::{Scale, tick_places};
use crate::components::figure;
use crate::components::lean::piece;
use crate::components::whole::{AtOnce as _, Whole};
use crate::live::Live;
use crate::time::SiteClock;
use crate::words::overview as words;

/// More pieces than this are not told apart.
const MOST: usize = 9;
const LOAD: &str = "fill-load1";

/// The two bars in kW.
#[derive(Debug, Clone, PartialEq)]
struct Bars {
    sources: Vec<Part>,
    idle: Vec<Part>,
    loads: Vec<Part>,
    total: f64,
    loss: Option<f64>,
}

/// Colour of a source.
pub(crate) const fn source_class(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Grid => "fill-grid",
        SourceKind::Solar => "fill-solar",
        SourceKind::Diesel => "fill-diesel",
        SourceKind::Battery => "fill-battery",
        SourceKind::Load => "fill-load",
    }
}

fn bars(snapshot: &Snapshot) -> Bars {
    let segments = segments(snapshot);
    let name = |id| snapshot.card(id).map_or_else(String::new, |card| card.name.clone());
    let sources = segments.sources.iter().map(|&(id, kind, kw)| Part {
        name: name(id),
        kw,
        class: source_class(kind),
    });
    // What would be shown as 0.0 is idle.
    let (mut sources, idle): (Vec<_>, Vec<_>) = sources.partition(|part| part.kw >= 0.05);
    let loads = segments.loads.iter().map(|&(id, kw)| Part { name: name(id), kw, class: LOAD });
    let mut loads = fold(short_names(loads.collect()), MOST, words::others);
    let whole = &snapshot.whole;
    let loss = (whole.verdict != Verdict::Incomplete).then_some(whole.loss_kw);
    if let Some(kw) = loss.filter(|&kw| kw > 0.0) {
        let class = if whole.verdict == Verdict::WithinError { "fill-within" } else { "fill-loss" };
        loads.push(Part { name: words::LOSS_PART.into(), kw, class });
    }
    let sum = |parts: &[Part]| parts.iter().map(|part| part.kw.max(0.0)).sum::<f64>();
    let (into, out) = (sum(&sources), sum(&loads));
    sources.extend(rest_of_input(snapshot, out - into));
    Bars { total: sum(&sources).max(out), sources, idle, loads, loss }
}

/// What is missing on the side of the input: a silent source, or a negative loss.
fn rest_of_input(snapshot: &Snapshot, kw: f64) -> Option<Part> {
    let silent = snapshot.meters.iter().find(|card| {
        let is_source = card.parent.is_none() || card.feeds_parent;
        is_source && snapshot.value(card.id).is_some_and(|value| value.mean_kw.is_none())
    });
    match (snapshot.whole.verdict, silent) {
        (Verdict::Incomplete, Some(card)) if kw > 0.0 => {
            Some(Part { name: words::unknown(&card.name), kw, class: UNKNOWN })
        }
        (Verdict::Negative, _) if kw > 0.0 => {
            Some(Part { name: words::NEGATIVE_LOSS.into(), kw, class: NEGATIVE })
        }
        _ => None,
    }
}

#[component]
pub(super) fn Balance(live: Live) -> impl IntoView {
    let model = Memo::new(move |_| live.read(|snapshot| (bars(snapshot), snapshot.whole.clone())));
    piece(move || {
        let (bars, whole) = &*model.read();
        balance(bars, whole, live.clock())
    })
}

fn balance(bars: &Bars, whole: &BalanceLive, clock: SiteClock) -> Whole {
    let Bars { sources, idle, loads, total, loss } = bars;
    let total = *total;
    let kw = |value: f64| figures::fixed(value, 1);
    let window = whole.until.map(|until| {
        words::mean_of(&clock.minute(until - TimeDelta::minutes(15)), &clock.minute(until))
    });
    let small: Vec<_> = loads.iter().filter(|part| part.class == LOAD).cloned().collect();
    let idle: Vec<_> = idle.iter().map(|part| format!("{} {}", part.name, kw(part.kw))).collect();
    let side = |name: &'static str, value: f64| {
        let value = figure::fixed(whole.until.map(|_| value), 1);
        view! {
            <p class="balance-side">
                <strong>{name}</strong>
                " "
                <span>{format!("{value} kW")}</span>
            </p>
        }
    };
    let class = match whole.verdict {
        Verdict::Loss => "balance-end is-loss",
        Verdict::Negative => "balance-end is-negative",
        Verdict::WithinError | Verdict::Incomplete => "balance-end",
    };
    let share = whole.loss_percent.filter(|_| loss.is_some());
    view! {
        <section class="balance">
            <h2>
                {words::BALANCE} " " <span class="note">{window}</span>
                <span class="note balance-small">{unlabelled(&small, total).join(", ")}</span>
            </h2>
            <div class="balance-grid">
                {side(words::IN, whole.in_kw)}
                {bar(sources, total, None)}
                <p class="balance-end">{idle.join(", ")}</p>
                {side(words::OUT, whole.out_kw)}
                {bar(loads, total, None)}
                <p class=class>
                    <strong>{loss.map(|loss| words::loss(&kw(loss)))}</strong>
                    " "
                    <span>{share.map(|share| words::of_input(&kw(share)))}</span>
                </p>
                {(total > 0.0).then(|| axis(total))}
            </div>
        </section>
    }
    .at_once()
}

fn axis(total: f64) -> impl IntoView {
    let scale = Scale::new(0.0, total);
    let ticks = scale.ticks(6);
    let places = tick_places(&ticks);
    let tick = |value: f64| {
        let x = percent(scale.percent(value));
        let unit = if value == 0.0 { " kW" } else { "" };
        view! {
            <line x1=x.clone() x2=x.clone() y1="0" y2="4" />
            <text x=x y="17" text-anchor="middle">
                {figures::fixed(value, places) + unit}
            </text>
        }
    };
    view! {
        <svg class="balance-axis" aria-hidden="true">
            {ticks.into_iter().map(tick).collect_view()}
        </svg>
    }
}
