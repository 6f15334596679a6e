//! What goes in against what comes out, on one scale that ends at one line.

use chrono::TimeDelta;
use domain::balance::Verdict;
use domain::figures;
use domain::live::Snapshot;
use domain::meter::SourceKind;
use domain::overview::segments;
use leptos::prelude::*;

use crate::components::balance_bar::{Bar, NEGATIVE, Part, UNKNOWN, fold, short_names, unlabelled};
use crate::components::chart::percent;
use crate::components::chart::scale::Scale;
use crate::components::lean::{AtOnce as _, piece, text, text_if, word};
use crate::live::Live;
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
        loads.push(Part { name: words::LOSS_PART.to_owned(), kw, class });
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
            Some(Part { name: words::NEGATIVE_LOSS.to_owned(), kw, class: NEGATIVE })
        }
        _ => None,
    }
}

#[component]
pub(super) fn Balance(live: Live) -> impl IntoView {
    let bars = Memo::new(move |_| live.read(bars));
    let total = Signal::derive(move || bars.read().total);
    let window = text_if(move || {
        let until = live.whole.read().until?;
        let clock = live.clock();
        Some(words::mean_of(&clock.minute(until - TimeDelta::minutes(15)), &clock.minute(until)))
    });
    let kw = move |read: fn(&domain::live::BalanceLive) -> f64| {
        text(move || format!("{} kW", figures::fixed(live.whole.with(read), 1)))
    };
    let idle = text(move || {
        bars.with(|bars| {
            let label = |part: &Part| format!("{} {}", part.name, figures::fixed(part.kw, 1));
            bars.idle.iter().map(label).collect::<Vec<_>>().join(", ")
        })
    });
    let small = text(move || {
        bars.with(|bars| {
            let loads = bars.loads.iter().filter(|part| part.class == LOAD).cloned();
            unlabelled(&loads.collect::<Vec<_>>(), bars.total).join(", ")
        })
    });
    view! {
        <section class="balance">
            <h2>
                {words::BALANCE} " " <span class="note">{window}</span>
                <span class="note balance-small">{small}</span>
            </h2>
            <div class="balance-grid">
                <p class="balance-side">
                    <strong>{words::IN}</strong>
                    " "
                    <span>{kw(|whole| whole.in_kw)}</span>
                </p>
                <Bar parts=Signal::derive(move || bars.read().sources.clone()) total />
                <p class="balance-end">{idle}</p>
                <p class="balance-side">
                    <strong>{words::OUT}</strong>
                    " "
                    <span>{kw(|whole| whole.out_kw)}</span>
                </p>
                <Bar parts=Signal::derive(move || bars.read().loads.clone()) total />
                <Loss live loss=Signal::derive(move || bars.read().loss) />
                <Axis total />
            </div>
        </section>
    }
    .at_once()
}

#[component]
fn Loss(live: Live, loss: Signal<Option<f64>>) -> impl IntoView {
    let class = word(move || match live.whole.read().verdict {
        Verdict::Loss => "balance-end is-loss",
        Verdict::Negative => "balance-end is-negative",
        Verdict::WithinError | Verdict::Incomplete => "balance-end",
    });
    let kw = text_if(move || loss.get().map(|kw| words::loss(&figures::fixed(kw, 1))));
    let share = text_if(move || {
        loss.get()?;
        let percent = live.whole.read().loss_percent?;
        Some(words::of_input(&figures::fixed(percent, 1)))
    });
    view! {
        <p class=class>
            <strong>{kw}</strong>
            " "
            <span>{share}</span>
        </p>
    }
}

#[component]
fn Axis(total: Signal<f64>) -> impl IntoView {
    let ticks = piece(move || {
        let scale = Scale::new(0.0, total.get());
        let tick = |value: f64| {
            let x = percent(scale.percent(value));
            let text = figures::fixed(value, 0);
            view! {
                <line x1=x.clone() x2=x.clone() y1="0" y2="4" />
                <text x=x y="17" text-anchor="middle">
                    {if value == 0.0 { format!("{text} kW") } else { text }}
                </text>
            }
        };
        scale.ticks(6).into_iter().map(tick).collect_view()
    });
    view! {
        <svg class="balance-axis" aria-hidden="true">
            {ticks}
        </svg>
    }
}
