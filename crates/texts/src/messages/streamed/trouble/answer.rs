//! What is wrong with what a device sent.

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] = &[
    ("no_value.infinite", "{field} ist unendlich"),
    ("no_value.minus_infinite", "{field} ist negativ unendlich"),
    ("no_value.not_a_number", "{field} ist keine Zahl"),
    ("no_value.not_found", "{field} ist nicht zu finden: {why}"),
    ("no_value.not_number", "{field} ist {said} und damit keine Zahl"),
    ("no_value.not_decimal", "{field} ist {word} und damit keine Dezimalzahl"),
    (
        "no_value.scale_factor",
        "{field} hat den Skalenfaktor {factor}, der nicht zwischen -10 und 10 liegt",
    ),
    ("no_value.turned", "{field} enthält eine gedrehte Phase, deren Wert zur Korrektur fehlt"),
    ("no_value.absent", "{field} hat keinen Wert: Bei {path} steht nichts"),
    ("no_value.several", "{path} führt zu mehreren Werten: Lassen Sie es zu einem führen"),
    (
        "bad_document.none_of_usual",
        "im Dokument steht keines von power_kw, total_kwh, voltage, current, power_factor und frequency",
    ),
    ("bad_document.nothing", "im Dokument steht nichts bei {places}"),
    (
        "bad_document.no_time",
        "{name} ist {said}: Es muss RFC 3339 oder eine Epoche in Sekunden oder Millisekunden sein",
    ),
    ("bad_document.clock_unset", "die Uhr des Geräts ist nicht gestellt"),
    ("bad_document.no_object", "die Antwort ist kein JSON-Objekt"),
];
