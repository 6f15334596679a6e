//! Corrections of earlier bills, whose estimates an actual reading has settled since.

use std::collections::{BTreeMap, HashMap};

use domain::bills::{Bill, Correction, Inputs};
use domain::month::Month;
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgConnection, PgExecutor};

use super::{hold, in_force_among};
use crate::Error;
use crate::energy::intervals::SAME_KWH;

/// A correction on an issued bill that no credit note takes back.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Carried {
    pub meter: MeterId,
    /// The month of the bill that it is on.
    pub on: Month,
    /// The number of that bill.
    pub number: String,
    pub correction: Correction,
}

/// The corrections of meters, by the months of the bills that they are on.
pub async fn carried(db: impl PgExecutor<'_>, meters: &[MeterId]) -> Result<Vec<Carried>, Error> {
    Ok(sqlx::query_as(
        "SELECT meter_id AS meter, month AS on, number, correction \
         FROM bills AS bill \
         CROSS JOIN LATERAL jsonb_array_elements(inputs -> 'corrections') AS correction \
         WHERE meter_id = ANY($1) AND inputs ? 'corrections' AND number IS NOT NULL \
             AND kind = 'bill' \
             AND NOT EXISTS (SELECT FROM bills AS note WHERE note.credits = bill.id) \
         ORDER BY meter_id, month",
    )
    .bind(meters)
    .fetch_all(db)
    .await?)
}

/// An issued bill that rested on other estimates than there are of its month now.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Settled {
    pub meter: MeterId,
    pub month: Month,
    /// Its number.
    pub number: String,
    pub bill: Bill,
    /// kWh of the month that are still estimated.
    pub estimated: f64,
}

/// The bills of meters before a month that rested on other estimates than there are now, or than when one of the
/// `carried` corrected them. A bill is corrected on that of the first month after it that was not billed yet, unless
/// the meter passed to somebody else meanwhile.
pub async fn settled(
    db: impl PgExecutor<'_>,
    meters: &[MeterId],
    month: Month,
    carried: &[Carried],
) -> Result<Vec<Settled>, Error> {
    // Of several corrections of a bill, the last one tells.
    let known: HashMap<(MeterId, Month), &Correction> =
        carried.iter().map(|one| ((one.meter, one.correction.month), &one.correction)).collect();
    let (of, estimated): (Vec<_>, Vec<_>) =
        known.into_iter().map(|(of, correction)| (of, correction.estimated)).unzip();
    Ok(sqlx::query_as(
        "SELECT bill.meter_id AS meter, bill.month, bill.number, bill.content AS bill, \
             now.kwh AS estimated \
         FROM bills AS bill \
         LEFT JOIN UNNEST($3::bigint[], $4::date[], $5::numeric[]) AS known (meter_id, month, kwh) \
             USING (meter_id, month) \
         CROSS JOIN LATERAL (SELECT sum(estimated_kwh) AS kwh FROM energy_days \
             WHERE energy_days.meter_id = bill.meter_id AND day >= bill.month \
                 AND day < bill.month + interval '1 month') AS now \
         WHERE bill.meter_id = ANY($1) AND bill.month < $2 \
             AND bill.inputs @? '$.series[*] ? (@.estimated > 0)' \
             AND bill.number IS NOT NULL AND bill.kind = 'bill' \
             AND NOT EXISTS (SELECT FROM bills AS note WHERE note.credits = bill.id) \
             AND abs(now.kwh - coalesce(known.kwh, (SELECT sum((point ->> 'estimated')::float8) \
                 FROM jsonb_array_elements(bill.inputs -> 'series') AS point))) > $6 \
             AND (SELECT array_agg(later.month ORDER BY later.month) FROM bills AS later \
                 WHERE later.meter_id = bill.meter_id AND later.month > bill.month \
                     AND later.month <= $2 AND later.number IS NOT NULL AND later.kind = 'bill' \
                     AND NOT EXISTS (SELECT FROM bills AS note WHERE note.credits = later.id)) \
                 IS NOT DISTINCT FROM (SELECT array_agg(months.month::date) \
                     FROM generate_series(bill.month + interval '1 month', \
                         $2 - interval '1 month', interval '1 month') AS months (month)) \
             AND NOT EXISTS (SELECT FROM user_meters WHERE user_meters.meter_id = bill.meter_id \
                 AND (valid_from > bill.month AND valid_from < $2 + interval '1 month' \
                     OR valid_to > bill.month AND valid_to < $2 + interval '1 month'))",
    )
    .bind(meters)
    .bind(month)
    .bind(of.iter().map(|(meter, _)| *meter).collect::<Vec<_>>())
    .bind(of.iter().map(|(_, month)| *month).collect::<Vec<_>>())
    .bind(estimated)
    .bind(SAME_KWH)
    .fetch_all(db)
    .await?)
}

/// Keeps the bills that others correct, by what these are computed from, from being credited until the transaction
/// ends; whether all of them still hold.
pub async fn hold_corrected(
    db: &mut PgConnection,
    site: SiteId,
    correcting: &[&Inputs],
) -> Result<bool, Error> {
    let mut by_month: BTreeMap<Month, HashMap<MeterId, &str>> = BTreeMap::new();
    for inputs in correcting {
        for correction in &inputs.corrections {
            by_month.entry(correction.month).or_default().insert(inputs.meter, &correction.bill);
        }
    }
    // All that hold several months take the later ones first, so that none waits for another.
    for (month, bills) in by_month.into_iter().rev() {
        hold(&mut *db, site, month).await?;
        let meters: Vec<MeterId> = bills.keys().copied().collect();
        let held = in_force_among(&mut *db, &meters, month).await?;
        if bills.iter().any(|(meter, number)| held.get(meter).is_none_or(|held| held != number)) {
            return Ok(false);
        }
    }
    Ok(true)
}
