//! Energy between two instants of a quarter-hour, computed for the moment and not kept.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::interval::{Interval, fold};
use sqlx::PgPool;
use storage::span::Span;

use crate::Error;
use crate::recount::awaited::{Ended, after};
use crate::recount::compute::{quarter, quarter_end};
use crate::recount::reader::Reader;
use crate::recount::subjects::subjects;
use crate::registry::Known;

/// A piece of a quarter-hour of a meter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece(pub(crate) Span);

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
    let meters: Vec<MeterId> = asked.iter().map(|piece| piece.0.meter).collect();
    let keys: Vec<_> = asked.iter().map(|piece| (piece.0.meter, quarter(piece.0.from))).collect();
    let anchors =
        async { Ok::<_, Error>(storage::energy::intervals::last_before(pool, &keys, 1).await?) };
    let (subjects, reader, anchors) =
        tokio::try_join!(subjects(pool, known, &meters), Reader::open(pool, &meters), anchors)?;
    let anchors: Vec<_> = anchors.into_iter().map(|anchors| anchors.into_iter().next()).collect();
    let starts = anchors.iter().zip(asked).map(|(anchor, piece)| {
        anchor.as_ref().map_or(quarter(piece.0.from), storage::energy::intervals::Anchor::end)
    });
    let starts: Vec<DateTime<Utc>> = starts.collect();
    let span = |(piece, &from): (&Piece, &DateTime<Utc>)| Span {
        from,
        to: quarter_end(piece.0.to),
        ..piece.0
    };
    let spans: Vec<Span> = asked.iter().zip(&starts).map(span).collect();
    let mut reads = reader.spans(&spans).await?;
    let ended: Vec<Ended<'_>> = spans
        .iter()
        .zip(&reads)
        .zip(&anchors)
        .map(|((span, reads), anchor)| Ended {
            meter: span.meter,
            at: span.to,
            carry: anchor.as_ref().and_then(|anchor| anchor.carry.as_ref()),
            reads,
        })
        .collect();
    let after = after(&reader, &ended).await?;
    for (reads, after) in reads.iter_mut().zip(after) {
        reads.extend(after);
    }
    let fold =
        |(((piece, start), mut reads), anchor): (((&Piece, &DateTime<Utc>), Vec<_>), Option<_>)| {
            let carry = match anchor {
                Some(storage::energy::intervals::Anchor { carry, .. }) => Some(carry?),
                None => None,
            };
            let mut bounds = vec![*start, piece.0.from, piece.0.to];
            bounds.dedup();
            let subject = subjects.get(&piece.0.meter)?;
            let carry = subject.filled.joined(piece.0.to, carry, &mut reads);
            fold(&subject.rules, carry.as_ref(), &reads, &bounds).intervals.pop()
        };
    Ok(asked.iter().zip(&starts).zip(reads).zip(anchors).map(fold).collect())
}
