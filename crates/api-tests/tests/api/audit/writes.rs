//! One write of each kind, with what the log has of it.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// A write, and the row that it leaves.
pub(super) struct Write {
    pub(super) method: &'static str,
    /// With `{last}` for the id that the last POST answered.
    pub(super) path: &'static str,
    pub(super) body: Value,
    pub(super) action: &'static str,
    /// A trailing `:` stands for any id.
    pub(super) subject: &'static str,
    pub(super) site: Option<&'static str>,
    pub(super) before: Value,
    pub(super) after: Value,
}

macro_rules! writes {
    ($($site:tt: { $($method:ident $path:literal $body:tt
        => $action:literal $subject:literal $before:tt $after:tt;)+ })+) => {
        vec![$($(Write {
            method: stringify!($method),
            path: $path,
            body: json!($body),
            action: $action,
            subject: $subject,
            site: writes!(@site $site),
            before: json!($before),
            after: json!($after),
        },)+)+]
    };
    (@site installation) => { None };
    (@site $site:literal) => { Some($site) };
}

fn tomorrow() -> DateTime<Utc> {
    Utc::now() + TimeDelta::days(1)
}

/// One write of each kind, in an order in which each is possible.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn writes() -> Vec<Write> {
    writes! {
        "works": {
            POST "/api/sites" {"slug": "works", "name": "Works"}
                => "site.create" "site:works" null {"name": "Works"};
            PATCH "/api/sites/works" {"name": "Mill", "retention": {"rawDays": 30}}
                => "site.update" "site:works"
                {"name": "Works", "retention": {"rawDays": 90}}
                {"name": "Mill", "retention": {"rawDays": 30}};
            POST "/api/Energy/meters?site=works"
                {"meterNumber": "M-1", "meterName": "Main", "meterType": "Main"}
                => "meter.create" "meter:" null {"meterNumber": "M-1"};
            PATCH "/api/Energy/meters/M-1?site=works" {"meterName": "Hall"}
                => "meter.update" "meter:" {"meterName": "Main"} {"meterName": "Hall"};
            PATCH "/api/Energy/meters?site=works" {"changes": [{"id": 1, "set": {"area": "Hall 2"}}]}
                => "meters.arrange" "site:works"
                {"meters": {"M-1": {"area": null}}}
                {"meters": {"M-1": {"area": "Hall 2"}}, "count": 1};
            POST "/api/Energy/meters/M-1/readings?site=works"
                {"timestamp": "2026-11-01T10:00:00Z", "totalEnergyKwh": 100}
                => "" "" null null;
            POST "/api/Energy/meters/M-1/exchanges?site=works"
                {"timestamp": "2026-11-01T10:05:00Z", "oldFinalKwh": 100, "newInitialKwh": 0,
                    "reason": "display failed"}
                => "meter_exchange.create" "meter:" null {"oldFinalKwh": 100.0};
            DELETE "/api/Energy/meters/M-1/exchanges/{last}?site=works" null
                => "meter_exchange.undo" "meter:" {"n": 1} null;
            POST "/api/Energy/meters/M-1/corrections?site=works"
                {"timestamp": "2026-11-01T10:00:00Z", "field": "totalEnergyKwh", "value": 90,
                    "reason": "misread"}
                => "reading_correction.create" "meter:" null {"value": 90.0};
            DELETE "/api/Energy/meters/M-1/corrections/{last}?site=works" null
                => "reading_correction.undo" "meter:" {"n": 1} null;
            PUT "/api/Energy/meters/M-1/unmetered?site=works"
                {"validFrom": "2026-11-01", "powerKw": 1, "reason": "lamps"}
                => "unmetered_load.put" "meter:" null {"powerKw": 1.0};
            PUT "/api/Energy/meters/M-1/unmetered?site=works"
                {"validFrom": "2026-11-01", "powerKw": 2, "reason": "lamps"}
                => "unmetered_load.put" "meter:" {"powerKw": 1.0} {"powerKw": 2.0};
            POST "/api/set-aside/M-1/again?site=works" {}
                => "set_aside.again" "meter:" null {"parts": 0};
            POST "/api/virtual-meters?site=works"
                {"meterNumber": "V-1", "meterName": "Sum", "terms": [{"meterId": "M-1", "factor": 1}]}
                => "virtual_meter.create" "meter:" null {"meterNumber": "V-1"};
            DELETE "/api/virtual-meters/V-1?site=works" null
                => "virtual_meter.remove" "meter:" {"meterNumber": "V-1"} null;
            POST "/api/energy-meters?site=works"
                {"name": "Roof", "protocol": "http", "meterType": "solar",
                    "communication": {"url": "http://10.0.0.5/energy", "authToken": "s3cret"}}
                => "meter.create" "meter:" null {"name": "Roof"};
            PUT "/api/energy-meters/{last}?site=works"
                {"pollInterval": 60_000, "communication": {"authToken": "s3cret too"}}
                => "meter.update" "meter:"
                {"pollInterval": 30_000, "communication": {"authToken": {"sealed": "(hidden)"}}}
                {"pollInterval": 60_000, "communication": {"authToken": {"sealed": "(hidden)"}}};
            PATCH "/api/devices/EM-1?site=works" {"enabled": false}
                => "device.switch" "meter:" {"enabled": true} {"enabled": false};
            DELETE "/api/devices/EM-1?site=works" null
                => "device.remove" "meter:" {"protocol": "http"} null;
            DELETE "/api/Energy/meters/EM-1?site=works" null
                => "meter.remove" "meter:" {"meterNumber": "EM-1"} null;
            POST "/api/acquisuite/loggers"
                {"serialNumber": "001EC6051A2B", "site": "works", "password": "s3cret one"}
                => "logger.create" "logger:001EC6051A2B" null {"password": "(hidden)"};
            PUT "/api/acquisuite/loggers/001EC6051A2B" {"password": "s3cret too"}
                => "logger.update" "logger:001EC6051A2B"
                {"password": "(hidden)"} {"password": "(hidden)"};
            DELETE "/api/acquisuite/loggers/001EC6051A2B" null
                => "logger.remove" "logger:001EC6051A2B" {"serialNumber": "001EC6051A2B"} null;
            POST "/api/tariffs" {"site": "works", "name": "HT", "currency": "EUR",
                    "validFrom": "2026-01-01", "energy": [{"direction": "import", "price": "8.25"}]}
                => "tariff.create" "tariff:" null {"name": "HT"};
            PATCH "/api/tariffs/{last}" {"taxPercent": "5"}
                => "tariff.update" "tariff:" {"taxPercent": "0"} {"taxPercent": "5"};
            DELETE "/api/tariffs/{last}" null
                => "tariff.delete" "tariff:" {"name": "HT"} null;
            POST "/api/emission-factors"
                {"site": "works", "kind": "grid", "value": 0.71, "unit": "kg/kWh", "source": "CEA",
                    "validFrom": "2026-04-01"}
                => "factor.create" "factor:" null {"value": 0.71};
            DELETE "/api/emission-factors/{last}" null
                => "factor.delete" "factor:" {"value": 0.71} null;
            POST "/api/alarm-rules"
                {"site": "works", "kind": "threshold", "meterId": "M-1", "channel": "ActivePower",
                    "raise": 20_000}
                => "alarm_rule.create" "alarm_rule:" null {"raise": 20_000.0};
            PATCH "/api/alarm-rules/{last}" {"enabled": false}
                => "alarm_rule.update" "alarm_rule:" {"enabled": true} {"enabled": false};
            DELETE "/api/alarm-rules/{last}" null
                => "alarm_rule.delete" "alarm_rule:" {"kind": "threshold"} null;
            POST "/api/alarm-recipients"
                {"site": "works", "kind": "email", "address": "ana@example.org"}
                => "alarm_recipient.create" "alarm_recipient:" null {"address": "(hidden)"};
            PATCH "/api/alarm-recipients/{last}" {"address": "ben@example.org"}
                => "alarm_recipient.update" "alarm_recipient:"
                {"address": "(hidden)"} {"address": "(hidden)"};
            DELETE "/api/alarm-recipients/{last}" null
                => "alarm_recipient.delete" "alarm_recipient:" {"kind": "email"} null;
            POST "/api/bills?site=works" {"meterId": "M-1", "month": "2026-05"}
                => "bill.draft" "meter:" null {"month": "2026-05"};
            POST "/api/bills/run" {"site": "works", "month": "2026-05"}
                => "bills.run" "site:works" null {"month": "2026-05"};
            POST "/api/report-schedules" {"site": "works", "addresses": ["ana@example.org"]}
                => "report_schedule.create" "report_schedule:" null {"addresses": "(hidden)"};
            PATCH "/api/report-schedules/{last}" {"day": 2}
                => "report_schedule.update" "report_schedule:" {"day": 1} {"day": 2};
            DELETE "/api/report-schedules/{last}" null
                => "report_schedule.delete" "report_schedule:" {"day": 2} null;
            POST "/api/tokens"
                {"name": "export", "actions": ["see"], "site": "works", "expiresAt": (tomorrow())}
                => "token.create" "token:" null {"actions": ["see"]};
        }
        installation: {
            DELETE "/api/tokens/{last}" null
                => "token.end" "token:" {"name": "export"} null;
            PUT "/api/mqtt/brokers/roof"
                {"url": "mqtt://10.0.0.5", "username": "u", "password": "s3cret"}
                => "mqtt_broker.put" "mqtt_broker:roof" null {"password": "(hidden)"};
            PUT "/api/mqtt/brokers/roof" {"url": "mqtt://10.0.0.5", "password": "s3cret too"}
                => "mqtt_broker.put" "mqtt_broker:roof"
                {"password": "(hidden)"} {"password": "(hidden)"};
            POST "/api/retention-clock/confirm" {}
                => "retention.confirm_clock" "retention" {} {};
            POST "/api/users"
                {"name": "mina", "password": "turbine lamp 4 river",
                    "roles": [{"site": "works", "role": "admin"}]}
                => "user.create" "user:" null {"roles": [{"site": "works", "role": "admin"}]};
            POST "/api/users/{last}/invitation" null
                => "user.invite" "user:" null null;
            PATCH "/api/users/{last}" {"displayName": "Mina of example.org"}
                => "user.update" "user:" {} {"displayName": "(hidden)"};
            PATCH "/api/users/{last}" {"isDisabled": true}
                => "user.update" "user:" {"isDisabled": false} {"isDisabled": true};
            DELETE "/api/users/{last}" null
                => "user.erase" "user:" {"roles": [{"site": "works", "role": "admin"}]} null;
            POST "/api/configuration" {"version": 1}
                => "configuration.import" "configuration" null {"meters": 0};
        }
        "world": {
            POST "/api/simulation-time" {"paused": true}
                => "simulation.set_time" "simulation" {"paused": false} {"paused": true};
            POST "/api/admin/er" {"name": "Home", "type": "prosumer", "appliance_type": []}
                => "resource.create" "resource:" null {"name": "Home"};
            PATCH "/api/admin/er/{last}" {"name": "House"}
                => "resource.update" "resource:" {"name": "Home"} {"name": "House"};
            POST "/api/admin/meter" {"meter_id": "W-1"}
                => "simulation.create_meter" "meter:" null {"meterNumber": "W-1"};
            POST "/api/admin/meter/link" {"meter_id": "W-1", "er_id": 1}
                => "simulation.link" "meter:" {"er": null} {"er": 1};
            POST "/api/meter/control" {"meter_id": "W-1", "load_factor": 2}
                => "simulation.control" "meter:" null {"loadFactor": 2.0, "count": 1};
            POST "/api/toggle-der-status" {"meter_id": "W-1"}
                => "simulation.toggle" "meter:" {"status": "ON"} {"status": "OFF"};
            POST "/api/meter/spike"
                {"meter_id": "W-1", "kind": "load", "magnitude_kW": 2, "duration_minutes": 5}
                => "simulation.spike" "meter:" null {"kind": "load", "count": 1};
            POST "/api/meter/event" {"meter_id": "W-1", "kind": "cover_opened"}
                => "simulation.event" "meter:" null {"kind": "cover_opened", "count": 1};
            POST "/api/transformers"
                [{"name": "TX-1", "latitude": 37.77, "longitude": -122.42, "capacity_kVA": 1000},
                    {"name": "TX-2", "latitude": 37.79, "longitude": -122.42, "capacity_kVA": 1000}]
                => "transformers.create" "transformers" null {"count": 2, "first": ["TX-1", "TX-2"]};
            POST "/api/transformers"
                {"name": "TX-3", "latitude": 37.77, "longitude": -122.42, "capacity_kVA": 1000}
                => "transformers.create" "transformer:" null {"count": 1};
            DELETE "/api/transformers/{last}" null
                => "transformer.remove" "transformer:" {"name": "TX-3"} null;
            POST "/api/admin/meter" {"meter_id": "W-2"}
                => "simulation.create_meter" "meter:" null {"meterNumber": "W-2"};
            POST "/api/p2p-trade"
                {"buyer_meter_id": "W-2", "seller_meter_id": "W-1", "units_kWh": 1,
                    "price_per_kWh": 2}
                => "trade.post" "trade:" null {"units": "1"};
            POST "/api/connection"
                {"type": "consumer", "latitude": 37.77, "longitude": -122.42,
                    "requested_consumption_kW": 5, "requested_production_kW": 0}
                => "connection.create" "connection:" null {"outcome": {"status": "approved"}};
            DELETE "/api/connection/{last}" null
                => "connection.withdraw" "connection:"
                {"status": "approved"} {"status": "withdrawn"};
        }
    }
}
