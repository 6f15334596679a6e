use super::*;
use crate::SiteId;
use crate::sites::{GridSettings, Retention, SiteKind};

fn site(zone: &str) -> Site {
    Site {
        id: SiteId(1),
        slug: "s".into(),
        name: "S".into(),
        kind: SiteKind::Live,
        zone: zone.parse().unwrap(),
        currency: "EUR".into(),
        price_per_kwh: None,
        grid_capacity_kw: None,
        latitude: None,
        longitude: None,
        retention: Retention::default(),
        grid: GridSettings::default(),
    }
}

/// A zone, a day, and the hours that it has.
const DAYS: [(&str, &str, f64); 21] = [
    ("Europe/Berlin", "2026-03-29", 23.0),
    ("Europe/Berlin", "2026-10-25", 25.0),
    ("Asia/Kolkata", "2026-10-25", 24.0),
    ("Australia/Lord_Howe", "2026-10-04", 23.5),
    ("Australia/Lord_Howe", "2026-04-05", 24.5),
    ("Pacific/Apia", "2011-12-29", 24.0),
    ("Pacific/Apia", "2011-12-30", 0.0),
    ("Pacific/Apia", "2011-12-31", 24.0),
    ("Pacific/Kwajalein", "1993-08-21", 0.0),
    // Midnight is left out on the day on which summer time begins, or comes twice when it ends.
    ("America/Havana", "2026-03-08", 23.0),
    ("America/Havana", "2026-11-01", 25.0),
    ("Atlantic/Azores", "2026-03-29", 23.0),
    ("Atlantic/Azores", "2026-10-25", 25.0),
    // At midnight the last hour of the day before comes again.
    ("Asia/Beirut", "2024-03-31", 23.0),
    ("Asia/Beirut", "2024-10-26", 25.0),
    ("America/Sao_Paulo", "2018-11-04", 23.0),
    ("America/Sao_Paulo", "2018-02-17", 25.0),
    ("Asia/Pyongyang", "2015-08-14", 24.5),
    ("Asia/Pyongyang", "2018-05-04", 23.5),
    // A minute after midnight it does.
    ("America/St_Johns", "2009-10-31", 24.0),
    ("America/St_Johns", "2009-11-01", 25.0),
];

#[test]
fn hours_add_up_to_the_day_and_days_to_the_month() {
    for (zone, date, hours) in DAYS {
        let (site, date): (_, NaiveDate) = (site(zone), date.parse().unwrap());
        let month = Month::of(date);
        let whole = Window {
            from: site.day_start(month.first()),
            to: site.day_start(month.next().first()),
        };
        let days: Vec<_> = site.days(month.days()).collect();
        let length = |day: Window| (day.to - day.from).as_seconds_f64() / 3600.0;
        let found = days.iter().find(|(of, _)| *of == date).map_or(0.0, |(_, day)| length(*day));
        assert!((found - hours).abs() < 1e-9, "{zone} {date}: {found} h");
        let mut at = whole.from;
        for (date, day) in days {
            assert_eq!((at, site.day_start(date)), (day.from, day.from), "{zone} {date}");
            while at < day.to {
                for step in [Step::Hour, Step::Day, Step::Month] {
                    let (from, to) = (site.step_start(step, at), site.step_end(step, at));
                    let parent = if step == Step::Month { whole } else { day };
                    let inside = parent.from <= from && from <= at && at < to && to <= parent.to;
                    assert!(inside && site.step_start(step, to) == to, "{zone} {at} {from} {to}");
                }
                assert_eq!(site.date_at(at), date, "{zone} {at}");
                at = site.step_end(Step::Quarter, at);
            }
        }
        assert_eq!(at, whole.to, "{zone} {month}");
    }
}

#[test]
fn days_and_hours_begin_on_the_sites_clock() {
    let steps = [
        (Step::Hour, "Asia/Kolkata", "2026-05-05T12:29:59Z", "2026-05-05T11:30:00Z"),
        (Step::Day, "Asia/Kolkata", "2026-05-05T12:00:00Z", "2026-05-04T18:30:00Z"),
        (Step::Month, "Asia/Kolkata", "2026-05-05T12:00:00Z", "2026-04-30T18:30:00Z"),
        (Step::Day, "Asia/Beirut", "2024-03-31T12:00:00Z", "2024-03-30T22:00:00Z"),
        (Step::Day, "America/Havana", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z"),
        // +10:30 until 15:30 UTC, +11 from then on; +11 until 15:00 UTC, +10:30 from then on.
        (Step::Hour, "Australia/Lord_Howe", "2026-10-03T15:29:00Z", "2026-10-03T14:30:00Z"),
        (Step::Hour, "Australia/Lord_Howe", "2026-10-03T15:45:00Z", "2026-10-03T15:30:00Z"),
        (Step::Hour, "Australia/Lord_Howe", "2026-04-04T15:15:00Z", "2026-04-04T15:00:00Z"),
    ];
    for (step, zone, at, start) in steps {
        let found = site(zone).step_start(step, at.parse().unwrap());
        assert_eq!(found, start.parse::<DateTime<Utc>>().unwrap(), "{zone} {at}");
    }
    let apia = site("Pacific/Apia");
    let yesterday = apia.yesterday_start("2011-12-31T00:00:00Z".parse().unwrap());
    assert_eq!(apia.date_at(yesterday).to_string(), "2011-12-29");
}

#[test]
fn another_day_shows_the_same_time() {
    // A zone, an instant, another day, and its instant at the same time.
    let cases = [
        ("Europe/Berlin", "2026-03-30T08:00:00Z", "2026-03-29", "2026-03-29T08:00:00Z"),
        ("Europe/Berlin", "2026-03-29T08:00:00Z", "2026-03-28", "2026-03-28T09:00:00Z"),
        ("Europe/Berlin", "2026-10-25T09:00:00Z", "2026-10-24", "2026-10-24T08:00:00Z"),
        // Comes twice, and not at all.
        ("Europe/Berlin", "2026-10-26T01:30:00Z", "2026-10-25", "2026-10-25T00:30:00Z"),
        ("Europe/Berlin", "2026-03-30T00:37:00Z", "2026-03-29", "2026-03-29T01:00:00Z"),
        // Midnight is left out.
        ("America/Havana", "2026-03-09T04:30:00Z", "2026-03-08", "2026-03-08T05:00:00Z"),
        // There is no such day.
        ("Pacific/Apia", "2011-12-31T02:00:00Z", "2011-12-30", "2011-12-30T10:00:00Z"),
    ];
    for (zone, at, date, wanted) in cases {
        let (at, wanted): (DateTime<Utc>, DateTime<Utc>) =
            (at.parse().unwrap(), wanted.parse().unwrap());
        let found = site(zone).same_time_on(date.parse().unwrap(), at);
        assert_eq!(found, wanted, "{zone}: {at} on {date}");
    }
}

#[test]
fn the_hour_that_comes_again_is_told_from_the_first() {
    let berlin = site("Europe/Berlin");
    let cases = [
        ("2026-10-24T23:45:00Z", false),
        ("2026-10-25T00:00:00Z", false),
        ("2026-10-25T01:00:00Z", true),
        ("2026-10-25T01:45:00Z", true),
        ("2026-10-25T02:00:00Z", false),
        ("2026-03-29T01:00:00Z", false),
    ];
    for (at, wanted) in cases {
        assert_eq!(berlin.is_repeated(at.parse().unwrap()), wanted, "{at}");
    }
}
