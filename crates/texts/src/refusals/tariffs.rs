//! Tariffs and factors.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("a tax is at most 100 per cent", "eine Steuer beträgt höchstens 100 Prozent"),
    (
        "energy[{}] and energy[{}] hold for the same energy and neither is more specific: keep their times, days, months or blocks apart",
        "energy[{0}] und energy[{1}] gelten für dieselbe Energie, und keiner geht vor: Trennen Sie ihre Zeiten, Tage, Monate oder Mengen",
    ),
    (
        "netting by month knows no time of day: leave fromTime and toTime out, or set netting to none",
        "wer je Monat verrechnet, kennt keine Tageszeit: Lassen Sie fromTime und toTime weg oder setzen Sie netting auf none",
    ),
    ("{} is negative: give 0 or more", "{0} ist negativ: Geben Sie 0 oder mehr an"),
    (
        "{} is no price: at most {} and {} decimals",
        "{0} ist kein Preis: höchstens {1} und {2} Nachkommastellen",
    ),
    (
        "the block is empty: toKwh must be above fromKwh",
        "die Menge ist leer: toKwh muss über fromKwh liegen",
    ),
    ("months are numbered from 1 to 12", "Monate haben die Nummern 1 bis 12"),
    (
        "the time is empty: leave both out for all day",
        "die Zeit ist leer: Lassen Sie beide weg für den ganzen Tag",
    ),
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
        "it is the first day after the version: give a day after validFrom",
        "es ist der erste Tag nach der Fassung: Geben Sie einen Tag nach validFrom an",
    ),
    (
        "the site {} counts in {}: send that, or none",
        "die Anlage {0} rechnet in {1}: Senden Sie diese Währung oder keine",
    ),
    ("the site {} counts in {}", "die Anlage {0} rechnet in {1}"),
    (
        "version {} of \"{}\" holds from {} without end, and versions of one tariff may not overlap: set its validTo first, or choose other days",
        "Fassung {0} von „{1}“ gilt ab {2} ohne Ende, und Fassungen eines Tarifs dürfen sich nicht überschneiden: Setzen Sie zuerst ihr validTo oder wählen Sie andere Tage",
    ),
    (
        "version {} of \"{}\" holds from {} up to {}, and versions of one tariff may not overlap: set its validTo first, or choose other days",
        "Fassung {0} von „{1}“ gilt von {2} bis vor {3}, und Fassungen eines Tarifs dürfen sich nicht überschneiden: Setzen Sie zuerst ihr validTo oder wählen Sie andere Tage",
    ),
    (
        "it is the last version of \"{}\", which meters are priced with, such as {}: give them another tariff first",
        "es ist die letzte Fassung von „{0}“, der für Zähler gilt, etwa für {1}: Geben Sie ihnen zuerst einen anderen Tarif",
    ),
    (
        "\"{}\" and \"{}\" would both be the default tariff of {}: leave one",
        "„{0}“ und „{1}“ wären beide der Standardtarif von {2}: Lassen Sie nur einen",
    ),
    (
        "a factor is not negative: give 0 or more",
        "ein Faktor ist nicht negativ: Geben Sie 0 oder mehr an",
    ),
    ("{} factors are stated in {}", "Faktoren der Art {0} werden in {1} angegeben"),
    ("say where the value comes from", "geben Sie an, woher der Wert stammt"),
];
