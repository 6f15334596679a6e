//! Periods, times and months.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "the window is empty: to must be later than from",
        "das Zeitfenster ist leer: to muss nach from liegen",
    ),
    (
        "\"{}\" is no time of the site's clock: choose another",
        "„{0}“ gibt es auf der Uhr der Anlage nicht: Wählen Sie einen anderen Zeitpunkt",
    ),
    (
        "\"{}\" is no time of the world's clock: choose another",
        "„{0}“ gibt es auf der simulierten Uhr nicht: Wählen Sie einen anderen Zeitpunkt",
    ),
    (
        "\"{}\" is no month: give it as 2026-10",
        "„{0}“ ist kein Monat: Geben Sie ihn als 2026-10 an",
    ),
    (
        "{} has not begun at {}, where it is {}: ask for an earlier month",
        "{0} hat an der Anlage {1} noch nicht begonnen, dort ist es der {2}: Wählen Sie einen früheren Monat",
    ),
    (
        "{} has not begun on {}: the month under way is {}",
        "{0} hat an der Anlage {1} noch nicht begonnen: Der laufende Monat ist {2}",
    ),
    ("premature end of input", "das Datum ist unvollständig"),
    ("input contains invalid characters", "das Datum enthält Zeichen, die nicht hineingehören"),
    ("input is out of range", "dieses Datum gibt es nicht"),
    ("trailing input", "hinter dem Datum steht noch etwas"),
];
