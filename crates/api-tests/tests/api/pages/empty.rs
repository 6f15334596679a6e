//! The pages of an installation in which nothing is read yet.

use serde_json::json;
use sqlx::PgPool;

use super::Program;

#[sqlx::test(migrations = false)]
async fn a_site_without_meters_says_what_to_do_first_and_follows_its_zone(pool: PgPool) {
    let program = Program::start(&pool, &[]).await;
    let site =
        json!({"slug": "new", "name": "New", "timeZone": "Pacific/Auckland", "currency": "EUR"});
    program.done("POST", "/api/sites", &site).await;
    for path in ["/?site=new", "/meters?site=new"] {
        program.shown(path, "No meters yet").await;
    }
    program.shown("/", "Add your first meter").await;
    let meter = json!({"name": "Main", "location": "here", "meterType": "grid",
        "protocol": "mqtt", "communication": {"topicPower": "moving/power"}});
    program.done("POST", "/api/energy-meters?site=new", &meter).await;
    let day = "/losses?site=new&period=custom&from=2026-03-28&to=2026-03-29";
    program.shown(day, "Pacific/Auckland").await;
    program.done("PATCH", "/api/sites/new", &json!({"timeZone": "Europe/Berlin"})).await;
    program.shown(day, "Europe/Berlin").await;
}
