//! Data that deleting a meter would lose.

use chrono::{DateTime, Utc};
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
            let said = service::meters::deletion(&bench.service, WHO, &id.into()).await;
            let said = said.map_err(|error| format!("{error:?}"))?;
            if said.parent.as_deref() == parent { Ok(()) } else { Err(format!("{said:?}")) }
        })
        .await;
    }
    bench.stop().await;
}
