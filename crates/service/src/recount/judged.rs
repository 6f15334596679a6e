//! Which readings of a meter are set apart, for the answer to whoever sent them: they are judged as the
//! rollup judges them, before it comes to them, and nothing is kept.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::interval::{Carry, Decision, Quarantined, fold};
use sqlx::PgPool;
use storage::energy::intervals::Anchor;
use storage::span::Span;

use crate::recount::awaited::{Ended, after};
use crate::recount::compute::{quarter, quarter_end};
use crate::recount::reader::Reader;
use crate::recount::subjects::subjects;
use crate::registry::Known;
use crate::{Error, instants};

/// Readings further apart than this are judged by themselves: what lies between is not read.
const APART: TimeDelta = TimeDelta::days(1);

/// A stretch that is judged, and what was known at its start.
struct Stretch {
    span: Span,
    carry: Option<Carry>,
}

/// How many of a meter's readings at these instants wait for somebody's decision, by what is stored
/// now: a reading that comes later may still say otherwise.
pub(crate) async fn set_apart(
    pool: &PgPool,
    known: &Known,
    meter: MeterId,
    instants: &BTreeSet<DateTime<Utc>>,
) -> Result<u64, Error> {
    let subjects = subjects(pool, known, &[meter]).await?;
    let Some(subject) = subjects.get(&meter) else { return Ok(0) };
    let reader = Reader::open(pool, &[meter]).await?;
    let stretches = stretches(pool, meter, instants).await?;
    let spans: Vec<Span> = stretches.iter().map(|stretch| stretch.span).collect();
    let mut reads = reader.spans(&spans).await?;
    let ended: Vec<Ended<'_>> = stretches
        .iter()
        .zip(&reads)
        .map(|(stretch, reads)| Ended {
            meter,
            at: stretch.span.to,
            carry: stretch.carry.as_ref(),
            reads,
        })
        .collect();
    let after = after(&reader, &ended).await?;
    for (reads, after) in reads.iter_mut().zip(after) {
        reads.extend(after);
    }
    let mut apart = BTreeSet::new();
    for (stretch, reads) in stretches.iter().zip(&reads) {
        let bounds = [stretch.span.from, stretch.span.to];
        let folded = fold(&subject.rules, stretch.carry.as_ref(), reads, &bounds);
        let waits = |step: &&Quarantined| {
            step.decision != Some(Decision::Accept) && instants.contains(&step.at)
        };
        apart.extend(folded.quarantined.iter().filter(waits).map(|step| step.at));
    }
    Ok(apart.len() as u64)
}

/// The stretches that hold the instants, each from where the rollup has come to.
async fn stretches(
    pool: &PgPool,
    meter: MeterId,
    instants: &BTreeSet<DateTime<Utc>>,
) -> Result<Vec<Stretch>, Error> {
    let mut held: Vec<(DateTime<Utc>, DateTime<Utc>)> = Vec::new();
    for &at in instants {
        match held.last_mut() {
            Some((_, to)) if quarter(at) - *to <= APART => *to = quarter_end(at),
            _ => held.push((quarter(at), quarter_end(at))),
        }
    }
    let keys: Vec<_> = held.iter().map(|(from, _)| (meter, *from)).collect();
    let anchors = storage::energy::intervals::last_before(pool, &keys, 1).await?;
    let mut stretches: Vec<Stretch> = Vec::new();
    for ((_, to), anchors) in held.into_iter().zip(anchors) {
        let anchor = anchors.into_iter().next();
        let from = anchor.as_ref().map_or(instants::EARLIEST, Anchor::end);
        match stretches.last_mut() {
            // What lies before it is not summed up yet, and is judged together with it.
            Some(before) if from <= before.span.to => before.span.to = to,
            _ => stretches.push(Stretch {
                span: Span { meter, from, to },
                carry: anchor.and_then(|anchor| anchor.carry),
            }),
        }
    }
    Ok(stretches)
}
