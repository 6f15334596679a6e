//! Parts of the work that cannot be done hold up no others, are listed, and are tried again.

use chrono::{DateTime, TimeDelta, Utc};
use domain::month::Month;
use domain::operation::set_aside::Aside;
use domain::operation::task::Work;
use domain::{MeterId, Reading, SiteSlug};
use service::Service;
use service::losses::power_loss::LossesQuery;
use service::operation::set_aside;
use sqlx::{AssertSqlSafe, PgPool};
use storage::operation::set_aside::Part;

use crate::bench::{Bench, WHO, until};
use crate::{meter, reading};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn work_that_cannot_be_done_stands_aside(pool: PgPool) {
    let bench = parts_that_failed_under_another_version_are_tried_again_at_the_start(pool).await;
    a_quarter_hour_that_cannot_be_computed_holds_up_no_other(&bench).await;
    a_balance_that_cannot_be_computed_holds_up_no_other(&bench).await;
    a_virtual_meter_that_cannot_be_written_holds_up_no_other(&bench).await;
    bench.stop().await;
}

fn at(time: &str) -> DateTime<Utc> {
    format!("2026-05-05T{time}:00Z").parse().unwrap()
}

/// A main meter of 60 kW, all of which goes into the one below it.
async fn plant(bench: &Bench, name: &str) -> [MeterId; 2] {
    let main = bench.meter(&format!("{name} M"), "Main", None).await;
    [main, bench.meter(&format!("{name} C"), "Unit", Some(main)).await]
}

fn site() -> SiteSlug {
    "default".into()
}

/// From 08:00 to five minutes before 11:00.
fn steady(meter: MeterId) -> Vec<Reading> {
    let each = |n: i32| {
        let minutes = 5 * n;
        reading(meter, at("08:00") + TimeDelta::minutes(1) * minutes, 60.0, f64::from(minutes))
    };
    (0..=35).map(each).collect()
}

/// From now on each statement that writes such a row fails.
pub(crate) async fn forbid(pool: &PgPool, table: &str, rows: &str) {
    let forbid = format!(
        "CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'this row is poison'; END $$; \
         CREATE TRIGGER forbidden BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW \
             WHEN ({rows}) EXECUTE FUNCTION forbid()"
    );
    sqlx::raw_sql(AssertSqlSafe(forbid)).execute(pool).await.unwrap();
}

pub(crate) async fn allow(pool: &PgPool) {
    let allow = "SET LOCAL lock_timeout = '100ms'; DROP FUNCTION forbid CASCADE";
    // Balances are computed in a transaction that asks for prices on another connection: whoever waited for its end
    // would hold that up.
    until("rows can be written again", async || {
        let mut transaction = pool.begin().await?;
        sqlx::raw_sql(allow).execute(&mut *transaction).await?;
        transaction.commit().await
    })
    .await;
}

/// Waits until as many meters and schedules of a site are listed.
pub(crate) async fn lists(service: &Service, site: &SiteSlug, count: usize) -> Vec<Aside> {
    until(&format!("{count} are listed"), async || {
        let found = set_aside::list(service, WHO, Some(site)).await.unwrap();
        if found.len() == count { Ok(found) } else { Err(found) }
    })
    .await
}

async fn quarters(pool: &PgPool, meter: MeterId) -> Vec<DateTime<Utc>> {
    let rows: Vec<(DateTime<Utc>,)> = sqlx::query_as(
        "SELECT bucket_start FROM energy_intervals WHERE meter_id = $1 ORDER BY bucket_start",
    )
    .bind(meter.0)
    .fetch_all(pool)
    .await
    .unwrap();
    rows.into_iter().map(|(start,)| start).collect()
}

async fn balances(pool: &PgPool, node: MeterId) -> Vec<(String, DateTime<Utc>)> {
    sqlx::query_as(
        "SELECT resolution, window_start FROM power_loss_analysis WHERE meter_id = $1 \
         ORDER BY resolution, window_start",
    )
    .bind(node.0)
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn a_quarter_hour_that_cannot_be_computed_holds_up_no_other(bench: &Bench) {
    let [main, unit] = plant(bench, "quarter").await;
    let poison =
        format!("NEW.meter_id = {unit} AND NEW.bucket_start = '{}'", at("09:15").to_rfc3339());
    forbid(&bench.pool, "energy_intervals", &poison).await;
    bench.submit([steady(main), steady(unit)].concat()).await;
    bench.settled().await;
    let aside = lists(&bench.service, &site(), 1).await.remove(0);
    // By itself the quarter-hour before it is computed up to the first reading in it.
    assert_eq!(
        (aside.work.as_str(), aside.meter_id, aside.parts),
        ("energy", Some(unit), 2),
        "{aside:?}"
    );
    assert_eq!((aside.first, aside.last), (at("09:00"), at("09:15")));
    assert!(aside.error.contains("poison"), "{}", aside.error);
    assert_eq!(quarters(&bench.pool, main).await.len(), 12);
    let computed = quarters(&bench.pool, unit).await;
    assert_eq!((computed.len(), computed.contains(&at("09:15"))), (11, false), "{computed:?}");

    // What the registers themselves say of a window is right all the same.
    let (from, to) = (Some(at("08:00").into()), Some(at("10:30").into()));
    let node = main.into();
    let asked = LossesQuery { parent: Some(&node), from, to, ..LossesQuery::default() };
    let told =
        service::losses::power_loss::list(&bench.service, WHO, asked).await.unwrap().remove(0);
    assert!((told.destination_energy_kwh - 150.0).abs() < 1e-9, "{told:?}");

    allow(&bench.pool).await;
    let tried = set_aside::again(&bench.service, WHO, &unit.into()).await.unwrap();
    assert_eq!((tried.meter_id, tried.parts), (unit, 2));
    bench.settled().await;
    assert_eq!(quarters(&bench.pool, unit).await.len(), 12);
    lists(&bench.service, &site(), 0).await;
}

async fn a_balance_that_cannot_be_computed_holds_up_no_other(bench: &Bench) {
    let [main, unit] = plant(bench, "balance").await;
    let poison = format!(
        "NEW.meter_id = {main} AND NEW.resolution = '1h' AND NEW.window_start = '{}'",
        at("09:00").to_rfc3339()
    );
    forbid(&bench.pool, "power_loss_analysis", &poison).await;
    bench.submit([steady(main), steady(unit)].concat()).await;
    let aside = lists(&bench.service, &site(), 1).await.remove(0);
    assert_eq!(
        (aside.work.as_str(), aside.meter_id, aside.first),
        ("hour", Some(main), at("09:00"))
    );
    let day: DateTime<Utc> = "2026-05-05T00:00:00Z".parse().unwrap();
    let others =
        [("1d".to_owned(), day), ("1h".to_owned(), at("08:00")), ("1h".to_owned(), at("10:00"))];
    until("the others are balanced", async || {
        let found = balances(&bench.pool, main).await;
        if found == others { Ok(()) } else { Err(found) }
    })
    .await;

    allow(&bench.pool).await;
    set_aside::again(&bench.service, WHO, &main.into()).await.unwrap();
    lists(&bench.service, &site(), 0).await;
    until("the hour is balanced", async || {
        let found = balances(&bench.pool, main).await;
        if found.len() == 4 { Ok(()) } else { Err(found) }
    })
    .await;
}

async fn a_virtual_meter_that_cannot_be_written_holds_up_no_other(bench: &Bench) {
    let load = bench.meter("L", "Load", None).await;
    let (bad, good) =
        (bench.meter("BAD", "Bad", None).await, bench.meter("GOOD", "Good", None).await);
    let mut db = bench.pool.begin().await.unwrap();
    for derived in [bad, good] {
        storage::meters::virtual_meters::put(&mut db, derived, &[(load, 2.0)]).await.unwrap();
    }
    db.commit().await.unwrap();
    let poison = format!("NEW.meter_id = {bad} AND NEW.derive_until IS NOT NULL");
    forbid(&bench.pool, "meter_registers", &poison).await;
    bench.submit(steady(load)).await;
    let aside = lists(&bench.service, &site(), 1).await.remove(0);
    assert_eq!((aside.work.as_str(), aside.meter_id), ("derived", Some(bad)));
    bench.settled().await;
    assert_eq!(quarters(&bench.pool, good).await.len(), 12);

    allow(&bench.pool).await;
    set_aside::again(&bench.service, WHO, &bad.into()).await.unwrap();
    until("the virtual meter is written", async || {
        let found = quarters(&bench.pool, bad).await;
        if found.len() == 12 { Ok(()) } else { Err(found) }
    })
    .await;
    lists(&bench.service, &site(), 0).await;
}

async fn parts_that_failed_under_another_version_are_tried_again_at_the_start(
    pool: PgPool,
) -> Bench {
    let id = meter(&pool, "OLD", "Main", None).await;
    let schedule: i64 = sqlx::query_scalar(
        "INSERT INTO report_schedules (site_id, addresses, day, hour, next_month) \
         VALUES (1, '{a@plant.example}', 1, 6, '2100-01-01') RETURNING id",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    let month: Month = "2025-05".parse().unwrap();
    let mut db = pool.acquire().await.unwrap();
    let error = domain::message::Message::foreign("a fault of old");
    let (energy, report) =
        (Part::of_meter(Work::Energy, id, at("09:00")), Part::report(schedule, month));
    for part in [energy, Part::bill(id, month), report] {
        storage::operation::set_aside::put(&mut db, part, 3, &error, "0.0.0").await.unwrap();
    }
    storage::reports::schedules::queue(&mut db, schedule, month).await.unwrap();
    // A report that a person asks for is tried at once.
    assert!(!storage::operation::set_aside::holds(&mut *db, report).await.unwrap());
    storage::operation::set_aside::put(&mut db, report, 3, &error, "0.0.0").await.unwrap();
    drop(db);
    assert_eq!(storage::reports::outbox::take(&pool).await.unwrap(), None);
    let bench = Bench::start(pool).await;
    lists(&bench.service, &site(), 0).await;
    let mail = storage::reports::outbox::take(&bench.pool).await.unwrap().unwrap();
    assert_eq!((mail.schedule, mail.month), (schedule, month));
    let drafts = storage::bills::draft_ids(&bench.pool, &[id], month).await.unwrap();
    assert!(drafts.contains_key(&id), "{drafts:?}");
    bench
}
