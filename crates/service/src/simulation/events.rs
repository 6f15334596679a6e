//! What meters report of themselves: error logs and tamper alerts.

use chrono::{DateTime, Utc};
use domain::simulation::{EventClass, EventKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::simulation::events::MeterEvent;

use super::control::{Target, select};
use crate::people::audit::Change;
use crate::resolve::MeterRef;
use crate::{Action, Error, Principal, Service, resolve};

/// Lets meters report something. Selectors as in control.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventRequest {
    /// One meter.
    #[serde(default)]
    pub meter_id: Option<MeterRef>,
    /// All meters below this one.
    #[serde(default)]
    pub parent_meter_id: Option<MeterRef>,
    /// The meters that have this appliance.
    #[serde(default)]
    pub appliance_type: Option<String>,
    /// The meters of this postal code.
    #[serde(default)]
    pub pincode: Option<String>,
    /// What they report.
    pub kind: EventKind,
}

/// What was reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reported {
    /// Always `success`.
    pub status: &'static str,
    /// How many meters report it.
    pub changed: usize,
    /// When, in the world's time.
    pub at: DateTime<Utc>,
}

/// What a meter reported, as its stream carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventData {
    /// Number of the meter: it, or one below it.
    pub meter_id: String,
    /// When, in the world's time.
    pub timestamp: DateTime<Utc>,
    /// What.
    pub kind: EventKind,
    /// What it is a sign of: `error` or `tamper`.
    pub class: EventClass,
    /// The same in words.
    pub message: String,
}

impl From<MeterEvent> for EventData {
    fn from(event: MeterEvent) -> Self {
        Self {
            meter_id: event.meter_number,
            timestamp: event.at,
            kind: event.kind,
            class: event.kind.class(),
            message: event.kind.told().to_string(),
        }
    }
}

/// Lets meters report something now. Their next record carries it; what they count stays as it is.
pub async fn report(
    service: &Service,
    who: &Principal,
    request: EventRequest,
) -> Result<Reported, Error> {
    resolve::in_world(service, who, Action::Simulate)?;
    super::looked(service);
    let target = Target::new(
        request.meter_id.as_ref(),
        request.parent_meter_id.as_ref(),
        request.appliance_type.as_deref(),
        request.pincode.as_deref(),
    )?;
    // Held, so that no record of this instant is made already.
    let engine = service.simulation().hold(service).await?;
    let meters: Vec<_> = select(service, target).await?.into_iter().map(|(id, _)| id).collect();
    let at = engine.clock()?.recorded_to;
    let mut change = Change::begin(service, who).await?.at(engine.clock()?.site);
    storage::simulation::events::insert(&mut *change.db, &meters, request.kind, at).await?;
    let detail = json!({"kind": request.kind, "timestamp": at});
    super::commit(change, "simulation.event", &meters, detail).await?;
    drop(engine);
    service.rules_changed();
    Ok(Reported { status: "success", changed: meters.len(), at })
}
