//! What a loss costs.

use serde_json::{Value, json};

use super::{computed, loss, meter};
use crate::{World, has, in_one_world};

const DAY: &str = "from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z";

/// A register that rises by so much each quarter-hour of the day, not read within some hours.
async fn register(
    world: &World,
    number: &str,
    parent: Option<&str>,
    per_quarter: f64,
    silent: std::ops::Range<u32>,
) {
    let quarters = (0..=96_u32).filter(|quarter| !silent.contains(quarter));
    let readings: Vec<(String, f64)> = quarters
        .map(|quarter| {
            let (day, minute) = (1 + quarter / 96, quarter % 96 * 15);
            let time = format!("{day:02}T{:02}:{:02}", minute / 60, minute % 60);
            (time, f64::from(quarter) * per_quarter)
        })
        .collect();
    let readings: Vec<_> = readings.iter().map(|(time, kwh)| (time.as_str(), *kwh)).collect();
    meter(world, number, parent, &readings).await;
}

async fn tariff(world: &World, name: &str, energy: Value) -> Value {
    let body = json!({"name": name, "validFrom": "2026-01-01", "energy": energy});
    let answer = world.post("/api/tariffs", &body).await.is(201);
    answer.json()["data"]["id"].clone()
}

/// 5 a kWh, and 12 in some hours.
async fn dear(world: &World, from: &str, to: &str) {
    let energy = json!([{"direction": "import", "price": "5"},
        {"direction": "import", "price": "12", "fromTime": from, "toTime": to}]);
    tariff(world, "Grid", energy).await;
}

/// The cost of the day as it is stored, once it is computed.
async fn stored(world: &World, node: &Value) -> Option<String> {
    for _ in 0..800 {
        let cost: Option<Option<String>> = sqlx::query_scalar(
            "SELECT trim_scale(cost)::text FROM power_loss_analysis WHERE meter_id = $1 \
                 AND resolution = '1d' AND verdict <> 'incomplete' AND coverage > 0.9 \
                 AND NOT EXISTS (SELECT FROM loss_queue) AND NOT EXISTS (SELECT FROM rollup_queue) \
                 AND NOT EXISTS (SELECT FROM rollup_claims)",
        )
        .bind(node["parentId"].as_i64())
        .fetch_optional(&world.pool)
        .await
        .unwrap();
        if let Some(cost) = cost {
            return cost;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the loss of the day was not computed within 20 s");
}

/// The loss of the day, once it is computed by quarter-hours.
async fn priced_loss(world: &World, parent: &str) -> Value {
    computed(world).await;
    loss(world, parent).await
}

in_one_world! { losses_have_a_cost:
    hours_without_a_verdict_cost_nothing_of_their_own,
    a_price_that_changes_within_an_hour_is_split_at_its_quarter_hour,
    a_gap_across_a_change_of_price_widens_the_error_of_the_cost,
    a_late_reading_changes_a_cost_that_was_asked_for_before,
    what_is_not_computed_yet_is_no_loss_at_its_price,
    under_blocks_the_block_of_whose_bill_pays_prices_a_loss,
}

async fn hours_without_a_verdict_cost_nothing_of_their_own(world: &World) {
    dear(world, "12:00", "15:00").await;
    register(world, "M", None, 25.0, 0..0).await;
    // Silent from twelve to two, then right again.
    register(world, "A", Some("M"), 24.75, 49..56).await;
    let told = priced_loss(world, "M").await;
    assert!((told["lossKwh"].as_f64().unwrap() - 24.0).abs() < 1e-6, "{told}");
    assert_eq!(told["cost"], "141.00", "21 kWh at 5 and 3 at 12");
    assert_eq!(stored(world, &told).await.as_deref(), Some("141"));
    let gauges = world.get(&format!("/api/Energy/dashboard/map?{DAY}")).await.json();
    assert_eq!(gauges["data"]["hotspots"][0]["cost"], "141.00");
}

async fn a_price_that_changes_within_an_hour_is_split_at_its_quarter_hour(world: &World) {
    dear(world, "12:15", "12:45").await;
    register(world, "M", None, 25.0, 0..0).await;
    register(world, "A", Some("M"), 24.0, 0..0).await;
    let told = priced_loss(world, "M").await;
    assert_eq!(told["cost"], "494.00", "94 kWh at 5 and 2 at 12");
    assert_eq!(stored(world, &told).await.as_deref(), Some("494"));
}

async fn a_gap_across_a_change_of_price_widens_the_error_of_the_cost(world: &World) {
    dear(world, "12:00", "15:00").await;
    register(world, "M", None, 25.0, 0..0).await;
    register(world, "A", Some("M"), 24.75, 0..0).await;
    let sure: f64 = priced_loss(world, "M").await["costError"].as_str().unwrap().parse().unwrap();
    // Silent from eleven to one: half of the gap was dear.
    register(world, "B", Some("M"), 0.125, 45..52).await;
    let told = priced_loss(world, "M").await;
    assert_eq!(told["cost"], "70.50");
    let error: f64 = told["costError"].as_str().unwrap().parse().unwrap();
    // Of the 1 kWh in the gap the other half may have had the other price: 0.5 kWh by 7.
    assert!(error - sure > 3.4 && error - sure < 3.6, "{error} beside {sure}");
}

async fn a_late_reading_changes_a_cost_that_was_asked_for_before(world: &World) {
    dear(world, "12:00", "15:00").await;
    register(world, "M", None, 25.0, 0..0).await;
    // Silent from eleven to one.
    register(world, "A", Some("M"), 24.75, 45..52).await;
    for _ in 0..2 {
        assert_eq!(priced_loss(world, "M").await["cost"], "141.00", "21 kWh at 5 and 3 at 12");
    }
    // The day has the same sum, and another kWh before noon.
    let noon = json!([{"timestamp": "2026-05-01T12:00:00Z", "totalEnergyKwh": 1_189.0}]);
    world.post("/api/Energy/meters/A/readings", &noon).await.is(201);
    for _ in 0..2 {
        assert_eq!(priced_loss(world, "M").await["cost"], "148.00", "20 kWh at 5 and 4 at 12");
    }
}

async fn what_is_not_computed_yet_is_no_loss_at_its_price(world: &World) {
    dear(world, "12:00", "15:00").await;
    register(world, "M", None, 25.0, 0..0).await;
    register(world, "A", Some("M"), 24.75, 0..0).await;
    let told = priced_loss(world, "M").await;
    assert_eq!(told["cost"], "141.00", "21 kWh at 5 and 3 at 12");
    let below = told["children"][0]["meterId"].as_i64();
    for back in [
        "DELETE FROM energy_intervals WHERE meter_id = $1 \
             AND bucket_start >= '2026-05-01T12:00:00Z' AND bucket_start < '2026-05-01T15:00:00Z'",
        "UPDATE energy_days SET day = day WHERE meter_id = $1",
    ] {
        sqlx::query(back).bind(below).execute(&world.pool).await.unwrap();
    }
    let told = loss(world, "M").await;
    has!(told, {"lossKwh": 24.0, "cost": null});
}

async fn under_blocks_the_block_of_whose_bill_pays_prices_a_loss(world: &World) {
    let blocks = |last: &str| {
        json!([{"direction": "import", "price": "4", "toKwh": 600},
            {"direction": "import", "price": last, "fromKwh": 600}])
    };
    tariff(world, "Grid", blocks("10")).await;
    let own = tariff(world, "Own", blocks("7")).await;
    // 25 kWh a quarter-hour: the month's first 600 kWh are drawn by six in the morning.
    register(world, "G", None, 25.0, 0..0).await;
    register(world, "M", Some("G"), 24.0, 0..0).await;
    register(world, "A", Some("M"), 20.0, 0..0).await;
    let told = priced_loss(world, "M").await;
    assert_eq!(told["cost"], "3264.00", "96 kWh at 4, 288 at 10: the grid's block, not its own");
    assert_eq!(stored(world, &told).await.as_deref(), Some("3264"));
    let given = json!({"tariffId": own, "validFrom": "2026-01-01"});
    world.send("PUT", "/api/Energy/meters/M/tariff", &given).await.is(200);
    let told = priced_loss(world, "M").await;
    assert_eq!(
        told["cost"], "2388.00",
        "its own 600 kWh are drawn by a quarter past six: 100 at 4"
    );
    let answer = world.get(&format!("/api/Energy/power-loss?parent=M&{DAY}&explain=true")).await;
    let tariff = answer.json()["data"][0]["explain"]["tariff"].clone();
    assert_eq!((&tariff["name"], &tariff["meterId"]), (&json!("Own"), &told["parentId"]));
    assert_eq!(priced_loss(world, "G").await["cost"], "816.00", "24 kWh at 4, 72 at 10");
}
