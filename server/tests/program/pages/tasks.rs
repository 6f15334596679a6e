//! Tasks that somebody does from page to page, in a browser that runs no script.

use chrono::{TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::browser::Browser;
use super::{Visitor, html, new_meter};

#[sqlx::test(migrations = false)]
async fn tasks_are_done_without_a_script(pool: PgPool) {
    let visitor = Visitor::start(&pool);
    a_report_is_mailed_each_month_for_a_while(&visitor).await;
    an_exchange_of_a_register_is_entered_and_undone(&visitor).await;
    each_setting_has_a_page_and_is_previewed(&visitor).await;
    a_tariff_is_previewed_added_and_removed(&visitor).await;
    a_site_is_added_and_its_buildings_stand_below_it(&visitor).await;
    a_meter_is_deleted_by_its_name(&visitor).await;
    new_meter::a_modbus_meter_with_a_wrong_register_is_added_and_mended(&visitor).await;
    new_meter::the_settings_of_a_meter_need_no_json(&visitor).await;
}

async fn a_report_is_mailed_each_month_for_a_while(visitor: &Visitor) {
    let address = "boss@plant.example";
    let mut browser = Browser::open(visitor, "en", "/reports").await;
    browser.send("report-add", &[("addresses", "nobody")]).await;
    browser.says(&["is no mailbox"]);
    assert!(browser.page.contains("value=\"nobody\""), "what was typed stays");
    let typed = [("addresses", address), ("day", "3"), ("language", "de")];
    browser.send("report-add", &typed).await;
    browser.says(&["The report is sent from now on.", "on day 3 at 06:00, Deutsch"]);
    browser.send("report-change", &[("hour", "8")]).await;
    browser.says(&["The schedule is changed.", "on day 3 at 08:00"]);

    // Somebody else changes it meanwhile.
    let all = visitor.get("/api/report-schedules").await.text;
    let all: Value = serde_json::from_str(&all).unwrap();
    let path = format!("/api/report-schedules/{}", all["data"][0]["id"]);
    visitor.done(Method::PATCH, &path, &json!({"hour": 10})).await;
    browser.send("report-change", &[("hour", "9")]).await;
    browser.says(&["hour is 10 now, and you give 9"]);

    browser.send_in_row(address, "report-send").await;
    browser.says(&["1 mail is still to be delivered"]);
    // There is no mail server.
    visitor.shown("/reports", "--smtp-url").await;
    browser.send_in_row(address, "report-switch").await;
    browser.says(&["Switch on"]);
    browser.send("report-remove", &[]).await;
    assert!(!browser.has(address), "{} still has it", browser.path);
}

async fn an_exchange_of_a_register_is_entered_and_undone(visitor: &Visitor) {
    let meter = json!({"meterNumber": "GATE", "meterName": "Gate House", "meterType": "Machine"});
    let made = visitor.done(Method::POST, "/api/Energy/meters", &meter).await;
    let now = Utc::now();
    let reading = |hour: i32| {
        json!({"timestamp": now - TimeDelta::hours(30) + TimeDelta::hours(1) * hour,
            "totalEnergyKwh": 1_000 + hour})
    };
    let readings: Value = (0..30).map(reading).collect();
    visitor.done(Method::POST, "/api/Energy/meters/GATE/readings", &readings).await;
    let page = format!("/meters/{}/corrections", made["id"]);
    visitor.shown(&page, "Gate House").await;

    let mut browser = Browser::open(visitor, "en", &page).await;
    let at = (now - TimeDelta::hours(5)).format("%Y-%m-%dT%H:%M:%S").to_string();
    let typed = [("at", at.as_str()), ("old", "a thousand"), ("new", "0"), ("reason", "broken")];
    browser.send("exchange", &typed).await;
    browser.says(&["is no number"]);
    // Everything else stays as it was typed.
    browser.send("exchange", &[("old", "2000")]).await;
    browser.says(&["The exchange is entered"]);
    let row = html::words(&format!("<tr{}", browser.row("broken").unwrap()));
    assert!(row.contains("2,000.0"), "{row}");
    browser.send_in_row("broken", "undo-exchange").await;
    let row = html::words(&format!("<tr{}", browser.row("broken").unwrap()));
    assert!(row.contains("undone"), "{row}");
}

async fn each_setting_has_a_page_and_is_previewed(visitor: &Visitor) {
    let mut browser = Browser::open(visitor, "en", "/settings").await;
    for name in ["Site", "Tariffs", "Factors", "Retention", "Areas", "Meters", "Configuration"] {
        browser.follow(name).await;
        let headline = html::element(browser.content(), "h1").unwrap_or_default();
        assert!(headline.contains(name), "{}: {headline}", browser.path);
    }
    browser.go("/settings/site").await;
    browser.ask(&[("zone", "Asia/Tokyo")]).await;
    browser.says(&["summed up again"]);
    let site: Value = serde_json::from_str(&visitor.get("/api/sites/default").await.text).unwrap();
    assert_eq!(site["data"]["timeZone"], "UTC", "a preview changes nothing");
    browser.follow("Discard").await;
    assert!(!browser.has("summed up again"), "{} is discarded", browser.path);
    browser.ask(&[("zone", "Mars/Olympus")]).await;
    browser.says(&["give an IANA name"]);
}

async fn a_tariff_is_previewed_added_and_removed(visitor: &Visitor) {
    let name = "Day and night";
    let mut browser = Browser::open(visitor, "en", "/settings/tariffs").await;
    browser.ask(&[("name", name), ("validFrom", "2031-01-01"), ("price0", "9.75")]).await;
    browser.says(&["Day and night from 1 Jan 2031 on", "Nothing is stored yet"]);
    assert!(browser.row(name).is_none(), "a preview stores nothing");
    browser.send("settings-tariff", &[]).await;
    assert!(browser.row(name).is_some_and(|row| row.contains("9.75")), "{}", browser.path);
    browser.send_in_row(name, "settings-no-tariff").await;
    assert!(browser.row(name).is_none(), "{} still has it", browser.path);
}

async fn a_site_is_added_and_its_buildings_stand_below_it(visitor: &Visitor) {
    let mut browser = Browser::open(visitor, "en", "/sites").await;
    browser.follow("Add a site").await;
    browser.send("site-add", &[("name", "North Campus"), ("timeZone", "Mars/Olympus")]).await;
    browser.says(&["no time zone"]);
    browser.send("site-add", &[("timeZone", "Europe/Berlin")]).await;
    browser.follow("North Campus is added").await;
    assert_eq!(browser.path, "/start?site=north-campus");

    let mut above = Value::Null;
    for (name, kind) in [("Main", "grid"), ("Building A", "building"), ("Building B", "building")] {
        let mut meter = json!({"name": name, "location": name, "meterType": kind,
            "protocol": "mqtt", "communication": {"topicPower": "campus/power"}});
        if !above.is_null() {
            meter["parentMeterNumber"] = above.clone();
        }
        let made = visitor.done(Method::POST, "/api/energy-meters?site=north-campus", &meter).await;
        if above.is_null() {
            above = made["meterNumber"].clone();
        }
    }
    visitor.shown("/sites", "3 meters, 2 buildings").await;
    browser.go("/sites").await;
    assert!(browser.row("Building A").is_some_and(|row| row.contains("never")), "it is not read");
    browser.follow("Building A").await;
    assert_eq!(html::element(browser.content(), "h1").unwrap(), "Building A");
}

async fn a_meter_is_deleted_by_its_name(visitor: &Visitor) {
    let name = "Second spare";
    let meter = json!({"meterNumber": "SPARE", "meterName": name, "meterType": "Machine"});
    let made = visitor.done(Method::POST, "/api/Energy/meters", &meter).await;
    let page = format!("/meters/{}", made["id"]);
    visitor.shown(&page, name).await;
    let mut browser = Browser::open(visitor, "en", &page).await;
    browser.follow("Delete this meter").await;
    assert_eq!(html::element(browser.content(), "h1").unwrap(), "Delete Second spare");
    browser.send("delete-meter", &[("name", "First spare")]).await;
    browser.says(&["type Second spare to delete the meter"]);
    assert!(browser.page.contains("value=\"First spare\""), "what was typed stays");
    browser.send("delete-meter", &[("name", name)]).await;
    assert_eq!(browser.path, "/meters");
    browser.says(&["Second spare is deleted."]);
    assert_eq!(visitor.get(&page).await.status, 404);
}
