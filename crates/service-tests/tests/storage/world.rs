//! What the tests start from.

use chrono::{DateTime, Utc};
use domain::meters::Meter;
use domain::{MeterId, Quality, Reading, SiteId, Source, Values};
use sqlx::PgPool;
use storage::meters::{self, NewMeter};
use storage::{Error, sites};

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A reading with a total register and a power.
pub(crate) fn reading(meter: i64, at_text: &str, total_kwh: f64, power_kw: f64) -> Reading {
    let values = Values {
        total_energy_kwh: Some(total_kwh),
        active_power_kw: Some(power_kw),
        ..Values::default()
    };
    Reading {
        meter: MeterId(meter),
        at: at(at_text),
        quality: Quality::Good,
        source: Source::Modbus,
        values,
    }
}

pub(crate) fn new_meter(number: &str, parent: Option<&Meter>) -> NewMeter {
    NewMeter {
        parent: parent.map(|parent| parent.id),
        ..NewMeter::named(
            parent.map_or(sites::DEFAULT, |parent| parent.site),
            number,
            &format!("Meter {number}"),
            "Unit",
        )
    }
}

pub(crate) async fn add_meter(pool: &PgPool, number: &str, parent: Option<&Meter>) -> Meter {
    meters::insert(pool, &new_meter(number, parent)).await.unwrap()
}

/// A meter of a site that hangs below no other.
pub(crate) async fn add_main(pool: &PgPool, site: SiteId, number: &str) -> Meter {
    let new = NewMeter { site, ..new_meter(number, None) };
    meters::insert(pool, &new).await.unwrap()
}

pub(crate) async fn add_site(pool: &PgPool, slug: &str) -> SiteId {
    let statement = "INSERT INTO sites (slug, name) VALUES ($1, $1) RETURNING id";
    SiteId(sqlx::query_scalar(statement).bind(slug).fetch_one(pool).await.unwrap())
}

/// The code of a refused change.
pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refused { code, .. }) => code,
        other => panic!("not refused: {other:?}"),
    }
}

/// The name of the constraint that refused a row.
pub(crate) fn constraint<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Constraint { name, .. }) => name,
        other => panic!("not refused: {other:?}"),
    }
}

/// Runs a statement as a person with a SQL prompt would.
pub(crate) async fn run_sql(pool: &PgPool, statement: &'static str) -> Result<u64, Error> {
    Ok(sqlx::query(statement).execute(pool).await?.rows_affected())
}
