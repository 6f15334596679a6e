//! A site: a plant, campus or simulated neighbourhood with its own zone and currency.

pub mod refusal;

use chrono::{
    DateTime, Days, DurationRound, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Timelike, Utc,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::grid::feasibility::Conductor;
use crate::month::Month;
use crate::stored::{stored, words};
use crate::{SiteId, SiteSlug};

/// Clocks differ from UTC, and are put, by multiples of it.
const CLOCKS: TimeDelta = TimeDelta::minutes(15);

words!(
    /// Whether a site's time is the real one.
    SiteKind {
        /// Real meters, real time.
        Live = "live",
        /// A simulated world with its own clock.
        Simulated = "simulated",
    }
);

/// How long each resolution is kept, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Retention {
    /// Raw readings.
    #[cfg_attr(feature = "sqlx", sqlx(try_from = "i32"))]
    pub raw_days: u32,
    /// Hours and quarter-hours; they go by whole months.
    #[cfg_attr(feature = "sqlx", sqlx(try_from = "i32"))]
    pub hourly_days: u32,
    /// Days.
    #[cfg_attr(feature = "sqlx", sqlx(try_from = "i32"))]
    pub daily_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { raw_days: 90, hourly_days: 365, daily_days: 1826 }
    }
}

/// The first days of which a site keeps what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub readings: NaiveDate,
    /// Quarter-hours and hours: the first of a month, since a bill reads those of a month. Always before
    /// readings: the first of these go on from where a quarter-hour before them ended.
    pub quarters: NaiveDate,
    /// Days: never later than quarter-hours.
    pub days: NaiveDate,
}

impl Retention {
    /// What is kept on a day of the site's clock.
    pub fn kept(&self, today: NaiveDate) -> Kept {
        let before =
            |days: u32| today.checked_sub_days(Days::new(days.into())).unwrap_or(NaiveDate::MIN);
        let beyond_readings = self.raw_days.saturating_add(1);
        let quarters = Month::of(before(self.hourly_days.max(beyond_readings))).first();
        Kept {
            readings: before(self.raw_days),
            quarters,
            days: before(self.daily_days).min(quarters),
        }
    }
}

/// How new connections to transformers are judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GridSettings {
    /// Metres beyond which no transformer is considered; any distance without.
    pub distance_limit_m: Option<f64>,
    /// Whether a transformer at which a voltage would leave range B is passed over.
    #[serde(default)]
    pub voltage_binding: bool,
    /// What service drops are made of unless a request says so.
    #[serde(default)]
    pub conductor: Conductor,
}

/// A time zone, as a column has its name.
#[cfg(feature = "sqlx")]
pub struct Zone(chrono_tz::Tz);

#[cfg(feature = "sqlx")]
impl From<Zone> for chrono_tz::Tz {
    fn from(zone: Zone) -> Self {
        zone.0
    }
}

stored!(Zone as &str, |zone| zone.0.name(), |name| name.parse().ok().map(Zone));

/// A site of the registry.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct Site {
    pub id: SiteId,
    /// Its short name in addresses.
    pub slug: String,
    pub name: String,
    /// Real or simulated.
    pub kind: SiteKind,
    /// Its time zone.
    #[cfg_attr(feature = "sqlx", sqlx(rename = "sites.time_zone", try_from = "Zone"))]
    pub zone: chrono_tz::Tz,
    /// ISO 4217 code of its currency.
    pub currency: String,
    /// What a kWh costs, in its currency; none until someone says so.
    pub price_per_kwh: Option<Decimal>,
    /// What the grid connection carries, in kW.
    pub grid_capacity_kw: Option<f64>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// How long readings are kept.
    #[cfg_attr(feature = "sqlx", sqlx(flatten))]
    pub retention: Retention,
    /// How new connections to transformers are judged.
    #[cfg_attr(feature = "sqlx", sqlx(flatten))]
    pub grid: GridSettings,
}

impl From<&Site> for SiteSlug {
    fn from(site: &Site) -> Self {
        Self(site.slug.clone())
    }
}

impl Site {
    /// The site's calendar date at an instant.
    pub fn date_at(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The instant at which a calendar day begins here. Where the clock jumps over midnight, the day
    /// begins at the first instant after the jump.
    pub fn day_start(&self, date: NaiveDate) -> DateTime<Utc> {
        let midnight = date.and_time(NaiveTime::MIN);
        let mut candidate = midnight;
        for _ in 0..=8 {
            if let Some(start) = self.zone.from_local_datetime(&candidate).earliest() {
                return start.with_timezone(&Utc);
            }
            candidate += CLOCKS;
        }
        Utc.from_utc_datetime(&midnight)
    }

    /// The beginning of the hour, on this clock, that contains an instant. Where the clock is put by a part of
    /// an hour, as on Lord Howe, one hour ends early and the next begins.
    pub fn hour_start(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let quarter = at.duration_trunc(CLOCKS).unwrap_or(at);
        (0..4).map(|n| quarter - CLOCKS * n).find(|at| self.begins_hour(*at)).unwrap_or(quarter)
    }

    /// The first instant after the hour, on this clock, that contains an instant.
    pub fn hour_end(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let next = at.duration_trunc(CLOCKS).unwrap_or(at) + CLOCKS;
        (0..4).map(|n| next + CLOCKS * n).find(|at| self.begins_hour(*at)).unwrap_or(next)
    }

    fn begins_hour(&self, quarter: DateTime<Utc>) -> bool {
        quarter.with_timezone(&self.zone).minute() == 0
            || self.part_of_hour(quarter) != self.part_of_hour(quarter - CLOCKS)
    }

    /// By how much of an hour this clock differs from UTC at an instant.
    pub fn part_of_hour(&self, at: DateTime<Utc>) -> TimeDelta {
        let offset = self.zone.offset_from_utc_datetime(&at.naive_utc()).fix();
        TimeDelta::seconds(i64::from(offset.local_minus_utc().rem_euclid(3600)))
    }

    /// The beginning of the site's day that contains an instant.
    pub fn today_start(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.day_start(self.date_at(at))
    }

    /// The beginning of the day before the one that contains an instant.
    pub fn yesterday_start(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let today = self.date_at(at);
        self.day_start(today.checked_sub_days(Days::new(1)).unwrap_or(today))
    }
}

/// The time zones of places, by their IANA names, with UTC before them.
pub fn zones() -> impl Iterator<Item = &'static str> {
    const AREAS: [&str; 10] = [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ];
    let of_place =
        |name: &&str| name.split_once('/').is_some_and(|(area, _)| AREAS.contains(&area));
    let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).filter(of_place);
    std::iter::once("UTC").chain(names)
}

/// Digits after the point of a currency's amounts (ISO 4217).
pub fn minor_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(zone: chrono_tz::Tz) -> Site {
        Site {
            id: SiteId(1),
            slug: "s".into(),
            name: "S".into(),
            kind: SiteKind::Live,
            zone,
            currency: "EUR".into(),
            price_per_kwh: None,
            grid_capacity_kw: None,
            latitude: None,
            longitude: None,
            retention: Retention::default(),
            grid: GridSettings::default(),
        }
    }

    fn day_hours(zone: chrono_tz::Tz, date: &str) -> i64 {
        let site = site(zone);
        let date: NaiveDate = date.parse().unwrap();
        (site.day_start(date.succ_opt().unwrap()) - site.day_start(date)).num_hours()
    }

    #[test]
    fn quarter_hours_go_by_whole_months_and_never_before_readings_or_after_days() {
        let kept = |raw_days, hourly_days, daily_days| {
            let kept =
                Retention { raw_days, hourly_days, daily_days }.kept("2026-06-20".parse().unwrap());
            [kept.readings, kept.quarters, kept.days].map(|day| day.to_string())
        };
        assert_eq!(kept(90, 365, 1826), ["2026-03-22", "2025-06-01", "2021-06-20"]);
        assert_eq!(kept(30, 10, 10), ["2026-05-21", "2026-05-01", "2026-05-01"]);
        // The first reading that is kept goes on from a quarter-hour before it.
        assert_eq!(kept(50, 50, 50), ["2026-05-01", "2026-04-01", "2026-04-01"]);
    }

    #[test]
    fn days_have_23_24_or_25_hours() {
        assert_eq!(day_hours(chrono_tz::Europe::Berlin, "2026-03-29"), 23);
        assert_eq!(day_hours(chrono_tz::Europe::Berlin, "2026-10-25"), 25);
        assert_eq!(day_hours(chrono_tz::Asia::Kolkata, "2026-10-25"), 24);
    }

    #[test]
    fn a_day_whose_midnight_is_skipped_begins_after_the_jump() {
        let beirut = site(chrono_tz::Asia::Beirut);
        let start = beirut.day_start("2024-03-31".parse().unwrap());
        assert_eq!(start.to_rfc3339(), "2024-03-30T22:00:00+00:00");
    }

    #[test]
    fn hours_begin_on_the_sites_clock() {
        let start =
            site(chrono_tz::Asia::Kolkata).hour_start("2026-05-05T12:29:59.5Z".parse().unwrap());
        assert_eq!(start.to_rfc3339(), "2026-05-05T11:30:00+00:00");
    }

    #[test]
    fn midnight_in_india_is_half_past_six_in_the_evening_utc() {
        let start =
            site(chrono_tz::Asia::Kolkata).today_start("2026-05-05T12:00:00Z".parse().unwrap());
        assert_eq!(start.to_rfc3339(), "2026-05-04T18:30:00+00:00");
    }

    #[test]
    fn an_hour_ends_early_where_the_clock_is_put_by_half_of_one() {
        let site = site(chrono_tz::Australia::Lord_Howe);
        let hours = |within: &str| {
            let begin = site.hour_start(within.parse().unwrap());
            let hours = std::iter::successors(Some(begin), |at| Some(site.hour_end(*at))).take(4);
            let hours: Vec<_> = hours.collect();
            for pair in hours.windows(2) {
                assert_eq!(site.hour_start(pair[1] - TimeDelta::seconds(1)), pair[0]);
            }
            hours.iter().map(|at| at.format("%H:%M").to_string()).collect::<Vec<_>>()
        };
        // +10:30 until 15:30 UTC, +11 from then on.
        assert_eq!(hours("2026-10-03T15:10:00Z"), ["14:30", "15:30", "16:00", "17:00"]);
        // +11 until 15:00 UTC, +10:30 from then on.
        assert_eq!(hours("2026-04-04T14:10:00Z"), ["14:00", "15:00", "15:30", "16:30"]);
    }
}
