//! The stretch of time that a page shows, as it stands in its address.
//!
//! `?period=today|yesterday|week|month|year|custom`, with `at` for another day, week, month or year
//! than the current one, `from` and `to` (both days included) for `custom`, and `compare=previous`.
//! Days, weeks (from Monday), months and years are those of the site's clock.

mod moment;
pub mod refusal;
mod words;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, TimeDelta, Utc};
pub use moment::Moment;
use refusal::PeriodError;

use crate::sites::Site;
pub use crate::window::Step;
use crate::window::Window;

/// The longest period: ten years.
const MOST_DAYS: i64 = 3653;
/// The shortest window. A clock that stands still may show the first instant of a day, of which nothing has passed:
/// a window without any length would have no coverage.
pub const SHORTEST: TimeDelta = TimeDelta::microseconds(1);
/// The first year in which anything can have been metered here. What lies before it comes of a clock
/// that lost its time, or of a slip in typing.
pub const FIRST_YEAR: i32 = 1970;
/// The years that a period may lie in, as far as they are days of the calendar at all.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The current day, or another with `at`.
    Today,
    /// The day before.
    Yesterday,
    /// From Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
    /// From one day to another.
    Custom,
}

impl Kind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::Today, Self::Yesterday, Self::Week, Self::Month, Self::Year, Self::Custom];

    /// The word in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Yesterday => "yesterday",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::Custom => "custom",
        }
    }
}

/// A period, as asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    kind: Kind,
    /// A day in it; none for the current one.
    at: Option<NaiveDate>,
    /// First and last day of a custom one.
    ends: Option<(NaiveDate, NaiveDate)>,
    compare: bool,
}

impl Default for Period {
    fn default() -> Self {
        Self::of(Kind::Today)
    }
}

impl Period {
    /// The current period of a kind; a custom one has its ends given instead.
    pub const fn of(kind: Kind) -> Self {
        Self { kind, at: None, ends: None, compare: false }
    }

    /// From one day to another, both included.
    pub const fn between(first: NaiveDate, last: NaiveDate) -> Self {
        Self { kind: Kind::Custom, at: None, ends: Some((first, last)), compare: false }
    }

    /// Reads the period from the parameters of an address; today where there are none.
    ///
    /// # Errors
    /// What cannot be meant, with what to write instead.
    pub fn parse(parameter: impl Fn(&str) -> Option<String>) -> Result<Self, PeriodError> {
        let given = |name: &str| parameter(name).filter(|text| !text.is_empty());
        let kind = match given("period") {
            None => Kind::Today,
            Some(word) => Kind::ALL
                .into_iter()
                .find(|kind| kind.as_str() == word)
                .ok_or(PeriodError::Unknown { period: word })?,
        };
        let compare = match given("compare").as_deref() {
            None => false,
            Some("previous") => true,
            Some(other) => return Err(PeriodError::Compare { with: other.to_owned() }),
        };
        let day = |name: &str| given(name).map(|text| day(&text)).transpose();
        if kind != Kind::Custom {
            let at = day("at")?;
            at.map_or(Ok(()), not_too_early)?;
            return Ok(Self { kind, at, ends: None, compare });
        }
        let (first, last) = day("from")?.zip(day("to")?).ok_or(PeriodError::Ends)?;
        if last < first {
            return Err(PeriodError::Order { first, last });
        }
        let days = (last - first).num_days() + 1;
        if days > MOST_DAYS {
            return Err(PeriodError::Long { days });
        }
        not_too_early(first)?;
        Ok(Self { compare, ..Self::between(first, last) })
    }

    /// What stands in the address after `?`; empty for today.
    pub fn query(self) -> String {
        let mut parts = Vec::new();
        if self.kind != Kind::Today || self.at.is_some() {
            parts.push(format!("period={}", self.kind.as_str()));
        }
        parts.extend(self.at.map(|at| format!("at={at}")));
        parts.extend(self.ends.map(|(first, last)| format!("from={first}&to={last}")));
        if self.compare {
            parts.push("compare=previous".to_owned());
        }
        parts.join("&")
    }

    /// Its kind.
    pub const fn kind(self) -> Kind {
        self.kind
    }

    /// Whether the period before is shown beside it.
    pub const fn compares(self) -> bool {
        self.compare
    }

    /// The same, with or without the period before.
    #[must_use]
    pub const fn comparing(self, compare: bool) -> Self {
        Self { compare, ..self }
    }

    /// First and last day.
    pub fn days(self, today: NaiveDate) -> (NaiveDate, NaiveDate) {
        let at = self.at.unwrap_or(today);
        match self.kind {
            Kind::Today => (at, at),
            Kind::Yesterday => {
                let day = before(at, 1);
                (day, day)
            }
            Kind::Week => {
                let first = before(at, u64::from(at.weekday().num_days_from_monday()));
                (first, after(first, 6))
            }
            Kind::Month => {
                let first = at.with_day(1).unwrap_or(at);
                (first, before(first + Months::new(1), 1))
            }
            Kind::Year => {
                let first = at.with_ordinal(1).unwrap_or(at);
                (first, before(first + Months::new(12), 1))
            }
            Kind::Custom => self.ends.unwrap_or((at, at)),
        }
    }

    /// The period so many of its own lengths later, or earlier; none where it would still be to come.
    pub fn step(self, steps: i32, today: NaiveDate) -> Option<Self> {
        let (first, last) = self.days(today);
        let by = |date: NaiveDate, unit: i64| match u64::try_from(unit * i64::from(steps)) {
            Ok(days) => after(date, days),
            Err(_) => before(date, (unit * i64::from(steps)).unsigned_abs()),
        };
        let months = |unit: u32| {
            let months = Months::new(unit * steps.unsigned_abs());
            if steps < 0 { first - months } else { first + months }
        };
        let moved = match self.kind {
            Kind::Today | Kind::Yesterday => self.on(by(first, 1), today),
            Kind::Week => self.around(by(first, 7), today),
            Kind::Month => self.around(months(1), today),
            Kind::Year => self.around(months(12), today),
            Kind::Custom => {
                let length = (last - first).num_days() + 1;
                Self { ends: Some((by(first, length), by(last, length))), ..self }
            }
        };
        (moved.days(today).0 <= today).then_some(moved)
    }

    /// The period before.
    #[must_use]
    pub fn previous(self, today: NaiveDate) -> Self {
        self.step(-1, today).unwrap_or(self)
    }

    /// One day, by its usual name where it has one.
    #[must_use]
    pub fn on(self, date: NaiveDate, today: NaiveDate) -> Self {
        let (kind, at) = match (today - date).num_days() {
            0 => (Kind::Today, None),
            1 => (Kind::Yesterday, None),
            _ => (Kind::Today, Some(date)),
        };
        Self { kind, at, ..self }
    }

    /// The same kind of period around a day.
    fn around(self, date: NaiveDate, today: NaiveDate) -> Self {
        let current = Self { at: None, ..self };
        let (first, last) = current.days(today);
        if (first..=last).contains(&date) { current } else { Self { at: Some(date), ..self } }
    }

    /// From its first instant to its last, on the site's clock, or to now while it lasts.
    ///
    /// # Errors
    /// It has not begun.
    pub fn window(self, site: &Site, now: DateTime<Utc>) -> Result<Window, PeriodError> {
        let whole = self.whole(site, now);
        if whole.from > now {
            let (first, _) = self.days(site.date_at(now));
            return Err(PeriodError::Future { first });
        }
        Ok(Window { from: whole.from, to: whole.to.min(now).max(whole.from + SHORTEST) })
    }

    /// From its first instant to its last, whether they have come or not.
    pub fn whole(self, site: &Site, now: DateTime<Utc>) -> Window {
        let (first, last) = self.days(site.date_at(now));
        Window { from: site.day_start(first), to: site.day_start(after(last, 1)) }
    }

    /// The period before, up to the same day and time of day of it, as [`Site::same_time_on`] has it; the whole
    /// where this one is over, or the one before was over by then.
    pub fn previous_window(self, site: &Site, now: DateTime<Utc>) -> Window {
        let today = site.date_at(now);
        let previous = self.previous(today);
        let before = previous.whole(site, now);
        if now >= self.whole(site, now).to {
            return before;
        }
        let (first, last) = previous.days(today);
        // A period that is still to come has no part to compare with.
        let come = u64::try_from((today - self.days(today).0).num_days());
        let Ok(date) = come.map(|days| after(first, days)) else { return before };
        if date > last {
            return before;
        }
        let to = site.same_time_on(date, now).min(before.to);
        Window { from: before.from, to: to.max(before.from + SHORTEST) }
    }

    /// The steps that its chart shows.
    pub fn chart_step(self, today: NaiveDate) -> Step {
        let (first, last) = self.days(today);
        match (last - first).num_days() {
            0 => Step::Quarter,
            1..8 => Step::Hour,
            8..93 => Step::Day,
            _ => Step::Month,
        }
    }
}

fn day(text: &str) -> Result<NaiveDate, PeriodError> {
    let date = text.parse::<NaiveDate>().ok().filter(|date| YEARS.contains(&date.year()));
    date.ok_or_else(|| PeriodError::Day { day: text.to_owned() })
}

fn not_too_early(first: NaiveDate) -> Result<(), PeriodError> {
    if first.year() < FIRST_YEAR {
        return Err(PeriodError::Early { first, year: FIRST_YEAR });
    }
    Ok(())
}

fn before(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(date)
}

fn after(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(date)
}

#[cfg(test)]
mod tests;
