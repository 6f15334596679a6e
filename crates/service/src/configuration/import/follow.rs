//! What figures rest on changes with a document: they are made anew.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::sites::Site;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use storage::configuration as tables;
use storage::rollup::Turn;

use super::super::Document;
use crate::sites::zone;
use crate::{Error, instants};

/// The worker's turn, where the document moves the zone of a site.
pub(super) async fn turn(pool: &PgPool, document: &Document) -> Result<Option<Turn>, Error> {
    let stored = storage::sites::list(pool).await?;
    let moves = document.sites.iter().any(|site| {
        // The default site may be about to take another slug.
        let of_site = |stored: &&Site| {
            stored.slug == site.slug || site.is_default && stored.id == storage::sites::DEFAULT
        };
        stored.iter().filter(of_site).any(|stored| stored.zone.name() != site.time_zone)
    });
    if moves { zone::turn(pool).await.map(Some) } else { Ok(None) }
}

/// What was there before the document was stored.
pub(super) struct Followed {
    sites: Vec<Site>,
    sums: HashMap<String, Value>,
}

impl Followed {
    pub(super) async fn before(db: &mut PgConnection) -> Result<Self, Error> {
        Ok(Self { sites: storage::sites::list(&mut *db).await?, sums: sums(db).await? })
    }

    /// Has days and balances of sites with another zone made anew, and derived meters with other terms
    /// computed again.
    pub(super) async fn follow(self, db: &mut PgConnection) -> Result<(), Error> {
        for site in storage::sites::list(&mut *db).await? {
            let before = self.sites.iter().find(|before| before.id == site.id);
            if let Some(before) = before.filter(|before| before.zone != site.zone) {
                zone::moved(db, before, &site).await?;
            }
        }
        for (meter, now) in sums(db).await? {
            let Some(before) = self.sums.get(&meter).filter(|before| **before != now) else {
                continue;
            };
            let (slug, number) = meter.split_once('\n').unwrap_or_default();
            let since = changed_since(before, &now);
            storage::meters::virtual_meters::compute_again(&mut *db, slug, number, since).await?;
        }
        Ok(())
    }
}

/// The terms of each derived meter, by site and number.
async fn sums(db: &mut PgConnection) -> Result<HashMap<String, Value>, Error> {
    let rows = tables::virtual_meters(&mut *db).await?;
    let keyed = |mut row: Value| {
        let key = format!("{}\n{}", row["site"].as_str()?, row["meterNumber"].as_str()?);
        Some((key, row["terms"].take()))
    };
    Ok(rows.into_iter().filter_map(keyed).collect())
}

/// Since when the terms are others: the first of those that only one of the two has begins then.
fn changed_since(before: &Value, now: &Value) -> DateTime<Utc> {
    let terms = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (before, now) = (terms(before), terms(now));
    let only_here = |here: &[Value], there: &[Value]| {
        let only = here.iter().filter(|term| !there.contains(*term));
        let begins = |term: &Value| {
            let from = term["validFrom"].as_str().and_then(|from| from.parse().ok());
            from.unwrap_or(instants::EARLIEST)
        };
        only.map(begins).min()
    };
    let first = [only_here(&before, &now), only_here(&now, &before)].into_iter().flatten().min();
    first.unwrap_or(instants::EARLIEST)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sum_is_computed_again_since_its_first_other_term() {
        let term = |from: Value, factor: f64| json!({"meterNumber": "A", "factor": factor, "validFrom": from, "validTo": null});
        let may = json!("2026-05-01T00:00:00+00:00");
        let before = json!([term(Value::Null, 1.0), term(may.clone(), 1.0)]);
        let later = json!([term(Value::Null, 1.0), term(may, 2.0)]);
        assert_eq!(changed_since(&before, &later).to_rfc3339(), "2026-05-01T00:00:00+00:00");
        let always = json!([term(Value::Null, 3.0)]);
        assert_eq!(changed_since(&before, &always), instants::EARLIEST);
    }
}
