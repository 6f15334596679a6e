//! What was found of a loss that does not close.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "Reversing the direction of {} closes the balance to {#} kWh",
        "Die Richtung von {0} umzukehren schließt die Bilanz bis auf {1} kWh",
    ),
    (
        "Exchanging import and export of {} closes the balance to {#} kWh",
        "Bezug und Lieferung von {0} zu vertauschen schließt die Bilanz bis auf {1} kWh",
    ),
    (
        "Dividing {} by ten closes the balance to {#} kWh",
        "{0} durch zehn zu teilen schließt die Bilanz bis auf {1} kWh",
    ),
    (
        "Multiplying {} by ten closes the balance to {#} kWh",
        "{0} mit zehn malzunehmen schließt die Bilanz bis auf {1} kWh",
    ),
    (
        "Moving {} to {} closes the balance to {#} kWh",
        "{0} unter {1} zu hängen schließt die Bilanz bis auf {2} kWh",
    ),
    (
        "Giving {} its usual power closes the balance to {#} kWh",
        "Mit der üblichen Leistung von {0} schließt sich die Bilanz bis auf {1} kWh",
    ),
    (
        "Setting the clock of {} closes the balance to {#} kWh",
        "Die Uhr von {0} zu stellen schließt die Bilanz bis auf {1} kWh",
    ),
    (
        "The loss rose by a step of {#} kW at {}: a load that no meter sees, or one that was switched",
        "Der Verlust stieg um {1} sprunghaft um {0} kW: eine Last, die kein Zähler sieht, oder eine, die geschaltet wurde",
    ),
    (
        "The loss fell by a step of {#} kW at {}: a load that no meter sees, or one that was switched",
        "Der Verlust fiel um {1} sprunghaft um {0} kW: eine Last, die kein Zähler sieht, oder eine, die geschaltet wurde",
    ),
    ("No single cause explains it", "Keine einzelne Ursache erklärt es"),
    (
        "{!}. It closes {#} % of the {} quarter-hours whose balance was open, and worsens no other node.",
        "{0}. Das schließt {1} % der {2} Viertelstunden, deren Bilanz offen war, und verschlechtert keinen anderen Knoten.",
    ),
    (
        "The balance was open in {} quarter-hours; nothing that was tried closes it.",
        "Die Bilanz war in {0} Viertelstunden offen; nichts Geprüftes schließt sie.",
    ),
    (
        "The balance was open in {} quarter-hours. {} causes would close it, none better than another, so none is named: look at these meters.",
        "Die Bilanz war in {0} Viertelstunden offen. {1} Ursachen würden sie schließen, keine besser als eine andere, daher ist keine benannt: Sehen Sie diese Zähler an.",
    ),
    (
        "The balance was open in {} quarter-hours. What was tried is listed; none closes it alone, so none is named.",
        "Die Bilanz war in {0} Viertelstunden offen. Was geprüft wurde, ist aufgeführt; nichts davon schließt sie allein, daher ist nichts benannt.",
    ),
    (
        "{} counts its energy in the opposite direction: check its current transformers and the assignment of its import and export registers",
        "{0} zählt seine Energie in der Gegenrichtung: Prüfen Sie seine Stromwandler und die Zuordnung seiner Zählwerke für Bezug und Lieferung",
    ),
    (
        "{} does not feed its parent: set feedsParent to {}",
        "{0} speist den Zähler darüber nicht: Setzen Sie feedsParent auf {1}",
    ),
    (
        "{} feeds its parent: set feedsParent to {}",
        "{0} speist den Zähler darüber: Setzen Sie feedsParent auf {1}",
    ),
    (
        "{} reads ten times too much: check the ratio of its current transformers; it was exchanged recently",
        "{0} misst zehnmal zu viel: Prüfen Sie das Verhältnis seiner Stromwandler; er wurde kürzlich getauscht",
    ),
    (
        "{} reads ten times too much: check the ratio of its current transformers",
        "{0} misst zehnmal zu viel: Prüfen Sie das Verhältnis seiner Stromwandler",
    ),
    (
        "{} reads a tenth of what it should: check the ratio of its current transformers; it was exchanged recently",
        "{0} misst ein Zehntel dessen, was er sollte: Prüfen Sie das Verhältnis seiner Stromwandler; er wurde kürzlich getauscht",
    ),
    (
        "{} reads a tenth of what it should: check the ratio of its current transformers",
        "{0} misst ein Zehntel dessen, was er sollte: Prüfen Sie das Verhältnis seiner Stromwandler",
    ),
    (
        "The clock of {} is about {} minutes ahead: set it, or let it be read by a server with the right time",
        "Die Uhr von {0} geht etwa {1} Minuten vor: Stellen Sie sie oder lassen Sie ihn von einem Server mit der richtigen Zeit ablesen",
    ),
    (
        "The clock of {} is about {} minutes behind: set it, or let it be read by a server with the right time",
        "Die Uhr von {0} geht etwa {1} Minuten nach: Stellen Sie sie oder lassen Sie ihn von einem Server mit der richtigen Zeit ablesen",
    ),
    (
        "{} is silent or stands still; usually it moves about {#} kW: check its connection",
        "{0} ist stumm oder steht still; üblich sind etwa {1} kW: Prüfen Sie seine Verbindung",
    ),
    (
        "{} hangs below {}: set its parent, with effectiveFrom if it was moved",
        "{0} hängt unter {1}: Setzen Sie den Zähler darüber, mit effectiveFrom, falls er umgehängt wurde",
    ),
];
