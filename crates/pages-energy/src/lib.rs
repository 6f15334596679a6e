//! The pages about energy as the server draws them: meters, one meter, losses, carbon, history, reports.
//!
//! `draw` knows the pages of this crate by their path, `act` what their forms do. Models come from
//! the `page` of an area in `service`, texts from `texts`, common pieces from `ui::drawing`.
//!
//! Not here: figures are computed in `domain`.

mod act;
mod carbon;
mod history;
mod losses;
mod meter;
mod meter_panel;
mod meters;
mod parts;
mod picture;
mod report;
mod reports;
mod steps;

use domain::MeterId;
use service::history::Detail;
use service::pages::Query;
use service::{Principal, Service};
use ui::drawing::{Doing, Drawing, Sheet};

pub use act::act;
pub use history::picture::picture as history_picture;
pub use report::{Written, letter};

/// The parts beside the tree of meters: a figure of them, and the one that is selected, as HTML.
pub fn beside_tree<'a>(
    service: &'a Service,
    who: &'a Principal,
    query: &'a Query,
) -> Doing<'a, (Sheet, String)> {
    Box::pin(async move {
        let figure = meters::draw(service, who, query).await?;
        Ok((figure, meter_panel::draw(service, who, query).await?.into_string()))
    })
}

/// The page at a path, of those of this crate.
pub fn draw<'a>(
    service: &'a Service,
    who: &'a Principal,
    path: &'a [&'a str],
    query: &'a Query,
) -> Drawing<'a> {
    Box::pin(async move {
        Ok(Some(match path {
            ["losses"] => {
                losses::draw(&service::losses::page::losses(service, who, query).await?, query)
            }
            ["carbon"] => {
                let grid = service::pages::grid_meter(service, who, query)?;
                let page = service::carbon::page::carbon(service, who, query).await?;
                carbon::draw(&page, grid.as_ref())
            }
            ["history"] => {
                history::draw(&service::history::history(service, who, query, Detail::Page).await?)
            }
            ["reports"] => {
                reports::draw(&service::reports::page::reports(service, who, query).await?)
            }
            ["reports", month] => report::draw(service, who, month, query).await?,
            // One that was saved a moment ago is named by its number.
            ["meters", "numbered"] => {
                let id = service::meters::page::numbered(service, who, query).await?;
                return meter::first(service, who, id, query).await;
            }
            ["meters", id] => return meter::first(service, who, meter_id(id), query).await,
            ["meters", id, tab] => {
                return meter::tab(service, who, meter_id(id), tab, query).await;
            }
            _ => return Ok(None),
        }))
    })
}

fn meter_id(text: &str) -> Option<MeterId> {
    text.parse().map(MeterId).ok()
}
