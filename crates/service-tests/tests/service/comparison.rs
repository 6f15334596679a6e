//! The overview of a period beside the one before.

use chrono::{TimeDelta, Utc};
use domain::MeterId;
use domain::overview::comparison::{Change, Figure, Gap, PeriodOverview};
use service::overview::comparison::of_period;
use service::pages::Query;
use sqlx::PgPool;

use crate::bench::{Bench, WHO};
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_day_stands_beside_the_one_before(pool: PgPool) {
    let bench = Bench::start(pool).await;
    all_figures_are_of_the_day_and_of_the_one_before(&bench).await;
    a_site_that_was_founded_later_says_so(&bench).await;
    a_day_that_was_read_in_part_is_not_compared(&bench).await;
    bench.stop().await;
}

/// Readings each five minutes over the two days before today, from an hour on, with the power of each day.
async fn run(bench: &Bench, id: MeterId, from_hour: i64, powers: [f64; 2]) {
    let today = Utc::now().date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    let mut total = 0.0;
    let mut rows = Vec::new();
    for step in from_hour * 12..=48 * 12 {
        let power = powers[usize::from(step > 24 * 12)];
        if step > from_hour * 12 {
            total += power / 12.0;
        }
        let at = today - TimeDelta::hours(48) + TimeDelta::minutes(step * 5);
        rows.push(reading(id, at, power, total));
    }
    bench.submit(rows).await;
    bench.settled().await;
}

async fn page(bench: &Bench, site: &str) -> PeriodOverview {
    let query = format!("site={site}&period=yesterday&compare=previous");
    of_period(&bench.service, WHO, &Query::parse(&query)).await.unwrap()
}

fn close(found: Option<f64>, expected: f64) {
    assert!((found.unwrap() - expected).abs() < 0.5, "{found:?} is not {expected}");
}

async fn all_figures_are_of_the_day_and_of_the_one_before(bench: &Bench) {
    let main = bench.meter("MAIN", "Grid", None).await;
    let building = bench.meter("A", "Building", Some(main)).await;
    run(bench, main, 0, [80.0, 100.0]).await;
    run(bench, building, 0, [76.0, 90.0]).await;
    // A load that stands by itself is no source beside a connection, in no figure of the input.
    let lone = bench.meter("LONE", "Building", None).await;
    run(bench, lone, 0, [10.0, 10.0]).await;
    let page = page(bench, "default").await;
    let input = page.compare(Figure::Input);
    close(input.value, 2400.0);
    close(input.before, 1920.0);
    let Some(Change::Percent(percent)) = input.change else { panic!("{:?}", input.change) };
    close(Some(percent), 25.0);
    close(page.compare(Figure::Loss).value, 240.0);
    close(page.compare(Figure::Loss).before, 96.0);
    close(page.compare(Figure::InputPerDay).value, 2400.0);
    let nodes: Vec<_> = page.nodes().collect();
    let [node] = nodes.as_slice() else { panic!("one node is shown") };
    let change = node.change.unwrap();
    close(Some(change.kwh), 144.0);
    assert_eq!((node.node.id, change.is_within_error()), (main, false));
    assert_eq!((page.steps.len(), page.steps_before.len()), (96, 96));
    close(Some(page.steps.iter().filter_map(|step| step.kwh).sum()), 2400.0);
    close(Some(page.steps_before.iter().filter_map(|step| step.kwh).sum()), 1920.0);
    assert_eq!(page.gaps(), []);
    other_pages_know_the_day_before_too(bench, main).await;
}

async fn other_pages_know_the_day_before_too(bench: &Bench, main: MeterId) {
    let service = &bench.service;
    let query = Query::parse("period=yesterday&compare=previous&with=default");
    let losses = service::losses::page::losses(service, WHO, &query).await.unwrap();
    close(losses.nodes_before[0].loss.kwh, 96.0);
    close(losses.chosen_before.and_then(|chosen| chosen.own_kwh), 1920.0);
    let meter = service::meters::page::period(service, WHO, main, &query).await.unwrap().unwrap();
    close(meter.before_kwh, 1920.0);
    close(meter.peak_before.map(|(kw, _)| kw), 80.0);
    let carbon = service::carbon::page::carbon(service, WHO, &query).await.unwrap();
    close(carbon.before.map(|before| before.grid_kwh), 1920.0);
    let before = carbon.steps_before.iter().filter_map(|step| Some(step.emission?.grid_kwh));
    close(Some(before.sum()), 1920.0);
    let sites = service::overview::portfolio::page::portfolio(service, WHO, &query).await.unwrap();
    close(sites.compared[0].change_percent(), 25.0);
}

async fn a_site_that_was_founded_later_says_so(bench: &Bench) {
    let site = bench.site(serde_json::json!({"slug": "mill", "name": "Mill"})).await.id;
    let mill = bench.meter_on(site, "MILL", "Grid", None).await;
    run(bench, mill, 30, [0.0, 50.0]).await;
    let page = page(bench, "mill").await;
    assert_eq!(page.gaps(), [Gap::NothingBefore]);
    assert_eq!(
        (page.compare(Figure::Input).before, page.compare(Figure::Input).change),
        (None, None)
    );
}

async fn a_day_that_was_read_in_part_is_not_compared(bench: &Bench) {
    let site = bench.site(serde_json::json!({"slug": "yard", "name": "Yard"})).await.id;
    let yard = bench.meter_on(site, "YARD", "Grid", None).await;
    run(bench, yard, 12, [50.0, 50.0]).await;
    let page = page(bench, "yard").await;
    let input = page.compare(Figure::Input);
    close(input.before, 600.0);
    assert_eq!(input.change, None);
    let gaps = page.gaps();
    let [Gap::Partly { is_before: true, coverage }] = gaps.as_slice() else { panic!("{gaps:?}") };
    assert!((coverage - 0.5).abs() < 0.01, "{coverage}");
}
