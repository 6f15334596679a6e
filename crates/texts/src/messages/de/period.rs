//! Periods, times and months, and what of a history cannot be shown.

pub(super) const SENTENCES: &[super::Sentence] = &[
    (
        "period.unknown",
        "„{period}“ ist kein Zeitraum: Wählen Sie today, yesterday, week, month, year oder custom.",
    ),
    ("period.day", "„{day}“ ist kein Tag: Schreiben Sie ihn als 2026-11-19."),
    ("period.ends", "Ein eigener Zeitraum braucht seinen ersten und seinen letzten Tag."),
    (
        "period.order",
        "Der Zeitraum endet am {last}, bevor er am {first} beginnt: Vertauschen Sie die beiden Tage.",
    ),
    ("period.long", "Der Zeitraum ist {days} Tage lang: Wählen Sie höchstens zehn Jahre."),
    (
        "period.early",
        "Der Zeitraum beginnt am {first}, und vor {year} wurde nichts gezählt: Prüfen Sie das Jahr.",
    ),
    (
        "period.future",
        "Der Zeitraum beginnt am {first}, und dieser Tag kommt erst noch: Wählen Sie einen früheren.",
    ),
    (
        "period.compare",
        "Mit „{with}“ lässt sich nicht vergleichen: nur mit dem Zeitraum davor, compare=previous.",
    ),
    (
        "time.no_time",
        "„{text}“ ist kein Zeitpunkt: Geben Sie 2026-05-01T00:00:00Z oder ein Datum wie 2026-05-01 an (in einer Adresse + als %2B)",
    ),
    (
        "time.too_early",
        "das liegt vor {year}, und damals wurde nichts gezählt: Prüfen Sie das Jahr",
    ),
    ("time.too_late", "das liegt nach dem Jahr 9999: Prüfen Sie das Jahr"),
    ("time.future", "{at} liegt in der Zukunft: Geben Sie einen vergangenen Zeitpunkt an"),
    ("time.empty_window", "das Zeitfenster ist leer: to muss nach from liegen"),
    (
        "time.long_window",
        "das Zeitfenster ist länger als zehn Jahre: Fragen Sie nach weniger auf einmal",
    ),
    ("month.no_month", "„{text}“ ist kein Monat: Geben Sie ihn als 2026-10 an"),
    (
        "history.unreadable",
        "„{text}“ benennt keine Reihe: Schreiben Sie einen Zähler, einen Punkt und einen Kanal, etwa 7.power",
    ),
    (
        "history.no_channel",
        "„{word}“ ist kein Kanal des Zählers {meter}: Wählen Sie einen von {known}",
    ),
    (
        "history.no_meter",
        "auf dieser Anlage gibt es keinen Zähler {meter}: Vielleicht wurde er entfernt oder gehört zu einer anderen Anlage",
    ),
    ("history.lacks", "{meter} liefert kein {channel}: Wählen Sie einen anderen Kanal"),
    (
        "history.no_axis",
        "{series} wird in {unit} angegeben, und beide Achsen sind belegt: Entfernen Sie eine andere Reihe, oder öffnen Sie diese allein",
    ),
    (
        "history.surplus",
        "ein Diagramm zeigt höchstens {most} Reihen: {count} weitere sind weggelassen",
    ),
    ("history.twice", "{series} ist zweimal gewählt und einmal gezeichnet"),
    (
        "history.long",
        "{meter} {channel} hat zu viele Messwerte für diesen Zeitraum: Wählen Sie höchstens {days} Tage",
    ),
    (
        "history.dropped",
        "Messwerte von {meter} werden ab {since} aufbewahrt und {channel} nicht anders: Wählen Sie einen späteren Zeitraum",
    ),
    ("history.period", "{why} Stattdessen wird heute gezeigt."),
    (
        "history.zoom",
        "der Ausschnitt liegt nicht in diesem Zeitraum: Geben Sie zwei seiner Zeitpunkte an, verbunden mit _",
    ),
    (
        "history.nothing_chosen",
        "nennen Sie die Reihen: je einen Zähler, einen Punkt und einen Kanal, verbunden mit _, etwa 7.power_9.energy",
    ),
];
