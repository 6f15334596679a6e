//! Emission factors and specific fuel consumption.

use chrono::NaiveDate;
use domain::carbon::{Factor, FactorKind};
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgExecutor, PgPool};

use crate::Error;
use crate::error::word;

/// A factor as it was entered.
#[derive(Debug, Clone, PartialEq)]
pub struct Entered {
    /// Its id.
    pub id: i64,
    /// The site.
    pub site: SiteId,
    /// The factor.
    pub factor: Factor,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    site_id: i64,
    kind: String,
    meter_id: Option<i64>,
    value: f64,
    source: String,
    valid_from: NaiveDate,
}

impl TryFrom<Row> for Entered {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let kind = word("emission_factors.kind", &row.kind, FactorKind::parse)?;
        Ok(Self {
            id: row.id,
            site: SiteId(row.site_id),
            factor: Factor {
                kind,
                meter: row.meter_id.map(MeterId),
                value: row.value,
                source: row.source,
                valid_from: Some(row.valid_from),
            },
        })
    }
}

macro_rules! columns {
    () => {
        "id, site_id, kind, meter_id, value, source, valid_from"
    };
}

/// What was entered for a site, by kind, meter and validity.
pub async fn list(pool: &PgPool, site: SiteId) -> Result<Vec<Entered>, Error> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM emission_factors WHERE site_id = $1 \
         ORDER BY kind, meter_id NULLS FIRST, valid_from"
    ))
    .bind(site.0)
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Entered::try_from).collect()
}

/// Adds a version of a factor. One of the same kind, meter and day is `emission_factors_version_key`.
pub async fn insert(
    db: impl PgExecutor<'_>,
    site: SiteId,
    factor: &Factor,
) -> Result<Entered, Error> {
    let row: Row = sqlx::query_as(concat!(
        "INSERT INTO emission_factors (site_id, kind, meter_id, value, unit, source, valid_from) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ",
        columns!()
    ))
    .bind(site.0)
    .bind(factor.kind.as_str())
    .bind(factor.meter.map(|meter| meter.0))
    .bind(factor.value)
    .bind(factor.unit())
    .bind(&factor.source)
    .bind(factor.valid_from)
    .fetch_one(db)
    .await?;
    row.try_into()
}

/// Takes a version back. None where there is none with this id.
pub async fn delete(db: impl PgExecutor<'_>, id: i64) -> Result<Option<Entered>, Error> {
    let row: Option<Row> = sqlx::query_as(concat!(
        "DELETE FROM emission_factors WHERE id = $1 RETURNING ",
        columns!()
    ))
    .bind(id)
    .fetch_optional(db)
    .await?;
    row.map(Entered::try_from).transpose()
}
