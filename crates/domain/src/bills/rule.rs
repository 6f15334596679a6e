//! The rules by which a line of a bill was computed, in words.

use chrono::{Datelike as _, NaiveDate};

use super::tariff::{AcrossVersions, MonthShare, Netting, TaxOn};
use super::{Bill, BillLine, BillLineKind, Piece};
use crate::message::{Message, messages};

messages! {
    /// A rule by which a line was computed.
    pub enum LineRule in "bill_rule" {
        Version { name: String, from: NaiveDate, to: NaiveDate } =>
            "{name}, from {from} up to {to}",
        Prorated { days: usize, of: usize } => "slabs in proportion of {days} of {of} days",
        Continued => "slabs go on from what was charged before in the month",
        Netted => "export of these days is set against their import",
        ByDays { days: i64, of: i64 } => "{days} of {of} days of the price of a month",
        HighestOf { days: i64, of: i64 } => "the highest of these days, at {days} of {of} days of the price",
        OnSupply => "on all that is supplied, without credits for energy and trades",
        OnBalance => "on what is left after credits, without trades",
    }
}

impl Bill {
    /// The rules by which a line was computed.
    pub fn rules_of(&self, line: &BillLine) -> Vec<Message> {
        let Some(piece) = line.piece.and_then(|piece| self.pieces.get(piece)) else {
            return Vec::new();
        };
        let terms = &piece.terms;
        if line.kind == BillLineKind::Tax {
            return vec![match terms.tax_on {
                TaxOn::Supply => LineRule::OnSupply.into(),
                TaxOn::Balance => LineRule::OnBalance.into(),
            }];
        }
        let (days, of) = share(piece);
        let is_part = days < of;
        let (name, from, to) = (piece.name.clone(), piece.from, piece.to);
        let version = LineRule::Version { name, from, to };
        let energy = |direction| {
            let netted = (terms.netting == Netting::Month).then_some(LineRule::Netted);
            let blocks = match (terms.across_versions, piece.blocks) {
                _ if !terms.has_blocks(direction) => None,
                (AcrossVersions::Prorate, blocks) => {
                    blocks.map(|MonthShare { days, of }| LineRule::Prorated { days, of })
                }
                (AcrossVersions::Continue, _) => is_part.then_some(LineRule::Continued),
            };
            [netted, blocks]
        };
        let rules = match line.kind {
            BillLineKind::Import { .. } => energy(super::tariff::Direction::Import),
            BillLineKind::Export { .. } => energy(super::tariff::Direction::Export),
            BillLineKind::FixedPerMonth => [is_part.then_some(LineRule::ByDays { days, of }), None],
            BillLineKind::Demand => [is_part.then_some(LineRule::HighestOf { days, of }), None],
            _ => [None, None],
        };
        [Some(version)].into_iter().chain(rules).flatten().map(Message::from).collect()
    }
}

/// The days of a piece, and those of its month.
fn share(piece: &Piece) -> (i64, i64) {
    let days = (piece.to - piece.from).num_days();
    (days, piece.from.num_days_in_month().into())
}
