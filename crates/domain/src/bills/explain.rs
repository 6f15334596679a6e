//! The quarter-hours behind a line of a bill.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::grid::Grid;
use super::{BillLine, BillLineKind, Inputs, Point, QuarterHour};
use crate::Quality;
use crate::bills::priced::priced;
use crate::bills::tariff::{Direction, Quarter, Share, decimal_kwh, demands};

/// What a quarter-hour adds to a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LineInterval {
    /// When it begins.
    pub start: DateTime<Utc>,
    /// The first instant after it.
    pub end: DateTime<Utc>,
    /// Energy that the line counts; of a demand, what the meter drew.
    pub kwh: Decimal,
    /// Share of the quarter-hour backed by readings, 0 to 1.
    pub coverage: f64,
    /// The worst quality of its readings; `ESTIMATED` where the place of its energy is a guess.
    pub quality: Quality,
    /// Energy by price, before the line is rounded; negative for a credit. Of a demand, its share of
    /// the line by energy.
    pub amount: Decimal,
}

/// The quarter-hours of a line; none for what does not depend on them (fixed charges and tax), and for
/// corrections, whose quarter-hours are those of another bill.
/// `inputs` are those of the bill, `metered` the quarter-hours of its month.
pub fn intervals(inputs: &Inputs, metered: &[QuarterHour], line: &BillLine) -> Vec<LineInterval> {
    let series: Vec<Point> = metered.iter().map(|quarter| quarter.point).collect();
    let inputs = Inputs { series, ..inputs.clone() };
    let grid = Grid::of(&inputs).quarters;
    let energies = match line.kind {
        BillLineKind::Import { line: place } | BillLineKind::Export { line: place } => {
            of_line(&inputs, &grid, line, place)
        }
        BillLineKind::Bought => beside(metered, &grid, Direction::Import),
        BillLineKind::Sold => beside(metered, &grid, Direction::Export),
        BillLineKind::Demand => highest(&inputs, &grid, line),
        BillLineKind::FixedPerMonth
        | BillLineKind::FixedPerDay
        | BillLineKind::Tax
        | BillLineKind::Correction { .. } => Vec::new(),
    };
    let credit = matches!(line.kind, BillLineKind::Export { .. } | BillLineKind::Sold);
    let price = if credit { -line.price } else { line.price };
    let all = energies.iter().map(|(_, kwh)| kwh).sum();
    let mut of_demand = Share::new(all, line.amount);
    let explained = |(place, kwh): (usize, Decimal)| {
        let quarter = metered.get(place)?;
        let guessed = quarter.point.estimated > 0.0;
        let worst = if guessed { Quality::Estimated } else { Quality::Good };
        Some(LineInterval {
            start: quarter.at,
            end: quarter.end,
            kwh: kwh.normalize(),
            coverage: quarter.point.coverage,
            quality: quarter.quality.max(worst),
            amount: match line.kind {
                BillLineKind::Demand => of_demand.of(kwh).normalize(),
                _ => (kwh * price).normalize(),
            },
        })
    };
    energies.into_iter().filter_map(explained).collect()
}

/// What an energy line prices of each quarter-hour.
fn of_line(
    inputs: &Inputs,
    grid: &[Quarter],
    line: &BillLine,
    place: usize,
) -> Vec<(usize, Decimal)> {
    let priced = priced(&inputs.pieces, grid);
    let of_piece = line.piece.and_then(|piece| priced.get(piece));
    let counted = of_piece.into_iter().flat_map(|(places, parts)| {
        let of_line = parts.iter().filter(|part| part.line == Some(place));
        of_line.map(|part| (places.start + part.quarter, part.kwh))
    });
    counted.collect()
}

/// What neighbours have of each quarter-hour: what was metered less what the grid has.
fn beside(
    metered: &[QuarterHour],
    grid: &[Quarter],
    direction: Direction,
) -> Vec<(usize, Decimal)> {
    let of = |(place, (quarter, left)): (usize, (&QuarterHour, &Quarter))| {
        let (kwh, left) = match direction {
            Direction::Import => (quarter.point.import, left.import),
            Direction::Export => (quarter.point.export, left.export),
        };
        let traded = decimal_kwh(kwh)? - left;
        (traded > Decimal::ZERO).then_some((place, traded))
    };
    metered.iter().zip(grid).enumerate().filter_map(of).collect()
}

/// The quarter-hours whose mean power is the demand of a line.
fn highest(inputs: &Inputs, grid: &[Quarter], line: &BillLine) -> Vec<(usize, Decimal)> {
    let Some(piece) = line.piece.and_then(|piece| inputs.pieces.get(piece)) else {
        return Vec::new();
    };
    let of_piece = |place: usize| (piece.from..piece.to).contains(&grid[place].start.date());
    let mut demands = demands(grid, piece.terms.demand_interval);
    let found = demands.find(|(places, kw)| *kw == line.quantity && of_piece(places.start));
    let places = found.into_iter().flat_map(|(places, _)| places);
    places.map(|place| (place, grid[place].metered)).collect()
}
