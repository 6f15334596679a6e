//! What the overview adds to today's live figures: the gravest alarms, and the chosen period in one line.

use crate::figures;
use crate::language;
use domain::period::Kind;
use leptos::prelude::*;
use service::pages::{self, Query};
use service::{Error, Principal, Service};

use super::parts::{percent, price};
use super::{alarms, link, sheet};
use crate::api::Sheet;
use crate::words::overview as words;
use crate::words::period::capital;

/// The period alone is left out while it is today, which the page shows anyway.
pub(super) async fn draw(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<Sheet, Error> {
    let shown = match pages::period(service, who, query) {
        Ok(shown) => shown,
        Err(error @ Error::Invalid { .. }) => {
            return Ok(sheet(words::TITLE, view! { <p role="alert">{error.to_string()}</p> }));
        }
        Err(error) => return Err(error),
    };
    let open = pages::open_alarms(service, who, query)?;
    let open = alarms::gravest(&shown.site, &open, link(&shown, "/alarms"));
    let is_today = shown.site.date_at(shown.window.from) == shown.today();
    if shown.period.kind() == Kind::Today && is_today {
        return Ok(sheet(words::TITLE, open));
    }
    let losses = pages::losses(service, who, query).await?;
    let carbon = pages::carbon(service, who, query).await?;
    let whole = &losses.whole;
    let share = whole.percent.map(|percent| figures::fixed(percent, 1));
    let cost = whole.cost.map(|cost| price(&shown, cost));
    let lost = words::period_lost(&figures::about(whole.kwh), share.as_deref(), cost.as_deref());
    let net = words::period_net(&figures::fixed(carbon.sum.net_kg(), 0));
    Ok(sheet(
        words::TITLE,
        view! {
            <p class="state-detail">
                <strong>{capital(&shown.period.label(shown.today(), language::now()))} ": "</strong>
                {words::period_in(&figures::about(whole.in_kwh))} ", "
                <a href=link(&shown, "/losses")>{lost}</a> ", "
                <a href=link(&shown, "/carbon")>{net}</a> ". "
                {words::period_coverage(&percent(whole.coverage))}
            </p>
            {open}
        },
    ))
}
