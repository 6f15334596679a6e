//! Periods in words.

use chrono::{Datelike as _, Month, NaiveDate};

use super::{Kind, Period, Step};

impl Kind {
    /// What the period bar calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Today => "Today",
            Self::Yesterday => "Yesterday",
            Self::Week => "Week",
            Self::Month => "Month",
            Self::Year => "Year",
            Self::Custom => "Custom",
        }
    }
}

impl Step {
    /// What one of its steps is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quarter => "quarter-hour",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Month => "month",
        }
    }
}

impl Period {
    /// Its name within a sentence: `today`, `on Wed 18 Nov`, `in November`.
    pub fn phrase(self, today: NaiveDate) -> String {
        let label = self.label(today);
        match self.kind {
            _ if self.is_current() => label,
            Kind::Today | Kind::Yesterday => format!("on {label}"),
            Kind::Month | Kind::Year => format!("in {label}"),
            Kind::Week | Kind::Custom => format!("from {label}"),
        }
    }

    /// Its name alone: `today`, `Wed 18 Nov`, `9 to 15 Nov`, `November`, `2025`.
    pub fn label(self, today: NaiveDate) -> String {
        let (first, last) = self.days(today);
        match self.kind {
            Kind::Today if self.is_current() => "today".to_owned(),
            Kind::Yesterday if self.is_current() => "yesterday".to_owned(),
            Kind::Week if self.is_current() => "this week".to_owned(),
            Kind::Month if self.is_current() => "this month".to_owned(),
            Kind::Year if self.is_current() => "this year".to_owned(),
            Kind::Today | Kind::Yesterday => {
                format!("{} {}", first.weekday(), day_month(first, today))
            }
            Kind::Month if first.year() == today.year() => month(first).to_owned(),
            Kind::Month => format!("{} {}", month(first), first.year()),
            Kind::Year => first.year().to_string(),
            Kind::Week | Kind::Custom => span(first, last, today),
        }
    }

    /// What it is compared with, when that is asked for.
    pub fn before_label(self, today: NaiveDate) -> String {
        self.previous(today).label(today)
    }

    fn is_current(self) -> bool {
        self.at.is_none() && self.ends.is_none()
    }
}

/// `9 to 15 Nov`; whatever both days share is said once.
fn span(first: NaiveDate, last: NaiveDate, today: NaiveDate) -> String {
    let end = day_month(last, today);
    if first == last {
        end
    } else if (first.year(), first.month()) == (last.year(), last.month()) {
        format!("{} to {end}", first.day())
    } else if first.year() == last.year() {
        format!("{} {} to {end}", first.day(), short_month(first))
    } else {
        format!("{} {} {} to {end}", first.day(), short_month(first), first.year())
    }
}

/// `18 Nov`, with the year where it is not this one.
fn day_month(date: NaiveDate, today: NaiveDate) -> String {
    let year =
        if date.year() == today.year() { String::new() } else { format!(" {}", date.year()) };
    format!("{} {}{year}", date.day(), short_month(date))
}

/// `November`.
pub fn month(date: NaiveDate) -> &'static str {
    let number = u8::try_from(date.month()).unwrap_or_default();
    Month::try_from(number).map_or("", |month| month.name())
}

fn short_month(date: NaiveDate) -> &'static str {
    month(date).get(..3).unwrap_or_default()
}
