//! Pieces that sheets share: marks, figures, times of the site's clock, money.

pub mod grid;
pub mod money;
pub mod plot;
pub mod shared;
pub mod time;
pub mod whisker;

use chrono::{DateTime, Datelike as _, TimeDelta, Timelike as _, Utc};
use domain::figures::thousandths;
use domain::losses::balance::Verdict;
use domain::overview::money;
use domain::view::PeriodContext;
use markup::{Draw, Html, Value, html};
use rust_decimal::Decimal;
use texts::figures;
use texts::language::{self, Text};

use crate::components::mark::Shape;
use texts::words::losses as words;

/// A shape that carries a state; what it means stands beside it.
pub fn mark(shape: Shape) -> Html {
    html! {
        <svg class=shape.class() width="12" height="12" aria-hidden="true">
            <path d=shape.path() />
        </svg>
    }
}

/// A table that is scrolled by itself where there is no room for it; the heads are those of columns of the kit.
pub fn draw_table(
    label: impl Value,
    class: &str,
    heads: impl Draw,
    rows: impl IntoIterator<Item = Html>,
) -> Html {
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=label>
            <table class=format!("table {class}").trim_end()>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{rows.into_iter().collect::<Html>()}</tbody>
            </table>
        </div>
    }
}

/// The shape and the word of a verdict.
pub const fn verdict(verdict: Verdict) -> (Shape, Text) {
    match verdict {
        Verdict::Loss => (Shape::Loss, words::LOSS),
        Verdict::Negative => (Shape::Warn, words::NEGATIVE),
        Verdict::WithinError => (Shape::Ring, words::WITHIN_ERROR),
        Verdict::Incomplete => (Shape::Stale, words::INCOMPLETE),
    }
}

/// A heading and the note behind it.
pub fn noted(heading: impl Draw, note: impl Draw) -> Html {
    html! { {heading} " " <span class="note">{note}</span> }
}

/// A number and its unit, small and grey.
pub fn figure(value: impl Draw, unit: &'static str) -> Html {
    html! {
        <span class="figure">
            {value}
            <span class="unit">{unit}</span>
        </span>
    }
}

/// kWh of a balance: all its terms with one decimal, so that they add up. The order in which something was summed up
/// does not decide to which side a half is rounded.
pub fn kwh(value: f64) -> String {
    figures::fixed(thousandths(value), 1)
}

/// With its sign, as a difference is written.
pub fn signed(value: f64, places: usize) -> String {
    let text = figures::fixed(value, places);
    if value > 0.0 && text.bytes().any(|byte| matches!(byte, b'1'..=b'9')) {
        format!("+{text}")
    } else {
        text
    }
}

/// A share as a percentage with one decimal.
pub fn percent(share: f64) -> String {
    figures::fixed(share * 100.0, 1)
}

/// An amount of money, with its currency.
pub fn price(shown: &PeriodContext, amount: Decimal) -> String {
    language::now().marks(money(amount, &shown.site.currency))
}

/// Times of the site's clock.
#[derive(Clone, Copy)]
pub struct Clock<'a>(pub &'a PeriodContext);

impl Clock<'_> {
    /// `14:45`.
    pub fn minute(self, at: DateTime<Utc>) -> String {
        time::minute(&self.0.site, at)
    }

    /// `14:45:08`.
    pub fn second(self, at: DateTime<Utc>) -> String {
        format!("{}:{:02}", self.minute(at), at.second())
    }

    /// `19 Nov`, with the year where it is not the current one.
    pub fn day(self, at: DateTime<Utc>) -> String {
        let date = self.0.site.date_at(at);
        if date.year() == self.0.today().year() {
            language::now().day_month(date)
        } else {
            time::short_day(date)
        }
    }

    /// The time alone where the period is a day, else with the day before it.
    pub fn within(self, at: DateTime<Utc>) -> String {
        let is_day = self.0.whole.to - self.0.whole.from <= TimeDelta::hours(25);
        let inside = at >= self.0.window.from && at <= self.0.whole.to;
        if is_day && inside {
            self.minute(at)
        } else {
            format!("{} {}", self.day(at), self.minute(at))
        }
    }

    /// How a chart names a step that begins at an instant.
    pub fn tick(self, at: DateTime<Utc>, step: domain::period::Step) -> String {
        use domain::period::Step;
        let local = at.with_timezone(&self.0.site.zone);
        match step {
            Step::Hour if local.hour() == 0 => {
                format!("{} {}", language::now().weekday(local.weekday()), local.day())
            }
            Step::Quarter | Step::Hour => self.minute(at),
            Step::Day => local.day().to_string(),
            Step::Month => language::now().short_month(local.date_naive()).to_owned(),
        }
    }
}
