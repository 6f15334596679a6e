//! Bills, runs over a month, and trades.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "several sites have a bill {}: say which with site",
        "mehrere Anlagen haben eine Rechnung {0}: Geben Sie mit site an, welche gemeint ist",
    ),
    ("the bill has {} lines", "die Rechnung hat {0} Posten"),
    (
        "the month is billed by {}, which never changes: credit it, and a new bill follows",
        "der Monat ist mit {0} abgerechnet, die sich nie ändert: Schreiben Sie sie gut, dann folgt eine neue Rechnung",
    ),
    (
        "bill {} is issued and never changes: credit it instead",
        "die Rechnung {0} ist ausgestellt und ändert sich nie: Schreiben Sie sie stattdessen gut",
    ),
    (
        "{} is still running at {}: its bill stays a draft until it is over",
        "{0} läuft an der Anlage {1} noch: Die Rechnung bleibt ein Entwurf, bis er vorbei ist",
    ),
    (
        "{} is still running at {}: make drafts only",
        "{0} läuft an der Anlage {1} noch: Berechnen Sie nur Entwürfe",
    ),
    (
        "no tariff prices the whole month: state one, or the site's price per kWh",
        "kein Tarif gilt für den ganzen Monat: Geben Sie einen an oder den Preis der Anlage je kWh",
    ),
    (
        "readings back only {#} % of the month, and {#} % are needed: enter what is missing, or say who issues it all the same, and why, with override {who, reason}",
        "Ablesungen decken nur {0} % des Monats, und {1} % sind nötig: Tragen Sie ein, was fehlt, oder geben Sie an, wer sie trotzdem ausstellt und warum",
    ),
    (
        "what a bill of {} would rest on is not kept any more in part, so that none can be made; keep it longer by the site's retention.hourlyDays and retention.dailyDays",
        "worauf eine Rechnung für {0} beruhen würde, wird zum Teil nicht mehr aufbewahrt, deshalb lässt sich keine erstellen; bewahren Sie es mit retention.hourlyDays und retention.dailyDays der Anlage länger auf",
    ),
    (
        "{} is billed by {}, which the trade would change: date it into a month that is not billed",
        "{0} ist mit {1} abgerechnet, die der Handel ändern würde: Datieren Sie ihn in einen Monat, der nicht abgerechnet ist",
    ),
    (
        "what the bill of {} rests on was changed a moment ago and is not computed yet: try again in a few seconds",
        "worauf die Rechnung für {0} beruht, wurde soeben geändert und ist noch nicht berechnet: Versuchen Sie es in einigen Sekunden noch einmal",
    ),
    (
        "a trade of {} was posted a moment ago: try again",
        "für {0} wurde soeben ein Handel eingetragen: Versuchen Sie es noch einmal",
    ),
    (
        "nobody has said yet what it measures: place it",
        "noch hat niemand gesagt, was er misst: ordnen Sie ihn zu",
    ),
    (
        "it is computed from meters that are billed themselves",
        "er wird aus Zählern berechnet, die selbst abgerechnet werden",
    ),
    ("it was retired before the month", "er wurde vor dem Monat stillgelegt"),
    ("it was installed after the month", "er wurde nach dem Monat eingebaut"),
    (
        "it feeds the meter above it, whose bill has what it delivers",
        "er speist in den Zähler über ihm ein, auf dessen Rechnung steht, was er liefert",
    ),
    (
        "the meters below it are billed in its place",
        "statt seiner werden die Zähler unter ihm abgerechnet",
    ),
    ("its month is billed already", "sein Monat ist schon abgerechnet"),
    (
        "readings back too little of its month: enter what is missing, or issue its bill by name",
        "Ablesungen decken zu wenig von seinem Monat: Tragen Sie ein, was fehlt, oder stellen Sie seine Rechnung namentlich aus",
    ),
    (
        "no tariff prices its whole month: state one",
        "kein Tarif gilt für seinen ganzen Monat: Geben Sie einen an",
    ),
    (
        "what its bill would rest on is not kept any more",
        "worauf seine Rechnung beruhen würde, wird nicht mehr aufbewahrt",
    ),
    (
        "a part of its energy could not be computed: the page of alarms says why and lets it be tried again",
        "ein Teil seiner Energie ließ sich nicht berechnen: Die Seite der Alarme nennt den Grund und lässt es noch einmal versuchen",
    ),
    (
        "its bill could not be computed: the page of alarms says why and lets it be tried again",
        "seine Rechnung ließ sich nicht berechnen: Die Seite der Alarme nennt den Grund und lässt es noch einmal versuchen",
    ),
    (
        "a part of the energy of {} could not be computed: the page of alarms says why and lets it be tried again",
        "ein Teil der Energie für {0} ließ sich nicht berechnen: Die Seite der Alarme nennt den Grund und lässt es noch einmal versuchen",
    ),
    (
        "a draft follows the data: there is nothing to take back",
        "ein Entwurf folgt den Daten: Es gibt nichts zurückzunehmen",
    ),
    ("it is a credit note itself", "sie ist selbst eine Gutschrift"),
    ("{} takes it back already", "{0} nimmt sie schon zurück"),
    (
        "nothing that it rests on has changed: correct a reading first",
        "nichts, worauf sie beruht, hat sich geändert: Korrigieren Sie zuerst eine Ablesung",
    ),
    (
        "{} of {} is being billed already: wait, or cancel that run",
        "{0} der Anlage {1} wird schon abgerechnet: Warten Sie oder brechen Sie jenen Lauf ab",
    ),
    ("the run has ended already: it is done", "der Lauf ist schon zu Ende: Er ist fertig"),
    (
        "the run has ended already: it is cancelled",
        "der Lauf ist schon zu Ende: Er wurde abgebrochen",
    ),
    ("the run has ended already: it is failed", "der Lauf ist schon zu Ende: Er ist gescheitert"),
    ("a meter cannot trade with itself", "ein Zähler kann nicht mit sich selbst handeln"),
    (
        "buyer and seller hang in different sites: neighbours trade within one",
        "Käufer und Verkäufer hängen in verschiedenen Anlagen: Nachbarn handeln innerhalb einer",
    ),
    (
        "it lies ahead of the site's clock, which says {}",
        "es liegt später, als die Uhr der Anlage zeigt: {0}",
    ),
    (
        "{} is no prosumer: it neither delivers energy nor is paid for any, so it has none to sell",
        "{0} ist kein Prosumer: Er liefert weder Energie noch erhält er Geld dafür, hat also keine zu verkaufen",
    ),
    (
        "{#} will not do: give a number above 0, at most {#}",
        "{0} geht nicht: Geben Sie eine Zahl über 0 an, höchstens {1}",
    ),
];
