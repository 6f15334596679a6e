//! Steps of registers that are too large to be true, and what people decided about them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::energy::interval::{Decision, Decisions, Quarantined, Stepped};
use domain::{MeterId, SiteId};
use sqlx::{FromRow, PgConnection, PgExecutor, PgPool};

use crate::Error;
use crate::span::Span;

/// A step with what became of it.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Held {
    /// Its number.
    pub n: i64,
    pub meter: MeterId,
    pub meter_number: String,
    #[sqlx(flatten)]
    pub step: Quarantined,
    /// When it was found.
    pub found_at: DateTime<Utc>,
    /// What was decided, and when; none while nobody did.
    #[sqlx(rename = "decided")]
    pub decision: Option<(Decision, DateTime<Utc>)>,
}

macro_rules! columns {
    () => {
        "step.n, step.meter_id AS meter, meter.meter_number, step.\"timestamp\" AS at, \
         step.register AS field, step.kind, step.previous_at, step.previous, step.value, step.delta, \
         step.plausible, step.rated_kw, step.needed_kw, coalesce(step.last_at, step.\"timestamp\") AS last_at, \
         step.found_at, step.decision, \
         CASE WHEN step.decided_at IS NOT NULL THEN ROW(step.decision, step.decided_at) END AS decided"
    };
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " \
             FROM quarantine step JOIN energy_meters meter ON meter.id = step.meter_id ",
            $rest
        )
    };
}

/// What was decided about steps of meters; those without any decision are absent.
pub async fn decisions(
    pool: &PgPool,
    meters: &[MeterId],
) -> Result<HashMap<MeterId, Decisions>, Error> {
    let rows: Vec<Held> = sqlx::query_as(select!(
        "WHERE step.meter_id = ANY ($1) AND step.decision IS NOT NULL \
         ORDER BY step.decided_at, step.n"
    ))
    .bind(meters)
    .fetch_all(pool)
    .await?;
    let mut of: HashMap<MeterId, Decisions> = HashMap::new();
    for Held { meter, step, decision, .. } in rows {
        let Some((decision, _)) = decision else { continue };
        let decisions = of.entry(meter).or_default();
        decisions.note(step.at, step.field, Stepped::from(&step), decision);
    }
    Ok(of)
}

/// Keeps what runs found in spans of meters' time and nobody decided about. What waited there and was not found
/// again is dropped; what was decided stays, for it may be found again.
pub async fn record(db: &mut PgConnection, runs: &[(Span, &[Quarantined])]) -> Result<(), Error> {
    let all =
        || runs.iter().flat_map(|(span, found)| undecided(found).map(|step| (span.meter, step)));
    sqlx::query(
        "DELETE FROM quarantine USING \
             UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS span (id, from_at, to_at) \
         WHERE meter_id = span.id AND \"timestamp\" >= from_at AND \"timestamp\" < to_at \
             AND decision IS NULL AND (meter_id, \"timestamp\", register) NOT IN \
             (SELECT * FROM UNNEST($4::bigint[], $5::timestamptz[], $6::text[]))",
    )
    .bind(runs.iter().map(|(span, _)| span.meter).collect::<Vec<_>>())
    .bind(runs.iter().map(|(span, _)| span.from).collect::<Vec<_>>())
    .bind(runs.iter().map(|(span, _)| span.to).collect::<Vec<_>>())
    .bind(all().map(|(meter, _)| meter).collect::<Vec<_>>())
    .bind(all().map(|(_, step)| step.at).collect::<Vec<_>>())
    .bind(all().map(|(_, step)| step.field.column()).collect::<Vec<_>>())
    .execute(&mut *db)
    .await?;
    for (span, found) in runs {
        store(db, *span, &undecided(found).collect::<Vec<_>>()).await?;
    }
    Ok(())
}

fn undecided(found: &[Quarantined]) -> impl Iterator<Item = &Quarantined> {
    found.iter().filter(|step| step.decision.is_none())
}

/// Stores what waits of a run. Of a step that goes on beyond its span, a run of later time has said more, and that
/// stays.
async fn store(db: &mut PgConnection, span: Span, found: &[&Quarantined]) -> Result<(), Error> {
    if found.is_empty() {
        return Ok(());
    }
    let column = |of: fn(&Quarantined) -> Option<f64>| -> Vec<Option<f64>> {
        found.iter().map(|step| of(step)).collect()
    };
    sqlx::query(
        "INSERT INTO quarantine (meter_id, \"timestamp\", register, kind, previous_at, previous, \
             value, delta, plausible, rated_kw, needed_kw, last_at) \
         SELECT $1, found.* FROM UNNEST($2::timestamptz[], $3::text[], $4::text[], \
             $5::timestamptz[], $6::float8[], $7::float8[], $8::float8[], $9::float8[], \
             $10::float8[], $11::float8[], $12::timestamptz[]) AS found \
         ON CONFLICT (meter_id, \"timestamp\", register) WHERE decision IS NULL DO UPDATE \
             SET kind = excluded.kind, previous_at = excluded.previous_at, \
                 previous = excluded.previous, value = excluded.value, delta = excluded.delta, \
                 plausible = excluded.plausible, rated_kw = excluded.rated_kw, \
                 needed_kw = excluded.needed_kw, last_at = excluded.last_at \
             WHERE quarantine.last_at IS NULL OR quarantine.last_at < $13 \
                 OR (quarantine.kind, quarantine.previous_at, quarantine.previous) \
                     IS DISTINCT FROM (excluded.kind, excluded.previous_at, excluded.previous)",
    )
    .bind(span.meter)
    .bind(found.iter().map(|step| step.at).collect::<Vec<_>>())
    .bind(found.iter().map(|step| step.field.column()).collect::<Vec<_>>())
    .bind(found.iter().map(|step| step.kind).collect::<Vec<_>>())
    .bind(found.iter().map(|step| step.previous_at).collect::<Vec<_>>())
    .bind(column(|step| Some(step.previous)))
    .bind(column(|step| Some(step.value)))
    .bind(column(|step| Some(step.delta)))
    .bind(column(|step| Some(step.plausible)))
    .bind(column(|step| step.rated_kw))
    .bind(column(|step| step.needed_kw))
    .bind(found.iter().map(|step| step.last_at).collect::<Vec<_>>())
    .bind(span.to)
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// How many steps of each of these meters nobody decided about, of a span of time; those without any are absent.
pub async fn open(
    pool: &PgPool,
    meters: &[MeterId],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<HashMap<MeterId, usize>, Error> {
    let rows: Vec<(MeterId, i64)> = sqlx::query_as(
        "SELECT meter_id, count(*) FROM quarantine WHERE decision IS NULL AND meter_id = ANY ($1) \
             AND \"timestamp\" >= $2 AND \"timestamp\" < $3 GROUP BY meter_id",
    )
    .bind(meters)
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await?;
    let count = |count| usize::try_from(count).unwrap_or(usize::MAX);
    Ok(rows.into_iter().map(|(meter, steps)| (meter, count(steps))).collect())
}

/// Which steps are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody decided yet.
    Open,
    /// Somebody decided so.
    Decided(Decision),
}

/// The steps of a site, newest reading first; of one meter, or of all.
pub async fn list(
    pool: &PgPool,
    site: SiteId,
    meter: Option<MeterId>,
    state: Option<State>,
) -> Result<Vec<Held>, Error> {
    let word = state.map(|state| match state {
        State::Open => "open",
        State::Decided(decision) => decision.as_str(),
    });
    Ok(sqlx::query_as(select!(
        "WHERE meter.site_id = $1 AND ($2::bigint IS NULL OR step.meter_id = $2) \
             AND ($3::text IS NULL OR coalesce(step.decision, 'open') = $3) \
         ORDER BY step.\"timestamp\" DESC, step.n DESC"
    ))
    .bind(site)
    .bind(meter)
    .bind(word)
    .fetch_all(pool)
    .await?)
}

/// The first step of each meter that waits for a decision, and how many others do; what lies in time
/// whose readings are dropped cannot be decided any more.
pub async fn waiting(pool: &PgPool) -> Result<Vec<(Held, usize)>, Error> {
    #[derive(FromRow)]
    struct First {
        #[sqlx(flatten)]
        held: Held,
        waiting: i64,
    }
    let rows: Vec<First> = sqlx::query_as(concat!(
        "SELECT DISTINCT ON (step.meter_id) ",
        columns!(),
        ", count(*) OVER (PARTITION BY step.meter_id) AS waiting \
         FROM quarantine step JOIN energy_meters meter ON meter.id = step.meter_id \
         LEFT JOIN meter_registers known ON known.meter_id = step.meter_id \
         WHERE step.decision IS NULL \
             AND step.\"timestamp\" >= coalesce(known.frozen_to, '-infinity') \
         ORDER BY step.meter_id, step.\"timestamp\", step.n",
    ))
    .fetch_all(pool)
    .await?;
    let others = |waiting: i64| usize::try_from(waiting - 1).unwrap_or_default();
    Ok(rows.into_iter().map(|first| (first.held, others(first.waiting))).collect())
}

/// The step with this number.
pub async fn by_number(db: impl PgExecutor<'_>, n: i64) -> Result<Option<Held>, Error> {
    Ok(sqlx::query_as(select!("WHERE step.n = $1")).bind(n).fetch_optional(db).await?)
}

/// Stores a decision; whether there is such a step.
pub async fn decide(db: impl PgExecutor<'_>, n: i64, decision: Decision) -> Result<bool, Error> {
    let done = sqlx::query("UPDATE quarantine SET decision = $2, decided_at = now() WHERE n = $1")
        .bind(n)
        .bind(decision)
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}
