//! The page of alarms.

use std::cmp::Reverse;
use std::collections::HashMap;

use domain::alarms::view::{AlarmRow, AlarmsPage, HeldRow, Prefilled, RuleRow};
use domain::alarms::{Alarm, Kind, Watch};
use domain::bills::Party;
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use domain::operation::set_aside::Aside;
use domain::{MeterId, SiteId};
use storage::alarms::AlarmsFilter;
use storage::energy::quarantine::State;
use storage::operation::set_aside;

use crate::energy::quarantine::StepView;
use crate::operation::clock;
use crate::pages::{MOST_CHOICES, Query, known_site};
use crate::{Action, Core, Error, Principal, Service, resolve, sites};

/// Alarms of one page of the history.
const PAGE: u32 = 50;
/// Alarms of the history in a file.
const IN_FILE: u32 = 10_000;
/// Open alarms that are listed; more of them are one event, not many.
const MOST_OPEN: i64 = 500;
/// Steps of a meter that are offered for a decision at a time.
const MOST_HELD: usize = 3;
/// Alarms that are over on the page of a meter.
const LAST_OVER: i64 = 5;

/// The open alarms, the history, what is watched and who is told. An address may name one meter.
pub async fn alarms(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<AlarmsPage, Error> {
    let core: &Core = service;
    who.require_somewhere(Action::See)?;
    let meter = match query.meter("meter") {
        Some(meter) => Some(resolve::meter(core, who, Action::See, &meter).await?),
        None => None,
    };
    let site = match &meter {
        Some(meter) => sites::of(core, meter).await?,
        None => crate::pages::site(core, who, Action::See, query).await?,
    };
    let of = meter.as_ref().map(|meter| meter.id);
    let (pool, now) = (core.pool(), clock::now(core, &site));
    let asked = AlarmsFilter { meter: of, open: true, limit: MOST_OPEN, ..AlarmsFilter::default() };
    let mut open = storage::alarms::list(pool, site.id, asked).await?;
    open.sort_by_key(|alarm| (Reverse(alarm.severity), alarm.raised_at, alarm.id));
    let before = query.number("before");
    let most = if query.is_for_file() { IN_FILE } else { PAGE };
    let mut history = storage::alarms::over(pool, site.id, of, before, i64::from(most) + 1).await?;
    let goes_on = history.len() > most as usize;
    history.truncate(most as usize);
    let today = site.today_start(now);
    let cleared = storage::alarms::cleared_since(pool, site.id, of, today).await?;
    let known = core.registry().known();
    let tree = known.trees.get(&site.id).cloned().unwrap_or_default();
    let rules = storage::alarms::rules::list(pool, Some(site.id)).await?;
    let rules = rules
        .into_iter()
        .map(|rule| RuleRow { meter: rule.meter.and_then(|id| tree.get(id)).map(party), rule });
    let recipients = if who.may(Action::Administer, site.id) {
        Some(storage::alarms::recipients::list(pool, site.id).await?)
    } else {
        None
    };
    let prefilled = prefilled(query);
    let own_mailbox = match who.user().filter(|_| prefilled.is_some() && recipients.is_some()) {
        Some(user) => storage::people::accounts::email(pool, user).await?,
        None => None,
    };
    Ok(AlarmsPage {
        now,
        meter: meter.as_ref().map(party),
        slug: (site.id != storage::sites::DEFAULT).then(|| site.slug.clone()),
        next: history.last().filter(|_| goes_on).map(|alarm| alarm.id),
        is_later: before.is_some(),
        open: with_held(core, site.id, open).await?,
        history,
        cleared_today: usize::try_from(cleared).unwrap_or_default(),
        rules: rules.collect(),
        meters: tree.meters().len(),
        choices: choices(&tree),
        prefilled,
        recipients,
        own_mailbox,
        has_mail: service.has_mail(),
        aside: aside(core, who, site.id, of).await?,
        site,
    })
}

/// The begin of a rule that the address states.
fn prefilled(query: &Query) -> Option<Prefilled> {
    let watch = query.get("watch").and_then(Watch::parse)?;
    let raise = query.get("raise").and_then(|raise| raise.parse().ok());
    Some(Prefilled { watch, raise: raise.filter(|raise| is_limit(*raise)) })
}

/// Whether a number of the address may be a limit.
fn is_limit(number: f64) -> bool {
    const MOST: f64 = 1e9;
    number.abs() < MOST
}

/// What could not be computed, of one meter or the whole site.
async fn aside(
    core: &Core,
    who: &Principal,
    site: SiteId,
    of: Option<MeterId>,
) -> Result<Vec<Aside>, Error> {
    if !who.may(Action::Operate, site) {
        return Ok(Vec::new());
    }
    let mut all = set_aside::list(core.pool(), site).await?;
    all.retain(|aside| of.is_none() || aside.meter_id == of);
    Ok(all)
}

fn party(meter: &Meter) -> Party {
    Party { id: meter.id, number: meter.number.clone(), name: meter.name.clone() }
}

/// The meters that a rule may be for, in the order of their numbers; none where they are too many.
fn choices(tree: &Tree) -> Vec<Party> {
    if tree.meters().len() > MOST_CHOICES {
        return Vec::new();
    }
    let mut choices: Vec<_> = tree.meters().iter().map(party).collect();
    choices.sort_by(|one, other| one.number.cmp(&other.number));
    choices
}

/// The open alarms of a meter, the gravest first, then the last ones that are over.
pub(crate) async fn of_meter(service: &Service, meter: &Meter) -> Result<Vec<AlarmRow>, Error> {
    let mut open = service.alarms().of(meter.site);
    open.retain(|alarm| alarm.meter_id == meter.id);
    let (pool, of) = (service.pool(), Some(meter.id));
    let over = storage::alarms::over(pool, meter.site, of, None, LAST_OVER).await?;
    let mut rows = with_held(service, meter.site, open).await?;
    rows.extend(over.into_iter().map(|alarm| AlarmRow { alarm, held: Vec::new() }));
    Ok(rows)
}

/// Open alarms of a site, each with what of its meter waits for a decision where it is about that.
async fn with_held(core: &Core, site: SiteId, alarms: Vec<Alarm>) -> Result<Vec<AlarmRow>, Error> {
    let mut held: HashMap<MeterId, Vec<HeldRow>> = HashMap::new();
    if alarms.iter().any(|alarm| alarm.kind == Kind::Quarantine) {
        let known = core.registry().known();
        let waiting = storage::energy::quarantine::list(core.pool(), site, None, Some(State::Open));
        for step in waiting.await?.into_iter().rev().map(StepView::from) {
            let rows = held.entry(step.meter_id).or_default();
            let is_over = known.frozen.get(&step.meter_id).is_some_and(|to| step.timestamp < *to);
            if !is_over && rows.len() < MOST_HELD {
                rows.push(HeldRow::from(&step));
            }
        }
    }
    let with = |alarm: Alarm| {
        let about = (alarm.kind == Kind::Quarantine).then_some(alarm.meter_id);
        let held = about.and_then(|meter| held.remove(&meter)).unwrap_or_default();
        AlarmRow { alarm, held }
    };
    Ok(alarms.into_iter().map(with).collect())
}

/// The open alarms of the site that the address names, the gravest first, from what is known at once.
pub fn open_alarms(service: &Service, who: &Principal, query: &Query) -> Result<Vec<Alarm>, Error> {
    let site = known_site(service, who, query)?;
    who.require_on(Action::See, site.id, || Error::no_site(&site.slug))?;
    Ok(service.alarms().of(site.id))
}
