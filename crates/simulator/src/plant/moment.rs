//! A minute as the plant lives it: its shift, its sun, its weather.

use super::{LATITUDE, LONGITUDE, noise::Noise};

/// India keeps one offset all year.
pub(super) const LOCAL_OFFSET_MINUTES: i64 = 330;
const MINUTES_PER_DAY: i64 = 1440;
const SHIFT_DAY_BEGINS: i64 = 6 * 60;

/// What holds for the whole plant during one minute.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// Minutes since 1970, UTC.
    pub(super) minute: i64,
    /// Minutes since local midnight.
    pub(super) of_day: i64,
    /// Sunday's shifts do not work; a shift day begins at six in the morning.
    pub(super) day_off: bool,
    /// Sine of the sun's elevation; negative at night.
    pub(super) sun: f64,
    /// Share of the clear sky's light that clouds let through.
    pub(super) sky: f64,
    /// Air temperature in degrees Celsius.
    pub(super) outdoor_c: f64,
}

impl Moment {
    pub(super) fn new(minute: i64, noise: Noise) -> Self {
        let local = minute + LOCAL_OFFSET_MINUTES;
        let (day, of_day) = (local.div_euclid(MINUTES_PER_DAY), local.rem_euclid(MINUTES_PER_DAY));
        Self {
            minute,
            of_day,
            // 1 January 1970 was a Thursday.
            day_off: ((local - SHIFT_DAY_BEGINS).div_euclid(MINUTES_PER_DAY) + 4).rem_euclid(7)
                == 0,
            sun: sun_elevation_sine(minute),
            sky: sky(minute, day, noise),
            outdoor_c: outdoor(minute, day, of_day, noise),
        }
    }
}

/// Hazy and clear days, and clouds that pass within some minutes.
fn sky(minute: i64, day: i64, noise: Noise) -> f64 {
    let haze = 0.85 + 0.15 * noise.stream(1).uniform(day);
    let cloudiness = noise.stream(2).uniform(day);
    let cloud = (noise.stream(3).drift(minute, 12) - 1.0 + cloudiness).max(0.0);
    haze * (1.0 - 0.5 * cloud)
}

/// Warmest in May and at three in the afternoon.
fn outdoor(minute: i64, day: i64, of_day: i64, noise: Noise) -> f64 {
    let turn = std::f64::consts::TAU;
    let season = (turn * (day as f64 - 135.0) / 365.25).cos();
    let hour = (turn * (of_day as f64 / MINUTES_PER_DAY as f64 - 0.625)).cos();
    25.5 + 4.0 * season + 5.5 * hour + 1.5 * noise.stream(4).drift(minute, 360)
}

/// Sine of the sun's elevation over the plant, by the approximate solar coordinates of the
/// Astronomical Almanac (within 0.01 degrees from 1950 to 2050).
fn sun_elevation_sine(minute: i64) -> f64 {
    const J2000_MINUTE: f64 = 15_778_800.0;
    const OBLIQUITY: f64 = 23.439;
    let days = (minute as f64 + 0.5 - J2000_MINUTE) / MINUTES_PER_DAY as f64;
    let anomaly = (357.528 + 0.985_600_3 * days).to_radians();
    let longitude =
        (280.460 + 0.985_647_4 * days + 1.915 * anomaly.sin() + 0.020 * (2.0 * anomaly).sin())
            .to_radians();
    let (sin_obliquity, cos_obliquity) = OBLIQUITY.to_radians().sin_cos();
    let declination_sine = sin_obliquity * longitude.sin();
    let right_ascension = (cos_obliquity * longitude.sin()).atan2(longitude.cos());
    let sidereal = (280.460_618 + 360.985_647_366 * days + LONGITUDE).to_radians();
    let hour_angle = sidereal - right_ascension;
    let (sin_latitude, cos_latitude) = LATITUDE.to_radians().sin_cos();
    let declination_cosine = (1.0 - declination_sine * declination_sine).sqrt();
    sin_latitude * declination_sine + cos_latitude * declination_cosine * hour_angle.cos()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    fn sun_at(local: &str) -> f64 {
        let at: DateTime<Utc> = format!("{local}+05:30").parse().unwrap();
        sun_elevation_sine(at.timestamp().div_euclid(60)).asin().to_degrees()
    }

    #[test]
    fn the_sun_stands_where_the_almanac_says() {
        // Pune, 20 November 2026: rise 06:42, set 17:57, both by the upper limb with refraction.
        assert!((sun_at("2026-11-20T06:42:00") + 0.83).abs() < 0.4);
        assert!((sun_at("2026-11-20T17:57:00") + 0.83).abs() < 0.4);
        // At the equinox the noon sun stands 90 degrees less the latitude high.
        assert!((sun_at("2026-03-20T12:42:00") - (90.0 - LATITUDE)).abs() < 0.5);
    }

    #[test]
    fn the_day_off_lasts_from_six_on_sunday_to_six_on_monday_by_the_local_clock() {
        let noise = Noise::new(1);
        let at = |local: &str| {
            let at: DateTime<Utc> = format!("{local}+05:30").parse().unwrap();
            Moment::new(at.timestamp().div_euclid(60), noise).day_off
        };
        assert!(!at("2026-11-22T05:59:00"));
        assert!(at("2026-11-22T06:00:00"));
        assert!(at("2026-11-23T05:59:00"));
        assert!(!at("2026-11-23T06:00:00"));
    }
}
