//! A site: a plant, campus or simulated neighbourhood with its own zone and currency.

pub mod clock;
pub mod refusal;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::grid::feasibility::Conductor;
use crate::month::Month;
use crate::stored::{stored, words};
use crate::{SiteId, SiteSlug};

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
}
