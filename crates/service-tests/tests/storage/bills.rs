use domain::bills::RunState;
use domain::message::Message;
use domain::month::Month;
use sqlx::PgPool;
use storage::bills::{self, runs};
use storage::{Error, sites};

use crate::world::{add_meter, run_sql};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_cannot_be_read_of_bills_is_named(pool: PgPool) {
    a_bill_of_an_unknown_side_is_nobodys(&pool).await;
    a_run_says_why_it_failed_and_leaves_out_for_known_reasons(&pool).await;
}

fn may() -> Month {
    "2026-05".parse().unwrap()
}

/// The column that an error names.
fn column<T: std::fmt::Debug>(read: Result<T, Error>) -> String {
    match read {
        Err(Error::Unreadable { column, .. }) => column,
        other => panic!("{other:?}"),
    }
}

async fn a_bill_of_an_unknown_side_is_nobodys(pool: &PgPool) {
    let meter = add_meter(pool, "M-1", None).await;
    run_sql(pool, "ALTER TABLE bills DROP CONSTRAINT bills_side_known").await.unwrap();
    sqlx::query(
        "INSERT INTO bills (site_id, meter_id, month, generated_at, side, consumed_kwh, produced_kwh, \
             coverage, estimated_kwh, amount_due, content, digest) \
         VALUES ($1, $2, '2026-05-01', now(), 'neighbour', 0, 0, 1, 0, 0, '{}', '')",
    )
    .bind(sites::DEFAULT.0)
    .bind(meter.id.0)
    .execute(pool)
    .await
    .unwrap();
    assert_eq!(column(bills::list(pool, sites::DEFAULT, None, None).await), "side");
}

async fn a_run_says_why_it_failed_and_leaves_out_for_known_reasons(pool: &PgPool) {
    let meter = add_meter(pool, "M-2", None).await;
    let run = runs::begin(pool, sites::DEFAULT, may(), true, 1, "me").await.unwrap().unwrap();
    let why = Message::from(domain::operation::unable::Unable::Internal);
    runs::end(pool, run.id, RunState::Failed, Some(&why)).await.unwrap();
    let stored = runs::by_id(pool, run.id).await.unwrap().unwrap();
    assert_eq!((stored.state, stored.problem), (RunState::Failed, Some(why)));

    sqlx::query("INSERT INTO bill_run_omissions (run_id, meter_id, reason) VALUES ($1, $2, $3)")
        .bind(run.id)
        .bind(meter.id.0)
        .bind("retired")
        .execute(pool)
        .await
        .unwrap();
    assert_eq!(runs::left_out(pool, run.id).await.unwrap().len(), 1);
    let constraint =
        "ALTER TABLE bill_run_omissions DROP CONSTRAINT bill_run_omissions_reason_known";
    run_sql(pool, constraint).await.unwrap();
    run_sql(pool, "UPDATE bill_run_omissions SET reason = 'asleep'").await.unwrap();
    assert_eq!(column(runs::left_out(pool, run.id).await), "reason");
    run_sql(pool, "ALTER TABLE bill_runs DROP CONSTRAINT bill_runs_state_known").await.unwrap();
    run_sql(pool, "UPDATE bill_runs SET state = 'asleep'").await.unwrap();
    assert_eq!(column(runs::by_id(pool, run.id).await), "state");
}
