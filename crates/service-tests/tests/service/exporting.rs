//! The cost of a loss while the site exports.

use chrono::{DateTime, Utc};
use domain::MeterId;
use serde_json::{Value, json};
use service::losses::power_loss::LossesQuery;
use sqlx::PgPool;

use crate::bench::{Bench, WHO, until};
use crate::moved::{Plant, at, near};

/// Lines of a tariff, whether a month is netted, kW of a second incomer in the afternoon, and what the loss
/// of the day costs and how many kWh of it have no price.
struct Case {
    name: &'static str,
    lines: Value,
    netting: &'static str,
    second_kw: f64,
    cost: &'static str,
    unpriced_kwh: f64,
}

fn line(direction: &str, price: &str) -> Value {
    json!({"direction": direction, "price": price})
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_lost_kwh_costs_what_it_would_have_earned_while_the_site_exports(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let case = |name, lines, cost, unpriced_kwh| Case {
        name,
        lines,
        netting: "none",
        second_kw: 0.0,
        cost,
        unpriced_kwh,
    };
    let (import, export) = (line("import", "5"), line("export", "2"));
    let mut evening = line("export", "4");
    evening["fromTime"] = json!("18:00");
    evening["toTime"] = json!("00:00");
    for case in [
        case("both-prices", json!([import, export]), "108.00", 0.0),
        case("no-export-price", json!([import]), "60.00", 24.0),
        case("by-time", json!([import, export, evening]), "132.00", 0.0),
        case("price-of-the-site", json!([]), "24.00", 24.0),
        Case { netting: "month", ..case("netted", json!([import]), "180.00", 0.0) },
        Case { second_kw: 8.0, ..case("two-incomers", json!([import, export]), "180.00", 0.0) },
    ] {
        the_loss_of_a_day_costs(&bench, &case).await;
    }
    where_a_month_is_netted_its_net_so_far_decides(&bench).await;
    bench.stop().await;
}

/// 10 kW are returned until noon and 15 kW bought after it: 120 kWh are set against each other by eight in the
/// evening, and 30 more are bought by ten. 1 kW is lost.
async fn where_a_month_is_netted_its_net_so_far_decides(bench: &Bench) {
    let plant = Plant::new(bench, "net-so-far").await;
    let grid = plant.meter("G", "Grid", None).await;
    let roof = plant.meter("S", "Solar", Some(grid)).await;
    let load = plant.meter("A", "Unit", Some(grid)).await;
    let day = (at(10, 0), at(11, 0));
    plant.change(roof, json!({"feedsParent": true, "effectiveFrom": day.0})).await;
    let after = |hours: f64| (hours - 12.0).max(0.0);
    plant.read(grid, day, |hours| (15.0 * after(hours), 10.0 * hours.min(12.0))).await;
    plant.read(roof, day, |hours| (13.0 * hours.min(12.0), 0.0)).await;
    plant.read(load, day, |hours| (2.0 * hours.min(12.0) + 14.0 * after(hours), 0.0)).await;
    let mut blocks = [line("import", "5"), line("import", "7")];
    (blocks[0]["toKwh"], blocks[1]["fromKwh"]) = (json!(30), json!(30));
    let [first, second] = blocks;
    let tariff = json!({"name": "T", "validFrom": "2026-01-01", "site": plant.slug(),
        "energy": [first, second, line("export", "2")], "netting": "month"});
    let tariff = serde_json::from_value(tariff).unwrap();
    service::bills::tariffs::create(&bench.service, WHO, tariff).await.unwrap();
    bench.balanced().await;
    let (slug, from, to) = (plant.slug(), Some(day.0.into()), Some(day.1.into()));
    let asked = LossesQuery { site: Some(&slug), from, to, ..LossesQuery::default() };
    let views = service::losses::power_loss::list(&bench.service, WHO, asked).await.unwrap();
    near("loss", views[0].loss_kwh.unwrap(), 24.0);
    let cost = views[0].cost.unwrap().to_string();
    assert_eq!(cost, "64.00", "20 kWh at 2, two at 5 and two at 7");
    let grid_cost = plant.report().await.grid_cost;
    assert_eq!(grid_cost, Some(600.into()), "120 kWh at 2, 30 at 5 and 30 at 7");
}

/// 10 kW are bought until noon and 6 kW returned after it; 1 kW is lost, and then 2.
async fn the_loss_of_a_day_costs(bench: &Bench, case: &Case) {
    let plant = Plant::new(bench, case.name).await;
    let grid = plant.meter("G", "Grid", None).await;
    let second = plant.meter("G2", "Grid", Some(grid)).await;
    let roof = plant.meter("S", "Solar", Some(grid)).await;
    let load = plant.meter("A", "Unit", Some(grid)).await;
    let day = (at(10, 0), at(11, 0));
    for feeder in [second, roof] {
        plant.change(feeder, json!({"feedsParent": true, "effectiveFrom": day.0})).await;
    }
    let two = |before: f64, after: f64| {
        move |hours: f64| before * hours.min(12.0) + after * (hours - 12.0).max(0.0)
    };
    let read = async |id: MeterId, import: (f64, f64), export: (f64, f64)| {
        let (import, export) = (two(import.0, import.1), two(export.0, export.1));
        plant.read(id, day, |hours| (import(hours), export(hours))).await;
    };
    read(grid, (10.0, 0.0), (0.0, 6.0)).await;
    read(second, (0.0, case.second_kw), (0.0, 0.0)).await;
    read(roof, (0.0, 20.0), (0.0, 0.0)).await;
    read(load, (9.0, 12.0 + case.second_kw), (0.0, 0.0)).await;
    if case.lines != json!([]) {
        let tariff = json!({"name": "T", "validFrom": "2026-01-01", "site": plant.slug(),
            "energy": case.lines, "netting": case.netting});
        let tariff = serde_json::from_value(tariff).unwrap();
        service::bills::tariffs::create(&bench.service, WHO, tariff).await.unwrap();
    }
    bench.balanced().await;
    let views = async |(from, to): (DateTime<Utc>, DateTime<Utc>)| {
        let (slug, from, to) = (plant.slug(), Some(from.into()), Some(to.into()));
        let asked = LossesQuery { site: Some(&slug), from, to, ..LossesQuery::default() };
        service::losses::power_loss::list(&bench.service, WHO, asked).await.unwrap().remove(0)
    };
    let view = views(day).await;
    near(case.name, view.loss_kwh.unwrap(), 36.0);
    assert_eq!(view.cost.unwrap().to_string(), case.cost, "{}", case.name);
    near(case.name, view.unpriced_kwh, case.unpriced_kwh);
    if case.name == "both-prices" {
        let view = views((at(10, 11), at(10, 13))).await;
        assert_eq!(view.cost.unwrap().to_string(), "9.00", "an hour at 5, two kWh at 2");
        let stored = "SELECT trim_scale(cost)::text FROM power_loss_analysis \
            WHERE meter_id = $1 AND resolution = '1d'";
        until("the stored cost of the day", async || {
            let found: Option<Option<String>> =
                sqlx::query_scalar(stored).bind(grid.0).fetch_optional(&bench.pool).await.unwrap();
            let found = found.flatten();
            if found.as_deref() == Some("108") { Ok(()) } else { Err(found) }
        })
        .await;
    }
}
