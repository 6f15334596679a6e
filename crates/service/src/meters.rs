//! Meters: what programs see of them and may change.

mod arrange;
mod change;
mod deletion;
pub mod energy_meters;
pub mod exchanges;
pub mod hierarchy;
mod kept;
pub mod load_status;
pub mod page;
mod preview;
mod rules;
pub mod virtual_meters;

use chrono::{DateTime, Utc};
use domain::live::Status;
use domain::meters::refusal::PlaceRefusal;
use domain::meters::{Meter, MeterAddress};
use domain::readings::unread::Unread;
use domain::sites::Site;
use domain::{MeterId, SiteId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

pub use crate::body::ChangedField;
pub use crate::resolve::MeterRef;
pub use arrange::{Arranged, Arrangement, ChangedMeter, MeterChange, arrange};
pub use change::{ChangedView, Removed, create, remove, update};
pub(crate) use change::{check_place, remove_meter, take_away};
pub use deletion::delete;
pub use kept::{IssuedBill, Kept};
pub(crate) use preview::with_energy;
pub use preview::{BalanceView, NodeChange, Preview};
pub(crate) use rules::changed_days;
pub use rules::{ChangedDay, ChangedMonth, Counted, RulesPreview, preview_rules};

use crate::live::LiveState;
use crate::patch::{Patch, Patched as _};
use crate::{Action, Core, Error, Principal, Service, body, resolve, sites};

domain::meter_settings!(domain::with_meter_settings! shown {
    /// A meter with where it hangs and how it is doing.
    #[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct MeterView
} [
    {
        /// Its id.
        pub id: MeterId,
        /// Its UUID.
        pub uuid: Option<Uuid>,
        /// Slug of its site.
        pub site: String,
    }
    {}
    {
        /// 0 grid to 4 machine, or deeper.
        pub level: i16,
        /// Id of the meter above it.
        pub parent_meter_id: Option<MeterId>,
        /// Number of the meter above it.
        pub parent_meter_number: Option<String>,
        /// Whether it feeds its parent's bus instead of drawing from it.
        pub feeds_parent: bool,
    }
    {}
] {
    /// Since when it does not any more.
    pub retired_at: Option<DateTime<Utc>>,
    /// Whether it is known what it is part of. A meter that a logger's upload made is not until it gets a
    /// parent, a role or any other change, and no total counts it.
    pub placed: bool,
    /// Its connection.
    pub status: Status,
    /// Why it is not online, in words.
    pub status_reason: Option<String>,
    /// Power of the newest reading, in kW.
    pub power_kw: Option<f64>,
    /// When the newest reading was taken.
    pub last_update: Option<DateTime<Utc>>,
});

domain::meter_settings!(domain::with_meter_settings! body {
    /// A meter to create, or the whole of what may be changed of one.
    #[derive(Debug, Clone, Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    pub struct NewMeter
} [
    {}
    {}
    {
        /// Its level; the parent's plus one unless stated, also on a change of parent.
        pub level: Option<i16>,
        /// The meter above it.
        pub parent_meter_id: Option<MeterRef>,
        /// The meter above it, by its number.
        pub parent_meter_number: Option<String>,
        /// Whether it feeds its parent's bus instead of drawing from it.
        #[serde(default)]
        pub feeds_parent: bool,
    }
    {}
] {
    /// In a change of type, parent or direction: since when it holds. Without it, for all time.
    pub effective_from: Option<DateTime<Utc>>,
});

/// One meter, by the `{id}` of an address.
pub async fn get(
    service: &Service,
    who: &Principal,
    meter: &MeterAddress,
) -> Result<MeterView, Error> {
    let (found, seen) = resolve::seen(service, who, Action::See, meter).await?;
    let site = sites::of(service, &found).await?;
    if !seen.has(&site, crate::operation::clock::now(service, &site)) {
        return Err(Error::no_meter(meter));
    }
    let mut view = view(service, service.live(), found).await?;
    if view.last_update.is_some_and(|at| !seen.has(&site, at)) {
        (view.power_kw, view.last_update) = (None, None);
    }
    Ok(view)
}

pub(crate) async fn view(core: &Core, live: &LiveState, meter: Meter) -> Result<MeterView, Error> {
    let pool = core.pool();
    let site = storage::sites::by_id(pool, meter.site).await?;
    let parent = match meter.parent {
        Some(parent) => storage::meters::by_id(pool, parent).await?,
        None => None,
    };
    Ok(MeterView {
        uuid: storage::meters::uuid_of(pool, meter.id).await?,
        site: site.map(|site| site.slug).unwrap_or_default(),
        parent_meter_number: parent.map(|parent| parent.number),
        ..alone(live, meter)
    })
}

/// A meter without what other rows say of it.
fn alone(live: &LiveState, meter: Meter) -> MeterView {
    let live = live.meter(meter.id);
    let placed = meter.is_placed();
    domain::meter_settings!(domain::copy_meter_settings! meter => MeterView {
        id: meter.id,
        uuid: None,
        site: String::new(),
        level: meter.level,
        parent_meter_id: meter.parent,
        parent_meter_number: None,
        feeds_parent: meter.feeds_parent,
        retired_at: meter.retired_at,
        placed,
        status: live.as_ref().map(|live| live.status).unwrap_or_default(),
        status_reason: match &live {
            Some(live) => live.reason.as_ref().map(ToString::to_string),
            None => Some(Unread::Never.to_string()),
        },
        power_kw: live.as_ref().and_then(|live| live.power_kw),
        last_update: live.and_then(|live| live.at),
    })
}

/// A meter in the log of changes: without the fields that change by themselves.
fn noted(live: &LiveState, meter: &Meter) -> Value {
    let mut noted = serde_json::to_value(alone(live, meter.clone())).unwrap_or_default();
    if let Value::Object(fields) = &mut noted {
        fields.retain(|name, _| !NewMeter::FIXED.measured.contains(&name.as_str()));
    }
    noted
}

/// The parent that a body names, by either of its two fields.
pub(crate) async fn parent(
    core: &Core,
    site: &Site,
    by_ref: Option<&MeterRef>,
    by_number: Option<&str>,
) -> Result<Option<Meter>, Error> {
    let first = match by_ref {
        None => None,
        Some(meter) => Some(resolve::named(core, site, "parentMeterId", meter).await?),
    };
    let Some(number) = by_number else { return Ok(first) };
    let second = storage::meters::by_number(core.pool(), site.id, number)
        .await?
        .ok_or_else(|| resolve::unknown(site, "parentMeterNumber", &number))?;
    match first {
        Some(first) if first.id != second.id => {
            Err(Error::invalid("parentMeterNumber", PlaceRefusal::TwoParents))
        }
        _ => Ok(Some(second)),
    }
}

/// What a change may say of the meter above.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Above {
    parent_meter_id: Option<MeterRef>,
    parent_meter_number: Option<String>,
}

impl Above {
    /// What a change says of it; nothing where it does not speak of it.
    fn of<T>(patch: &Patch<T>) -> Result<Option<Self>, Error> {
        let named = change::PARENT.iter();
        let named = named.filter_map(|name| patch.fields.get_key_value(*name));
        let named: Map<_, _> = named.map(|(name, value)| (name.clone(), value.clone())).collect();
        if named.is_empty() { Ok(None) } else { body::read(&Value::Object(named)).map(Some) }
    }
}

/// Where a change hangs a meter: below another, or below none.
struct Onto(Option<Meter>);

/// The meter that a change puts above, or none; nothing where it does not speak of one. It is looked
/// up before anything is locked, since that takes a connection of its own.
pub(crate) async fn above<T>(
    core: &Core,
    site: SiteId,
    patch: &Patch<T>,
) -> Result<Option<Option<Meter>>, Error> {
    let Some(said) = Above::of(patch)? else { return Ok(None) };
    let site = sites::by_id(core.pool(), site).await?;
    let by_number = said.parent_meter_number.as_deref();
    parent(core, &site, said.parent_meter_id.as_ref(), by_number).await.map(Some)
}
