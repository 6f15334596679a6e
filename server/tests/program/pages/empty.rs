//! The pages of an installation in which nothing is read yet.

use reqwest::Method;
use serde_json::json;
use sqlx::PgPool;

use super::Visitor;

#[sqlx::test(migrations = false)]
async fn a_site_without_meters_says_what_to_do_first_and_follows_its_zone(pool: PgPool) {
    let visitor = Visitor::start(&pool);
    let site =
        json!({"slug": "new", "name": "New", "timeZone": "Pacific/Auckland", "currency": "EUR"});
    visitor.done(Method::POST, "/api/sites", &site).await;
    for path in ["/?site=new", "/meters?site=new"] {
        visitor.shown(path, "No meters yet").await;
    }
    visitor.shown("/", "Add your first meter").await;
    let meter = json!({"name": "Main", "location": "here", "meterType": "grid",
        "protocol": "mqtt", "communication": {"topicPower": "moving/power"}});
    visitor.done(Method::POST, "/api/energy-meters?site=new", &meter).await;
    let day = "/losses?site=new&period=custom&from=2026-03-28&to=2026-03-29";
    visitor.shown(day, "Pacific/Auckland").await;
    visitor.done(Method::PATCH, "/api/sites/new", &json!({"timeZone": "Europe/Berlin"})).await;
    visitor.shown(day, "Europe/Berlin").await;
}
