//! A silent meter is never a loss, at any level.

use serde_json::{Value, json};

use super::meter;
use crate::{World, has, in_one_world};

/// Ten hours of the day.
const HOURS: &str = "from=2026-05-01T00:00:00Z&to=2026-05-01T10:00:00Z";

/// A register that rises evenly, read each hour from one to another of the same day.
fn read(from: u32, to: u32, per_hour: f64) -> Vec<(String, f64)> {
    (from..=to).map(|hour| (format!("01T{hour:02}:00"), f64::from(hour) * per_hour)).collect()
}

async fn place(world: &World, number: &str, parent: Option<&str>, registers: &[(String, f64)]) {
    let registers: Vec<(&str, f64)> =
        registers.iter().map(|(time, kwh)| (time.as_str(), *kwh)).collect();
    meter(world, number, parent, &registers).await;
}

async fn losses(world: &World, window: &str) -> Vec<Value> {
    let answer = world.get(&format!("/api/Energy/power-loss?{window}")).await.is(200);
    answer.json()["data"].as_array().unwrap().clone()
}

fn near(value: &Value, expected: f64) {
    let value = value.as_f64().unwrap_or_else(|| panic!("{value} is no number"));
    assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
}

/// In 10 kWh an hour, out 5 and 4.5, the second silent since five o'clock.
async fn plant(world: &World) {
    let price = json!({"currency": "EUR", "pricePerKwh": "2"});
    world.send("PATCH", "/api/sites/default", &price).await;
    place(world, "M", None, &read(0, 10, 10.0)).await;
    place(world, "A", Some("M"), &read(0, 10, 5.0)).await;
    place(world, "B", Some("M"), &read(0, 5, 4.5)).await;
}

in_one_world! { silent_meters_are_no_loss:
    an_incomplete_node_has_no_loss_and_beside_it_that_of_the_time_it_was_complete,
    no_page_and_no_sum_counts_what_a_silent_meter_leaves_open,
    a_site_is_its_boundary_and_a_silent_meter_in_the_middle_cancels,
    a_site_with_a_silent_leaf_is_the_sum_of_its_complete_nodes,
    a_sub_meter_installed_later_is_no_loss_before,
    the_time_a_node_is_complete_goes_on_across_a_move,
}

async fn an_incomplete_node_has_no_loss_and_beside_it_that_of_the_time_it_was_complete(
    world: &World,
) {
    plant(world).await;
    let loss = losses(world, HOURS).await.remove(0);
    assert_eq!(loss["verdict"], "incomplete");
    for figure in ["lossKwh", "lossPercent", "cost", "costError"] {
        assert_eq!(loss[figure], Value::Null, "{figure}");
    }
    let complete = &loss["complete"];
    has!(complete, {"from": "2026-05-01T00:00:00Z", "to": "2026-05-01T05:00:00Z"});
    near(&complete["sourceEnergyKwh"], 50.0);
    near(&complete["lossKwh"], 2.5);
    near(&complete["lossPercent"], 5.0);
    assert_eq!((&complete["cost"], &complete["verdict"]), (&json!("5.00"), &json!("loss")));

    let whole = losses(world, "from=2026-05-01T00:00:00Z&to=2026-05-01T05:00:00Z").await;
    assert_eq!(whole[0]["lossKwh"], complete["lossKwh"]);
    assert_eq!((&whole[0]["complete"], &whole[0]["cost"]), (&Value::Null, &json!("5.00")));

    let tree = world.get(&format!("/api/Energy/meters/hierarchy?{HOURS}")).await.json();
    let main = &tree["data"][0];
    assert_eq!((&main["lossKwh"], &main["lossPercent"]), (&Value::Null, &Value::Null));
    near(&main["complete"]["lossKwh"], 2.5);
}

async fn no_page_and_no_sum_counts_what_a_silent_meter_leaves_open(world: &World) {
    plant(world).await;
    let map = world.get(&format!("/api/Energy/dashboard/map?{HOURS}")).await.json();
    let map = &map["data"];
    assert_eq!(map["gauges"]["powerLossPercent"], Value::Null, "{}", map["gauges"]);
    assert_eq!(map["gauges"]["leftOut"], json!(["M"]));
    assert_eq!(map["hotspots"], json!([]));
    let links = map["links"].as_array().unwrap();
    assert!(links.iter().all(|link| link["kind"] != "loss"), "{links:?}");

    let areas = world.get(&format!("/api/Energy/power-loss/by-area?{HOURS}")).await.json();
    let area = &areas["data"][0];
    has!(area, {"lossKwh": null, "cost": null, "incomplete": 1, "leftOut": ["M"]});

    let csv = world.get(&format!("/api/Energy/power-loss?{HOURS}&format=csv")).await.text;
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let (heads, row) = (lines.next().unwrap(), lines.next().unwrap());
    let cell = |name: &str| row[heads.iter().position(|head| *head == name).unwrap()];
    assert_eq!((cell("lossKwh"), cell("cost"), cell("complete.lossKwh")), ("", "", "2.5"));
}

async fn a_site_is_its_boundary_and_a_silent_meter_in_the_middle_cancels(world: &World) {
    place(world, "G", None, &read(0, 10, 10.0)).await;
    place(world, "M", Some("G"), &read(0, 5, 9.9)).await;
    place(world, "A", Some("M"), &read(0, 10, 9.0)).await;
    let gauges = world.get(&format!("/api/Energy/dashboard/map?{HOURS}")).await.json();
    let gauges = &gauges["data"]["gauges"];
    near(&gauges["powerLossPercent"], 10.0);
    assert_eq!(gauges["leftOut"], json!([]));
    let losses = losses(world, HOURS).await;
    assert!(losses.iter().all(|loss| loss["verdict"] == "incomplete"), "{losses:?}");
}

async fn a_site_with_a_silent_leaf_is_the_sum_of_its_complete_nodes(world: &World) {
    place(world, "G", None, &read(0, 10, 10.0)).await;
    place(world, "A", Some("G"), &read(0, 10, 6.0)).await;
    place(world, "B", Some("G"), &read(0, 10, 3.0)).await;
    place(world, "A1", Some("A"), &read(0, 10, 5.4)).await;
    place(world, "B1", Some("B"), &read(0, 5, 3.0)).await;
    let gauges = world.get(&format!("/api/Energy/dashboard/map?{HOURS}")).await.json();
    let gauges = &gauges["data"]["gauges"];
    // Of 100 kWh 10 are lost at the grid and 6 at A; what is lost at B is not known.
    near(&gauges["powerLossPercent"], 16.0);
    near(&gauges["totalConsumptionKwh"], 100.0);
    assert_eq!(gauges["leftOut"], json!(["B"]));
}

async fn a_sub_meter_installed_later_is_no_loss_before(world: &World) {
    place(world, "M", None, &read(0, 10, 10.0)).await;
    place(world, "A", Some("M"), &read(0, 10, 5.0)).await;
    place(world, "B", Some("M"), &read(6, 10, 4.0)).await;
    let loss = losses(world, HOURS).await.remove(0);
    assert_eq!((&loss["lossKwh"], &loss["verdict"]), (&Value::Null, &json!("incomplete")));
    let complete = &loss["complete"];
    assert_eq!(complete["from"], "2026-05-01T06:00:00Z");
    near(&complete["lossKwh"], 4.0);
}

async fn the_time_a_node_is_complete_goes_on_across_a_move(world: &World) {
    place(world, "M", None, &read(0, 10, 10.0)).await;
    place(world, "N", None, &read(0, 10, 1.0)).await;
    place(world, "N1", Some("N"), &read(0, 10, 1.0)).await;
    place(world, "A", Some("M"), &read(0, 10, 5.0)).await;
    place(world, "B", Some("M"), &read(0, 6, 4.0)).await;
    let moved = json!({"parentMeterNumber": "N", "effectiveFrom": "2026-05-01T03:00:00Z"});
    world.send("PATCH", "/api/Energy/meters/A", &moved).await.is(200);
    let losses = losses(world, HOURS).await;
    let main = losses.iter().find(|loss| loss["parentMeterNumber"] == "M").unwrap();
    assert_eq!(main["lossKwh"], Value::Null);
    let complete = &main["complete"];
    has!(complete, {"from": "2026-05-01T00:00:00Z", "to": "2026-05-01T06:00:00Z"});
    // Three hours with both below, three with one.
    near(&complete["lossKwh"], 3.0 * 1.0 + 3.0 * 6.0);
}
