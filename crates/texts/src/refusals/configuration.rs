//! Documents of the configuration.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "the document is of version {}, and this program reads version {}: export it again with a program of this version",
        "das Dokument hat die Version {0}, und dieses Programm liest Version {1}: Exportieren Sie es noch einmal mit einem Programm dieser Version",
    ),
    (
        "this is no configuration: it says no version",
        "das ist keine Konfiguration: Es nennt keine Version",
    ),
    (
        "this is no JSON: {!}; choose a file that was exported here",
        "das ist kein JSON: {0}; wählen Sie eine Datei, die hier exportiert wurde",
    ),
    ("the document breaks the rule {}: {!}", "das Dokument bricht die Regel {0}: {1}"),
    (
        "the document was taken in already: send it again to look at it anew",
        "das Dokument wurde schon übernommen: Senden Sie es noch einmal, um es neu anzusehen",
    ),
    (
        "the document had to make room for others: send it again",
        "das Dokument musste anderen weichen: Senden Sie es noch einmal",
    ),
    ("it was cancelled: nothing is stored", "es wurde abgebrochen: Nichts ist gespeichert"),
    ("the document has no site \"{}\"", "das Dokument hat keine Anlage „{0}“"),
    ("the document has no meter \"{}\"", "das Dokument hat keinen Zähler „{0}“"),
    ("the document has no tariff \"{}\"", "das Dokument hat keinen Tarif „{0}“"),
    ("\"{}\" stands in the document twice", "„{0}“ steht zweimal im Dokument"),
    ("virtual meter \"{}\": {!}", "virtueller Zähler „{0}“: {1}"),
    (
        "terms with the same validFrom need the same validTo",
        "Glieder mit demselben validFrom brauchen dasselbe validTo",
    ),
    ("validTo has to be later than validFrom", "validTo muss nach validFrom liegen"),
    (
        "terms hold while later ones hold already: let their validTo be no later than the next validFrom",
        "Glieder gelten, während spätere schon gelten: Ihr validTo darf nicht nach dem nächsten validFrom liegen",
    ),
    (
        "meter {} would be computed from itself: leave out the term that closes the circle",
        "Zähler {0} würde aus sich selbst berechnet: Lassen Sie das Glied weg, das den Kreis schließt",
    ),
    (
        "a meter cannot be computed from itself",
        "ein Zähler lässt sich nicht aus sich selbst berechnen",
    ),
    (
        "meter {} is retired: name one that still measures",
        "Zähler {0} ist stillgelegt: Nennen Sie einen, der noch misst",
    ),
    (
        "meter {} stands in two terms: add their factors",
        "Zähler {0} steht in zwei Gliedern: Addieren Sie ihre Faktoren",
    ),
    ("a factor is not 0", "ein Faktor ist nicht 0"),
    ("a sum has at least one term", "eine Summe hat mindestens ein Glied"),
    (
        "direction, raise and clear stand together: give all three or none",
        "direction, raise und clear gehören zusammen: Geben Sie alle drei oder keines an",
    ),
    (
        "tankLitres and filledAt stand together: give both or none",
        "tankLitres und filledAt gehören zusammen: Geben Sie beide oder keines an",
    ),
    (
        "\"{}\" is no column of readings: give one, such as total_energy_kwh",
        "„{0}“ ist keine Spalte von Ablesungen: Geben Sie eine an, etwa total_energy_kwh",
    ),
    (
        "the logger {} belongs to another site here: remove it there first",
        "der Datenlogger {0} gehört hier zu einer anderen Anlage: Entfernen Sie ihn zuerst dort",
    ),
    (
        "a stored row cannot be read, correct it in the database: {!}",
        "eine gespeicherte Zeile ist nicht lesbar, korrigieren Sie sie in der Datenbank: {0}",
    ),
];
