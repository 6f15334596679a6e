//! What names something in a body and cannot: the sentence, its code and what stands in it.

use serde_json::{Value, json};

use crate::{Answer, World, in_one_world, with};

const LOGGERS: &str = "/api/acquisuite/loggers";
const SERIAL: &str = "a serial number has 1 to 32 letters and digits, as on the logger's label";
const METER: &str = "expected an id as a number, or a meter number or UUID as a text";

/// What an answer should say: the field at fault, its sentence in English, the code of the sentence, and what
/// stands in it.
struct Said(&'static str, String, &'static str, Value);

impl Said {
    fn plain(field: &'static str, sentence: &str, reason: &'static str) -> Self {
        Self(field, sentence.to_owned(), reason, Value::Null)
    }

    fn address(field: &'static str, text: &str) -> Self {
        let rule = "is no device address: give a number from 1 to 999 without leading zeros";
        Self(field, format!("{text:?} {rule}"), "logger_name.address", json!({ "text": text }))
    }

    fn function(field: &'static str, value: &str) -> Self {
        let sentence = format!("function is {value}: use holding or 3, or input or 4");
        Self(field, sentence, "modbus_setting.function", json!({ "value": value }))
    }

    #[track_caller]
    fn holds(&self, answer: &Answer) {
        answer.invalid(self.0);
        self.holds_of(&answer.json()["error"]);
    }

    #[track_caller]
    fn holds_of(&self, error: &Value) {
        assert_eq!(error["field"], self.0, "{error}");
        assert_eq!(error["message"], self.1, "{error}");
        assert_eq!((&error["reason"], &error["params"]), (&json!(self.2), &self.3), "{error}");
    }
}

/// Settings that name no device or column of a logger, and what is said of them.
fn names_of_loggers() -> Vec<(Value, Said)> {
    let field = "\"power\" is no value of a reading: name it as a channel, such as ActivePower, or as \
                 readings do, such as activePowerKw";
    let kind = "expected a device address as a number or a text";
    let point = "\"01\" names no point: give its number, 0 to 999, without leading zeros";
    let column = "1000 is no point number: points count from 0 to 999";
    vec![
        (json!({"utilityMeterId": "007"}), Said::address("utilityMeterId", "007")),
        (json!({"loadMeterId": 1000}), Said::address("loadMeterId", "1000")),
        (
            json!({"solarMeterId": 1.5}),
            Said::plain("solarMeterId", kind, "logger_name.address_kind"),
        ),
        (json!({"columns": {"07": {}}}), Said::address("columns", "07")),
        (
            json!({"columns": {"7": {"power": 1}}}),
            Said("columns", field.to_owned(), "logger_name.field", json!({"name": "power"})),
        ),
        (
            json!({"columns": {"7": {"ActivePower": 1000}}}),
            Said("columns", column.to_owned(), "logger_name.column", json!({"number": 1000})),
        ),
        (
            json!({"pointMeters": {"7": {"01": "EnergyImport"}}}),
            Said("pointMeters", point.to_owned(), "logger_name.point", json!({"text": "01"})),
        ),
    ]
}

in_one_world! { names_in_bodies:
    names_of_a_logger_are_refused_before_it_is_looked_for,
    a_table_that_no_register_stands_in_is_named,
    what_names_no_meter_and_no_resource_is_refused_by_its_reason,
    names_in_a_document_are_refused_by_their_reasons,
}

async fn names_of_a_logger_are_refused_before_it_is_looked_for(world: &World) {
    let new = json!({"serialNumber": "AB", "password": "upload-secret"});
    world.post(LOGGERS, &new).await.is(201);
    let rated = (json!({"ratedPowerKw": {"07": 1}}), Said::address("ratedPowerKw", "07"));
    let serial = Said::plain("serialNumber", SERIAL, "logger_name.serial");
    let serial = (json!({"serialNumber": "a b"}), serial);
    for (wrong, said) in names_of_loggers().into_iter().chain([rated, serial]) {
        let body = with(&json!({"serialNumber": "CD", "password": "upload-secret"}), &wrong);
        said.holds(&world.post(LOGGERS, &body).await);
        for logger in ["AB", "CD"] {
            said.holds(&world.send("PUT", &format!("{LOGGERS}/{logger}"), &wrong).await);
        }
    }
}

async fn a_table_that_no_register_stands_in_is_named(world: &World) {
    let looked = json!({"communication": {"host": "127.0.0.1", "port": 1}, "function": "coil",
        "address": 40, "count": 4});
    let answer = world.post("/api/energy-meters/registers", &looked).await;
    Said::function("function", "\"coil\"").holds(&answer);
    let connected = json!({"name": "M", "protocol": "modbus", "meterType": "grid",
        "communication": {"host": "127.0.0.1", "registers": {"power": {"address": 0, "function": 1}}}});
    let answer = world.post("/api/energy-meters", &connected).await;
    Said::function("communication.registers.power.function", "1").holds(&answer);
}

async fn what_names_no_meter_and_no_resource_is_refused_by_its_reason(world: &World) {
    let meter = |field| Said::plain(field, METER, "meter.not_named");
    for wrong in [json!(true), json!(1.5), json!(["A"])] {
        let trade = json!({"buyer_meter_id": wrong, "seller_meter_id": "A", "units_kWh": 1,
            "price_per_kWh": 5});
        meter("buyer_meter_id").holds(&world.post("/p2p-trade", &trade).await);
        let sum = json!({"meterNumber": "V", "meterName": "V",
            "terms": [{"meterId": wrong, "factor": 1}]});
        meter("terms[0].meterId").holds(&world.post("/api/virtual-meters", &sum).await);
        let said = "expected an id as a number, or a UUID as a text";
        let resource = Said::plain("er_id", said, "energy_resource.not_named");
        resource.holds(&world.post("/toggle-der-status", &json!({"er_id": wrong})).await);
    }
}

/// Where a document is wrong, what stands there, and what is said of it.
fn wrong_documents() -> Vec<(&'static str, Value, Said)> {
    let serial = Said::plain("loggers[0].serialNumber", SERIAL, "logger_name.serial");
    let uuid = "expected a UUID: 32 hexadecimal digits in five groups";
    vec![
        ("/loggers/0/serialNumber", json!("a b"), serial),
        (
            "/loggers/0/utilityMeterId",
            json!("007"),
            Said::address("loggers[0].utilityMeterId", "007"),
        ),
        ("/loggers/0/columns", json!({"07": {}}), Said::address("loggers[0].columns", "07")),
        (
            "/meters/0/uuid",
            json!("67e55044-10b1"),
            Said::plain("meters[0].uuid", uuid, "field.no_uuid"),
        ),
    ]
}

async fn names_in_a_document_are_refused_by_their_reasons(world: &World) {
    let new = json!({"serialNumber": "EF", "password": "upload-secret"});
    world.post(LOGGERS, &new).await.is(201);
    world.meter(&json!({"meterNumber": "A", "meterName": "A", "meterType": "Unit"})).await;
    let document = world.get("/api/configuration").await.json();
    for (place, wrong, said) in wrong_documents() {
        let mut document = document.clone();
        *document.pointer_mut(place).unwrap() = wrong;
        said.holds(&world.post("/api/configuration", &document).await);
        let preview = world.post("/api/configuration/preview", &document).await;
        said.holds_of(&preview.json()["data"]["faults"][0]);
    }
}
