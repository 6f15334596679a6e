//! The days on which a line of a tariff holds.

use chrono::{Datelike as _, NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Terms;
use super::refusal::TermsRefusal;
use crate::strict::Carried;

/// Days of the week, and listed holidays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days(u8);

/// Monday to Sunday, and a listed holiday, in the order of their bits.
const NAMES: [&str; 8] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "holiday"];
/// Short words for usual sets.
const SHORT: [(&str, Days); 4] = [
    ("all", Days::ALL),
    ("weekday", Days::WEEKDAY),
    ("weekend", Days::WEEKEND),
    ("holiday", Days::HOLIDAY),
];

impl Days {
    /// Every day.
    pub const ALL: Self = Self(0b1111_1111);
    /// Monday to Friday, less holidays.
    pub const WEEKDAY: Self = Self(0b0001_1111);
    /// Saturday and Sunday, less holidays.
    pub const WEEKEND: Self = Self(0b0110_0000);
    /// The days that the tariff lists.
    pub const HOLIDAY: Self = Self(0b1000_0000);

    /// A day of the week.
    pub const fn of(day: Weekday) -> Self {
        Self(1 << day as u8)
    }

    /// The single days in it, by the places of their names.
    pub(crate) fn places(self) -> impl Iterator<Item = usize> {
        (0..NAMES.len()).filter(move |place| self.0 >> place & 1 == 1)
    }

    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// How many days it leaves out: one that holds on fewer days is more specific.
    pub(super) const fn left_out(self) -> u32 {
        self.0.count_zeros()
    }

    fn parse(words: &[&str]) -> Result<Self, TermsRefusal> {
        let day = |word: &&str| {
            let short = SHORT.iter().find(|(name, _)| name == word).map(|(_, days)| *days);
            let place = || NAMES.iter().position(|name| name == word);
            let found = short.or_else(|| place().map(|place| Self(1 << place)));
            found.ok_or_else(|| TermsRefusal::Day { text: (*word).to_owned() })
        };
        let days = words.iter().try_fold(0, |all, word| Ok(all | day(word)?.0))?;
        if days == 0 { Err(TermsRefusal::NoDay) } else { Ok(Self(days)) }
    }
}

impl Default for Days {
    fn default() -> Self {
        Self::ALL
    }
}

impl Serialize for Days {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match SHORT.iter().find(|(_, days)| days == self) {
            Some((word, _)) => to.serialize_str(word),
            None => to.collect_seq(self.places().map(|place| NAMES[place])),
        }
    }
}

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Word(String),
            List(Vec<String>),
        }
        let words = match Written::deserialize(from)? {
            Written::Word(word) => word.split(',').map(|word| word.trim().to_owned()).collect(),
            Written::List(words) => words,
        };
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Self::parse(&words).map_err(|refusal| serde::de::Error::custom(Carried::new(refusal)))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Days {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Days".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let words = SHORT.map(|(word, _)| word);
        schemars::json_schema!({
            "description": "On which days: a short word, or days of the week and `holiday`.",
            "anyOf": [
                {"type": "string", "enum": words},
                {"type": "array", "items": {"type": "string", "enum": NAMES}, "minItems": 1}
            ]
        })
    }
}

/// A day as the lines of a tariff see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) weekday: Weekday,
    pub(super) is_holiday: bool,
}

impl Day {
    /// The days of a year: each of the week, as a holiday and not.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let week = std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ())).take(7);
        week.flat_map(|weekday| [false, true].map(|is_holiday| Self { weekday, is_holiday }))
    }

    /// Whether days hold on it, and with which precedence: on a holiday each time of day has the price of the first
    /// that is there of lines for holidays, for Sunday, for the weekend, for every day, and for the day that it is.
    pub(super) fn precedence(self, days: Days) -> Option<u8> {
        let on = |day: Weekday| days.meets(Days::of(day));
        if !self.is_holiday {
            return on(self.weekday).then_some(0);
        }
        if days == Days::ALL {
            Some(1)
        } else if days.meets(Days::HOLIDAY) {
            Some(4)
        } else if on(Weekday::Sun) {
            Some(if on(Weekday::Sat) { 2 } else { 3 })
        } else {
            on(self.weekday).then_some(0)
        }
    }
}

impl Terms {
    pub(super) fn day(&self, date: NaiveDate) -> Day {
        Day { weekday: date.weekday(), is_holiday: self.holidays.contains(&date) }
    }
}
