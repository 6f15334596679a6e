//! Reports by mail, and why a message was not delivered.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "the clock of a simulated world is its own: reports are mailed of real sites",
        "eine simulierte Welt hat ihre eigene Uhr: Berichte werden nur von echten Anlagen versandt",
    ),
    (
        "the day is one that every month has: 1 to 28",
        "der Tag ist einer, den jeder Monat hat: 1 bis 28",
    ),
    (
        "the hour is one of the site's clock: 0 to 23",
        "die Stunde ist eine der Uhr der Anlage: 0 bis 23",
    ),
    ("no language \"{}\": give en or de", "keine Sprache „{0}“: Geben Sie en oder de an"),
    (
        "a report goes to somebody: give a mailbox",
        "ein Bericht geht an jemanden: Geben Sie ein Postfach an",
    ),
    (
        "{} mailboxes are more than {}: give the address of a mailing list",
        "{0} Postfächer sind mehr als {1}: Geben Sie die Adresse eines Verteilers an",
    ),
    ("the version is a number, as GET shows it", "die Version ist eine Zahl, wie GET sie zeigt"),
    (
        "somebody changed the schedule since you looked: to what you give. Look again, then change it from version {}",
        "jemand hat den Zeitplan inzwischen so geändert, wie Sie es angeben. Sehen Sie ihn noch einmal an und ändern Sie ihn ab Version {0}",
    ),
    (
        "somebody changed the schedule since you looked: {!}. Look again, then change it from version {}",
        "jemand hat den Zeitplan geändert, seit Sie ihn angesehen haben: {0}. Sehen Sie ihn noch einmal an und ändern Sie ihn ab Version {1}",
    ),
    ("{} is {} now, and you give {}", "{0} ist jetzt {1}, und Sie geben {2} an"),
    (
        "the report of {} to {} was given up: {!}",
        "der Bericht für {0} an {1} wurde aufgegeben: {2}",
    ),
    ("the report cannot be computed: {!}", "der Bericht lässt sich nicht berechnen: {0}"),
];
