//! Meters that say by their `SunSpec` models where their values stand.

use domain::Field;
use domain::devices::{Device, DeviceState, Protocol};
use serde_json::json;

use crate::collector::{Collector, device};
use crate::modbus::{Registers, free_port, serve};
use crate::stub::{Answer, Question, Stub};

const END: [u16; 2] = [0xFFFF, 0];
const NOT_AVAILABLE: u16 = 0x8000;

/// Models in a line behind the marker.
fn models(models: &[Vec<u16>]) -> Vec<u16> {
    [&[0x5375, 0x6E53][..], &models.concat(), &END].concat()
}

fn at(base: u16, words: Vec<u16>) -> Registers {
    Registers::new((base..).zip(words))
}

/// A model of no interest here.
fn other(number: u16, length: u16) -> Vec<u16> {
    [vec![number, length], vec![0x1234; usize::from(length)]].concat()
}

/// A meter of whole numbers: 1,500.0 W import, reactive power without a value, registers of energy.
fn whole(number: u16) -> Vec<u16> {
    let mut words = vec![NOT_AVAILABLE; 107];
    words[..2].copy_from_slice(&[number, 105]);
    let tenth = (-1_i16).cast_unsigned();
    for (offset, value) in [(3, 63), (6, tenth), (8, 2301), (9, 2302), (15, tenth), (16, 4998)] {
        words[offset] = value;
    }
    words[17] = (-2_i16).cast_unsigned();
    words[18..=22].copy_from_slice(&[15_000, 20_000, (-5000_i16).cast_unsigned(), 0, tenth]);
    // 0 counts nothing; 123,456 tens of Wh.
    words[38..=39].copy_from_slice(&[0, 0]);
    words[46..=47].copy_from_slice(&[0x0001, 0xE240]);
    words[54] = 1;
    words
}

/// A meter of floating point.
fn floating(number: u16) -> Vec<u16> {
    let mut words = [0x7FC0_u16, 0].repeat(63);
    words[..2].copy_from_slice(&[number, 124]);
    for (offset, value) in [(12, 231.5_f32), (26, 50.02), (28, -2500.0), (60, 7000.0)] {
        let bits = value.to_bits();
        words[offset] = (bits >> 16) as u16;
        words[offset + 1] = (bits & 0xFFFF) as u16;
    }
    words
}

fn meter(port: u16, more: &serde_json::Value) -> Device {
    let mut settings = json!({"host": "127.0.0.1", "port": port, "sunspec": true});
    for (name, value) in more.as_object().unwrap() {
        settings[name] = value.clone();
    }
    device(1, Protocol::Modbus, &settings)
}

#[tokio::test]
async fn a_meter_of_whole_numbers_is_found_and_scaled() {
    let port = free_port().await;
    let _server =
        serve(port, at(40_000, models(&[other(1, 66), other(103, 50), whole(203)]))).await;
    let collector = Collector::start();
    let supervisor = collector.run(vec![meter(port, &json!({}))]).await;
    collector.until("a reading", |seen| seen.count(1) >= 2).await;
    supervisor.stop().await;
    collector.look(|seen| {
        for (field, value) in [
            (Field::ActivePowerKw, 1.5),
            (Field::ActivePowerL1Kw, 2.0),
            (Field::ActivePowerL2Kw, -0.5),
            (Field::CurrentL1, 6.3),
            (Field::VoltageL1, 230.1),
            (Field::FrequencyHz, 49.98),
            (Field::EnergyImportKwh, 1234.56),
        ] {
            assert!(seen.has(1, field, value), "{field:?}: {:?}", seen.of(1).next());
        }
        let absent = [Field::ReactivePowerKvar, Field::EnergyExportKwh, Field::VoltageL3];
        assert!(seen.of(1).all(|r| absent.iter().all(|&field| r.values.get(field).is_none())));
        assert_eq!(seen.state(1), Some(DeviceState::Online));
    });
}

#[tokio::test]
async fn a_meter_of_floating_point_is_found_behind_refused_addresses() {
    // Only the models' own registers can be read, and they begin at 0.
    let words = models(&[other(1, 66), floating(213)]);
    let stub = Stub::start(move |Question { start, count, .. }| {
        let (start, end) = (usize::from(start), usize::from(start) + usize::from(count));
        words
            .get(start..end)
            .map_or(Answer::Exception(2), |words| Answer::Registers(words.to_vec()))
    })
    .await;
    let turned = meter(stub.address.port(), &json!({"invert": true}));
    let collector = Collector::start();
    let supervisor = collector.run(vec![turned]).await;
    collector.until("a reading", |seen| seen.count(1) >= 1).await;
    supervisor.stop().await;
    collector.look(|seen| {
        assert!(seen.has(1, Field::ActivePowerKw, 2.5), "{:?}", seen.of(1).next());
        assert!(seen.has(1, Field::EnergyExportKwh, 7.0));
        assert!(seen.has(1, Field::VoltageL1, 231.5));
        assert!(seen.of(1).all(|reading| reading.values.current_l1.is_none()));
    });
}

#[tokio::test]
async fn a_second_meter_and_registers_of_ones_own_are_read() {
    let port = free_port().await;
    let mut second = whole(201);
    second[18] = 30_000;
    let words = models(&[other(1, 66), whole(203), other(1, 66), second]);
    let _server = serve(port, at(50_000, words)).await;
    let more = json!({"sunspec": 2, "registers": {"frequency": {"address": 7, "offset": 60}}});
    let collector = Collector::start();
    let supervisor = collector.run(vec![meter(port, &more)]).await;
    collector.until("a reading", |seen| seen.count(1) >= 1).await;
    supervisor.stop().await;
    collector.look(|seen| {
        assert!(seen.has(1, Field::ActivePowerKw, 3.0));
        assert!(seen.has(1, Field::FrequencyHz, 60.0), "one's own register wins");
        let second_phase = |reading: &domain::Reading| reading.values.active_power_kw_l2;
        assert!(seen.of(1).all(|reading| second_phase(reading).is_none()), "a single phase");
    });
}

#[tokio::test]
async fn the_models_are_looked_for_again_on_a_new_connection() {
    let port = free_port().await;
    let server = serve(port, at(40_000, models(&[whole(203)]))).await;
    let collector = Collector::start();
    let supervisor = collector.run(vec![meter(port, &json!({}))]).await;
    collector.until("a reading", |seen| seen.has(1, Field::ActivePowerKw, 1.5)).await;
    server.abort();
    collector.until("the loss", |seen| seen.state(1) == Some(DeviceState::Offline)).await;
    let mut changed = whole(203);
    changed[18] = 12_000;
    let _server = serve(port, at(40_000, models(&[other(1, 66), changed]))).await;
    collector.until("the reading", |seen| seen.has(1, Field::ActivePowerKw, 1.2)).await;
    supervisor.stop().await;
}

#[tokio::test]
async fn what_has_no_sunspec_meter_says_so() {
    let (bare, inverter) = (free_port().await, free_port().await);
    let _bare = serve(bare, Registers::new([(10, 7)])).await;
    let _inverter = serve(inverter, at(40_000, models(&[other(1, 66), other(103, 50)]))).await;
    let collector = Collector::start();
    let second = Device { id: domain::DeviceId(2), ..meter(inverter, &json!({})) };
    let supervisor = collector.run(vec![meter(bare, &json!({})), second]).await;
    collector
        .until("the first reason", |seen| {
            seen.told(1, DeviceState::Error, "no SunSpec marker at 40000, 50000 or 0")
        })
        .await;
    collector
        .until("the second", |seen| seen.told(2, DeviceState::Error, "its models are 1, 103"))
        .await;
    supervisor.stop().await;
}
