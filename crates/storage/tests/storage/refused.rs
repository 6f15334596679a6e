//! What the rules over several rows say, to whoever has a SQL prompt and to the program.

use sqlx::PgPool;
use storage::Error;

use crate::meters::another_site;
use crate::world::{add_meter, run_sql};

const READING: &str = "INSERT INTO meter_readings (meter_id, \"timestamp\", source, total_energy_kwh) \
     VALUES (3, '2026-05-05T01:00:00Z', 'api', 99995.5)";

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn each_rule_gives_the_program_what_stands_in_its_sentence(pool: PgPool) {
    let grid = add_meter(&pool, "GRID", None).await;
    let main = add_meter(&pool, "MAIN", Some(&grid)).await;
    add_meter(&pool, "UNIT", Some(&main)).await;
    another_site(&pool).await;
    run_sql(&pool, READING).await.unwrap();
    run_sql(
        &pool,
        "INSERT INTO energy_meters (site_id, meter_number, meter_name, meter_type, retired_at) \
         VALUES (1, 'OLD', 'Old', 'Unit', now())",
    )
    .await
    .unwrap();
    for (reason, statement) in [
        ("meter_place.cycle", "UPDATE energy_meters SET parent_meter_id = 3 WHERE id = 1"),
        ("meter_place.of_other_site", "UPDATE energy_meters SET site_id = 2 WHERE id = 2"),
        ("meter_place.level_of", "UPDATE energy_meters SET level = 1 WHERE id = 3"),
        ("meter_place.still_above", "UPDATE energy_meters SET retired_at = now() WHERE id = 2"),
        ("meter_place.parent_retired", "UPDATE energy_meters SET parent_meter_id = 4 WHERE id = 3"),
        (
            "meter.below_register",
            "UPDATE energy_meters SET register_modulus_kwh = 10000 WHERE id = 3",
        ),
    ] {
        let refused = sqlx::query(statement).execute(&pool).await.unwrap_err();
        let shown = refused.as_database_error().unwrap().message().to_owned();
        let Error::Refused { code, message } = Error::from(refused) else { panic!("{shown}") };
        assert_eq!(message.code, reason);
        assert_eq!(shown, format!("{code}: {message}"));
    }
}
