//! The pages of one meter: its period, registers, corrections, children and raw rows.

mod alarms;
mod below;
pub(crate) mod channels;
mod corrections;
mod head;
mod outliers;
mod period;
mod power;
mod registers;
mod values;

use crate::parts::{note, way_on};
use corrections::TypedCorrection;
use domain::MeterId;
use domain::period::Period;
use markup::html;
use service::meters::page as pages;
use service::pages::Query;
use service::{Action, Error, Principal, Service};
use texts::words::energy::NOT_COMPARED;
use texts::words::meter::deletion::DELETE;
use ui::drawing::{Sheet, link, may, sheet};

/// The first page of a meter: what it counted in the period, and what it shows now.
pub(super) async fn first(
    service: &Service,
    who: &Principal,
    id: Option<MeterId>,
    query: &Query,
) -> Result<Option<Sheet>, Error> {
    let Some(id) = id else { return Ok(None) };
    let Some(page) = pages::head(service, who, id, query).await? else { return Ok(None) };
    let Some(period) = pages::period(service, who, id, query).await? else { return Ok(None) };
    let Some(now) = pages::now(service, who, id).await? else { return Ok(None) };
    let deletion = may(Action::Configure)
        .then(|| way_on(link(&page.shown, &format!("/meters/{id}/delete")), DELETE));
    let content = html! {
        <article class="page meter">
            {head::draw(&page, "")}
            <div class="meter-main">{period::draw(&page, &period)} {power::draw(&page, &now.power)}</div>
            {values::draw(&page, &now.channels)}
            {deletion}
        </article>
    };
    Ok(Some(Sheet { is_live: true, ..sheet(&page.meter.name, content) }))
}

/// One of its other pages.
pub(super) async fn tab(
    service: &Service,
    who: &Principal,
    id: Option<MeterId>,
    tab: &str,
    query: &Query,
) -> Result<Option<Sheet>, Error> {
    let Some(id) = id else { return Ok(None) };
    let Some(page) = pages::head(service, who, id, query).await? else { return Ok(None) };
    let content = match tab {
        "registers" => {
            pages::registers(service, who, id, query).await?.map(|page| registers::draw(&page))
        }
        "corrections" => match pages::entered(service, who, id, query).await? {
            Some(page) => {
                let typed = TypedCorrection::read(service, who, &page, query).await?;
                Some(corrections::draw(&page, &typed))
            }
            None => None,
        },
        "children" => {
            pages::children(service, who, id, query).await?.map(|page| below::children(&page))
        }
        "raw" => pages::raw(service, who, id, query).await?.map(|page| below::raw(&page)),
        _ => None,
    };
    let compares = query.period().is_ok_and(Period::compares);
    let alone = (compares && tab != "children").then(|| note(NOT_COMPARED));
    let drawn = |content| html! { <article class="page">{head::draw(&page, tab)} {alone} {content}</article> };
    Ok(content.map(|content| sheet(&page.meter.name, drawn(content))))
}
