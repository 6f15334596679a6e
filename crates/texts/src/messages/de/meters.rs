//! Meters: their settings, their place in the tree, what they are computed from, their exchanges.

pub(super) const SENTENCES: &[super::Sentence] = &[
    ("meter.unknown", "kein Zähler {meter}"),
    ("meter.not_named", "erwartet wird eine ID als Zahl oder eine Zählernummer oder UUID als Text"),
    ("meter.not_of_site", "kein Zähler {meter} in der Anlage {site}"),
    ("meter.of", "Zähler {meter}: {why}"),
    ("meter.number_taken", "ein anderer Zähler der Anlage hat diese Nummer"),
    (
        "meter.prefix_taken",
        "die Kanäle eines anderen Zählers der Anlage beginnen so: Wählen Sie einen anderen Anfang oder lassen Sie ihn weg",
    ),
    (
        "meter.prefix",
        "verwenden Sie kleine Buchstaben, Ziffern und . _ - dazwischen, höchstens {most} Zeichen",
    ),
    ("meter.level", "eine Ebene ist 0 oder mehr"),
    ("meter.class", "eine Klasse ist ein Prozentwert über 0 und höchstens 100"),
    ("meter.north", "Grad Nord liegen zwischen -90 und 90"),
    ("meter.east", "Grad Ost liegen zwischen -180 und 180"),
    (
        "meter.no_longitude",
        "ein Ort braucht beides: Geben Sie auch die Länge an oder keines von beiden",
    ),
    (
        "meter.no_latitude",
        "ein Ort braucht beides: Geben Sie auch die Breite an oder keines von beiden",
    ),
    (
        "meter.billed",
        "er ist an Handel beteiligt oder hat Rechnungen, die bleiben: Legen Sie ihn still",
    ),
    (
        "meter.computed_from",
        "ein virtueller Zähler wird aus ihm berechnet; entfernen Sie zuerst diesen",
    ),
    ("meter.how_many", "nennen Sie 1 bis {most} Zähler"),
    ("meter.nothing_changed", "nichts soll sich ändern: Wählen Sie mindestens einen Wert"),
    ("meter.named_twice", "Zähler {meter} ist zweimal genannt: Nennen Sie ihn einmal"),
    ("meter.retired", "Zähler {meter} ist stillgelegt: Seine Vergangenheit bleibt, wie sie ist"),
    ("meter.no_device", "nichts liest Zähler {meter} ab: Er hat kein Gerät"),
    (
        "meter.below_register",
        "das Zählwerk von Zähler {meter} zeigte {#value} {unit} um {at}: Eines, das bei {#modulus} kWh überläuft, zeigt das nie; geben Sie ein größeres registerModulusKwh ein oder korrigieren Sie zuerst diese Ablesung",
    ),
    (
        "meter_place.cycle",
        "Zähler {meter} kann nicht unter {parent} hängen: Das ergäbe einen Kreis; wählen Sie darüber einen, der nicht unter ihm hängt",
    ),
    (
        "meter_place.other_site",
        "Zähler {parent} gehört zu einer anderen Anlage; wählen Sie einen derselben Anlage",
    ),
    (
        "meter_place.of_other_site",
        "Zähler {parent} über Zähler {meter} gehört zu einer anderen Anlage; wählen Sie einen derselben Anlage",
    ),
    (
        "meter_place.level",
        "Ebene {level} liegt nicht unter Ebene {above} des Zählers darüber; ohne Angabe wird es Ebene {below}",
    ),
    (
        "meter_place.level_of",
        "Ebene {level} von Zähler {meter} liegt nicht unter Ebene {above} des Zählers {parent} darüber; ohne Angabe wird es Ebene {below}",
    ),
    (
        "meter_place.parent_retired",
        "Zähler {parent} über Zähler {meter} ist stillgelegt; wählen Sie einen, der noch misst",
    ),
    (
        "meter_place.still_above",
        "unter Zähler {meter} hängen noch Zähler, etwa {below}; hängen Sie sie zuerst um oder legen Sie sie still",
    ),
    (
        "meter_place.has_below",
        "unter Zähler {meter} hängen Zähler; hängen Sie sie zuerst um oder löschen Sie sie",
    ),
    (
        "meter_place.two_parents",
        "parentMeterId und parentMeterNumber nennen zwei verschiedene Zähler: Senden Sie nur eines von beiden",
    ),
    ("meter_place.no_parent_chosen", "wählen Sie einen Zähler als den darüber"),
    (
        "meter_place.no_past",
        "ein neuer Zähler hat keine Vergangenheit: effectiveFrom gehört zu einem Wechsel des Zählers darüber",
    ),
    (
        "meter_place.simulated",
        "wo die Zähler einer simulierten Welt hängen, bestimmt, was ihre Abgänge aufzeichnen: Es bleibt, wie es angelegt wurde",
    ),
    ("virtual_meter.unknown", "Zähler {meter} ist kein virtueller"),
    (
        "virtual_meter.cycle",
        "Zähler {meter} würde aus sich selbst berechnet: Lassen Sie den Summanden weg, der den Kreis schließt",
    ),
    ("virtual_meter.itself", "ein Zähler kann nicht aus sich selbst berechnet werden"),
    ("virtual_meter.retired", "Zähler {meter} ist stillgelegt: Nennen Sie einen, der noch misst"),
    (
        "virtual_meter.two_terms",
        "Zähler {meter} steht in zwei Summanden: Zählen Sie deren Faktoren zusammen",
    ),
    ("virtual_meter.no_factor", "ein Faktor ist nicht 0"),
    ("virtual_meter.no_term", "eine Summe hat mindestens einen Summanden"),
    (
        "meter_exchange.same_time",
        "ein Tausch des Zählers zu dieser Zeit zählt schon: Machen Sie ihn zuerst rückgängig",
    ),
    (
        "meter_exchange.never_read",
        "keine Ablesung von Zähler {meter} bis {at} ist bekannt, also gibt es kein Zählwerk, das getauscht werden könnte: Geben Sie eine spätere Zeit an oder senden Sie zuerst die Ablesungen des alten Zählwerks",
    ),
    ("meter_exchange.unknown", "Zähler {meter} hat keinen Tausch {n}, der zählt"),
];
