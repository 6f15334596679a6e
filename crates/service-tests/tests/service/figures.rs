//! The figures beside the tree of meters.

use chrono::{DateTime, TimeDelta, Utc};
use domain::language::Language;
use domain::meters::view::flow::Open;
use domain::meters::view::heatmap::Cell;
use domain::meters::view::{Counted, Refused};
use domain::{MeterId, Reading};
use serde_json::json;
use service::meters::page::{flow, heatmap, plan, tree};
use service::pages::Query;
use sqlx::PgPool;

use crate::bench::{Bench, WHO};
use crate::bills::Place;
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn figures_beside_the_tree_are_those_of_the_balance(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let (place, load) = plant(&bench, "plant").await;
    the_flow_has_the_figures_of_the_balance(&place, load).await;
    the_heat_map_has_means_of_hours_and_sums_of_days(&place).await;
    the_heat_map_has_the_mean_of_the_time_that_was_read(&bench).await;
    the_plan_has_the_meters_with_a_place(&place, load).await;
    the_tree_prices_each_kwh_at_its_time(&place).await;
    the_tree_tells_no_cost_by_blocks_of_the_month(&bench).await;
    a_meter_that_delivers_is_suspected_only_where_its_node_does_not_close(&bench).await;
    bench.stop().await;
}

const DAYS: &str = "period=custom&from=2026-10-05&to=2026-10-06";

/// A main meter with 100 kW by day and none at night, and a load with nine tenths of it, of two days;
/// the load is silent in the last six hours.
async fn plant<'a>(bench: &'a Bench, slug: &str) -> (Place<'a>, MeterId) {
    let place = Place::new(bench, slug, "UTC").await;
    let main = bench.meter_on(place.site.id, "MAIN", "Main", None).await;
    let load = bench.meter_on(place.site.id, "LOAD", "Machine", Some(main)).await;
    bench.change(load, json!({"latitude": 18.5, "longitude": 73.8})).await;
    let start: DateTime<Utc> = "2026-10-05T00:00:00Z".parse().unwrap();
    let mut readings: Vec<Reading> = Vec::new();
    let mut total = 0.0;
    for quarter in 0..=192_i32 {
        let at = start + TimeDelta::minutes(15) * quarter;
        let hour = quarter % 96 / 4;
        let power = if (6..18).contains(&hour) { 100.0 } else { 0.0 };
        readings.push(reading(main, at, power, total));
        if quarter <= 168 {
            readings.push(reading(load, at, power * 0.9, total * 0.9));
        }
        total += power / 4.0;
    }
    bench.submit(readings).await;
    bench.settled().await;
    (place, load)
}

/// What the tree says that the main and the load cost.
async fn costs(place: &Place<'_>) -> Vec<String> {
    let query = query(place, "show=cost");
    let page = tree::meters(&place.bench.service, WHO, &query, &[], Language::En).await.unwrap();
    page.counted.iter().map(|counted| counted.energy().to_owned()).collect()
}

fn query(place: &Place<'_>, rest: &str) -> Query {
    Query::parse(&format!("site={}&{DAYS}&{rest}", place.site.slug))
}

async fn the_flow_has_the_figures_of_the_balance(place: &Place<'_>, load: MeterId) {
    let page = flow::flow(&place.bench.service, WHO, &query(place, "")).await.unwrap();
    let main = &page.flow.roots[0];
    assert!((page.flow.input() - 2_400.0).abs() < 1e-6, "{}", page.flow.input());
    let sums = main.balance.as_ref().unwrap();
    assert!((sums.left() - 240.0).abs() < 1e-6, "{sums:?}");
    assert_eq!(main.below[0].id, load);
    assert!(main.below[0].coverage < 1.0);
    let leaf = format!("open={load}");
    for (word, refused) in [
        ("open=77", Refused::Meter("77".to_owned())),
        ("open=x", Refused::Word("x".to_owned())),
        ("flow=up", Refused::Word("up".to_owned())),
        (leaf.as_str(), Refused::NothingBelow("LOAD".to_owned())),
    ] {
        let page = flow::flow(&place.bench.service, WHO, &query(place, word)).await.unwrap();
        assert_eq!((page.open, page.refused), (Open::Nothing, Some(refused)));
    }
}

async fn the_heat_map_has_means_of_hours_and_sums_of_days(place: &Place<'_>) {
    let page = async |rest: &str| {
        heatmap::heatmap(&place.bench.service, WHO, &query(place, rest)).await.unwrap()
    };
    let near = |cell: Cell, value: f64, coverage: f64| {
        let Cell::Known(kw, share) = cell else { panic!("{cell:?}") };
        assert!((kw - value).abs() < 1e-6 && (share - coverage).abs() < 1e-3, "{cell:?}");
    };
    let by_hour = page("rows=all").await;
    let [main, load] = &by_hour.rows[..] else { panic!("two meters: {:?}", by_hour.rows) };
    assert_eq!((main.depth, load.depth, main.cells.len()), (0, 1, 24));
    near(main.cells[5], 0.0, 1.0);
    near(main.cells[12], 100.0, 1.0);
    near(load.cells[12], 90.0, 1.0);
    // The last evening is missing.
    near(load.cells[20], 0.0, 0.5);

    let by_day = page("by=day").await;
    assert_eq!(by_day.columns.len(), 2);
    near(by_day.rows[0].cells[1], 1_200.0, 1.0);
    assert!(by_day.rows.len() == 1, "a load is folded at first");

    let by_week = page("by=week&rows=all").await;
    near(by_week.rows[0].cells[24 + 12], 100.0, 1.0);
    assert_eq!(by_week.rows[0].cells[3 * 24], Cell::Ahead);
}

/// 6 kW, read for fifty minutes of an hour.
async fn the_heat_map_has_the_mean_of_the_time_that_was_read(bench: &Bench) {
    let place = Place::new(bench, "short", "UTC").await;
    let meter = bench.meter_on(place.site.id, "SHORT", "Main", None).await;
    let noon: DateTime<Utc> = "2026-10-05T12:00:00Z".parse().unwrap();
    let read = |n: i32| reading(meter, noon + TimeDelta::minutes(5) * n, 6.0, f64::from(n) / 2.0);
    bench.submit((0..=10).map(read).collect()).await;
    bench.settled().await;
    let page = heatmap::heatmap(&bench.service, WHO, &query(&place, "rows=all")).await.unwrap();
    let cell = page.rows[0].cells[12];
    assert!(cell.value().is_some_and(|kw| (kw - 6.0).abs() < 1e-6), "{cell:?}");
}

async fn the_plan_has_the_meters_with_a_place(place: &Place<'_>, load: MeterId) {
    let page = plan::plan(&place.bench.service, WHO, &query(place, "")).await.unwrap();
    assert_eq!(page.markers.iter().map(|marker| marker.id.0).collect::<Vec<_>>(), [load.0]);
    assert_eq!(page.without.len(), 1);
}

async fn the_tree_prices_each_kwh_at_its_time(place: &Place<'_>) {
    assert_eq!(costs(place).await, ["\u{2013}", "\u{2013}"], "nobody stated a price");
    let day = json!({"energy": [{"direction": "import", "price": "8"},
        {"direction": "import", "price": "5", "fromTime": "12:00", "toTime": "24:00"}]});
    place.tariff("2026-01-01", Some("2026-10-06"), day).await;
    assert_eq!(costs(place).await, ["\u{2013}", "\u{2013}"], "the second day has no price");
    let flat = json!({"energy": [{"direction": "import", "price": "2"}]});
    place.tariff("2026-10-06", None, flat).await;
    // Of each day six hours of 100 kW before noon and six after it.
    assert_eq!(costs(place).await, ["10,200.0", "9,180.0"]);
}

async fn the_tree_tells_no_cost_by_blocks_of_the_month(bench: &Bench) {
    let (place, _) = plant(bench, "blocks").await;
    let blocks = json!({"energy": [{"direction": "import", "price": "2", "toKwh": 100},
        {"direction": "import", "price": "3", "fromKwh": 100}]});
    place.tariff("2026-01-01", None, blocks).await;
    assert_eq!(costs(&place).await, ["\u{2013}", "\u{2013}"]);
}

/// A day of quarter-hours of a meter that draws and delivers so much, kW.
fn both_ways(id: MeterId, draws: f64, delivers: f64) -> Vec<Reading> {
    let start: DateTime<Utc> = "2026-10-05T00:00:00Z".parse().unwrap();
    let at = |quarter: i32| {
        let hours = f64::from(quarter) / 4.0;
        let mut reading =
            reading(id, start + TimeDelta::minutes(15) * quarter, draws - delivers, 0.0);
        reading.values.total_energy_kwh = None;
        reading.values.energy_import_kwh = Some(draws * hours);
        reading.values.energy_export_kwh = Some(delivers * hours);
        reading
    };
    (0..=96).map(at).collect()
}

async fn a_meter_that_delivers_is_suspected_only_where_its_node_does_not_close(bench: &Bench) {
    let place = Place::new(bench, "delivers", "UTC").await;
    let [street, plant] = [
        bench.meter_on(place.site.id, "STREET", "Distribution", None).await,
        bench.meter_on(place.site.id, "PLANT", "Distribution", None).await,
    ];
    let [house, roof] = [
        bench.meter_on(place.site.id, "HOUSE", "Machine", Some(street)).await,
        bench.meter_on(place.site.id, "ROOF", "Machine", Some(street)).await,
    ];
    let [hall, wrong] = [
        bench.meter_on(place.site.id, "HALL", "Machine", Some(plant)).await,
        bench.meter_on(place.site.id, "WRONG", "Machine", Some(plant)).await,
    ];
    let readings = [
        both_ways(street, 20.0, 0.0),
        both_ways(house, 50.0, 0.0),
        both_ways(roof, 5.0, 35.0),
        both_ways(plant, 90.0, 0.0),
        both_ways(hall, 60.0, 0.0),
        both_ways(wrong, 0.0, 30.0),
    ];
    bench.submit(readings.concat()).await;
    bench.settled().await;
    let page =
        tree::meters(&bench.service, WHO, &query(&place, ""), &[], Language::En).await.unwrap();
    let warned = page
        .counted
        .iter()
        .filter(|counted| counted.badges().any(|(class, _)| class == "badge badge-warn"));
    assert_eq!(warned.map(Counted::meter).collect::<Vec<_>>(), [wrong]);
}
