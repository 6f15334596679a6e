//! The losses in one sentence, and what stands behind it.

use super::change;
use crate::steps;
use domain::losses::balance::Verdict;
use domain::losses::nature::{Nature, Saving};
use domain::losses::view::{Loss, LossesPage, NodeLoss};
use domain::view::{COMPARABLE, PeriodContext};
use markup::{Html, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;
use texts::figures;
use texts::words::losses as words;
use ui::components::figure::change_percent;
use ui::drawing::parts::shared::SharedFigures;
use ui::drawing::parts::{Clock, kwh, percent, price};

pub(super) fn sentence(page: &LossesPage) -> String {
    let phrase = steps::phrase(&page.shown);
    let whole = &page.whole;
    let Some(kwh) = whole.kwh else {
        return words::blind(&missing(whole, words::unknown), &phrase);
    };
    match whole.verdict {
        Verdict::WithinError | Verdict::Incomplete => {
            words::balanced(&figures::about(kwh), &phrase, &figures::about(whole.error_kwh))
        }
        Verdict::Negative => words::negative(&figures::about(-kwh), &phrase),
        Verdict::Loss => {
            let share = whole.percent.map(|percent| figures::fixed(percent, 1));
            let lost = words::lost(&figures::about(kwh), &phrase, share.as_deref());
            lost + &mostly_at(page).unwrap_or_default()
        }
    }
}

/// The first of the meters that are not known, and how many others there are.
pub(super) fn missing(loss: &Loss, say: fn(&str, usize) -> String) -> String {
    let first = loss.missing.first().map_or("", String::as_str);
    say(first, loss.missing.len().saturating_sub(1))
}

/// What an incomplete node lost while it was complete.
pub(super) fn complete(shown: &PeriodContext, loss: &Loss) -> Option<String> {
    let complete = loss.complete?;
    let at = |at| Clock(shown).within(at);
    let (lost, error) = (kwh(complete.kwh), kwh(complete.error_kwh));
    let share = complete.percent.map(|percent| figures::fixed(percent, 1));
    Some(words::complete(&at(complete.from), &at(complete.to), &lost, &error, share.as_deref()))
}

fn mostly_at(page: &LossesPage) -> Option<String> {
    let first = page.nodes.first().filter(|node| node.loss.verdict == Verdict::Loss)?;
    let share = first.loss.kwh? / page.whole.kwh?;
    let share = (share >= 0.25).then(|| figures::fixed((share * 100.0).min(100.0), 0))?;
    Some(match first.loss.nature {
        Some(Nature::Metering) => words::mostly_metering(&share, &first.name),
        _ => words::mostly_at(&share, &first.name),
    })
}

pub(super) fn saving(shown: &PeriodContext, saving: &Saving) -> String {
    let cost = saving.cost.map(|cost| price(shown, cost));
    let carbon = saving.co2_kg.map(figures::about);
    words::saving(cost.as_deref(), carbon.as_deref(), &kwh(saving.kwh))
}

pub(super) fn detail(page: &LossesPage) -> Html {
    let (shown, whole) = (&page.shown, &page.whole);
    let shared = SharedFigures::of(shown);
    let each = |of: &Saving| of.cost?.checked_div(Decimal::from_f64(of.kwh)?);
    let cost = whole.saving.map(|of| {
        let at = Clock(shown).within(shown.window.to);
        let until = match each(&of) {
            Some(each) => words::until(&at, &price(shown, each.round_dp(2))),
            None => words::until_unpriced(&at),
        };
        let text = saving(shown, &of);
        let marked = if let Some(cost) = of.cost {
            shared.mark_in("loss.saving", &text, &price(shown, cost))
        } else {
            html! { {text} }
        };
        html! {
            <strong>{marked}</strong>
            " "
            {until}
            " "
        }
    });
    let wrong = page.nodes.iter().filter(|node| {
        node.loss.verdict == Verdict::Loss && node.loss.nature == Some(Nature::Metering)
    });
    let (wrong, wrong_kwh) = wrong
        .fold((0, 0.0), |(count, sum), node| (count + 1, sum + node.loss.kwh.unwrap_or_default()));
    let sum = |verdict: Verdict| {
        let nodes = page.nodes.iter().filter(move |node| node.loss.verdict == verdict);
        nodes.filter_map(|node: &NodeLoss| node.loss.kwh).sum::<f64>()
    };
    let count =
        |verdict: Verdict| page.nodes.iter().filter(|node| node.loss.verdict == verdict).count();
    let before = page.before.as_ref().map(|before| {
        let label = change::label(shown);
        let Some(lost) = before.kwh else { return words::not_complete(&label) };
        if before.coverage < COMPARABLE {
            return words::not_comparable(&label, &percent(before.coverage));
        }
        let change = change_percent(whole.kwh, Some(lost));
        let change = change.filter(|_| whole.change_from(before).is_some());
        words::before(&label, shown.is_before_cut(), &kwh(lost), change.as_deref())
    });
    let said = [
        before,
        change::gone(page),
        words::metering_nodes(wrong, &kwh(wrong_kwh)),
        words::negative_nodes(count(Verdict::Negative), &kwh(-sum(Verdict::Negative))),
        words::within_nodes(count(Verdict::WithinError)),
        words::incomplete_nodes(count(Verdict::Incomplete)),
        (whole.unpriced_kwh >= 0.05).then(|| words::unpriced_export(&kwh(whole.unpriced_kwh))),
        (!whole.left_out.is_empty()).then(|| words::left_out(&whole.left_out.join(", "))),
    ];
    let said: Vec<_> = said.into_iter().flatten().collect();
    let coverage = percent(whole.coverage);
    let sure = words::error_and_coverage(&kwh(whole.error_kwh), &coverage);
    html! {
        <p class="state-detail">
            {cost} {shared.mark_in("coverage", &sure, &coverage)} " " {said.join(" ")}
        </p>
    }
}
