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
mod reported;
mod values;

use domain::MeterId;
use domain::period::Period;
use markup::html;
use service::meters::page as pages;
use service::pages::Query;
use service::{Action, Error, Principal, Service};

use corrections::TypedCorrection;
use texts::words::energy::NOT_COMPARED;
use texts::words::meter::deletion::DELETE;
use ui::drawing::rights::may;
use ui::drawing::{Sheet, link, sheet};

/// The first page of a meter: what it counted in the period, and what it shows now.
pub(super) async fn first(
    service: &Service,
    who: &Principal,
    meter: &str,
    query: &Query,
) -> Result<Option<Sheet>, Error> {
    let Ok(id) = meter.parse().map(MeterId) else { return Ok(None) };
    drawn(service, who, id, query).await
}

/// The same of the meter that the address names by its number: one that was saved a moment ago.
pub(super) async fn numbered(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<Option<Sheet>, Error> {
    match pages::numbered(service, who, query).await? {
        Some(id) => drawn(service, who, id, query).await,
        None => Ok(None),
    }
}

async fn drawn(
    service: &Service,
    who: &Principal,
    id: MeterId,
    query: &Query,
) -> Result<Option<Sheet>, Error> {
    let Some(page) = pages::head(service, who, id, query).await? else { return Ok(None) };
    let Some(period) = pages::period(service, who, id, query).await? else { return Ok(None) };
    let Some(now) = pages::now(service, who, id).await? else { return Ok(None) };
    let deletion = may(Action::Configure).then(|| {
        let href = link(&page.shown, &format!("/meters/{id}/delete"));
        html! {
            <p class="actions">
                <a class="button" href=href>
                    {DELETE}
                </a>
            </p>
        }
    });
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
    meter: &str,
    tab: &str,
    query: &Query,
) -> Result<Option<Sheet>, Error> {
    let Ok(id) = meter.parse().map(MeterId) else { return Ok(None) };
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
    let alone =
        (compares && tab != "children").then(|| html! { <p class="note">{NOT_COMPARED}</p> });
    let drawn = |content| html! { <article class="page">{head::draw(&page, tab)} {alone} {content}</article> };
    Ok(content.map(|content| sheet(&page.meter.name, drawn(content))))
}
