//! What the rules over several rows say, to a person at a SQL prompt and to the program.

use sqlx::{AssertSqlSafe, PgPool};
use storage::meters::NewMeter;
use storage::{Error, meters, readings};

use crate::world::{add_main, add_meter, add_site, at, new_meter, reading};

pub(crate) async fn each_rule_gives_the_program_what_stands_in_its_sentence(pool: &PgPool) {
    let grid = add_main(pool, add_site(pool, "rules").await, "GRID").await;
    let main = add_meter(pool, "MAIN", Some(&grid)).await;
    let unit = add_meter(pool, "UNIT", Some(&main)).await;
    let other = add_site(pool, "rules-elsewhere").await;
    readings::insert(pool, &[reading(unit.id.0, "2026-05-05T01:00:00Z", 99_995.5, 1.0)])
        .await
        .unwrap();
    let old = NewMeter { site: grid.site, ..new_meter("OLD", None) };
    let old = meters::insert(pool, &old).await.unwrap().id;
    meters::retire(pool, old, at("2026-05-05T01:00:00Z")).await.unwrap();
    for (reason, change, id, to) in [
        ("meter_place.cycle", "parent_meter_id = $2", grid.id, unit.id.0),
        ("meter_place.of_other_site", "site_id = $2", main.id, other.0),
        ("meter_place.level_of", "level = $2::bigint", unit.id, 1),
        ("meter_place.still_above", "retired_at = to_timestamp($2::bigint)", main.id, 1),
        ("meter_place.parent_retired", "parent_meter_id = $2", unit.id, old.0),
        ("meter.below_register", "register_modulus_kwh = $2::bigint", unit.id, 10_000),
    ] {
        let statement = format!("UPDATE energy_meters SET {change} WHERE id = $1");
        let query = sqlx::query(AssertSqlSafe(statement)).bind(id.0).bind(to);
        let refused = query.execute(pool).await.unwrap_err();
        let shown = refused.as_database_error().unwrap().message().to_owned();
        let Error::Refused { code, message } = Error::from(refused) else { panic!("{shown}") };
        assert_eq!(message.code, reason);
        assert_eq!(shown, format!("{code}: {message}"));
    }
}
