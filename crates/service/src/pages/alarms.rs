//! The page of alarms.

use std::cmp::Reverse;

use domain::view::AlarmsPage;
use domain::view::alarms::{AlarmRow, RecipientRow};
use domain::view::trades::Party;
use storage::alarm_recipients::Recipient;
use storage::alarms::{Alarm, Asked};

use super::{Query, known_site};
use crate::{Error, Principal, Role, Service, clock};

/// Alarms of one page of the history.
const PAGE: u32 = 50;
/// Open alarms that are listed; more of them are one event, not many.
const MOST_OPEN: i64 = 500;

/// The open alarms, the history, what is watched and who is told.
pub async fn alarms(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<AlarmsPage, Error> {
    who.require(Role::Viewer)?;
    let site = super::site(service, query).await?;
    let (pool, now) = (service.pool(), clock::now(service, &site));
    let asked = Asked { open: true, limit: MOST_OPEN, ..Asked::default() };
    let mut open = storage::alarms::list(pool, site.id, asked).await?;
    open.sort_by_key(|alarm| (Reverse(alarm.severity), alarm.raised_at, alarm.id));
    let before = query.number("before");
    let mut history = storage::alarms::over(pool, site.id, before, i64::from(PAGE) + 1).await?;
    let goes_on = history.len() > PAGE as usize;
    history.truncate(PAGE as usize);
    let today = site.today_start(now);
    let cleared = storage::alarms::cleared_since(pool, site.id, today).await?;
    let known = service.registry().known();
    let tree = known.trees.get(&site.id).cloned().unwrap_or_default();
    let mut meters: Vec<_> = tree
        .meters()
        .iter()
        .map(|meter| Party { id: meter.id, number: meter.number.clone(), name: meter.name.clone() })
        .collect();
    meters.sort_by(|one, other| one.number.cmp(&other.number));
    let recipients = match who.require(Role::Admin) {
        Ok(()) => Some(storage::alarm_recipients::list(pool, site.id).await?),
        Err(_) => None,
    };
    Ok(AlarmsPage {
        now,
        slug: (site.id != storage::sites::DEFAULT).then(|| site.slug.clone()),
        next: history.last().filter(|_| goes_on).map(|alarm| alarm.id),
        is_later: before.is_some(),
        open: open.into_iter().map(row).collect(),
        history: history.into_iter().map(row).collect(),
        cleared_today: usize::try_from(cleared).unwrap_or_default(),
        rules: storage::alarm_rules::list(pool, Some(site.id)).await?,
        meters,
        recipients: recipients.map(|all| all.into_iter().map(recipient).collect()),
        site,
    })
}

/// The open alarms of the site that the address names, the gravest first, from what is known at once.
pub fn open_alarms(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<Vec<AlarmRow>, Error> {
    who.require(Role::Viewer)?;
    let site = known_site(service, query)?;
    Ok(service.alarms().of(site.id).into_iter().map(row).collect())
}

fn row(alarm: Alarm) -> AlarmRow {
    AlarmRow {
        id: alarm.id,
        meter: Party { id: alarm.meter, number: alarm.meter_number, name: alarm.meter_name },
        severity: alarm.severity,
        text: alarm.about,
        value: alarm.value,
        unit: alarm.unit,
        raised_at: alarm.raised_at,
        cleared_at: alarm.cleared_at,
        acknowledged: alarm.acknowledged,
        note: alarm.note,
    }
}

fn recipient(recipient: Recipient) -> RecipientRow {
    RecipientRow {
        id: recipient.id,
        kind: recipient.kind.as_str(),
        address: recipient.address,
        min_severity: recipient.min_severity,
        enabled: recipient.enabled,
        waiting: recipient.waiting,
        problem: recipient.problem,
    }
}
