//! Why a meter over MQTT is not read.

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] = &[
    ("mqtt_meter.broker", "der Broker {broker} ist nicht erreichbar: {why}"),
    ("mqtt_meter.broker_silent", "der Broker {broker} antwortet nicht rechtzeitig"),
    (
        "mqtt_meter.topics_refused",
        "der Broker verweigert die Themen: Prüfen Sie, wer sie lesen darf",
    ),
    ("mqtt_meter.topic_refused", "der Broker verweigert das Thema {topic}"),
    ("mqtt_meter.no_greeting", "er meldete sich nicht zuerst"),
    ("mqtt_meter.no_host", "„{host}“ ist kein Host"),
    ("mqtt_meter.io", "E/A: {why}"),
    ("mqtt_meter.waiting", "mit dem Broker verbunden, noch keine Nachricht"),
    ("mqtt_meter.says_offline", "der Zähler meldet, dass er nicht erreichbar ist"),
    ("mqtt_meter.silent", "keine Nachricht seit mehr als {seconds} s"),
    ("mqtt_meter.no_value_yet", "Nachrichten kommen, aber noch keine mit einem Wert: {why}"),
    ("mqtt_meter.one_unreadable", "1 Nachricht war nicht lesbar, die letzte auf {topic}: {why}"),
    (
        "mqtt_meter.unreadable",
        "{count} Nachrichten waren nicht lesbar, die letzte auf {topic}: {why}",
    ),
    ("mqtt_message.too_long", "{bytes} Bytes sind zu viele"),
    ("mqtt_message.not_text", "es ist kein Text"),
    ("mqtt_message.not_json", "„{said}“ ist kein JSON: {why}"),
    ("mqtt_message.not_document", "„{said}“ ist kein JSON-Dokument"),
    ("mqtt_message.not_object", "„{said}“ ist kein JSON-Objekt"),
    ("mqtt_message.not_number", "„{said}“ ist keine Zahl"),
    ("mqtt_message.no_status", "„{said}“ ist weder {online} noch {offline}"),
];
