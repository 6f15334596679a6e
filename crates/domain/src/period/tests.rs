use super::*;
use crate::SiteId;
use crate::language::Language;
use crate::sites::{GridSettings, Retention, SiteKind};

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

fn parse(query: &str) -> Result<Period, PeriodError> {
    let find = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    };
    Period::parse(find)
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The window on India's clock at 14:45 of Thursday, 19 November 2026.
fn window(query: &str) -> (String, String) {
    let window = parse(query)
        .unwrap()
        .window(&site(chrono_tz::Asia::Kolkata), at("2026-11-19T09:15:00Z"))
        .unwrap();
    let local = |at: DateTime<Utc>| {
        at.with_timezone(&chrono_tz::Asia::Kolkata).format("%m-%d %H:%M").to_string()
    };
    (local(window.from), local(window.to))
}

fn pair(from: &str, to: &str) -> (String, String) {
    (from.to_owned(), to.to_owned())
}

#[test]
fn the_current_period_ends_now_and_a_past_one_at_its_end() {
    assert_eq!(window(""), pair("11-19 00:00", "11-19 14:45"));
    assert_eq!(window("period=yesterday"), pair("11-18 00:00", "11-19 00:00"));
    assert_eq!(window("period=week"), pair("11-16 00:00", "11-19 14:45"));
    assert_eq!(window("period=month"), pair("11-01 00:00", "11-19 14:45"));
    assert_eq!(window("period=year"), pair("01-01 00:00", "11-19 14:45"));
    assert_eq!(window("period=month&at=2026-10-07"), pair("10-01 00:00", "11-01 00:00"));
    let custom = window("period=custom&from=2026-11-02&to=2026-11-03");
    assert_eq!(custom, pair("11-02 00:00", "11-04 00:00"));
}

#[test]
fn a_day_of_the_clocks_change_has_its_own_length() {
    let berlin = site(chrono_tz::Europe::Berlin);
    let now = at("2026-11-19T09:15:00Z");
    let hours = |query: &str| {
        let window = parse(query).unwrap().window(&berlin, now).unwrap();
        (window.to - window.from).num_hours()
    };
    assert_eq!(hours("period=today&at=2026-10-25"), 25);
    assert_eq!(hours("period=today&at=2026-03-29"), 23);
}

#[test]
fn the_period_before_reaches_to_the_same_time_of_it() {
    let india = site(chrono_tz::Asia::Kolkata);
    let now = at("2026-11-19T09:15:00Z");
    let before = |query: &str| parse(query).unwrap().previous_window(&india, now);
    let today = before("");
    assert_eq!(today.from, at("2026-11-17T18:30:00Z"));
    assert_eq!(today.to, at("2026-11-18T09:15:00Z"));
    let month = before("period=month&at=2026-10-01");
    assert_eq!((month.to - month.from).num_days(), 30, "the whole of September");
}

#[test]
fn the_same_time_is_that_of_the_clock_also_where_it_was_put() {
    // The period, now, and the end of the part of the period before, on Berlin's clock.
    let cases = [
        ("", "2026-03-29T10:00:00Z", "2026-03-28T11:00:00Z"),
        ("", "2026-03-30T10:00:00Z", "2026-03-29T10:00:00Z"),
        ("", "2026-10-25T11:00:00Z", "2026-10-24T10:00:00Z"),
        ("", "2026-10-26T11:00:00Z", "2026-10-25T11:00:00Z"),
        ("period=week", "2026-10-29T11:00:00Z", "2026-10-22T10:00:00Z"),
        ("period=month", "2026-11-19T11:00:00Z", "2026-10-19T10:00:00Z"),
        ("period=year", "2026-07-01T10:00:00Z", "2025-07-01T10:00:00Z"),
        // The month before was over by then.
        ("period=month", "2026-03-29T10:00:00Z", "2026-02-28T23:00:00Z"),
        ("period=month", "2026-03-28T11:00:00Z", "2026-02-28T11:00:00Z"),
    ];
    let berlin = site(chrono_tz::Europe::Berlin);
    for (query, now, wanted) in cases {
        let before = parse(query).unwrap().previous_window(&berlin, at(now));
        assert_eq!(before.to, at(wanted), "{query} at {now}");
    }
}

#[test]
fn a_long_month_compares_with_no_more_than_the_whole_of_a_short_one() {
    let utc = site(chrono_tz::UTC);
    let before = parse("period=month").unwrap().previous_window(&utc, at("2027-03-31T12:00:00Z"));
    assert_eq!(before.to, at("2027-03-01T00:00:00Z"));
}

#[test]
fn steps_go_from_name_to_name_and_end_at_now() {
    let today = date("2026-11-19");
    let step =
        |query: &str, steps: i32| parse(query).unwrap().step(steps, today).map(Period::query);
    assert_eq!(step("", -1).as_deref(), Some("period=yesterday"));
    assert_eq!(step("period=yesterday", -1).as_deref(), Some("period=today&at=2026-11-17"));
    assert_eq!(step("period=today&at=2026-11-17", 1).as_deref(), Some("period=yesterday"));
    assert_eq!(step("period=yesterday", 1).as_deref(), Some(""));
    assert_eq!(step("", 1), None);
    assert_eq!(step("period=week", -1).as_deref(), Some("period=week&at=2026-11-09"));
    assert_eq!(step("period=week&at=2026-11-09", 1).as_deref(), Some("period=week"));
    assert_eq!(step("period=month", 1), None);
    assert_eq!(
        step("period=year&compare=previous", -1).as_deref(),
        Some("period=year&at=2025-01-01&compare=previous")
    );
    let custom = "period=custom&from=2026-11-02&to=2026-11-03";
    assert_eq!(step(custom, -1).as_deref(), Some("period=custom&from=2026-10-31&to=2026-11-01"));
}

#[test]
fn what_cannot_be_meant_is_said() {
    let said = |query: &str| parse(query).unwrap_err().to_string();
    assert!(said("period=fortnight").contains("choose today"));
    assert!(said("period=week&at=19.11.2026").contains("2026-11-19"));
    assert!(said("period=week&at=9999-11-19").contains("no day"));
    assert!(said("period=custom&from=2026-11-19").contains("last day"));
    assert!(said("period=custom&from=2026-11-19&to=2026-11-18").contains("before it begins"));
    assert!(said("period=custom&from=1970-01-01&to=2070-01-01").contains("ten years"));
    assert!(said("compare=next").contains("period before"));
}

#[test]
fn what_is_still_to_come_is_said() {
    let utc = site(chrono_tz::UTC);
    let period = parse("period=month&at=2027-01-01").unwrap();
    let refused = period.window(&utc, at("2026-11-19T09:15:00Z")).unwrap_err();
    assert!(refused.to_string().contains("still to come"));
}

#[test]
fn a_period_has_begun_at_its_first_instant() {
    let india = site(chrono_tz::Asia::Kolkata);
    let midnight = at("2026-11-30T18:30:00Z");
    for query in ["", "period=month"] {
        let period = parse(query).unwrap();
        let (is, was) = (period.window(&india, midnight), period.previous_window(&india, midnight));
        assert_eq!(is, Ok(Window { from: midnight, to: midnight + SHORTEST }), "{query}");
        assert!(was.from < was.to && was.to < midnight, "{query}: {was:?}");
    }
}

#[test]
fn periods_have_names() {
    let today = date("2026-11-19");
    let names = |query: &str| {
        let period = parse(query).unwrap();
        (
            period.label(today, Language::En),
            period.phrase(today, Language::En),
            period.before_label(today, Language::En),
        )
    };
    let three = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(names(""), three("today", "today", "yesterday"));
    assert_eq!(
        names("period=today&at=2026-11-17"),
        three("Tue 17 Nov", "on Tue 17 Nov", "Mon 16 Nov")
    );
    assert_eq!(names("period=week"), three("this week", "this week", "9 to 15 Nov"));
    assert_eq!(names("period=month"), three("this month", "this month", "October"));
    assert_eq!(
        names("period=month&at=2025-12-01"),
        three("December 2025", "in December 2025", "November 2025")
    );
    assert_eq!(names("period=year&at=2025-01-01"), three("2025", "in 2025", "2024"));
    assert_eq!(
        names("period=custom&from=2026-10-30&to=2026-11-02"),
        three("30 Oct to 2 Nov", "from 30 Oct to 2 Nov", "26 to 29 Oct")
    );
}

#[test]
fn a_chart_has_few_enough_steps_to_read() {
    let step = |query: &str| parse(query).unwrap().chart_step(date("2026-11-19"));
    assert_eq!(step(""), Step::Quarter);
    assert_eq!(step("period=week"), Step::Hour);
    assert_eq!(step("period=month"), Step::Day);
    assert_eq!(step("period=year"), Step::Month);
}
