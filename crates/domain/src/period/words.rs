//! Periods in words.

use chrono::{Datelike as _, NaiveDate};

use super::{Kind, Period, Step};
use crate::language::Language;

impl Kind {
    /// What the period bar calls it.
    pub const fn name(self, language: Language) -> &'static str {
        match self {
            Self::Today => language.of("Today", "Heute"),
            Self::Yesterday => language.of("Yesterday", "Gestern"),
            Self::Week => language.of("Week", "Woche"),
            Self::Month => language.of("Month", "Monat"),
            Self::Year => language.of("Year", "Jahr"),
            Self::Custom => language.of("Custom", "Eigener"),
        }
    }
}

impl Step {
    /// What one of its steps is called.
    pub const fn name(self, language: Language) -> &'static str {
        match self {
            Self::Quarter => language.of("quarter-hour", "Viertelstunde"),
            Self::Hour => language.of("hour", "Stunde"),
            Self::Day => language.of("day", "Tag"),
            Self::Month => language.of("month", "Monat"),
        }
    }
}

impl Period {
    /// Its name within a sentence: `today`, `on Wed 18 Nov`, `in November`.
    pub fn phrase(self, today: NaiveDate, language: Language) -> String {
        let label = self.label(today, language);
        if self.is_current() {
            // Only `this week` and its like change within a German sentence.
            return match (language, self.kind) {
                (Language::De, Kind::Week) => "in dieser Woche".to_owned(),
                (Language::De, Kind::Month) => "in diesem Monat".to_owned(),
                (Language::De, Kind::Year) => "in diesem Jahr".to_owned(),
                _ => label,
            };
        }
        match self.kind {
            Kind::Today | Kind::Yesterday => format!("{} {label}", language.of("on", "am")),
            Kind::Month => format!("{} {label}", language.of("in", "im")),
            Kind::Year => format!("in {label}"),
            Kind::Week | Kind::Custom => format!("{} {label}", language.of("from", "vom")),
        }
    }

    /// Its name alone: `today`, `Wed 18 Nov`, `9 to 15 Nov`, `November`, `2025`.
    pub fn label(self, today: NaiveDate, language: Language) -> String {
        let (first, last) = self.days(today);
        match self.kind {
            Kind::Today if self.is_current() => language.of("today", "heute").to_owned(),
            Kind::Yesterday if self.is_current() => language.of("yesterday", "gestern").to_owned(),
            Kind::Week if self.is_current() => language.of("this week", "diese Woche").to_owned(),
            Kind::Month if self.is_current() => {
                language.of("this month", "dieser Monat").to_owned()
            }
            Kind::Year if self.is_current() => language.of("this year", "dieses Jahr").to_owned(),
            Kind::Today | Kind::Yesterday => {
                let weekday = language.weekday(first.weekday());
                format!("{weekday} {}", day_month(first, today, language))
            }
            Kind::Month if first.year() == today.year() => language.month(first).to_owned(),
            Kind::Month => format!("{} {}", language.month(first), first.year()),
            Kind::Year => first.year().to_string(),
            Kind::Week | Kind::Custom => span(first, last, today, language),
        }
    }

    /// What it is compared with, when that is asked for.
    pub fn before_label(self, today: NaiveDate, language: Language) -> String {
        self.previous(today).label(today, language)
    }

    fn is_current(self) -> bool {
        self.at.is_none() && self.ends.is_none()
    }
}

/// `9 to 15 Nov`; whatever both days share is said once.
fn span(first: NaiveDate, last: NaiveDate, today: NaiveDate, language: Language) -> String {
    let (end, to) = (day_month(last, today, language), language.of("to", "bis"));
    if first == last {
        end
    } else if (first.year(), first.month()) == (last.year(), last.month()) {
        let dot = language.of("", ".");
        format!("{}{dot} {to} {end}", first.day())
    } else if first.year() == last.year() {
        format!("{} {to} {end}", language.day_month(first))
    } else {
        format!("{} {} {to} {end}", language.day_month(first), first.year())
    }
}

/// `18 Nov`, with the year where it is not this one.
fn day_month(date: NaiveDate, today: NaiveDate, language: Language) -> String {
    let year =
        if date.year() == today.year() { String::new() } else { format!(" {}", date.year()) };
    format!("{}{year}", language.day_month(date))
}
