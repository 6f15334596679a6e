//! What names something and cannot, in German.

use std::collections::BTreeMap;

use domain::devices::logger::{ColumnMap, DeviceAddress, SerialNumber};
use domain::devices::{Communication, Function, Protocol, TableId};
use domain::language::Language;
use domain::message::Message;
use domain::meters::refusal::MeterRefusal;
use domain::simulation::refusal::ResourceRefusal;
use domain::strict::{Fault, read};
use serde_json::json;

use crate::messages::in_language;

/// What an object holds by a name.
type Holding<T> = BTreeMap<String, T>;

fn german(message: &Message) -> String {
    in_language(message, Language::De)
}

#[track_caller]
fn refused<T>(read: Result<T, Fault>, said: &str) {
    let Err(Fault { message, .. }) = read else { panic!("nothing is refused: {said}") };
    assert!(!message.is_foreign(), "{message}");
    assert_eq!(german(&message), said);
}

#[test]
fn what_names_no_logger_and_nothing_of_one_is_told_in_german() {
    refused(
        read::<Holding<SerialNumber>>(&json!({"value": "a b"})),
        "eine Seriennummer hat 1 bis 32 Buchstaben und Ziffern, wie auf dem Schild des Datenloggers",
    );
    let address = |text: &str| {
        format!(
            "„{text}“ ist keine Geräteadresse: Geben Sie eine Zahl von 1 bis 999 ohne führende Nullen an"
        )
    };
    refused(read::<Holding<DeviceAddress>>(&json!({"value": "007"})), &address("007"));
    refused(read::<Holding<DeviceAddress>>(&json!({"value": 1_000})), &address("1000"));
    refused(
        read::<Holding<DeviceAddress>>(&json!({"value": 7.5})),
        "erwartet wird eine Geräteadresse als Zahl oder Text",
    );
    refused(read::<Holding<ColumnMap>>(&json!({"value": {"07": {}}})), &address("07"));
    refused(
        read::<Holding<ColumnMap>>(&json!({"value": {"7": {"power": 1}}})),
        "„power“ ist kein Wert einer Ablesung: Nennen Sie ihn als Kanal, etwa ActivePower, oder wie \
         Ablesungen, etwa activePowerKw",
    );
    refused(
        read::<Holding<ColumnMap>>(&json!({"value": {"7": {"powerFactor": 1_000}}})),
        "1000 ist keine Nummer eines Punkts: Punkte zählen von 0 bis 999",
    );
}

#[test]
fn a_table_that_no_register_stands_in_is_told_in_german() {
    let said = "function ist \"coil\": Verwenden Sie holding oder 3, input oder 4";
    refused(read::<Holding<Function>>(&json!({"value": "coil"})), said);
    let settings =
        json!({"host": "gateway", "registers": {"power": {"address": 0, "function": 1}}});
    let fault = Communication::parse(Protocol::Modbus, &settings).unwrap_err();
    assert_eq!(fault.field, "communication.registers.power.function");
    assert_eq!(
        german(&fault.message),
        "function ist 1: Verwenden Sie holding oder 3, input oder 4"
    );
}

#[test]
fn what_names_no_meter_no_resource_and_no_row_is_told_in_german() {
    assert_eq!(
        german(&MeterRefusal::NotNamed.into()),
        "erwartet wird eine ID als Zahl oder eine Zählernummer oder UUID als Text"
    );
    assert_eq!(
        german(&ResourceRefusal::NotNamed.into()),
        "erwartet wird eine ID als Zahl oder eine UUID als Text"
    );
    refused(
        read::<Holding<TableId>>(&json!({"value": "67e55044"})),
        "erwartet wird eine UUID: 32 Hexadezimalziffern in fünf Gruppen",
    );
    refused(read::<Holding<TableId>>(&json!({"value": 7})), "erwartet wird eine UUID, nicht 7");
}
