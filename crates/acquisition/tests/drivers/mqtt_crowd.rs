//! A broker that announces without end, beside a meter that is read over it.

use std::cell::Cell;
use std::fs;
use std::time::{Duration, Instant};

use acquisition::Outbound;
use acquisition::probe::mqtt::discover;
use domain::Field;
use domain::devices::Protocol;
use domain::devices::mqtt::Broker;
use serde_json::json;

use crate::broker::{self, Publisher, free_port};
use crate::collector::{Collector, Seen, device};
use crate::mqtt::scene_at;

const ANNOUNCED: usize = 100_000;
/// As docs/operating.md has it.
const KEPT: usize = 2_000;
/// Bytes that hold those and not all: these are more as they come, and several times as many once read.
const ROOM: usize = 24 << 20;
/// What makes an announcement as long as those of real devices are.
const LENGTH: usize = 400;
const TOPIC: &str = "hall/power";
/// How soon a value is a reading, on a machine that does other things as well.
const SOON: Duration = Duration::from_secs(10);

async fn announce(publisher: &mut Publisher) {
    let origin = "x".repeat(LENGTH);
    let announcement = |n: usize| {
        let sensor = json!({"device_class": "power", "unit_of_measurement": "W",
            "state_topic": format!("plugs/{n}"), "value_template": "{{ value_json.power }}",
            "device": {"ids": [format!("plug {n}")], "name": format!("Plug {n}")},
            "origin": origin});
        (format!("homeassistant/sensor/{n}/config"), sensor.to_string())
    };
    for n in 1..ANNOUNCED {
        let (topic, payload) = announcement(n);
        publisher.retain_soon(&topic, &payload).await;
    }
    let (topic, payload) = announcement(ANNOUNCED);
    publisher.retain(&topic, &payload).await;
}

/// What this process takes of the machine's memory, in bytes; nothing where the system does not tell.
fn memory() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = resident.and_then(|size| size.trim().strip_suffix(" kB"));
    kibibytes.map_or(0, |size| size.parse::<usize>().unwrap() << 10)
}

/// What was seen of the meter and of the memory while something else was done.
#[derive(Debug, Default)]
struct Meanwhile {
    readings: usize,
    slowest: Duration,
    most_memory: usize,
}

/// Publishes a value of the meter as soon as the one before it is a reading.
async fn read_on(
    collector: &Collector,
    publisher: &mut Publisher,
    is_done: &Cell<bool>,
) -> Meanwhile {
    let mut meanwhile = Meanwhile::default();
    while !is_done.get() {
        let (value, begun) = (1_000 + meanwhile.readings, Instant::now());
        publisher.publish(TOPIC, &value.to_string()).await;
        let has_come = |seen: &Seen| seen.has(1, Field::ActivePowerKw, value as f64);
        collector.until("the meter's reading", has_come).await;
        meanwhile.readings += 1;
        meanwhile.slowest = meanwhile.slowest.max(begun.elapsed());
        meanwhile.most_memory = meanwhile.most_memory.max(memory());
    }
    meanwhile
}

#[tokio::test]
async fn a_hundred_thousand_announcements_are_cut_off_and_a_meter_is_read_on() {
    let port = free_port();
    let meter = device(1, Protocol::Mqtt, &json!({"topicPower": TOPIC}));
    let broker = broker::start_patient(port).await;
    let (collector, supervisor, mut publisher) = scene_at(broker, port, vec![meter]).await;
    announce(&mut Publisher::connect(port)).await;

    let (before, is_done) = (memory(), Cell::new(false));
    let listen = async {
        let broker = Broker { port, ..Broker::local() };
        let time = Duration::from_secs(30);
        let heard = discover(&broker, Outbound::new(true), time).await.unwrap();
        is_done.set(true);
        heard
    };
    let (heard, meanwhile) = tokio::join!(listen, read_on(&collector, &mut publisher, &is_done));

    assert_eq!(heard.found.len(), KEPT);
    let [rest] = heard.unusable.as_slice() else { panic!("{:?}", heard.unusable) };
    let more = ANNOUNCED - KEPT;
    assert_eq!(
        rest.reason.message,
        format!("{more} announcements beyond the first {KEPT} are left out")
    );
    let grown = meanwhile.most_memory.saturating_sub(before);
    assert!(grown < ROOM, "{grown} bytes for {KEPT} announcements");
    assert!(meanwhile.readings > 10 && meanwhile.slowest < SOON, "{meanwhile:?}");
    supervisor.stop().await;
}
