//! The lower part of the overview: today's input and the alarms.

mod alarms;
mod input;

use domain::overview::view::TodayPage;
use markup::{Html, html};
use service::pages::{self, Query};
use service::{Error, Principal, Service};

use crate::start;
use texts::messages::told;
use texts::words::overview as words;
use ui::drawing::at;

pub(super) async fn draw(service: &Service, who: &Principal, query: &Query) -> Result<Html, Error> {
    let page = service::overview::today(service, who, query).await?;
    let grid = pages::grid_meter(service, who, query)?;
    Ok(html! {
        {behind(&page, query)}
        {refused(service, who, query)?}
        {start::go_on(service, who, query)?}
        {input::draw(&page, query, grid.as_ref())}
        {alarms::draw(&page, query)}
    })
}

/// The parts that are of now, whatever period is shown.
pub(super) async fn now(service: &Service, who: &Principal, query: &Query) -> Result<Html, Error> {
    let page = service::overview::today(service, who, query).await?;
    Ok(html! {
        {behind(&page, query)}
        {start::go_on(service, who, query)?}
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

fn refused(service: &Service, who: &Principal, query: &Query) -> Result<Option<Html>, Error> {
    match pages::period(service, who, query) {
        Ok(_) => Ok(None),
        Err(error @ Error::Invalid { .. }) => {
            let said =
                html! { <p class="overview-period" role="alert">{told(&error.message())}</p> };
            Ok(Some(said))
        }
        Err(error) => Err(error),
    }
}
