//! Values over Modbus TCP, against a server of the library's own.

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use domain::Field;
use domain::devices::{Device, DeviceState, Protocol};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_modbus::server::Service;
use tokio_modbus::server::tcp::{Server, accept_tcp_connection};
use tokio_modbus::{ExceptionCode, Request, Response, SlaveRequest};

use crate::collector::{Collector, device};

/// The registers of a device, the same in both tables and for all units.
#[derive(Clone, Default)]
pub(crate) struct Registers {
    words: Arc<Mutex<HashMap<u16, u16>>>,
    requests: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
}

impl Registers {
    pub(crate) fn new(words: impl IntoIterator<Item = (u16, u16)>) -> Self {
        let registers = Self::default();
        registers.words.lock().unwrap().extend(words);
        registers
    }

    fn set_f32(&self, address: u16, value: f32) {
        let bits = value.to_bits();
        let mut words = self.words.lock().unwrap();
        words.insert(address, (bits >> 16) as u16);
        words.insert(address + 1, (bits & 0xFFFF) as u16);
    }

    fn read(&self, start: u16, count: u16) -> Vec<u16> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        let words = self.words.lock().unwrap();
        (start..start + count).map(|at| words.get(&at).copied().unwrap_or_default()).collect()
    }
}

impl Service for Registers {
    type Request = SlaveRequest<'static>;
    type Response = Response;
    type Exception = ExceptionCode;
    type Future = Ready<Result<Response, ExceptionCode>>;

    fn call(&self, request: Self::Request) -> Self::Future {
        ready(match request.request {
            Request::ReadHoldingRegisters(start, count) => {
                Ok(Response::ReadHoldingRegisters(self.read(start, count)))
            }
            Request::ReadInputRegisters(start, count) => {
                Ok(Response::ReadInputRegisters(self.read(start, count)))
            }
            _ => Err(ExceptionCode::IllegalFunction),
        })
    }
}

/// Serves registers on a port.
pub(crate) async fn serve(port: u16, registers: Registers) -> JoinHandle<()> {
    serve_on(TcpListener::bind(("127.0.0.1", port)).await.unwrap(), registers)
}

fn serve_on(listener: TcpListener, registers: Registers) -> JoinHandle<()> {
    tokio::spawn(async move {
        let on_connected = |stream, peer| {
            registers.connections.fetch_add(1, Ordering::SeqCst);
            let registers = registers.clone();
            async move { accept_tcp_connection(stream, peer, |_| Ok(Some(registers.clone()))) }
        };
        Server::new(listener).serve(&on_connected, |_| {}).await.unwrap();
    })
}

/// A port that nothing listens on yet.
pub(crate) async fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

async fn start(registers: &Registers) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    serve_on(listener, registers.clone());
    port
}

fn meter(id: i64, port: u16, registers: &Value) -> Device {
    let unit = u8::try_from(id).unwrap();
    let settings =
        json!({"host": "127.0.0.1", "port": port, "unitId": unit, "registers": registers});
    device(id, Protocol::Modbus, &settings)
}

#[tokio::test]
async fn the_guides_meter_is_read_in_one_request() {
    let registers = Registers::new([
        (20480, 28),
        (20482, 0x4B40),
        (20483, 0x00EB),
        (20484, 2301),
        (20486, 12_370),
    ]);
    let port = start(&registers).await;
    let map = json!({"power": 20480, "energy": 20482, "energyHigh": 20483, "voltage": 20484,
        "current": 20486, "powerScale": 1, "energyScale": 0.001, "voltageScale": 0.1,
        "currentScale": 0.001});
    let collector = Collector::start();
    let supervisor = collector.run(vec![meter(1, port, &map)]).await;
    collector.until("a reading", |seen| seen.count(1) >= 1).await;
    supervisor.stop().await;
    collector.look(|seen| {
        assert!(seen.has(1, Field::ActivePowerKw, 28.0));
        assert!(seen.has(1, Field::TotalEnergyKwh, 15_420.224));
        assert!(seen.has(1, Field::VoltageL1, 230.1));
        assert!(seen.has(1, Field::CurrentL1, 12.37));
        assert_eq!(seen.state(1), Some(DeviceState::Online));
        assert!(registers.requests.load(Ordering::SeqCst) <= seen.count(1) + 1);
    });
}

#[tokio::test]
async fn types_orders_and_tables_are_understood() {
    let registers = Registers::new([(200, 0x0000), (201, 0xBF80)]);
    registers.set_f32(100, 49.98);
    let port = start(&registers).await;
    let map = json!({
        "frequency": {"address": 100, "function": "input", "type": "f32"},
        "power": {"address": 200, "type": "f32", "wordOrder": "little", "invert": true},
    });
    let collector = Collector::start();
    let supervisor = collector.run(vec![meter(1, port, &map)]).await;
    collector.until("a reading", |seen| seen.count(1) >= 1).await;
    supervisor.stop().await;
    collector.look(|seen| {
        assert!(seen.has(1, Field::FrequencyHz, f64::from(49.98_f32)));
        assert!(seen.has(1, Field::ActivePowerKw, 1.0));
    });
}

#[tokio::test]
async fn a_value_that_cannot_be_is_an_error_and_the_others_are_kept() {
    let registers = Registers::new([(10, 230)]);
    registers.set_f32(0, f32::INFINITY);
    let port = start(&registers).await;
    let map = json!({"power": {"address": 0, "type": "f32"}, "voltage": 10});
    let collector = Collector::start();
    let supervisor = collector.run(vec![meter(1, port, &map)]).await;
    collector
        .until("the reason", |seen| seen.told(1, DeviceState::Error, "activePowerKw is inf"))
        .await;
    collector.until("a reading", |seen| seen.has(1, Field::VoltageL1, 230.0)).await;
    registers.set_f32(0, 3.5);
    collector.until("the recovery", |seen| seen.has(1, Field::ActivePowerKw, 3.5)).await;
    collector.until("its health", |seen| seen.state(1) == Some(DeviceState::Online)).await;
    assert!(collector.look(|seen| seen.readings.iter().all(|r| r.values.not_finite().is_none())));
    supervisor.stop().await;
}

#[tokio::test]
async fn what_the_device_has_no_value_for_is_absent_and_no_fault() {
    let registers = Registers::new([(10, 230), (11, 0x8000)]);
    registers.set_f32(0, f32::NAN);
    let port = start(&registers).await;
    let map = json!({"power": {"address": 0, "type": "f32"}, "voltage": 10,
        "current": {"address": 11, "type": "i16", "notAvailable": ["0x8000"]}});
    let collector = Collector::start();
    let supervisor = collector.run(vec![meter(1, port, &map)]).await;
    collector.until("readings", |seen| seen.count(1) >= 2).await;
    collector.look(|seen| {
        assert!(seen.of(1).all(|reading| reading.values.present().count() == 1));
        assert_eq!(seen.state(1), Some(DeviceState::Online));
    });
    supervisor.stop().await;
}

#[tokio::test]
async fn a_device_without_any_value_says_so() {
    let registers = Registers::default();
    registers.set_f32(0, f32::NAN);
    let port = start(&registers).await;
    let map = json!({"power": {"address": 0, "type": "f32"}});
    let collector = Collector::start();
    let supervisor = collector.run(vec![meter(1, port, &map)]).await;
    collector
        .until("the reason", |seen| {
            seen.told(1, DeviceState::Error, "none of its values is available")
        })
        .await;
    assert_eq!(collector.look(|seen| seen.count(1)), 0);
    supervisor.stop().await;
}

#[tokio::test]
async fn a_transformer_mounted_the_wrong_way_round_is_put_right() {
    let registers = Registers::new([(0, 4), (1, 5), (2, (-3_i16).cast_unsigned()), (3, 2)]);
    let port = start(&registers).await;
    let signed = |address| json!({"address": address, "type": "i16"});
    let settings = json!({"host": "127.0.0.1", "port": port, "invertPhases": ["L2"], "registers": {
        "power": signed(0), "activePowerL1Kw": signed(1), "activePowerL2Kw": signed(2),
        "activePowerL3Kw": signed(3)}});
    let collector = Collector::start();
    let supervisor = collector.run(vec![device(1, Protocol::Modbus, &settings)]).await;
    collector.until("a reading", |seen| seen.count(1) >= 1).await;
    collector.look(|seen| {
        assert!(seen.has(1, Field::ActivePowerL2Kw, 3.0));
        assert!(seen.has(1, Field::ActivePowerKw, 10.0), "the sum is 5 + 3 + 2");
    });
    supervisor.stop().await;
}

#[tokio::test]
async fn a_hundred_units_share_one_connection_in_turn() {
    let registers = Registers::new([(0, 7)]);
    let port = start(&registers).await;
    let devices = (1..=100).map(|id| meter(id, port, &json!({"power": 0}))).collect();
    let collector = Collector::start();
    let supervisor = collector.run(devices).await;
    collector.until("all units twice", |seen| (1..=100).all(|id| seen.count(id) >= 2)).await;
    assert_eq!(registers.connections.load(Ordering::SeqCst), 1);
    supervisor.stop().await;
}

#[tokio::test]
async fn a_change_of_one_unit_leaves_the_others_and_the_link_alone() {
    let registers = Registers::new([(0, 7), (1, 8)]);
    let port = start(&registers).await;
    let (first, second) =
        (meter(1, port, &json!({"power": 0})), meter(2, port, &json!({"power": 0})));
    let collector = Collector::start();
    let mut supervisor = collector.run(vec![first.clone(), second]).await;
    collector.until("both", |seen| seen.count(1) > 0 && seen.count(2) > 0).await;
    let changed = meter(2, port, &json!({"power": 1}));
    supervisor.apply(vec![first.clone(), changed, meter(3, port, &json!({"power": 0}))]).await;
    collector
        .until("the change", |seen| seen.has(2, Field::ActivePowerKw, 8.0) && seen.count(3) > 0)
        .await;
    supervisor.apply(vec![first]).await;
    let first_so_far = collector.look(|seen| seen.count(1));
    collector.until("the first goes on", |seen| seen.count(1) >= first_so_far + 3).await;
    let third = collector.look(|seen| seen.count(3));
    collector.until("and on", |seen| seen.count(1) >= first_so_far + 6).await;
    assert_eq!(collector.look(|seen| seen.count(3)), third, "a removed unit is read no more");
    assert_eq!(registers.connections.load(Ordering::SeqCst), 1);
    supervisor.stop().await;
}

#[tokio::test]
async fn what_is_read_while_storage_is_down_is_stored_later() {
    let registers = Registers::new([(0, 7)]);
    let port = start(&registers).await;
    let collector = Collector::start();
    collector.stores(false);
    let supervisor = collector.run(vec![meter(1, port, &json!({"power": 0}))]).await;
    collector.until("readings turned away", |seen| seen.turned_away.len() >= 3).await;
    collector.stores(true);
    collector
        .until("all of them", |seen| {
            seen.turned_away.iter().all(|reading| seen.readings.contains(reading))
        })
        .await;
    supervisor.stop().await;
}
