//! Documents of the configuration.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "meter {} would be computed from itself: leave out the term that closes the circle",
        "Zähler {0} würde aus sich selbst berechnet: Lassen Sie das Glied weg, das den Kreis schließt",
    ),
    (
        "a meter cannot be computed from itself",
        "ein Zähler lässt sich nicht aus sich selbst berechnen",
    ),
    (
        "meter {} is retired: name one that still measures",
        "Zähler {0} ist stillgelegt: Nennen Sie einen, der noch misst",
    ),
    (
        "meter {} stands in two terms: add their factors",
        "Zähler {0} steht in zwei Gliedern: Addieren Sie ihre Faktoren",
    ),
    ("a factor is not 0", "ein Faktor ist nicht 0"),
    ("a sum has at least one term", "eine Summe hat mindestens ein Glied"),
    ("a load is not negative", "eine Last ist nicht negativ"),
    (
        "a load of the node begins at that time already: PUT replaces it",
        "eine Last des Knotens beginnt schon zu dieser Zeit: PUT ersetzt sie",
    ),
];
