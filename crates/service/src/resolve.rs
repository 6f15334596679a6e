//! Which meter somebody means.

use domain::MeterId;
use domain::meters::Meter;
use domain::meters::refusal::MeterRefusal;
use domain::sites::Site;
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use crate::{Core, Error, sites};

/// Names a meter in a body: a number is its id, a text its meter number or UUID.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected an id as a number, or a meter number or UUID as a text")]
pub enum MeterRef {
    /// By id.
    Id(i64),
    /// By number or UUID.
    Name(String),
}

/// The meter that the `{id}` of an address means: digits are its id, `number:12` and anything else
/// its number in the site.
pub(crate) async fn meter(service: &Core, site: Option<&str>, id: &str) -> Result<Meter, Error> {
    let found = if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) {
        match id.parse() {
            Ok(id) => storage::meters::by_id(service.pool(), MeterId(id)).await?,
            Err(_) => None,
        }
    } else {
        let site = sites::resolve(service, site).await?;
        let number = id.strip_prefix("number:").unwrap_or(id);
        storage::meters::by_number(service.pool(), site.id, number).await?
    };
    found.ok_or_else(|| Error::no_meter(id))
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
    match meter {
        MeterRef::Id(id) => {
            let found = storage::meters::by_id(pool, MeterId(*id)).await?;
            found.ok_or_else(|| unknown(site, field, id))
        }
        MeterRef::Name(name) => {
            let by_uuid = match Uuid::parse_str(name) {
                Ok(uuid) => storage::meters::by_uuid(pool, uuid).await?,
                Err(_) => None,
            };
            let found = match by_uuid {
                Some(meter) => Some(meter),
                None => storage::meters::by_number(pool, site.id, name).await?,
            };
            found.ok_or_else(|| unknown(site, field, name))
        }
    }
}

pub(crate) fn unknown(site: &Site, field: &str, what: &dyn std::fmt::Display) -> Error {
    let (meter, site) = (what.to_string(), site.slug.clone());
    Error::invalid(field, MeterRefusal::NotOfSite { meter, site })
}
