//! Charts of the past.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Field;
use domain::history::view::Line;
use domain::history::{Channel, Wanted};
use service::history::{self, Detail};
use service::pages::Query;
use sqlx::PgPool;

use crate::bench::{Bench, WHO};
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn mean_power_is_that_of_the_time_that_was_read(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let id = bench.meter("M-1", "Main", None).await;
    let begin: DateTime<Utc> = "2026-10-05T10:00:00Z".parse().unwrap();
    // 6 kW, until 55 minutes of the second hour have passed, of which twenty lie in a gap.
    let read = (0..=23)
        .filter(|n| !(16..19).contains(n))
        .map(|n| reading(id, begin + TimeDelta::minutes(5) * n, 6.0, f64::from(n) / 2.0));
    bench.submit(read.collect()).await;
    bench.settled().await;
    let series = history::address(&[Wanted::of(id, Channel::Instant(Field::ActivePowerKw))]);
    let query = format!("series={series}&period=custom&from=2026-10-01&to=2026-10-15");
    let query = Query::parse(&query);
    let page = history::history(&bench.service, WHO, &query, Detail::Page).await.unwrap();
    let Line::Instant { reduced, .. } = &page.series[0].line else { panic!("power is no sum") };
    let means: Vec<_> =
        reduced.columns().map(|column| format!("{:.3}", column.held.mean)).collect();
    assert_eq!(means, ["6.000", "6.000"]);
    bench.stop().await;
}
