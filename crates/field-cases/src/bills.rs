//! A month of one meter, and the terms by which it is billed.

use std::iter::successors;

use chrono::{
    DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _,
    Utc, Weekday,
};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};

const QUARTER: TimeDelta = TimeDelta::minutes(15);

/// The energy of a meter in a month, and the prices that held.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Bill {
    /// The clock by which days and times are meant.
    pub zone: Tz,
    /// ISO 4217 code.
    pub currency: String,
    /// Its first day.
    #[serde(deserialize_with = "month")]
    pub month: NaiveDate,
    /// The versions of the tariff by `validFrom`, as they are sent to `/api/tariffs`, without a name.
    pub tariff: Vec<Map<String, Value>>,
    /// Together they are what was metered.
    #[serde(default)]
    pub metered: Vec<Metered>,
    /// Each with a neighbour of its own, who delivers or draws just that.
    #[serde(default)]
    pub trades: Vec<Trade>,
}

/// A load or a delivery that is the same at all times that it holds for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Metered {
    /// The first day; that of the month unless stated.
    pub from: Option<NaiveDate>,
    /// The first day after.
    pub to: Option<NaiveDate>,
    /// Days of the week; all unless stated.
    #[serde(default)]
    pub days: Vec<Weekday>,
    pub from_time: Option<NaiveTime>,
    /// May lie beyond midnight; midnight unless stated.
    pub to_time: Option<NaiveTime>,
    #[serde(default)]
    pub import_kw: f64,
    #[serde(default)]
    pub export_kw: f64,
    /// In all, spread evenly over these times.
    #[serde(default)]
    pub import_kwh: f64,
    #[serde(default)]
    pub export_kwh: f64,
}

/// Energy that a neighbour sold to the meter, or bought of it.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Trade {
    /// kWh.
    #[serde(default)]
    pub bought: f64,
    /// kWh.
    #[serde(default)]
    pub sold: f64,
    /// Per kWh.
    pub price: f64,
}

/// An energy line of a right bill.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its version's place among those of the month.
    #[serde(default)]
    pub version: usize,
    /// Its place in the version's `energy`.
    pub line: usize,
    pub kwh: f64,
    pub amount: String,
}

/// A quarter-hour of the month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quarter {
    pub at: DateTime<Utc>,
    /// Its begin on the site's clock.
    pub local: NaiveDateTime,
    pub import_kwh: f64,
    pub export_kwh: f64,
}

fn month<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let text = String::deserialize(from)?;
    format!("{text}-01").parse().map_err(de::Error::custom)
}

impl Bill {
    /// The quarter-hours of the month with what was metered in each.
    pub fn quarters(&self) -> Vec<Quarter> {
        let begin = self.zone.from_local_datetime(&self.month.and_time(NaiveTime::MIN)).earliest();
        let is_within =
            |at: &DateTime<Tz>| (at.year(), at.month()) == (self.month.year(), self.month.month());
        let quarter = |at: DateTime<Tz>| Quarter {
            at: at.to_utc(),
            local: at.naive_local(),
            import_kwh: 0.0,
            export_kwh: 0.0,
        };
        let times = successors(begin, |at| at.checked_add_signed(QUARTER)).take_while(is_within);
        let mut quarters: Vec<Quarter> = times.map(quarter).collect();
        for metered in &self.metered {
            let mut covered: Vec<_> =
                quarters.iter_mut().filter(|quarter| metered.covers(quarter.local)).collect();
            let count = f64::from(u32::try_from(covered.len()).unwrap_or(u32::MAX));
            for quarter in &mut covered {
                quarter.import_kwh += metered.import_kw / 4.0 + metered.import_kwh / count;
                quarter.export_kwh += metered.export_kw / 4.0 + metered.export_kwh / count;
            }
        }
        quarters
    }

    /// When each version begins to hold, and the first day after it where there is one.
    ///
    /// # Errors
    /// A version without `validFrom`.
    pub fn validity(&self) -> Result<Vec<(NaiveDate, Option<NaiveDate>)>, serde_json::Error> {
        let begins = self.tariff.iter().map(|version| {
            let from = version.get("validFrom").cloned().unwrap_or_default();
            serde_json::from_value::<NaiveDate>(from)
        });
        let begins: Vec<NaiveDate> = begins.collect::<Result<_, _>>()?;
        let ends = begins.iter().copied().skip(1).map(Some).chain([None]);
        Ok(begins.iter().copied().zip(ends).collect())
    }

    /// The first day after the month.
    pub fn end(&self) -> NaiveDate {
        let days = self.month.num_days_in_month();
        self.month + Days::new(days.into())
    }
}

impl Metered {
    fn covers(&self, local: NaiveDateTime) -> bool {
        let (day, time) = (local.date(), local.time());
        let is_after = self.from_time.is_none_or(|from| from <= time);
        let is_before = self.to_time.is_none_or(|to| time < to);
        let is_over_midnight = self.from_time.zip(self.to_time).is_some_and(|(from, to)| to < from);
        let at_time = if is_over_midnight { is_after || is_before } else { is_after && is_before };
        at_time
            && self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day < to)
            && (self.days.is_empty() || self.days.contains(&day.weekday()))
    }
}
