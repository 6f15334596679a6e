//! Time whose readings are dropped while an input is silent.

use service::retention::once;

use super::*;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn dropped_time_is_counted_by_its_quarter_hours(pool: PgPool) {
    let others = [meter(&pool, "C", "Other", None).await, meter(&pool, "D", "Other", None).await];
    let quick = virtual_meter(&pool, "QUICK", others.map(|id| (id, 1.0))).await;
    let (bench, plants) = august_is_dropped(pool, ["point", "hole", "later", "turn"]).await;
    let [point, hole, later, turn] = plants.map(|plant| Plant::of(&bench, plant));
    a_meter_whose_last_point_was_dropped_goes_on_from_it(point).await;
    of_dropped_time_only_what_is_not_known_is_lost(hole).await;
    readings_of_dropped_time_that_come_later_count_when_they_were_taken(later).await;
    dropped_time_is_gone_through_when_it_is_computed(turn, others, quick).await;
    bench.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_change_about_dropped_time_leaves_its_energy(pool: PgPool) {
    let (bench, plants) = august_is_dropped(pool, ["change", "single", "terms", "parts"]).await;
    let [change, single, terms, _] = plants.map(|plant| Plant::of(&bench, plant));
    a_change_behind_dropped_time_leaves_its_energy(change).await;
    a_single_reading_in_dropped_time_costs_nothing_of_it(single).await;
    terms_that_change_in_dropped_time_cost_its_quarter_hour(terms).await;
    readings_of_dropped_time_that_come_in_parts_add_up_over_a_restart(bench, plants[3]).await;
}

/// Readings ten minutes apart.
pub(super) fn ten(id: MeterId, power: f64, minutes: RangeInclusive<i32>) -> Vec<Reading> {
    steady(id, power, minutes).into_iter().step_by(20).collect()
}

const DAY: i32 = 24 * 60;
/// Noon and less of the twelfth of August, after two hours …
const SILENT: i32 = -54 * DAY + 120;
/// … and a morning of September.
const BACK: i32 = -30 * DAY;
/// All but the quarter-hour in which the silence began.
const WHOLE: f64 = 30.0 * 24.0 * 24.0 - 30.0 / 4.0;

/// The loads are read from the twelfth of August to the first days of September, the roofs for two hours alone; then
/// August is dropped. Answers a service that begins anew.
async fn august_is_dropped(pool: PgPool, names: [&str; 4]) -> (Bench, [[MeterId; 3]; 4]) {
    let mut plants = [[MeterId(0); 3]; 4];
    for (plant, name) in plants.iter_mut().zip(names) {
        *plant = make(&pool, name).await;
    }
    let bench = Bench::start(pool).await;
    for (name, [load, solar, _]) in names.into_iter().zip(plants) {
        let mut rows = ten(load, 60.0, -54 * DAY..=BACK);
        if name == "hole" {
            // This one tells power alone, and nothing for some hours of the twentieth.
            let hole = minute(-46 * DAY)..=minute(-46 * DAY + 180);
            rows.retain(|row| !hole.contains(&row.at));
            for row in &mut rows {
                row.values.total_energy_kwh = None;
            }
        }
        bench.submit(rows).await;
        bench.submit(ten(solar, 30.0, -54 * DAY..=SILENT)).await;
    }
    for [_, _, grid] in plants {
        reaches(&bench, grid, SILENT, 60.0).await;
    }
    bench.balanced().await;
    // A month in use at that moment is dropped at the next try.
    until("August is dropped", async || {
        let dropped = once(&bench.pool, start() + TimeDelta::days(70)).await.unwrap();
        (dropped.months_of_readings == 1).then_some(()).ok_or(dropped)
    })
    .await;
    (bench.restart().await, plants)
}

impl<'a> Plant<'a> {
    fn of(bench: &'a Bench, [load, solar, grid]: [MeterId; 3]) -> Self {
        Self { bench, name: String::new(), load, solar, grid }
    }

    /// Reads the roof again in September.
    async fn comes_back(&self) {
        self.bench.submit(ten(self.solar, 30.0, BACK - 60..=BACK)).await;
    }

    /// Waits until what changed of the inputs is written, and holds the energy of the meter against what is right.
    async fn counts(&self, kwh: f64) {
        until("what changed is written", async || {
            let state: (Option<DateTime<Utc>>, Option<DateTime<Utc>>) = sqlx::query_as(
                "SELECT derive_from, derived_to FROM meter_registers WHERE meter_id = $1",
            )
            .bind(self.grid.0)
            .fetch_one(&self.bench.pool)
            .await
            .unwrap();
            (state == (None, Some(minute(BACK)))).then_some(()).ok_or(state)
        })
        .await;
        self.bench.settled().await;
        let total = self.bench.total(self.grid).await;
        assert!((total - kwh).abs() < 1e-3, "{total} of {kwh} kWh");
    }
}

/// What the other read meanwhile is dropped as well, and known by its quarter-hours.
async fn a_meter_whose_last_point_was_dropped_goes_on_from_it(plant: Plant<'_>) {
    plant.comes_back().await;
    plant.reaches(BACK, WHOLE).await;
    plant.counts(WHOLE).await;
}

async fn of_dropped_time_only_what_is_not_known_is_lost(plant: Plant<'_>) {
    plant.comes_back().await;
    let whole = 30.0 * 24.0 * 24.0;
    until("the end of the silence", async || {
        let last = last(&plant.bench.pool, plant.grid).await;
        last.filter(|(at, net)| *at == minute(BACK) && *net > whole - 30.0 * 4.0).ok_or(last)
    })
    .await;
    plant.bench.settled().await;
    let total = plant.bench.total(plant.grid).await;
    assert!(total > whole - 30.0 * 4.0 && total < whole - 30.0 * 3.0, "{total}");
}

async fn readings_of_dropped_time_that_come_later_count_when_they_were_taken(plant: Plant<'_>) {
    // The roof made nothing in August.
    let mut rows = ten(plant.solar, 30.0, SILENT + 10..=BACK);
    let september = start() - TimeDelta::hours(34 * 24 + 8);
    let at_night = 1_000.0 + 30.0 * f64::from(SILENT) / 60.0;
    for row in rows.iter_mut().filter(|row| row.at <= september) {
        row.values.active_power_kw = Some(0.0);
        row.values.total_energy_kwh = Some(at_night);
    }
    plant.bench.submit(rows).await;
    plant.reaches(BACK, 30.0 * 24.0 * 24.0 - 60.0 / 4.0).await;
    plant.bench.settled().await;
    let of_august: f64 = sqlx::query_scalar(
        "SELECT sum(import_kwh - export_kwh) FROM energy_intervals \
         WHERE meter_id = $1 AND bucket_start < '2026-09-01 00:00+00'",
    )
    .bind(plant.grid.0)
    .fetch_one(&plant.bench.pool)
    .await
    .unwrap();
    let hours = (september - start()).as_seconds_f64() / 3_600.0 - f64::from(SILENT) / 60.0;
    let expected = 60.0 + 60.0 * (hours - 0.25);
    assert!((of_august - expected).abs() < 15.0, "{of_august} of {expected} kWh in August");
}

async fn a_change_behind_dropped_time_leaves_its_energy(plant: Plant<'_>) {
    plant.comes_back().await;
    plant.reaches(BACK, WHOLE).await;
    plant.draws(BACK - 2 * DAY + 5..=BACK - 2 * DAY + 5).await;
    plant.counts(WHOLE).await;
}

/// The quarter-hours of the input that was silent are computed long after its reading came.
async fn dropped_time_is_gone_through_when_it_is_computed(
    plant: Plant<'_>,
    others: [MeterId; 2],
    quick: MeterId,
) {
    let held = until("a turn of the rollup", async || {
        storage::rollup::take_turn(&plant.bench.pool).await.unwrap().ok_or("it is taken")
    })
    .await;
    plant.comes_back().await;
    for other in others {
        plant.bench.submit(steady(other, 1.0, 0..=10)).await;
    }
    // The others had their turn, so this one had too.
    reaches(plant.bench, quick, 10, 2.0 / 6.0).await;
    drop(held);
    plant.reaches(BACK, WHOLE).await;
    plant.counts(WHOLE).await;
}

async fn a_single_reading_in_dropped_time_costs_nothing_of_it(plant: Plant<'_>) {
    // Within a quarter-hour, and at the bound of one.
    for minute in [SILENT + 3 * DAY + 7, SILENT + 6 * DAY] {
        plant.shines(minute..=minute).await;
        plant.bench.settled().await;
    }
    plant.comes_back().await;
    plant.counts(WHOLE).await;
}

async fn terms_that_change_in_dropped_time_cost_its_quarter_hour(plant: Plant<'_>) {
    for statement in [
        "UPDATE virtual_meters SET valid_to = $2 WHERE meter_id = $1",
        "INSERT INTO virtual_meters (meter_id, input_id, factor, valid_from) \
         SELECT meter_id, input_id, 1, $2 FROM virtual_meters WHERE meter_id = $1",
    ] {
        let query = sqlx::query(statement).bind(plant.grid.0).bind(minute(-46 * DAY + 127));
        query.execute(&plant.bench.pool).await.unwrap();
    }
    plant.comes_back().await;
    let (before, after) = (8.0 * 24.0 + 2.0 - 0.25, 16.0 * 24.0 - 2.25);
    plant.counts(30.0 * before + 90.0 * after).await;
}

async fn readings_of_dropped_time_that_come_in_parts_add_up_over_a_restart(
    bench: Bench,
    parts: [MeterId; 3],
) {
    let plant = Plant::of(&bench, parts);
    let part = SILENT + 5 * DAY;
    bench.submit(ten(plant.solar, 30.0, SILENT + 10..=part)).await;
    let known = 30.0 * (f64::from(part) / 60.0 + 54.0 * 24.0) - 30.0 / 4.0;
    plant.reaches(part, known).await;
    let bench = bench.restart().await;
    let plant = Plant::of(&bench, parts);
    bench.submit(ten(plant.solar, 30.0, part + 10..=BACK)).await;
    plant.reaches(BACK, WHOLE).await;
    plant.counts(WHOLE).await;
    bench.stop().await;
}
