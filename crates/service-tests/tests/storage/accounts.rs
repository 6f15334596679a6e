//! What people enter beside the registry, and what it sets going.

use chrono::{DateTime, Utc};
use domain::energy::interval::{Decision, Outlier, Quarantined, Question};
use domain::{Field, MeterId, Values};
use sqlx::PgPool;
use storage::energy::outliers::{self, OutliersFilter};
use storage::energy::quarantine;
use storage::energy::quarantine::State;
use storage::meters::virtual_meters;
use storage::readings::{self, corrections};
use storage::recount::requeue;
use storage::sites;
use storage::span::Span;

use crate::world::{add_meter, at, reading, run_sql};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_people_enter_sets_going_what_it_changes(pool: PgPool) {
    a_change_sets_going_all_quarter_hours_between_its_neighbours(&pool).await;
    a_run_replaces_what_nobody_decided_about_and_keeps_the_rest(&pool).await;
    a_run_of_its_beginning_says_no_less_of_a_step_that_goes_on(&pool).await;
    outliers_of_a_run_replace_those_that_nobody_decided_about(&pool).await;
    the_newest_correction_of_a_value_counts(&pool).await;
    a_circle_of_sums_is_seen(&pool).await;
}

/// Quarter-hours that wait to be computed, by their time of day.
async fn queued(pool: &PgPool) -> Vec<String> {
    let rows: Vec<(DateTime<Utc>,)> =
        sqlx::query_as("SELECT bucket_start FROM rollup_queue ORDER BY bucket_start")
            .fetch_all(pool)
            .await
            .unwrap();
    run_sql(pool, "DELETE FROM rollup_queue").await.unwrap();
    rows.into_iter().map(|(at,)| at.format("%H:%M").to_string()).collect()
}

async fn around(pool: &PgPool, meter: MeterId, instant: &str) -> Vec<String> {
    let mut db = pool.begin().await.unwrap();
    requeue::around(&mut db, meter, at(instant)).await.unwrap();
    db.commit().await.unwrap();
    queued(pool).await
}

async fn a_change_sets_going_all_quarter_hours_between_its_neighbours(pool: &PgPool) {
    let meter = add_meter(pool, "M-1", None).await.id;
    assert_eq!(around(pool, meter, "2026-05-01T10:20:00Z").await, ["10:15"], "no readings at all");
    let rows = ["10:00", "10:10", "11:05", "11:10"]
        .map(|time| reading(meter.0, &format!("2026-05-01T{time}:00Z"), 1.0, 1.0));
    readings::insert(pool, &rows).await.unwrap();
    queued(pool).await;
    let gap = ["10:00", "10:15", "10:30", "10:45", "11:00"];
    assert_eq!(around(pool, meter, "2026-05-01T10:20:00Z").await, gap, "the gap is filled anew");
    assert_eq!(
        around(pool, meter, "2026-05-01T10:10:00Z").await,
        gap,
        "a reading has two neighbours"
    );
    assert_eq!(around(pool, meter, "2026-05-01T10:00:00Z").await, ["10:00"]);
    assert_eq!(around(pool, meter, "2026-05-01T11:40:00Z").await, ["11:00", "11:15", "11:30"]);
    assert_eq!(
        around(pool, meter, "2026-05-01T08:00:00Z").await,
        ["08:00", "10:00"],
        "nothing before"
    );
}

fn step(time: &str, value: f64) -> Quarantined {
    Quarantined {
        at: at(time),
        field: Field::TotalEnergyKwh,
        kind: Question::Step,
        previous_at: at("2026-05-01T09:00:00Z"),
        previous: 1.0,
        value,
        delta: value - 1.0,
        plausible: 10.0,
        rated_kw: None,
        needed_kw: None,
        last_at: at(time),
        decision: None,
    }
}

async fn a_run_of_its_beginning_says_no_less_of_a_step_that_goes_on(pool: &PgPool) {
    let meter = add_meter(pool, "M-STEP", None).await.id;
    let first = step("2026-05-01T10:10:00Z", 100.0);
    let (kind, rated_kw, needed_kw) = (Question::BeyondRated, Some(5.0), Some(20.0));
    let shown = async |from: &str, to: &str, last: &str, value: f64| {
        let (last_at, delta) = (at(last), value - first.previous);
        let found = Quarantined { kind, rated_kw, needed_kw, last_at, value, delta, ..first };
        let mut db = pool.begin().await.unwrap();
        let span = Span { meter, from: at(from), to: at(to) };
        quarantine::record(&mut db, &[(span, &[found])]).await.unwrap();
        db.commit().await.unwrap();
        let held = quarantine::list(pool, sites::DEFAULT, Some(meter), None).await.unwrap();
        held[0].step.delta.to_string()
    };
    let [ten, eleven, noon] = ["10:00", "11:00", "12:00"].map(|t| format!("2026-05-01T{t}:00Z"));
    let [soon, late] = ["10:58", "11:40"].map(|t| format!("2026-05-01T{t}:00Z"));
    assert_eq!(shown(&ten, &eleven, &soon, 109.0).await, "108");
    assert_eq!(shown(&eleven, &noon, &late, 121.0).await, "120");
    assert_eq!(shown(&ten, &eleven, &soon, 109.0).await, "120", "a run of its beginning alone");
    assert_eq!(shown(&eleven, &noon, &soon, 109.0).await, "108", "its last reading is no more");
}

async fn a_run_replaces_what_nobody_decided_about_and_keeps_the_rest(pool: &PgPool) {
    let meter = add_meter(pool, "M-2", None).await.id;
    let record = async |found: &[Quarantined]| {
        let mut db = pool.begin().await.unwrap();
        let (from, to) = (at("2026-05-01T10:00:00Z"), at("2026-05-01T11:00:00Z"));
        quarantine::record(&mut db, &[(Span { meter, from, to }, found)]).await.unwrap();
        db.commit().await.unwrap();
    };
    let held = async || quarantine::list(pool, sites::DEFAULT, None, None).await.unwrap();
    let [first, second] =
        [step("2026-05-01T10:10:00Z", 100.0), step("2026-05-01T10:20:00Z", 200.0)];
    record(&[first, second]).await;
    let before = held().await;
    assert_eq!(before.iter().map(|held| held.step).collect::<Vec<_>>(), [second, first]);
    let n = before[1].n;
    assert!(quarantine::decide(pool, n, Decision::Accept).await.unwrap());

    let kind = Question::BeyondRated;
    let (rated_kw, needed_kw) = (Some(5.0), Some(20.0));
    record(&[Quarantined { value: 201.0, kind, rated_kw, needed_kw, ..second }]).await;
    let after = held().await;
    assert_eq!((after[0].n, after[0].step.value), (before[0].n, 201.0), "it keeps its number");
    let Quarantined { kind: asked, rated_kw: rated, needed_kw: needed, .. } = after[0].step;
    assert_eq!((asked, rated, needed), (kind, rated_kw, needed_kw));
    assert_eq!((after[1].n, after[1].step.decision), (n, Some(Decision::Accept)));
    record(&[]).await;
    assert_eq!(held().await.iter().map(|held| held.n).collect::<Vec<_>>(), [n]);
    let open = quarantine::list(pool, sites::DEFAULT, None, Some(State::Open)).await.unwrap();
    assert!(open.is_empty());
    let meters = [meter, MeterId(99)];
    let decisions = quarantine::decisions(pool, &meters).await.unwrap();
    assert_eq!(decisions.len(), 1);
    let about = |step: &Quarantined| decisions[&meter].about(step.at, step.field, &step.into());
    assert_eq!(about(&first), Some(Decision::Accept));

    let another = Quarantined { value: 800.0, ..first };
    assert_eq!(about(&another), None);
    record(&[another]).await;
    let states: Vec<_> = held().await.iter().map(|held| (held.step.value, held.decision)).collect();
    assert_eq!(states.len(), 2, "it waits beside the one that was decided: {states:?}");
    record(&[Quarantined { decision: Some(Decision::Accept), ..first }]).await;
    assert_eq!(held().await.iter().map(|held| held.n).collect::<Vec<_>>(), [n]);
}

async fn outliers_of_a_run_replace_those_that_nobody_decided_about(pool: &PgPool) {
    let meter = add_meter(pool, "M-5", None).await.id;
    let outlier = |time: &str, value: f64| Outlier {
        at: at(&format!("2026-05-01T{time}:00Z")),
        field: Field::TotalEnergyKwh,
        value,
    };
    let (from, to) = (at("2026-05-01T10:00:00Z"), at("2026-05-01T11:00:00Z"));
    let record = async |found: &[Outlier]| {
        let mut db = pool.begin().await.unwrap();
        outliers::record(&mut db, &[(Span { meter, from, to }, found)]).await.unwrap();
        db.commit().await.unwrap();
    };
    let kept = async || {
        let filter = OutliersFilter { meter: Some(meter), limit: 10, ..OutliersFilter::default() };
        let kept = outliers::list(pool, sites::DEFAULT, &filter).await.unwrap();
        kept.into_iter().map(|kept| (kept.at, kept.value, kept.decision)).collect::<Vec<_>>()
    };
    let [a, b, c] = [outlier("10:10", 0.0), outlier("10:20", 0.0), outlier("10:30", 7.0)];
    let is_open = |of: Outlier| (of.at, of.value, None);
    record(&[a, b, outlier("11:00", 0.0)]).await;
    assert_eq!(kept().await, [is_open(b), is_open(a)], "what is not of the span is left to others");
    record(&[b, c]).await;
    assert_eq!(kept().await, [is_open(c), is_open(b)]);
    outliers::decide(pool, meter, b, Decision::Accept).await.unwrap();
    record(&[c]).await;
    assert_eq!(kept().await, [is_open(c), (b.at, b.value, Some(Decision::Accept))]);
    assert_eq!(outliers::counts(pool, &[meter], from, to).await.unwrap()[&meter], 1);
    assert_eq!(outliers::count(pool).await.unwrap(), 1);

    let decisions = outliers::decisions(pool, &[meter, MeterId(99)]).await.unwrap();
    assert_eq!(decisions, [(meter, b, Decision::Accept)]);

    let before = kept().await;
    outliers::decide(pool, meter, a, Decision::Reject).await.unwrap();
    assert_eq!(kept().await.len(), 3);
    for undone in [a, c] {
        outliers::undo(pool, meter, undone).await.unwrap();
        assert_eq!(kept().await, before, "what nobody decided about stays");
    }

    let frozen = "INSERT INTO meter_registers (meter_id, frozen_to) \
         SELECT id, '2026-05-01T10:25:00Z' FROM energy_meters WHERE meter_number = 'M-5'";
    run_sql(pool, frozen).await.unwrap();
    outliers::delete_frozen(pool, &[meter]).await.unwrap();
    assert_eq!(kept().await, [is_open(c)]);
}

async fn the_newest_correction_of_a_value_counts(pool: &PgPool) {
    let meter = add_meter(pool, "M-3", None).await.id;
    let enter = async |field, value| {
        let at = at("2026-05-01T10:00:00Z");
        let correction = corrections::Correction { meter, at, field, value };
        corrections::insert(pool, &correction, "misread").await.unwrap().n
    };
    enter(Field::TotalEnergyKwh, Some(1.0)).await;
    let second = enter(Field::TotalEnergyKwh, None).await;
    enter(Field::VoltageL1, Some(230.0)).await;
    let of = async |from: &str, to: &str| {
        let found = corrections::of(pool, &[meter], at(from), at(to)).await.unwrap();
        let mut values = Values { total_energy_kwh: Some(9.0), ..Values::default() };
        for correction in found {
            values.set(correction.field, correction.value);
        }
        (values.total_energy_kwh, values.voltage_l1)
    };
    let hour = ("2026-05-01T10:00:00Z", "2026-05-01T11:00:00Z");
    assert_eq!(of(hour.0, hour.1).await, (None, Some(230.0)));
    assert_eq!(of("2026-05-01T09:00:00Z", hour.0).await, (Some(9.0), None), "half open");
    corrections::undo(pool, meter, second).await.unwrap().unwrap();
    assert_eq!(of(hour.0, hour.1).await, (Some(1.0), Some(230.0)));
    assert!(corrections::undo(pool, meter, second).await.unwrap().is_none());
}

async fn a_circle_of_sums_is_seen(pool: &PgPool) {
    let [a, b, c] = [
        add_meter(pool, "A", None).await.id,
        add_meter(pool, "B", None).await.id,
        add_meter(pool, "C", None).await.id,
    ];
    let mut db = pool.begin().await.unwrap();
    virtual_meters::put(&mut db, a, &[(b, 1.0)]).await.unwrap();
    virtual_meters::put(&mut db, b, &[(c, 1.0)]).await.unwrap();
    assert!(!virtual_meters::closes_cycle(&mut db, a).await.unwrap());
    virtual_meters::put(&mut db, c, &[(a, -1.0)]).await.unwrap();
    assert!(virtual_meters::closes_cycle(&mut db, a).await.unwrap());
    db.commit().await.unwrap();
    let always = |terms| vec![virtual_meters::Version { from: None, to: None, terms }];
    let expected =
        [(a, always(vec![(b, 1.0)])), (b, always(vec![(c, 1.0)])), (c, always(vec![(a, -1.0)]))];
    assert_eq!(virtual_meters::all(pool).await.unwrap(), expected);
}
