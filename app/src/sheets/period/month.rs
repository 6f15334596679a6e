//! The months over the bills: the one that is shown, and the ways to its neighbours.

use chrono::{Datelike as _, Months, NaiveDate};
use domain::view::Shown;
use leptos::prelude::*;
use service::pages::Query;

use crate::words::period as words;

/// The bar. Months that have not begun are not offered.
pub(super) fn bar(shown: Option<&Shown>, query: &Query) -> AnyView {
    let Some(shown) = shown else { return ().into_any() };
    let this = first(shown.today());
    let month = query.get("month").and_then(parse).unwrap_or_else(|| latest(this));
    let rest = query.without(&["month"]);
    let step =
        |to: Option<NaiveDate>, rel: &'static str, name: &'static str, path: &'static str| {
            let arrow = view! {
                <svg width="8" height="10" viewBox="0 0 8 10" aria-hidden="true">
                    <path d=path />
                </svg>
            };
            match to.filter(|to| *to <= this) {
                Some(to) => view! {
                    <a class="segment arrow" id=rel rel=rel href=href(&rest, to) aria-label=name>
                        {arrow}
                    </a>
                }
                .into_any(),
                None => view! { <span class="segment arrow is-off">{arrow}</span> }.into_any(),
            }
        };
    view! {
        <div class="segments months">
            {step(month.checked_sub_months(Months::new(1)), "prev", words::MONTH_BEFORE, "M6 1L2 5l4 4")}
            <span class="segment" aria-current="true">
                {format!("{} {}", domain::period::month(month), month.year())}
            </span>
            {step(month.checked_add_months(Months::new(1)), "next", words::MONTH_AFTER, "M2 1l4 4l-4 4")}
        </div>
    }
    .into_any()
}

fn href(rest: &str, month: NaiveDate) -> String {
    let and = if rest.is_empty() { "" } else { "&" };
    format!("?{rest}{and}month={}", month.format("%Y-%m"))
}

fn first(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

/// The month that is billed next: the last one that is over.
fn latest(this: NaiveDate) -> NaiveDate {
    this.checked_sub_months(Months::new(1)).unwrap_or(this)
}

fn parse(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()
}
