//! Deleting a meter: data that would be lost, and readings on their way meanwhile.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::message::Message;
use domain::meters::refusal::{MeterRefusal, PlaceRefusal};
use service::meters::page::deletion;
use service::pages::Query;
use sqlx::PgPool;

use crate::bench::{Bench, WHO, until};
use crate::reading;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn deleting_a_meter_that_was_read_names_the_balance_that_lacks_it(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let grid = bench.meter("G-1", "Grid", None).await;
    let read = bench.meter("U-1", "Unit", Some(grid)).await;
    let unread = bench.meter("U-2", "Unit", Some(grid)).await;
    let at: DateTime<Utc> = "2026-05-10T00:00:00Z".parse().unwrap();
    bench.submit([grid, read].map(|id| reading(id, at, 1.0, 10.0)).to_vec()).await;
    bench.settled().await;
    for (id, parent) in [(grid, None), (read, Some("G-1")), (unread, None)] {
        until("the balance that lacks it", async || {
            let page = deletion(&bench.service, WHO, id, &Query::default()).await;
            let page = page.map_err(|error| format!("{error:?}"))?;
            if page.parent.as_deref() == parent { Ok(()) } else { Err(format!("{page:?}")) }
        })
        .await;
    }
    bench.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_page_says_why_a_meter_cannot_be_deleted_and_what_can_be_done_instead(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let grid = bench.meter("G-1", "Grid", None).await;
    let unit = bench.meter("U-1", "Unit", Some(grid)).await;
    let unread = bench.meter("U-2", "Unit", Some(grid)).await;
    let at: DateTime<Utc> = "2026-05-10T00:00:00Z".parse().unwrap();
    bench.submit(vec![reading(unit, at, 1.0, 10.0)]).await;
    let shown = async |id: MeterId| {
        let page = deletion(&bench.service, WHO, id, &Query::default()).await.unwrap();
        (page.refused, page.can_retire)
    };
    let has_below: Message = PlaceRefusal::HasBelow { name: "G-1".to_owned() }.into();
    assert_eq!(shown(grid).await, (Some(has_below), false));
    assert_eq!(shown(unit).await, (None, false));
    let trade = "INSERT INTO p2p_trades (site_id, buyer_meter_id, seller_meter_id, units_kwh, \
                     price_per_kwh, \"timestamp\") \
                 SELECT site_id, $1, $2, 1, 1, $3 FROM energy_meters WHERE id = $1";
    let trade = sqlx::query(trade).bind(unit.0).bind(unread.0).bind(at);
    trade.execute(&bench.pool).await.unwrap();
    let billed: Option<Message> = Some(MeterRefusal::Billed.into());
    for id in [unit, unread] {
        assert_eq!(shown(id).await, (billed.clone(), true));
        service::meters::remove(&bench.service, WHO, &id.into()).await.unwrap();
        assert_eq!(shown(id).await, (billed.clone(), false));
    }
    bench.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_reading_that_is_stored_while_its_meter_is_deleted_goes_with_it(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let meter = bench.meter("U-1", "Unit", None).await;
    let at: DateTime<Utc> = "2026-05-10T00:00:00Z".parse().unwrap();
    bench.submit(vec![reading(meter, at, 1.0, 10.0)]).await;
    bench.settled().await;
    service::meters::delete(&bench.service, WHO, &meter.into(), "U-1").await.unwrap();
    let by_sql = "INSERT INTO meter_readings (meter_id, \"timestamp\") VALUES ($1, $2)";
    let later = at + TimeDelta::minutes(5);
    sqlx::query(by_sql).bind(meter.0).bind(later).execute(&bench.pool).await.unwrap();
    // As the writer does that took it while there was a meter.
    storage::readings::insert(&bench.pool, &[reading(meter, at, 1.0, 10.0)]).await.unwrap();
    bench.settled().await;
    let left = "SELECT \"timestamp\" FROM meter_readings WHERE meter_id = $1";
    let left: Vec<DateTime<Utc>> =
        sqlx::query_scalar(left).bind(meter.0).fetch_all(&bench.pool).await.unwrap();
    assert_eq!(left, [later], "rows that plain SQL wrote stay");
    bench.stop().await;
}
