//! Steps of registers that are too large to be true, for somebody to decide about.

use chrono::{DateTime, Utc};
use domain::alarms::view::HeldRow;
use domain::energy::StepId;
use domain::energy::interval::{Decision, Question};
use domain::meters::MeterAddress;
use domain::people::Difference;
use domain::readings::refusal::CorrectionRefusal;
use domain::{MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::energy::quarantine::{Held, State};

use crate::people::audit::Change;
use crate::{Action, Core, Error, Named, Principal, resolve, sites, validity};

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepState {
    /// Nobody decided yet: it does not count.
    Open,
    /// It is true, and counts.
    Accepted,
    /// It is not, and does not count.
    Rejected,
}

impl From<StepState> for State {
    fn from(state: StepState) -> Self {
        match state {
            StepState::Open => Self::Open,
            StepState::Accepted => Self::Decided(Decision::Accept),
            StepState::Rejected => Self::Decided(Decision::Reject),
        }
    }
}

/// A step of a register.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// Its number.
    pub n: i64,
    /// The meter.
    pub meter_id: MeterId,
    /// The meter's number.
    pub meter_number: String,
    /// When the reading was taken.
    pub timestamp: DateTime<Utc>,
    /// The register, by the JSON name of its field.
    pub field: String,
    /// The kind of the question: `step`, it rose by more than could have flowed; `step_back`, it fell;
    /// `exchange`, whether the old meter's last figure is right, as it was entered;
    /// `beyond_rated`, it rose by more than the rated power allows, for some time; `two_registers`, which of
    /// two registers is the meter's; `counts_down`, it falls steadily.
    pub kind: Question,
    /// When the reading before was taken.
    pub previous_at: DateTime<Utc>,
    /// What that one showed.
    pub previous: f64,
    /// What it showed.
    pub value: f64,
    /// The step.
    pub delta: f64,
    /// The largest step that would have been counted.
    pub plausible: f64,
    /// Of `beyond_rated`: the rated power when it was found, kW.
    pub rated_kw: Option<f64>,
    /// Of `beyond_rated`: the highest power that it takes, kW.
    pub needed_kw: Option<f64>,
    /// When it was found.
    pub found_at: DateTime<Utc>,
    /// What became of it.
    pub state: StepState,
    /// When somebody decided.
    pub decided_at: Option<DateTime<Utc>>,
}

impl From<Held> for StepView {
    fn from(held: Held) -> Self {
        let step = held.step;
        Self {
            n: held.n,
            meter_id: held.meter,
            meter_number: held.meter_number,
            timestamp: step.at,
            field: step.field.json().to_owned(),
            kind: step.kind,
            previous_at: step.previous_at,
            previous: step.previous,
            value: step.value,
            delta: step.delta,
            plausible: step.plausible,
            rated_kw: step.rated_kw,
            needed_kw: step.needed_kw,
            found_at: held.found_at,
            state: match held.decision {
                None => StepState::Open,
                Some((Decision::Accept, _)) => StepState::Accepted,
                Some((Decision::Reject, _)) => StepState::Rejected,
            },
            decided_at: held.decision.map(|(_, at)| at),
        }
    }
}

impl From<&StepView> for HeldRow {
    fn from(step: &StepView) -> Self {
        Self {
            n: step.n,
            meter: step.meter_id,
            at: step.timestamp,
            kind: step.kind,
            powers: step.rated_kw.zip(step.needed_kw),
            previous: step.previous,
            value: step.value,
        }
    }
}

/// The steps of a site, newest reading first; of one meter, of one state, or all.
pub async fn list(
    service: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    meter: Option<&MeterAddress>,
    state: Option<StepState>,
) -> Result<Vec<StepView>, Error> {
    who.require_somewhere(Action::See)?;
    let (site, meter) = match meter {
        None => (sites::resolve(service, who, Action::See, site).await?.id, None),
        Some(meter) => {
            let meter = resolve::meter(service, who, Action::See, meter).await?;
            (meter.site, Some(meter.id))
        }
    };
    let state = state.map(State::from);
    let held = storage::energy::quarantine::list(service.pool(), site, meter, state).await?;
    Ok(held.into_iter().map(StepView::from).collect())
}

/// Lets a step count.
pub async fn accept(service: &Core, who: &Principal, n: StepId) -> Result<StepView, Error> {
    decide(service, who, n, Decision::Accept).await
}

/// Keeps a step from counting for good.
pub async fn reject(service: &Core, who: &Principal, n: StepId) -> Result<StepView, Error> {
    decide(service, who, n, Decision::Reject).await
}

impl Named for StepId {
    fn unknown(n: impl std::fmt::Display) -> Error {
        Error::not_found("step_not_found", CorrectionRefusal::NotInQuarantine { n: n.to_string() })
    }
}

async fn decide(
    service: &Core,
    who: &Principal,
    n: StepId,
    decision: Decision,
) -> Result<StepView, Error> {
    who.require_somewhere(Action::Operate)?;
    let missing = || StepId::unknown(n);
    let held = storage::energy::quarantine::by_number(service.pool(), n.0).await?;
    let held = held.ok_or_else(missing)?;
    resolve::on_meter(service, who, Action::Operate, held.meter, missing).await?;
    let meter = storage::meters::by_id(service.pool(), held.meter).await?.ok_or_else(missing)?;
    let before = StepView::from(held);
    let mut change = Change::begin(service, who).await?.at(meter.site);
    storage::energy::quarantine::decide(&mut *change.db, n.0, decision).await?;
    let held = storage::energy::quarantine::by_number(&mut *change.db, n.0).await?;
    let view = StepView::from(held.ok_or_else(missing)?);
    validity::computable(&mut *change.db, view.meter_id, view.timestamp).await?;
    storage::recount::requeue::around(&mut change.db, view.meter_id, view.timestamp).await?;
    let action = match decision {
        Decision::Accept => "quarantine.accept",
        Decision::Reject => "quarantine.reject",
    };
    let mut difference = Difference::between(&before, &view);
    if let Some(after) = &mut difference.after {
        (after["n"], after["timestamp"]) = (view.n.into(), json!(view.timestamp));
    }
    change.commit_difference(action, &format!("meter:{}", view.meter_id), difference).await?;
    // The alarm that told of it is over at once, unless another step waits.
    service.rules_changed();
    Ok(view)
}
