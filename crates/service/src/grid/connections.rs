//! Requests for connections: listed, and withdrawn.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use domain::grid::RequestState;
use domain::grid::feasibility::{ConnectionId, Kind, Power, TransformerId, Voltage};
use domain::grid::refusal::ConnectionRefusal;
use domain::message::Message;
use domain::people::Difference;
use schemars::JsonSchema;
use serde::Serialize;
use storage::grid::connections::Stored;

use crate::people::audit::Change;
use crate::{Action, Core, Error, Named, Principal, Service, resolve};

/// A request for a connection, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ConnectionView {
    /// Its id.
    pub id: ConnectionId,
    /// Who asked.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// `pending`, `approved`, `rejected` or `withdrawn`.
    pub status: &'static str,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// Stable code of that sentence, such as `unfit.consumption`.
    pub reason_code: Option<Cow<'static, str>>,
    /// Load, kW.
    #[serde(rename = "requested_consumption_kW")]
    pub requested_consumption_kw: Power,
    /// Generation, kW.
    #[serde(rename = "requested_production_kW")]
    pub requested_production_kw: Power,
    /// Its transformer, where approved.
    pub transformer_id: Option<TransformerId>,
    /// Label of its transformer.
    pub assigned_transformer: Option<String>,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Metres to its transformer.
    pub distance_meters: Option<f64>,
    /// The estimate on which it was approved.
    pub voltage: Option<Voltage>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Order of creation, by which lists page.
    #[serde(skip)]
    pub n: i64,
}

impl From<Stored> for ConnectionView {
    fn from(stored: Stored) -> Self {
        let (reason, reason_code) =
            stored.reason.map(|Message { message, code, .. }| (message, code)).unzip();
        Self {
            id: stored.id,
            kind: stored.kind,
            status: stored.status.as_str(),
            reason,
            reason_code,
            requested_consumption_kw: stored.consumption,
            requested_production_kw: stored.production,
            transformer_id: stored.transformer,
            assigned_transformer: stored.transformer_name,
            latitude: stored.place.latitude,
            longitude: stored.place.longitude,
            distance_meters: stored.distance_m,
            voltage: stored.voltage,
            created_at: stored.created_at,
            withdrawn_at: stored.withdrawn_at,
            n: stored.n,
        }
    }
}

/// Requests made before the one at `before`, the newest first, at most `limit`.
pub async fn connections(
    core: &Core,
    who: &Principal,
    status: Option<RequestState>,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<ConnectionView>, Error> {
    resolve::in_world(core, who, Action::SeeGrid)?;
    let before = before.unwrap_or(i64::MAX);
    let page = storage::grid::connections::page(core.pool(), status, before, limit.into()).await?;
    Ok(page.into_iter().map(ConnectionView::from).collect())
}

/// One request.
pub async fn connection(
    core: &Core,
    who: &Principal,
    id: ConnectionId,
) -> Result<ConnectionView, Error> {
    resolve::in_world(core, who, Action::SeeGrid)?;
    let stored = storage::grid::connections::by_id(core.pool(), id).await?;
    stored.map(ConnectionView::from).ok_or_else(|| ConnectionId::unknown(id))
}

/// Withdraws an approved connection, which frees its capacity once.
pub async fn withdraw(
    service: &Service,
    who: &Principal,
    id: ConnectionId,
) -> Result<ConnectionView, Error> {
    resolve::in_world(service, who, Action::Connect)?;
    let mut change = Change::begin(service, who).await?.at(super::site(service));
    let before = storage::grid::connections::by_id(&mut *change.db, id).await?;
    let before = before.ok_or_else(|| ConnectionId::unknown(id))?;
    let withdrawn = storage::grid::connections::withdraw(&mut *change.db, id).await?;
    let stored = storage::grid::connections::by_id(&mut *change.db, id).await?;
    let stored = stored.ok_or_else(|| ConnectionId::unknown(id))?;
    if !withdrawn {
        return Err(not_approved(stored.status));
    }
    let freed = match stored.transformer {
        None => None,
        Some(transformer) => {
            let (load, production) = (stored.consumption, stored.production);
            let db = &mut *change.db;
            storage::grid::transformers::release(db, transformer, load, production).await?
        }
    };
    let view = ConnectionView::from(stored);
    let difference = Difference::between(&ConnectionView::from(before), &view);
    change
        .commit_difference("connection.withdraw", &format!("connection:{id}"), difference)
        .await?;
    service.grid().apply(freed.into_iter().collect()).await;
    Ok(view)
}

fn not_approved(status: RequestState) -> Error {
    let (code, why) = match status {
        RequestState::Withdrawn => ("already_withdrawn", ConnectionRefusal::Withdrawn),
        RequestState::Pending | RequestState::Approved | RequestState::Rejected => {
            ("not_approved", ConnectionRefusal::NotApproved)
        }
    };
    Error::conflict(code, why)
}

impl Named for ConnectionId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        Error::not_found("connection_not_found", ConnectionRefusal::None { id: id.to_string() })
    }
}
