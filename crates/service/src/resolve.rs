//! Which meter somebody means.

use std::fmt;

use domain::bills::refusal::BillRefusal;
use domain::meters::refusal::MeterRefusal;
use domain::meters::{Meter, MeterAddress, Named};
use domain::sites::Site;
use domain::strict;
use domain::{MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{Action, Core, Error, Principal, sites};

/// Names a meter in a body: a number is its id, a text its meter number or UUID.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum MeterRef {
    /// By id.
    Id(i64),
    /// By number or UUID.
    Name(String),
}

impl<'de> Deserialize<'de> for MeterRef {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        strict::number_or_text(from, Self::Id, Self::Name, MeterRefusal::NotNamed)
    }
}

impl fmt::Display for MeterRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// Slug of the simulated world, whose meters are billed where nobody names a site.
const WORLD: &str = "world";

/// The meter that an address means.
pub(crate) async fn meter(
    service: &Core,
    who: &Principal,
    action: Action,
    address: &MeterAddress,
) -> Result<Meter, Error> {
    who.require_somewhere(action)?;
    let found = match address.named() {
        Named::Id(id) => {
            let found = storage::meters::by_id(service.pool(), id).await?;
            match address.site() {
                // A site that is named is meant: a meter of another one is not changed by mistake.
                Some(_) => {
                    let site = sites::resolve(service, who, action, address.site()).await?;
                    found.filter(|meter| meter.site == site.id)
                }
                None => found,
            }
        }
        Named::Number(number) => {
            let site = sites::resolve(service, who, action, address.site()).await?;
            storage::meters::by_number(service.pool(), site.id, number).await?
        }
        Named::Nothing => None,
    };
    let missing = || Error::no_meter(address);
    let meter = found.ok_or_else(missing)?;
    who.require_on(action, meter.site, missing)?;
    Ok(meter)
}

/// The meter of a site that a field of a body names.
pub(crate) async fn by_ref(
    service: &Core,
    site: &Site,
    field: &str,
    meter: &MeterRef,
) -> Result<Meter, Error> {
    let found = named(service, site, field, meter).await?;
    if found.site == site.id { Ok(found) } else { Err(unknown(site, field, &found.number)) }
}

/// The meter that a field of a body names: by id and UUID any, by number one of the site.
pub(crate) async fn named(
    service: &Core,
    site: &Site,
    field: &str,
    meter: &MeterRef,
) -> Result<Meter, Error> {
    let pool = service.pool();
    let found = match (anywhere(pool, meter).await?, meter) {
        (None, MeterRef::Name(number)) => storage::meters::by_number(pool, site.id, number).await?,
        (found, _) => found,
    };
    found.ok_or_else(|| unknown(site, field, meter))
}

/// The meter that is billed, as a field names it: by id and UUID any, by number one of the site; without
/// a site one of the simulated world, else of the default site.
pub(crate) async fn billed(
    service: &Core,
    who: &Principal,
    action: Action,
    site: Option<&SiteSlug>,
    (field, meter): (&str, &MeterRef),
) -> Result<Meter, Error> {
    who.require_somewhere(action)?;
    let missing = || Error::invalid(field, BillRefusal::UnknownMeter { meter: meter.to_string() });
    if let Some(meter) = anywhere(service.pool(), meter).await? {
        who.require_on(action, meter.site, missing)?;
        return Ok(meter);
    }
    let world = SiteSlug::from(WORLD);
    let places: &[_] = if site.is_some() { &[site] } else { &[Some(&world), None] };
    if let MeterRef::Name(number) = meter {
        for place in places {
            let site = sites::resolve(service, who, action, *place).await?;
            let found = storage::meters::by_number(service.pool(), site.id, number).await?;
            if let Some(meter) = found {
                return Ok(meter);
            }
        }
    }
    Err(missing())
}

/// The meter that is billed, as an address names it: by id, UUID or number.
pub(crate) async fn billed_at(
    service: &Core,
    who: &Principal,
    action: Action,
    address: &MeterAddress,
) -> Result<Meter, Error> {
    who.require_somewhere(action)?;
    let text = address.to_string();
    if let Ok(id) = text.parse()
        && let Some(meter) = storage::meters::by_id(service.pool(), id).await?
    {
        who.require_on(action, meter.site, || Error::no_meter(address))?;
        return Ok(meter);
    }
    let named = MeterRef::Name(text);
    match billed(service, who, action, address.site(), ("meter_id", &named)).await {
        Err(Error::Invalid { .. }) => Err(Error::no_meter(address)),
        found => found,
    }
}

/// Passes when the principal may do this to what belongs to a meter.
pub(crate) async fn on_meter(
    service: &Core,
    who: &Principal,
    action: Action,
    meter: MeterId,
    missing: impl FnOnce() -> Error,
) -> Result<(), Error> {
    who.require_somewhere(action)?;
    match storage::meters::by_id(service.pool(), meter).await? {
        Some(meter) => who.require_on(action, meter.site, missing),
        None => Err(missing()),
    }
}

/// The site that bills are asked of: the simulated world unless one is named.
pub(crate) async fn billed_site(
    service: &Core,
    who: &Principal,
    action: Action,
    site: Option<&SiteSlug>,
) -> Result<Site, Error> {
    sites::resolve(service, who, action, Some(site.unwrap_or(&SiteSlug::from(WORLD)))).await
}

/// Passes when the principal may do this in the simulated world, from what is known at once.
pub(crate) fn in_world(core: &Core, who: &Principal, action: Action) -> Result<(), Error> {
    let known = core.registry().known();
    match known.sites.values().find(|site| site.slug == WORLD) {
        Some(site) => who.require_on(action, site.id, || Error::Forbidden { action }),
        None => who.require(action),
    }
}

/// The meter with this id or UUID, on whatever site.
async fn anywhere(pool: &PgPool, meter: &MeterRef) -> Result<Option<Meter>, Error> {
    Ok(match meter {
        MeterRef::Id(id) => storage::meters::by_id(pool, MeterId(*id)).await?,
        MeterRef::Name(name) => match Uuid::parse_str(name) {
            Ok(uuid) => storage::meters::by_uuid(pool, uuid).await?,
            Err(_) => None,
        },
    })
}

pub(crate) fn unknown(site: &Site, field: &str, what: &dyn fmt::Display) -> Error {
    let (meter, site) = (what.to_string(), site.slug.clone());
    Error::invalid(field, MeterRefusal::NotOfSite { meter, site })
}
