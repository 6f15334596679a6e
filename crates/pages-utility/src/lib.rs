//! The pages of a utility as the server draws them: the grid and the simulated world, and the curve
//! of a household's day.
//!
//! `draw` knows the pages of this crate by their path, `act` what their forms do. Models come from
//! the `page` of an area in `service`, texts from `texts`, common pieces from `ui::drawing`.
//!
//! Not here: whether a load fits is computed in `domain`.

mod curve;
mod grid;
mod simulator;

use chrono::{DateTime, Utc};
use domain::sites::Site;
use service::bills::page::my_energy::Mine;
use service::pages::Query;
use service::{Error, Principal, Service};
use ui::drawing::act::Fields;
use ui::drawing::{Doing, Drawing, Sheet};

/// The curve of a household's day, for its own page.
pub fn day_curve(site: &Site, now: DateTime<Utc>, mine: &Mine) -> String {
    curve::draw(site, now, mine).into_string()
}

/// The card of the grid.
pub fn grid<'a>(service: &'a Service, who: &'a Principal, query: &'a Query) -> Doing<'a, Sheet> {
    Box::pin(async move { Ok(grid::draw(&service::grid::page::grid(service, who, query).await?)) })
}

/// The page at a path, of those of this crate.
pub fn draw<'a>(
    service: &'a Service,
    who: &'a Principal,
    path: &'a [&'a str],
    query: &'a Query,
) -> Drawing<'a> {
    Box::pin(async move {
        if path != ["simulator"] {
            return Ok(None);
        }
        let page = service::simulation::page::simulator(service, who, query).await?;
        Ok(Some(simulator::draw(&page)))
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
        let done: Result<String, Error> = match name {
            "connect" => grid::after::connect(service, who, fields).await,
            name if name.starts_with("world-") => {
                simulator::act::act(service, who, name, fields).await
            }
            _ => return Ok(None),
        };
        done.map(Some)
    })
}
