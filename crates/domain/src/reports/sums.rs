//! Days of a report, and what they add up to.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::Month;
use crate::losses::nature::Saving;
use crate::losses::view::Loss;
use crate::meters::SourceKind;

/// Energy that came in, by kind of source, kWh.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Inflow {
    /// From the grid.
    pub grid_kwh: f64,
    /// From solar panels.
    pub solar_kwh: f64,
    /// From generators.
    pub diesel_kwh: f64,
    /// From batteries.
    pub battery_kwh: f64,
    /// The part that is real but whose place is a guess.
    pub estimated_kwh: f64,
}

impl Inflow {
    /// All sources together, kWh.
    pub fn kwh(&self) -> f64 {
        self.grid_kwh + self.solar_kwh + self.diesel_kwh + self.battery_kwh
    }

    /// Adds what a source of a kind delivered.
    pub fn add(&mut self, kind: SourceKind, kwh: f64) {
        match kind {
            SourceKind::Solar => self.solar_kwh += kwh,
            SourceKind::Diesel => self.diesel_kwh += kwh,
            SourceKind::Battery => self.battery_kwh += kwh,
            SourceKind::Grid | SourceKind::Load => self.grid_kwh += kwh,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            grid_kwh: self.grid_kwh + other.grid_kwh,
            solar_kwh: self.solar_kwh + other.solar_kwh,
            diesel_kwh: self.diesel_kwh + other.diesel_kwh,
            battery_kwh: self.battery_kwh + other.battery_kwh,
            estimated_kwh: self.estimated_kwh + other.estimated_kwh,
        }
    }
}

/// The losses of the nodes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Lost {
    /// In less out, kWh; negative stays negative.
    pub kwh: f64,
    /// Half the error band, kWh.
    pub error_kwh: f64,
    /// Its energy at the price of its time, be it real or not; none where a node has no price.
    pub cost: Option<Decimal>,
    /// Nodes whose balance is incomplete, in days: they are not in the sum.
    pub incomplete: i64,
}

impl Lost {
    /// Of two stretches one after the other: their errors are independent.
    fn and(self, other: Self) -> Self {
        Self {
            kwh: self.kwh + other.kwh,
            error_kwh: self.error_kwh.hypot(other.error_kwh),
            cost: self.cost.zip(other.cost).and_then(|(one, other)| one.checked_add(other)),
            incomplete: self.incomplete + other.incomplete,
        }
    }
}

/// A day of the site's clock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Day {
    /// The day of the calendar.
    pub date: NaiveDate,
    /// Its length as far as it has come, seconds.
    pub seconds: f64,
    /// Energy that came in; none where nothing is known.
    pub energy: Option<Inflow>,
    /// Share of it backed by readings, 0 to 1: the least of the sources.
    pub coverage: f64,
    /// The loss; none where no balance is known.
    pub lost: Option<Lost>,
}

/// The sum of days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Total {
    /// Days of which anything is known.
    pub days: usize,
    /// Energy that came in.
    pub energy: Inflow,
    /// Share of the time backed by readings, 0 to 1.
    pub coverage: f64,
    /// The loss; none where no balance is known.
    pub lost: Option<Lost>,
}

impl Total {
    /// The sum of days.
    pub fn of<'a>(days: impl IntoIterator<Item = &'a Day>) -> Self {
        let mut total = Self::default();
        let (mut covered, mut seconds) = (0.0, 0.0);
        for day in days {
            seconds += day.seconds;
            covered += day.coverage * day.seconds;
            if let Some(energy) = day.energy {
                total.days += 1;
                total.energy = total.energy.and(energy);
            }
            total.lost = match (total.lost, day.lost) {
                (Some(sum), Some(lost)) => Some(sum.and(lost)),
                (sum, lost) => sum.or(lost),
            };
        }
        total.coverage = if seconds > 0.0 { (covered / seconds).clamp(0.0, 1.0) } else { 0.0 };
        total
    }
}

/// A month in the list, or in the trend.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MonthTotal {
    /// The month, such as `2026-10`.
    pub month: Month,
    /// Whether it is over.
    pub is_over: bool,
    /// The month as a whole, by the registers around it; where these tell nothing, what its days add up to.
    pub total: Total,
    /// Loss as a percentage of what went in; none where either is not known.
    pub loss_percent: Option<f64>,
    /// The part of the loss that is probably real; none where there is none.
    pub saving: Option<Saving>,
}

impl MonthTotal {
    /// Days in order, put together by month.
    pub fn of(days: &[Day], running: Month) -> Vec<Self> {
        let by_month = days.chunk_by(|one, other| Month::of(one.date) == Month::of(other.date));
        let month = |days: &[Day]| {
            let month = Month::of(days.first()?.date);
            let is_over = month < running;
            Some(Self { month, is_over, total: Total::of(days), loss_percent: None, saving: None })
        };
        by_month.filter_map(month).collect()
    }

    /// The same month with the figures of the whole: days leave out what was counted across their gaps.
    #[must_use]
    pub fn as_whole(self, energy: Inflow, loss: &Loss) -> Self {
        let incomplete = self.total.lost.map_or(0, |lost| lost.incomplete);
        let lost = |kwh| Lost { kwh, error_kwh: loss.error_kwh, cost: loss.cost, incomplete };
        let (coverage, lost) = (loss.coverage, loss.kwh.map(lost));
        let total = Total { energy, coverage, lost, ..self.total };
        Self { total, loss_percent: loss.percent, saving: loss.saving, ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::prelude::FromPrimitive as _;

    use super::*;

    fn days() -> impl Strategy<Value = Vec<Day>> {
        let energy = proptest::option::weighted(0.9, proptest::array::uniform5(0.0..5_000.0_f64));
        let lost = proptest::option::weighted(0.8, (-50.0..500.0_f64, 0.0..40.0_f64, 0_i64..3));
        let day = (energy, lost, 0.0..=1.0_f64, prop::sample::select(vec![82_800.0, 86_400.0]));
        proptest::collection::vec(day, 1..120).prop_map(|days| {
            let begin = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
            let dated = days.into_iter().zip(begin.iter_days());
            dated
                .map(|((energy, lost, coverage, seconds), date)| Day {
                    date,
                    seconds,
                    energy: energy.map(|[grid, solar, diesel, battery, guess]| Inflow {
                        grid_kwh: grid,
                        solar_kwh: solar,
                        diesel_kwh: diesel,
                        battery_kwh: battery,
                        estimated_kwh: guess,
                    }),
                    coverage,
                    lost: lost.map(|(kwh, error_kwh, incomplete)| Lost {
                        kwh,
                        error_kwh,
                        cost: Decimal::from_f64(kwh).map(|cost| cost.round_dp(2)),
                        incomplete,
                    }),
                })
                .collect()
        })
    }

    fn close(one: f64, other: f64) -> bool {
        (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
    }

    proptest! {
        #[test]
        fn days_add_up_to_months_and_months_to_the_whole(days in days()) {
            let running = Month::of(days[days.len() - 1].date);
            let months = MonthTotal::of(&days, running);
            let whole = Total::of(&days);
            let sum = |of: fn(&Total) -> f64| months.iter().map(|month| of(&month.total)).sum::<f64>();
            prop_assert!(close(sum(|t| t.energy.kwh()), whole.energy.kwh()));
            prop_assert!(close(sum(|t| t.energy.solar_kwh), whole.energy.solar_kwh));
            prop_assert!(close(sum(|t| t.energy.estimated_kwh), whole.energy.estimated_kwh));
            let lost = |total: &Total| total.lost.map_or(0.0, |lost| lost.kwh);
            prop_assert!(close(sum(lost), lost(&whole)));
            let squares = sum(|t| t.lost.map_or(0.0, |lost| lost.error_kwh.powi(2)));
            prop_assert!(close(squares.sqrt(), whole.lost.map_or(0.0, |lost| lost.error_kwh)));
            let cost = |total: &Total| total.lost.and_then(|lost| lost.cost).unwrap_or_default();
            prop_assert_eq!(months.iter().map(|m| cost(&m.total)).sum::<Decimal>(), cost(&whole));
            prop_assert_eq!(months.iter().map(|m| m.total.days).sum::<usize>(), whole.days);
            prop_assert!(months.iter().all(|month| month.is_over == (month.month < running)));
        }

        #[test]
        fn coverage_lies_between_that_of_the_worst_and_the_best_day(days in days()) {
            let of = |pick: fn(f64, f64) -> f64| days.iter().map(|d| d.coverage).reduce(pick).unwrap();
            let total = Total::of(&days).coverage;
            prop_assert!(total >= of(f64::min) - 1e-9 && total <= of(f64::max) + 1e-9);
        }
    }

    #[test]
    fn a_node_without_a_price_leaves_the_cost_open() {
        let lost = |cost| Lost { kwh: 1.0, error_kwh: 3.0, cost, incomplete: 0 };
        let both = lost(Some(Decimal::ONE)).and(lost(None));
        assert_eq!((both.cost, both.error_kwh), (None, 18.0_f64.sqrt()));
    }

    #[test]
    fn of_nothing_nothing_is_known() {
        assert_eq!(Total::of(&[]), Total::default());
    }
}
