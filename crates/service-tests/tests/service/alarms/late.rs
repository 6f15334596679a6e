//! What is stored late is held against the rules by its own time.

use chrono::SubsecRound as _;
use futures::future::join_all;

use super::delivery::{Telling, recipient};
use super::receivers::Hook;
use super::*;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn readings_that_are_stored_late_raise_alarms_at_their_own_time(pool: PgPool) {
    let bench = Bench::start(pool).await;
    an_excursion_while_nothing_could_be_stored_is_told_once_with_its_own_times(&bench).await;
    an_excursion_that_comes_behind_newer_readings_is_told_and_the_present_stays(&bench).await;
    readings_that_come_more_than_a_day_late_raise_no_alarm(&bench).await;
    an_alarm_that_late_readings_show_to_be_over_ends_between_the_limits_too(&bench).await;
    bench.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn readings_of_any_number_and_order_raise_each_alarm_once(pool: PgPool) {
    hasten(&pool).await;
    let slow = "INSERT INTO sites (slug, name) VALUES ('slow', 'Slow') RETURNING id";
    let slow = domain::SiteId(sqlx::query_scalar(slow).fetch_one(&pool).await.unwrap());
    let a_second = "UPDATE alarm_rules SET delay_s = 1 WHERE site_id = $1";
    sqlx::query(a_second).bind(slow.0).execute(&pool).await.unwrap();
    let bench = Bench::start(pool).await;
    a_reading_out_of_order_opens_no_alarm_again_that_is_over(&bench).await;
    ten_thousand_readings_at_once_are_all_looked_at(&bench).await;
    an_excursion_that_is_dated_ahead_of_the_clock_is_told_once_when_its_time_has_come(&bench).await;
    the_last_reading_of_late_ones_holds_no_longer_than_the_next_one_says(&bench, slow).await;
    a_hundred_excursions_of_one_meter_take_no_place_of_others(&bench).await;
    bench.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn readings_that_nobody_looked_at_are_looked_at_after_the_start(pool: PgPool) {
    let bench = rows_of_plain_sql_are_looked_at_each_by_its_time(pool).await;
    readings_stored_before_the_program_fell_are_looked_at_when_it_is_back(bench).await;
}

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

/// Waits until all alarms of the phases of a meter were from when to when, in seconds after an instant.
async fn times(
    bench: &Bench,
    meter: MeterId,
    start: DateTime<Utc>,
    wanted: &[(i64, Option<i64>)],
) -> Vec<Alarm> {
    let second = |at: DateTime<Utc>| (at - start).num_seconds();
    until(&format!("alarms at {wanted:?}"), async || {
        let mut all = alarms(bench, meter, AlarmState::All).await;
        all.retain(|alarm| alarm.kind == Kind::PhaseImbalance);
        all.sort_by_key(|alarm| alarm.raised_at);
        let times: Vec<_> =
            all.iter().map(|it| (second(it.raised_at), it.cleared_at.map(second))).collect();
        if times == wanted { Ok(all) } else { Err(times) }
    })
    .await
}

/// Lets the rules look at all that was stored before: what follows it is looked at.
async fn looked_at(bench: &Bench, number: &str) {
    let id = bench.meter(number, "Unit", None).await;
    bench.submit(readings(id, ago(5), 0..120, 20..60)).await;
    until("the mark", async || {
        let marks = alarms(bench, id, AlarmState::All).await;
        if marks.is_empty() { Err(()) } else { Ok(()) }
    })
    .await;
}

/// Waits until it is noted that all was looked at.
async fn noted(bench: &Bench) {
    sqlx::query("DELETE FROM alarm_looks").execute(&bench.pool).await.unwrap();
    until("that it is noted", async || {
        let count = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM alarm_looks");
        let count = count.fetch_one(&bench.pool).await.unwrap();
        if count > 0 { Ok(()) } else { Err(()) }
    })
    .await;
}

async fn an_excursion_while_nothing_could_be_stored_is_told_once_with_its_own_times(bench: &Bench) {
    let other = bench.meter("A-001", "Unit", None).await;
    let mut hook = Hook::listen(0).await;
    recipient(&bench.service, "default", "webhook", &hook.url, "warning").await;
    let begun = ago(4);
    let mut still = bench.pool.begin().await.unwrap();
    sqlx::query("LOCK TABLE meter_readings IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *still)
        .await
        .unwrap();
    // A meter that is read every five seconds, each reading by itself.
    let rows = readings(other, begun, 0..180, 40..100);
    let stored = join_all(rows.iter().map(|row| bench.submit(vec![row.clone()])));
    let go_on = async {
        let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted \
                     AND relation = 'meter_readings'::regclass)";
        until("that something waits", async || {
            let waits = sqlx::query_scalar::<_, bool>(waits);
            if waits.fetch_one(&mut *still).await.unwrap() { Ok(()) } else { Err(()) }
        })
        .await;
        still.rollback().await.unwrap();
    };
    tokio::join!(stored, go_on);
    // It is beyond the limit for 20 s before it is an alarm, and within it as long before that is over.
    let once = times(bench, other, begun, &[(60, Some(120))]).await;
    let telling = Telling::start(&bench.service, None);
    let (_, raised) = hook.next().await;
    assert_eq!((&raised["event"], &raised["alarm"]["id"]), (&"raised".into(), &once[0].id.into()));
    assert!(raised["alarm"]["clearedAt"].is_null());
    let (_, cleared) = hook.next().await;
    assert_eq!(cleared["event"], "cleared");

    // Repeated, and with what came in between, it is the same excursion.
    bench.submit(rows.clone()).await;
    let between = TimeDelta::milliseconds(2_500);
    let between = rows.iter().map(|row| Reading { at: row.at + between, ..row.clone() });
    bench.submit(between.collect()).await;
    // What was before it is another one.
    bench.submit(readings(other, begun, -60..0, -50..-25)).await;
    let both = times(bench, other, begun, &[(-30, Some(-5)), (60, Some(120))]).await;
    assert_eq!(hook.next().await.1["alarm"]["id"], both[0].id);
    telling.stop().await;
}

async fn an_excursion_that_comes_behind_newer_readings_is_told_and_the_present_stays(
    bench: &Bench,
) {
    let grid = bench.meter("BEHIND", "Grid", None).await;
    let begun = ago(30);
    // The newest come first, as of a gateway that was away: it is uneven until now.
    bench.submit(readings(grid, begun, 1_700..1_800, 1_750..1_800)).await;
    let present = times(bench, grid, begun, &[(1_770, None)]).await;
    // Behind them the rest in two parts, the later part first, each with an excursion in it.
    bench.submit(readings(grid, begun, 1_000..1_700, 1_300..1_400)).await;
    bench.submit(readings(grid, begun, 0..1_000, 300..330)).await;
    let past = [(320, Some(350)), (1_320, Some(1_420))];
    let all = times(bench, grid, begun, &[past[0], past[1], (1_770, None)]).await;
    assert_eq!(all[2].id, present[0].id);
    // The present ends as ever.
    bench.submit(readings(grid, begun, 1_800..1_830, 0..0)).await;
    times(bench, grid, begun, &[past[0], past[1], (1_770, Some(1_820))]).await;
}

async fn a_reading_out_of_order_opens_no_alarm_again_that_is_over(bench: &Bench) {
    let grid = bench.meter("ORDER", "Grid", None).await;
    let begun = ago(10);
    bench.submit(readings(grid, begun, 0..300, 100..200)).await;
    times(bench, grid, begun, &[(100, Some(200))]).await;
    // Late ones of just before its beginning, of within it, and of about its end; and one that is an excursion of its
    // own, which shows that they were looked at.
    let late = [(98, UNEVEN), (148, EVEN), (152, UNEVEN), (198, EVEN), (203, EVEN), (22, UNEVEN)];
    for (second, powers) in late {
        let at = begun + TimeDelta::seconds(second);
        bench.submit(vec![Reading { at, ..phases(grid, powers) }]).await;
    }
    times(bench, grid, begun, &[(22, Some(25)), (100, Some(200))]).await;
}

async fn ten_thousand_readings_at_once_are_all_looked_at(bench: &Bench) {
    let grid = bench.meter("MANY", "Grid", None).await;
    let begun = ago(14 * 60);
    let mut rows = readings(grid, begun, 0..50_000, 2_000..2_100);
    rows[9_000] = Reading { at: rows[9_000].at, ..phases(grid, UNEVEN) };
    bench.submit(rows).await;
    times(bench, grid, begun, &[(2_000, Some(2_100)), (45_000, Some(45_005))]).await;
}

async fn readings_stored_before_the_program_fell_are_looked_at_when_it_is_back(bench: Bench) {
    let grid = bench.meter("FALL", "Grid", None).await;
    let begun = ago(5);
    bench.submit(readings(grid, begun, 0..60, 50..60)).await;
    looked_at(&bench, "MARK").await;
    noted(&bench).await;
    let pool = bench.pool.clone();
    bench.stop().await;
    // It was uneven for ten seconds before, and nobody looks any more.
    storage::readings::insert(&pool, &readings(grid, begun, 60..180, 60..100)).await.unwrap();
    let bench = Bench::start(pool).await;
    // It began before the fall.
    times(&bench, grid, begun, &[(70, Some(120))]).await;
    // Back once more, it raises nothing for the second time.
    let bench = bench.restart().await;
    looked_at(&bench, "MARK-2").await;
    times(&bench, grid, begun, &[(70, Some(120))]).await;
    bench.stop().await;
}

async fn rows_of_plain_sql_are_looked_at_each_by_its_time(pool: PgPool) -> Bench {
    let grid = meter(&pool, "SQL", "Grid", None).await;
    let begun = ago(5);
    for row in readings(grid, begun, 0..240, 100..150) {
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
    let bench = Bench::start(pool).await;
    times(&bench, grid, begun, &[(120, Some(170))]).await;
    // They are looked at once, though their quarter-hour goes on.
    noted(&bench).await;
    bench
}

async fn readings_that_come_more_than_a_day_late_raise_no_alarm(bench: &Bench) {
    let grid = bench.meter("HISTORY", "Grid", None).await;
    let (begun, now) = (ago(25 * 60), ago(5));
    bench.submit(readings(grid, begun, 0..180, 40..100)).await;
    bench.submit(readings(grid, now, 0..180, 40..100)).await;
    bench.submit(readings(grid, begun, 200..400, 240..300)).await;
    looked_at(bench, "MARK").await;
    times(bench, grid, now, &[(60, Some(120))]).await;
}

async fn an_excursion_that_is_dated_ahead_of_the_clock_is_told_once_when_its_time_has_come(
    bench: &Bench,
) {
    let grid = bench.meter("AHEAD", "Grid", None).await;
    let ahead = Utc::now().trunc_subsecs(0) + TimeDelta::seconds(3);
    let row = |at, powers| Reading { at, ..phases(grid, powers) };
    let seconds = TimeDelta::seconds;
    bench.submit(vec![row(ahead - seconds(20), EVEN), row(ahead, UNEVEN)]).await;
    // What is of now comes behind it.
    bench.submit(vec![row(ahead - seconds(3), EVEN)]).await;
    times(bench, grid, ahead, &[(0, None)]).await;
    assert!(Utc::now() >= ahead, "told before its time");
    bench.submit(vec![row(ahead - seconds(1), EVEN), row(Utc::now(), UNEVEN)]).await;
    looked_at(bench, "MARK").await;
    // It goes on.
    times(bench, grid, ahead, &[(0, None)]).await;
}

async fn the_last_reading_of_late_ones_holds_no_longer_than_the_next_one_says(
    bench: &Bench,
    slow: domain::SiteId,
) {
    let mut meters = Vec::new();
    for number in ["LATE", "ON-TIME"] {
        let new = storage::meters::NewMeter::named(slow, number, number, "Grid");
        meters.push(storage::meters::insert(&bench.pool, &new).await.unwrap().id);
    }
    let (grid, other) = (meters[0], meters[1]);
    let begun = ago(5);
    let row = |at: DateTime<Utc>, powers| vec![Reading { at, ..phases(grid, powers) }];
    bench.submit(row(begun, EVEN)).await;
    bench.submit(row(begun + TimeDelta::seconds(10), UNEVEN)).await;
    // One that comes on time holds on: its alarm shows that a second passed.
    show(bench, other, UNEVEN).await;
    raised(bench, other).await;
    times(bench, grid, begun, &[]).await;
    bench.submit(row(begun + TimeDelta::milliseconds(10_500), EVEN)).await;
    looked_at(bench, "MARK-3").await;
    times(bench, grid, begun, &[]).await;
}

async fn an_alarm_that_late_readings_show_to_be_over_ends_between_the_limits_too(bench: &Bench) {
    const BETWEEN: [f64; 3] = [5.9, 5.0, 4.1];
    let grid = bench.meter("BETWEEN", "Grid", None).await;
    let begun = ago(10);
    let all_of = |seconds: std::ops::Range<i64>, powers| {
        let rows = readings(grid, begun, seconds, 0..0);
        rows.into_iter().map(|row| Reading { at: row.at, ..phases(grid, powers) }).collect()
    };
    for (seconds, powers) in
        [(0..10, EVEN), (10..60, UNEVEN), (60..65, BETWEEN), (240..300, BETWEEN)]
    {
        bench.submit(all_of(seconds, powers)).await;
    }
    times(bench, grid, begun, &[(30, None)]).await;
    let late: Vec<Reading> = [all_of(100..140, EVEN), all_of(140..145, BETWEEN)].concat();
    bench.submit(late).await;
    times(bench, grid, begun, &[(30, Some(120))]).await;
}

async fn a_hundred_excursions_of_one_meter_take_no_place_of_others(bench: &Bench) {
    let grid = bench.meter("HUNDRED", "Grid", None).await;
    let other = bench.meter("ONE", "Grid", None).await;
    recipient(&bench.service, "default", "webhook", "http://127.0.0.1:9/", "warning").await;
    let mut rows = readings(grid, ago(60), 0..1_000, 0..0);
    for row in rows.iter_mut().step_by(2) {
        *row = Reading { at: row.at, ..phases(grid, UNEVEN) };
    }
    bench.submit(rows).await;
    until("a hundred alarms", async || {
        let count = alarms(bench, grid, AlarmState::All).await.len();
        if count == 100 { Ok(()) } else { Err(count) }
    })
    .await;
    show(bench, other, UNEVEN).await;
    assert_eq!(raised(bench, other).await.kind, Kind::PhaseImbalance);
    let waiting = "SELECT count(*) FILTER (WHERE alarm.meter_id = $1), count(*) FILTER (WHERE alarm.meter_id = $2) \
                   FROM alarm_outbox JOIN alarms alarm ON alarm.id = alarm_outbox.alarm_id";
    let waiting: (i64, i64) =
        sqlx::query_as(waiting).bind(grid.0).bind(other.0).fetch_one(&bench.pool).await.unwrap();
    assert_eq!(waiting.0, storage::alarms::outbox::MOST_OF_METER);
    assert!(waiting.1 > 0);
}
