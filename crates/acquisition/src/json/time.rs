//! Times as devices state them.

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::devices::reason::answer::BadDocument;
use serde_json::Value;

use super::{excerpt, numeric};
use crate::sample::ChannelSample;

/// Epochs beyond this are milliseconds: as seconds it would be the year 5138.
const SECONDS_END: f64 = 1e11;

/// Notes the time that a value states: RFC 3339, an epoch, or a local time without a zone.
pub(crate) fn note_time(name: &str, value: &Value, sample: &mut ChannelSample) {
    let text = value.as_str().map(str::trim);
    let stated = text.and_then(with_zone).or_else(|| epoch(numeric(value)?));
    match (stated, text.and_then(without_zone)) {
        (Some(at), _) if is_unset(at) => sample.remarks.push(BadDocument::ClockUnset.into()),
        (Some(at), _) => sample.at = Some(at),
        (None, Some(local)) => sample.local = Some(local),
        (None, None) => {
            let (name, said) = (name.to_owned(), excerpt(&value.to_string()));
            sample.remarks.push(BadDocument::NoTime { name, said }.into());
        }
    }
}

fn with_zone(text: &str) -> Option<DateTime<Utc>> {
    let usual = DateTime::parse_from_rfc3339(text);
    let time = usual.or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"));
    time.ok().map(|time| time.to_utc())
}

fn without_zone(text: &str) -> Option<NaiveDateTime> {
    const FORMS: [&str; 6] = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
        "%Y.%m.%d %H:%M:%S",
        "%d.%m.%Y %H:%M:%S",
    ];
    FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
}

/// Clocks that were never set count from their start, or from 1970.
fn is_unset(at: DateTime<Utc>) -> bool {
    const YEAR_2001: i64 = 978_307_200;
    at.timestamp() < YEAR_2001
}

fn epoch(number: f64) -> Option<DateTime<Utc>> {
    let milliseconds = if number.abs() < SECONDS_END { number * 1000.0 } else { number };
    let in_range = milliseconds.abs() < SECONDS_END * 1000.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked to be within range")]
    let whole = in_range.then_some(milliseconds.round() as i64)?;
    DateTime::from_timestamp_millis(whole)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_time_without_a_zone_is_the_sites_where_it_is_of_today() {
        let zone = chrono_tz::Europe::Berlin;
        let now: DateTime<Utc> = "2026-10-25T01:30:00Z".parse().unwrap();
        let at = |text: &str, now| {
            let mut sample = ChannelSample::default();
            note_time("timestamp", &json!(text), &mut sample);
            sample.settle_time(zone, now);
            assert_eq!((sample.problems.len(), sample.remarks.len()), (0, 1), "{text}");
            sample.at.map(|at| at.to_rfc3339())
        };
        let half_past = Some("2026-10-25T00:30:00+00:00".to_owned());
        // The hour comes twice: the one that is nearer is meant.
        assert_eq!(at("2026-10-25T02:30:00", now - TimeDelta::hours(1)), half_past);
        assert_eq!(at("2026-10-25 02:30", now), Some("2026-10-25T01:30:00+00:00".to_owned()));
        assert_eq!(at("2026.10.25 02:30:00", now - TimeDelta::hours(1)), half_past);
        assert_eq!(at("2026-10-20T02:30:00", now), None);
    }
}
