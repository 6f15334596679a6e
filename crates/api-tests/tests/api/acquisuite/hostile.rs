//! Uploads that nobody should take: refused by name, counted, and without a trace in the readings.

use super::{Form, LOG, POINTS, SERIAL, failed, gzip, logger, succeeded, with_logger};
use crate::{Request, World, in_one_world, one_after_another};

/// How often uploads of a logger were refused for a reason.
async fn counted(world: &World, serial: &str, reason: &str) -> i64 {
    let statement = "SELECT coalesce(sum(count), 0)::bigint FROM acquisuite_refusals WHERE serial_number = $1 AND reason = $2";
    let count = sqlx::query_scalar(statement).bind(serial).bind(reason);
    count.fetch_one(&world.pool).await.unwrap()
}

in_one_world! { uploads_that_are_refused:
    an_upload_that_is_damaged_or_a_trap_is_refused_by_name,
    a_request_that_is_no_upload_is_refused_before_anyone_is_asked_for,
    a_wrong_password_and_an_unknown_serial_number_look_the_same_from_outside,
    a_file_that_was_changed_on_its_way_is_never_stored,
}

async fn an_upload_that_is_damaged_or_a_trap_is_refused_by_name(world: &World) {
    with_logger(world).await;
    succeeded(&Form::points(POINTS).send(world).await);
    let log = gzip(LOG);
    let bomb = gzip(&"0".repeat(40 << 20));
    assert!(bomb.len() < 1 << 20);
    let many = "'2026-05-01 00:15:00',0\n".repeat(50_001);
    let cases = [
        (Form::log(&log[..log.len() - 9]), "damaged_gzip", "damaged or ends early"),
        (Form::log(&bomb), "too_large_unpacked", "once unpacked"),
        (Form::log(many.as_bytes()), "too_many_lines", "lines"),
        (Form::log(b"<DAS><devices></DAS>"), "malformed_xml", "XML"),
        (Form::log(&log).with("MD5CHECKSUM", "00"), "wrong_checksum", "MD5CHECKSUM"),
        (Form::new("LOGFILEUPLOAD"), "no_file", "LOGFILE"),
        (Form::new("FORMAT"), "unknown_mode", "FORMAT"),
        (Form::new("CONFIGFILEDOWNLOAD"), "no_download", "changes no logger"),
        (Form::points("x").file("CONFIGFILE", "../../etc/passwd", b"x"), "unknown_file", "passwd"),
    ];
    for (form, reason, why) in cases {
        failed(&form.send(world).await, 406, why);
        assert_eq!(counted(world, SERIAL, reason).await, 1, "{reason}");
    }
    let no_device = Form::log(&log).with("MODBUSDEVICE", "").file("LOGFILE", "x.gz", &log);
    failed(&no_device.send(world).await, 406, "which device");

    let refusals = logger(world).await["refusals"].clone();
    assert_eq!(refusals.as_array().unwrap().len(), 10, "{refusals}");
    assert_eq!(refusals[0]["reason"], "no_device");
    assert_eq!(world.count("meter_readings").await, 0);
    succeeded(&Form::log(&log).send(world).await);
}

async fn a_request_that_is_no_upload_is_refused_before_anyone_is_asked_for(world: &World) {
    with_logger(world).await;
    let post = || Request::new("POST", super::UPLOAD);
    let json = post().header("Content-Type", "application/json").body("{}");
    failed(&json.send(world.address).await, 406, "multipart/form-data");
    let kind = "multipart/form-data; boundary=x";
    let broken = post().header("Content-Type", kind).body("--x\r\nnonsense");
    failed(&broken.send(world.address).await, 406, "no form");
    let large = Form::log(&vec![b'1'; 20 << 20]).send(world).await;
    failed(&large, 413, "larger than");
    for reason in ["no_form", "malformed_form", "too_large"] {
        assert_eq!(counted(world, "", reason).await, 1, "{reason}");
    }
}

async fn a_wrong_password_and_an_unknown_serial_number_look_the_same_from_outside(world: &World) {
    with_logger(world).await;
    let wrong = Form::new("TEST").with("PASSWORD", "upload-secreT").send(world).await;
    failed(&wrong, 401, "the serial number or the password is wrong");
    assert_eq!(wrong.headers["www-authenticate"], "Basic realm=\"logger\"");
    let unknown = Form::new("TEST").with("SERIALNUMBER", "001EC6000D81").send(world).await;
    assert_eq!((unknown.status, &unknown.text), (wrong.status, &wrong.text));
    let nameless = Form::new("TEST").with("PASSWORD", "").send(world).await;
    failed(&nameless, 401, "SERIALNUMBER and PASSWORD");

    assert_eq!(counted(world, SERIAL, "wrong_password").await, 1);
    assert_eq!(counted(world, "", "unknown_serial").await, 1);
    assert_eq!(counted(world, "", "no_credentials").await, 1);
}

// It locks the logger out for a quarter of an hour.
one_after_another! { guessed_passwords:
    who_guesses_passwords_is_turned_away_and_locks_out_no_other_logger,
}

async fn who_guesses_passwords_is_turned_away_and_locks_out_no_other_logger(world: &World) {
    with_logger(world).await;
    let other = serde_json::json!({"serialNumber": "AB", "password": "another-secret"});
    world.post(super::LOGGERS, &other).await.is(201);
    for n in 0..10 {
        let guess = Form::new("TEST").with("PASSWORD", &format!("guess-{n}")).send(world).await;
        failed(&guess, 401, "password");
    }
    failed(&Form::new("TEST").send(world).await, 406, "15 minutes");
    let other = Form::new("TEST").with("SERIALNUMBER", "ab").with("PASSWORD", "another-secret");
    succeeded(&other.send(world).await);
    assert_eq!(counted(world, SERIAL, "wrong_password").await, 10);
    assert_eq!(counted(world, SERIAL, "too_many_failures").await, 1);
}

async fn a_file_that_was_changed_on_its_way_is_never_stored(world: &World) {
    with_logger(world).await;
    succeeded(&Form::points(POINTS).send(world).await);
    let log = gzip(LOG);
    for n in 0..40 {
        let mut changed = log.clone();
        let at = n * changed.len() / 40;
        changed[at] ^= 1 << (n % 8);
        let form = Form::log(&log).file("LOGFILE", "mb-007.log.gz", &changed);
        failed(&form.send(world).await, 406, "MD5CHECKSUM");
    }
    assert_eq!(world.count("meter_readings").await, 0);
    assert_eq!(counted(world, SERIAL, "wrong_checksum").await, 40);
}
