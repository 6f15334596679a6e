//! Tariffs and what they say.

pub(super) const SENTENCES: &[super::Sentence] = &[
    ("tariff_terms.tax", "eine Steuer beträgt höchstens 100 Prozent"),
    (
        "tariff_terms.rivals",
        "energy[{one}] und energy[{other}] gelten für dieselbe Energie, und keiner geht vor: Trennen Sie ihre Zeiten, Tage, Monate oder Mengen",
    ),
    (
        "tariff_terms.netted_time",
        "wer je Monat verrechnet, kennt keine Tageszeit: Lassen Sie fromTime und toTime weg oder setzen Sie netting auf none",
    ),
    ("tariff_terms.negative", "{price} ist negativ: Geben Sie 0 oder mehr an"),
    (
        "tariff_terms.no_price",
        "{price} ist kein Preis: höchstens {most} und {digits} Nachkommastellen",
    ),
    ("tariff_terms.empty_block", "die Menge ist leer: toKwh muss über fromKwh liegen"),
    ("tariff_terms.month", "Monate haben die Nummern 1 bis 12"),
    ("tariff_terms.empty_time", "die Zeit ist leer: Lassen Sie beide weg für den ganzen Tag"),
    (
        "tariff_terms.clock_time",
        "„{text}“ ist keine Uhrzeit auf einer Viertelstunde, etwa 06:00 oder 22:15",
    ),
    (
        "tariff_terms.demand_minutes",
        "die Leistung wird über 15, 30 oder 60 Minuten genommen, nicht über {minutes}",
    ),
    ("tariff_terms.kwh", "geben Sie kWh als Zahl von 0 oder mehr an"),
    ("tariff.unknown", "kein Tarif {id}"),
    ("tariff.of_other_site", "die Anlage des Zählers hat keinen Tarif {id}"),
    (
        "tariff.currency",
        "die Anlage {site} rechnet in {currency}: Senden Sie diese Währung oder keine",
    ),
    (
        "tariff.empty_validity",
        "es ist der erste Tag nach der Fassung: Geben Sie einen Tag nach validFrom an",
    ),
    (
        "tariff.overlaps_open",
        "Fassung {id} von „{name}“ gilt ab {from} ohne Ende, und Fassungen eines Tarifs dürfen sich nicht überschneiden: Setzen Sie zuerst ihr validTo oder wählen Sie andere Tage",
    ),
    (
        "tariff.overlaps",
        "Fassung {id} von „{name}“ gilt von {from} bis vor {to}, und Fassungen eines Tarifs dürfen sich nicht überschneiden: Setzen Sie zuerst ihr validTo oder wählen Sie andere Tage",
    ),
    (
        "tariff.last_version",
        "es ist die letzte Fassung von „{name}“, der für Zähler gilt, etwa für {meter}: Geben Sie ihnen zuerst einen anderen Tarif",
    ),
    (
        "tariff.two_defaults",
        "„{one}“ und „{other}“ wären beide der Standardtarif von {site}: Lassen Sie nur einen",
    ),
];
