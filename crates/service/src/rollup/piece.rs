//! Energy between two instants of a quarter-hour, computed for the moment and not kept.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::interval::{Interval, fold};
use sqlx::PgPool;
use storage::readings::Span;

use super::compute::{quarter, quarter_end};
use super::load::Reader;
use super::registry::subjects;
use crate::Error;
use crate::registry::Known;

/// How far after a reading others are looked for, that tell whether it can be believed.
const AHEAD: TimeDelta = TimeDelta::hours(1);

/// A piece of a quarter-hour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    /// The meter and the two instants.
    pub(crate) span: Span,
    /// The next reading after the piece, where it is known.
    pub(crate) next: Option<DateTime<Utc>>,
}

/// Folds each piece from where its quarter-hour begins; none where the readings for it are gone. The
/// answer stands in the order asked.
pub(crate) async fn pieces(
    pool: &PgPool,
    known: &Known,
    asked: &[Piece],
) -> Result<Vec<Option<Interval>>, Error> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let meters: Vec<MeterId> = asked.iter().map(|piece| piece.span.meter).collect();
    let subjects = subjects(pool, known, &meters).await?;
    let reader = Reader::open(pool, &meters).await?;
    let keys: Vec<_> =
        asked.iter().map(|piece| (piece.span.meter, quarter(piece.span.from))).collect();
    let anchors: Vec<_> = storage::intervals::last_before(pool, &keys, 1)
        .await?
        .into_iter()
        .map(|anchors| anchors.into_iter().next())
        .collect();
    let starts = anchors.iter().zip(asked).map(|(anchor, piece)| {
        anchor.as_ref().map_or(quarter(piece.span.from), storage::intervals::Anchor::end)
    });
    let starts: Vec<DateTime<Utc>> = starts.collect();
    let spans: Vec<Span> = asked
        .iter()
        .zip(&starts)
        .map(|(piece, &from)| {
            let end = quarter_end(piece.span.to);
            Span { from, to: piece.next.map_or(end, |next| next.max(end)) + AHEAD, ..piece.span }
        })
        .collect();
    let reads = reader.spans(&spans).await?;
    let fold =
        |(((piece, start), reads), anchor): (((&Piece, &DateTime<Utc>), Vec<_>), Option<_>)| {
            let carry = match anchor {
                Some(storage::intervals::Anchor { carry, .. }) => Some(carry?),
                None => None,
            };
            let mut bounds = vec![*start, piece.span.from, piece.span.to];
            bounds.dedup();
            let rules = &subjects.get(&piece.span.meter)?.rules;
            fold(rules, carry.as_ref(), &reads, &bounds).intervals.pop()
        };
    Ok(asked.iter().zip(&starts).zip(reads).zip(anchors).map(fold).collect())
}
