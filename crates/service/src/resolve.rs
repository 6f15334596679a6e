//! Which meter somebody means.

use std::fmt;

use domain::bills::refusal::BillRefusal;
use domain::meters::refusal::MeterRefusal;
use domain::meters::{Meter, MeterAddress, Named};
use domain::ownership::Seen;
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

/// The meter that an address means, on which somebody may do this.
pub(crate) async fn meter(
    service: &Core,
    who: &Principal,
    action: Action,
    address: &MeterAddress,
) -> Result<Meter, Error> {
    who.require_somewhere(action)?;
    let meter = at(service, who, address).await?;
    who.require_on_meter(action, &meter, || Error::no_meter(address))?;
    Ok(meter)
}

/// The meter that an address means, and the time of it that somebody may see.
pub(crate) async fn seen(
    service: &Core,
    who: &Principal,
    action: Action,
    address: &MeterAddress,
) -> Result<(Meter, Seen), Error> {
    who.require_somewhere_or_own(action)?;
    let meter = at(service, who, address).await?;
    let seen = who.sees(action, &meter, || Error::no_meter(address))?;
    Ok((meter, seen))
}

async fn at(service: &Core, who: &Principal, address: &MeterAddress) -> Result<Meter, Error> {
    let found = match address.named() {
        Named::Id(id) => {
            let found = storage::meters::by_id(service.pool(), id).await?;
            match address.site() {
                // A site that is named is meant: a meter of another one is not changed by mistake.
                Some(_) => {
                    let site = sites::known(service, who, address.site()).await?;
                    found.filter(|meter| meter.site == site.id)
                }
                None => found,
            }
        }
        Named::Number(number) => {
            let site = sites::known(service, who, address.site()).await?;
            storage::meters::by_number(service.pool(), site.id, number).await?
        }
        Named::Nothing => None,
    };
    found.ok_or_else(|| Error::no_meter(address))
}

/// The meter of a site that a field of a body names.
pub(crate) async fn by_ref(
    service: &Core,
    site: &Site,
    field: &str,
    meter: &MeterRef,
) -> Result<Meter, Error> {
    let found = named(service, site, field, meter).await?;
    if found.site == site.id { Ok(found) } else { Err(unknown(site, field, meter)) }
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
    let missing = || unbilled(field, meter);
    let found = find_billed(service, who, site, meter).await?.ok_or_else(missing)?;
    who.require_on_meter(action, &found, missing)?;
    Ok(found)
}

/// The meter that is billed, as an address names it: by id, UUID or number; and the time of it that somebody may see.
pub(crate) async fn billed_at(
    service: &Core,
    who: &Principal,
    action: Action,
    address: &MeterAddress,
) -> Result<(Meter, Seen), Error> {
    who.require_somewhere_or_own(action)?;
    let text = address.to_string();
    let by_id = match text.parse() {
        Ok(id) => storage::meters::by_id(service.pool(), id).await?,
        Err(_) => None,
    };
    let found = match by_id {
        Some(meter) => Some(meter),
        None => find_billed(service, who, address.site(), &MeterRef::Name(text)).await?,
    };
    let missing = || Error::no_meter(address);
    let meter = found.ok_or_else(missing)?;
    let seen = who.sees(action, &meter, missing)?;
    Ok((meter, seen))
}

async fn find_billed(
    service: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    meter: &MeterRef,
) -> Result<Option<Meter>, Error> {
    let pool = service.pool();
    if let Some(meter) = anywhere(pool, meter).await? {
        return Ok(Some(meter));
    }
    let MeterRef::Name(number) = meter else { return Ok(None) };
    if site.is_some() {
        let site = sites::known(service, who, site).await?;
        return Ok(storage::meters::by_number(pool, site.id, number).await?);
    }
    for place in [Some(&SiteSlug::from(WORLD)), None] {
        match sites::known(service, who, place).await {
            Ok(site) => {
                let found = storage::meters::by_number(pool, site.id, number).await?;
                if found.is_some() {
                    return Ok(found);
                }
            }
            Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

fn unbilled(field: &str, meter: &MeterRef) -> Error {
    Error::invalid(field, BillRefusal::UnknownMeter { meter: meter.to_string() })
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
        Some(meter) => who.require_on_meter(action, &meter, missing),
        None => Err(missing()),
    }
}

/// The site that bills are asked of: the simulated world unless one is named.
pub(crate) async fn billed_site(
    service: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<Site, Error> {
    sites::known(service, who, Some(site.unwrap_or(&SiteSlug::from(WORLD)))).await
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
