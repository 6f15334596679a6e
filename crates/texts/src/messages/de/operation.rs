//! Why nothing can be done now, whatever is asked for; the disk; fields of forms.

pub(super) const SENTENCES: &[super::Sentence] = &[
    ("unable.sign_in", "melden Sie sich mit der Rolle {role} an, um das zu tun"),
    ("unable.lines", "abgelehnte Zeilen: {count}, nichts ist gespeichert; die erste: {first}"),
    (
        "unable.unavailable",
        "die Datenbank ist gerade nicht verfügbar; versuchen Sie es in einigen Sekunden noch einmal",
    ),
    (
        "unable.too_long",
        "das dauerte zu lange und wurde abgebrochen: Fragen Sie nach einem kürzeren Zeitraum",
    ),
    (
        "unable.not_ready",
        "nicht bereit: {tasks}; es wird von selbst weiter versucht, und das Protokoll nennt den Grund",
    ),
    ("unable.internal", "interner Fehler; die Ursache steht im Protokoll"),
    (
        "unable.too_many_streams",
        "zu viele Datenströme sind offen: Schließen Sie einige der Seiten oder Programme, die Werte live verfolgen",
    ),
    ("unable.no_access", "der Server gab dieser Seite keinen Zugang zu seinen Daten"),
    (
        "disk.low",
        "Die Platte der Datenbank ist fast voll: {#free} von {#size} GB sind frei. Ohne Platz wird nichts gespeichert: Schaffen Sie welchen, oder bewahren Sie Ablesungen kürzer auf.",
    ),
    ("disk.again", "Die Platte der Datenbank hat wieder Platz: {#free} von {#size} GB sind frei."),
    ("typed.not_whole", "„{text}“ ist keine ganze Zahl"),
    ("typed.no_columns", "die Spalten sind kein JSON: Schreiben Sie sie als {such_as}"),
    ("typed.no_rated_powers", "die Nennleistungen sind kein JSON: Schreiben Sie sie als {such_as}"),
];
