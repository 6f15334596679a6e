//! A device as it is shown: its settings without secrets, and its health.

use domain::devices::Protocol;
use domain::devices::view::{Condition, DeviceDetail, DeviceRow, Turn, UnreadableMessage};
use domain::live::Status;
use domain::message::English;
use domain::meters::Meter;
use serde_json::Value;
use storage::devices::DeviceRow as Stored;

use crate::Principal;
use crate::live::LiveState;
use crate::live::watch::{Watch, Watched};
use crate::meters::energy_meters::settings;

/// A device with its health.
pub(super) fn row(
    watch: &Watch,
    live: &LiveState,
    who: &Principal,
    meter: Meter,
    device: Stored,
) -> DeviceRow {
    let watched = watch.of(meter.id, device.id);
    let live = live.meter(meter.id);
    let reason = || live.as_ref().and_then(|it| it.reason.clone()).map(English);
    let (state, state_reason) = match live.as_ref().map(|live| live.status) {
        _ if !device.enabled => (Condition::Off, None),
        Some(Status::Error) => (Condition::Error, reason()),
        Some(Status::Offline) => (Condition::Offline, reason()),
        Some(Status::Stale) => (Condition::Stale, reason()),
        Some(Status::Online) => (Condition::Online, None),
        Some(Status::None) | None => (Condition::Waiting, None),
    };
    let last_update = live.as_ref().and_then(|live| live.at);
    let since = match state {
        Condition::Stale => last_update,
        Condition::Off | Condition::Waiting => None,
        _ => watched.as_ref().and_then(|watched| watched.turns.back()).map(|turn| turn.since),
    };
    let figures = watched.map(|Watched { newest, .. }| newest.figures).unwrap_or_default();
    let communication = settings::shown_to(who, meter.site, device.communication);
    DeviceRow {
        id: meter.id,
        meter_number: meter.number,
        meter_name: meter.name,
        parent_meter_id: meter.parent,
        protocol: device.protocol,
        peer: peer(device.protocol, &communication),
        profile: text(&communication, "profile").map(str::to_owned),
        poll_interval: u64::try_from(device.poll.as_millis()).unwrap_or(u64::MAX),
        enabled: device.enabled,
        communication,
        state,
        state_reason,
        since,
        last_update,
        power_kw: live.and_then(|live| live.power_kw),
        polls_per_minute: figures.per_minute,
        answers: figures.answers,
        silences: figures.silences,
        errors: figures.errors,
        unreadable: watch.unreadable(device.id).count,
        latency_ms: figures.latency.map(|it| u64::try_from(it.as_millis()).unwrap_or(u64::MAX)),
    }
}

/// The same, with what happened to it.
pub(super) fn detail(
    watch: &Watch,
    live: &LiveState,
    who: &Principal,
    meter: Meter,
    device: Stored,
) -> DeviceDetail {
    let turns = watch.of(meter.id, device.id).map(|watched| watched.turns).unwrap_or_default();
    let unreadable = watch.unreadable(device.id).last;
    DeviceDetail {
        history: turns
            .into_iter()
            .rev()
            .map(|turn| Turn {
                since: turn.since,
                state: turn.state,
                reason: turn.reason.map(English),
            })
            .collect(),
        unreadable_messages: unreadable
            .into_iter()
            .rev()
            .map(|(at, topic, reason)| UnreadableMessage { at, topic, reason: English(reason) })
            .collect(),
        device: row(watch, live, who, meter, device),
    }
}

fn text<'a>(settings: &'a Value, name: &str) -> Option<&'a str> {
    settings.get(name).and_then(Value::as_str)
}

/// What is spoken to, in words. What follows after `?` in an address may be a secret.
fn peer(protocol: Protocol, settings: &Value) -> String {
    let number = |name: &str| settings.get(name).and_then(Value::as_i64);
    let host = text(settings, "host").map(|host| match number("port") {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    });
    match protocol {
        Protocol::Modbus => {
            let line = text(settings, "serialPort").map(str::to_owned);
            let unit = number("unitId").unwrap_or(1);
            format!("{} unit {unit}", line.or(host).unwrap_or_default())
        }
        Protocol::Http => {
            let url = text(settings, "url").unwrap_or_default();
            url.split(['?', '#']).next().unwrap_or_default().to_owned()
        }
        Protocol::Mqtt => {
            let broker = host.or_else(|| text(settings, "broker").map(str::to_owned));
            let what = ["device", "topicPower", "topicEnergy"];
            let what = what.into_iter().find_map(|name| text(settings, name));
            let broker = broker.unwrap_or_else(|| "default broker".to_owned());
            what.map_or_else(|| broker.clone(), |what| format!("{broker}, {what}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_peer_is_named_without_what_may_be_secret() {
        let modbus = json!({"host": "10.0.0.1", "port": 502, "unitId": 15});
        assert_eq!(peer(Protocol::Modbus, &modbus), "10.0.0.1:502 unit 15");
        let line = json!({"transport": "rtu", "serialPort": "/dev/ttyUSB0"});
        assert_eq!(peer(Protocol::Modbus, &line), "/dev/ttyUSB0 unit 1");
        let http = json!({"url": "http://h/status?key=s3cret"});
        assert_eq!(peer(Protocol::Http, &http), "http://h/status");
        let mqtt = json!({"topicPower": "a/power"});
        assert_eq!(peer(Protocol::Mqtt, &mqtt), "default broker, a/power");
    }
}
