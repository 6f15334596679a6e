//! Lines whose numbers nobody can name, or that contradict what is stored.

use serde_json::json;

use super::{Form, LOGGERS, POINTS, SERIAL, failed, logger, readings, succeeded, with_logger};
use crate::{World, in_one_world};

async fn columns(world: &World, of_seven: serde_json::Value) {
    let change = json!({"columns": {"7": of_seven}});
    world.send("PUT", &format!("{LOGGERS}/{SERIAL}"), &change).await.is(200);
}

in_one_world! { columns_of_log_files:
    a_file_waits_while_its_list_names_no_value_of_a_reading,
    a_file_with_more_points_than_its_list_waits_for_a_newer_one,
    a_line_that_contradicts_a_stored_one_is_counted_as_that,
    a_fault_of_the_server_tells_the_logger_to_keep_its_file,
}

async fn a_file_waits_while_its_list_names_no_value_of_a_reading(world: &World) {
    with_logger(world).await;
    let water = "POINT00NAME=Water\nPOINT00UNITS=gallons\nPOINT01NAME=x\nPOINT01UNITS=\n";
    succeeded(&Form::points(water).send(world).await);
    let log = || Form::log(b"'2026-05-01 00:15:00',0,0,0,100.5,2.25\n");
    failed(&log().send(world).await, 406, "the points of device 7 are not known");
    assert_eq!(logger(world).await["uploads"]["silent"], 0);
    assert_eq!(logger(world).await["refusals"][0]["reason"], "unknown_points");
    let silent = Form::log(b"'2026-05-01 00:00:00',0,0,0,,\n'2026-05-01 00:05:00',139,,,,\n");
    succeeded(&silent.send(world).await);

    columns(world, json!({})).await;
    succeeded(&log().send(world).await);
    assert_eq!(logger(world).await["uploads"]["silent"], 3, "nothing of it is wanted");
    assert_eq!(world.count("meter_readings").await, 0);

    columns(world, json!({"activePowerKw": 1})).await;
    succeeded(&log().send(world).await);
    assert_eq!(readings(world, "001EC6000D80_7").await[0]["activePowerKw"], 2.25);
}

async fn a_file_with_more_points_than_its_list_waits_for_a_newer_one(world: &World) {
    with_logger(world).await;
    let short = "POINT00NAME=Energy Consumption\nPOINT00UNITS=kWh\n";
    succeeded(&Form::points(short).send(world).await);
    let log = || Form::log(b"'2026-05-01 00:15:00',0,0,0,100.5,2.25,9,230.1\n");
    failed(&log().send(world).await, 406, "device 7 has more points than its list");
    assert_eq!(logger(world).await["refusals"][0]["reason"], "outdated_points");
    assert_eq!(world.count("meter_readings").await, 0);
    succeeded(&Form::points(POINTS).send(world).await);
    succeeded(&log().send(world).await);
    assert_eq!(readings(world, "001EC6000D80_7").await[0]["voltageL1"], 230.1);

    let damaged = b"'2026-05-01 00:30:00',0,0,0,101,2,9,230,7,7\n'2026-05-01 00:45:00',0,0,0,102\n";
    succeeded(&Form::log(damaged).send(world).await);
    let uploads = logger(world).await["uploads"].clone();
    assert_eq!((&uploads["stored"], &uploads["refused"]), (&json!(2), &json!(1)), "{uploads}");
    assert!(uploads["lastRefused"].as_str().unwrap().contains("more points"), "{uploads}");
}

async fn a_line_that_contradicts_a_stored_one_is_counted_as_that(world: &World) {
    with_logger(world).await;
    succeeded(&Form::points(POINTS).send(world).await);
    let log =
        |energy: &str| Form::log(format!("'2026-05-01 00:15:00',0,0,0,{energy},2.25\n").as_bytes());
    for energy in ["100.5", "100.5", "99"] {
        succeeded(&log(energy).send(world).await);
    }
    let uploads = logger(world).await["uploads"].clone();
    let counts = ["stored", "repeated", "conflicting", "refused"].map(|name| &uploads[name]);
    assert_eq!(counts, [&json!(1), &json!(1), &json!(1), &json!(0)], "{uploads}");
    assert_eq!(world.count("reading_conflicts").await, 1);
    assert_eq!(readings(world, "001EC6000D80_7").await[0]["totalEnergyKwh"], 100.5);
}

async fn a_fault_of_the_server_tells_the_logger_to_keep_its_file(world: &World) {
    with_logger(world).await;
    succeeded(&Form::points(POINTS).send(world).await);
    let rename = async |from: &str, to: &str| {
        let statement = format!("ALTER TABLE {from} RENAME TO {to}");
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&world.pool).await.unwrap();
    };
    rename("acquisuite_files", "elsewhere").await;
    let log = || Form::log(b"'2026-05-01 00:15:00',0,0,0,100.5,2.25\n");
    let answer = log().send(world).await;
    failed(&answer, 406, "keep the file and send it again");
    assert!(!answer.text.contains("acquisuite_files"), "{}", answer.text);
    rename("elsewhere", "acquisuite_files").await;
    succeeded(&log().send(world).await);
    assert_eq!(logger(world).await["refusals"][0]["reason"], "not_stored");
}
