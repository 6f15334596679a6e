//! The first loss figure: early and said to be, then as everywhere else.

use chrono::{DateTime, TimeDelta, Utc};
use domain::live::BalanceLive;
use domain::losses::balance::{Balance, Verdict};
use domain::overview::money;
use domain::overview::start::{FirstLoss, StartPage};
use markup::{Html, html};
use service::Action;

use texts::time::duration;
use texts::words::start as words;
use texts::{figures, language};
use ui::drawing::parts::verdict;
use ui::drawing::{Shape, at, mark, may};

pub(super) fn draw(page: &StartPage) -> Html {
    match &page.loss {
        FirstLoss::NoMeters => html! { <p>{words::NO_METERS}</p> },
        FirstLoss::Soon(left) => {
            html! { <p>{words::soon(left.num_seconds().max(1))}</p> }
        }
        FirstLoss::Held(names) => html! {
            <p>
                {mark(Shape::Stale)} " " {words::held(&names.join(", "))}
            </p>
        },
        FirstLoss::Early { from, to, left, balance } => early(balance, *from, *to, *left),
        FirstLoss::Known { balance, loss_kw } => known(page, balance, *loss_kw),
    }
}

/// Decimals for all the terms of a balance of so much energy, so that they add up.
fn decimals(kwh: f64) -> usize {
    match kwh.abs() {
        ..1.0 => 3,
        1.0..10.0 => 2,
        _ => 1,
    }
}

fn early(balance: &Balance, from: DateTime<Utc>, to: DateTime<Utc>, left: TimeDelta) -> Html {
    let places = decimals(balance.source.0);
    let kwh = |value: f64| figures::fixed(value, places);
    let percent = balance.loss_percent.map(|percent| figures::fixed(percent, 1));
    let loss = balance.left().0;
    let headline = match balance.verdict {
        Verdict::Loss => words::early_lost(&kwh(loss), percent.as_deref()),
        Verdict::Negative => words::early_negative(&kwh(-loss)),
        Verdict::WithinError | Verdict::Incomplete => words::early_within(&kwh(loss)),
    };
    let check = (balance.verdict == Verdict::Negative).then(|| words::NEGATIVE.get());
    let lasted = duration(to - from);
    let left = duration(left.max(TimeDelta::minutes(1)));
    html! {
        <p class="start-loss">
            {mark(verdict(balance.verdict).0)} " " <strong>{headline}</strong>
        </p>
        <p>
            {words::early_terms(
                &kwh(balance.source.0),
                &kwh(balance.destination.0),
                &kwh(balance.error.0),
            )} " " {check}
        </p>
        <p class="note">{words::early_from(&lasted, &left)}</p>
    }
}

fn known(page: &StartPage, balance: &BalanceLive, loss: f64) -> Html {
    let slug = page.slug.as_deref();
    let percent = balance.loss_percent.map(|percent| figures::fixed(percent, 1));
    let kw = |value: f64| figures::fixed(value, 1);
    let headline = match balance.verdict {
        Verdict::Loss => words::lost(&kw(loss), percent.as_deref()),
        Verdict::Negative => words::negative(&kw(-loss)),
        Verdict::WithinError | Verdict::Incomplete => words::within(&kw(loss)),
    };
    let cost = balance.cost_per_hour.filter(|_| balance.verdict == Verdict::Loss);
    let cost =
        cost.map(|cost| words::costs(&language::now().marks(money(cost, &page.site.currency))));
    let check = (balance.verdict == Verdict::Negative).then(|| words::NEGATIVE.get());
    let next = page.main.as_ref().filter(|_| may(Action::Configure)).map(|main| {
        html! {
            <a id="add-next" class="button" href=super::below_main(page, main)>
                {words::NEXT}
            </a>
        }
    });
    html! {
        <p class="start-loss">
            {mark(verdict(balance.verdict).0)} " " <strong>{headline}</strong> " " {cost}
        </p>
        <p>
            {words::terms(&kw(balance.in_kw), &kw(balance.out_kw), &kw(balance.error_kw))} " "
            {check}
        </p>
        <p class="actions">
            <a id="to-overview" class="button button-main" href=at(slug, "/", &[])>
                {words::TO_OVERVIEW}
            </a>
            <a id="to-losses" class="button" href=at(slug, "/losses", &[])>
                {words::TO_LOSSES}
            </a>
            {next}
        </p>
    }
}
