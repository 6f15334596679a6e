//! Why a device cannot be reached.

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] = &[
    ("unreached.no_answer", "keine Antwort binnen {#seconds} s"),
    ("unreached.no_connection", "keine Verbindung binnen {#seconds} s"),
    ("unreached.silent", "keine Antwort"),
    ("unreached.silent_peer", "{peer} antwortet nicht"),
    ("unreached.it", "nicht erreichbar: {why}"),
    ("unreached.peer", "{peer} ist nicht erreichbar: {why}"),
    ("unreached.port", "{path} lässt sich nicht öffnen: {why}"),
    (
        "unreached.port_barred",
        "{path} ist keine serielle Schnittstelle, die geöffnet werden darf: Erlaubt sind {allowed}",
    ),
    ("unreached.broke", "die Verbindung brach ab: {why}"),
    ("unreached.closed", "die Gegenseite schloss sie"),
    ("unreached.no_address", "{host} hat keine Adresse"),
    ("unreached.not_resolved", "der Name wurde nicht gefunden: {why}"),
    ("unreached.no_http", "kein HTTP-Client: {why}"),
    (
        "barred.forbidden",
        "{address} ist keine Adresse eines Zählers: Link-lokale, Metadaten- und Gruppenadressen werden abgelehnt",
    ),
    (
        "barred.loopback",
        "{address} ist dieser Rechner, der abgelehnt wird, solange der Server von anderen Rechnern erreichbar ist",
    ),
    ("system.refused", "Verbindung abgelehnt (Systemfehler {number})"),
    ("system.reset", "Verbindung von der Gegenseite abgebrochen (Systemfehler {number})"),
    ("system.no_route", "kein Weg zum Host (Systemfehler {number})"),
    ("system.no_network", "das Netz ist nicht erreichbar (Systemfehler {number})"),
    ("system.not_there", "diese Datei gibt es nicht (Systemfehler {number})"),
    ("system.not_allowed", "keine Berechtigung (Systemfehler {number})"),
];
