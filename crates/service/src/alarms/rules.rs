//! Rules: what is watched on a site, and from when on it is an alarm.

mod subject;

use chrono::{DateTime, Utc};
use domain::alarms::{
    AlarmRefusal, Direction, Kind, LimitRefusal, Limits, Rule, RuleId, RuleRefusal, Severity, Tank,
    TankRefusal, Terms, title,
};
use domain::people::Difference;
use domain::readings::channel::Name;
use domain::sites::Site;
use domain::{MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::present;
use super::recipients::RuleRecipient;
use crate::body;
use crate::patch::{Fixed, Patch, Patched};
use crate::people::audit::Change;
use crate::resolve::MeterRef;
use crate::{Action, Core, Error, Named, Principal, sites, validity};

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleView {
    /// Its id.
    pub id: RuleId,
    /// Slug of its site.
    pub site: String,
    /// What it looks at.
    pub kind: Kind,
    /// The meter it is for; null for every meter that has the figure.
    pub meter_id: Option<MeterId>,
    /// The channel of a threshold, such as `ActivePower`.
    pub channel: Option<Name>,
    /// On which side of the limit the alarm is; null where the connection is what is looked at.
    pub direction: Option<Direction>,
    /// Beyond this it is raised.
    pub raise: Option<f64>,
    /// Within this it is cleared.
    pub clear: Option<f64>,
    /// What the limits are stated in; empty for a ratio.
    pub unit: String,
    /// V between phase and neutral, or Hz; null for the usual value that is nearest.
    pub nominal: Option<f64>,
    /// Litres in the tank when it was filled.
    pub tank_litres: Option<f64>,
    /// When it was filled.
    pub filled_at: Option<DateTime<Utc>>,
    /// Seconds beyond the limit before the alarm is raised.
    pub delay_seconds: u32,
    /// Seconds within the limit before it is cleared.
    pub clear_delay_seconds: u32,
    /// How grave its alarms are.
    pub severity: Severity,
    /// Whether it is watched.
    pub enabled: bool,
    /// The same in words.
    pub title: String,
}

impl RuleView {
    fn new(rule: &Rule, site: &Site) -> Self {
        let terms = &rule.terms;
        Self {
            id: rule.id,
            site: site.slug.clone(),
            kind: terms.kind,
            meter_id: rule.meter,
            channel: terms.channel,
            direction: terms.limits.map(|limits| limits.direction),
            raise: terms.limits.map(|limits| limits.raise),
            clear: terms.limits.map(|limits| limits.clear),
            unit: terms.unit(&site.currency),
            nominal: terms.nominal,
            tank_litres: terms.tank.map(|tank| tank.litres),
            filled_at: terms.tank.map(|tank| tank.filled_at),
            delay_seconds: terms.delay_s,
            clear_delay_seconds: terms.clear_delay_s,
            severity: terms.severity,
            enabled: terms.enabled,
            title: title(terms, &site.currency).message,
        }
    }
}

/// A rule to create: what is left out is as usual for its kind.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct NewRule {
    /// Slug of its site; the default site unless stated.
    pub site: Option<SiteSlug>,
    /// What it looks at.
    pub kind: Kind,
    /// The rest.
    #[serde(flatten)]
    #[schemars(with = "RuleChanges")]
    pub rest: Map<String, Value>,
}

/// What may be changed of a rule.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleChanges {
    /// The meter it is for; every meter that has the figure unless stated.
    pub meter_id: Option<MeterRef>,
    /// The channel of a threshold, such as `ActivePower`, without a prefix.
    pub channel: Option<String>,
    /// On which side of the limit the alarm is: of a threshold above unless stated.
    pub direction: Option<Direction>,
    /// Beyond this it is raised, in the unit of the channel, or of the kind.
    pub raise: Option<f64>,
    /// Within this it is cleared; as `raise` unless stated.
    pub clear: Option<f64>,
    /// V between phase and neutral, or Hz.
    pub nominal: Option<f64>,
    /// Litres in the tank when it was filled last.
    pub tank_litres: Option<f64>,
    /// When that was: now unless stated, and to be stated where the litres of a rule change.
    pub filled_at: Option<DateTime<Utc>>,
    /// Seconds beyond the limit before the alarm is raised: 0 to 86,400.
    #[schemars(with = "Option<u32>")]
    pub delay_seconds: Option<i64>,
    /// Seconds within the limit before it is cleared; as `delaySeconds` unless stated.
    #[schemars(with = "Option<u32>")]
    pub clear_delay_seconds: Option<i64>,
    /// How grave its alarms are.
    pub severity: Option<Severity>,
    /// Whether it is watched; it is unless stated.
    pub enabled: Option<bool>,
}

impl Patched for RuleChanges {
    type Shown = RuleView;
    const FIXED: Fixed = Fixed { read_only: &["id", "site", "kind"], measured: &["unit", "title"] };
}

impl RuleChanges {
    /// The terms, held to the rules.
    fn terms(&self, kind: Kind, now: DateTime<Utc>) -> Result<Terms, Error> {
        let usual = kind.usual();
        let delay_s = seconds("delaySeconds", self.delay_seconds)?;
        let delay_s = delay_s.unwrap_or(usual.delay_s);
        let clear_delay_s = seconds("clearDelaySeconds", self.clear_delay_seconds)?;
        let terms = Terms {
            channel: self.channel()?,
            limits: self.limits(usual.limits)?,
            nominal: self.nominal,
            tank: self.tank(now)?,
            delay_s,
            clear_delay_s: clear_delay_s.unwrap_or(delay_s),
            severity: self.severity.unwrap_or(usual.severity),
            enabled: self.enabled.unwrap_or(true),
            kind,
        };
        terms.check().map_err(|invalid| Error::invalid(invalid.field, invalid.message))?;
        Ok(terms)
    }

    fn channel(&self) -> Result<Option<Name>, Error> {
        let Some(text) = &self.channel else { return Ok(None) };
        let name = Name::parse(text).ok_or_else(|| {
            let known: Vec<_> = Name::ALL.iter().map(|name| name.as_str()).collect();
            let (text, known) = (text.clone(), known.join(", "));
            Error::invalid("channel", RuleRefusal::UnknownChannel { text, known })
        })?;
        Ok(Some(name))
    }

    fn limits(&self, usual: Option<Limits>) -> Result<Option<Limits>, Error> {
        let Some(raise) = self.raise else {
            return match (self.clear, self.direction, usual) {
                (None, None, usual) => Ok(usual),
                (Some(clear), _, Some(usual)) => Ok(Some(Limits { clear, ..usual })),
                (None, Some(direction), Some(usual)) => Ok(Some(Limits { direction, ..usual })),
                (Some(_), _, None) | (None, Some(_), None) => {
                    Err(Error::invalid("raise", LimitRefusal::Missing))
                }
            };
        };
        let direction = usual.map_or(Direction::Above, |usual| usual.direction);
        let direction = self.direction.unwrap_or(direction);
        Ok(Some(Limits { direction, raise, clear: self.clear.unwrap_or(raise) }))
    }

    fn tank(&self, now: DateTime<Utc>) -> Result<Option<Tank>, Error> {
        let filled_at = self.filled_at.unwrap_or(now);
        validity::time("filledAt", filled_at)?;
        if filled_at > now {
            return Err(Error::invalid("filledAt", TankRefusal::Future));
        }
        match (self.tank_litres, self.filled_at) {
            (Some(litres), _) => Ok(Some(Tank { litres, filled_at })),
            (None, Some(_)) => Err(Error::invalid("tankLitres", TankRefusal::NoLitresThen)),
            (None, None) => Ok(None),
        }
    }
}

fn seconds(field: &str, count: Option<i64>) -> Result<Option<u32>, Error> {
    let refused = |_| Error::invalid(field, RuleRefusal::NoDelay);
    count.map(|count| u32::try_from(count).map_err(refused)).transpose()
}

/// The rules of a site, in the order in which they were made.
pub async fn rules(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<Vec<RuleView>, Error> {
    let site = sites::resolve(core, who, Action::See, site).await?;
    let rules = storage::alarms::rules::list(core.pool(), Some(site.id)).await?;
    Ok(rules.iter().map(|rule| RuleView::new(rule, &site)).collect())
}

/// Creates a rule.
pub async fn create(core: &Core, who: &Principal, new: NewRule) -> Result<RuleView, Error> {
    create_with_recipients(core, who, new, &[]).await
}

/// Creates a rule and sends alarms of its severity to these recipients: all of it or nothing.
///
/// # Errors
/// The principal may not, the rule is refused, or a recipient is unknown or no mailbox.
pub async fn create_with_recipients(
    core: &Core,
    who: &Principal,
    new: NewRule,
    recipients: &[RuleRecipient],
) -> Result<RuleView, Error> {
    let site = sites::resolve(core, who, Action::Configure, new.site.as_ref()).await?;
    if !recipients.is_empty() {
        who.require_on(Action::Administer, site.id, || Error::no_site(&site.slug))?;
    }
    let changes: RuleChanges = body::read(&Value::Object(new.rest))?;
    let terms = changes.terms(new.kind, present(core, &site))?;
    let meter = changes.meter(core, &site, new.kind).await?;
    recipients.iter().try_for_each(RuleRecipient::check)?;
    let rule = Rule { id: RuleId(0), site: site.id, meter, terms };
    let mut change = Change::begin(core, who).await?.at(site.id);
    let stored = storage::alarms::rules::insert(&mut *change.db, &rule).await?;
    for recipient in recipients {
        recipient.subscribe(&mut change, &site, stored.terms.severity).await?;
    }
    let view = RuleView::new(&stored, &site);
    change.commit("alarm_rule.create", &format!("alarm_rule:{}", view.id), &view).await?;
    core.rules_changed();
    Ok(view)
}

/// Changes the fields that are given. Alarms of a rule that is switched off are over. Of two
/// changes at once the second rests on what the first stored.
pub async fn update(
    core: &Core,
    who: &Principal,
    id: RuleId,
    patch: Patch<RuleChanges>,
) -> Result<RuleView, Error> {
    let shown = named(core, who, id).await?;
    let site = sites::by_id(core.pool(), shown.site).await?;
    let now = present(core, &site);
    let states_filling = patch.sets("filledAt");
    let names_meter = patch.sets("meterId");
    let merge = |rule: &Rule| patch.clone().onto(&RuleView::new(rule, &site));
    // A meter is looked up before anything is locked, since that takes a connection of its own. A rule whose
    // figure is not known any more can still be switched off.
    let asks = names_meter || patch.sets("raise") || patch.sets("channel");
    let meter = match merge(&shown)? {
        changes if asks => changes.meter(core, &site, shown.terms.kind).await?,
        _ => shown.meter,
    };
    let mut change = Change::begin(core, who).await?.at(site.id);
    let before = storage::alarms::rules::lock(&mut *change.db, shown.id).await?;
    let before = before.ok_or_else(|| RuleId::unknown(id))?;
    let terms = merge(&before)?.terms(before.terms.kind, now)?;
    if terms.tank != before.terms.tank && !states_filling {
        return Err(Error::invalid("filledAt", TankRefusal::OtherFilling));
    }
    let meter = if names_meter { meter } else { before.meter };
    let shown = RuleView::new(&before, &site);
    let rule = Rule { meter, terms, ..before };
    let stored = storage::alarms::rules::update(&mut *change.db, &rule).await?;
    let stored = stored.ok_or_else(|| RuleId::unknown(id))?;
    if !stored.terms.enabled {
        storage::alarms::clear_of(&mut *change.db, stored.id, now).await?;
    }
    let view = RuleView::new(&stored, &site);
    let difference = Difference::between(&shown, &view);
    change
        .commit_difference("alarm_rule.update", &format!("alarm_rule:{}", view.id), difference)
        .await?;
    core.rules_changed();
    Ok(view)
}

/// Removes a rule. Its alarms are over and stay in the history.
pub async fn remove(core: &Core, who: &Principal, id: RuleId) -> Result<RuleView, Error> {
    let rule = named(core, who, id).await?;
    let site = sites::by_id(core.pool(), rule.site).await?;
    let (now, view) = (present(core, &site), RuleView::new(&rule, &site));
    let mut change = Change::begin(core, who).await?.at(site.id);
    storage::alarms::clear_of(&mut *change.db, rule.id, now).await?;
    storage::alarms::rules::delete(&mut *change.db, rule.id)
        .await?
        .ok_or_else(|| RuleId::unknown(id))?;
    change.commit_removed("alarm_rule.delete", &format!("alarm_rule:{}", view.id), &view).await?;
    core.rules_changed();
    Ok(view)
}

impl Named for RuleId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        Error::not_found("alarm_rule_not_found", AlarmRefusal::NoRule { id: id.to_string() })
    }
}

/// A rule that may be changed.
async fn named(core: &Core, who: &Principal, id: RuleId) -> Result<Rule, Error> {
    who.require_somewhere(Action::Configure)?;
    let missing = || RuleId::unknown(id);
    let rule = storage::alarms::rules::by_id(core.pool(), id).await?.ok_or_else(missing)?;
    who.require_on(Action::Configure, rule.site, missing)?;
    Ok(rule)
}
