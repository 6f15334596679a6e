//! A figure that stands on several pages has one value: what carries the same key says the same.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Visitor, html};

/// The figures with a key that a page shows.
pub(super) fn keyed(text: &str) -> Vec<(String, String)> {
    let figure = |part: &str| {
        let (key, rest) = part.split_once('"')?;
        let (_, rest) = rest.split_once('>')?;
        Some((key.to_owned(), html::words(rest.split_once("</")?.0).trim().to_owned()))
    };
    text.split(" data-figure=\"").skip(1).filter_map(figure).collect()
}

/// Asserts that figures of one key are equal on all pages, and that at least `shared` keys are on more than one.
pub(crate) async fn agree(visitor: &Visitor, paths: &[String], shared: usize) {
    let mut by_key: BTreeMap<String, Vec<(&str, String)>> = BTreeMap::new();
    for path in paths {
        let page = visitor.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        for (key, value) in keyed(&page.text) {
            by_key.entry(key).or_default().push((path, value));
        }
    }
    let differ = |said: &&Vec<(&str, String)>| said.iter().any(|(_, value)| *value != said[0].1);
    let wrong: Vec<_> = by_key.values().filter(differ).collect();
    assert!(wrong.is_empty(), "{wrong:#?}\nof {by_key:#?}");
    let is_shared = |said: &&Vec<(&str, String)>| said.iter().any(|(path, _)| *path != said[0].0);
    let count = by_key.values().filter(is_shared).count();
    assert!(count >= shared, "{count} figures stand on several pages: {by_key:#?}");
}

/// The pages that show a month: its report, the list, and the month as a period.
fn of_month(first: NaiveDate) -> Vec<String> {
    let period = format!("period=month&at={first}");
    let pages = ["/", "/losses", "/carbon", "/sites"].map(|path| format!("{path}?{period}"));
    let reports = ["/reports".to_owned(), format!("/reports/{}", first.format("%Y-%m"))];
    pages.into_iter().chain(reports).collect()
}

/// The first day of the month before this one.
pub(super) fn last_month() -> NaiveDate {
    let today = Utc::now().date_naive();
    today.with_day(1).unwrap() - Months::new(1)
}

/// A grid meter, whose id is answered, and two loads below it, of last month. The first load is silent from the 11th to the 13th, all are
/// from the 21st on; the second has no readings before the 6th.
pub(super) async fn with_gaps(visitor: &Visitor, grid: &str) -> i64 {
    let mut ids = Vec::new();
    let tariff = json!({"name": "Flat", "validFrom": "2020-01-01", "isDefault": true,
        "energy": [{"direction": "import", "price": "0.31"}]});
    visitor.done(Method::POST, "/api/tariffs", &tariff).await;
    for (number, name, kind, parent) in [
        ("GRID", grid, "Grid", None),
        ("UNIT-A", "Unit A", "Unit", Some("GRID")),
        ("UNIT-B", "Unit B", "Unit", Some("GRID")),
    ] {
        let mut meter = json!({"meterNumber": number, "meterName": name, "meterType": kind,
            "accuracyClass": 0.2, "registerStepKwh": 0.01});
        if let Some(parent) = parent {
            meter["parentMeterNumber"] = parent.into();
        }
        let made = visitor.done(Method::POST, "/api/Energy/meters", &meter).await;
        ids.push(made["id"].as_i64().unwrap());
    }
    let begin: DateTime<Utc> = last_month().and_hms_opt(0, 0, 0).unwrap().and_utc();
    for (number, per_hour, silent) in
        [("GRID", 4.0, 0..0), ("UNIT-A", 2.5, 240..312), ("UNIT-B", 1.1, 0..120)]
    {
        let reading = |hour: i32| {
            json!({"timestamp": begin + TimeDelta::hours(i64::from(hour)),
                "totalEnergyKwh": 1000.0 + f64::from(hour) * per_hour})
        };
        let rows: Vec<Value> =
            (0..480).filter(|hour| !silent.contains(hour)).map(reading).collect();
        let path = format!("/api/Energy/meters/{number}/readings");
        visitor.done(Method::POST, &path, &json!(rows)).await;
    }
    let day = last_month() + Days::new(1);
    let path = format!("/meters/{}?period=custom&from={day}&to={day}", ids[0]);
    visitor.shown(&path, "96.0").await;
    ids[0]
}

#[sqlx::test(migrations = false)]
async fn a_plant_with_gaps_has_one_value_of_each_figure(pool: PgPool) {
    let visitor = Visitor::start(&pool);
    with_gaps(&visitor, "Grid").await;
    agree(&visitor, &of_month(last_month()), 4).await;
    let week = last_month() + Days::new(9);
    let week = format!("period=custom&from={week}&to={}", week + Days::new(6));
    let pages = ["/", "/losses", "/carbon"].map(|path| format!("{path}?{week}"));
    agree(&visitor, &pages, 1).await;
}
