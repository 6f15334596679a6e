//! Connections to transformers.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "No transformer nearby can support this load safely",
        "Kein Transformator in der Nähe kann diese Last sicher tragen",
    ),
    ("Transformer overloaded for consumption", "Transformator mit dem Verbrauch überlastet"),
    (
        "Transformer cannot support additional solar injection",
        "Transformator kann keine weitere Solareinspeisung aufnehmen",
    ),
    (
        "Voltage at the premises would leave the permitted range",
        "Die Spannung am Anschluss verließe den zulässigen Bereich",
    ),
    ("Consumption: {!}.", "Verbrauch: {0}."),
    ("Production: {!}.", "Erzeugung: {0}."),
    ("Service length: {!}.", "Anschlussleitung: {0}."),
    ("Latitude: {!}.", "Breite: {0}."),
    ("Longitude: {!}.", "Länge: {0}."),
    (
        "a consumer has no production: leave it out, or ask as a prosumer",
        "ein Verbraucher erzeugt nichts: Lassen Sie die Erzeugung weg oder fragen Sie als Prosumer an",
    ),
    ("ask for more than 0 kW", "fragen Sie mehr als 0 kW an"),
    (
        "give kW below 1,000,000,000 with at most six decimals",
        "geben Sie kW unter 1.000.000.000 mit höchstens sechs Nachkommastellen an",
    ),
    ("kW asked for are not negative", "angefragte kW sind nicht negativ"),
    ("{#} does not lie between {#} and {#}", "{0} liegt nicht zwischen {1} und {2}"),
    ("a key has 1 to {} characters", "ein Schlüssel hat 1 bis {0} Zeichen"),
    (
        "another request was made under this key: give each its own",
        "unter diesem Schlüssel wurde ein anderer Antrag gestellt: Geben Sie jedem einen eigenen",
    ),
    (
        "more would be taken from the transformer than is connected: correct its connected load first",
        "dem Transformator würde mehr genommen, als angeschlossen ist: Korrigieren Sie zuerst seine angeschlossene Last",
    ),
    (
        "it was withdrawn before; its capacity is free",
        "er wurde schon zurückgezogen; seine Kapazität ist frei",
    ),
    (
        "only an approved connection can be withdrawn",
        "nur ein angeschlossener Antrag lässt sich zurückziehen",
    ),
    ("no conductor \"{}\": choose of {}", "kein Leiter „{0}“: Zur Wahl stehen {1}"),
];
