//! Periods, times and months.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "the window is empty: to must be later than from",
        "das Zeitfenster ist leer: to muss nach from liegen",
    ),
    (
        "\"{}\" is no month: give it as 2026-10",
        "„{0}“ ist kein Monat: Geben Sie ihn als 2026-10 an",
    ),
    ("premature end of input", "das Datum ist unvollständig"),
    ("input contains invalid characters", "das Datum enthält Zeichen, die nicht hineingehören"),
    ("input is out of range", "dieses Datum gibt es nicht"),
    ("trailing input", "hinter dem Datum steht noch etwas"),
];
