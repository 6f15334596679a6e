//! Why a meter over HTTP gives no document.

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] = &[
    ("http_answer.no_address", "seine url ist keine Adresse: {why}"),
    ("http_answer.no_request", "die Anfrage lässt sich nicht stellen: {why}"),
    ("http_answer.too_large", "die Antwort ist größer als 1 MiB"),
    ("http_answer.not_json", "die Antwort ist kein JSON: {why}: „{said}“"),
    ("http_answer.status", "HTTP {status}"),
    (
        "http_answer.elsewhere",
        "HTTP {status}: Es führt zu {to}, geben Sie stattdessen diese Adresse an",
    ),
    ("http_answer.token", "HTTP {status}: Prüfen Sie authToken"),
    ("http_answer.wait", "{why}; es bittet, {seconds} s zu warten"),
];
