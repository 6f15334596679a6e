//! The months over bills and trades: the one that is shown, and the ways to its neighbours.

use domain::month::Month;
use domain::view::PeriodContext;
use markup::{Html, html};
use service::pages::Query;

use texts::words::period as words;
use ui::drawing::parts::time;

/// The bar. Months that have not begun are not offered; `usual` gives, of the running month, the one
/// that is shown where none is asked for.
pub(crate) fn bar(shown: Option<&PeriodContext>, query: &Query, usual: fn(Month) -> Month) -> Html {
    let Some(shown) = shown else { return Html::default() };
    let running = Month::of(shown.today());
    let asked = query.get("month").and_then(|month| month.parse().ok());
    let month = asked.unwrap_or_else(|| usual(running));
    let rest = query.without(&["month"]);
    let step = |to: Month, rel: &'static str, name: &'static str, path: &'static str| {
        let keys = if rel == "prev" { super::EARLIER_KEYS } else { super::LATER_KEYS };
        let arrow = html! {
            <svg width="8" height="10" viewBox="0 0 8 10" aria-hidden="true">
                <path d=path />
            </svg>
        };
        if to > running {
            return html! { <span class="segment arrow is-off">{arrow}</span> };
        }
        let and = if rest.is_empty() { "" } else { "&" };
        let href = format!("?{rest}{and}month={to}");
        html! {
            <a class="segment arrow" id=rel rel=rel href=href aria-label=name data-key=keys>
                {arrow}
            </a>
        }
    };
    html! {
        <div class="segments months">
            {step(month.previous(), "prev", words::MONTH_BEFORE.get(), "M6 1L2 5l4 4")}
            <span class="segment" aria-current="true">
                {time::month(month)}
            </span>
            {step(month.next(), "next", words::MONTH_AFTER.get(), "M2 1l4 4l-4 4")}
        </div>
    }
}
