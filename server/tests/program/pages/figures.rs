//! A figure that stands on several pages has one value: what carries the same key says the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{Visitor, html, ten_tasks};

/// The figures with a key that a page shows.
pub(super) fn keyed(text: &str) -> Vec<(String, String)> {
    let figure = |part: &str| {
        let (key, rest) = part.split_once('"')?;
        let (_, rest) = rest.split_once('>')?;
        Some((key.to_owned(), html::words(rest.split_once("</")?.0).trim().to_owned()))
    };
    text.split(" data-figure=\"").skip(1).filter_map(figure).collect()
}

/// A number and its decimal places, whatever currency it is in; none of a dash.
fn number(text: &str) -> Option<(f64, i32)> {
    let plain = text.replace('\u{2212}', "-");
    let plain =
        plain.replace(|letter: char| !letter.is_ascii_digit() && !"-.".contains(letter), "");
    let places = plain.split_once('.').map_or(0, |(_, places)| places.len());
    Some((plain.parse().ok()?, places.try_into().ok()?))
}

/// Whether two texts are of one value; one of them may be rounded more.
fn are_one(one: &str, other: &str) -> bool {
    let numbers = number(one).zip(number(other));
    one == other
        || numbers.is_some_and(|((a, of_a), (b, of_b))| {
            let rounded = 0.5 * (10_f64.powi(-of_a) + 10_f64.powi(-of_b));
            of_a != of_b && (a - b).abs() <= rounded + 1e-9
        })
}

/// Asserts that figures of one key are equal on all pages. Each of `shared` is the name of a figure, and on how many of
/// the pages it is at least.
pub(crate) async fn agree(visitor: &Visitor, paths: &[String], shared: &[(&str, usize)]) {
    let mut by_key: BTreeMap<String, Vec<(&str, String)>> = BTreeMap::new();
    for path in paths {
        let page = visitor.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        for (key, value) in keyed(&page.text) {
            by_key.entry(key).or_default().push((path, value));
        }
    }
    let differ = |said: &&Vec<(&str, String)>| {
        said.iter().any(|(_, one)| said.iter().any(|(_, other)| !are_one(one, other)))
    };
    let wrong: Vec<_> = by_key.values().filter(differ).collect();
    assert!(wrong.is_empty(), "{wrong:#?}\nof {by_key:#?}");
    for (name, least) in shared {
        let of_name = by_key.iter().filter(|(key, _)| key.split(':').next() == Some(*name));
        let pages = |said: &Vec<(&str, String)>| {
            said.iter().map(|(path, _)| *path).collect::<BTreeSet<_>>().len()
        };
        let count = of_name.map(|(_, said)| pages(said)).max().unwrap_or_default();
        assert!(count >= *least, "{name} is on {count} pages: {by_key:#?}");
    }
}

/// The pages that show a period.
pub(crate) fn of_period(period: &str) -> Vec<String> {
    let pages = ["/?", "/losses?", "/carbon?", "/sites?with=default,world&"];
    pages.map(|path| format!("{path}{period}")).into()
}

/// The pages that show a month: the month as a period, the list of reports, and its report.
pub(crate) fn of_month(first: NaiveDate) -> Vec<String> {
    let mut pages = of_period(&format!("period=month&at={first}"));
    pages.extend(["/reports".to_owned(), format!("/reports/{}", first.format("%Y-%m"))]);
    pages
}

/// The first day of the month before this one.
pub(crate) fn last_month() -> NaiveDate {
    let today = Utc::now().date_naive();
    today.with_day(1).unwrap() - Months::new(1)
}

/// A grid meter and two loads below it, of the month that begins on `first`; their ids. The first load is silent from the 11th to the 13th,
/// all are from the 21st on; the second has no readings before the 6th.
pub(super) async fn with_gaps(visitor: &Visitor, grid: &str, first: NaiveDate) -> [i64; 3] {
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
    let begin: DateTime<Utc> = first.and_hms_opt(0, 0, 0).unwrap().and_utc();
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
    // Their last days are computed last.
    let day = first + Days::new(19);
    for (id, kwh) in ids.iter().zip(["92.0", "57.5", "25.3"]) {
        let path = format!("/meters/{id}?period=custom&from={day}&to={day}");
        visitor.shown(&path, kwh).await;
    }
    ids.try_into().unwrap()
}

#[sqlx::test(migrations = false)]
async fn a_plant_with_gaps_has_one_value_of_each_figure_and_its_tasks_take_few_clicks(
    pool: PgPool,
) {
    let visitor = Visitor::start(&pool);
    // Read once: another month may begin meanwhile.
    let first = last_month();
    let ids = with_gaps(&visitor, "Main Grid", first).await;
    let shared = [
        ("loss.kwh", 4),
        ("loss.percent", 4),
        ("loss.saving", 2),
        ("coverage", 5),
        ("energy.in", 3),
        ("carbon.net.kg", 3),
    ];
    agree(&visitor, &of_month(first), &shared).await;
    let week = first + Days::new(9);
    let week = of_period(&format!("period=custom&from={week}&to={}", week + Days::new(6)));
    let shared = [
        ("loss.kwh", 3),
        ("loss.percent", 3),
        ("coverage", 4),
        ("energy.in", 2),
        ("carbon.net.kg", 2),
    ];
    agree(&visitor, &week, &shared).await;
    a_mean_day_is_of_the_days_that_were_read(&visitor, first).await;
    Box::pin(ten_tasks::are_done(&visitor, &pool, ids, first)).await;
}

/// Twenty days of the month were read, the last of them but for an hour.
async fn a_mean_day_is_of_the_days_that_were_read(visitor: &Visitor, first: NaiveDate) {
    let month = format!("period=month&at={first}&compare=previous");
    let overview = visitor.get(&format!("/?{month}")).await.text;
    let rows = html::table(&overview, "Consumption, mean day");
    let mean = rows.iter().find(|row| row[0].contains("mean day")).unwrap();
    assert_eq!(mean[1], "95.8", "{rows:#?}");
    let carbon = html::words(&visitor.get(&format!("/carbon?{month}")).await.text);
    assert!(carbon.contains("48 kg per day on average."), "{carbon}");
}
