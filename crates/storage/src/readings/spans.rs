//! Readings as the rollup folds them: the columns that energy is taken from, of many meters at once.

use domain::energy::interval::Read;
use domain::readings::Source;
use domain::{Quality, Values, is_measurable};
use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgPool, Row as _};

use crate::Error;
use crate::span::Span;

macro_rules! columns {
    () => {
        "\"timestamp\", quality, active_power_kw, power_factor, voltage_l1, voltage_l2, voltage_l3, \
         total_energy_kwh, energy_import_kwh, energy_export_kwh, \
         reactive_energy_import_kvarh, reactive_energy_export_kvarh, diesel_consumption_liters, \
         runtime_hours, source"
    };
}

/// The readings of each span; OFFSET 0 keeps the planner from joining the other way round.
macro_rules! select {
    ($end:literal) => {
        concat!(
            "SELECT span.n, ",
            columns!(),
            " FROM UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[]) \
                  WITH ORDINALITY AS span (id, from_at, to_at, n) \
              CROSS JOIN LATERAL (SELECT ",
            columns!(),
            " FROM meter_readings WHERE meter_id = span.id \
                  AND \"timestamp\" >= span.from_at AND \"timestamp\" < span.to_at ",
            $end,
            " OFFSET 0) AS reading"
        )
    };
}

/// A reading with the number of its span, counted from 1.
struct Row(i64, Read);

impl FromRow<'_, PgRow> for Row {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let mut quality = row.try_get(2)?;
        let mut value = |index: usize| -> sqlx::Result<Option<f64>> {
            let stored: Option<f64> = row.try_get(index)?;
            let value = stored.filter(|value| is_measurable(*value));
            // Only plain SQL can store what no meter shows: no value, and the row says that it is wrong.
            if value != stored {
                quality = Quality::Error;
            }
            Ok(value)
        };
        let values = Values {
            active_power_kw: value(3)?,
            power_factor: value(4)?,
            voltage_l1: value(5)?,
            voltage_l2: value(6)?,
            voltage_l3: value(7)?,
            total_energy_kwh: value(8)?,
            energy_import_kwh: value(9)?,
            energy_export_kwh: value(10)?,
            reactive_energy_import_kvarh: value(11)?,
            reactive_energy_export_kvarh: value(12)?,
            diesel_consumption_liters: value(13)?,
            runtime_hours: value(14)?,
            ..Values::default()
        };
        let is_estimate = row.try_get::<Source, _>(15)?.is_estimate(quality);
        Ok(Self(row.try_get(0)?, Read { at: row.try_get(1)?, quality, is_estimate, values }))
    }
}

/// The readings of each span in order of time; the answer stands in the order of the spans.
pub async fn spans(pool: &PgPool, spans: &[Span]) -> Result<Vec<Vec<Read>>, Error> {
    if spans.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = sqlx::query_as(select!(""))
        .bind(spans.iter().map(|span| span.meter).collect::<Vec<_>>())
        .bind(spans.iter().map(|span| span.from).collect::<Vec<_>>())
        .bind(spans.iter().map(|span| span.to).collect::<Vec<_>>())
        .fetch_all(pool)
        .await?;
    Ok(by_span(rows, spans.len()))
}

/// The first `limit` readings of each meter at or after its instant and before the other, in order of
/// time; the answer stands in the order asked.
pub async fn following(pool: &PgPool, asked: &[Span], limit: u32) -> Result<Vec<Vec<Read>>, Error> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = sqlx::query_as(select!("ORDER BY \"timestamp\" LIMIT $4"))
        .bind(asked.iter().map(|span| span.meter).collect::<Vec<_>>())
        .bind(asked.iter().map(|span| span.from).collect::<Vec<_>>())
        .bind(asked.iter().map(|span| span.to).collect::<Vec<_>>())
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await?;
    Ok(by_span(rows, asked.len()))
}

fn by_span(rows: Vec<Row>, count: usize) -> Vec<Vec<Read>> {
    let mut found = vec![Vec::new(); count];
    for Row(n, read) in rows {
        let index = usize::try_from(n - 1).unwrap_or(usize::MAX);
        if let Some(reads) = found.get_mut(index) {
            reads.push(read);
        }
    }
    for reads in &mut found {
        reads.sort_by_key(|read| read.at);
    }
    found
}
