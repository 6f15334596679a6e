//! The languages in which people read, and how each writes figures and days.

mod number;

use crate::stored::stored;
use chrono::{Datelike as _, NaiveDate, Weekday};

/// A language in which the pages can be read.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, with the days and the 24-hour clock of Europe.
    #[default]
    En,
    /// German.
    De,
}

stored!(Language as &str, |language| language.tag(), Self::parse);

const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const GERMAN_MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

impl Language {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// Its tag by BCP 47.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// What it calls itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
        }
    }

    /// The language of a tag, whatever its region: `de`, `de-AT`.
    pub fn parse(tag: &str) -> Option<Self> {
        let first = tag.trim().split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| first.eq_ignore_ascii_case(language.tag()))
    }

    /// The best one for the value of an `Accept-Language` header (RFC 9110, 12.5.4); English where it
    /// names none that is known.
    pub fn accepted(header: &str) -> Self {
        let wishes = header.split(',').filter_map(|wish| {
            let (tag, weight) = wish.split_once(';').unwrap_or((wish, ""));
            let weight = match weight.trim().strip_prefix("q=") {
                Some(weight) => weight.parse::<f32>().ok()?,
                None => 1.0,
            };
            Some((Self::parse(tag)?, weight)).filter(|_| weight > 0.0)
        });
        // Of two with the same weight the first one counts.
        let best = wishes.reduce(|best, wish| if wish.1 > best.1 { wish } else { best });
        best.map(|(language, _)| language).unwrap_or_default()
    }

    /// One of two texts.
    pub const fn of<T: Copy>(self, english: T, german: T) -> T {
        match self {
            Self::En => english,
            Self::De => german,
        }
    }

    /// A figure of [`crate::figures`] with the marks of this language: `1,234.5` or `1.234,5`.
    pub fn marks(self, figure: String) -> String {
        match self {
            Self::En => figure,
            Self::De => figure
                .chars()
                .map(|mark| match mark {
                    ',' => '.',
                    '.' => ',',
                    other => other,
                })
                .collect(),
        }
    }

    /// `November`.
    pub fn month(self, date: NaiveDate) -> &'static str {
        let months = self.of(&ENGLISH_MONTHS, &GERMAN_MONTHS);
        months.get(date.month0() as usize).copied().unwrap_or_default()
    }

    /// `Nov`; three letters in both languages, which is where columns of days need them equal.
    pub fn short_month(self, date: NaiveDate) -> &'static str {
        let month = self.month(date);
        month.char_indices().nth(3).map_or(month, |(end, _)| month.get(..end).unwrap_or(month))
    }

    /// `Thu`, `Do`.
    pub const fn weekday(self, day: Weekday) -> &'static str {
        match day {
            Weekday::Mon => self.of("Mon", "Mo"),
            Weekday::Tue => self.of("Tue", "Di"),
            Weekday::Wed => self.of("Wed", "Mi"),
            Weekday::Thu => self.of("Thu", "Do"),
            Weekday::Fri => self.of("Fri", "Fr"),
            Weekday::Sat => self.of("Sat", "Sa"),
            Weekday::Sun => self.of("Sun", "So"),
        }
    }

    /// `18 Nov`, `18. Nov`.
    pub fn day_month(self, date: NaiveDate) -> String {
        let (day, month) = (date.day(), self.short_month(date));
        match self {
            Self::En => format!("{day} {month}"),
            Self::De => format!("{day}. {month}"),
        }
    }

    /// `Thu 19 Nov`, `Do 19. Nov`.
    pub fn weekday_day(self, date: NaiveDate) -> String {
        format!("{} {}", self.weekday(date.weekday()), self.day_month(date))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readers_wishes_are_weighed() {
        assert_eq!(Language::accepted("de-AT,de;q=0.9,en;q=0.8"), Language::De);
        assert_eq!(Language::accepted("fr,en;q=0.8,de;q=0.7"), Language::En);
        assert_eq!(Language::accepted("en;q=0.3, de;q=0.7"), Language::De);
        assert_eq!(Language::accepted("de;q=0"), Language::En);
        assert_eq!(Language::accepted("fr"), Language::En);
        assert_eq!(Language::accepted(";;q=,,"), Language::En);
    }

    #[test]
    fn each_writes_figures_and_days_its_own_way() {
        assert_eq!(Language::De.marks("1,234.5".to_owned()), "1.234,5");
        assert_eq!(Language::En.marks("1,234.5".to_owned()), "1,234.5");
        let day = NaiveDate::from_ymd_opt(2026, 3, 19).unwrap();
        assert_eq!(Language::De.weekday_day(day), "Do 19. Mär");
        assert_eq!(Language::En.weekday_day(day), "Thu 19 Mar");
    }
}
