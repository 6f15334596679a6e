//! Documents of the configuration.

pub(super) const SENTENCES: &[super::Sentence] = &[
    (
        "document.no_json",
        "das ist kein JSON: {why}; wählen Sie eine Datei, die hier exportiert wurde",
    ),
    ("document.no_version", "das ist keine Konfiguration: Es nennt keine Version"),
    (
        "document.other_version",
        "das Dokument hat die Version {version}, und dieses Programm liest Version {ours}: Exportieren Sie es noch einmal mit einem Programm dieser Version",
    ),
    ("document.breaks_rule", "das Dokument bricht die Regel {rule}: {why}"),
    (
        "document.taken",
        "das Dokument wurde schon übernommen: Senden Sie es noch einmal, um es neu anzusehen",
    ),
    ("document.made_room", "das Dokument musste anderen weichen: Senden Sie es noch einmal"),
    ("document.cancelled", "es wurde abgebrochen: Nichts ist gespeichert"),
    (
        "document.fell",
        "das Dokument ließ sich durch einen Fehler dieses Programms nicht übernehmen: Nichts davon ist gespeichert, und das Protokoll sagt mehr",
    ),
    (
        "document.row_unreadable",
        "eine gespeicherte Zeile ist nicht lesbar, korrigieren Sie sie in der Datenbank: {why}",
    ),
    ("entry.no_site", "das Dokument hat keine Anlage „{name}“"),
    ("entry.no_meter", "das Dokument hat keinen Zähler „{name}“"),
    ("entry.no_tariff", "das Dokument hat keinen Tarif „{name}“"),
    ("entry.twice", "„{name}“ steht zweimal im Dokument"),
    ("entry.zone", "keine Zeitzone „{name}“: Geben Sie einen Namen der IANA an"),
    ("entry.currency", "die Anlage {site} rechnet in {currency}"),
    ("entry.sum", "virtueller Zähler „{number}“: {why}"),
    (
        "entry.limits",
        "direction, raise und clear gehören zusammen: Geben Sie alle drei oder keines an",
    ),
    ("entry.filling", "tankLitres und filledAt gehören zusammen: Geben Sie beide oder keines an"),
    (
        "entry.column",
        "„{name}“ ist keine Spalte von Ablesungen: Geben Sie eine an, etwa total_energy_kwh",
    ),
    (
        "entry.logger_elsewhere",
        "der Datenlogger {serial} gehört hier zu einer anderen Anlage: Entfernen Sie ihn zuerst dort",
    ),
    ("entry_terms.ends", "Glieder mit demselben validFrom brauchen dasselbe validTo"),
    ("entry_terms.order", "validTo muss nach validFrom liegen"),
    (
        "entry_terms.overlap",
        "Glieder gelten, während spätere schon gelten: Ihr validTo darf nicht nach dem nächsten validFrom liegen",
    ),
];
