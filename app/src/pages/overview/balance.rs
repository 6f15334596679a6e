//! What goes in against what comes out, on one scale that ends at one line.

use chrono::TimeDelta;
use domain::live::{BalanceLive, Snapshot};
use domain::losses::balance::Verdict;
use domain::overview::segments;
use leptos::prelude::*;

use texts::figures;
use texts::language::Text;
use texts::time::SiteClock;
use texts::words::overview as words;
use ui::components::balance_bar::{
    NEGATIVE, Part, UNKNOWN, fold, live_bar, short_names, source_class, unlabelled,
};
use ui::components::chart::percent;
use ui::components::chart::scale::{Scale, tick_places};
use ui::components::erased_view::Erase as _;
use ui::components::figure;
use ui::components::reactive::{piece, text, word};
use ui::live::Live;

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
    if let Some((count, kw)) = segments.fed_back.filter(|(_, kw)| *kw >= 0.05) {
        sources.push(Part { name: words::fed_back(count), kw, class: LOAD });
    }
    let loads = segments.loads.iter().map(|&(id, kw)| Part { name: name(id), kw, class: LOAD });
    let mut loads = fold(short_names(loads.collect()), MOST, words::others);
    let returned = segments.returned.iter().filter(|(_, kw)| *kw >= 0.05);
    loads.extend(returned.map(|&(id, kw)| Part {
        name: words::returned(&name(id)),
        kw,
        class: "fill-load",
    }));
    let whole = &snapshot.whole;
    if whole.unmetered_kw >= 0.05 {
        loads.push(Part { name: words::UNMETERED.into(), kw: whole.unmetered_kw, class: UNKNOWN });
    }
    let loss = whole.loss_kw;
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
    let said = move |say: fn(&Bars, &BalanceLive) -> String| {
        text(move || {
            let (bars, whole) = &*model.read();
            say(bars, whole)
        })
    };
    let row = move |parts: fn(&Bars) -> &Vec<Part>| {
        live_bar(Memo::new(move |_| model.with(|(bars, _)| (parts(bars).clone(), bars.total))))
    };
    let side = |name: Text, value: Signal<String>| {
        view! {
            <p class="balance-side">
                <strong>{name}</strong>
                " "
                <span>{value}</span>
            </p>
        }
        .erased()
    };
    let window = text(move || window(&model.read().1, live.clock()));
    let total = Memo::new(move |_| model.read().0.total);
    view! {
        <section class="balance">
            <h2>
                {words::BALANCE} " " <span class="note">{window}</span>
                <span class="note balance-small">{said(|bars, _| small(bars))}</span>
            </h2>
            <div class="balance-grid">
                {side(words::IN, said(|_, whole| shown(whole, whole.in_kw)))}
                {row(|bars| &bars.sources)}
                <p class="balance-end">{said(|bars, _| idle(bars))}</p>
                {side(words::OUT, said(|_, whole| shown(whole, whole.out_kw)))}
                {row(|bars| &bars.loads)}
                <p class=word(move || end_class(model.read().1.verdict))>
                    <strong>{said(|bars, _| bars.loss.map(loss).unwrap_or_default())}</strong>
                    " "
                    <span>{said(share)}</span>
                </p>
                {piece(move || Some(total.get()).filter(|total| *total > 0.0).map(axis))}
            </div>
        </section>
    }
    .erased()
}

fn kw(value: f64) -> String {
    figures::fixed(value, 1)
}

fn loss(value: f64) -> String {
    words::loss(&kw(value))
}

fn window(whole: &BalanceLive, clock: SiteClock) -> String {
    let of =
        |until| words::mean_of(&clock.minute(until - TimeDelta::minutes(15)), &clock.minute(until));
    whole.until.map(of).unwrap_or_default()
}

fn shown(whole: &BalanceLive, value: f64) -> String {
    format!("{} kW", figure::fixed(whole.until.map(|_| value), 1))
}

/// The loads that are too small for a label.
fn small(bars: &Bars) -> String {
    let loads: Vec<_> = bars.loads.iter().filter(|part| part.class == LOAD).cloned().collect();
    unlabelled(&loads, bars.total).join(", ")
}

fn idle(bars: &Bars) -> String {
    let said: Vec<_> =
        bars.idle.iter().map(|part| format!("{} {}", part.name, kw(part.kw))).collect();
    said.join(", ")
}

fn share(bars: &Bars, whole: &BalanceLive) -> String {
    let share = whole.loss_percent.filter(|_| bars.loss.is_some());
    share.map(|share| words::of_input(&kw(share))).unwrap_or_default()
}

const fn end_class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Loss => "balance-end is-loss",
        Verdict::Negative => "balance-end is-negative",
        Verdict::WithinError | Verdict::Incomplete => "balance-end",
    }
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
