//! The day of a household, as its page shows it.

use chrono::{DateTime, DurationRound as _, Timelike as _};
use domain::energy::QUARTER;
use service::bills::page::my_energy::my_energy;
use service::pages::Query;

use super::*;
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_quarter_hour_is_drawn_once_it_was_read_to_its_end(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let now = Utc::now();
    // In a zone in which it is noon now, so that the last hours are of one day.
    let zone = format!("Etc/GMT{:+}", i64::from(now.hour()) - 12);
    let place = Place::new(&bench, "household", &zone).await;
    let meter = place.meter("M-1").await;
    let end = now.duration_trunc(QUARTER).unwrap();
    let begin = end - QUARTER * 4;
    // 6 kW, read every five minutes but for 25 minutes and at the end of the last quarter-hour, in which they end.
    let read = async |minutes: i64| {
        let kwh = f64::from(i32::try_from(minutes).unwrap()) / 10.0;
        let at = begin + TimeDelta::minutes(minutes);
        bench.submit(vec![reading(meter, at, 6.0, kwh)]).await;
    };
    for minutes in [0, 5, 10, 15, 20, 25, 50, 55] {
        read(minutes).await;
    }
    bench.settled().await;
    let known = whole(begin, &[0, 1]);
    assert_eq!(curve(&place).await, known, "the last one has two thirds of its energy");
    read(60).await;
    bench.settled().await;
    assert_eq!(curve(&place).await, whole(begin, &[0, 1, 3]));
    bench.stop().await;
}

/// Quarter-hours of 6 kW.
fn whole(begin: DateTime<Utc>, quarters: &[i32]) -> Vec<(DateTime<Utc>, String)> {
    quarters.iter().map(|quarter| (begin + QUARTER * *quarter, "6.000".to_owned())).collect()
}

async fn curve(place: &Place<'_>) -> Vec<(DateTime<Utc>, String)> {
    let query = Query::parse(&format!("site={}", place.site.slug));
    let page = my_energy(&place.bench.service, WHO, &query).await.unwrap();
    let points = page.mine.unwrap().curve;
    points.iter().map(|point| (point.at, format!("{:.3}", point.use_kw))).collect()
}
