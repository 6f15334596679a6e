//! Figures and states that the pages of the grid write alike.

use chrono::{DateTime, Utc};
use domain::grid::RequestState;
use domain::view::PeriodContext;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use texts::figures;
use texts::words::grid as words;

use super::Clock;
use crate::components::mark::Shape;

/// The shape and the word of a state.
pub fn state(state: RequestState) -> (Shape, &'static str) {
    let shape = match state {
        RequestState::Approved => Shape::Good,
        RequestState::Rejected => Shape::Alarm,
        RequestState::Pending | RequestState::Withdrawn => Shape::Ring,
    };
    (shape, words::state(state).get())
}

/// The time of a day that is today, else with its date.
pub fn time(shown: &PeriodContext, at: DateTime<Utc>) -> String {
    let clock = Clock(shown);
    if shown.site.date_at(at) == shown.today() {
        clock.minute(at)
    } else {
        format!("{} {}", clock.day(at), clock.minute(at))
    }
}

/// Five decimals of a degree, about a metre.
pub fn degrees(value: f64) -> String {
    format!("{value:.5}")
}

/// kW with one decimal, so that the terms of a sum add up as written; with all they have where one is
/// not enough.
pub fn kw(value: Decimal) -> String {
    let places = usize::try_from(value.normalize().scale()).unwrap_or_default().clamp(1, 6);
    figures::fixed(value.to_f64().unwrap_or_default(), places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_is_written_with_as_many_decimals_as_it_has() {
        assert_eq!(kw(Decimal::new(24, 0)), "24.0");
        assert_eq!(kw(Decimal::new(-2475, 2)), "\u{2212}24.75");
        assert_eq!(kw(Decimal::new(1_000_000, 0)), "1,000,000.0");
    }
}
