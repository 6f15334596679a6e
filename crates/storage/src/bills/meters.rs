//! Which meters are billed, and as what.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::bills::{LeftOut, Side};
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgPool};

use crate::Error;

/// Those of the meters that delivered energy before a date, since another one or ever.
pub async fn exporting(
    pool: &PgPool,
    meters: &[MeterId],
    (since, before): (Option<NaiveDate>, NaiveDate),
) -> Result<HashSet<MeterId>, Error> {
    let rows: Vec<MeterId> = sqlx::query_scalar(
        "SELECT meter.id FROM energy_meters meter \
         WHERE meter.id = ANY($1) AND EXISTS (SELECT FROM energy_days \
             WHERE meter_id = meter.id AND day < $2 AND ($3::date IS NULL OR day >= $3) \
                 AND CASE WHEN meter.feeds_parent THEN import_kwh ELSE export_kwh END > 0)",
    )
    .bind(meters)
    .bind(before)
    .bind(since)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}

/// What the energy resources behind simulated meters are; meters without one are absent.
pub async fn resource_sides(
    pool: &PgPool,
    meters: &[MeterId],
) -> Result<HashMap<MeterId, Side>, Error> {
    let rows: Vec<(MeterId, Side)> = sqlx::query_as(
        "SELECT meter_id, type FROM simulated_meters \
         JOIN energy_resources ON energy_resources.id = er_id WHERE meter_id = ANY($1)",
    )
    .bind(meters)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}

/// What a run finds of a meter: why it is left out, the inputs of what it is computed from that add to
/// it, and whether others are taken off.
#[derive(FromRow)]
struct StandingRow {
    id: MeterId,
    left_out: Option<LeftOut>,
    inputs: Vec<MeterId>,
    is_rest: bool,
}

/// The meters of a site, each with why it has no bill of its own. Those have one that draw from the node above
/// them, were there in the month and had no load below them in it; what feeds them is on their bill. Of meters
/// and one that is computed from them each kWh is billed once.
pub async fn candidates(
    pool: &PgPool,
    site: SiteId,
    month_start: DateTime<Utc>,
    month_end: DateTime<Utc>,
) -> Result<BTreeMap<MeterId, Option<LeftOut>>, Error> {
    let rows: Vec<StandingRow> = sqlx::query_as(
        "WITH hung AS (\
             SELECT meter_id, parent_meter_id, feeds_parent, was_placed, valid_from, \
                 lead(valid_from, 1, 'infinity') OVER (PARTITION BY meter_id ORDER BY valid_from) AS valid_to \
             FROM meter_placements \
             WHERE meter_id IN (SELECT id FROM energy_meters WHERE site_id = $1)), \
         of_month AS (\
             SELECT hung.meter_id, hung.parent_meter_id, hung.feeds_parent, \
                 coalesce(was_placed, placed_by <> 'nobody') AS is_placed \
             FROM hung JOIN energy_meters AS meter ON meter.id = hung.meter_id \
             WHERE valid_from < $3 AND valid_to > $2 \
                 AND (retired_at IS NULL OR retired_at > $2) \
                 AND (installed_at IS NULL OR installed_at < $3)), \
         made_of AS (\
             SELECT DISTINCT meter_id, input_id, factor > 0 AS adds FROM virtual_meters \
             WHERE valid_from < $3 AND valid_to > $2) \
         SELECT id, CASE \
             WHEN retired_at <= $2 THEN 'retired' \
             WHEN installed_at >= $3 THEN 'not_installed' \
             WHEN id NOT IN (SELECT meter_id FROM of_month WHERE is_placed) \
                 AND (placed_by = 'nobody' OR id IN (SELECT meter_id FROM of_month)) \
                 THEN 'not_placed' \
             WHEN id NOT IN (SELECT meter_id FROM of_month WHERE NOT feeds_parent) \
                 AND (feeds_parent OR id IN (SELECT meter_id FROM of_month)) \
                 THEN 'feeds_parent' \
             WHEN id IN (SELECT parent_meter_id FROM of_month \
                 WHERE parent_meter_id IS NOT NULL AND NOT feeds_parent AND is_placed) \
                 THEN 'meters_below' END AS left_out, \
             array(SELECT input_id FROM made_of WHERE meter_id = meter.id AND adds) AS inputs, \
             EXISTS (SELECT FROM made_of WHERE meter_id = meter.id AND NOT adds) AS is_rest \
         FROM energy_meters AS meter WHERE site_id = $1 ORDER BY id",
    )
    .bind(site)
    .bind(month_start)
    .bind(month_end)
    .fetch_all(pool)
    .await?;
    let found: BTreeMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let candidate = |(&meter, of): (&MeterId, &StandingRow)| {
        let is_billed_twice = of.left_out.is_none() && counts_again(&found, meter);
        (meter, of.left_out.or(is_billed_twice.then_some(LeftOut::Virtual)))
    };
    Ok(found.iter().map(candidate).collect())
}

/// Whether what a meter shows is made of what others are billed for: it adds up such meters, or, where
/// it is what is left of a node, one that has a bill of its own.
fn counts_again(found: &BTreeMap<MeterId, StandingRow>, meter: MeterId) -> bool {
    let Some(StandingRow { inputs, is_rest, .. }) = found.get(&meter) else { return false };
    inputs.iter().any(|input| match found.get(input).map(|input| input.left_out) {
        None => false,
        Some(None) => true,
        Some(Some(LeftOut::MetersBelow)) => !is_rest,
        Some(Some(_)) => counts_again(found, *input),
    })
}

/// The meters of a site that a run over a month bills, by id.
pub async fn to_bill(
    pool: &PgPool,
    site: SiteId,
    month_start: DateTime<Utc>,
    month_end: DateTime<Utc>,
) -> Result<Vec<MeterId>, Error> {
    let all = candidates(pool, site, month_start, month_end).await?;
    Ok(all.into_iter().filter(|(_, left_out)| left_out.is_none()).map(|(meter, _)| meter).collect())
}

/// When a meter was there, and when it fed the node above it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Standing {
    pub meter: MeterId,
    /// Since when it was there; none where nobody stated it.
    pub installed_at: Option<DateTime<Utc>>,
    /// Since when it is not there any more.
    pub retired_at: Option<DateTime<Utc>>,
    /// Whether it feeds the node above it now.
    feeds_parent: bool,
    /// Since when it was placed where, in order of time; none for always.
    since: Vec<Option<DateTime<Utc>>>,
    /// Whether it fed the node above it there.
    fed: Vec<bool>,
}

impl Standing {
    /// Whether it fed the node above it at an instant: its registers count the other way then.
    pub fn feeds_at(&self, at: DateTime<Utc>) -> bool {
        let placed = self.since.iter().zip(&self.fed);
        let held = placed.take_while(|(since, _)| since.is_none_or(|since| since <= at)).last();
        held.or(self.since.iter().zip(&self.fed).next()).map_or(self.feeds_parent, |(_, fed)| *fed)
    }

    /// Whether it ever fed the node above it.
    pub fn ever_feeds(&self) -> bool {
        self.feeds_parent || self.fed.contains(&true)
    }

    /// The instants at which it began or ceased to feed the node above it.
    pub fn turns(&self) -> impl Iterator<Item = DateTime<Utc>> {
        let changed = self.fed.windows(2).map(|two| two[0] != two[1]);
        let later = self.since.iter().skip(1).zip(changed);
        later.filter_map(|(since, changed)| since.filter(|_| changed))
    }
}

/// When meters were there and fed the node above them; those of which nothing of it was stated are
/// absent: they were always there, and never fed it.
pub async fn standings(pool: &PgPool, meters: &[MeterId]) -> Result<Vec<Standing>, Error> {
    Ok(sqlx::query_as(
        "SELECT meter.id AS meter, installed_at, retired_at, feeds_parent, \
             array(SELECT CASE WHEN isfinite(valid_from) THEN valid_from END \
                 FROM meter_placements WHERE meter_id = meter.id ORDER BY valid_from) AS since, \
             array(SELECT feeds_parent FROM meter_placements \
                 WHERE meter_id = meter.id ORDER BY valid_from) AS fed \
         FROM energy_meters AS meter \
         WHERE id = ANY($1) AND (installed_at IS NOT NULL OR retired_at IS NOT NULL \
             OR feeds_parent OR EXISTS (SELECT FROM meter_placements \
                 WHERE meter_id = meter.id AND feeds_parent))",
    )
    .bind(meters)
    .fetch_all(pool)
    .await?)
}
