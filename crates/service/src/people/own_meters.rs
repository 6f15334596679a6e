//! Meters that belong to people.

use std::collections::HashSet;

use chrono::NaiveDate;
use domain::SiteSlug;
use domain::people::UserId;
use domain::people::refusal::AccountRefusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::{Error, validity};

/// A meter to give to somebody.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewOwnMeter {
    /// Its number.
    pub meter_number: String,
    /// Slug of its site; the default site unless stated.
    pub site: Option<SiteSlug>,
    /// The first day on which it is theirs, in the zone of the site; ever since unless stated.
    pub valid_from: Option<NaiveDate>,
    /// The day after the last one; for good unless stated.
    pub valid_to: Option<NaiveDate>,
}

/// Gives meters to somebody.
///
/// # Errors
/// A meter is unknown or named twice, or its days are none.
pub(super) async fn give(
    db: &mut PgConnection,
    user: UserId,
    meters: &[NewOwnMeter],
) -> Result<(), Error> {
    let mut given = HashSet::new();
    for (at, new) in meters.iter().enumerate() {
        let field = |name: &str| format!("meters[{at}].{name}");
        let days = [("validFrom", new.valid_from), ("validTo", new.valid_to)];
        for (name, day) in days.iter().filter_map(|(name, day)| Some((name, (*day)?))) {
            validity::day(&field(name), day)?;
        }
        if new.valid_from.zip(new.valid_to).is_some_and(|(from, to)| from >= to) {
            return Err(Error::invalid(field("validTo"), AccountRefusal::MeterDays));
        }
        let site = match &new.site {
            Some(slug) => storage::sites::by_slug(&mut *db, slug.as_str())
                .await?
                .ok_or_else(|| Error::no_site(slug))?,
            None => storage::sites::by_id(&mut *db, storage::sites::DEFAULT)
                .await?
                .ok_or_else(|| Error::no_site("default"))?,
        };
        let number = &new.meter_number;
        let meter = storage::meters::by_number(&mut *db, site.id, number).await?;
        let meter =
            meter.ok_or_else(|| crate::resolve::unknown(&site, &field("meterNumber"), number))?;
        if !given.insert(meter.id) {
            let refused = AccountRefusal::MeterTwice { meter: number.clone() };
            return Err(Error::invalid(field("meterNumber"), refused));
        }
        let days = (new.valid_from, new.valid_to);
        storage::people::own_meters::give(&mut *db, user, meter.id, days).await?;
    }
    Ok(())
}
