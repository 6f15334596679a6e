//! The price of a moment.

use chrono::NaiveDateTime;
use rust_decimal::Decimal;

use super::times::Moment;
use super::{AcrossVersions, Direction, EnergyLine, Netting, Terms};

impl Terms {
    /// The price of the next kWh drawn, or delivered, at a local time, after blocks counted so many kWh in
    /// that direction. None where no line speaks of it.
    pub fn price_at(
        &self,
        local: NaiveDateTime,
        direction: Direction,
        so_far: Decimal,
    ) -> Option<Decimal> {
        let (_, line) = self.line_at(self.moment(local), direction, so_far)?;
        Some(line.price)
    }

    /// What a kWh costs at a local time, whatever the month has drawn; none where that depends on it.
    pub fn price_of_any(&self, local: NaiveDateTime, direction: Direction) -> Option<Decimal> {
        self.price_at(local, direction, Decimal::ZERO).filter(|_| !self.has_blocks(direction))
    }

    /// Whether a price depends on what the month has drawn.
    pub fn has_blocks(&self, direction: Direction) -> bool {
        self.energy.iter().any(|line| line.direction == direction && line.is_block())
    }

    /// Whether what a kWh more or less comes to depends on what passed in the month.
    pub fn depends_on_month(&self) -> bool {
        let directions = [Direction::Import, Direction::Export];
        self.netting == Netting::Month || directions.iter().any(|way| self.has_blocks(*way))
    }

    /// The kWh of a part of a month that are charged, and those that are credited, of what was drawn and delivered.
    pub fn left(&self, (import, export): (Decimal, Decimal)) -> (Decimal, Decimal) {
        match self.netting {
            Netting::None => (import, export),
            Netting::Month => {
                ((import - export).max(Decimal::ZERO), (export - import).max(Decimal::ZERO))
            }
        }
    }

    /// The kWh that blocks have counted of both directions when a part of a month begins, after what was charged
    /// and credited of the parts before it.
    pub fn before(&self, charged: (Decimal, Decimal)) -> (Decimal, Decimal) {
        match self.across_versions {
            AcrossVersions::Prorate => (Decimal::ZERO, Decimal::ZERO),
            AcrossVersions::Continue => charged,
        }
    }

    /// The prices of a further kWh drawn and of one delivered, at a local time: after what
    /// blocks had counted when a part of a month began, and what was drawn and delivered in it since.
    pub fn prices_after(
        &self,
        local: NaiveDateTime,
        before: (Decimal, Decimal),
        passed: (Decimal, Decimal),
    ) -> (Option<Decimal>, Option<Decimal>) {
        let (import, export) = self.left(passed);
        (
            self.price_at(local, Direction::Import, before.0 + import),
            self.price_at(local, Direction::Export, before.1 + export),
        )
    }

    /// Whether a kWh less is credited, rather than not charged, in a quarter-hour that exports or not, after
    /// so many kWh drawn and delivered in a part of a month.
    pub fn credits(&self, (import, export): (Decimal, Decimal), exports: bool) -> bool {
        match self.netting {
            Netting::Month if import != export => export > import,
            _ => exports,
        }
    }

    /// The price of import where it is the same at all times and for any amount.
    pub fn flat_import(&self) -> Option<Decimal> {
        let mut lines = self.energy.iter().filter(|line| line.direction == Direction::Import);
        let line = lines.next()?;
        let unbounded = line.from_kwh.unwrap_or_default().is_zero() && line.to_kwh.is_none();
        let always = line.rank() == (false, false, 0);
        (always && unbounded && lines.next().is_none()).then_some(line.price)
    }

    /// Whether any line prices this direction.
    pub fn prices(&self, direction: Direction) -> bool {
        self.energy.iter().any(|line| line.direction == direction)
    }

    /// Whether what is to be paid depends on the quarter-hours of the days: there are times of day, or
    /// demand has a price.
    pub fn needs_quarters(&self) -> bool {
        let timed = |line: &EnergyLine| line.from_time.is_some() || line.to_time.is_some();
        !self.demand_per_kw.is_zero() || self.energy.iter().any(timed)
    }

    /// Whether the same lines hold at two local times.
    pub(crate) fn same_lines(&self, one: NaiveDateTime, other: NaiveDateTime) -> bool {
        let (one, other) = (self.moment(one), self.moment(other));
        self.energy.iter().all(|line| line.holds_at(one) == line.holds_at(other))
    }

    /// The most specific line that holds, with its place. [`Terms::check`] makes it the only one.
    pub(super) fn line_at(
        &self,
        moment: Moment,
        direction: Direction,
        so_far: Decimal,
    ) -> Option<(usize, &EnergyLine)> {
        let lines = self.energy.iter().enumerate().filter(|(_, line)| {
            line.direction == direction
                && line.from_kwh.unwrap_or_default() <= so_far
                && line.to_kwh.is_none_or(|to| so_far < to)
        });
        let holding = lines.filter_map(|(place, line)| Some((line.holds_at(moment)?, place, line)));
        let chosen = holding.max_by_key(|(precedence, _, line)| (*precedence, line.rank()));
        chosen.map(|(_, place, line)| (place, line))
    }

    /// The next amount of the month at which another block may begin.
    pub(super) fn next_bound(&self, direction: Direction, so_far: Decimal) -> Option<Decimal> {
        self.bounds(direction).filter(|bound| *bound > so_far).min()
    }

    /// Amounts of the month at which a block begins or ends.
    pub(super) fn bounds(&self, direction: Direction) -> impl Iterator<Item = Decimal> {
        let lines = self.energy.iter().filter(move |line| line.direction == direction);
        lines.flat_map(|line| [line.from_kwh, line.to_kwh]).flatten()
    }
}
