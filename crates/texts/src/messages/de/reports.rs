//! Reports by mail.

pub(super) const SENTENCES: &[super::Sentence] = &[
    ("report_schedule.unknown", "kein Zeitplan von Berichten {id}"),
    (
        "report_schedule.simulated",
        "eine simulierte Welt hat ihre eigene Uhr: Berichte werden nur von echten Anlagen versandt",
    ),
    ("report_schedule.language", "keine Sprache „{tag}“: Geben Sie en oder de an"),
    ("report_schedule.nobody", "ein Bericht geht an jemanden: Geben Sie ein Postfach an"),
    (
        "report_schedule.too_many",
        "{count} Postfächer sind mehr als {most}: Geben Sie die Adresse eines Verteilers an",
    ),
    ("report_schedule.version", "die Version ist eine Zahl, wie GET sie zeigt"),
    (
        "report_schedule.changed_alike",
        "jemand hat den Zeitplan inzwischen so geändert, wie Sie es angeben. Sehen Sie ihn noch einmal an und ändern Sie ihn ab Version {version}",
    ),
    (
        "report_schedule.changed",
        "jemand hat den Zeitplan geändert, seit Sie ihn angesehen haben: {what}. Sehen Sie ihn noch einmal an und ändern Sie ihn ab Version {version}",
    ),
    ("report_schedule.differs", "{field} ist jetzt {now}, und Sie geben {given} an"),
    ("report_due.day", "der Tag ist einer, den jeder Monat hat: 1 bis 28"),
    ("report_due.hour", "die Stunde ist eine der Uhr der Anlage: 0 bis 23"),
    (
        "report.ahead",
        "{month} hat an der Anlage {site} noch nicht begonnen: Der laufende Monat ist {running}",
    ),
    (
        "report.nothing_to_draw",
        "der Bericht für {month} hat nichts, woraus sich das Diagramm {chart} zeichnen ließe",
    ),
    ("report.not_computed", "der Bericht lässt sich nicht berechnen: {why}"),
    ("report.given_up", "der Bericht für {month} an {address} wurde aufgegeben: {why}"),
];
