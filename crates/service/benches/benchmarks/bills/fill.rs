//! Sites whose May 2025 is metered, as the rollup leaves it.

use benchmark::Progress;
use sqlx::PgPool;

/// A site of `meters` households with a flat tariff, a third of which sell to the next one.
pub(crate) async fn flat(pool: &PgPool, meters: i64) -> Result<(), sqlx::Error> {
    let terms = r#"{"energy": [{"direction": "import", "price": "6.0"},
        {"direction": "export", "price": "4.0"}]}"#;
    let _progress = Progress::new(format!("fill in a month of {meters} meters"));
    site(pool, "large", terms, meters).await?;
    days(pool, "large").await?;
    sqlx::query(
        "INSERT INTO p2p_trades (site_id, seller_meter_id, buyer_meter_id, units_kwh, \
             price_per_kwh, \"timestamp\") \
         SELECT site_id, meter.id, meter.id + 1, 20 + meter.id % 50, 5.5, \
             '2025-05-10T12:00:00Z'::timestamptz + make_interval(mins => (meter.id % 1000)::int) \
         FROM energy_meters AS meter JOIN sites ON sites.id = site_id \
         WHERE slug = 'large' AND meter.id % 3 = 0 \
             AND meter.id < (SELECT max(id) FROM energy_meters)",
    )
    .execute(pool)
    .await?;
    sqlx::query("VACUUM (ANALYZE) energy_days, energy_meters, p2p_trades").execute(pool).await?;
    Ok(())
}

/// A site of `meters` with times of day and a price of demand.
pub(crate) async fn timed(pool: &PgPool, meters: i64) -> Result<(), sqlx::Error> {
    let terms = r#"{"demandPerKw": "120", "taxPercent": "9", "fixedPerMonth": "50",
        "energy": [{"direction": "import", "price": "6.0"},
        {"direction": "import", "price": "9.0", "fromTime": "16:00", "toTime": "21:00"},
        {"direction": "export", "price": "4.0"}]}"#;
    let _progress = Progress::new(format!("fill in quarter-hours of {meters} meters"));
    site(pool, "timed", terms, meters).await?;
    days(pool, "timed").await?;
    sqlx::query(
        "INSERT INTO energy_intervals (meter_id, bucket_start, import_kwh, export_kwh, \
             reactive_import_kvarh, reactive_export_kvarh, runtime_s, starts, max_demand_kw, \
             coverage, estimated_kwh, quality, flags) \
         SELECT meter.id, start, 0.1 + (meter.id % 7) * 0.013, (meter.id % 3) * 0.05, 0, 0, 0, 0, \
             0.4, 1, 0, 'GOOD', 0 \
         FROM energy_meters AS meter JOIN sites ON sites.id = site_id, \
             generate_series('2025-05-01T07:00:00Z'::timestamptz, '2025-06-01T06:45:00Z', \
                 interval '15 minutes') AS start \
         WHERE slug = 'timed' ORDER BY meter.id, start",
    )
    .execute(pool)
    .await?;
    sqlx::query("VACUUM (ANALYZE) energy_days, energy_intervals, energy_meters")
        .execute(pool)
        .await?;
    Ok(())
}

async fn site(pool: &PgPool, slug: &str, terms: &str, meters: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "WITH made AS (INSERT INTO sites (slug, name, time_zone, currency) \
             VALUES ($1, $1, 'America/Los_Angeles', 'INR') RETURNING id), \
         priced AS (INSERT INTO tariffs (site_id, name, currency, valid_from, terms, is_default) \
             SELECT id, 'Standard', 'INR', '2020-01-01', $2::jsonb, true FROM made) \
         INSERT INTO energy_meters (site_id, meter_number, meter_name, meter_type, level) \
         SELECT made.id, 'HH-' || n, 'House ' || n, 'Household', 1 \
         FROM made, generate_series(1, $3) AS n",
    )
    .bind(slug)
    .bind(terms)
    .bind(meters)
    .execute(pool)
    .await?;
    Ok(())
}

async fn days(pool: &PgPool, slug: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO energy_days (meter_id, day, import_kwh, export_kwh, reactive_import_kvarh, \
             reactive_export_kvarh, runtime_s, starts, coverage, estimated_kwh, quality, flags) \
         SELECT meter.id, day::date, 9.6 + (meter.id % 7) * 1.248, (meter.id % 3) * 4.8, 0, 0, 0, 0, \
             1, 0, 'GOOD', 0 \
         FROM energy_meters AS meter JOIN sites ON sites.id = site_id, \
             generate_series('2025-05-01'::timestamp, '2025-05-31', interval '1 day') AS day \
         WHERE slug = $1 ORDER BY meter.id, day",
    )
    .bind(slug)
    .execute(pool)
    .await?;
    Ok(())
}
