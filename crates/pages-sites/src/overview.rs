//! The lower part of the overview: today's input, the alarms, and the chosen period in one line.

mod alarms;
mod input;

use domain::overview::view::TodayPage;
use domain::period::Kind;
use markup::{Html, html};
use service::pages::{self, Query};
use service::{Error, Principal, Service};
use texts::{figures, language};

use crate::start;
use texts::messages::told;
use texts::words::overview as words;
use texts::words::period::capital;
use ui::drawing::parts::{percent, price};
use ui::drawing::{at, link};

/// The parts below the figures of now. The period is left out while it is today, which the page shows
/// anyway.
pub(super) async fn draw(service: &Service, who: &Principal, query: &Query) -> Result<Html, Error> {
    let page = service::overview::today(service, who, query).await?;
    Ok(html! {
        {behind(&page, query)}
        {period(service, who, query).await?}
        {pages::period(service, who, query)
            .ok()
            .map(|shown| start::go_on(service, who, query, &shown))
            .transpose()?}
        {input::draw(&page)}
        {alarms::draw(&page, query)}
    })
}

/// What is not kept up to date, what could not be computed, and whether old readings stay and
/// the disk is almost full, in a sentence each.
fn behind(page: &TodayPage, query: &Query) -> Option<Html> {
    let late = (!page.behind.is_empty()).then(|| words::behind(&page.behind));
    let aside = (page.aside > 0).then(|| {
        html! { <a href=at(query.get("site"), "/alarms", &[])>{words::aside(page.aside)}</a> }
    });
    let leapt = page.has_leapt.then(|| {
        html! { <a href=at(query.get("site"), "/settings/retention", &[])>{words::LEAPT}</a> }
    });
    let disk = page.disk.map(|(free, size)| words::disk(free, size));
    (late.is_some() || aside.is_some() || leapt.is_some() || disk.is_some()).then(|| {
        html! { <p class="behind" role="alert">{late} " " {aside} " " {leapt} " " {disk}</p> }
    })
}

/// The chosen period in one line, where it is not today.
async fn period(service: &Service, who: &Principal, query: &Query) -> Result<Option<Html>, Error> {
    let shown = match pages::period(service, who, query) {
        Ok(shown) => shown,
        Err(error @ Error::Invalid { .. }) => {
            let said =
                html! { <p class="overview-period" role="alert">{told(&error.message())}</p> };
            return Ok(Some(said));
        }
        Err(error) => return Err(error),
    };
    let is_today = shown.site.date_at(shown.window.from) == shown.today();
    if shown.period.kind() == Kind::Today && is_today {
        return Ok(None);
    }
    let losses = service::losses::page::losses(service, who, query).await?;
    let carbon = service::carbon::page::carbon(service, who, query).await?;
    let whole = &losses.whole;
    let share = whole.percent.map(|percent| figures::fixed(percent, 1));
    let cost = whole.cost.map(|cost| price(&shown, cost));
    let lost = whole.kwh.map_or_else(
        || words::PERIOD_BLIND.into(),
        |kwh| words::period_lost(&figures::about(kwh), share.as_deref(), cost.as_deref()),
    );
    let net = words::period_net(&figures::fixed(carbon.sum.net_kg(), 0));
    let said = html! {
        <p class="state-detail overview-period">
            <strong>{capital(&shown.period.label(shown.today(), language::now()))} ": "</strong>
            {words::period_in(&figures::about(whole.in_kwh))} ", "
            <a href=link(&shown, "/losses")>{lost}</a> ", "
            <a href=link(&shown, "/carbon")>{net}</a> ". "
            {words::period_coverage(&percent(whole.coverage))}
        </p>
    };
    Ok(Some(said))
}
