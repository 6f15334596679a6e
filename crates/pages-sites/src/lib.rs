//! The pages about sites as the server draws them: overview, alarms, the list of sites, the first run,
//! the own account, search and help; and what of the frame around every page the server draws.
//!
//! `draw` knows the pages of this crate by their path, `act` what their forms do. Models come from
//! the `page` of an area in `service`, texts from `texts`, common pieces from `ui::drawing`.
//!
//! Not here: figures are computed in `domain`.

mod account;
mod alarms;
mod find;
mod help;
pub mod invitation;
pub mod layout;
mod overview;
mod period;
mod portfolio;
pub mod sign_in;
mod start;

use markup::Html;
use service::overview::portfolio::page as sites;
use service::pages::{self, Query};
use service::{Principal, Service};
use ui::drawing::act::Fields;
use ui::drawing::{Doing, Drawing, Sheet};

use layout::Here;

/// The page at a path, of those of this crate.
pub fn draw<'a>(
    service: &'a Service,
    who: &'a Principal,
    path: &'a [&'a str],
    query: &'a Query,
) -> Drawing<'a> {
    Box::pin(async move {
        Ok(Some(match path {
            ["alarms"] => alarms::draw(&service::alarms::page::alarms(service, who, query).await?),
            ["account"] => account::draw(service, who).await?,
            ["help"] => help::draw(),
            ["sites"] => portfolio::draw(&sites::portfolio(service, who, query).await?),
            ["sites", "new"] => portfolio::form::draw(sites::may_add_sites(who)),
            ["start"] => start::draw(&pages::start::start(service, who, query)?),
            _ => return Ok(None),
        }))
    })
}

/// The parts of the overview below the figures of now.
pub fn overview<'a>(service: &'a Service, who: &'a Principal, query: &'a Query) -> Doing<'a, Html> {
    Box::pin(overview::draw(service, who, query))
}

/// The state of now below the figures of a period.
pub fn overview_now<'a>(
    service: &'a Service,
    who: &'a Principal,
    query: &'a Query,
) -> Doing<'a, Html> {
    Box::pin(overview::now(service, who, query))
}

/// Draws what was found for what is typed in the field of the frame, at an address.
pub fn found<'a>(
    service: &'a Service,
    who: &'a Principal,
    typed: &'a str,
    (path, search): (&'a str, &'a str),
) -> Doing<'a, String> {
    Box::pin(async move {
        let query = pages::address(service, who, path, search);
        let page =
            service::overview::find::find(service, who, &query.clone().with("q", typed)).await?;
        Ok(find::list(&page, &Here::new(path, search, &query)).into_string())
    })
}

/// The page of what was found.
pub fn find<'a>(
    service: &'a Service,
    who: &'a Principal,
    search: &'a str,
    query: &'a Query,
) -> Doing<'a, Sheet> {
    Box::pin(async move {
        let page = service::overview::find::find(service, who, query).await?;
        Ok(find::draw(&page, &Here::new("/find", search, query)))
    })
}

/// Does what a form of this crate says; nothing where it is no form of these.
pub fn act<'a>(
    service: &'a Service,
    who: &'a Principal,
    name: &'a str,
    fields: &'a Fields,
) -> Doing<'a, Option<String>> {
    Box::pin(async move {
        Ok(Some(match name {
            "site-add" => portfolio::act::add(service, who, fields).await?,
            "site-name" => portfolio::act::name(service, who, fields).await?,
            name if name.starts_with("alarm-") => {
                alarms::act::act(service, who, name, fields).await?
            }
            _ => return Ok(None),
        }))
    })
}
