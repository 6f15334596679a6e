//! All sites at a glance, and a campus with buildings as the integration guide has it.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::World;

const PATH: &str = "/api/portfolio";

/// Readings of the last 20 minutes at constant power, a minute apart.
async fn run(world: &World, site: &str, number: &str, power: f64) {
    let now = Utc::now().trunc_subsecs(0);
    let reading = |minutes: i32| {
        let at: DateTime<Utc> = now - TimeDelta::minutes(minutes.into());
        let energy = 1000.0 + power * f64::from(20 - minutes) / 60.0;
        json!({"timestamp": at, "activePowerKw": power, "totalEnergyKwh": energy})
    };
    let readings: Vec<Value> = (0..=20).rev().map(reading).collect();
    let path = format!("/api/Energy/meters/{number}/readings?site={site}");
    world.post(&path, &json!(readings)).await.is(201);
}

async fn site(world: &World, slug: &str) {
    let new = json!({"slug": slug, "name": slug.to_uppercase(), "timeZone": "UTC"});
    world.post("/api/sites", &new).await.is(201);
}

/// A meter by protocol, as the guide registers one, below another or none.
async fn add(world: &World, name: &str, kind: &str, parent: Option<&str>) -> String {
    let mut body = json!({"name": name, "location": name.to_lowercase(), "protocol": "mqtt",
        "meterType": kind, "communication": {"topicPower": format!("{name}/power")}});
    if let Some(parent) = parent {
        body["parentMeterNumber"] = parent.into();
    }
    let made = world.post("/api/energy-meters", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()["data"]["meterNumber"].as_str().unwrap().to_owned()
}

fn of<'a>(body: &'a Value, slug: &str) -> &'a Value {
    let sites = body["data"].as_array().unwrap();
    sites.iter().find(|site| site["slug"] == slug).unwrap()
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn all_sites_at_a_glance(pool: PgPool) {
    let world = World::start(&pool).await;
    a_new_site_is_there_at_once_and_has_no_figures(&world).await;
    the_list_comes_as_a_table_too(&world).await;
    world.enter("side-by-side").await;
    a_site_whose_meters_stand_side_by_side_has_no_loss(&world).await;
    world.enter("campus").await;
    a_campus_shows_its_buildings_and_what_is_lost_before_them(&world).await;
    world.end().await;
}

async fn a_new_site_is_there_at_once_and_has_no_figures(world: &World) {
    site(world, "mill").await;
    let found = world.eventually(PATH, |body| body["count"] == 3).await;
    let order: Vec<_> = found["data"].as_array().unwrap().iter().map(|it| &it["slug"]).collect();
    assert_eq!(order, ["default", "mill", "world"]);
    let mill = of(&found, "mill");
    assert_eq!((&mill["meters"], &mill["kind"]), (&json!(0), &json!("live")));
    for figure in ["powerInKw", "lossKw", "verdict", "todayKwh", "coverage", "newestAt"] {
        assert_eq!(mill[figure], Value::Null, "{figure}");
    }
    world.get(&format!("{PATH}?site=mill")).await.refused(422, "unknown_field", Some("site"));
}

async fn a_site_whose_meters_stand_side_by_side_has_no_loss(world: &World) {
    for (name, kind) in [("Main", "grid"), ("A", "building")] {
        let number = add(world, name, kind, None).await;
        run(world, &world.site(), &number, 60.0).await;
    }
    let known = |body: &Value| of(body, &world.site())["powerInKw"].is_number();
    let found = world.eventually(PATH, known).await;
    let standing = of(&found, &world.site());
    assert_eq!((&standing["lossKw"], &standing["verdict"]), (&Value::Null, &Value::Null));
}

async fn a_campus_shows_its_buildings_and_what_is_lost_before_them(world: &World) {
    let main = add(world, "Main Grid Connection", "grid", None).await;
    let a = add(world, "Building A", "building", Some(&main)).await;
    let b = add(world, "Building B", "building", Some(&main)).await;
    let zone = add(world, "Laboratory", "building", Some(&a)).await;
    for (number, power) in [(&main, 100.0), (&a, 60.0), (&b, 30.0), (&zone, 55.0)] {
        run(world, &world.site(), number, power).await;
    }
    let lost = |body: &Value| {
        let campus = of(body, &world.site());
        campus["buildings"][0]["lossKw"].is_number() && campus["lossKw"].is_number()
    };
    let found = world.eventually(PATH, lost).await;
    let campus = of(&found, &world.site());
    let near = |value: &Value, wanted: f64| (value.as_f64().unwrap() - wanted).abs() < 0.01;
    assert!(near(&campus["powerInKw"], 100.0) && near(&campus["lossKw"], 15.0), "{campus}");
    assert_eq!(campus["verdict"], "loss");
    let buildings = campus["buildings"].as_array().unwrap();
    let names: Vec<_> = buildings.iter().map(|building| &building["name"]).collect();
    assert_eq!(names, ["Building A", "Building B"], "a zone inside a building is none of its own");
    assert!(near(&buildings[0]["powerInKw"], 60.0) && near(&buildings[0]["lossKw"], 5.0));
    assert_eq!(buildings[0]["location"], "building a");
    assert_eq!(buildings[1]["lossKw"], Value::Null, "nothing is metered below it");
}

async fn the_list_comes_as_a_table_too(world: &World) {
    let answer = world.get(&format!("{PATH}?format=csv&limit=1")).await;
    assert!(answer.text.starts_with("slug,name,kind,timeZone,meters,"), "{}", answer.text);
    assert_eq!(answer.text.lines().count(), 2);
    assert!(answer.headers.contains_key("x-next-cursor"));
}
