//! A thousand units on fifty gateways, of which one is silent and one has a dead unit.

use std::future::{Ready, ready};
use std::time::Duration;

use domain::Field;
use domain::devices::{Device, DeviceState, Protocol};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_modbus::server::Service;
use tokio_modbus::server::tcp::{Server, accept_tcp_connection};
use tokio_modbus::{ExceptionCode, Request, Response, SlaveRequest};

use crate::collector::{Collector, device};
use crate::stub::{Answer, Stub};

const GATEWAYS: u16 = 50;
const UNITS: u16 = 20;
const SILENT_GATEWAY: u16 = 7;
const MIXED_GATEWAY: u16 = 8;
const DEAD_UNIT: u16 = 3;
const POLL: Duration = Duration::from_secs(2);

/// A gateway each of whose units says who it is.
#[derive(Clone, Copy)]
struct Gateway(u16);

impl Service for Gateway {
    type Request = SlaveRequest<'static>;
    type Response = Response;
    type Exception = ExceptionCode;
    type Future = Ready<Result<Response, ExceptionCode>>;

    fn call(&self, request: Self::Request) -> Self::Future {
        ready(match request.request {
            Request::ReadHoldingRegisters(0, 1) => {
                Ok(Response::ReadHoldingRegisters(vec![number(self.0, u16::from(request.slave))]))
            }
            _ => Err(ExceptionCode::IllegalDataAddress),
        })
    }
}

/// The number of a unit among all, which is also what it says.
fn number(gateway: u16, unit: u16) -> u16 {
    gateway * UNITS + unit
}

async fn start(gateway: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let on_connected = |stream, peer| async move {
            accept_tcp_connection(stream, peer, |_| Ok(Some(Gateway(gateway))))
        };
        Server::new(listener).serve(&on_connected, |_| {}).await.unwrap();
    });
    port
}

/// A gateway that answers for some units only.
async fn start_sick(gateway: u16, dead: impl Fn(u8) -> bool + Send + Sync + 'static) -> u16 {
    let stub = Stub::start(move |question| {
        if dead(question.unit) {
            Answer::Silence
        } else {
            Answer::Registers(vec![number(gateway, u16::from(question.unit))])
        }
    })
    .await;
    stub.address.port()
}

fn unit(gateway: u16, unit: u16, port: u16) -> Device {
    let settings = json!({"host": "127.0.0.1", "port": port, "unitId": unit,
        "registers": {"power": 0}});
    let id = i64::from(number(gateway, unit));
    Device { poll: POLL, ..device(id, Protocol::Modbus, &settings) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_units_are_read_and_the_sick_keep_none_waiting() {
    let mut devices = Vec::new();
    for gateway in 0..GATEWAYS {
        let port = match gateway {
            SILENT_GATEWAY => start_sick(gateway, |_| true).await,
            MIXED_GATEWAY => start_sick(gateway, |unit| u16::from(unit) == DEAD_UNIT).await,
            _ => start(gateway).await,
        };
        devices.extend((1..=UNITS).map(|of| unit(gateway, of, port)));
    }
    let is_sick = |id: i64| {
        let silent =
            i64::from(number(SILENT_GATEWAY, 1))..=i64::from(number(SILENT_GATEWAY, UNITS));
        silent.contains(&id) || id == i64::from(number(MIXED_GATEWAY, DEAD_UNIT))
    };
    let ids: Vec<_> = devices.iter().map(|device| device.id.0).collect();
    let (sick, well): (Vec<_>, Vec<_>) = ids.into_iter().partition(|&id| is_sick(id));
    assert_eq!((sick.len(), well.len()), (21, 979));

    let collector = Collector::start();
    let supervisor = collector.run(devices).await;
    collector
        .until("each well unit four times", |seen| well.iter().all(|&id| seen.count(id) >= 4))
        .await;
    let dead = i64::from(number(MIXED_GATEWAY, DEAD_UNIT));
    collector
        .until("the dead unit's state", |seen| seen.told(dead, DeviceState::Offline, "no answer"))
        .await;
    collector.look(|seen| {
        for reading in &seen.readings {
            let says = reading.values.get(Field::ActivePowerKw);
            assert_eq!(says, Some(reading.meter.0 as f64), "an answer of another unit");
        }
        assert!(sick.iter().all(|&id| seen.count(id) == 0));
        assert!(well.iter().all(|&id| seen.state(id) == Some(DeviceState::Online)));
        // What one has more of than another is a poll or two, and what a time-out of 3 s cost.
        let counts = || well.iter().map(|&id| seen.count(id));
        let (most, fewest) = (counts().max().unwrap(), counts().min().unwrap());
        assert!(most <= 2 * fewest + 4, "{fewest} to {most} readings per unit");
    });
    supervisor.stop().await;
}
