//! The page of connections.

use domain::grid::RequestState;
use domain::grid::feasibility::Kind;
use domain::grid::view::Request;
use domain::grid::view::connections::ConnectionsPage;
use storage::grid::connections::Stored;

use crate::grid::page;
use crate::pages::Query;
use crate::{Action, Core, Error, Principal, Service, resolve};

/// Requests of one page.
const PAGE: i64 = 50;

/// Every request for a connection, the newest first.
pub async fn connections(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<ConnectionsPage, Error> {
    resolve::in_world(service, who, Action::SeeGrid)?;
    let shown = page::present(service, who, query).await?;
    let only = query.get("status").and_then(RequestState::parse);
    let cursor = query.number("cursor");
    // One more than is shown tells whether the list goes on; a file has all.
    let (before, most) = if query.is_for_file() {
        (i64::MAX, i64::MAX)
    } else {
        (cursor.unwrap_or(i64::MAX), PAGE + 1)
    };
    let pool = service.pool();
    let mut rows = storage::grid::connections::page(pool, only, before, most).await?;
    let shown_rows = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let goes_on = !query.is_for_file() && rows.len() > shown_rows;
    if goes_on {
        rows.truncate(shown_rows);
    }
    let next = rows.last().filter(|_| goes_on).map(|row| row.n.to_string());
    let counts = storage::grid::connections::counts(pool).await?;
    let count = |(state, count)| (state, usize::try_from(count).unwrap_or_default());
    Ok(ConnectionsPage {
        shown,
        only,
        counts: counts.into_iter().map(count).collect(),
        requests: rows.into_iter().map(request).collect(),
        next,
        is_later: cursor.is_some(),
    })
}

/// The newest requests.
pub(crate) async fn newest(core: &Core, count: u32) -> Result<Vec<Request>, Error> {
    let rows = storage::grid::connections::page(core.pool(), None, i64::MAX, count.into()).await?;
    Ok(rows.into_iter().map(request).collect())
}

fn request(stored: Stored) -> Request {
    Request {
        id: stored.id.to_string(),
        is_prosumer: stored.kind == Kind::Prosumer,
        consumption: stored.consumption.decimal(),
        production: stored.production.decimal(),
        state: stored.status,
        reason: stored.reason,
        transformer: stored.transformer_name,
        place: stored.place,
        made_at: stored.created_at,
        withdrawn_at: stored.withdrawn_at,
    }
}
