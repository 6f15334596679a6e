//! Periods, times and months.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "“{}” is no period: choose today, yesterday, week, month, year or custom",
        "„{0}“ ist kein Zeitraum: Wählen Sie today, yesterday, week, month, year oder custom",
    ),
    (
        "“{}” is no day: write it as 2026-11-19",
        "„{0}“ ist kein Tag: Schreiben Sie ihn als 2026-11-19",
    ),
    (
        "a period of your own needs its first and its last day",
        "ein eigener Zeitraum braucht seinen ersten und seinen letzten Tag",
    ),
    (
        "the period ends on {}, before it begins on {}: exchange the two days",
        "der Zeitraum endet am {0}, bevor er am {1} beginnt: Vertauschen Sie die beiden Tage",
    ),
    (
        "the period is {} days long: choose ten years at most",
        "der Zeitraum ist {0} Tage lang: Wählen Sie höchstens zehn Jahre",
    ),
    (
        "the period begins on {}, and nothing was metered before {}: check the year",
        "der Zeitraum beginnt am {0}, und vor {1} wurde nichts gezählt: Prüfen Sie das Jahr",
    ),
    (
        "the period begins on {}, which is still to come: choose an earlier one",
        "der Zeitraum beginnt am {0}, und dieser Tag kommt erst noch: Wählen Sie einen früheren",
    ),
    (
        "“{}” cannot be compared with: only the period before, compare=previous",
        "mit „{0}“ lässt sich nicht vergleichen: nur mit dem Zeitraum davor, compare=previous",
    ),
    (
        "the window is empty: to must be later than from",
        "das Zeitfenster ist leer: to muss nach from liegen",
    ),
    (
        "\"{}\" is no time: give 2026-05-01T00:00:00Z or a date such as 2026-05-01 (in an address write + as %2B)",
        "„{0}“ ist kein Zeitpunkt: Geben Sie 2026-05-01T00:00:00Z oder ein Datum wie 2026-05-01 an (in einer Adresse + als %2B)",
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
    (
        "it lies before {}, and nothing was metered then: check the year",
        "das liegt vor {0}, und damals wurde nichts gezählt: Prüfen Sie das Jahr",
    ),
    (
        "it lies after the year 9999: check the year",
        "das liegt nach dem Jahr 9999: Prüfen Sie das Jahr",
    ),
    (
        "{} lies in the future: give a time that has passed",
        "{0} liegt in der Zukunft: Geben Sie einen vergangenen Zeitpunkt an",
    ),
    (
        "the readings around {} are no longer kept, so its energy stays as it is; keep readings longer by the site's retention.rawDays",
        "die Ablesungen um {0} sind nicht mehr aufbewahrt, die Energie bleibt daher, wie sie ist; bewahren Sie Ablesungen länger auf, mit retention.rawDays der Anlage",
    ),
    ("premature end of input", "das Datum ist unvollständig"),
    ("input contains invalid characters", "das Datum enthält Zeichen, die nicht hineingehören"),
    ("input is out of range", "dieses Datum gibt es nicht"),
    ("trailing input", "hinter dem Datum steht noch etwas"),
];
