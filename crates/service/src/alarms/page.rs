//! The page of alarms.

use std::cmp::Reverse;
use std::collections::HashMap;

use domain::alarms::Kind;
use domain::alarms::view::{AlarmRow, AlarmsPage, AsideRow, HeldRow, RecipientRow, RuleRow, Whose};
use domain::bills::view::trades::Party;
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use domain::{MeterId, SiteId};
use storage::alarms::recipients::Recipient;
use storage::alarms::{Alarm, AlarmsFilter};
use storage::energy::quarantine::{Held, State};
use storage::operation::set_aside::{self, Aside};

use crate::operation::clock;
use crate::pages::{MOST_CHOICES, Query, known_site};
use crate::{Core, Error, Principal, Role, Service, resolve, sites};

/// Alarms of one page of the history.
const PAGE: u32 = 50;
/// Open alarms that are listed; more of them are one event, not many.
const MOST_OPEN: i64 = 500;
/// Steps of a meter that are offered for a decision at a time.
const MOST_HELD: usize = 3;
/// Alarms that are over on the page of a meter.
const LAST_OVER: i64 = 5;

/// The open alarms, the history, what is watched and who is told. An address may name one meter.
pub async fn alarms(core: &Core, who: &Principal, query: &Query) -> Result<AlarmsPage, Error> {
    who.require(Role::Viewer)?;
    let meter = match query.meter("meter") {
        Some(meter) => Some(resolve::meter(core, who, &meter).await?),
        None => None,
    };
    let site = match &meter {
        Some(meter) => sites::of(core, meter).await?,
        None => crate::pages::site(core, who, query).await?,
    };
    let of = meter.as_ref().map(|meter| meter.id);
    let (pool, now) = (core.pool(), clock::now(core, &site));
    let asked = AlarmsFilter { meter: of, open: true, limit: MOST_OPEN, ..AlarmsFilter::default() };
    let mut open = storage::alarms::list(pool, site.id, asked).await?;
    open.sort_by_key(|alarm| (Reverse(alarm.severity), alarm.raised_at, alarm.id));
    let before = query.number("before");
    let mut history = storage::alarms::over(pool, site.id, of, before, i64::from(PAGE) + 1).await?;
    let goes_on = history.len() > PAGE as usize;
    history.truncate(PAGE as usize);
    let today = site.today_start(now);
    let cleared = storage::alarms::cleared_since(pool, site.id, of, today).await?;
    let known = core.registry().known();
    let tree = known.trees.get(&site.id).cloned().unwrap_or_default();
    let rules = storage::alarms::rules::list(pool, Some(site.id)).await?;
    let rules = rules
        .into_iter()
        .map(|rule| RuleRow { meter: rule.meter.and_then(|id| tree.get(id)).map(party), rule });
    let recipients = match who.require(Role::Admin) {
        Ok(()) => Some(storage::alarms::recipients::list(pool, site.id).await?),
        Err(_) => None,
    };
    Ok(AlarmsPage {
        now,
        meter: meter.as_ref().map(party),
        slug: (site.id != storage::sites::DEFAULT).then(|| site.slug.clone()),
        next: history.last().filter(|_| goes_on).map(|alarm| alarm.id),
        is_later: before.is_some(),
        open: with_held(core, site.id, open).await?,
        history: history.into_iter().map(row).collect(),
        cleared_today: usize::try_from(cleared).unwrap_or_default(),
        rules: rules.collect(),
        meters: tree.meters().len(),
        choices: choices(&tree),
        recipients: recipients.map(|all| all.into_iter().map(recipient).collect()),
        aside: aside(core, who, site.id, of).await?,
        site,
    })
}

/// What could not be computed, of one meter or the whole site.
async fn aside(
    core: &Core,
    who: &Principal,
    site: SiteId,
    of: Option<MeterId>,
) -> Result<Vec<AsideRow>, Error> {
    if who.require(Role::Operator).is_err() {
        return Ok(Vec::new());
    }
    let all = set_aside::list(core.pool(), site).await?;
    let whose = |whose| match whose {
        set_aside::Whose::Meter { id, number, name } => Whose::Meter(Party { id, number, name }),
        set_aside::Whose::Schedule(id) => Whose::Schedule(id),
    };
    let row = |aside: Aside| AsideRow {
        work: aside.work,
        whose: whose(aside.whose),
        parts: aside.parts,
        first: aside.first,
        last: aside.last,
        error: aside.error,
    };
    let is_asked = |row: &AsideRow| match (of, &row.whose) {
        (Some(of), Whose::Meter(meter)) => of == meter.id,
        (Some(_), Whose::Schedule(_)) => false,
        (None, _) => true,
    };
    Ok(all.into_iter().map(row).filter(is_asked).collect())
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
    open.retain(|alarm| alarm.meter == meter.id);
    let (pool, of) = (service.pool(), Some(meter.id));
    let over = storage::alarms::over(pool, meter.site, of, None, LAST_OVER).await?;
    let mut rows = with_held(service, meter.site, open).await?;
    rows.extend(over.into_iter().map(row));
    Ok(rows)
}

/// Open alarms of a site, each with what of its meter waits for a decision where it is about that.
async fn with_held(core: &Core, site: SiteId, alarms: Vec<Alarm>) -> Result<Vec<AlarmRow>, Error> {
    let mut held: HashMap<MeterId, Vec<HeldRow>> = HashMap::new();
    if alarms.iter().any(|alarm| alarm.kind == Kind::Quarantine) {
        let known = core.registry().known();
        let waiting = storage::energy::quarantine::list(core.pool(), site, None, Some(State::Open));
        for Held { n, meter, step, .. } in waiting.await?.into_iter().rev() {
            let rows = held.entry(meter).or_default();
            let is_over = known.frozen.get(&meter).is_some_and(|to| step.at < *to);
            if !is_over && rows.len() < MOST_HELD {
                rows.push(HeldRow { n, at: step.at, previous: step.previous, value: step.value });
            }
        }
    }
    let with = |alarm: Alarm| {
        let about = (alarm.kind == Kind::Quarantine).then_some(alarm.meter);
        let held = about.and_then(|meter| held.remove(&meter)).unwrap_or_default();
        AlarmRow { held, ..row(alarm) }
    };
    Ok(alarms.into_iter().map(with).collect())
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
        held: Vec::new(),
    }
}

fn recipient(recipient: Recipient) -> RecipientRow {
    RecipientRow {
        id: recipient.id,
        kind: recipient.kind,
        address: recipient.address,
        min_severity: recipient.min_severity,
        enabled: recipient.enabled,
        waiting: recipient.waiting,
        problem: recipient.problem,
    }
}
