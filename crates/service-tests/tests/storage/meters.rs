use chrono::{DateTime, TimeDelta, Utc};
use domain::meters::{ImportRegister, LoadRole, Meter, PhaseType};
use domain::{MeterId, SiteId};
use sqlx::PgPool;
use storage::meters::placements::Placement;
use storage::meters::{self, NewMeter};
use storage::{Error, sites};

use crate::world::{
    add_main, add_meter, add_site, at, constraint, new_meter, reading, refusal, run_sql,
};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_tree_of_meters_stays_a_tree(pool: PgPool) {
    a_meter_comes_back_as_it_was_stored(&pool).await;
    a_number_is_unique_in_its_site_only(&pool).await;
    a_meter_that_makes_no_sense_is_refused_by_the_name_of_the_rule(&pool).await;
    levels_follow_the_parent_and_go_deeper_than_four(&pool).await;
    a_parent_that_does_not_fit_is_refused(&pool).await;
    plain_sql_is_held_to_the_same_tree(&pool).await;
    a_move_takes_the_levels_of_the_subtree_along(&pool).await;
    a_move_with_a_date_keeps_the_past_and_one_without_corrects_it(&pool).await;
    another_type_with_a_date_keeps_the_past_and_one_without_corrects_it(&pool).await;
    a_move_leaves_the_types_as_they_were(&pool).await;
    a_meter_with_live_children_can_neither_retire_nor_be_deleted(&pool).await;
    a_meter_knows_whether_it_was_ever_read(&pool).await;
    two_moves_that_make_a_cycle_together_do_not_both_pass(&pool).await;
}

async fn level(pool: &PgPool, meter: &Meter) -> i16 {
    meters::by_id(pool, meter.id).await.unwrap().unwrap().level
}

/// Parents of a meter with the time since when, or none for "always".
async fn placements(
    pool: &PgPool,
    meter: &Meter,
) -> Vec<(Option<i64>, bool, Option<DateTime<Utc>>)> {
    sqlx::query_as(
        "SELECT parent_meter_id, feeds_parent, \
             CASE WHEN isfinite(valid_from) THEN valid_from END \
         FROM meter_placements WHERE meter_id = $1 ORDER BY valid_from",
    )
    .bind(meter.id.0)
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn a_meter_comes_back_as_it_was_stored(pool: &PgPool) {
    let parent = add_meter(pool, "PS-001", None).await;
    let new = NewMeter {
        level: Some(4),
        parent: Some(parent.id),
        feeds_parent: true,
        area: Some("Hall 1".into()),
        location: Some("Bay 3".into()),
        load_role: LoadRole::Solar,
        phase_type: Some(PhaseType::Three),
        rated_power_kw: Some(50.0),
        accuracy_class: Some(0.5),
        register_modulus_kwh: Some(1e6),
        register_step_kwh: Some(0.1),
        import_register: Some(ImportRegister::Import),
        latitude: Some(18.5),
        longitude: Some(73.8),
        installed_at: Some(at("2025-02-03T04:05:06Z")),
        ..NewMeter::named(sites::DEFAULT, "PV-1", "Roof", "Solar")
    };
    let stored = meters::insert(pool, &new).await.unwrap();
    assert_eq!((stored.level, stored.load_role), (4, LoadRole::Solar));
    assert_eq!(stored.import_register, Some(ImportRegister::Import));
    assert_eq!(stored.installed_at, new.installed_at);
    let found = meters::by_number(pool, sites::DEFAULT, "PV-1").await.unwrap();
    assert_eq!(found.as_ref(), Some(&stored));
    let uuid = meters::uuid_of(pool, stored.id).await.unwrap().unwrap();
    assert_eq!(meters::by_uuid(pool, uuid).await.unwrap().as_ref(), Some(&stored));

    let changed = Meter { name: "West roof".into(), phase_type: None, ..stored };
    assert_eq!(meters::update(pool, &changed, None).await.unwrap().as_ref(), Some(&changed));
    assert_eq!(meters::by_id(pool, changed.id).await.unwrap().as_ref(), Some(&changed));
    let unknown = Meter { id: MeterId(9_999), number: "PV-99".into(), ..changed };
    assert_eq!(meters::update(pool, &unknown, None).await.unwrap(), None);
    assert_eq!(meters::uuid_of(pool, unknown.id).await.unwrap(), None);
}

async fn a_number_is_unique_in_its_site_only(pool: &PgPool) {
    add_meter(pool, "M-1", None).await;
    let again = meters::insert(pool, &new_meter("M-1", None)).await;
    assert_eq!(constraint(again), "energy_meters_number_key");
    let site = add_site(pool, "numbers").await;
    let elsewhere = NewMeter { site, ..new_meter("M-1", None) };
    let stored = meters::insert(pool, &elsewhere).await.unwrap();
    assert_eq!(meters::list(pool, site, true).await.unwrap(), [stored]);
}

async fn a_meter_that_makes_no_sense_is_refused_by_the_name_of_the_rule(pool: &PgPool) {
    let refused = async |meter: NewMeter| constraint(meters::insert(pool, &meter).await);
    let m = || new_meter("M-9", None);
    assert_eq!(refused(new_meter("", None)).await, "energy_meters_number_given");
    let unknown = NewMeter { parent: Some(MeterId(9_999)), ..m() };
    assert_eq!(refused(unknown).await, "energy_meters_parent_fk");
    let site = NewMeter { site: SiteId(9_999), ..m() };
    assert_eq!(refused(site).await, "energy_meters_site_fk");
    for (power, rule) in [
        (0.0, "energy_meters_rated_power_range"),
        (-5.0, "energy_meters_rated_power_range"),
        (f64::NAN, "energy_meters_rated_power_measurable"),
        (f64::INFINITY, "energy_meters_rated_power_measurable"),
        (1.1e9, "energy_meters_rated_power_measurable"),
    ] {
        let meter = NewMeter { rated_power_kw: Some(power), ..m() };
        assert_eq!(refused(meter).await, rule);
    }
    let class = NewMeter { accuracy_class: Some(101.0), ..m() };
    assert_eq!(refused(class).await, "energy_meters_accuracy_range");
    let level = NewMeter { level: Some(-1), ..m() };
    assert_eq!(refused(level).await, "energy_meters_level_range");
}

async fn levels_follow_the_parent_and_go_deeper_than_four(pool: &PgPool) {
    let site = add_site(pool, "levels").await;
    let mut parent = add_main(pool, site, "L0").await;
    for depth in 1..=7 {
        parent = add_meter(pool, &format!("L{depth}"), Some(&parent)).await;
        assert_eq!(parent.level, depth);
    }
    assert_eq!(meters::list(pool, site, true).await.unwrap().len(), 8);
}

async fn a_parent_that_does_not_fit_is_refused(pool: &PgPool) {
    let site = add_site(pool, "parents").await;
    let grid = add_main(pool, site, "GRID").await;
    let main = add_meter(pool, "MAIN", Some(&grid)).await;
    let unit = add_meter(pool, "UNIT", Some(&main)).await;

    let above = NewMeter { level: Some(1), ..new_meter("X", Some(&main)) };
    assert_eq!(refusal(meters::insert(pool, &above).await), "level_not_below_parent");
    let other = add_site(pool, "parents-elsewhere").await;
    let elsewhere = NewMeter { site: other, ..new_meter("X", Some(&main)) };
    assert_eq!(refusal(meters::insert(pool, &elsewhere).await), "parent_other_site");
    let looped = Meter { parent: Some(unit.id), ..grid.clone() };
    assert_eq!(refusal(meters::update(pool, &looped, None).await), "parent_cycle");
    let own = Meter { parent: Some(main.id), ..main.clone() };
    assert_eq!(refusal(meters::update(pool, &own, None).await), "parent_cycle");
    assert_eq!(meters::list(pool, site, true).await.unwrap(), [grid, main, unit]);
}

async fn plain_sql_is_held_to_the_same_tree(pool: &PgPool) {
    let site = add_site(pool, "plain-sql").await;
    let grid = add_main(pool, site, "GRID").await;
    let main = add_meter(pool, "MAIN", Some(&grid)).await;
    let unit = add_meter(pool, "UNIT", Some(&main)).await;
    let other = add_site(pool, "plain-sql-elsewhere").await;
    let ids = [grid.id, main.id, unit.id].map(|id| id.0);
    let run = async |statement: &'static str| {
        let query = sqlx::query(statement).bind(ids[0]).bind(ids[1]).bind(ids[2]).bind(other.0);
        query.execute(pool).await.map_err(Error::from)
    };
    let refused = async |statement| refusal(run(statement).await);

    for (statement, code) in [
        ("UPDATE energy_meters SET parent_meter_id = $3 WHERE id = $1", "parent_cycle"),
        ("UPDATE energy_meters SET parent_meter_id = id WHERE id IN ($1, $2, $3)", "parent_cycle"),
        ("UPDATE energy_meters SET site_id = $4 WHERE id = $2", "parent_other_site"),
        ("UPDATE energy_meters SET level = 1 WHERE id = $3", "level_not_below_parent"),
        ("UPDATE energy_meters SET retired_at = now() WHERE id = $2", "has_children"),
    ] {
        assert_eq!(refused(statement).await, code, "{statement}");
    }
    assert_eq!(meters::list(pool, site, true).await.unwrap(), [grid, main, unit]);

    // The whole tree at once is one consistent change, in whichever order the rows are visited.
    run("UPDATE energy_meters SET level = level + 1 WHERE id IN ($1, $2, $3)").await.unwrap();
    run("UPDATE energy_meters SET retired_at = now() WHERE id IN ($1, $2, $3)").await.unwrap();
    let alive = refused("UPDATE energy_meters SET retired_at = NULL WHERE id = $3").await;
    assert_eq!(alive, "parent_retired");
    let levels: Vec<_> =
        meters::list(pool, site, false).await.unwrap().iter().map(|meter| meter.level).collect();
    assert_eq!(levels, [1, 2, 3]);
}

async fn a_move_takes_the_levels_of_the_subtree_along(pool: &PgPool) {
    let site = add_site(pool, "subtree").await;
    let grid = add_main(pool, site, "GRID").await;
    let main = add_meter(pool, "MAIN", Some(&grid)).await;
    let feeder = add_meter(pool, "FEEDER", Some(&main)).await;
    let unit = add_meter(pool, "UNIT", Some(&feeder)).await;
    let machine = add_meter(pool, "MACHINE", Some(&unit)).await;

    let moved = Meter { parent: Some(grid.id), level: 1, ..unit.clone() };
    assert_eq!(meters::update(pool, &moved, None).await.unwrap().as_ref(), Some(&moved));
    assert_eq!(level(pool, &machine).await, 2);

    // Back by plain SQL: the level is not stated, so it is the parent's plus one.
    let back = "UPDATE energy_meters SET parent_meter_id = $1 WHERE id = $2";
    sqlx::query(back).bind(feeder.id.0).bind(unit.id.0).execute(pool).await.unwrap();
    assert_eq!((level(pool, &unit).await, level(pool, &machine).await), (3, 4));

    // A level that is stated stays, even where it is the old one and leaves a gap.
    let lifted = Meter { parent: Some(main.id), ..unit.clone() };
    assert_eq!(meters::update(pool, &lifted, None).await.unwrap().unwrap().level, 3);
    assert_eq!((level(pool, &unit).await, level(pool, &machine).await), (3, 4));
}

async fn a_move_with_a_date_keeps_the_past_and_one_without_corrects_it(pool: &PgPool) {
    let site = add_site(pool, "moves").await;
    let grid = add_main(pool, site, "GRID").await;
    let main = add_meter(pool, "MAIN", Some(&grid)).await;
    let unit = add_meter(pool, "UNIT", Some(&main)).await;
    let (grid_id, main_id) = (Some(grid.id.0), Some(main.id.0));
    assert_eq!(placements(pool, &unit).await, [(main_id, false, None)]);

    let day = at("2026-05-01T00:00:00Z");
    let moved = Meter { parent: Some(grid.id), level: 1, ..unit.clone() };
    meters::update(pool, &moved, Some(day)).await.unwrap();
    let history = meters::placements::history(pool, site).await.unwrap();
    let until = meters::placements::before(&history, day);
    assert_eq!(
        *until[&unit.id],
        Placement { parent: Some(main.id), feeds_parent: false, placed: None, meter_type: None }
    );
    let later = day + TimeDelta::minutes(15);
    let since = meters::placements::before(&history, later);
    assert_eq!(
        *since[&unit.id],
        Placement { parent: Some(grid.id), feeds_parent: false, placed: None, meter_type: None }
    );
    let kept = [(main_id, false, None), (grid_id, false, Some(day))];
    assert_eq!(placements(pool, &unit).await, kept);

    // Its name has nothing to do with where it hangs.
    let renamed = Meter { name: "Unit A".into(), ..moved.clone() };
    meters::update(pool, &renamed, None).await.unwrap();
    assert_eq!(placements(pool, &unit).await, kept);

    let earlier = at("2026-04-01T00:00:00Z");
    let fed = Meter { feeds_parent: true, ..renamed.clone() };
    meters::update(pool, &fed, Some(earlier)).await.unwrap();
    assert_eq!(
        placements(pool, &unit).await,
        [(main_id, false, None), (grid_id, true, Some(earlier))]
    );

    meters::update(pool, &renamed, None).await.unwrap();
    assert_eq!(placements(pool, &unit).await, [(grid_id, false, None)]);
}

async fn another_type_with_a_date_keeps_the_past_and_one_without_corrects_it(pool: &PgPool) {
    let site = add_site(pool, "types").await;
    let main = add_main(pool, site, "MAIN").await;
    let roof = add_meter(pool, "ROOF", Some(&main)).await;
    let of = |kind: &str| Meter { meter_type: kind.into(), ..roof.clone() };
    let kept = async || {
        let history = meters::placements::history(pool, site).await.unwrap().into_iter();
        let of_roof = history.filter(|(meter, ..)| *meter == roof.id);
        let kept = of_roof.map(|(_, since, place)| (since, place.parent, place.meter_type));
        kept.collect::<Vec<_>>()
    };
    let (was, below) = (Some(roof.meter_type.clone()), Some(main.id));

    let day = at("2026-05-01T00:00:00Z");
    meters::update(pool, &of("Solar"), Some(day)).await.unwrap();
    let since_day = [(None, below, was.clone()), (Some(day), below, None)];
    assert_eq!(kept().await, since_day);
    let history = meters::placements::history(pool, site).await.unwrap();
    let before = meters::placements::before(&history, day);
    assert_eq!(Some(before[&roof.id].of(of("Solar")).meter_type), was);

    let later = at("2026-06-01T00:00:00Z");
    let lone = Meter { parent: None, level: 0, ..of("Solar") };
    meters::update(pool, &lone, Some(later)).await.unwrap();
    // Of an earlier date: the type is another one since then, and the meter hung where it did.
    let earlier = at("2026-04-01T00:00:00Z");
    let battery = Meter { parent: None, level: 0, ..of("Battery") };
    meters::update(pool, &battery, Some(earlier)).await.unwrap();
    let since_earlier = [
        (None, below, was),
        (Some(earlier), below, None),
        (Some(day), below, None),
        (Some(later), None, None),
    ];
    assert_eq!(kept().await, since_earlier);

    let corrected = Meter { meter_type: "DG".into(), ..battery };
    meters::update(pool, &corrected, None).await.unwrap();
    assert!(kept().await.iter().all(|(.., kind)| kind.is_none()), "for all time");
}

async fn a_move_leaves_the_types_as_they_were(pool: &PgPool) {
    let site = add_site(pool, "moved-types").await;
    let main = add_main(pool, site, "MAIN").await;
    let unit = add_meter(pool, "UNIT", Some(&main)).await;
    let roof = add_meter(pool, "ROOF", Some(&unit)).await;
    let below = |parent: &Meter| Meter {
        meter_type: "Solar".into(),
        parent: Some(parent.id),
        ..roof.clone()
    };
    let kept = async || {
        let history = meters::placements::history(pool, site).await.unwrap().into_iter();
        let of_roof = history.filter(|(meter, ..)| *meter == roof.id);
        let kept = of_roof.map(|(_, since, place)| (since, place.parent, place.meter_type));
        kept.collect::<Vec<_>>()
    };
    let was = Some(roof.meter_type.clone());
    let (earlier, day) = (at("2026-04-01T00:00:00Z"), at("2026-05-01T00:00:00Z"));
    meters::update(pool, &below(&unit), Some(day)).await.unwrap();
    meters::update(pool, &below(&main), None).await.unwrap();
    let since_ever = [(None, Some(main.id), was.clone()), (Some(day), Some(main.id), None)];
    assert_eq!(kept().await, since_ever);
    meters::update(pool, &below(&unit), Some(earlier)).await.unwrap();
    let since_earlier = [
        (None, Some(main.id), was.clone()),
        (Some(earlier), Some(unit.id), was),
        (Some(day), Some(unit.id), None),
    ];
    assert_eq!(kept().await, since_earlier);
}

async fn a_meter_with_live_children_can_neither_retire_nor_be_deleted(pool: &PgPool) {
    let site = add_site(pool, "retired").await;
    let main = add_main(pool, site, "MAIN").await;
    let unit = add_meter(pool, "UNIT", Some(&main)).await;
    let day = at("2026-05-01T00:00:00Z");
    assert_eq!(refusal(meters::retire(pool, main.id, day).await), "has_children");
    assert_eq!(refusal(meters::delete(pool, main.id).await), "has_children");

    let retired = meters::retire(pool, unit.id, day).await.unwrap().unwrap();
    assert_eq!(retired.retired_at, Some(day));
    assert_eq!(meters::list(pool, site, true).await.unwrap(), std::slice::from_ref(&main));
    assert_eq!(meters::list(pool, site, false).await.unwrap().len(), 2);
    meters::retire(pool, main.id, day).await.unwrap();
    let below_retired = meters::insert(pool, &new_meter("NEW", Some(&main))).await;
    assert_eq!(refusal(below_retired), "parent_retired");

    assert!(meters::delete(pool, unit.id).await.unwrap());
    assert!(meters::delete(pool, main.id).await.unwrap());
    assert!(!meters::delete(pool, main.id).await.unwrap());
    assert_eq!(meters::retire(pool, main.id, day).await.unwrap(), None);
}

async fn a_meter_knows_whether_it_was_ever_read(pool: &PgPool) {
    let meter = add_meter(pool, "READ", None).await;
    assert!(!meters::was_read(pool, meter.id).await.unwrap());
    let row = reading(meter.id.0, "2026-11-01T00:00:00Z", 1.0, 1.0);
    storage::readings::insert(pool, &[row]).await.unwrap();
    assert!(meters::was_read(pool, meter.id).await.unwrap());
    let day = "INSERT INTO energy_days (meter_id, day, import_kwh, export_kwh, reactive_import_kvarh, \
                   reactive_export_kvarh, runtime_s, starts, coverage, estimated_kwh, quality, flags) \
               SELECT meter_id, '2026-11-01', 1, 0, 0, 0, 0, 0, 1, 0, 'GOOD', 0 FROM meter_readings";
    for statement in [day, "DELETE FROM meter_readings"] {
        run_sql(pool, statement).await.unwrap();
    }
    assert!(meters::was_read(pool, meter.id).await.unwrap(), "its energy is kept for longer");
}

async fn two_moves_that_make_a_cycle_together_do_not_both_pass(pool: &PgPool) {
    let one = add_meter(pool, "ONE", None).await;
    let two = add_meter(pool, "TWO", None).await;
    let hang = "UPDATE energy_meters SET parent_meter_id = $2 WHERE id = $1";
    let mut first = pool.begin().await.unwrap();
    sqlx::query(hang).bind(one.id.0).bind(two.id.0).execute(&mut *first).await.unwrap();
    let second = tokio::spawn({
        let pool = pool.clone();
        async move { sqlx::query(hang).bind(two.id.0).bind(one.id.0).execute(&pool).await }
    });
    let waiting = "SELECT count(*) FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(pool).await.unwrap() == 0 {
        assert!(!second.is_finished());
    }
    first.commit().await.unwrap();
    assert_eq!(refusal(second.await.unwrap().map_err(Error::from)), "parent_cycle");
}
