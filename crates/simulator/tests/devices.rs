//! Every device of the plant, asked over its own protocol.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::devices::{
    Communication, Function, ModbusSettings, NumberType, Order, Point, Protocol,
};
use domain::{Field, Values};
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, QoS};
use simulator::devices::{self, DeviceBody, Running};
use simulator::plant::{Plant, Snapshot};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_modbus::client::{Context, tcp};
use tokio_modbus::prelude::{Reader, SlaveContext};
use tokio_modbus::{ExceptionCode, Slave};
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(30);

async fn started() -> (Plant, Running, CancellationToken) {
    let plant = Plant::new(92, Utc::now() - TimeDelta::hours(30));
    let stop = CancellationToken::new();
    let running = devices::start(&plant, stop.clone()).await.unwrap();
    (plant, running, stop)
}

fn shown(plant: &Plant, at: DateTime<Utc>) -> Snapshot {
    plant.history(std::iter::once(at)).next().unwrap().1
}

/// Whether a value read between two instants is the plant's. Registers lie between the two; what
/// swings within a minute may be off by what it swings.
fn fits(field: Field, value: f64, before: &Values, after: &Values) -> bool {
    let (low, high) = (before.get(field).unwrap(), after.get(field).unwrap());
    let slack = match field {
        Field::TotalEnergyKwh
        | Field::EnergyImportKwh
        | Field::EnergyExportKwh
        | Field::DieselConsumptionLiters
        | Field::RuntimeHours => 1e-6,
        Field::PowerFactor => 0.01,
        Field::FrequencyHz => 0.006,
        _ => 0.05 * low.abs().max(high.abs()) + 0.006,
    };
    (low.min(high) - slack..=low.max(high) + slack).contains(&value)
}

/// Asks again until the question and the answer fall into one minute.
async fn within_a_minute<T>(
    plant: &Plant,
    mut ask: impl AsyncFnMut() -> T,
) -> (Snapshot, T, Snapshot) {
    loop {
        let before = Utc::now();
        let answer = ask().await;
        let after = Utc::now();
        if before.timestamp() / 60 == after.timestamp() / 60 {
            return (shown(plant, before), answer, shown(plant, after));
        }
    }
}

fn modbus(device: &DeviceBody) -> Option<ModbusSettings> {
    match Communication::parse(device.protocol, &device.communication).unwrap() {
        Communication::Modbus(settings) => Some(settings),
        _ => None,
    }
}

async fn client(settings: &ModbusSettings) -> Context {
    let address: SocketAddr = settings.station.line.name().parse().unwrap();
    tcp::connect_slave(address, Slave(settings.station.unit)).await.unwrap()
}

async fn read(
    client: &mut Context,
    function: Function,
    first: u16,
    count: u16,
) -> Result<Vec<u16>, ExceptionCode> {
    match function {
        Function::Holding => client.read_holding_registers(first, count).await.unwrap(),
        Function::Input => client.read_input_registers(first, count).await.unwrap(),
    }
}

async fn value(client: &mut Context, point: &Point) -> f64 {
    let mut words = if let Some(high) = point.high {
        let mut words = read(client, point.function, high, 1).await.unwrap();
        words.extend(read(client, point.function, point.address, 1).await.unwrap());
        words
    } else {
        read(client, point.function, point.address, point.number.width()).await.unwrap()
    };
    if point.words == Order::Little {
        words.reverse();
    }
    let bytes: Vec<u8> = words
        .iter()
        .flat_map(|word| match point.bytes {
            Order::Big => word.to_be_bytes(),
            Order::Little => word.to_le_bytes(),
        })
        .collect();
    let raw = match point.number {
        NumberType::U16 => f64::from(u16::from_be_bytes(bytes.try_into().unwrap())),
        NumberType::I16 => f64::from(i16::from_be_bytes(bytes.try_into().unwrap())),
        NumberType::U32 => f64::from(u32::from_be_bytes(bytes.try_into().unwrap())),
        NumberType::I32 => f64::from(i32::from_be_bytes(bytes.try_into().unwrap())),
        NumberType::U64 => u64::from_be_bytes(bytes.try_into().unwrap()) as f64,
        NumberType::I64 => i64::from_be_bytes(bytes.try_into().unwrap()) as f64,
        NumberType::F32 => f64::from(f32::from_be_bytes(bytes.try_into().unwrap())),
        NumberType::F64 => f64::from_be_bytes(bytes.try_into().unwrap()),
        NumberType::Bcd => format!("{:x}", words[0]).parse().unwrap(),
        NumberType::Mod10x2 | NumberType::Mod10x3 | NumberType::Mod10x4 => {
            words.iter().fold(0.0, |sum, word| sum * 10_000.0 + f64::from(*word))
        }
    };
    raw * point.scale + point.offset
}

#[tokio::test(flavor = "multi_thread")]
async fn every_meter_has_one_body_that_a_registration_takes() {
    let (plant, running, stop) = started().await;
    let order: Vec<_> = running.devices.iter().map(|device| device.meter).collect();
    assert_eq!(order, (0..92).collect::<Vec<_>>());
    let count = |protocol| running.devices.iter().filter(|d| d.protocol == protocol).count();
    assert_eq!([Protocol::Modbus, Protocol::Mqtt, Protocol::Http].map(count), [80, 9, 3]);
    let gateways: HashMap<String, usize> =
        running.devices.iter().filter_map(modbus).fold(HashMap::new(), |mut found, settings| {
            *found.entry(settings.station.line.name()).or_default() += 1;
            found
        });
    assert_eq!(gateways.len(), 6);
    let meters = shown(&plant, Utc::now());
    for device in &running.devices {
        let has: Vec<_> = meters[device.meter].1.present().map(|(field, _)| field).collect();
        let mut offered: Vec<_> =
            match Communication::parse(device.protocol, &device.communication).unwrap() {
                Communication::Modbus(settings) => {
                    settings.points.iter().map(|point| point.field).collect()
                }
                _ => has.clone(),
            };
        offered.sort();
        assert_eq!(offered, has, "{}", plant.meters()[device.meter].number);
    }
    stop.cancel();
    tokio::time::timeout(PATIENCE, running.stopped()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_register_of_every_gateway_holds_the_plants_value() {
    let (plant, running, stop) = started().await;
    let mut codings = std::collections::HashSet::new();
    for device in &running.devices {
        let Some(settings) = modbus(device) else { continue };
        let mut client = client(&settings).await;
        let (before, values, after) = within_a_minute(&plant, async || {
            let mut values = Vec::new();
            for point in &settings.points {
                values.push((point.field, value(&mut client, point).await));
            }
            values
        })
        .await;
        for (field, value) in values {
            let (before, after) = (&before[device.meter].1, &after[device.meter].1);
            assert!(
                fits(field, value, before, after),
                "{} {field:?} is {value}, not {:?} to {:?}",
                plant.meters()[device.meter].number,
                before.get(field),
                after.get(field),
            );
        }
        codings
            .extend(settings.points.iter().map(|p| format!("{:?}", (p.number, p.words, p.bytes))));
    }
    assert!(codings.len() >= 12, "{codings:?}");
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_gateway_does_not_have_is_an_exception() {
    let (plant, running, stop) = started().await;
    let body = |number: &str| {
        let meter = plant.meters().iter().position(|meter| meter.number == number).unwrap();
        modbus(&running.devices[meter]).unwrap()
    };
    let substation = body("GRID-001");
    let mut gateway = client(&substation).await;
    let holding = Function::Holding;
    let beyond = read(&mut gateway, holding, 5000, 2).await;
    assert_eq!(beyond, Err(ExceptionCode::IllegalDataAddress));
    assert_eq!(read(&mut gateway, holding, 40, 4).await, Ok(vec![0; 4]));
    let other_table = read(&mut gateway, Function::Input, 0, 2).await;
    assert_eq!(other_table, Err(ExceptionCode::IllegalDataAddress));
    let unit_c = body("C-01");
    let mut strict = client(&unit_c).await;
    let across_a_gap = read(&mut strict, holding, 0x1000, 0x20).await;
    assert_eq!(across_a_gap, Err(ExceptionCode::IllegalDataAddress));
    strict.set_slave(Slave(200));
    let nobody = read(&mut strict, holding, 0x1000, 2).await;
    assert_eq!(nobody, Err(ExceptionCode::GatewayTargetDevice));
    stop.cancel();
}

async fn next_publish(events: &mut EventLoop) -> rumqttc::Publish {
    loop {
        if let Event::Incoming(Packet::Publish(publish)) = events.poll().await.unwrap() {
            return publish;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_meters_send_numbers_or_an_object_and_say_that_they_are_online() {
    let (plant, running, stop) = started().await;
    let broker = running.devices.iter().find(|device| device.protocol == Protocol::Mqtt).unwrap();
    let port = u16::try_from(broker.communication["port"].as_u64().unwrap()).unwrap();
    let (client, mut events) =
        AsyncClient::new(MqttOptions::new("listener", "127.0.0.1", port), 10);
    client.subscribe("pune-works/#", QoS::AtLeastOnce).await.unwrap();
    let mut heard: HashMap<String, String> = HashMap::new();
    let mut wanted: Vec<String> = running
        .devices
        .iter()
        .filter(|device| device.protocol == Protocol::Mqtt)
        .flat_map(|device| device.communication.as_object().unwrap())
        .filter(|(setting, _)| setting.starts_with("topic"))
        .map(|(_, topic)| topic.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(wanted.len(), 5 * 7 + 4 * 2);
    let start = Utc::now() - TimeDelta::minutes(1);
    tokio::time::timeout(PATIENCE, async {
        while !wanted.is_empty() {
            let publish = next_publish(&mut events).await;
            wanted.retain(|topic| *topic != publish.topic);
            let payload = String::from_utf8(publish.payload.to_vec()).unwrap();
            heard.insert(publish.topic, payload);
        }
    })
    .await
    .unwrap();
    let end = Utc::now();
    let meter = |number: &str| plant.meters().iter().position(|m| m.number == number).unwrap();
    let (low, high) = (shown(&plant, start), shown(&plant, end));
    let total = |number: &str, value: f64| {
        let at = |snapshot: &Snapshot| snapshot[meter(number)].1.total_energy_kwh.unwrap();
        assert!((at(&low)..=at(&high)).contains(&value), "{number} says {value} kWh");
    };
    total("LT-001", heard["pune-works/lt-001/total"].parse().unwrap());
    let object: serde_json::Value =
        serde_json::from_str(&heard["pune-works/ad-002/energy"]).unwrap();
    total("AD-002", object["total_kwh"].as_f64().unwrap());
    assert!(object["power_kw"].as_f64().unwrap() > 0.0);
    assert_eq!(heard["pune-works/lt-003/status"], "online");
    stop.cancel();
}

async fn get(address: &str, path: &str, token: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn http_meters_answer_to_their_token_only() {
    let (plant, running, stop) = started().await;
    for device in running.devices.iter().filter(|device| device.protocol == Protocol::Http) {
        let Communication::Http(settings) =
            Communication::parse(device.protocol, &device.communication).unwrap()
        else {
            panic!("settings of another protocol");
        };
        let rest = settings.request.url.strip_prefix("http://").unwrap();
        let (address, path) = rest.split_at(rest.find('/').unwrap());
        let token = settings.request.auth_token.unwrap();
        let (before, (status, body), after) =
            within_a_minute(&plant, async || get(address, path, &token).await).await;
        assert_eq!(status, 200, "{body}");
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let (before, after) = (&before[device.meter].1, &after[device.meter].1);
        for (name, field) in [
            ("power_kw", Field::ActivePowerKw),
            ("total_kwh", Field::TotalEnergyKwh),
            ("voltage", Field::VoltageL1),
            ("current", Field::CurrentL1),
            ("power_factor", Field::PowerFactor),
            ("frequency", Field::FrequencyHz),
        ] {
            let value = body[name].as_f64().unwrap();
            assert!(fits(field, value, before, after), "{name} is {value}");
        }
        assert_eq!(get(address, path, "guessed").await.0, 401);
        assert_eq!(get(address, "/api/meters/GRID-001", &token).await.0, 404);
    }
    stop.cancel();
}
