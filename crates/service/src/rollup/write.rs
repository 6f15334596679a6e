//! Writes what a batch gave, with everything that follows from it, in one transaction.

use std::collections::{BTreeSet, HashMap};

use domain::MeterId;
use domain::energy::QUARTER;
use domain::energy::interval::Folded;
use domain::sites::Site;
use sqlx::{PgConnection, PgPool};
use storage::energy::days::Day;
use storage::energy::intervals::Ending;
use storage::span::{Key, Span};

use super::claims::Run;
use super::learn;
use super::load::Computed;
use super::told::Told;
use crate::Error;
use crate::recount::Subject;

/// What a batch came to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    /// Quarter-hours that are new or changed.
    pub(super) changed: usize,
    /// Whether others were queued because of them.
    pub(super) goes_on: bool,
}

/// Writes a batch and strikes its claims off.
pub(super) async fn write(
    pool: &PgPool,
    batch: &[(&Run, &Subject, Computed)],
) -> Result<Written, Error> {
    let mut transaction = pool.begin().await.map_err(storage::Error::from)?;
    let runs = batch.iter().map(|(run, ..)| *run);
    let told = Told::read(&mut transaction, runs.clone()).await?;
    let endings: Vec<Ending<'_>> = batch.iter().map(ending).collect();
    let next = storage::energy::intervals::queue_next(&mut transaction, &endings).await?;
    let changed = write_intervals(&mut transaction, batch).await?;
    write_days(&mut transaction, batch, &changed).await?;
    storage::energy::derived::inputs_changed(&mut transaction, &changed).await?;
    let newly_told = told.hours_until(&Told::read(&mut transaction, runs).await?, &sites(batch));
    let hours = hours(batch, &changed).into_iter().chain(newly_told);
    let hours: BTreeSet<Key> = hours.collect();
    storage::losses::queue(&mut transaction, &Vec::from_iter(hours)).await?;
    let quarantined = found(batch, |folded| folded.quarantined.as_slice());
    storage::energy::quarantine::record(&mut transaction, &quarantined).await?;
    let outliers = found(batch, |folded| folded.outliers.as_slice());
    storage::energy::outliers::record(&mut transaction, &outliers).await?;
    let judged_again = learn::learn(&mut transaction, batch).await?;
    let claims: Vec<Key> = batch.iter().flat_map(|(run, _, _)| run.claims.clone()).collect();
    storage::rollup::finish(&mut transaction, &claims).await?;
    transaction.commit().await.map_err(storage::Error::from)?;
    Ok(Written { changed: changed.len(), goes_on: next || judged_again })
}

async fn write_intervals(
    connection: &mut PgConnection,
    batch: &[(&Run, &Subject, Computed)],
) -> Result<Vec<Key>, Error> {
    let rows: Vec<_> = batch
        .iter()
        .flat_map(|(run, _, computed)| {
            computed.folded.intervals.iter().map(|interval| (run.meter(), interval))
        })
        .collect();
    let mut changed = storage::energy::intervals::upsert(connection, &rows).await?;
    let without: Vec<Span> = batch.iter().flat_map(emptied).collect();
    changed.extend(storage::energy::intervals::delete(connection, &without).await?);
    Ok(changed)
}

fn ending<'a>((run, _, computed): &'a (&Run, &Subject, Computed)) -> Ending<'a> {
    let last = computed.folded.intervals.last();
    Ending {
        meter: run.meter(),
        last: last.map_or(run.span.to - QUARTER, |last| last.start),
        // Readings that are not decided yet go on with the next quarter-hour in any case.
        carry: last.filter(|_| !computed.is_open).map(|last| &last.carry),
    }
}

/// The parts of a run before its first reading and after its last one: they have no rows.
fn emptied((run, _, computed): &(&Run, &Subject, Computed)) -> Vec<Span> {
    let (stretch, span) = (&computed.stretch, run.span);
    let before = Span { to: stretch.start.min(span.to), ..span };
    let after = Span { from: stretch.end.max(span.from), ..span };
    [before, after].into_iter().filter(|part| part.from < part.to).collect()
}

/// The findings of each run, with the time in which there are no others.
fn found<'a, T>(
    batch: &'a [(&Run, &Subject, Computed)],
    of: fn(&Folded) -> &[T],
) -> Vec<(Span, &'a [T])> {
    let of_run = |(run, _, computed): &'a (&Run, &Subject, Computed)| {
        let stretch = &computed.stretch;
        let span = Span { from: stretch.start, to: stretch.end.max(run.span.to), ..run.span };
        (span, of(&computed.folded))
    };
    batch.iter().map(of_run).collect()
}

async fn write_days(
    connection: &mut PgConnection,
    batch: &[(&Run, &Subject, Computed)],
    changed: &[Key],
) -> Result<(), Error> {
    let sites = sites(batch);
    let days: BTreeSet<Day> = changed
        .iter()
        .filter_map(|&(meter, start)| {
            let site = sites.get(&meter)?;
            let date = site.date_at(start);
            let to = site.day_start(date.succ_opt()?);
            Some(Day { meter, date, from: site.day_start(date), to })
        })
        .collect();
    let days: Vec<Day> = days.into_iter().collect();
    Ok(storage::energy::days::recompute(connection, &days).await?)
}

/// The hours of changed quarter-hours, on the site's clock.
fn hours(batch: &[(&Run, &Subject, Computed)], changed: &[Key]) -> Vec<Key> {
    let sites = sites(batch);
    let hour = |&(meter, start): &Key| Some((meter, sites.get(&meter)?.hour_start(start)));
    let hours: BTreeSet<Key> = changed.iter().filter_map(hour).collect();
    hours.into_iter().collect()
}

fn sites<'a>(batch: &'a [(&Run, &Subject, Computed)]) -> HashMap<MeterId, &'a Site> {
    batch.iter().map(|(run, subject, _)| (run.meter(), subject.site.as_ref())).collect()
}
