//! The ten tasks of a facility manager, each within its clicks, in a browser that runs no script: one of them, a wrong
//! register of a new meter, is a journey of its own.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::browser::{Browser, link};
use super::{Visitor, html};

/// She begins on the overview, or on the page of the meter that she is about to correct or delete. The plant was read
/// in the month that begins on `first`.
pub(super) async fn are_done(
    visitor: &Visitor,
    pool: &PgPool,
    [grid, _, unit_b]: [i64; 3],
    first: NaiveDate,
) {
    she_sees_which_meter_loses_and_why(visitor, first).await;
    she_finds_a_gap_and_understands_it(visitor, first).await;
    she_takes_a_month_to_excel(visitor, first).await;
    she_corrects_a_reading_and_undoes_it(visitor, unit_b, first).await;
    a_day_whose_readings_are_gone_is_not_corrected(visitor, pool, unit_b, first).await;
    a_period_without_readings_says_so(visitor).await;
    read_until_now(visitor, first).await;
    she_sees_what_is_wrong_and_what_it_costs(visitor).await;
    she_compares_this_week_with_the_last(visitor).await;
    she_sees_diesel_in_money(visitor).await;
    she_is_warned_of_a_loss(visitor, grid).await;
    she_leaves_a_test_meter_out_and_deletes_it(visitor).await;
}

fn month(first: NaiveDate) -> String {
    first.format("%B %Y").to_string()
}

async fn she_sees_which_meter_loses_and_why(visitor: &Visitor, first: NaiveDate) {
    // The first days on which all meters were read.
    let (from, to) = (first + Days::new(5), first + Days::new(8));
    let period = format!("period=custom&from={from}&to={to}");
    let looked_for = "Looked for and not found: a wrong direction";
    // Causes are looked for a moment after the day is computed.
    let losses = format!("/losses?{period}");
    visitor.shown(&losses, looked_for).await;
    let mut browser = Browser::open(visitor, "en", &format!("/?{period}")).await;
    browser.follow("Main Grid").await;
    browser.is_at("/losses?node=");
    assert!(browser.page.contains("cause-finding"), "{} finds nothing", browser.path);
    browser.says(&["at least, the first day with a balance.", "It arises at all hours"]);
    browser.says(&[looked_for, "So it is probably real"]);
    // 38.4 kWh at 0.31 EUR and 0.5 kg.
    browser.says(&["The real loss comes to €11.90 and 19"]);
    browser.took_at_most(1);
}

async fn she_finds_a_gap_and_understands_it(visitor: &Visitor, first: NaiveDate) {
    let mut browser = Browser::open(visitor, "en", "/").await;
    browser.follow("Reports").await;
    browser.follow(&month(first)).await;
    browser.says(&["meters have gaps, estimates, corrections or doubts"]);
    let rows = html::table(browser.content(), "Register events");
    let gap = rows.iter().find(|row| row.first().is_some_and(|name| name == "Unit A")).unwrap();
    assert!(html::number(&gap[2]) >= 72.0, "{gap:?}");
    browser.took_at_most(2);
}

async fn she_takes_a_month_to_excel(visitor: &Visitor, first: NaiveDate) {
    let mut browser = Browser::open(visitor, "en", "/").await;
    browser.follow("Reports").await;
    browser.follow(&format!("Whole month as Excel workbook, {}", month(first))).await;
    browser.is_at(".xlsx");
    assert!(browser.page.starts_with("PK"), "{} is no workbook", browser.path);
    browser.took_at_most(2);
}

/// The first reading of a day is given another value: its day, the balance and the bill change.
async fn she_corrects_a_reading_and_undoes_it(visitor: &Visitor, meter: i64, first: NaiveDate) {
    let page = format!("/meters/{meter}?period=month&at={first}");
    let mut browser = Browser::open(visitor, "en", &page).await;
    browser.follow("Corrections").await;
    let at = format!("{}T00:00:00", first + Days::new(5));
    browser.ask(&[("time", at.as_str())]).await;
    let (_, field) = browser.content().split_once(" name=\"field\"").unwrap();
    let chosen = field.split("<option").find(|option| option.contains(" selected"));
    assert!(chosen.is_some_and(|option| option.contains("totalEnergyKwh")), "{chosen:?}");
    let present = "now 1,132.000 kWh";
    browser.says(&[present]);
    browser.ask(&[("value", "1133")]).await;
    browser.says(&["1,132.000 → 1,133.000 kWh", "nothing is saved yet"]);
    for (row, before, after) in
        [("26.4", "26.4", "25.4"), ("Loss of Main Grid", "9.6", "10.6"), ("Bill of", "€", "€")]
    {
        let row = browser.row(row).map(|row| html::words(&format!("<tr{row}")));
        let is_shown = row.as_ref().is_some_and(|it| it.contains(before) && it.contains(after));
        assert!(is_shown, "{row:?} is not {before} and then {after}");
    }
    browser.send("correct", &[("reason", "misread")]).await;
    browser.took_at_most(4);
    browser.says(&["The correction is entered"]);
    assert!(browser.row("misread").is_some_and(|row| row.contains("1,133.000")), "no such row");
    browser.send("undo-correction", &[]).await;
    browser.says(&["It no longer counts"]);
    assert!(browser.row("misread").is_some_and(|row| row.contains("undone")), "it still counts");
    browser.ask(&[("time", at.as_str())]).await;
    browser.says(&[present]);
}

async fn a_day_whose_readings_are_gone_is_not_corrected(
    visitor: &Visitor,
    pool: &PgPool,
    meter: i64,
    first: NaiveDate,
) {
    let at: DateTime<Utc> = (first + Days::new(7)).and_hms_opt(0, 0, 0).unwrap().and_utc();
    let freeze = "UPDATE energy_intervals SET frozen = true \
                  WHERE meter_id = $1 AND bucket_start = $2";
    let frozen = sqlx::query(freeze).bind(meter).bind(at).execute(pool).await.unwrap();
    assert_eq!(frozen.rows_affected(), 1);
    let page = format!("/meters/{meter}/corrections?period=month&at={first}");
    let mut browser = Browser::open(visitor, "en", &page).await;
    let at = at.format("%Y-%m-%dT%H:%M:%S").to_string();
    browser.ask(&[("time", at.as_str()), ("value", "1185")]).await;
    browser.says(&["This reading cannot be corrected", "are no longer kept"]);
    assert!(!browser.has("Save the correction"), "it can be saved");
}

async fn a_period_without_readings_says_so(visitor: &Visitor) {
    let period = "period=custom&from=2020-01-01&to=2020-01-02";
    let browser = Browser::open(visitor, "en", &format!("/?{period}")).await;
    browser.says(&["No energy is known in this period."]);
    let browser = Browser::open(visitor, "en", &format!("/losses?{period}")).await;
    browser.says(&["No balance", "is not known"]);
}

/// A generator is added, and all meters are read each minute of the last hour: of 60 kW that come in 4 are lost.
async fn read_until_now(visitor: &Visitor, first: NaiveDate) {
    let generator = json!({"meterNumber": "DG-1", "meterName": "Generator", "meterType": "DG",
        "accuracyClass": 0.2, "registerStepKwh": 0.01, "parentMeterNumber": "GRID",
        "feedsParent": true});
    visitor.done(Method::POST, "/api/Energy/meters", &generator).await;
    let price = json!({"kind": "diesel_price", "value": 1.5, "unit": "per L",
        "source": "invoice", "validFrom": "2020-01-01"});
    visitor.done(Method::POST, "/api/emission-factors", &price).await;
    let first: DateTime<Utc> = first.and_hms_opt(0, 0, 0).unwrap().and_utc();
    let begin = Utc::now() - TimeDelta::hours(1);
    let passed = (begin - first).as_seconds_f64() / 3600.0;
    for (number, per_hour, kw) in
        [("GRID", 4.0, 40.0), ("UNIT-A", 2.5, 45.0), ("UNIT-B", 1.1, 11.0), ("DG-1", 0.0, 20.0)]
    {
        let reading = |minute: i32| {
            let kwh = 1000.0 + passed * per_hour + f64::from(minute) * kw / 60.0;
            json!({"timestamp": begin + TimeDelta::minutes(i64::from(minute)),
                "totalEnergyKwh": (kwh * 100.0).round() / 100.0, "activePowerKw": kw})
        };
        let rows: Vec<Value> = (0..=60).map(reading).collect();
        let path = format!("/api/Energy/meters/{number}/readings");
        visitor.done(Method::POST, &path, &json!(rows)).await;
    }
    visitor.shown("/", "per hour at").await;
}

async fn she_sees_what_is_wrong_and_what_it_costs(visitor: &Visitor) {
    let browser = Browser::open(visitor, "en", "/").await;
    let headline = html::element(browser.content(), "h1").unwrap();
    assert!(headline.starts_with("Losing ") && headline.ends_with("Main Grid"), "{headline}");
    browser.says(&["per hour at €0.31 per kWh."]);
    browser.took_at_most(0);
}

async fn she_compares_this_week_with_the_last(visitor: &Visitor) {
    let mut browser = Browser::open(visitor, "en", "/").await;
    browser.follow("Compare this week with last week").await;
    browser.is_at("period=week");
    browser.is_at("compare=previous");
    browser.says(&["This week: "]);
    browser.took_at_most(2);
}

async fn she_sees_diesel_in_money(visitor: &Visitor) {
    // 0.28 L for each kWh.
    let cost = "€0.42 per kWh";
    visitor.shown("/carbon", cost).await;
    let mut browser = Browser::open(visitor, "en", "/").await;
    browser.follow("Carbon").await;
    browser.says(&[cost]);
    browser.took_at_most(1);
}

async fn she_is_warned_of_a_loss(visitor: &Visitor, grid: i64) {
    let unwatched = "no rule warns of a loss of that size";
    let mut browser = Browser::open(visitor, "en", "/").await;
    browser.says(&[unwatched]);
    browser.follow("Losses").await;
    browser.follow("Alert me").await;
    browser.send("alarm-add", &[("raise", "10")]).await;
    browser.took_at_most(3);
    browser.is_at("/alarms");
    let rule = browser.row("Loss above 10 kW").map(|row| html::words(&format!("<tr{row}")));
    assert!(rule.as_ref().is_some_and(|rule| rule.contains("GRID, Main Grid")), "{rule:?}");
    // It would not warn of the loss of now.
    Browser::open(visitor, "en", "/").await.says(&[unwatched]);

    let history = format!("/history?series={grid}.power");
    for (page, watch) in [
        ("/", "watch=demand"),
        ("/?period=week", "watch=demand"),
        ("/carbon", "watch=demand"),
        (history.as_str(), "watch=ActivePower"),
    ] {
        let browser = Browser::open(visitor, "en", page).await;
        let mut links = browser.content().split("<a class=\"alert-link\"").skip(1);
        let leads = |tag: &str| tag.split('>').next().unwrap_or_default().contains(watch);
        assert!(links.any(leads), "{page} leads to no rule with {watch}");
    }
}

async fn she_leaves_a_test_meter_out_and_deletes_it(visitor: &Visitor) {
    let name = "Test meter";
    let meter = json!({"meterNumber": "TEST", "meterName": name, "meterType": "Unit",
        "ratedPowerKw": 12, "parentMeterNumber": "UNIT-B"});
    let made = visitor.done(Method::POST, "/api/Energy/meters", &meter).await;
    let page = format!("/meters/{}", made["id"]);
    visitor.shown(&page, name).await;
    visitor.shown("/", "has never been read").await;
    let browser = Browser::open(visitor, "en", "/").await;
    browser.says(&[name, "at most 12.0 kW, its rated power", "The loss at Unit B is not known"]);
    let leave_out = link(browser.content(), "Check or remove it");
    assert_eq!(leave_out, Some(format!("/settings/meters?meter={}", made["id"])));

    let mut browser = Browser::open(visitor, "en", &page).await;
    browser.follow("Delete this meter").await;
    browser.send("delete-meter", &[("name", name)]).await;
    browser.took_at_most(2);
    browser.says(&["Test meter is deleted."]);
}
