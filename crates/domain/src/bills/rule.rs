//! The rules by which a line of a bill was computed, in words.

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

use super::tariff::{AcrossVersions, MonthShare, Netting, TaxOn};
use super::{Bill, BillLine, BillLineKind, Correction, Piece};
use crate::message::{Message, messages};

messages! {
    /// A rule by which a line was computed.
    pub enum LineRule in "bill_rule" {
        Version { name: String, from: NaiveDate, to: NaiveDate } =>
            "{name}, {from} to {to}",
        Prorated { days: usize, of: usize } =>
            "tier limits for {days} of the month's {of} days",
        Continued => "tiers continue from the kWh already charged this month",
        Netted =>
            "only the difference between import and export on these days is charged or credited",
        ByDays { days: i64, of: i64 } =>
            "monthly price for {days} of the month's {of} days",
        HighestOf { days: i64, of: i64 } =>
            "highest demand of these days; the monthly price is charged for {days} of {of} days",
        OnSupply =>
            "on energy, demand and fixed charges; export credits do not reduce it, trades with neighbours are \
             not in it",
        OnBalance =>
            "on these charges less export credits; trades with neighbours are not in it",
        Recomputed { recomputed: Decimal, billed: Decimal } =>
            "{recomputed} computed again − {billed} billed, each with its tax",
        CorrectedBefore { amount: Decimal } => "of that, {amount} is on bills that were issued since",
    }
}

impl Bill {
    /// The rules by which a line was computed.
    pub fn rules_of(&self, line: &BillLine) -> Vec<Message> {
        if let Some(correction) = self.correction_of(line) {
            return correction.rules();
        }
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
        let last = piece.to.pred_opt().unwrap_or(piece.to);
        let (name, from, to) = (piece.name.clone(), piece.from, last);
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

impl Correction {
    fn rules(&self) -> Vec<Message> {
        let (recomputed, billed) = (self.recomputed, self.billed);
        let before = (!self.corrected.is_zero())
            .then(|| LineRule::CorrectedBefore { amount: self.corrected }.into());
        [LineRule::Recomputed { recomputed, billed }.into()].into_iter().chain(before).collect()
    }
}

/// The days of a piece, and those of its month.
fn share(piece: &Piece) -> (i64, i64) {
    let days = (piece.to - piece.from).num_days();
    (days, piece.from.num_days_in_month().into())
}
