//! Tariffs and factors.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "\"{}\" is no time on a quarter-hour, such as 06:00 or 22:15",
        "„{0}“ ist keine Uhrzeit auf einer Viertelstunde, etwa 06:00 oder 22:15",
    ),
    (
        "demand is taken over 15, 30 or 60 minutes, not {}",
        "die Leistung wird über 15, 30 oder 60 Minuten genommen, nicht über {0}",
    ),
    ("give kWh as a number of 0 or more", "geben Sie kWh als Zahl von 0 oder mehr an"),
    (
        "a factor of this kind begins on that day already: take it back first, or choose another day",
        "ein Faktor dieser Art gilt schon ab diesem Tag: Nehmen Sie ihn zuerst zurück oder wählen Sie einen anderen Tag",
    ),
];
