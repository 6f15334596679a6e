//! Gateways and units that misbehave.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::Field;
use domain::devices::{Device, DeviceState, Protocol};
use serde_json::json;
use tokio::net::TcpListener;

use crate::collector::{Collector, device};
use crate::stub::{Answer, Question, Stub};

const SICK: u8 = 1;
const WELL: u8 = 2;

/// What a sick unit's answers say, so that they can be told apart.
const NEVER: u16 = 999;
const GOOD: u16 = 42;

/// A unit that is asked once, also on a new connection.
fn unit(id: i64, unit: u8, stub: &Stub) -> Device {
    device(
        id,
        Protocol::Modbus,
        &json!({"host": "127.0.0.1", "port": stub.address.port(), "unitId": unit,
            "firstWait": 0, "registers": {"power": 10, "voltage": 11}}),
    )
}

/// One unit of a gateway misbehaves: it says so with these words, the other goes on undisturbed,
/// and the first recovers.
async fn one_is_sick(fault: Answer, state: DeviceState, words: &str) {
    let healed = Arc::new(AtomicBool::new(false));
    let is_healed = healed.clone();
    let stub = Stub::start(move |question| {
        if question.unit == SICK && !is_healed.load(Ordering::SeqCst) {
            fault.clone()
        } else {
            Answer::Registers(vec![GOOD, 230])
        }
    })
    .await;
    let collector = Collector::start();
    let supervisor = collector.run(vec![unit(1, SICK, &stub), unit(2, WELL, &stub)]).await;
    collector.until("the fault", |seen| seen.told(1, state, words)).await;
    let before = collector.look(|seen| seen.count(2));
    collector.until("the other unit's readings", |seen| seen.count(2) >= before + 3).await;
    assert_eq!(collector.look(|seen| seen.count(1)), 0);
    healed.store(true, Ordering::SeqCst);
    collector.until("the recovery", |seen| seen.state(1) == Some(DeviceState::Online)).await;
    collector.until("its reading", |seen| seen.count(1) > 0).await;
    collector.look(|seen| {
        assert!(!seen.has(1, Field::ActivePowerKw, f64::from(NEVER)));
        assert!(!seen.has(2, Field::ActivePowerKw, f64::from(NEVER)));
        assert_eq!(seen.state(2), Some(DeviceState::Online));
    });
    supervisor.stop().await;
}

#[tokio::test]
async fn a_unit_that_never_answers_leaves_the_others_alone() {
    one_is_sick(Answer::Silence, DeviceState::Offline, "no answer within").await;
}

#[tokio::test]
async fn a_late_answer_is_taken_for_no_other() {
    let late = Answer::Late(Duration::from_millis(3200), vec![NEVER, NEVER]);
    one_is_sick(late, DeviceState::Offline, "no answer within").await;
}

#[tokio::test]
async fn an_answer_to_another_transaction_is_refused() {
    let wrong = Answer::WrongTransaction(vec![NEVER, NEVER]);
    one_is_sick(wrong, DeviceState::Error, "set strictTransactions to false").await;
}

#[tokio::test]
async fn an_answer_of_another_unit_is_refused() {
    let wrong = Answer::WrongUnit(vec![NEVER, NEVER]);
    one_is_sick(wrong, DeviceState::Error, "another request or unit").await;
}

#[tokio::test]
async fn an_answer_of_another_function_is_refused() {
    one_is_sick(Answer::WrongFunction, DeviceState::Error, "another function").await;
}

#[tokio::test]
async fn a_short_answer_is_refused() {
    let short = Answer::Registers(vec![NEVER]);
    one_is_sick(short, DeviceState::Error, "1 registers where 2 were asked for").await;
}

#[tokio::test]
async fn a_long_answer_is_refused() {
    let long = Answer::Registers(vec![NEVER, NEVER, NEVER]);
    one_is_sick(long, DeviceState::Error, "3 registers where 2 were asked for").await;
}

#[tokio::test]
async fn an_answer_cut_off_is_refused() {
    one_is_sick(Answer::Truncated, DeviceState::Error, "cut off").await;
}

#[tokio::test]
async fn bytes_that_are_no_modbus_are_refused() {
    one_is_sick(Answer::Garbage, DeviceState::Offline, "no answer within").await;
}

#[tokio::test]
async fn a_connection_closed_on_one_unit_does_not_stop_the_others() {
    one_is_sick(Answer::Close, DeviceState::Offline, "connection broke").await;
}

#[tokio::test]
async fn a_gateway_that_cannot_reach_a_unit_says_so() {
    one_is_sick(Answer::Exception(0x0B), DeviceState::Error, "failed to respond").await;
}

#[tokio::test]
async fn an_exception_keeps_the_link() {
    let stub = Stub::start(|question| match question.unit {
        SICK => Answer::Exception(4),
        _ => Answer::Registers(vec![GOOD, 230]),
    })
    .await;
    let collector = Collector::start();
    let supervisor = collector.run(vec![unit(1, SICK, &stub), unit(2, WELL, &stub)]).await;
    collector
        .until("the exception's name", |seen| {
            seen.told(1, DeviceState::Error, "Server device failure")
        })
        .await;
    collector.until("the other's readings", |seen| seen.count(2) >= 5).await;
    assert_eq!(stub.connections.load(Ordering::SeqCst), 1);
    supervisor.stop().await;
}

#[tokio::test]
async fn a_gateway_that_closes_idle_connections_is_no_fault() {
    let stub = Stub::start(|_| Answer::LastRegisters(vec![GOOD, 230])).await;
    let collector = Collector::start();
    let supervisor = collector.run(vec![unit(1, SICK, &stub), unit(2, WELL, &stub)]).await;
    collector.until("readings", |seen| seen.count(1) >= 3 && seen.count(2) >= 3).await;
    collector.look(|seen| {
        assert!(seen.health.iter().all(|health| health.state == DeviceState::Online));
    });
    supervisor.stop().await;
}

#[tokio::test]
async fn a_block_the_device_refuses_is_split_and_the_rest_is_read() {
    // Register 13 does not exist.
    let stub = Stub::start(|Question { start, count, .. }| {
        if (start..start + count).contains(&13) {
            Answer::Exception(2)
        } else {
            Answer::Registers((start..start + count).collect())
        }
    })
    .await;
    let settings = json!({"host": "127.0.0.1", "port": stub.address.port(), "registers":
        {"power": 10, "voltage": 12, "current": 13, "frequency": 15}});
    let collector = Collector::start();
    let supervisor = collector.run(vec![device(1, Protocol::Modbus, &settings)]).await;
    collector
        .until("the values that exist", |seen| {
            seen.of(1).any(|reading| reading.values.present().count() == 3)
        })
        .await;
    collector.look(|seen| {
        assert!(seen.has(1, Field::FrequencyHz, 15.0));
        assert!(!seen.of(1).any(|reading| reading.values.current_l1.is_some()));
        assert!(seen.told(1, DeviceState::Error, "registers from 13: Illegal data address"));
    });
    supervisor.stop().await;
}

#[tokio::test]
async fn a_meter_goes_on_without_a_register_that_some_of_its_type_lack() {
    // The counter of export of this one is not there.
    let stub = Stub::start(|Question { function, start, count, .. }| {
        match (function, (start..start + count).contains(&0x5C)) {
            (4, false) => Answer::Registers((start..start + count).collect()),
            _ => Answer::Exception(2),
        }
    })
    .await;
    let settings = json!({"profile": "carlo-gavazzi-em24", "host": "127.0.0.1",
        "port": stub.address.port()});
    let collector = Collector::start();
    let supervisor = collector.run(vec![device(1, Protocol::Modbus, &settings)]).await;
    collector.until("readings", |seen| seen.count(1) >= 3).await;
    supervisor.stop().await;
    collector.look(|seen| {
        // 62 and 63, low word first, in tenths.
        assert!(seen.has(1, Field::EnergyImportKwh, f64::from((63 << 16) + 62) / 10.0));
        assert!(!seen.of(1).any(|reading| reading.values.energy_export_kwh.is_some()));
        assert!(seen.health.iter().all(|health| health.reason.is_none()), "{:?}", seen.health);
    });
}

#[tokio::test]
async fn a_device_is_never_asked_for_more_than_it_gives_at_a_time() {
    let stub = Stub::start(|Question { start, count, .. }| match count {
        0..=4 => Answer::Registers((start..start + count).collect()),
        _ => Answer::Exception(3),
    })
    .await;
    let settings = json!({"host": "127.0.0.1", "port": stub.address.port(), "maxRegisters": 4,
        "registers": {"power": 10, "voltage": 12, "current": 14, "frequency": {"address": 16,
        "type": "u64", "scale": 1e-13}}});
    let collector = Collector::start();
    let supervisor = collector.run(vec![device(1, Protocol::Modbus, &settings)]).await;
    collector.until("all values", |seen| seen.of(1).any(|r| r.values.present().count() == 4)).await;
    assert!(collector.look(|seen| seen.health.iter().all(|health| health.reason.is_none())));
    supervisor.stop().await;
}

#[tokio::test]
async fn a_gateway_that_is_not_there_is_offline_until_it_is() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let settings = json!({"host": "localhost", "port": port, "registers": {"power": 10}});
    let collector = Collector::start();
    let supervisor = collector.run(vec![device(1, Protocol::Modbus, &settings)]).await;
    collector
        .until("the reason", |seen| seen.told(1, DeviceState::Offline, "cannot be reached"))
        .await;
    let registers = crate::modbus::Registers::new([(10, GOOD)]);
    let server = crate::modbus::serve(port, registers).await;
    collector.until("the recovery", |seen| seen.state(1) == Some(DeviceState::Online)).await;
    supervisor.stop().await;
    server.abort();
}

#[tokio::test]
async fn an_address_no_meter_has_is_never_connected_to() {
    let settings = json!({"host": "169.254.169.254", "port": 80, "registers": {"power": 10}});
    let collector = Collector::start();
    let supervisor = collector.run(vec![device(1, Protocol::Modbus, &settings)]).await;
    collector
        .until("the refusal", |seen| {
            seen.told(1, DeviceState::Offline, "not an address of a meter")
        })
        .await;
    supervisor.stop().await;
}

/// A device that refuses whatever meets this register, as makers' gaps are.
async fn with_a_hole(at: u16) -> Stub {
    Stub::start(move |Question { start, count, .. }| {
        if (start..start + count).contains(&at) {
            return Answer::Exception(0x02);
        }
        let word = |register| match register {
            40 => 25,
            50 => u16::MAX,
            60 => 7,
            70 => 1,
            _ => 0,
        };
        Answer::Registers((start..start + count).map(word).collect())
    })
    .await
}

#[tokio::test]
async fn a_value_across_registers_that_are_refused_is_read_in_its_parts() {
    for (hole, registers) in [
        (45, json!({"power": {"address": 40, "type": "i16", "scaleFactor": 50}})),
        (65, json!({"energy": 60, "energyHigh": 70})),
    ] {
        let stub = with_a_hole(hole).await;
        let settings = json!({"host": "127.0.0.1", "port": stub.address.port(), "unitId": 1,
            "registers": registers});
        let collector = Collector::start();
        let supervisor = collector.run(vec![device(1, Protocol::Modbus, &settings)]).await;
        let (field, value) = match hole {
            45 => (Field::ActivePowerKw, 2.5),
            _ => (Field::TotalEnergyKwh, 65_543.0),
        };
        collector.until("the value", |seen| seen.has(1, field, value)).await;
        collector.until("health", |seen| seen.state(1) == Some(DeviceState::Online)).await;
        supervisor.stop().await;
    }
}
