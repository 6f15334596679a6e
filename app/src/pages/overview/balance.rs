//! What goes in against what comes out, on one scale that ends at one line.

use chrono::TimeDelta;
use domain::live::Snapshot;
use domain::losses::balance::Verdict;
use domain::overview::{clock, segments};
use markup::{Html, html};

use super::{Names, name};
use texts::figures;
use texts::language::Text;
use texts::words::overview as words;
use ui::components::balance_bar::{
    NEGATIVE, Part, UNKNOWN, bar, fold, short_names, source_class, unlabelled,
};
use ui::components::chart::percent;
use ui::components::chart::scale::{Scale, tick_places};
use ui::components::figure;

/// More pieces than this are not told apart.
const MOST: usize = 9;
const LOAD: &str = "fill-load1";

/// The two bars in kW.
struct Bars {
    sources: Vec<Part>,
    idle: Vec<Part>,
    loads: Vec<Part>,
    total: f64,
    loss: Option<f64>,
}

fn bars(snapshot: &Snapshot, names: &Names) -> Bars {
    let segments = segments(snapshot);
    let name = |id| name(names, id);
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

pub(super) fn draw(now: &Snapshot, names: &Names) -> Html {
    let whole = &now.whole;
    let bars = bars(now, names);
    let window = whole.until.map(|until| {
        let [from, to] = [until - TimeDelta::minutes(15), until].map(|at| clock(&now.site, at));
        words::mean_of(&from, &to)
    });
    let side = |name: Text, value| {
        let value = figure::fixed(whole.until.map(|_| value), 1);
        html! { <p class="balance-side"><strong>{name}</strong> " " <span>{value} " kW"</span></p> }
    };
    let share = whole.loss_percent.filter(|_| bars.loss.is_some());
    let idle = bars.idle.iter().map(|part| format!("{} {}", part.name, kw(part.kw)));
    html! {
        <section class="balance">
            <h2>
                {words::BALANCE} " " <span class="note">{window}</span>
                <span class="note balance-small">{small(&bars)}</span>
            </h2>
            <div class="balance-grid">
                {side(words::IN, whole.in_kw)}
                {bar(&bars.sources, bars.total, None)}
                <p class="balance-end">{idle.collect::<Vec<_>>().join(", ")}</p>
                {side(words::OUT, whole.out_kw)}
                {bar(&bars.loads, bars.total, None)}
                <p class=end_class(whole.verdict)>
                    <strong>{bars.loss.map(|loss| words::loss(&kw(loss)))}</strong>
                    " "
                    <span>{share.map(|share| words::of_input(&kw(share)))}</span>
                </p>
                {(bars.total > 0.0).then(|| axis(bars.total))}
            </div>
        </section>
    }
}

fn kw(value: f64) -> String {
    figures::fixed(value, 1)
}

/// The loads that are too small for a label.
fn small(bars: &Bars) -> String {
    let loads: Vec<_> = bars.loads.iter().filter(|part| part.class == LOAD).cloned().collect();
    unlabelled(&loads, bars.total).join(", ")
}

const fn end_class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Loss => "balance-end is-loss",
        Verdict::Negative => "balance-end is-negative",
        Verdict::WithinError | Verdict::Incomplete => "balance-end",
    }
}

fn axis(total: f64) -> Html {
    let scale = Scale::new(0.0, total);
    let ticks = scale.ticks(6);
    let places = tick_places(&ticks);
    let tick = |value: f64| {
        let x = percent(scale.percent(value));
        let unit = if value == 0.0 { " kW" } else { "" };
        html! {
            <line x1=&x x2=&x y1="0" y2="4" />
            <text x=&x y="17" text-anchor="middle">
                {figures::fixed(value, places) + unit}
            </text>
        }
    };
    html! {
        <svg class="balance-axis" aria-hidden="true">
            {ticks.into_iter().map(tick).collect::<Html>()}
        </svg>
    }
}
