//! What was found of a loss that does not close, and loads that no meter sees.

pub(super) const SENTENCES: &[super::Sentence] = &[
    (
        "fault.opposite",
        "{meter} zählt seine Energie in der Gegenrichtung: Prüfen Sie seine Stromwandler und die Zuordnung seiner Zählwerke für Bezug und Lieferung",
    ),
    (
        "fault.ten_times",
        "{meter} misst zehnmal zu viel: Prüfen Sie das Verhältnis seiner Stromwandler",
    ),
    (
        "fault.ten_times_exchanged",
        "{meter} misst zehnmal zu viel: Prüfen Sie das Verhältnis seiner Stromwandler; er wurde kürzlich getauscht",
    ),
    (
        "fault.tenth",
        "{meter} misst ein Zehntel dessen, was er sollte: Prüfen Sie das Verhältnis seiner Stromwandler",
    ),
    (
        "fault.tenth_exchanged",
        "{meter} misst ein Zehntel dessen, was er sollte: Prüfen Sie das Verhältnis seiner Stromwandler; er wurde kürzlich getauscht",
    ),
    (
        "fault.clock_ahead",
        "Die Uhr von {meter} geht etwa {minutes} Minuten vor: Stellen Sie sie oder lassen Sie ihn von einem Server mit der richtigen Zeit ablesen",
    ),
    (
        "fault.clock_behind",
        "Die Uhr von {meter} geht etwa {minutes} Minuten nach: Stellen Sie sie oder lassen Sie ihn von einem Server mit der richtigen Zeit ablesen",
    ),
    (
        "fault.silent",
        "{meter} ist stumm oder steht still; üblich sind etwa {#usual} kW: Prüfen Sie seine Verbindung",
    ),
    (
        "fault.feeds_not",
        "{meter} speist den Zähler darüber nicht: Setzen Sie feedsParent auf false",
    ),
    ("fault.feeds", "{meter} speist den Zähler darüber: Setzen Sie feedsParent auf true"),
    (
        "fault.elsewhere",
        "{meter} hängt unter {node} ({name}): Setzen Sie den Zähler darüber, mit effectiveFrom, falls er umgehängt wurde",
    ),
    (
        "finding.reversing",
        "Die Richtung von {meter} umzukehren schließt die Bilanz bis auf {#left} kWh",
    ),
    (
        "finding.exchanging",
        "Bezug und Lieferung von {meter} zu vertauschen schließt die Bilanz bis auf {#left} kWh",
    ),
    ("finding.dividing", "{meter} durch zehn zu teilen schließt die Bilanz bis auf {#left} kWh"),
    ("finding.multiplying", "{meter} mit zehn malzunehmen schließt die Bilanz bis auf {#left} kWh"),
    ("finding.moving", "{meter} unter {node} zu hängen schließt die Bilanz bis auf {#left} kWh"),
    (
        "finding.usual",
        "Mit der üblichen Leistung von {meter} schließt sich die Bilanz bis auf {#left} kWh",
    ),
    ("finding.setting", "Die Uhr von {meter} zu stellen schließt die Bilanz bis auf {#left} kWh"),
    (
        "finding.rose",
        "Der Verlust stieg um {at} sprunghaft um {#power} kW: eine Last, die kein Zähler sieht, oder eine, die geschaltet wurde",
    ),
    (
        "finding.fell",
        "Der Verlust fiel um {at} sprunghaft um {#power} kW: eine Last, die kein Zähler sieht, oder eine, die geschaltet wurde",
    ),
    ("finding.nothing", "Keine einzelne Ursache erklärt es"),
    (
        "evidence.closes",
        "{fault}. Das schließt {#share} % der {quarters} Viertelstunden, deren Bilanz offen war, und verschlechtert keinen anderen Knoten.",
    ),
    (
        "evidence.nothing",
        "Die Bilanz war in {quarters} Viertelstunden offen; nichts Geprüftes schließt sie.",
    ),
    (
        "evidence.rivals",
        "Die Bilanz war in {quarters} Viertelstunden offen. {causes} Ursachen würden sie schließen, keine besser als eine andere, daher ist keine benannt: Sehen Sie diese Zähler an.",
    ),
    (
        "evidence.none_alone",
        "Die Bilanz war in {quarters} Viertelstunden offen. Was geprüft wurde, ist aufgeführt; nichts davon schließt sie allein, daher ist nichts benannt.",
    ),
    ("unmetered_load.negative", "eine Last ist nicht negativ"),
    ("unmetered_load.known", "eine Last des Knotens beginnt schon zu dieser Zeit: PUT ersetzt sie"),
    ("unmetered_load.no_reason", "sagen Sie, was die Last ist"),
    (
        "factor_stored.known",
        "ein Faktor dieser Art gilt schon ab diesem Tag: Nehmen Sie ihn zuerst zurück oder wählen Sie einen anderen Tag",
    ),
];
