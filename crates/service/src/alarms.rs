//! Alarms: the open ones and the history, and that somebody knows of them.

mod cost;
mod deliver;
mod engine;
mod live_figures;
pub(crate) mod open;
pub mod page;
mod readings;
mod recipients;
mod rules;
mod settle;
mod sums;

use chrono::{DateTime, Utc};
use domain::SiteSlug;
use domain::alarms::{Alarm, AlarmId, AlarmRefusal, Kind};
use domain::meters::MeterAddress;
use domain::ownership::Seen;
use domain::people::Difference;
use domain::period::Moment;
use domain::simulation::EventClass;
use domain::sites::Site;
use schemars::JsonSchema;
use serde::Deserialize;

pub use deliver::tell;
pub(crate) use deliver::wait;
pub(crate) use engine::work;
pub(crate) use recipients::check_address;
pub use recipients::{
    NewRecipient, RuleRecipient, add, recipients, remove_recipient, update_recipient,
};
pub use rules::{
    NewRule, RuleChanges, RuleView, create, create_with_recipients, remove, rules, update,
};

use crate::operation::clock::Simulated;
use crate::people::audit::Change;
use crate::{Action, Core, Error, Named, Principal, Service, instants, resolve, sites, window};

/// Which alarms are meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AlarmState {
    /// Those that are open.
    #[default]
    Open,
    /// Those that are over, too.
    All,
}

/// Which alarms are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct AlarmsRequest<'a> {
    /// Slug of the site; the default site unless stated, or the site of the meter.
    pub site: Option<&'a SiteSlug>,
    /// Open ones, or all.
    pub state: AlarmState,
    /// Those of one meter: its id or its number.
    pub meter: Option<&'a MeterAddress>,
    /// Those that were not over before this: RFC 3339, or a date on the site's clock.
    pub from: Option<Moment>,
    /// Those that were raised before this.
    pub to: Option<Moment>,
    /// Those that were raised before the one with this id.
    pub before: Option<i64>,
    /// How many at most.
    pub limit: u32,
}

/// Alarms, those raised last first, and whether others follow.
pub async fn list(
    core: &Core,
    who: &Principal,
    asked: AlarmsRequest<'_>,
) -> Result<(Vec<Alarm>, bool), Error> {
    let (site, meter, seen) = match asked.meter {
        None => (sites::resolve(core, who, Action::See, asked.site).await?, None, Seen::Always),
        Some(meter) => {
            let (meter, seen) = resolve::seen(core, who, Action::See, meter).await?;
            (sites::of(core, &meter).await?, Some(meter.id), seen)
        }
    };
    let [from, to] = window::bounds(&site, asked.from, asked.to)?;
    let to = [to, seen.until(&site)].into_iter().flatten().min();
    // One more than is asked for tells whether the list goes on.
    let limit = i64::from(asked.limit);
    let stored = storage::alarms::AlarmsFilter {
        meter,
        open: asked.state == AlarmState::Open,
        from,
        to,
        before: asked.before,
        limit: limit + 1,
    };
    let mut alarms = storage::alarms::list(core.pool(), site.id, stored).await?;
    let more = alarms.len() > asked.limit as usize;
    alarms.truncate(asked.limit as usize);
    if seen != Seen::Always {
        // Decisions are the staff's, and the figures in their questions may be of a time that was another's.
        alarms.retain(|alarm| alarm.kind != Kind::Quarantine && seen.has(&site, alarm.raised_at));
        for alarm in &mut alarms {
            // Who looks after the meter, and what they noted, is for the staff.
            (alarm.acknowledged_by, alarm.note) = (None, None);
        }
    }
    Ok((alarms, more))
}

/// What somebody says who knows of an alarm.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Acknowledgement {
    /// What they found, or what they do about it.
    pub note: Option<String>,
}

/// Notes that somebody knows of an alarm. It stays acknowledged; a second time is refused, so that
/// nobody's note is lost.
pub async fn acknowledge(
    service: &Service,
    who: &Principal,
    id: AlarmId,
    said: Acknowledgement,
) -> Result<Alarm, Error> {
    who.require_somewhere(Action::Operate)?;
    let missing = || AlarmId::unknown(id);
    let alarm = storage::alarms::by_id(service.pool(), id.0).await?.ok_or_else(missing)?;
    resolve::on_meter(service, who, Action::Operate, alarm.meter_id, missing).await?;
    let note = said.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    let mut change = Change::begin(service, who).await?.at(alarm.site_id);
    let by = change.who().to_owned();
    let is_first = storage::alarms::acknowledge(&mut *change.db, id.0, &by, note).await?;
    let before = alarm;
    let alarm = storage::alarms::by_id(&mut *change.db, id.0).await?;
    let alarm = alarm.ok_or_else(missing)?;
    if !is_first {
        let who = alarm.acknowledged_by.unwrap_or_default();
        return Err(Error::conflict(
            "alarm_acknowledged",
            AlarmRefusal::Acknowledged { id: id.to_string(), who },
        ));
    }
    let class = EventClass::of_alarm(alarm.kind);
    if let Some(class) = class {
        storage::simulation::events::see(&mut *change.db, alarm.meter_id, class).await?;
    }
    let site = sites::by_id(service.pool(), alarm.site_id).await?;
    let difference = Difference::between(&before, &alarm);
    change.commit_difference("alarm.acknowledge", &format!("alarm:{id}"), difference).await?;
    if class.is_none() {
        service.alarms().change(&alarm);
        return Ok(alarm);
    }
    // What stood until somebody knew of it is over; what is reported from now on is another alarm.
    let cleared_at = present(service, &site).max(alarm.raised_at);
    storage::alarms::clear(service.pool(), alarm.id, cleared_at).await?;
    service.alarms().remove(alarm.id);
    service.rules_changed();
    Ok(Alarm { cleared_at: alarm.cleared_at.or(Some(cleared_at)), ..alarm })
}

impl Named for AlarmId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        Error::not_found("alarm_not_found", AlarmRefusal::NoAlarm { id: id.to_string() })
    }
}

/// The instant that the live screens of a site show: alarms go by it.
fn present(core: &Core, site: &Site) -> DateTime<Utc> {
    let clock = core.registry().clocks().of(site);
    instants::stored(clock.map_or_else(Utc::now, Simulated::shown))
}
