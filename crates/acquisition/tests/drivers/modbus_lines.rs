//! Serial lines: through a port of this machine, and as frames over TCP.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use acquisition::{Outbound, SerialPorts, Settings, Supervisor};
use domain::Field;
use domain::devices::{Device, DeviceState, Protocol};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use serde_json::{Value, json};
use tokio::io::copy_bidirectional;
use tokio::net::unix::pipe;
use tokio::net::{TcpListener, TcpStream};
use tokio_modbus::server::rtu_over_tcp::{Server, accept_tcp_connection};

use crate::bus::Bus;
use crate::collector::{Collector, device};
use crate::modbus::Registers;
use crate::stub::Answer;

const SICK: u8 = 1;
const WELL: u8 = 2;
/// What a sick unit's answers say, so that they can be told apart.
const NEVER: u16 = 999;
const GOOD: u16 = 42;

/// A unit that is asked once, also on a new connection.
fn over_tcp(id: i64, unit: u8, port: u16) -> Device {
    let settings = json!({"transport": "rtuOverTcp", "host": "127.0.0.1", "port": port,
        "unitId": unit, "firstWait": 0, "registers": {"power": 10, "voltage": 11}});
    device(id, Protocol::Modbus, &settings)
}

/// A server of serial frames, of the library's own.
async fn frame_server(registers: Registers) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let on_connected = |stream, peer| {
            let registers = registers.clone();
            async move { accept_tcp_connection(stream, peer, |_| Ok(Some(registers.clone()))) }
        };
        Server::new(listener).serve(&on_connected, |_| {}).await.unwrap();
    });
    port
}

#[tokio::test]
async fn frames_over_tcp_are_understood() {
    let port = frame_server(Registers::new([(10, GOOD), (11, 230)])).await;
    let collector = Collector::start();
    let supervisor = collector.run(vec![over_tcp(1, 1, port), over_tcp(2, 247, port)]).await;
    collector.until("readings", |seen| seen.count(1) >= 3 && seen.count(2) >= 3).await;
    collector.look(|seen| {
        assert!(seen.has(1, Field::ActivePowerKw, f64::from(GOOD)));
        assert!(seen.health.iter().all(|health| health.state == DeviceState::Online));
    });
    supervisor.stop().await;
}

/// As over TCP: one unit misbehaves and says so, the other goes on undisturbed, the first recovers,
/// and no answer is taken for another.
async fn one_is_sick(fault: Answer, state: DeviceState, words: &str) {
    let healed = Arc::new(AtomicBool::new(false));
    let is_healed = healed.clone();
    let bus = Bus::start(move |question| match question.unit {
        SICK if !is_healed.load(Ordering::SeqCst) => fault.clone(),
        // Slow, so that what the other says late meets a request as often as not.
        _ => Answer::Late(Duration::from_millis(50), vec![GOOD, 230]),
    })
    .await;
    let port = bus.address.port();
    let collector = Collector::start();
    let devices = vec![over_tcp(1, SICK, port), over_tcp(2, WELL, port)];
    let supervisor = collector.run(devices).await;
    collector.until("the fault", |seen| seen.told(1, state, words)).await;
    let before = collector.look(|seen| seen.count(2));
    collector.until("the other unit's readings", |seen| seen.count(2) >= before + 3).await;
    healed.store(true, Ordering::SeqCst);
    let wrong = f64::from(NEVER);
    collector.until("its reading", |seen| seen.has(1, Field::ActivePowerKw, f64::from(GOOD))).await;
    collector.look(|seen| {
        assert!(!seen.has(1, Field::ActivePowerKw, wrong));
        assert!(!seen.has(2, Field::ActivePowerKw, wrong));
        assert!(!seen.told(2, DeviceState::Offline, ""), "the other unit was blamed");
        assert!(!seen.told(2, DeviceState::Error, ""), "the other unit was blamed");
    });
    supervisor.stop().await;
}

#[tokio::test]
async fn a_unit_that_never_answers_leaves_the_line_to_the_others() {
    one_is_sick(Answer::Silence, DeviceState::Offline, "no answer within").await;
}

#[tokio::test]
async fn a_late_frame_is_taken_for_no_other() {
    let late = Answer::Late(Duration::from_millis(3200), vec![NEVER, NEVER]);
    one_is_sick(late, DeviceState::Offline, "no answer within").await;
}

#[tokio::test]
async fn a_frame_of_another_unit_is_refused() {
    let wrong = Answer::WrongUnit(vec![NEVER, NEVER]);
    one_is_sick(wrong, DeviceState::Error, "another request or unit").await;
}

#[tokio::test]
async fn a_frame_of_another_function_is_refused() {
    one_is_sick(Answer::WrongFunction, DeviceState::Error, "another function").await;
}

#[tokio::test]
async fn short_and_long_frames_are_refused() {
    let short = Answer::Registers(vec![NEVER]);
    one_is_sick(short, DeviceState::Error, "1 registers where 2 were asked for").await;
    let long = Answer::Registers(vec![NEVER, NEVER, NEVER]);
    one_is_sick(long, DeviceState::Error, "3 registers where 2 were asked for").await;
}

#[tokio::test]
async fn a_frame_cut_off_is_no_answer() {
    one_is_sick(Answer::Truncated, DeviceState::Offline, "no answer within").await;
}

#[tokio::test]
async fn noise_is_refused() {
    one_is_sick(Answer::Garbage, DeviceState::Error, "no Modbus frame").await;
}

#[tokio::test]
async fn an_exception_is_an_answer() {
    one_is_sick(Answer::Exception(4), DeviceState::Error, "Server device failure").await;
}

/// A serial port whose other end is a server of the library's own.
async fn serial_port(registers: Registers) -> (PathBuf, File) {
    let pty = nix::pty::openpty(None, None).unwrap();
    let path = nix::unistd::ttyname(&pty.slave).unwrap();
    fcntl(&pty.master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).unwrap();
    let far = File::from(pty.master);
    let incoming = pipe::Receiver::from_file_unchecked(far.try_clone().unwrap()).unwrap();
    let outgoing = pipe::Sender::from_file_unchecked(far).unwrap();
    let port = frame_server(registers).await;
    let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    tokio::spawn(async move {
        let mut far = tokio::io::join(incoming, outgoing);
        copy_bidirectional(&mut far, &mut server).await.ok();
    });
    // Kept open, so that the port stays there while nobody reads it.
    (path, File::from(pty.slave))
}

fn on_port(id: i64, path: &str, more: &Value) -> Device {
    let mut settings = json!({"transport": "rtu", "serialPort": path, "unitId": id,
        "registers": {"power": 10, "voltage": 11}});
    for (name, value) in more.as_object().unwrap() {
        settings[name] = value.clone();
    }
    device(id, Protocol::Modbus, &settings)
}

/// A supervisor that may open the ports of this test.
async fn run(collector: &Collector, devices: Vec<Device>) -> Supervisor {
    let settings = Settings {
        client_name: "test".to_owned(),
        outbound: Outbound::new(true),
        serial_ports: SerialPorts::new(["/dev/pts/*".to_owned()]),
    };
    let mut supervisor = Supervisor::new(collector.outbox(), settings);
    supervisor.apply(devices).await;
    supervisor
}

#[tokio::test]
async fn units_of_a_serial_line_are_read_in_turn() {
    let (path, _open) = serial_port(Registers::new([(10, GOOD), (11, 230)])).await;
    let path = path.to_string_lossy();
    let collector = Collector::start();
    let devices = (1..=3).map(|id| on_port(id, &path, &json!({"baudRate": 19200}))).collect();
    let supervisor = run(&collector, devices).await;
    collector.until("readings", |seen| (1..=3).all(|id| seen.count(id) >= 3)).await;
    collector.look(|seen| {
        assert!(seen.has(3, Field::VoltageL1, 230.0));
        assert!(seen.health.iter().all(|health| health.state == DeviceState::Online));
    });
    supervisor.stop().await;
}

#[tokio::test]
async fn units_of_one_line_may_need_it_set_differently() {
    let (path, _open) = serial_port(Registers::new([(10, GOOD)])).await;
    let path = path.to_string_lossy();
    let collector = Collector::start();
    let slow = on_port(1, &path, &json!({"baudRate": 9600}));
    let fast = on_port(2, &path, &json!({"baudRate": 38400, "stopBits": 2}));
    let supervisor = run(&collector, vec![slow, fast]).await;
    collector.until("readings", |seen| seen.count(1) >= 3 && seen.count(2) >= 3).await;
    supervisor.stop().await;
}

#[tokio::test]
async fn what_is_no_serial_port_is_not_opened() {
    let collector = Collector::start();
    let supervisor = run(
        &collector,
        vec![
            on_port(1, "/etc/passwd", &json!({})),
            on_port(2, "/dev/pts/no-such-port", &json!({})),
        ],
    )
    .await;
    collector
        .until("the refusal", |seen| {
            seen.told(1, DeviceState::Offline, "not a serial port that may be opened")
        })
        .await;
    collector
        .until("the reason", |seen| seen.told(2, DeviceState::Offline, "cannot be opened"))
        .await;
    supervisor.stop().await;
}
