//! Readings as the rollup folds them: the columns that energy is taken from, of many meters at once.

use chrono::{DateTime, Utc};
use domain::energy::interval::Read;
use domain::readings::Source;
use domain::{Quality, Values, is_measurable};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::QueryAs;
use sqlx::{FromRow, PgPool, Postgres, Row as _};

use crate::Error;
use crate::span::Span;

/// The readings of each span that has any, as one list for each column: a row for each reading costs several times as
/// much to take in. Words cost the most, and nearly all readings are good: quality and source are told of the others.
/// Bounds that hold for all spare the look into the months outside of them.
macro_rules! select {
    ($end:literal) => {
        concat!(
            "SELECT span.n, found.* \
             FROM UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[]) \
                 WITH ORDINALITY AS span (id, from_at, to_at, n) \
             CROSS JOIN LATERAL (\
                 SELECT array_agg(\"timestamp\"), \
                     array_agg(\"timestamp\") FILTER (WHERE quality <> 'GOOD'), \
                     array_agg(quality) FILTER (WHERE quality <> 'GOOD'), \
                     array_agg(source) FILTER (WHERE quality <> 'GOOD'), \
                     array_agg(active_power_kw), array_agg(power_factor), \
                     array_agg(voltage_l1), array_agg(voltage_l2), array_agg(voltage_l3), \
                     array_agg(total_energy_kwh), array_agg(energy_import_kwh), \
                     array_agg(energy_export_kwh), array_agg(reactive_energy_import_kvarh), \
                     array_agg(reactive_energy_export_kvarh), \
                     array_agg(diesel_consumption_liters), array_agg(runtime_hours) \
                 FROM (SELECT \"timestamp\", quality, source, active_power_kw, power_factor, \
                         voltage_l1, voltage_l2, voltage_l3, total_energy_kwh, energy_import_kwh, \
                         energy_export_kwh, reactive_energy_import_kvarh, \
                         reactive_energy_export_kvarh, diesel_consumption_liters, runtime_hours \
                     FROM meter_readings WHERE meter_id = span.id \
                         AND \"timestamp\" >= span.from_at AND \"timestamp\" < span.to_at \
                         AND \"timestamp\" >= $4 AND \"timestamp\" < $5",
            $end,
            ") AS reading HAVING count(*) > 0) AS found"
        )
    };
}

/// The readings of a span, with its number counted from 1.
struct Row(i64, Vec<Read>);

impl FromRow<'_, PgRow> for Row {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let times: Vec<DateTime<Utc>> = row.try_get(1)?;
        let not_good: Option<Vec<DateTime<Utc>>> = row.try_get(2)?;
        let qualities: Option<Vec<Quality>> = row.try_get(3)?;
        let sources: Option<Vec<Source>> = row.try_get(4)?;
        let values = (5_usize..17).map(|column| row.try_get::<Vec<Option<f64>>, _>(column));
        let values = values.collect::<sqlx::Result<Vec<_>>>()?;
        // All lists are in one order.
        let said = qualities.into_iter().flatten().zip(sources.into_iter().flatten());
        let mut not_good = not_good.into_iter().flatten().zip(said).peekable();
        let reads = times.into_iter().enumerate().map(|(place, at)| {
            let said = not_good.next_if(|(of, _)| *of == at).map(|(_, said)| said);
            // A good reading is no estimate, whoever sent it.
            let (quality, source) =
                said.map_or((Quality::Good, None), |(quality, source)| (quality, Some(source)));
            read(at, quality, source, |column| values[column][place])
        });
        let reads = reads.collect();
        Ok(Self(row.try_get(0)?, reads))
    }
}

fn read(
    at: DateTime<Utc>,
    mut quality: Quality,
    source: Option<Source>,
    stored: impl Fn(usize) -> Option<f64>,
) -> Read {
    let mut value = |column| {
        let stored = stored(column);
        let value = stored.filter(|value| is_measurable(*value));
        // Only plain SQL can store what no meter shows: no value, and the row says that it is wrong.
        if value != stored {
            quality = Quality::Error;
        }
        value
    };
    let values = Values {
        active_power_kw: value(0),
        power_factor: value(1),
        voltage_l1: value(2),
        voltage_l2: value(3),
        voltage_l3: value(4),
        total_energy_kwh: value(5),
        energy_import_kwh: value(6),
        energy_export_kwh: value(7),
        reactive_energy_import_kvarh: value(8),
        reactive_energy_export_kvarh: value(9),
        diesel_consumption_liters: value(10),
        runtime_hours: value(11),
        ..Values::default()
    };
    let is_estimate = source.is_some_and(|source| source.is_estimate(quality));
    Read { at, quality, is_estimate, values }
}

/// The readings of each span in order of time; the answer stands in the order of the spans.
pub async fn spans(pool: &PgPool, spans: &[Span]) -> Result<Vec<Vec<Read>>, Error> {
    if spans.is_empty() {
        return Ok(Vec::new());
    }
    let rows = within(select!(""), spans).fetch_all(pool).await?;
    Ok(by_span(rows, spans.len()))
}

/// The first `limit` readings of each meter at or after its instant and before the other, in order of
/// time; the answer stands in the order asked.
pub async fn following(pool: &PgPool, asked: &[Span], limit: u32) -> Result<Vec<Vec<Read>>, Error> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let first = within(select!(" ORDER BY \"timestamp\" LIMIT $6"), asked).bind(i64::from(limit));
    Ok(by_span(first.fetch_all(pool).await?, asked.len()))
}

fn within(query: &'static str, spans: &[Span]) -> QueryAs<'static, Postgres, Row, PgArguments> {
    sqlx::query_as(query)
        .bind(spans.iter().map(|span| span.meter).collect::<Vec<_>>())
        .bind(spans.iter().map(|span| span.from).collect::<Vec<_>>())
        .bind(spans.iter().map(|span| span.to).collect::<Vec<_>>())
        .bind(spans.iter().map(|span| span.from).min())
        .bind(spans.iter().map(|span| span.to).max())
}

fn by_span(rows: Vec<Row>, count: usize) -> Vec<Vec<Read>> {
    let mut found = vec![Vec::new(); count];
    for Row(n, mut reads) in rows {
        reads.sort_by_key(|read| read.at);
        let index = usize::try_from(n - 1).unwrap_or(usize::MAX);
        if let Some(found) = found.get_mut(index) {
            *found = reads;
        }
    }
    found
}
