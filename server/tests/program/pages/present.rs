//! Pages that are drawn once more are of the present.

use chrono::{TimeDelta, Utc};
use reqwest::Method;
use serde_json::json;
use sqlx::PgPool;

use super::Visitor;

#[sqlx::test(migrations = false)]
async fn a_page_that_is_drawn_again_shows_what_was_counted_meanwhile(pool: PgPool) {
    let visitor = Visitor::start(&pool);
    let meter = json!({"name": "Main", "location": "here", "meterType": "grid",
        "protocol": "mqtt", "communication": {"topicPower": "moving/power"}});
    let made = visitor.done(Method::POST, "/api/energy-meters", &meter).await;
    let id = made["id"].as_str().unwrap().trim_start_matches("meter_").to_owned();
    let now = Utc::now();
    let (yesterday, today) = ((now - TimeDelta::days(1)).date_naive(), now.date_naive());
    let page = format!("/carbon?period=custom&from={yesterday}&to={today}");
    let read = async |minutes: i64, kwh: f64| {
        let at = Utc::now() - TimeDelta::minutes(minutes);
        let readings = json!([{"timestamp": at, "totalEnergyKwh": kwh}]);
        visitor.done(Method::POST, &format!("/api/Energy/meters/{id}/readings"), &readings).await;
    };
    for (minutes, kwh) in [(90, 1_000.0), (75, 1_010.0), (60, 1_020.0)] {
        read(minutes, kwh).await;
    }
    visitor.shown(&page, "20.0").await;
    for (minutes, kwh) in [(45, 1_030.0), (30, 1_047.0)] {
        read(minutes, kwh).await;
    }
    visitor.shown(&page, "47.0").await;
}
