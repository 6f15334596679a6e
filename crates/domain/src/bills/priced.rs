//! The lines that price a month's energy, part by part.

use std::ops::Range;

use chrono::{NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Piece;
use super::tariff::{Direction, Part, Quarter, parts};

/// Of each piece the places of its quarter-hours, and what its lines price of them.
pub(super) fn priced(pieces: &[Piece], quarters: &[Quarter]) -> Vec<(Range<usize>, Vec<Part>)> {
    let mut charged = (Decimal::ZERO, Decimal::ZERO);
    let of_piece = |piece: &Piece| {
        let place = |day| quarters.partition_point(|quarter| quarter.start.date() < day);
        let places = place(piece.from)..place(piece.to);
        let before = piece.terms.before(charged);
        let parts = parts(&piece.terms, &quarters[places.clone()], before);
        for part in &parts {
            match part.direction {
                Direction::Import => charged.0 += part.kwh,
                Direction::Export => charged.1 += part.kwh,
            }
        }
        (places, parts)
    };
    pieces.iter().map(of_piece).collect()
}

/// Energy of a time for which a tariff states no price, though it does for others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Unpriced {
    /// When it begins, on the site's clock.
    pub from: NaiveDateTime,
    /// When it ends.
    pub to: NaiveDateTime,
    /// Import or export.
    pub direction: Direction,
    /// kWh.
    pub kwh: Decimal,
}

/// The times without a price, those that follow each other as one.
pub(super) fn unpriced(
    pieces: &[Piece],
    quarters: &[Quarter],
    priced: &[(Range<usize>, Vec<Part>)],
) -> Vec<Unpriced> {
    let mut found: Vec<Unpriced> = Vec::new();
    for direction in [Direction::Import, Direction::Export] {
        let first = found.len();
        for (piece, (places, parts)) in pieces.iter().zip(priced) {
            if !piece.terms.prices(direction) {
                continue;
            }
            let without = parts.iter().filter(|part| part.line.is_none());
            for part in without.filter(|part| part.direction == direction) {
                let place = places.start + part.quarter;
                let from = quarters[place].start;
                let next = quarters.get(place + 1).map(|next| next.start);
                let to = next.unwrap_or_else(|| piece.to.and_time(NaiveTime::MIN));
                match found[first..].last_mut() {
                    Some(last) if last.to == from || last.from == from => {
                        (last.to, last.kwh) = (to, last.kwh + part.kwh);
                    }
                    _ => found.push(Unpriced { from, to, direction, kwh: part.kwh }),
                }
            }
        }
    }
    found
}
