//! Parts of the work that cannot be done hold up no others, are listed, and are tried again.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::month::Month;
use domain::operation::set_aside::Aside;
use domain::operation::task::Work;
use domain::{MeterId, Reading};
use service::losses::power_loss::LossesQuery;
use service::operation::set_aside;
use service::{Principal, Service, Tasks};
use sqlx::{AssertSqlSafe, PgPool};
use storage::operation::set_aside::Part;

use crate::rollup::settled;
use crate::{meter, reading};

const WHO: Principal = Principal::Loopback;

fn at(time: &str) -> DateTime<Utc> {
    format!("2026-05-05T{time}:00Z").parse().unwrap()
}

/// A main meter of 60 kW, all of which goes into the one below it.
struct Plant {
    service: Service,
    tasks: Tasks,
    main: MeterId,
    unit: MeterId,
}

async fn plant(pool: &PgPool) -> Plant {
    let main = meter(pool, "M", "Main", None).await;
    let unit = meter(pool, "C", "Unit", Some(main)).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    Plant { service, tasks, main, unit }
}

/// From 08:00 to five minutes before 11:00.
fn steady(meter: MeterId) -> Vec<Reading> {
    let each = |n: i32| {
        let minutes = 5 * n;
        reading(meter, at("08:00") + TimeDelta::minutes(1) * minutes, 60.0, f64::from(minutes))
    };
    (0..=35).map(each).collect()
}

/// From now on whoever writes such a row fails.
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
    sqlx::raw_sql("DROP FUNCTION forbid CASCADE").execute(pool).await.unwrap();
}

async fn listed(service: &Service) -> Vec<Aside> {
    set_aside::list(service, &WHO, None).await.unwrap()
}

/// Waits until as many meters and schedules are listed.
pub(crate) async fn lists(service: &Service, count: usize) -> Vec<Aside> {
    for _ in 0..600 {
        let found = listed(service).await;
        if found.len() == count {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{count} were not listed within 30 s: {:?}", listed(service).await);
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

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_quarter_hour_that_cannot_be_computed_holds_up_no_other(pool: PgPool) {
    let Plant { service, tasks, main, unit } = plant(&pool).await;
    let poison =
        format!("NEW.meter_id = {unit} AND NEW.bucket_start = '{}'", at("09:15").to_rfc3339());
    forbid(&pool, "energy_intervals", &poison).await;
    tasks.outbox.submit([steady(main), steady(unit)].concat()).await.unwrap();
    settled(&pool).await;
    let aside = listed(&service).await.remove(0);
    // By itself the quarter-hour before it is computed up to the first reading in it.
    assert_eq!(
        (aside.work.as_str(), aside.meter_id, aside.parts),
        ("energy", Some(unit), 2),
        "{aside:?}"
    );
    assert_eq!((aside.first, aside.last), (at("09:00"), at("09:15")));
    assert!(aside.error.contains("poison"), "{}", aside.error);
    assert_eq!(quarters(&pool, main).await.len(), 12);
    let computed = quarters(&pool, unit).await;
    assert_eq!((computed.len(), computed.contains(&at("09:15"))), (11, false), "{computed:?}");

    // What the registers themselves say of a window is right all the same.
    let (from, to) = (Some(at("08:00").into()), Some(at("10:30").into()));
    let asked = LossesQuery { from, to, ..LossesQuery::default() };
    let told = service::losses::power_loss::list(&service, &WHO, asked).await.unwrap().remove(0);
    assert!((told.destination_energy_kwh - 150.0).abs() < 1e-9, "{told:?}");

    allow(&pool).await;
    let tried = set_aside::again(&service, &WHO, &"C".into()).await.unwrap();
    assert_eq!((tried.meter_id, tried.parts), (unit, 2));
    settled(&pool).await;
    assert_eq!(quarters(&pool, unit).await.len(), 12);
    assert_eq!(listed(&service).await, []);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_balance_that_cannot_be_computed_holds_up_no_other(pool: PgPool) {
    let Plant { service, tasks, main, unit } = plant(&pool).await;
    let poison =
        format!("NEW.resolution = '1h' AND NEW.window_start = '{}'", at("09:00").to_rfc3339());
    forbid(&pool, "power_loss_analysis", &poison).await;
    tasks.outbox.submit([steady(main), steady(unit)].concat()).await.unwrap();
    let aside = lists(&service, 1).await.remove(0);
    assert_eq!(
        (aside.work.as_str(), aside.meter_id, aside.first),
        ("hour", Some(main), at("09:00"))
    );
    let day: DateTime<Utc> = "2026-05-05T00:00:00Z".parse().unwrap();
    let others =
        [("1d".to_owned(), day), ("1h".to_owned(), at("08:00")), ("1h".to_owned(), at("10:00"))];
    assert_eq!(balances(&pool, main).await, others);

    allow(&pool).await;
    set_aside::again(&service, &WHO, &"M".into()).await.unwrap();
    lists(&service, 0).await;
    for _ in 0..600 {
        if balances(&pool, main).await.len() == 4 {
            tasks.stop().await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the hour was not balanced within 30 s");
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_virtual_meter_that_cannot_be_written_holds_up_no_other(pool: PgPool) {
    let load = meter(&pool, "L", "Load", None).await;
    let (bad, good) =
        (meter(&pool, "BAD", "Bad", None).await, meter(&pool, "GOOD", "Good", None).await);
    let mut db = pool.begin().await.unwrap();
    for derived in [bad, good] {
        storage::meters::virtual_meters::put(&mut db, derived, &[(load, 2.0)]).await.unwrap();
    }
    db.commit().await.unwrap();
    let poison = format!("NEW.meter_id = {bad} AND NEW.derive_until IS NOT NULL");
    forbid(&pool, "meter_registers", &poison).await;
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    tasks.outbox.submit(steady(load)).await.unwrap();
    let aside = lists(&service, 1).await.remove(0);
    assert_eq!((aside.work.as_str(), aside.meter_id), ("derived", Some(bad)));
    settled(&pool).await;
    assert_eq!(quarters(&pool, good).await.len(), 12);

    allow(&pool).await;
    set_aside::again(&service, &WHO, &"BAD".into()).await.unwrap();
    for _ in 0..600 {
        if quarters(&pool, bad).await.len() == 12 {
            assert_eq!(listed(&service).await, []);
            tasks.stop().await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the virtual meter was not written within 30 s");
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_failed_under_another_version_is_tried_again_at_the_start(pool: PgPool) {
    let id = meter(&pool, "M", "Main", None).await;
    let (schedule,): (i64,) = sqlx::query_as(
        "INSERT INTO report_schedules (site_id, addresses, day, hour, next_month) \
         VALUES (1, '{a@plant.example}', 1, 6, '2100-01-01') RETURNING id",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    let month: Month = "2025-05".parse().unwrap();
    let mut connection = pool.acquire().await.unwrap();
    let energy = Part::of_meter(Work::Energy, id, at("09:00"));
    for part in [energy, Part::bill(id, month), Part::report(schedule, month)] {
        storage::operation::set_aside::put(
            &mut connection,
            part,
            3,
            &domain::message::Message::foreign("a fault of old"),
            "0.0.0",
        )
        .await
        .unwrap();
    }
    storage::reports::schedules::queue(&mut connection, schedule, month).await.unwrap();
    // Whoever asks for a report has it tried at once.
    assert!(
        !storage::operation::set_aside::holds(&mut *connection, Part::report(schedule, month))
            .await
            .unwrap()
    );
    let report = Part::report(schedule, month);
    storage::operation::set_aside::put(
        &mut connection,
        report,
        3,
        &domain::message::Message::foreign("a fault of old"),
        "0.0.0",
    )
    .await
    .unwrap();
    assert_eq!(storage::reports::outbox::take(&pool).await.unwrap(), None);
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    lists(&service, 0).await;
    let mail = storage::reports::outbox::take(&pool).await.unwrap().unwrap();
    assert_eq!((mail.schedule, mail.month), (schedule, month));
    let drafts = storage::bills::draft_ids(&pool, &[id], month).await.unwrap();
    assert!(drafts.contains_key(&id), "{drafts:?}");
    tasks.stop().await;
}
