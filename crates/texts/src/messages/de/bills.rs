//! Bills, runs over a month, and trades.

pub(super) const SENTENCES: &[super::Sentence] = &[
    ("bill.unknown", "keine Rechnung {reference}"),
    (
        "bill.ambiguous",
        "mehrere Anlagen haben eine Rechnung {number}: Geben Sie mit site an, welche gemeint ist",
    ),
    ("bill.no_line", "die Rechnung hat {count} Posten"),
    ("bill.unknown_meter", "es gibt keinen Zähler {meter}"),
    (
        "bill.not_begun",
        "{month} hat an der Anlage {site} noch nicht begonnen, dort ist es der {today}: Wählen Sie einen früheren Monat",
    ),
    (
        "bill.billed",
        "der Monat ist mit {number} abgerechnet, die sich nie ändert: Schreiben Sie sie gut, dann folgt eine neue Rechnung",
    ),
    (
        "bill.month_runs",
        "{month} läuft an der Anlage {site} noch: Die Rechnung bleibt ein Entwurf, bis er vorbei ist",
    ),
    (
        "bill.no_price",
        "kein Tarif gilt für den ganzen Monat: Geben Sie einen an oder den Preis der Anlage je kWh",
    ),
    (
        "bill.low_coverage",
        "Ablesungen decken nur {#percent} % des Monats, und {#needed} % sind nötig: Tragen Sie ein, was fehlt, oder geben Sie an, wer sie trotzdem ausstellt und warum",
    ),
    (
        "bill.not_kept",
        "worauf eine Rechnung für {month} beruhen würde, wird zum Teil nicht mehr aufbewahrt, deshalb lässt sich keine erstellen; bewahren Sie es mit retention.hourlyDays und retention.dailyDays der Anlage länger auf",
    ),
    (
        "bill.not_computed",
        "worauf die Rechnung für {month} beruht, wurde soeben geändert und ist noch nicht berechnet: Versuchen Sie es in einigen Sekunden noch einmal",
    ),
    (
        "bill.set_aside",
        "ein Teil der Energie für {month} ließ sich nicht berechnen: Die Seite der Alarme nennt den Grund und lässt es noch einmal versuchen",
    ),
    (
        "bill.new_trade",
        "für {month} wurde soeben ein Handel eingetragen: Versuchen Sie es noch einmal",
    ),
    ("credit.draft", "ein Entwurf folgt den Daten: Es gibt nichts zurückzunehmen"),
    ("credit.credit_note", "sie ist selbst eine Gutschrift"),
    ("credit.credited", "{by} nimmt sie schon zurück"),
    (
        "credit.unchanged",
        "nichts, worauf sie beruht, hat sich geändert: Korrigieren Sie zuerst eine Ablesung",
    ),
    ("bill_run.unknown", "kein Lauf {id}"),
    ("bill_run.month_runs", "{month} läuft an der Anlage {site} noch: Berechnen Sie nur Entwürfe"),
    (
        "bill_run.under_way",
        "{month} der Anlage {site} wird schon abgerechnet: Warten Sie oder brechen Sie jenen Lauf ab",
    ),
    ("bill_run.done", "der Lauf ist schon zu Ende: Er ist fertig"),
    ("bill_run.cancelled", "der Lauf ist schon zu Ende: Er wurde abgebrochen"),
    ("bill_run.failed", "der Lauf ist schon zu Ende: Er ist gescheitert"),
    ("trade.same_meter", "ein Zähler kann nicht mit sich selbst handeln"),
    (
        "trade.other_site",
        "Käufer und Verkäufer hängen in verschiedenen Anlagen: Nachbarn handeln innerhalb einer",
    ),
    ("trade.ahead", "es liegt später, als die Uhr der Anlage zeigt: {now}"),
    (
        "trade.no_prosumer",
        "{number} ist kein Prosumer: Er liefert weder Energie noch erhält er Geld dafür, hat also keine zu verkaufen",
    ),
    ("trade.amount", "{#given} geht nicht: Geben Sie eine Zahl über 0 an, höchstens {#most}"),
    (
        "trade.billed",
        "{month} ist mit {number} abgerechnet, die der Handel ändern würde: Datieren Sie ihn in einen Monat, der nicht abgerechnet ist",
    ),
    ("left_out.retired", "er wurde vor dem Monat stillgelegt"),
    ("left_out.not_installed", "er wurde nach dem Monat eingebaut"),
    (
        "left_out.feeds_parent",
        "er speist in den Zähler über ihm ein, auf dessen Rechnung steht, was er liefert",
    ),
    ("left_out.meters_below", "statt seiner werden die Zähler unter ihm abgerechnet"),
    ("left_out.not_placed", "noch hat niemand gesagt, was er misst: Ordnen Sie ihn zu"),
    ("left_out.virtual", "er wird aus Zählern berechnet, die selbst abgerechnet werden"),
    ("left_out.billed", "sein Monat ist schon abgerechnet"),
    (
        "left_out.low_coverage",
        "Ablesungen decken zu wenig von seinem Monat: Tragen Sie ein, was fehlt, oder stellen Sie seine Rechnung namentlich aus",
    ),
    ("left_out.no_tariff", "kein Tarif gilt für seinen ganzen Monat: Geben Sie einen an"),
    ("left_out.period_frozen", "worauf seine Rechnung beruhen würde, wird nicht mehr aufbewahrt"),
    (
        "left_out.set_aside",
        "ein Teil seiner Energie ließ sich nicht berechnen: Die Seite der Alarme nennt den Grund und lässt es noch einmal versuchen",
    ),
    (
        "left_out.failed",
        "seine Rechnung ließ sich nicht berechnen: Die Seite der Alarme nennt den Grund und lässt es noch einmal versuchen",
    ),
];
