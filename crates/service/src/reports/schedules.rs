//! Who gets the monthly report of a site, and when.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::SiteSlug;
use domain::alarms::RecipientRefusal;
use domain::language::Language;
use domain::message::{Message, Sentences};
use domain::people::Difference;
use domain::reports::Schedule;
use domain::reports::refusal::ScheduleRefusal;
use domain::reports::{Due, Month, NotDue, ScheduleId};
use domain::sites::{Site, SiteKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgExecutor;

use crate::operation::clock;
use crate::patch::{Fixed, Patch, Patched};
use crate::people::audit::Change;
use crate::{Action, Core, Error, Named, Principal, sites};

/// Mailboxes of a schedule at most: for more there are mailing lists.
const MOST_ADDRESSES: usize = 50;
/// When a report is sent unless stated: early on the first day, after the month's last readings.
const USUAL_DAY: i64 = 1;
const USUAL_HOUR: i64 = 6;

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleView {
    /// Its id.
    pub id: i64,
    /// Slug of its site.
    pub site: String,
    /// The mailboxes.
    pub addresses: Vec<String>,
    /// Day of the month after the one that is reported, 1 to 28.
    pub day: u8,
    /// Hour of the site's clock, 0 to 23.
    pub hour: u8,
    /// Language of the mail: `en` or `de`.
    pub language: String,
    /// Whether it is sent at all.
    pub enabled: bool,
    /// The month whose report is sent next.
    pub next_month: Month,
    /// When that is.
    pub next_at: DateTime<Utc>,
    /// When a report was delivered last.
    pub sent_at: Option<DateTime<Utc>>,
    /// The month that it reported.
    pub sent_month: Option<Month>,
    /// Mails that are still to be delivered.
    pub waiting: i64,
    /// Why the last one was not.
    pub problem: Option<String>,
    /// Counts the changes that people made. A change that names another one than the current is refused.
    pub version: i32,
}

impl ScheduleView {
    fn new(schedule: Schedule, site: &Site) -> Self {
        let (sent_at, sent_month) = schedule.sent.unzip();
        Self {
            id: schedule.id,
            site: site.slug.clone(),
            day: schedule.due.day(),
            hour: schedule.due.hour(),
            language: schedule.language.tag().to_owned(),
            enabled: schedule.enabled,
            next_month: schedule.next,
            next_at: schedule.next_at(site.zone),
            sent_at,
            sent_month,
            waiting: schedule.waiting,
            problem: schedule.problem.map(|problem| problem.message),
            version: schedule.version,
            addresses: schedule.addresses,
        }
    }
}

/// A schedule to add, or the whole of what may be changed of one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSchedule {
    /// Slug of its site; the default site unless stated.
    pub site: Option<SiteSlug>,
    /// The mailboxes, 1 to 50.
    pub addresses: Vec<String>,
    /// Day of the month after the one that is reported, 1 to 28; the first unless stated.
    pub day: Option<i64>,
    /// Hour of the site's clock, 0 to 23; 6 unless stated.
    pub hour: Option<i64>,
    /// Language of the mail, `en` or `de`; English unless stated.
    pub language: Option<String>,
    /// Whether it is sent; it is unless stated.
    pub enabled: Option<bool>,
}

/// What may be changed of a schedule; what is left out stays.
#[derive(Debug, Clone, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScheduleChanges {
    /// The mailboxes, 1 to 50.
    pub addresses: Vec<String>,
    /// Day of the month after the one that is reported, 1 to 28.
    pub day: i64,
    /// Hour of the site's clock, 0 to 23.
    pub hour: i64,
    /// Language of the mail, `en` or `de`.
    pub language: String,
    /// Whether it is sent.
    pub enabled: bool,
    /// The version that the change was made from: it is refused where somebody else changed the schedule
    /// since.
    pub version: Option<i32>,
}

/// What of a schedule is set, in its own types.
pub(crate) struct Terms {
    pub(crate) addresses: Vec<String>,
    pub(crate) due: Due,
    pub(crate) language: Language,
    pub(crate) enabled: bool,
}

impl Patched for NewSchedule {
    type Shown = ScheduleView;
    const FIXED: Fixed = Fixed {
        read_only: &["id", "site"],
        measured: &["nextMonth", "nextAt", "sentAt", "sentMonth", "waiting", "problem", "version"],
    };
}

impl NewSchedule {
    pub(crate) fn terms(self) -> Result<Terms, Error> {
        let (day, hour) = (self.day.unwrap_or(USUAL_DAY), self.hour.unwrap_or(USUAL_HOUR));
        let due = Due::new(day, hour).map_err(|not_due| {
            let field = if not_due == NotDue::Day { "day" } else { "hour" };
            Error::invalid(field, not_due)
        })?;
        let language = self.language.as_deref().unwrap_or(Language::En.tag());
        Ok(Terms {
            addresses: check_addresses(&self.addresses)?,
            due,
            language: check_language(language)?,
            enabled: self.enabled.unwrap_or(true),
        })
    }
}

fn check_language(tag: &str) -> Result<Language, Error> {
    let known = Language::ALL.into_iter().find(|language| language.tag() == tag);
    let unknown = || ScheduleRefusal::Language { tag: tag.to_owned() };
    known.ok_or_else(|| Error::invalid("language", unknown()))
}

/// Mailboxes without blanks around them, each once.
fn check_addresses(addresses: &[String]) -> Result<Vec<String>, Error> {
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for address in addresses.iter().map(|address| address.trim()) {
        if !notify::is_mailbox(address) {
            let refusal = RecipientRefusal::NoMailbox { address: address.to_owned() };
            return Err(Error::invalid("addresses", refusal));
        }
        if seen.insert(address) {
            kept.push(address.to_owned());
        }
    }
    match kept.len() {
        0 => Err(Error::invalid("addresses", ScheduleRefusal::Nobody)),
        1..=MOST_ADDRESSES => Ok(kept),
        many => {
            let refusal = ScheduleRefusal::TooMany { count: many, most: MOST_ADDRESSES };
            Err(Error::invalid("addresses", refusal))
        }
    }
}

/// The schedules of a site, in the order in which they were added.
pub async fn schedules(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<Vec<ScheduleView>, Error> {
    let site = sites::resolve(core, who, Action::Administer, site).await?;
    let found = storage::reports::schedules::list(core.pool(), site.id).await?;
    Ok(found.into_iter().map(|schedule| ScheduleView::new(schedule, &site)).collect())
}

/// Adds a schedule. The first report is the next one that becomes due.
pub async fn create(core: &Core, who: &Principal, new: NewSchedule) -> Result<ScheduleView, Error> {
    let site = sites::resolve(core, who, Action::Administer, new.site.as_ref()).await?;
    if site.kind == SiteKind::Simulated {
        return Err(Error::invalid("site", ScheduleRefusal::Simulated));
    }
    let Terms { addresses, due, language, enabled } = new.terms()?;
    let next = due.next(site.zone, Utc::now());
    let schedule = Schedule::new(site.id, addresses, (due, next), language, enabled);
    let mut change = Change::begin(core, who).await?.at(site.id);
    let stored = storage::reports::schedules::insert(&mut *change.db, &schedule).await?;
    let view = ScheduleView::new(stored, &site);
    note(change, "create", view.id, Difference::created(&view)).await?;
    Ok(view)
}

/// Changes the fields that are given. A report that is not sent yet and is due by now is sent at once;
/// of one that is switched on again, those that became due meanwhile are not.
pub async fn update(
    core: &Core,
    who: &Principal,
    id: ScheduleId,
    patch: Patch<NewSchedule>,
) -> Result<ScheduleView, Error> {
    let shown = named(core, who, id).await?;
    let site = sites::by_id(core.pool(), shown.site).await?;
    let mut change = Change::begin(core, who).await?.at(site.id);
    let before = storage::reports::schedules::lock(&mut *change.db, shown.id).await?;
    let before = before.ok_or_else(|| ScheduleId::unknown(id))?;
    let current = ScheduleView::new(before.clone(), &site);
    unchanged(&current, &patch)?;
    let new = patch.onto(&current)?;
    let Terms { addresses, due, language, enabled } = new.terms()?;
    let next = if enabled && !before.enabled {
        before.next.max(due.next(site.zone, Utc::now()))
    } else {
        before.next
    };
    storage::reports::outbox::forget(&mut change.db, before.id, &addresses).await?;
    let after = Schedule { addresses, due, language, enabled, next, ..before };
    let stored = storage::reports::schedules::update(&mut *change.db, &after).await?;
    let view = ScheduleView::new(stored.ok_or_else(|| ScheduleId::unknown(id))?, &site);
    note(change, "update", view.id, Difference::between(&current, &view)).await?;
    Ok(view)
}

/// Refuses a change that was made from another version than the current one, with both values of what
/// it would change.
fn unchanged(current: &ScheduleView, patch: &Patch<NewSchedule>) -> Result<(), Error> {
    let Some(version) = patch.get("version") else { return Ok(()) };
    let Some(version) = version.as_i64() else {
        return Err(Error::invalid("version", ScheduleRefusal::Version));
    };
    if version == i64::from(current.version) {
        return Ok(());
    }
    let stored = serde_json::to_value(current).unwrap_or_default();
    let differing: Vec<Message> = patch
        .fields
        .iter()
        .filter(|(name, value)| {
            NewSchedule::FIXED.lets(name) && stored.get(name.as_str()) != Some(value)
        })
        .map(|(name, value)| {
            let now = stored.get(name.as_str()).unwrap_or(&Value::Null);
            let (field, now, given) = (name.clone(), now.to_string(), value.to_string());
            ScheduleRefusal::Differs { field, now, given }.into()
        })
        .collect();
    let version = current.version;
    let refusal = if differing.is_empty() {
        ScheduleRefusal::ChangedAlike { version }
    } else {
        ScheduleRefusal::Changed { what: Sentences(differing), version }
    };
    Err(Error::conflict("changed_meanwhile", refusal).at("version"))
}

/// Removes a schedule. What waits to be delivered is not any more.
pub async fn remove(core: &Core, who: &Principal, id: ScheduleId) -> Result<ScheduleView, Error> {
    let schedule = named(core, who, id).await?;
    let site = sites::by_id(core.pool(), schedule.site).await?;
    let mut change = Change::begin(core, who).await?.at(site.id);
    if !storage::reports::schedules::delete(&mut *change.db, schedule.id).await? {
        return Err(ScheduleId::unknown(id));
    }
    let view = ScheduleView::new(schedule, &site);
    note(change, "delete", view.id, Difference::removed(&view)).await?;
    Ok(view)
}

/// Sends the report of the last month that is over now, as a test, or of the one under way where
/// nothing is known of the last. What is due is sent all the same.
pub async fn send_now(core: &Core, who: &Principal, id: ScheduleId) -> Result<ScheduleView, Error> {
    let schedule = named(core, who, id).await?;
    let site = sites::by_id(core.pool(), schedule.site).await?;
    let running = Month::of(site.date_at(clock::now(core, &site)));
    let first = crate::reports::page::first_month(core, &site).await?;
    let last = running.previous();
    let month = if first.is_some_and(|first| first <= last) { last } else { running };
    let mut change = Change::begin(core, who).await?.at(site.id);
    storage::reports::schedules::queue(&mut change.db, schedule.id, month).await?;
    let queued = storage::reports::schedules::by_id(&mut *change.db, schedule.id).await?;
    let view = ScheduleView::new(queued.ok_or_else(|| ScheduleId::unknown(id))?, &site);
    note(change, "send", view.id, Difference::created(&view)).await?;
    Ok(view)
}

async fn note(change: Change, what: &str, id: i64, difference: Difference) -> Result<(), Error> {
    let subject = format!("report_schedule:{id}");
    change.commit_difference(&format!("report_schedule.{what}"), &subject, difference).await
}

impl Named for ScheduleId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        Error::not_found(
            "report_schedule_not_found",
            ScheduleRefusal::Unknown { id: id.to_string() },
        )
    }
}

/// The schedule with this id.
pub(crate) async fn find(db: impl PgExecutor<'_>, id: ScheduleId) -> Result<Schedule, Error> {
    storage::reports::schedules::by_id(db, id.0).await?.ok_or_else(|| ScheduleId::unknown(id))
}

/// A schedule that may be changed.
async fn named(core: &Core, who: &Principal, id: ScheduleId) -> Result<Schedule, Error> {
    who.require_somewhere(Action::Administer)?;
    let schedule = find(core.pool(), id).await?;
    who.require_on(Action::Administer, schedule.site, || ScheduleId::unknown(id))?;
    Ok(schedule)
}
