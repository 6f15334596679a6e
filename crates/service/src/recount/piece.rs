//! Energy between two instants of a quarter-hour, computed for the moment and not kept.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::interval::{Folded, Interval, Read, fold};
use sqlx::PgPool;
use storage::energy::intervals::Anchor;
use storage::span::Span;

use crate::Error;
use crate::recount::awaited::{Ended, TIMES, read_again};
use crate::recount::compute::{Watched, quarter, quarter_end};
use crate::recount::reader::Reader;
use crate::recount::subjects::{Subject, subjects};
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
    let draft = |(piece, anchors): (&Piece, Vec<Anchor>)| {
        let anchor = anchors.into_iter().next();
        let from = anchor.as_ref().map_or(quarter(piece.0.from), Anchor::end);
        let span = Span { from, to: quarter_end(piece.0.to), ..piece.0 };
        Draft { piece: piece.0, anchor, span }
    };
    let drafts: Vec<Draft> = asked.iter().zip(anchors).map(draft).collect();
    let spans: Vec<Span> = drafts.iter().map(|draft| draft.span).collect();
    let reads = reader.spans(&spans).await?;
    let mut pieces: Vec<Option<Interval>> = vec![None; drafts.len()];
    let mut open: Vec<usize> = (0..drafts.len()).collect();
    // As the rollup does it: up to the next reading of each register, and further where these leave something
    // undecided. A thousand readings after each piece would be read for nothing.
    for times in [1, TIMES] {
        let ended: Vec<Ended<'_>> = open.iter().map(|&i| drafts[i].ended(&reads[i])).collect();
        let after = read_again(&reader, &ended, times).await?;
        let mut undecided = Vec::new();
        for (i, after) in open.into_iter().zip(after) {
            let draft = &drafts[i];
            let reads = reads[i].iter().cloned().chain(after).collect();
            let subject = subjects.get(&draft.piece.meter);
            let Some(mut folded) = subject.and_then(|subject| draft.fold(subject, reads)) else {
                continue;
            };
            pieces[i] = folded.intervals.pop();
            let ends = pieces[i].as_ref().map(|piece| Watched::undecided(&piece.carry));
            let later = Watched::undecided_before(&folded.known, draft.piece.to);
            if ends.unwrap_or_default().and(later) != Watched::default() {
                undecided.push(i);
            }
        }
        if undecided.is_empty() {
            break;
        }
        open = undecided;
    }
    Ok(pieces)
}

/// A piece with what it is computed from.
struct Draft {
    piece: Span,
    anchor: Option<Anchor>,
    /// From the last quarter-hour that is computed before it to the end of its own.
    span: Span,
}

impl Draft {
    fn ended<'a>(&'a self, reads: &'a [Read]) -> Ended<'a> {
        let carry = self.anchor.as_ref().and_then(|anchor| anchor.carry.as_ref());
        Ended { meter: self.span.meter, at: self.span.to, carry, reads }
    }

    /// None where nothing goes on from the quarter-hour before.
    fn fold(&self, subject: &Subject, mut reads: Vec<Read>) -> Option<Folded> {
        let carry = match &self.anchor {
            Some(anchor) => Some(anchor.carry.clone()?),
            None => None,
        };
        let mut bounds: Vec<DateTime<Utc>> = vec![self.span.from, self.piece.from, self.piece.to];
        bounds.dedup();
        let carry = subject.filled.joined(self.piece.to, carry, &mut reads);
        Some(fold(&subject.rules, carry.as_ref(), &reads, &bounds))
    }
}
