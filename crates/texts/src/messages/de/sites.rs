//! Sites.

pub(super) const SENTENCES: &[super::Sentence] = &[
    ("site.unknown", "es gibt keine Anlage {slug}: Vielleicht wurde sie umbenannt oder entfernt"),
    ("site.slug_taken", "eine andere Anlage hat diesen Kurznamen"),
    ("site.slug", "verwenden Sie kleine Buchstaben, Ziffern und einzelne Bindestriche dazwischen"),
    ("site.currency", "geben Sie ihren Code nach ISO 4217 an, etwa EUR"),
    ("site.price", "ein Preis ist nicht negativ"),
    ("site.capacity", "eine Anschlussleistung ist nicht negativ"),
    (
        "site.no_zone",
        "keine Zeitzone „{zone}“: Geben Sie einen Namen der IANA an, etwa Asia/Kolkata",
    ),
    ("site.no_transformers", "nur eine simulierte Anlage hat Transformatoren"),
    (
        "site.zone_stays",
        "die Aufzeichnungen einer simulierten Welt entstanden nach ihrer Uhr: Ihre Zone bleibt",
    ),
    (
        "site.currency_in_use",
        "der Tarif „{tariff}“ ist in {currency} angegeben: Entfernen Sie zuerst die Tarife der Anlage",
    ),
    (
        "site.summing_up",
        "Energie wird gerade nach der alten Uhr summiert: Versuchen Sie es in einer Minute noch einmal",
    ),
];
