//! How much of a panel's power the sun gives at a place and time.

use chrono::{DateTime, Datelike as _, TimeDelta, Timelike as _, Utc};

use super::chance::{self, Purpose};
use crate::MeterId;

/// Clouds pass in about this time.
const CLOUD: TimeDelta = TimeDelta::hours(3);

/// A place on Earth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl Place {
    /// The hour of the day by the mean sun, 0 to 24, and the date with it: a local clock without a
    /// table of time zones.
    pub fn solar_time(self, at: DateTime<Utc>) -> (f64, DateTime<Utc>) {
        #[expect(clippy::cast_possible_truncation, reason = "at most half a day of seconds")]
        let ahead = TimeDelta::seconds((self.longitude * 240.0) as i64);
        let local = at + ahead;
        (f64::from(local.num_seconds_from_midnight()) / 3_600.0, local)
    }

    /// Sine of the sun's elevation, negative below the horizon. Declination and equation of time by
    /// Spencer's series (1971), good to a few tenths of a degree.
    pub fn sine_of_elevation(self, at: DateTime<Utc>) -> f64 {
        let hours = f64::from(at.num_seconds_from_midnight()) / 3_600.0;
        let day = f64::from(at.ordinal0()) + hours / 24.0;
        let year = std::f64::consts::TAU * day / 365.25;
        let declination = 0.006_918 - 0.399_912 * year.cos() + 0.070_257 * year.sin()
            - 0.006_758 * (2.0 * year).cos()
            + 0.000_907 * (2.0 * year).sin()
            - 0.002_697 * (3.0 * year).cos()
            + 0.001_48 * (3.0 * year).sin();
        let equation_of_time = 229.18
            * (0.000_075 + 0.001_868 * year.cos()
                - 0.032_077 * year.sin()
                - 0.014_615 * (2.0 * year).cos()
                - 0.040_849 * (2.0 * year).sin());
        let solar_minutes = hours * 60.0 + equation_of_time + 4.0 * self.longitude;
        let hour_angle = (solar_minutes / 4.0 - 180.0).to_radians();
        let latitude = self.latitude.to_radians();
        latitude.sin() * declination.sin() + latitude.cos() * declination.cos() * hour_angle.cos()
    }

    /// The multiplier of production under a clear sky: 0 at night, 1 with the sun in the zenith.
    pub fn clear_sky(self, at: DateTime<Utc>) -> f64 {
        self.sine_of_elevation(at).clamp(0.0, 1.0)
    }
}

/// The share of the light that comes through, 1 under a clear sky. `clouds` is the share that the
/// thickest clouds take; they are the same over all of a world and pass slowly.
pub fn through_clouds(seed: u64, clouds: f64, at: DateTime<Utc>) -> f64 {
    if clouds <= 0.0 {
        return 1.0;
    }
    let seconds = at.timestamp().rem_euclid(CLOUD.num_seconds());
    let before = at - TimeDelta::seconds(seconds);
    let past = seconds as f64 / CLOUD.num_seconds() as f64;
    let cover = |at| chance::unit(seed, MeterId(0), at, Purpose::Clouds);
    let cover = cover(before) * (1.0 - past) + cover(before + CLOUD) * past;
    1.0 - clouds * cover
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "nought and one are exact")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SAN_FRANCISCO: Place = Place { latitude: 37.7749, longitude: -122.4194 };

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(place: Place, date: &str) -> f64 {
        let start = at(&format!("{date}T08:00:00Z"));
        (0..96).map(|i| place.clear_sky(start + TimeDelta::minutes(15 * i))).sum()
    }

    #[test]
    fn the_sun_stands_where_almanacs_say() {
        // Solar noon in San Francisco, from the NOAA solar calculator: 75.67° and 28.80°.
        let summer = SAN_FRANCISCO.sine_of_elevation(at("2025-06-21T20:11:40Z"));
        assert!((summer.asin().to_degrees() - 75.67).abs() < 0.3, "{summer}");
        let winter = SAN_FRANCISCO.sine_of_elevation(at("2025-12-21T20:07:50Z"));
        assert!((winter.asin().to_degrees() - 28.80).abs() < 0.3, "{winter}");
    }

    #[test]
    fn nights_are_dark_and_summers_bright() {
        assert_eq!(SAN_FRANCISCO.clear_sky(at("2025-06-21T08:00:00Z")), 0.0);
        let zenith = Place { latitude: 23.44, longitude: 0.0 };
        assert!(zenith.clear_sky(at("2025-06-21T12:02:00Z")) > 0.999);
        assert!(day(SAN_FRANCISCO, "2025-06-21") > 2.0 * day(SAN_FRANCISCO, "2025-12-21"));
        let south = Place { latitude: -33.9, longitude: 151.2 };
        assert!(day(south, "2025-12-21") > day(south, "2025-06-21"));
    }

    proptest! {
        #[test]
        fn no_place_and_time_gives_more_than_all_or_less_than_nothing(
            latitude in -90.0..90.0_f64, longitude in -180.0..180.0_f64,
            minutes in 0_i64..50_000_000, clouds in 0.0..=1.0_f64,
        ) {
            let at = DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
            let place = Place { latitude, longitude };
            prop_assert!((0.0..=1.0).contains(&place.clear_sky(at)));
            prop_assert!((0.0..=1.0).contains(&through_clouds(1, clouds, at)));
            prop_assert_eq!(through_clouds(1, 0.0, at), 1.0);
        }
    }
}
