//! What of a month's energy is billed at a guessed place.
//!
//! The energy that a register counted over a gap is exact; only when it flowed is not known. That
//! matters where the gap lies across an end of the month, a change of price, or, where demand has a
//! price, the end of a demand interval. Elsewhere it is of no consequence for the bill.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::Piece;
use crate::MeterId;
use crate::bills::tariff::Terms;

/// A quarter-hour of a meter that lies in a gap, in part or as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct GapQuarter {
    pub meter: MeterId,
    /// When it begins.
    pub start: DateTime<Utc>,
    /// kWh of both directions that lie in the gap.
    pub kwh: f64,
    /// How much of it lies in the gap, in seconds.
    pub seconds: f64,
    /// Whether the gap is that of the quarter-hour before it in the list.
    pub goes_on: bool,
}

/// What gaps carry across a boundary that matters.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Guessed {
    /// kWh of both directions.
    pub kwh: f64,
    /// How long they last, in seconds.
    pub seconds: f64,
}

/// What gaps carry across a boundary that matters. `quarters` are those in gaps in order of time,
/// with the one before and the one after the month where a gap goes on there: what lies outside the
/// pieces is not counted. Pieces are cut on the `local` clock.
pub fn estimated(
    pieces: &[Piece],
    quarters: &[GapQuarter],
    local: impl Fn(DateTime<Utc>) -> NaiveDateTime,
) -> Guessed {
    let mut sum = Guessed::default();
    for gap in quarters.chunk_by(|_, next| next.goes_on) {
        let crosses =
            gap.windows(2).any(|two| !same(pieces, local(two[0].start), local(two[1].start)));
        if crosses {
            for quarter in gap.iter().filter(|one| piece_at(pieces, local(one.start)).is_some()) {
                sum.kwh += quarter.kwh;
                sum.seconds += quarter.seconds;
            }
        }
    }
    sum
}

/// Whether it is of no consequence in which of two times energy flows.
fn same(pieces: &[Piece], one: NaiveDateTime, other: NaiveDateTime) -> bool {
    let (first, second) = (piece_at(pieces, one), piece_at(pieces, other));
    match first.zip(second) {
        Some((first, second)) => first == second && is_alike(&pieces[first].terms, one, other),
        None => first == second,
    }
}

fn piece_at(pieces: &[Piece], at: NaiveDateTime) -> Option<usize> {
    pieces.iter().position(|piece| (piece.from..piece.to).contains(&at.date()))
}

fn is_alike(terms: &Terms, one: NaiveDateTime, other: NaiveDateTime) -> bool {
    let interval = terms.demand_interval;
    let one_demand = terms.demand_per_kw.is_zero() || interval.start(one) == interval.start(other);
    one_demand && terms.same_lines(one, other)
}
