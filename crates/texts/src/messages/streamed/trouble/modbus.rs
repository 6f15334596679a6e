//! Why a Modbus unit gives no values.

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] = &[
    ("modbus_answer.at", "Geräteadresse {unit} an {line}: {why}"),
    ("modbus_answer.wrong", "falsche Antwort: {why}"),
    ("modbus_answer.foreign", "sie gehört zu einer anderen Anfrage oder Geräteadresse"),
    ("modbus_answer.other_function", "sie gehört zu einer anderen Funktion"),
    ("modbus_answer.no_frame", "sie ist kein Modbus-Telegramm: {why}"),
    ("modbus_answer.cut_off", "sie ist abgeschnitten"),
    ("modbus_answer.not_asked", "nach {function} wurde nicht gefragt"),
    ("modbus_answer.count", "{got} Register statt der gefragten {asked}"),
    ("modbus_answer.registers", "Register ab {start}: {why}"),
    (
        "modbus_answer.not_readable",
        "{count} Register ab {start} lassen sich nicht lesen: Fragen Sie nach 1 bis {most}, keinem über 65535",
    ),
    ("modbus_answer.none_available", "es meldet, dass keiner seiner Werte verfügbar ist"),
    ("modbus_exception.illegal_function", "unzulässige Funktion"),
    ("modbus_exception.illegal_address", "unzulässige Registeradresse"),
    ("modbus_exception.illegal_value", "unzulässiger Wert"),
    ("modbus_exception.failure", "Fehler im Gerät"),
    ("modbus_exception.acknowledge", "angenommen, Antwort folgt später"),
    ("modbus_exception.busy", "das Gerät ist beschäftigt"),
    ("modbus_exception.parity", "Paritätsfehler im Speicher"),
    ("modbus_exception.no_path", "das Gateway hat keinen Weg dorthin"),
    ("modbus_exception.no_target", "das Gerät hinter dem Gateway antwortet nicht"),
    ("modbus_exception.custom", "eigener Fehlercode des Geräts"),
    ("sunspec.at", "SunSpec-Modell bei {address}: {why}"),
    ("sunspec.no_meter", "es hat keinen SunSpec-Zähler"),
    ("sunspec.fewer", "es hat {has} SunSpec-Zähler, nicht {wanted}"),
    ("sunspec.models", "seine Modelle sind {models}"),
    ("sunspec.no_marker", "bei {first}, {second} und {third} steht keine SunSpec-Kennung"),
];
