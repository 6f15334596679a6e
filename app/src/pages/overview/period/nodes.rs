//! The nodes of a period with their loss, the costliest first, each beside itself in the period before.

use domain::losses::balance::Verdict;
use domain::losses::view::{Loss, LossChange};
use domain::overview::comparison::{Compared, ComparedNode, Figure, PeriodOverview};
use markup::{Html, html};
use rust_decimal::prelude::ToPrimitive as _;

use super::super::is_major;
use super::{files, label_before, name};
use texts::figures;
use texts::messages::told;
use texts::words::losses::missing;
use texts::words::overview as words;
use ui::components::figure::{UNKNOWN, fixed};
use ui::drawing::files::Downloads;
use ui::drawing::link;
use ui::drawing::parts::shared::SharedFigures;
use ui::drawing::parts::{kwh, mark, noted, signed, verdict};
use ui::kit::{Column, heads};

pub(super) fn draw(page: &PeriodOverview) -> Html {
    let is_empty = page.now.nodes.is_empty();
    let before = page.before.as_ref().map(|_| {
        html! {
            <th scope="col" class="num">
                {label_before(page)} <span class="unit">"kWh"</span>
            </th>
            <th scope="col" class="num">
                {words::CHANGE} <span class="unit">"kWh"</span>
            </th>
        }
    });
    let table = html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::HOTSPOTS>
            <table class="table">
                <thead>
                    <tr>
                        <th class="col-mark">
                            <span class="sr">{words::STATE}</span>
                        </th>
                        {heads([
                            Column::new(words::NODE),
                            Column::of_figures("kWh"),
                            Column::new(words::ERROR).class("col-error"),
                            Column::of_figures(words::PERCENT),
                            Column::of_figures(figures::currency_sign(&page.shown.site.currency)),
                        ])}
                        {before}
                    </tr>
                </thead>
                <tbody>{page.nodes().map(|node| row(page, &node)).collect::<Html>()}</tbody>
                <tfoot>{sum(page)}</tfoot>
            </table>
        </div>
    };
    html! {
        <section class="hotspots">
            <h2>{noted(words::HOTSPOTS, words::period_nodes(&name(page)))}</h2>
            {(!is_empty).then_some(table)}
            {is_empty.then(|| html! { <p class="note">{words::NO_PERIOD_NODES}</p> })}
            {Downloads::of(&page.shown).offer("hotspots", || files::nodes(page))}
        </section>
    }
}

fn row(page: &PeriodOverview, compared: &ComparedNode<'_>) -> Html {
    let (node, loss) = (compared.node, &compared.node.loss);
    let class = match loss.verdict {
        Verdict::Loss if is_major(loss.kwh, page.now.loss.kwh) => "row is-major",
        _ if is_quiet(loss) => "row is-quiet",
        _ => "row",
    };
    // There is no room for a cause beside the columns of the period before.
    let is_cause = !is_quiet(loss) && node.cause.is_some();
    let has_room = page.before.is_none() || !is_cause;
    let remark = has_room.then(|| remark(page, compared)).flatten();
    let before = page.before.as_ref().map(|_| {
        html! {
            <td class="num">{fixed(compared.before.and_then(|before| before.kwh), 1)}</td>
            <td class="num">{changed(compared)}</td>
        }
    });
    html! {
        <tr id=format!("hotspot-{}", node.id) class=class>
            <td class="col-mark">{mark(verdict(loss.verdict).0)}</td>
            <th scope="row">
                <a href=link(&page.shown, &format!("/losses?node={}", node.id))>{&node.name}</a>
                " "
                <span class="remark">{remark}</span>
            </th>
            {cells(loss, None)}
            {before}
        </tr>
    }
}

/// The change; grey where it is within the error.
fn changed(compared: &ComparedNode<'_>) -> Html {
    let kwh = difference(compared.change.map(|change| change.kwh));
    if compared.change.is_some_and(LossChange::is_within_error) {
        html! {
            <span class="note" title=words::WITHIN>
                {kwh}
                <span class="sr">" " {words::WITHIN}</span>
            </span>
        }
    } else {
        html! { {kwh} }
    }
}

/// The meter that a node lacks, the likely cause of its loss, or that it was no node before.
pub(super) fn remark(page: &PeriodOverview, compared: &ComparedNode<'_>) -> Option<String> {
    let (node, loss) = (compared.node, &compared.node.loss);
    let is_new =
        page.before.as_ref().is_some_and(|before| before.is_read) && compared.before.is_none();
    match (loss.missing.first(), &node.cause) {
        (Some(first), _) if loss.verdict == Verdict::Incomplete => {
            Some(missing(first, loss.missing.len() - 1))
        }
        (_, Some(cause)) if !is_quiet(loss) => Some(told(cause)),
        _ => is_new.then(|| words::NEW_NODE.into()),
    }
}

const fn is_quiet(loss: &Loss) -> bool {
    matches!(loss.verdict, Verdict::WithinError | Verdict::Incomplete)
}

fn sum(page: &PeriodOverview) -> Html {
    let Compared { value, before, change } = page.compare(Figure::Loss);
    let kwh = change.and(value.zip(before)).map(|(now, before)| now - before);
    let compared = page.before.as_ref().map(|_| {
        html! {
            <td class="num">{fixed(before, 1)}</td>
            <td class="num">{difference(kwh)}</td>
        }
    });
    html! {
        <tr class="sum">
            <td></td>
            <th scope="row">{words::ALL_NODES}</th>
            {cells(&page.now.loss, Some(SharedFigures::of(&page.shown)))}
            {compared}
        </tr>
    }
}

fn difference(kwh: Option<f64>) -> String {
    kwh.map_or_else(|| UNKNOWN.to_owned(), |kwh| signed(kwh, 1))
}

/// kWh, error, per cent and savings of a loss; dashes where it is not known, and for the savings of what is
/// probably a meter that reads wrong. Those of the site carry their keys.
fn cells(loss: &Loss, shared: Option<SharedFigures<'_>>) -> Html {
    let figure = |name, text: String| {
        if let Some(shared) = shared {
            shared.mark(name, text)
        } else {
            html! { {text} }
        }
    };
    let lost = loss.kwh.map_or_else(|| UNKNOWN.to_owned(), kwh);
    let error = loss.kwh.map(|_| format!("± {}", figures::fixed(loss.error_kwh, 1)));
    let saved = loss.saving.filter(|_| loss.kwh.is_some());
    let saved = saved.and_then(|saving| saving.cost?.to_f64());
    html! {
        <td class="num kw">{figure("loss.kwh", lost)}</td>
        <td class="col-error">{error.unwrap_or_else(|| UNKNOWN.to_owned())}</td>
        <td class="num">{figure("loss.percent", fixed(loss.percent, 1))}</td>
        <td class="num col-money">{fixed(saved, 2)}</td>
    }
}
