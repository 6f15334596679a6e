//! The transformers that were considered, each with its load and solar against their limits.

use domain::grid::view::{Candidate, Check, Form, Limit, Verdict, Voltage};
use markup::{Html, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::voltage::percent;
use super::{address, distance};
use texts::words::grid as words;
use ui::components::mark::Shape;
use ui::drawing::parts::grid::kw;
use ui::drawing::parts::mark;

pub(super) fn draw(form: &Form, check: &Check) -> Html {
    let rows = check.candidates.iter().enumerate();
    let rows = rows.map(|(at, candidate)| row(form, check, at, candidate)).collect::<Html>();
    html! {
        <table class="table candidates">
            <caption class="sr">{words::CANDIDATES}</caption>
            <thead>
                <tr>
                    <th scope="col" class="col-rank">
                        <span class="sr">{words::RANK}</span>
                    </th>
                    <th scope="col">{words::TRANSFORMER}</th>
                    <th scope="col" class="col-limit">
                        {words::LOAD}
                        <span class="unit">{words::LOAD_UNIT}</span>
                    </th>
                    <th scope="col" class="col-limit">
                        {words::SOLAR}
                        <span class="unit">{words::SOLAR_UNIT}</span>
                    </th>
                    <th scope="col" class="num">
                        {words::VOLTAGE}
                        <span class="unit">{words::PERCENT}</span>
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn row(form: &Form, check: &Check, at: usize, candidate: &Candidate) -> Html {
    let is_chosen = check.chosen == Some(at);
    let shape = if candidate.verdict == Verdict::Feasible { Shape::Good } else { Shape::Alarm };
    let href = address(form, None, Some(&candidate.id));
    let about = format!(
        "{} {}, {}",
        candidate.capacity.normalize(),
        words::KVA,
        distance(candidate.distance_m)
    );
    html! {
        <tr class=if is_chosen { "is-chosen" } else { "" }>
            <td class="col-rank">
                <span class="rank">{at + 1} {mark(shape)}</span>
                <span class="sr">{words::verdict(candidate.verdict)}</span>
            </td>
            <th scope="row">
                <a
                    class="row-link"
                    id=format!("tx-{}", candidate.id)
                    href=href
                    aria-current=is_chosen.then_some("true")
                    data-noscroll
                >
                    {candidate.name.clone()}
                </a>
                <span class="note">{about}</span>
            </th>
            <td class="col-limit">{limit(candidate.consumption, candidate.capacity)}</td>
            <td class="col-limit">{limit(candidate.production, candidate.capacity)}</td>
            <td class="num">{candidate.voltage.as_ref().map(voltage)}</td>
        </tr>
    }
}

/// Both scenarios, before and after.
fn voltage(voltage: &Voltage) -> Html {
    html! {
        <span class="volts">{percent(voltage.peak_load)}</span>
        <span class="volts note">{percent(voltage.full_production)}</span>
    }
}

/// What is connected, what would be added, and the limit, on the scale of the capacity.
fn limit(limit: Limit, capacity: Decimal) -> Html {
    let share = |value: Decimal| {
        let share = value.checked_div(capacity).and_then(|share| share.to_f64()).unwrap_or(0.0);
        share.clamp(0.0, 1.0) * 100.0
    };
    let (before, after) = (share(limit.connected), share(limit.sum()));
    let width = |value: f64| format!("{value:.1}%");
    let added = if limit.holds() { "limit-added" } else { "limit-over" };
    let text = format!("{} / {}", kw(limit.sum()), kw(limit.limit));
    let place = width(share(limit.limit));
    html! {
        <svg class="limit-bar" width="100%" height="14" aria-hidden="true">
            <rect class="limit-scale" y="3" width="100%" height="8" />
            <rect class="limit-load" y="3" width=width(before) height="8" />
            <rect class=added x=width(before) y="3" width=width(after - before) height="8" />
            <line class="limit-line" x1=place.clone() x2=place y1="0" y2="14" />
        </svg>
        <span class=if limit.holds() { "limit-text" } else { "limit-text is-over" }>{text}</span>
    }
}
