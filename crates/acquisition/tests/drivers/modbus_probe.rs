//! Looking at units before they are meters, beside a task that polls their line.

use std::sync::atomic::Ordering;
use std::time::Duration;

use acquisition::probe::modbus::{FoundUnit, read_raw, scan_units, test_read};
use acquisition::{ConnectPolicy, Outbound};
use domain::Field;
use domain::devices::reason::modbus::Exception;
use domain::devices::{Communication, Function, ModbusSettings, NumberType, Protocol, Station};
use serde_json::{Value, json};

use crate::collector::{Collector, device};
use crate::stub::{Answer, Question, Stub};

fn reach() -> ConnectPolicy {
    Outbound::new(true).into()
}

fn settings(stub: &Stub, registers: &Value) -> Value {
    json!({"host": "127.0.0.1", "port": stub.address.port(), "unitId": 5, "registers": registers})
}

fn parsed(settings: &Value) -> ModbusSettings {
    match Communication::parse(Protocol::Modbus, settings).unwrap() {
        Communication::Modbus(settings) => settings,
        other => panic!("{other:?}"),
    }
}

/// Each register holds its address; 13 does not exist.
async fn stub() -> Stub {
    Stub::start(|Question { start, count, .. }| {
        if (start..start + count).contains(&13) {
            Answer::Exception(2)
        } else {
            Answer::Registers((start..start + count).collect())
        }
    })
    .await
}

#[tokio::test]
async fn a_look_shows_values_registers_and_what_was_refused() {
    let stub = stub().await;
    let map = json!({"power": {"address": 10, "type": "i32", "scale": 0.001}, "current": 13,
        "voltage": {"address": 230, "offset": 1}});
    let probe = test_read(&parsed(&settings(&stub, &map)), &reach()).await.unwrap();
    assert_eq!(probe.values.active_power_kw, Some(655.371));
    assert_eq!(probe.values.voltage_l1, Some(231.0));
    let problems: Vec<_> = probe.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, ["registers from 13: Illegal data address"]);
    assert!(probe.latency > Duration::ZERO);
    let words: Vec<_> =
        probe.points.iter().map(|point| (point.field, point.words.clone())).collect();
    assert_eq!(
        words,
        [
            (Field::ActivePowerKw, vec![10, 11]),
            (Field::CurrentL1, vec![]),
            (Field::VoltageL1, vec![230])
        ]
    );
    let voltage = &probe.points[2];
    assert_eq!(voltage.value, Some(231.0));
    let plain = voltage.interpretations.iter().find(|of| of.number == NumberType::U16).unwrap();
    assert_eq!((plain.value, plain.hint.unwrap().field), (Some(230.0), Field::VoltageL1));
}

#[tokio::test]
async fn registers_are_read_before_there_is_a_map() {
    let stub = stub().await;
    let station = Station::parse(&settings(&stub, &json!({}))).unwrap();
    let read = read_raw(&station, Function::Input, 100, 3, &reach()).await.unwrap();
    assert_eq!(read.words, [100, 101, 102]);
    let refused = read_raw(&station, Function::Holding, 12, 2, &reach()).await.unwrap_err();
    assert!(
        refused.message.contains("unit 5") && refused.message.contains("Illegal data address"),
        "{refused}"
    );
    for (start, count) in [(0, 0), (0, 126), (65_535, 2)] {
        let refused = read_raw(&station, Function::Holding, start, count, &reach()).await;
        assert!(refused.unwrap_err().message.contains("cannot be read"));
    }
}

#[tokio::test]
async fn a_look_and_the_polling_task_take_turns_on_one_connection() {
    let stub = stub().await;
    let settings = settings(&stub, &json!({"power": 10}));
    let collector = Collector::start();
    let supervisor = collector.run(vec![device(1, Protocol::Modbus, &settings)]).await;
    collector.until("readings", |seen| seen.count(1) >= 2).await;
    for _ in 0..5 {
        let probe = test_read(&parsed(&settings), &reach()).await.unwrap();
        assert_eq!(probe.values.active_power_kw, Some(10.0));
    }
    let before = collector.look(|seen| seen.count(1));
    collector.until("more readings", |seen| seen.count(1) >= before + 3).await;
    collector.look(|seen| assert!(seen.health.iter().all(|health| health.reason.is_none())));
    assert_eq!(stub.most_at_once.load(Ordering::SeqCst), 1);
    supervisor.stop().await;
}

#[tokio::test]
async fn a_look_at_a_device_that_polls_seldom_need_not_wait_for_its_turn() {
    let stub = stub().await;
    let settings = settings(&stub, &json!({"power": 10}));
    let collector = Collector::start();
    let mut seldom = device(1, Protocol::Modbus, &settings);
    seldom.poll = Duration::from_hours(1);
    let supervisor = collector.run(vec![seldom]).await;
    collector.until("the reading", |seen| seen.count(1) == 1).await;
    assert!(test_read(&parsed(&settings), &reach()).await.is_ok());
    supervisor.stop().await;
}

#[tokio::test]
async fn a_scan_finds_the_units_that_answer() {
    let stub = Stub::start(|question| match question.unit {
        3 | 7 => Answer::Registers(vec![0]),
        9 => Answer::Exception(2),
        5 => Answer::Silence,
        _ => Answer::Exception(0x0B),
    })
    .await;
    let line = Station::parse(&settings(&stub, &json!({}))).unwrap().line;
    let scan = scan_units(&line, 1..=10, Duration::from_mins(1), &reach()).await.unwrap();
    let found = |unit, exception| FoundUnit { unit, exception };
    assert_eq!(
        scan.found,
        [found(3, None), found(7, None), found(9, Some(Exception::IllegalAddress))]
    );
    assert_eq!(scan.next, None);

    let no_time = scan_units(&line, 4..=10, Duration::ZERO, &reach()).await.unwrap();
    assert_eq!((no_time.found, no_time.next), (vec![], Some(4)));
}

#[tokio::test]
async fn what_cannot_be_reached_is_said_in_words() {
    let settings = json!({"host": "169.254.169.254", "registers": {"power": 1}});
    let refused = test_read(&parsed(&settings), &reach()).await.unwrap_err();
    assert!(refused.message.contains("not an address of a meter"), "{refused}");
    let port = json!({"transport": "rtu", "serialPort": "/dev/mem", "registers": {"power": 1}});
    let refused = test_read(&parsed(&port), &reach()).await.unwrap_err();
    assert!(refused.message.contains("not a serial port"), "{refused}");
    let stub = Stub::start(|_| Answer::Close).await;
    let settings =
        json!({"host": "127.0.0.1", "port": stub.address.port(), "registers": {"power": 1}});
    let broken = test_read(&parsed(&settings), &reach()).await.unwrap_err();
    assert!(
        broken.message.contains("unit 1") && broken.message.contains("the connection broke"),
        "{broken}"
    );
}
