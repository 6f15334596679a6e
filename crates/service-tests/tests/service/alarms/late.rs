//! What is stored late is held against the rules by its own time.

use std::time::Duration;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use domain::alarms::{Alarm, Kind};
use domain::{MeterId, Reading};
use futures::future::join_all;
use service::Service;
use service::alarms::AlarmState;
use sqlx::PgPool;

use super::receivers::Hook;
use super::{EVEN, UNEVEN, alarms, hasten, phases, recipient, start, telling};
use crate::meter;

/// Readings of every five seconds from one instant to another, after `start`; those within `uneven` are so.
fn readings(
    meter: MeterId,
    start: DateTime<Utc>,
    seconds: std::ops::Range<i64>,
    uneven: std::ops::Range<i64>,
) -> Vec<Reading> {
    let at = |second: i64| {
        let powers = if uneven.contains(&second) { UNEVEN } else { EVEN };
        Reading { at: start + TimeDelta::seconds(second), ..phases(meter, powers) }
    };
    seconds.step_by(5).map(at).collect()
}

fn ago(minutes: i64) -> DateTime<Utc> {
    Utc::now().trunc_subsecs(0) - TimeDelta::minutes(minutes)
}

/// Waits until all alarms are as wanted, those raised first before others.
async fn all(service: &Service, what: &str, wanted: impl Fn(&[Alarm]) -> bool) -> Vec<Alarm> {
    let mut all = Vec::new();
    for _ in 0..800 {
        all = alarms(service, AlarmState::All).await;
        all.sort_by_key(|alarm| alarm.raised_at);
        if wanted(&all) {
            return all;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("did not happen within 20 s: {what}; there are {all:#?}");
}

/// From when to when alarms were, in seconds after an instant.
fn times(alarms: &[Alarm], start: DateTime<Utc>) -> Vec<(i64, Option<i64>)> {
    let second = |at: DateTime<Utc>| (at - start).num_seconds();
    alarms.iter().map(|it| (second(it.raised_at), it.cleared_at.map(second))).collect()
}

/// Lets the rules look at all that was stored before: what follows it is looked at.
async fn looked_at(pool: &PgPool, service: &Service, tasks: &service::Tasks, number: &str) {
    let id = meter(pool, number, "Unit", None).await;
    let before = alarms(service, AlarmState::All).await.len();
    let rows = readings(id, ago(5), 0..120, 20..60);
    tasks.outbox.submit(rows).await.unwrap();
    all(service, "the mark", |all| all.len() > before && all.iter().any(|it| it.meter_id == id))
        .await;
}

/// Waits until it is noted that all was looked at.
async fn noted(pool: &PgPool) {
    for _ in 0..800 {
        let count = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM alarm_looks");
        if count.fetch_one(pool).await.unwrap() > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("nothing was noted within 20 s");
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_excursion_while_nothing_could_be_stored_is_told_once_with_its_own_times(pool: PgPool) {
    let other = meter(&pool, "A-001", "Unit", None).await;
    let mut hook = Hook::listen(0).await;
    let (service, tasks) = start(&pool).await;
    recipient(&service, "webhook", &hook.url, "warning").await;
    let begun = ago(4);
    let mut still = pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE meter_readings IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *still)
        .await
        .unwrap();
    // A meter that is read every five seconds, each reading by itself.
    let rows = readings(other, begun, 0..180, 40..100);
    let waiting = rows.iter().map(|row| tasks.outbox.submit(vec![row.clone()]));
    let stored = join_all(waiting);
    let go_on = async {
        let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted \
                     AND relation = 'meter_readings'::regclass)";
        while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&mut *still).await.unwrap() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        still.rollback().await.unwrap();
    };
    tokio::join!(stored, go_on);
    let told = all(&service, "an alarm that is over", |all| {
        all.first().is_some_and(|alarm| alarm.cleared_at.is_some())
    })
    .await;
    // It is beyond the limit for 20 s before it is an alarm, and within it as long before that is over.
    assert_eq!(times(&told, begun), [(60, Some(120))]);
    assert_eq!((told[0].kind, told[0].meter_id), (Kind::PhaseImbalance, other));
    let (stop, task) = telling(&service, None);
    let (_, raised) = hook.next().await;
    assert_eq!((&raised["event"], &raised["alarm"]["id"]), (&"raised".into(), &told[0].id.into()));
    assert!(raised["alarm"]["clearedAt"].is_null());
    let (_, cleared) = hook.next().await;
    assert_eq!(cleared["event"], "cleared");

    // Repeated, and with what came in between, it is the same excursion.
    tasks.outbox.submit(rows.clone()).await.unwrap();
    let between = TimeDelta::milliseconds(2_500);
    let between = rows.iter().map(|row| Reading { at: row.at + between, ..row.clone() });
    tasks.outbox.submit(between.collect()).await.unwrap();
    // What was before it is another one.
    tasks.outbox.submit(readings(other, begun, -60..0, -50..-25)).await.unwrap();
    let both = all(&service, "another alarm", |all| all.len() > 1).await;
    assert_eq!(times(&both, begun), [(-30, Some(-5)), (60, Some(120))]);
    assert_eq!(hook.next().await.1["alarm"]["id"], both[0].id);
    stop.cancel();
    task.await;
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_excursion_that_comes_behind_newer_readings_is_told_and_the_present_stays(pool: PgPool) {
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let (service, tasks) = start(&pool).await;
    let begun = ago(30);
    // The newest come first, as of a gateway that was away: it is uneven until now.
    let newest = readings(grid, begun, 1_700..1_800, 1_750..1_800);
    tasks.outbox.submit(newest).await.unwrap();
    let present = all(&service, "an open alarm", |all| all.len() == 1).await;
    assert_eq!(times(&present, begun), [(1_770, None)]);
    // Behind them the rest in two parts, the later part first, each with an excursion in it.
    tasks.outbox.submit(readings(grid, begun, 1_000..1_700, 1_300..1_400)).await.unwrap();
    tasks.outbox.submit(readings(grid, begun, 0..1_000, 300..330)).await.unwrap();
    let told = all(&service, "three alarms", |all| all.len() == 3).await;
    assert_eq!(times(&told, begun), [(320, Some(350)), (1_320, Some(1_420)), (1_770, None)]);
    assert_eq!(told[2].id, present[0].id);
    // The present ends as ever.
    tasks.outbox.submit(readings(grid, begun, 1_800..1_830, 0..0)).await.unwrap();
    let told = all(&service, "the end", |all| all.iter().all(|it| it.cleared_at.is_some())).await;
    assert_eq!(times(&told, begun)[2], (1_770, Some(1_820)));
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_reading_out_of_order_opens_no_alarm_again_that_is_over(pool: PgPool) {
    hasten(&pool).await;
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let (service, tasks) = start(&pool).await;
    let begun = ago(10);
    tasks.outbox.submit(readings(grid, begun, 0..300, 100..200)).await.unwrap();
    let told = all(&service, "an alarm that is over", |all| {
        all.first().is_some_and(|alarm| alarm.cleared_at.is_some())
    })
    .await;
    assert_eq!(times(&told, begun), [(100, Some(200))]);
    // Late ones of just before its beginning, of within it, and of about its end; and one that is an excursion of its
    // own, which shows that they were looked at.
    let late = [(98, UNEVEN), (148, EVEN), (152, UNEVEN), (198, EVEN), (203, EVEN), (22, UNEVEN)];
    for (second, powers) in late {
        let at = begun + TimeDelta::seconds(second);
        tasks.outbox.submit(vec![Reading { at, ..phases(grid, powers) }]).await.unwrap();
    }
    let told = all(&service, "the other alarm", |all| all.len() > 1).await;
    assert_eq!(times(&told, begun), [(22, Some(25)), (100, Some(200))], "told as it was told");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn ten_thousand_readings_at_once_are_all_looked_at(pool: PgPool) {
    hasten(&pool).await;
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let (service, tasks) = start(&pool).await;
    let begun = ago(14 * 60);
    let mut rows = readings(grid, begun, 0..50_000, 2_000..2_100);
    rows[9_000] = Reading { at: rows[9_000].at, ..phases(grid, UNEVEN) };
    tasks.outbox.submit(rows).await.unwrap();
    let told = all(&service, "two alarms", |all| all.len() == 2).await;
    assert_eq!(times(&told, begun), [(2_000, Some(2_100)), (45_000, Some(45_005))]);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_was_stored_before_the_program_fell_is_looked_at_when_it_is_back(pool: PgPool) {
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let (service, tasks) = start(&pool).await;
    let begun = ago(5);
    tasks.outbox.submit(readings(grid, begun, 0..60, 50..60)).await.unwrap();
    looked_at(&pool, &service, &tasks, "MARK").await;
    noted(&pool).await;
    tasks.stop().await;
    // It was uneven for ten seconds before, and nobody looks any more.
    let rows = readings(grid, begun, 60..180, 60..100);
    storage::readings::insert(&pool, &rows).await.unwrap();
    let (service, tasks) = start(&pool).await;
    let is_it = |alarm: &Alarm| alarm.meter_id == grid && alarm.cleared_at.is_some();
    let told = all(&service, "the alarm, which is over", |all| all.iter().any(is_it)).await;
    let told: Vec<_> = told.into_iter().filter(|it| it.meter_id == grid).collect();
    assert_eq!(times(&told, begun), [(70, Some(120))], "it began before the fall");
    tasks.stop().await;
    // Back once more, it tells nothing for the second time.
    let (service, tasks) = start(&pool).await;
    looked_at(&pool, &service, &tasks, "MARK-2").await;
    let again = alarms(&service, AlarmState::All).await;
    assert_eq!(again.iter().filter(|it| it.meter_id == grid).count(), 1, "{again:#?}");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn rows_of_plain_sql_are_looked_at_each_by_its_time(pool: PgPool) {
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let begun = ago(5);
    let rows = readings(grid, begun, 0..240, 100..150);
    for row in &rows {
        sqlx::query(
            "INSERT INTO meter_readings (meter_id, timestamp, active_power_kw_l1, active_power_kw_l2, \
             active_power_kw_l3) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(row.meter.0)
        .bind(row.at)
        .bind(row.values.active_power_kw_l1)
        .bind(row.values.active_power_kw_l2)
        .bind(row.values.active_power_kw_l3)
        .execute(&pool)
        .await
        .unwrap();
    }
    let (service, tasks) = start(&pool).await;
    let told = all(&service, "the alarm", |all| !all.is_empty()).await;
    assert_eq!(times(&told, begun), [(120, Some(170))]);
    // They are looked at once, though their quarter-hour goes on.
    noted(&pool).await;
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_comes_more_than_a_day_late_is_history(pool: PgPool) {
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let (service, tasks) = start(&pool).await;
    let begun = ago(25 * 60);
    tasks.outbox.submit(readings(grid, begun, 0..180, 40..100)).await.unwrap();
    tasks.outbox.submit(readings(grid, ago(5), 0..180, 40..100)).await.unwrap();
    tasks.outbox.submit(readings(grid, begun, 200..400, 240..300)).await.unwrap();
    all(&service, "the alarm of the present", |all| !all.is_empty()).await;
    looked_at(&pool, &service, &tasks, "MARK").await;
    let told = alarms(&service, AlarmState::All).await;
    let told: Vec<_> = told.iter().filter(|it| it.meter_id == grid).collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].raised_at > ago(60));
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_is_dated_ahead_of_the_clock_is_told_once_and_when_its_time_has_come(pool: PgPool) {
    hasten(&pool).await;
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let (service, tasks) = start(&pool).await;
    let ahead = Utc::now().trunc_subsecs(0) + TimeDelta::seconds(3);
    let row = |at, powers| Reading { at, ..phases(grid, powers) };
    let seconds = TimeDelta::seconds;
    tasks.outbox.submit(vec![row(ahead - seconds(20), EVEN), row(ahead, UNEVEN)]).await.unwrap();
    // What is of now comes behind it.
    tasks.outbox.submit(vec![row(ahead - seconds(3), EVEN)]).await.unwrap();
    let told = all(&service, "the alarm", |all| !all.is_empty()).await;
    assert!(Utc::now() >= ahead, "told before its time");
    assert_eq!(times(&told, ahead), [(0, None)]);
    tasks
        .outbox
        .submit(vec![row(ahead - seconds(1), EVEN), row(Utc::now(), UNEVEN)])
        .await
        .unwrap();
    looked_at(&pool, &service, &tasks, "MARK").await;
    let told = alarms(&service, AlarmState::All).await;
    let told: Vec<_> = told.into_iter().filter(|it| it.meter_id == grid).collect();
    assert_eq!(times(&told, ahead), [(0, None)], "it goes on");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_last_reading_of_what_came_late_holds_no_longer_than_the_next_one_says(pool: PgPool) {
    sqlx::query("UPDATE alarm_rules SET delay_s = 1").execute(&pool).await.unwrap();
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let other = meter(&pool, "GRID-002", "Grid", None).await;
    let (service, tasks) = start(&pool).await;
    let begun = ago(5);
    let row = |at: DateTime<Utc>, powers| vec![Reading { at, ..phases(grid, powers) }];
    tasks.outbox.submit(row(begun, EVEN)).await.unwrap();
    tasks.outbox.submit(row(begun + TimeDelta::seconds(10), UNEVEN)).await.unwrap();
    // One that comes on time holds on: its alarm shows that a second passed.
    tasks.outbox.submit(vec![phases(other, UNEVEN)]).await.unwrap();
    let told = all(&service, "an alarm", |all| !all.is_empty()).await;
    assert!(told.iter().all(|it| it.meter_id == other), "{told:#?}");
    let next = begun + TimeDelta::milliseconds(10_500);
    tasks.outbox.submit(row(next, EVEN)).await.unwrap();
    looked_at(&pool, &service, &tasks, "MARK").await;
    let told = alarms(&service, AlarmState::All).await;
    assert!(told.iter().all(|it| it.meter_id != grid), "{told:#?}");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_alarm_that_late_readings_show_to_be_over_ends_between_the_limits_too(pool: PgPool) {
    const BETWEEN: [f64; 3] = [5.9, 5.0, 4.1];
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let (service, tasks) = start(&pool).await;
    let begun = ago(10);
    let all_of = |seconds: std::ops::Range<i64>, powers| {
        let rows = readings(grid, begun, seconds, 0..0);
        rows.into_iter().map(|row| Reading { at: row.at, ..phases(grid, powers) }).collect()
    };
    for (seconds, powers) in
        [(0..10, EVEN), (10..60, UNEVEN), (60..65, BETWEEN), (240..300, BETWEEN)]
    {
        tasks.outbox.submit(all_of(seconds, powers)).await.unwrap();
    }
    let told = all(&service, "an open alarm", |all| !all.is_empty()).await;
    assert_eq!(times(&told, begun), [(30, None)]);
    let late: Vec<Reading> = [all_of(100..140, EVEN), all_of(140..145, BETWEEN)].concat();
    tasks.outbox.submit(late).await.unwrap();
    let told = all(&service, "its end", |all| all[0].cleared_at.is_some()).await;
    assert_eq!(times(&told, begun), [(30, Some(120))]);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_hundred_excursions_of_one_meter_take_no_place_of_others(pool: PgPool) {
    hasten(&pool).await;
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let other = meter(&pool, "GRID-002", "Grid", None).await;
    let (service, tasks) = start(&pool).await;
    recipient(&service, "webhook", "http://127.0.0.1:9/", "warning").await;
    let mut rows = readings(grid, ago(60), 0..1_000, 0..0);
    for row in rows.iter_mut().step_by(2) {
        *row = Reading { at: row.at, ..phases(grid, UNEVEN) };
    }
    tasks.outbox.submit(rows).await.unwrap();
    let of = |id| move |alarm: &&Alarm| alarm.meter_id == id && alarm.kind == Kind::PhaseImbalance;
    all(&service, "a hundred alarms", |all| all.iter().filter(of(grid)).count() == 100).await;
    tasks.outbox.submit(vec![phases(other, UNEVEN)]).await.unwrap();
    all(&service, "the other's alarm", |all| all.iter().any(|it| of(other)(&it))).await;
    let waiting = "SELECT count(*) FILTER (WHERE alarm.meter_id = $1), count(*) FILTER (WHERE alarm.meter_id = $2) \
                   FROM alarm_outbox JOIN alarms alarm ON alarm.id = alarm_outbox.alarm_id";
    let waiting: (i64, i64) =
        sqlx::query_as(waiting).bind(grid.0).bind(other.0).fetch_one(&pool).await.unwrap();
    assert_eq!(waiting.0, storage::alarms::outbox::MOST_OF_METER);
    assert!(waiting.1 > 0);
    tasks.stop().await;
}
