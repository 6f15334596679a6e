//! Diesel of generators once what it was computed from is dropped.

use chrono::{DateTime, TimeDelta, Utc};
use domain::sites::Site;
use domain::{MeterId, Reading};
use serde_json::json;
use service::SiteWindow;
use sqlx::PgPool;

use crate::bench::{Bench, WHO};
use crate::reading;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A day of readings each ten minutes, with a rise of its own between any two; litres in the rows at some of
/// them, which are not those of quarter-hours.
fn burning(id: MeterId, litres: &[(i32, f64)]) -> Vec<Reading> {
    let mut total = 0.0;
    let row = |n: i32| {
        total += f64::from(n * n % 7);
        let at = at("2026-05-10T00:05:00Z") + TimeDelta::minutes(10) * n;
        let mut row = reading(id, at, 0.0, total);
        row.values.active_power_kw = None;
        let burnt = litres.iter().find(|(at, _)| *at == n);
        row.values.diesel_consumption_liters = burnt.map(|(_, litres)| *litres);
        row
    };
    (0..143).map(row).collect()
}

/// Litres, own and by the factor, and what of them is a generator's own: of the day, and of the part of it
/// that holds the last litres.
async fn litres(bench: &Bench, site: &Site) -> Vec<(f64, f64)> {
    let (mut all, slug) = (Vec::new(), site.slug.as_str().into());
    for (from, to) in [("10T00:00", "11T00:00"), ("09T00:00", "12T00:00")] {
        let [from, to] = [from, to].map(|day| format!("2026-05-{day}:00Z").parse().ok());
        let asked = SiteWindow { site: Some(&slug), from, to, explain: false };
        let total = service::carbon::diesel::get(&bench.service, WHO, asked).await.unwrap().total;
        all.push((total.metered_litres, total.estimated_litres));
    }
    all
}

#[track_caller]
fn same(found: &[(f64, f64)], wanted: &[(f64, f64)], when: &str) {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let all = found.iter().zip(wanted).all(|(a, b)| near(a.0, b.0) && near(a.1, b.1));
    assert!(all, "{when} {found:?} is not {wanted:?}");
}

/// The kind of a generator's counter, its readings by minute, and the litres burnt in all.
type Counter = (&'static str, [(i32, f64); 3], f64);

const COUNTERS: [Counter; 2] = [
    ("increment", [(30, 40.0), (61, 50.0), (94, 20.0)], 110.0),
    ("cumulative", [(30, 240.0), (61, 250.0), (94, 270.0)], 30.0),
];

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn litres_cover_what_they_covered_once_their_readings_are_gone(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let mut generators = Vec::new();
    for (kind, counted, own) in COUNTERS {
        let site = bench.site(json!({"slug": kind, "name": kind})).await;
        let id = bench.meter_on(site.id, "DG", "DG", None).await;
        bench.change(id, json!({"dieselRegister": kind})).await;
        bench.submit(burning(id, &counted)).await;
        bench.balanced().await;
        let before = litres(&bench, &site).await;
        assert!((before[0].0 - own).abs() < 1e-9 && before[0].1 > 1.0, "{kind}: {before:?}");
        generators.push((id, site, before));
    }
    let stay = async |when: &str| {
        for (_, site, before) in &generators {
            same(&litres(&bench, site).await, before, &format!("{} {when}", site.slug));
        }
    };
    let count = async |statement: &'static str| {
        sqlx::query_scalar::<_, i64>(statement).fetch_one(&bench.pool).await.unwrap()
    };
    service::retention::once(&bench.pool, at("2026-08-30T12:00:00Z")).await.unwrap();
    assert_eq!(count("SELECT count(*) FROM meter_readings").await, 0);
    stay("without readings").await;

    for (id, site, _) in &generators {
        let other = if site.slug == "increment" { "cumulative" } else { "increment" };
        bench.change(*id, json!({"dieselRegister": other})).await;
        bench.balanced().await;
    }
    stay("under another rule").await;

    service::retention::once(&bench.pool, at("2027-08-30T12:00:00Z")).await.unwrap();
    assert_eq!(count("SELECT count(*) FROM energy_intervals").await, 0);
    stay("without quarter-hours").await;
    bench.stop().await;
}
