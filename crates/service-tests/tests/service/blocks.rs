//! What is lost costs what the block costs in which the month of its payer stands.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use service::losses::power_loss::{LossView, LossesQuery};

use crate::bench::{Bench, WHO, until};
use crate::moved::{Plant, at, near};

/// A tariff of 1 up to so many kWh of a month, and of 2 from there on.
fn blocks(name: &str, is_default: bool, kwh: u32) -> Value {
    json!({"name": name, "validFrom": "2026-01-01", "isDefault": is_default, "energy": [
        {"direction": "import", "price": "1", "toKwh": kwh},
        {"direction": "import", "price": "2", "fromKwh": kwh}]})
}

async fn tariff(plant: &Plant<'_>, mut tariff: Value) -> domain::bills::tariff::TariffId {
    tariff["site"] = json!(plant.slug());
    let new = serde_json::from_value(tariff).unwrap();
    service::bills::tariffs::create(&plant.bench.service, WHO, new).await.unwrap().id
}

/// What the loss of each node costs.
async fn costs(
    plant: &Plant<'_>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> HashMap<String, Option<String>> {
    let (slug, from, to) = (plant.slug(), Some(from.into()), Some(to.into()));
    let asked = LossesQuery { site: Some(&slug), from, to, ..LossesQuery::default() };
    let views = service::losses::power_loss::list(&plant.bench.service, WHO, asked).await.unwrap();
    let cost = |view: LossView| (view.parent_meter_number, view.cost.map(|cost| cost.to_string()));
    views.into_iter().map(cost).collect()
}

async fn costs_of(
    plant: &Plant<'_>,
    node: &str,
    window: (DateTime<Utc>, DateTime<Utc>),
    cost: &str,
) {
    let costs = costs(plant, window).await;
    assert_eq!(costs[node].as_deref(), Some(cost), "{node} in {window:?}");
}

pub(crate) async fn a_month_counts_energy_bought_at_the_boundary_as_it_stood(bench: &Bench) {
    let plant = Plant::new(bench, "boundary").await;
    let first = plant.meter("A", "Grid", None).await;
    let second = plant.meter("B", "Grid", None).await;
    let below = plant.meter("CA", "Unit", Some(first)).await;
    let other = plant.meter("CB", "Unit", Some(second)).await;
    tariff(&plant, blocks("Grid", true, 1000)).await;
    let week = (at(1, 0), at(8, 0));
    let moved = 108.0;
    plant.read(first, week, |h| (5.0 * h + 5.0 * (h - moved).max(0.0), 0.0)).await;
    plant.read(second, week, |h| (5.0 * h, 0.0)).await;
    for load in [below, other] {
        plant.read(load, week, |h| (4.0 * h, 0.0)).await;
    }
    let noon = at(5, 12);
    plant.change(second, json!({"parentMeterId": "A", "effectiveFrom": noon})).await;
    // 10 kW are bought all along: 1,000 kWh of them by four in the morning of the fifth.
    costs_of(&plant, "A", (at(5, 0), noon), "20.00").await;
    costs_of(&plant, "A", (noon, at(6, 0)), "24.00").await;
    costs_of(&plant, "A", (at(5, 0), at(6, 0)), "44.00").await;
    costs_of(&plant, "A", (at(6, 0), at(7, 0)), "48.00").await;
}

pub(crate) async fn a_month_does_not_count_a_sum_beside_its_terms(bench: &Bench) {
    let plant = Plant::new(bench, "summed").await;
    let first = plant.meter("A", "Grid", None).await;
    let second = plant.meter("B", "Grid", None).await;
    let below = plant.meter("CA", "Unit", Some(first)).await;
    let other = plant.meter("CB", "Unit", Some(second)).await;
    for (id, kw) in [(first, 5.0), (second, 5.0), (below, 4.0), (other, 4.0)] {
        plant.read(id, (at(1, 0), at(3, 0)), |h| (kw * h, 0.0)).await;
    }
    tariff(&plant, blocks("Grid", true, 200)).await;
    let sum = json!({"meterNumber": "V", "meterName": "V",
        "terms": [{"meterId": "A", "factor": 1.0}, {"meterId": "B", "factor": 1.0}]});
    let sum = serde_json::from_value(sum).unwrap();
    let create = service::meters::virtual_meters::create;
    create(&bench.service, WHO, Some(&plant.slug()), sum).await.unwrap();
    let meters = storage::meters::by_number(&bench.pool, plant.site.id, "V").await.unwrap();
    let sum = meters.unwrap().id;
    plant.change(sum, json!({"meterType": "Grid"})).await;
    until("the energy of the sum", async || {
        let counted = bench.total(sum).await;
        if (counted - 480.0).abs() < 1e-6 { Ok(()) } else { Err(counted) }
    })
    .await;
    bench.settled().await;
    // Each loses a kilowatt; 200 kWh are bought by eight in the evening.
    for node in ["A", "B"] {
        costs_of(&plant, node, (at(1, 0), at(2, 0)), "28.00").await;
    }
}

pub(crate) async fn the_blocks_of_a_meter_that_was_put_in_within_the_month_are_those_of_its_bill(
    bench: &Bench,
) {
    let plant = Plant::new(bench, "put-in").await;
    let house = plant.meter("H", "Household", None).await;
    let load = plant.meter("C", "Unit", Some(house)).await;
    let installed = "UPDATE energy_meters SET installed_at = $1 WHERE site_id = $2";
    let installed = sqlx::query(installed).bind(at(17, 0)).bind(plant.site.id.0);
    installed.execute(&bench.pool).await.unwrap();
    let flat = json!({"name": "Flat", "validFrom": "2026-01-01",
        "energy": [{"direction": "import", "price": "7"}]});
    tariff(&plant, flat).await;
    let own = tariff(&plant, blocks("Blocks", false, 310)).await;
    let given =
        serde_json::from_value(json!({"tariffId": own, "validFrom": "2026-10-01"})).unwrap();
    service::bills::tariffs::assign(&plant.bench.service, WHO, &house.into(), given).await.unwrap();
    let rest = (at(17, 0), at(31, 0));
    plant.read(house, rest, |h| (10.0 * h, 0.0)).await;
    plant.read(load, rest, |h| (9.0 * h, 0.0)).await;
    // 15 of 31 days have 150 of the 310 kWh.
    costs_of(&plant, "H", (at(17, 0), at(18, 0)), "33.00").await;
    costs_of(&plant, "H", (at(18, 0), at(19, 0)), "48.00").await;
}

pub(crate) async fn the_cost_of_the_grid_goes_by_the_blocks_of_its_bill(bench: &Bench) {
    let plant = Plant::new(bench, "grid-cost").await;
    let grid = plant.meter("G", "Grid", None).await;
    let installed = "UPDATE energy_meters SET installed_at = $1 WHERE site_id = $2";
    let installed = sqlx::query(installed).bind(at(17, 0)).bind(plant.site.id.0);
    installed.execute(&bench.pool).await.unwrap();
    tariff(&plant, blocks("Grid", true, 310)).await;
    plant.read(grid, (at(17, 0), at(31, 0)), |h| (10.0 * h, 0.0)).await;
    let report = plant.report().await;
    // 3,360 kWh, of which 15 of 31 days have 150 of the 310.
    assert_eq!(report.grid_cost, Some("6570".parse().unwrap()));
}

pub(crate) async fn a_version_that_begins_within_the_month_counts_its_own_days(bench: &Bench) {
    // 2 kW are bought, of which 1 is lost. Of the 16 days since the 16th the first 160 kWh cost 3 each, up to
    // 480 they cost 7: 48 are drawn before the 17th. Blocks that go on have counted 768 of up to 930 kWh.
    for (across, loss, grid) in [("prorate", "72.00", 11_810), ("continue", "168.00", 13_430)] {
        let plant = Plant::new(bench, across).await;
        let node = plant.meter("G", "Grid", None).await;
        let load = plant.meter("C", "Unit", Some(node)).await;
        let month = (at(1, 0), at(31, 0));
        plant.read(node, month, |h| (2.0 * h, 0.0)).await;
        plant.read(load, month, |h| (h, 0.0)).await;
        for (since, top) in [("2026-01-01", "10"), ("2026-10-16", "16")] {
            let energy = json!([{"direction": "import", "price": "3", "toKwh": 310},
                {"direction": "import", "price": "7", "fromKwh": 310, "toKwh": 930},
                {"direction": "import", "price": top, "fromKwh": 930}]);
            let version = json!({"name": "Grid", "isDefault": true, "validFrom": since,
                "endPrevious": true, "acrossVersions": across, "energy": energy});
            tariff(&plant, version).await;
        }
        costs_of(&plant, "G", (at(17, 0), at(18, 0)), loss).await;
        assert_eq!(plant.report().await.grid_cost, Some(grid.into()), "{across}");
    }
}

pub(crate) async fn a_preview_prices_a_loss_in_the_block_in_which_the_month_stood(bench: &Bench) {
    let plant = Plant::new(bench, "preview").await;
    let grid = plant.meter("G", "Grid", None).await;
    let load = plant.meter("C", "Unit", Some(grid)).await;
    tariff(&plant, blocks("Grid", true, 1)).await;
    let end = Utc::now() - TimeDelta::hours(1);
    let span = (end - TimeDelta::hours(48), end);
    plant.read(grid, span, |h| (10.0 * h, 0.0)).await;
    plant.read(load, span, |h| (9.0 * h, 0.0)).await;
    let looked = async || {
        let new = blocks("Grid", true, 1).as_object().cloned().map(|mut new| {
            new.insert("validFrom".to_owned(), json!(Utc::now().date_naive()));
            new.insert("endPrevious".to_owned(), json!(true));
            new.insert("site".to_owned(), json!(plant.slug()));
            Value::Object(new)
        });
        let new = serde_json::from_value(new.unwrap()).unwrap();
        service::bills::tariffs::preview(&plant.bench.service, WHO, new).await.unwrap().lost
    };
    let lost = until("the loss of the preview", async || {
        let lost = looked().await;
        if lost.loss_kwh < 46.0 { Err(lost.loss_kwh) } else { Ok(lost) }
    })
    .await;
    // Of each month that the two days touch one kWh is in the first block.
    let kwh: rust_decimal::Decimal = lost.loss_kwh.to_string().parse().unwrap();
    for cost in [lost.cost_before, lost.cost_after] {
        assert!(cost.unwrap() > kwh * rust_decimal::Decimal::new(19, 1), "{cost:?} for {kwh} kWh");
    }
}

pub(crate) async fn a_meter_of_the_grid_with_nothing_below_it_is_no_loss_of_the_site(
    bench: &Bench,
) {
    let plant = Plant::new(bench, "lone").await;
    let lone = plant.meter("G1", "Grid", None).await;
    let node = plant.meter("G2", "Grid", None).await;
    let load = plant.meter("A", "Unit", Some(node)).await;
    // Beside the grid's meters it is no source: what it draws came in through one of them.
    let shed = plant.meter("S", "Unit", None).await;
    let day = (at(10, 0), at(11, 0));
    for (id, kw) in [(lone, 50.0), (node, 10.0), (load, 9.0), (shed, 5.0)] {
        plant.read(id, day, |h| (kw * h, 0.0)).await;
    }
    let (slug, from, to) = (plant.slug(), Some(day.0.into()), Some(day.1.into()));
    let asked = service::SiteWindow { site: Some(&slug), from, to, explain: false };
    let gauges =
        service::overview::dashboard::map(&bench.service, WHO, asked).await.unwrap().gauges;
    near("consumption", gauges.total_consumption_kwh.unwrap(), 1440.0);
    near("loss", gauges.power_loss_percent.unwrap(), 10.0);
    let report = plant.report().await;
    near("loss of the report", report.loss.kwh.unwrap(), 24.0);
}
