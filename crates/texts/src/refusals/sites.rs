//! Sites.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "there is no site {}: it may have been renamed or removed",
        "es gibt keine Anlage {0}: Vielleicht wurde sie umbenannt oder entfernt",
    ),
    ("another site has this slug", "ein anderer Standort hat diesen Kurznamen"),
    (
        "use small letters, digits and single hyphens between them",
        "verwenden Sie kleine Buchstaben, Ziffern und einzelne Bindestriche dazwischen",
    ),
    ("give its ISO 4217 code, such as EUR", "geben Sie ihren Code nach ISO 4217 an, etwa EUR"),
    ("a price is not negative", "ein Preis ist nicht negativ"),
    ("a capacity is not negative", "eine Anschlussleistung ist nicht negativ"),
    (
        "no time zone \"{}\": give an IANA name, such as Asia/Kolkata",
        "keine Zeitzone „{0}“: Geben Sie einen Namen der IANA an, etwa Asia/Kolkata",
    ),
    ("only a simulated site has transformers", "nur eine simulierte Anlage hat Transformatoren"),
    (
        "the records of a simulated world were made by its clock: its zone stays",
        "die Aufzeichnungen einer simulierten Welt entstanden nach ihrer Uhr: Ihre Zone bleibt",
    ),
    (
        "the tariff \"{}\" is stated in {}: remove the site's tariffs first",
        "der Tarif „{0}“ ist in {1} angegeben: Entfernen Sie zuerst die Tarife der Anlage",
    ),
    (
        "energy is being summed up by the old clock: try again in a minute",
        "Energie wird gerade nach der alten Uhr summiert: Versuchen Sie es in einer Minute noch einmal",
    ),
];
