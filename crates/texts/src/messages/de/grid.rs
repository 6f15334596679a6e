//! Transformers and connections.

pub(super) const SENTENCES: &[super::Sentence] = &[
    (
        "connection_request.consumer_produces",
        "ein Verbraucher erzeugt nichts: Lassen Sie die Erzeugung weg oder fragen Sie als Prosumer an",
    ),
    ("connection_request.nothing", "fragen Sie mehr als 0 kW an"),
    (
        "connection_request.no_power",
        "geben Sie kW unter 1.000.000.000 mit höchstens sechs Nachkommastellen an",
    ),
    ("connection_request.negative", "angefragte kW sind nicht negativ"),
    ("connection_request.outside", "{#value} liegt nicht zwischen {#least} und {#most}"),
    ("connection_request.key_length", "ein Schlüssel hat 1 bis {most} Zeichen"),
    ("connection_request.key_twice", "der Schlüssel ist zweimal angegeben: Senden Sie ihn einmal"),
    ("connection_request.key_hidden", "ein Schlüssel besteht aus sichtbaren ASCII-Zeichen"),
    (
        "connection_request.key_reused",
        "unter diesem Schlüssel wurde ein anderer Antrag gestellt: Geben Sie jedem einen eigenen",
    ),
    ("connection_request.no_number", "„{text}“ ist keine Zahl, schreiben Sie sie als 12.5"),
    ("grid_form.consumption", "Verbrauch: {why}."),
    ("grid_form.production", "Erzeugung: {why}."),
    ("grid_form.length", "Anschlussleitung: {why}."),
    ("grid_form.latitude", "Breite: {why}."),
    ("grid_form.longitude", "Länge: {why}."),
    ("grid_form.other", "Das lässt sich nicht fragen: {why}."),
    ("unfit.nowhere", "Kein Transformator in der Nähe kann diese Last sicher tragen"),
    ("unfit.consumption", "Transformator mit dem Verbrauch überlastet"),
    ("unfit.production", "Transformator kann keine weitere Solareinspeisung aufnehmen"),
    ("unfit.voltage", "Die Spannung am Anschluss verließe den zulässigen Bereich"),
    ("transformer.none", "kein Transformator {id}"),
    (
        "transformer.no_power",
        "{#value} ist negativ, hat mehr als sechs Nachkommastellen oder ist 1.000.000.000 oder mehr",
    ),
    ("transformer.beyond", "{#value} liegt nicht zwischen -{#most} und {#most}"),
    ("transformer.count", "{count} Transformatoren: Senden Sie 1 bis {most} auf einmal"),
    (
        "transformer.has_connections",
        "der Transformator {name} hat bewilligte Anschlüsse: Ziehen Sie diese zuerst zurück",
    ),
    (
        "transformer.below_zero",
        "dem Transformator würde mehr genommen, als angeschlossen ist: Korrigieren Sie zuerst seine angeschlossene Last",
    ),
    (
        "transformer.too_fine",
        "{#value} hat mehr als sechs Nachkommastellen oder liegt über 1.000.000.000: Runden Sie es",
    ),
    ("connection.none", "kein Anschluss {id}"),
    ("connection.withdrawn", "er wurde schon zurückgezogen; seine Kapazität ist frei"),
    ("connection.not_approved", "nur ein angeschlossener Antrag lässt sich zurückziehen"),
    ("connection.no_conductor", "kein Leiter „{name}“: Zur Wahl stehen {known}"),
];
