//! Creating, changing and removing versions of tariffs; pricing a meter with one.

use chrono::NaiveDate;
use domain::bills::tariff::refusal::TariffRefusal;
use domain::bills::tariff::{Assignment, TariffId, Terms, Version};
use domain::entry::Entry;
use domain::meters::MeterAddress;
use domain::people::Difference;
use domain::sites::Site;
use domain::{MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::PgConnection;
use storage::bills::tariffs;

use super::{find, named};
use crate::body;
use crate::patch::{Fixed, Patch, Patched};
use crate::people::audit::Change;
use crate::{
    Action, Core, Error, Named, Principal, instants, optimistic_lock, resolve, sites, validity,
};

/// A version of a tariff to create.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct NewTariff {
    /// The name that its versions share.
    pub name: String,
    /// Slug of its site; the default site unless stated.
    pub site: Option<SiteSlug>,
    /// ISO 4217 code of its currency: only the site's.
    pub currency: Option<String>,
    /// Whether the version of this name that holds on its first day ends there.
    #[serde(default)]
    pub end_previous: bool,
    /// What may be changed later, too.
    #[serde(flatten)]
    #[schemars(with = "TariffChanges")]
    pub rest: Map<String, Value>,
}

/// What may be changed of a version.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct TariffChanges {
    /// First day, on the site's clock.
    pub valid_from: NaiveDate,
    /// First day after it; it holds without end unless stated.
    pub valid_to: Option<NaiveDate>,
    /// Whether meters without a tariff of their own are priced with it and the later versions of its name, from its
    /// first day on; the first tariff of a site is, unless this says otherwise.
    pub is_default: Option<bool>,
    /// What it says.
    #[serde(flatten)]
    #[schemars(with = "Terms")]
    pub terms: Map<String, Value>,
}

impl Patched for TariffChanges {
    type Shown = Version;
    const FIXED: Fixed = Fixed { read_only: &["id", "name", "site", "currency"], measured: &[] };
}

impl TariffChanges {
    /// Reads the terms, and holds them and the validity to the rules; terms that were stored before there was a rule can
    /// stay.
    fn checked(
        self,
        stored: Option<&Terms>,
    ) -> Result<(NaiveDate, Option<NaiveDate>, Terms), Error> {
        let terms: Terms = body::read(&Value::Object(self.terms))?;
        if stored != Some(&terms) {
            terms.check().map_err(|invalid| Error::invalid(invalid.field, invalid.message))?;
        }
        validity::day("validFrom", self.valid_from)?;
        if let Some(to) = self.valid_to {
            validity::day("validTo", to)?;
            if to <= self.valid_from {
                return Err(Error::invalid("validTo", TariffRefusal::EmptyValidity));
            }
        }
        Ok((self.valid_from, self.valid_to, terms))
    }
}

/// Creates a version.
pub async fn create(core: &Core, who: &Principal, new: NewTariff) -> Result<Version, Error> {
    let (site, prepared) = prepared(core, who, Action::Administer, new).await?;
    let since = prepared.version.valid_from;
    let mut change = Change::begin(core, who).await?.at(site.id);
    let (stored, ended) = prepared.store(&mut change).await?;
    if let Some((before, after)) = ended {
        let subject = format!("tariff:{}", after.id);
        change.note("tariff.update", &subject, Difference::between(&before, &after)).await?;
    }
    finish(core, change, &site, stored, ("tariff.create", since), Difference::created).await
}

/// A version that is held to the rules that it can be held to alone.
pub(super) struct Prepared {
    version: Version,
    is_default: Option<bool>,
    end_previous: bool,
}

/// Reads a version, with its site.
pub(super) async fn prepared(
    core: &Core,
    who: &Principal,
    action: Action,
    new: NewTariff,
) -> Result<(Site, Prepared), Error> {
    let site = sites::resolve(core, who, action, new.site.as_ref()).await?;
    if new.name.is_empty() {
        return Err(Error::invalid("name", Entry::Empty));
    }
    if new.currency.is_some_and(|currency| currency != site.currency) {
        let (site, currency) = (site.slug, site.currency);
        return Err(Error::invalid("currency", TariffRefusal::Currency { site, currency }));
    }
    let changes: TariffChanges = body::read(&Value::Object(new.rest))?;
    let is_default = changes.is_default;
    let (valid_from, valid_to, terms) = changes.checked(None)?;
    let version = Version {
        id: TariffId(0),
        name: new.name,
        site_id: site.id,
        site: site.slug.clone(),
        currency: site.currency.clone(),
        valid_from,
        valid_to,
        is_default: false,
        terms,
    };
    Ok((site, Prepared { version, is_default, end_previous: new.end_previous }))
}

impl Prepared {
    /// Stores it among the others; answers it, and the version that ends with it, before and after.
    pub(super) async fn store(
        self,
        change: &mut Change,
    ) -> Result<(Version, Option<(Version, Version)>), Error> {
        let site = self.version.site_id;
        tariffs::lock(&mut *change.db, site).await?;
        let mut others = tariffs::list(&mut *change.db, site).await?;
        let mut ended = None;
        let from = self.version.valid_from;
        let holds = |other: &&mut Version| {
            other.name == self.version.name && other.valid_from < from && other.holds_on(from)
        };
        if self.end_previous
            && let Some(previous) = others.iter_mut().find(holds)
        {
            let before = previous.clone();
            previous.valid_to = Some(from);
            let stored = tariffs::update(&mut *change.db, previous).await?;
            ended = stored.map(|after| (before, after));
        }
        refuse_overlap(&others, &self.version)?;
        let is_default = self.is_default.unwrap_or_else(|| goes_on(&others, &self.version));
        let new = Version { is_default, ..self.version };
        let stored = tariffs::insert(&mut *change.db, &new).await?;
        if let Some(is_default) = self.is_default {
            tariffs::set_default(&mut *change.db, &stored, is_default).await?;
        }
        Ok((stored, ended))
    }
}

/// Changes the fields that are given.
pub async fn update(
    core: &Core,
    who: &Principal,
    id: TariffId,
    mut patch: Patch<TariffChanges>,
) -> Result<Version, Error> {
    let (site, mut change, current) = locked(core, who, id).await?;
    optimistic_lock::settle(&current, &mut patch)?;
    let changes = patch.onto(&current)?;
    let was_default = current.is_default;
    let is_default = changes.is_default.unwrap_or(was_default);
    let (valid_from, valid_to, terms) = changes.checked(Some(&current.terms))?;
    let since = current.valid_from.min(valid_from);
    let version = Version { valid_from, valid_to, terms, is_default, ..current.clone() };

    let mut others = tariffs::list(&mut *change.db, site.id).await?;
    others.retain(|other| other.id != version.id);
    refuse_overlap(&others, &version)?;
    let stored = tariffs::update(&mut *change.db, &version).await?;
    let stored = stored.ok_or_else(|| TariffId::unknown(version.id))?;
    if is_default != was_default {
        tariffs::set_default(&mut *change.db, &stored, is_default).await?;
    }
    let differs = |after: &Version| Difference::between(&current, after);
    finish(core, change, &site, stored, ("tariff.update", since), differs).await
}

/// A version as it stands while nobody else changes the tariffs of its site.
async fn locked(
    core: &Core,
    who: &Principal,
    id: TariffId,
) -> Result<(Site, Change, Version), Error> {
    let version = named(core, who, Action::Administer, id).await?;
    let site = sites::by_id(core.pool(), version.site_id).await?;
    let mut change = Change::begin(core, who).await?.at(site.id);
    tariffs::lock(&mut *change.db, site.id).await?;
    let stored = find(&mut *change.db, id).await?;
    Ok((site, change, stored))
}

/// Removes a version that no meter would be left without.
pub async fn remove(core: &Core, who: &Principal, id: TariffId) -> Result<Version, Error> {
    let (site, mut change, stored) = locked(core, who, id).await?;
    let left = tariffs::left_without(&mut change.db, &stored).await?;
    if let Some(meter) = left.first() {
        return Err(Error::conflict(
            "tariff_in_use",
            TariffRefusal::LastVersion { name: stored.name, meter: meter.clone() },
        ));
    }
    tariffs::delete(&mut *change.db, stored.id).await?;
    let since = stored.valid_from;
    finish(core, change, &site, stored, ("tariff.delete", since), Difference::removed).await
}

/// Which tariff a meter is to be priced with.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAssignment {
    /// Any version of the tariff: all versions of its name are meant.
    pub tariff_id: TariffId,
    /// First day, on the site's clock.
    pub valid_from: NaiveDate,
}

/// Which tariff a meter is priced with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Assigned {
    /// The meter.
    pub meter_id: MeterId,
    /// The version that was named.
    pub tariff_id: TariffId,
    /// The name that the tariff's versions share.
    pub tariff_name: String,
    /// First day, on the site's clock, until the meter's next tariff.
    pub valid_from: NaiveDate,
}

/// Prices a meter with a tariff from a day on.
pub async fn assign(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    new: NewAssignment,
) -> Result<Assigned, Error> {
    let meter = resolve::meter(core, who, Action::Administer, meter).await?;
    validity::day("validFrom", new.valid_from)?;
    let mut change = Change::begin(core, who).await?.at(meter.site);
    tariffs::lock(&mut *change.db, meter.site).await?;
    let tariff = tariffs::by_id(&mut *change.db, new.tariff_id).await?;
    let tariff = tariff.filter(|tariff| tariff.site_id == meter.site).ok_or_else(|| {
        Error::invalid("tariffId", TariffRefusal::OfOtherSite { id: new.tariff_id })
    })?;
    let site = sites::of(core, &meter).await?;
    let tariff_name = tariff.name;
    let assignment =
        Assignment { meter: meter.id, tariff: tariff_name.clone(), valid_from: new.valid_from };
    tariffs::assign(&mut *change.db, &assignment).await?;
    let since = site.day_start(new.valid_from);
    storage::recount::requeue::losses(&mut change.db, site.id, None, since).await?;
    let assigned = Assigned {
        meter_id: meter.id,
        tariff_id: new.tariff_id,
        tariff_name,
        valid_from: new.valid_from,
    };
    change.commit("meter.tariff", &format!("meter:{}", meter.id), &assigned).await?;
    core.registry_changed();
    Ok(assigned)
}

/// Notes and stores a change of a version; what was lost since then costs something else now.
async fn finish(
    core: &Core,
    mut change: Change,
    site: &Site,
    view: Version,
    (action, since): (&str, NaiveDate),
    differs: impl FnOnce(&Version) -> Difference,
) -> Result<Version, Error> {
    storage::recount::requeue::losses(&mut change.db, site.id, None, site.day_start(since)).await?;
    let difference = differs(&view);
    change.commit_difference(action, &format!("tariff:{}", view.id), difference).await?;
    core.registry_changed();
    Ok(view)
}

/// Whether a version is the default where nobody says so: the first tariff of a site is, and a version of the name that
/// is the default on its first day.
fn goes_on(others: &[Version], version: &Version) -> bool {
    let defaults = others.iter().filter(|other| other.is_default);
    let in_force = defaults.clone().filter(|other| other.holds_on(version.valid_from));
    let in_force = in_force.max_by_key(|other| other.valid_from);
    in_force
        .or(defaults.min_by_key(|other| other.valid_from))
        .is_none_or(|it| it.name == version.name)
}

/// Holds the tariffs of a site to the rules after many of them changed at once: no versions of a name overlap, and no two
/// begin to be the default on one day.
pub(crate) async fn settle(db: &mut PgConnection, slug: &str) -> Result<(), Error> {
    let site =
        storage::sites::by_slug(&mut *db, slug).await?.ok_or_else(|| Error::no_site(slug))?;
    tariffs::lock(&mut *db, site.id).await?;
    let all = tariffs::list(&mut *db, site.id).await?;
    for (i, version) in all.iter().enumerate() {
        refuse_overlap(all.get(..i).unwrap_or_default(), version)?;
    }
    let defaults = all.iter().filter(|version| version.is_default);
    for (i, one) in defaults.clone().enumerate() {
        if let Some(other) = defaults.clone().take(i).find(|it| it.valid_from == one.valid_from) {
            let (one, other) = (one.name.clone(), other.name.clone());
            let refusal = TariffRefusal::TwoDefaults { one, other, site: slug.to_owned() };
            return Err(Error::conflict("two_defaults", refusal).at("isDefault"));
        }
    }
    storage::recount::requeue::losses(&mut *db, site.id, None, instants::EARLIEST).await?;
    Ok(())
}

fn refuse_overlap(others: &[Version], version: &Version) -> Result<(), Error> {
    let same_name = others.iter().filter(|other| other.name == version.name);
    let mut rivals = same_name.filter(|other| other.overlaps(version.valid_from, version.valid_to));
    let Some(rival) = rivals.next() else { return Ok(()) };
    let (id, name, from) = (rival.id, rival.name.clone(), rival.valid_from);
    let refusal = match rival.valid_to {
        None => TariffRefusal::OverlapsOpen { id, name, from },
        Some(to) => TariffRefusal::Overlaps { id, name, from, to },
    };
    Err(Error::conflict("tariff_overlap", refusal).at("validFrom"))
}
