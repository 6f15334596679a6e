//! The pages of one meter: its period, registers, corrections, children and raw rows.

mod alarms;
mod below;
mod corrections;
mod outliers;
mod period;
mod registers;
mod reported;

use domain::MeterId;
use service::meters::page as pages;
use service::pages::Query;
use service::{Error, Principal, Service};

use ui::api::Sheet;

fn id(text: &str) -> Option<MeterId> {
    text.parse().ok().map(MeterId)
}

/// What a meter counted in the period.
pub(super) async fn period(
    service: &Service,
    who: &Principal,
    meter: &str,
    query: &Query,
) -> Result<Option<Sheet>, Error> {
    let Some(id) = id(meter) else { return Ok(None) };
    Ok(pages::period(service, who, id, query).await?.map(|page| period::draw(&page)))
}

/// One of the other pages of a meter.
pub(super) async fn tab(
    service: &Service,
    who: &Principal,
    meter: &str,
    tab: &str,
    query: &Query,
) -> Result<Option<Sheet>, Error> {
    let Some(id) = id(meter) else { return Ok(None) };
    Ok(match tab {
        "registers" => {
            pages::registers(service, who, id, query).await?.map(|page| registers::draw(&page))
        }
        "corrections" => {
            let page = pages::entered(service, who, id, query).await?;
            page.map(|page| corrections::draw(&page, query))
        }
        "children" => {
            pages::children(service, who, id, query).await?.map(|page| below::children(&page))
        }
        "raw" => pages::raw(service, who, id, query).await?.map(|page| below::raw(&page)),
        _ => None,
    })
}
