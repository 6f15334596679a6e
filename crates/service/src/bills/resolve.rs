//! Meters and months as requests name them.

use domain::MeterId;
use domain::bills::refusal::BillRefusal;
use domain::meters::Meter;
use domain::month::Month;
use domain::sites::Site;
use uuid::Uuid;

use super::WORLD;
use crate::operation::clock;
use crate::resolve::MeterRef;
use crate::{Error, Service, sites};

/// The meter that a query names, by id, UUID or number.
pub(crate) async fn meter_named(
    service: &Service,
    site: Option<&str>,
    field: &str,
    text: &str,
) -> Result<Meter, Error> {
    let by_id = match text.parse() {
        Ok(id) => storage::meters::by_id(service.pool(), MeterId(id)).await?,
        Err(_) => None,
    };
    match by_id {
        Some(meter) => Ok(meter),
        None => match metered(service, site, field, &MeterRef::Name(text.to_owned())).await {
            Err(Error::Invalid { .. }) => Err(Error::no_meter(text)),
            found => found,
        },
    }
}

/// The meter that a field of a body names: by id and UUID any, by number one of the site; without a
/// site one of the simulated world, else of the default site.
pub(crate) async fn metered(
    service: &Service,
    site: Option<&str>,
    field: &str,
    meter: &MeterRef,
) -> Result<Meter, Error> {
    let pool = service.pool();
    let unknown = |what: &dyn std::fmt::Display| {
        Error::invalid(field, BillRefusal::UnknownMeter { meter: what.to_string() })
    };
    let name = match meter {
        MeterRef::Id(id) => {
            let found = storage::meters::by_id(pool, MeterId(*id)).await?;
            return found.ok_or_else(|| unknown(id));
        }
        MeterRef::Name(name) => name,
    };
    if let Ok(uuid) = Uuid::parse_str(name)
        && let Some(meter) = storage::meters::by_uuid(pool, uuid).await?
    {
        return Ok(meter);
    }
    let places: &[Option<&str>] = if site.is_some() { &[site] } else { &[Some(WORLD), None] };
    for place in places {
        let site = sites::resolve(service, *place).await?;
        if let Some(meter) = storage::meters::by_number(pool, site.id, name).await? {
            return Ok(meter);
        }
    }
    Err(unknown(name))
}

/// A month that has begun on the site's clock.
pub(crate) fn month_asked(service: &Service, site: &Site, text: &str) -> Result<Month, Error> {
    let month: Month = text.parse().map_err(|refusal| Error::invalid("month", refusal))?;
    let now = clock::now(service, site);
    if site.day_start(month.first()) > now {
        return Err(Error::Invalid {
            code: "future_month",
            field: Some("month".to_owned()),
            message: BillRefusal::NotBegun {
                month,
                site: site.name.clone(),
                today: site.date_at(now),
            }
            .into(),
        });
    }
    Ok(month)
}
