//! Meters: their place in the tree, their settings, their exchanges and corrections.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "meter {} cannot hang below {}: that would make a cycle; choose a parent that is not below it",
        "Zähler {0} kann nicht unter {1} hängen: Das ergäbe einen Kreis; wählen Sie darüber einen, der nicht unter ihm hängt",
    ),
    (
        "parent {} of meter {} belongs to another site; choose one of the same site",
        "Zähler {0} über Zähler {1} gehört zu einer anderen Anlage; wählen Sie einen derselben Anlage",
    ),
    (
        "parent {} belongs to another site; choose one of the same site",
        "Zähler {0} gehört zu einer anderen Anlage; wählen Sie einen derselben Anlage",
    ),
    (
        "level {} of meter {} is not below level {} of its parent {}; leave level out to get {}",
        "Ebene {0} von Zähler {1} liegt nicht unter Ebene {2} des Zählers {3} darüber; ohne Angabe wird es Ebene {4}",
    ),
    (
        "level {} is not below the parent's level {}; leave level out to get {}",
        "Ebene {0} liegt nicht unter Ebene {1} des Zählers darüber; ohne Angabe wird es Ebene {2}",
    ),
    (
        "parent {} of meter {} is retired; choose one that still measures",
        "Zähler {0} über Zähler {1} ist stillgelegt; wählen Sie einen, der noch misst",
    ),
    (
        "meter {} still has meters below it, such as {}; move or retire them first",
        "unter Zähler {0} hängen noch Zähler, etwa {1}; hängen Sie sie zuerst um oder legen Sie sie still",
    ),
    (
        "meter {} has meters below it; move or delete them first",
        "unter Zähler {0} hängen Zähler; hängen Sie sie zuerst um oder löschen Sie sie",
    ),
    (
        "parentMeterId and parentMeterNumber name two different meters: send one of them",
        "parentMeterId und parentMeterNumber nennen zwei verschiedene Zähler: Senden Sie nur eines von beiden",
    ),
    (
        "expected an id as a number, or a meter number or UUID as a text",
        "erwartet wird eine Id als Zahl oder eine Zählernummer oder UUID als Text",
    ),
    ("choose a meter as the parent", "wählen Sie einen Zähler als den darüber"),
    (
        "a new meter has no past to keep: effectiveFrom belongs to a change of parent",
        "ein neuer Zähler hat keine Vergangenheit: effectiveFrom gehört zu einem Wechsel des Zählers darüber",
    ),
    ("another meter of the site has this number", "ein anderer Zähler der Anlage hat diese Nummer"),
    (
        "another meter of the site has this prefix: choose another, or leave it out",
        "die Kanäle eines anderen Zählers der Anlage beginnen so: Wählen Sie einen anderen Anfang oder lassen Sie ihn weg",
    ),
    (
        "use small letters, digits, and . _ - between them, at most {} characters",
        "verwenden Sie kleine Buchstaben, Ziffern und . _ - dazwischen, höchstens {0} Zeichen",
    ),
    ("a level is 0 or more", "eine Ebene ist 0 oder mehr"),
    (
        "a class is a percentage above 0 and at most 100",
        "eine Klasse ist ein Prozentwert über 0 und höchstens 100",
    ),
    ("degrees north lie between -90 and 90", "Grad Nord liegen zwischen -90 und 90"),
    ("degrees east lie between -180 and 180", "Grad Ost liegen zwischen -180 und 180"),
    (
        "a place needs both: give longitude too, or none of them",
        "ein Ort braucht beides: Geben Sie auch die Länge an oder keines von beiden",
    ),
    (
        "a place needs both: give latitude too, or none of them",
        "ein Ort braucht beides: Geben Sie auch die Breite an oder keines von beiden",
    ),
    (
        "it takes part in trades or has bills, which are kept: retire it",
        "er ist an Handel beteiligt oder hat Rechnungen, die bleiben: Legen Sie ihn still",
    ),
    (
        "a virtual meter is computed from it; remove that one first",
        "ein virtueller Zähler wird aus ihm berechnet; entfernen Sie zuerst diesen",
    ),
    ("name 1 to {} meters", "nennen Sie 1 bis {0} Zähler"),
    (
        "nothing is to be changed: choose at least one value",
        "nichts soll sich ändern: Wählen Sie mindestens einen Wert",
    ),
    (
        "meter {} is named twice: name it once",
        "Zähler {0} ist zweimal genannt: Nennen Sie ihn einmal",
    ),
    (
        "meter {} is retired: its past stays as it is",
        "Zähler {0} ist stillgelegt: Seine Vergangenheit bleibt, wie sie ist",
    ),
    (
        "where the meters of a simulated world hang decides what its feeders record: it stays as it was made",
        "wo die Zähler einer simulierten Welt hängen, bestimmt, was ihre Abgänge aufzeichnen: Es bleibt, wie es angelegt wurde",
    ),
    ("nothing reads meter {}: it has no device", "nichts liest Zähler {0} ab: Er hat kein Gerät"),
    ("meter {} has no device: nothing reads it", "Zähler {0} hat kein Gerät: Nichts liest ihn ab"),
    ("no meter {} in site {}", "kein Zähler {0} in der Anlage {1}"),
    (
        "there is no meter {}: give it a line, or create it first",
        "es gibt keinen Zähler {0}: Geben Sie ihm eine Zeile oder legen Sie ihn zuerst an",
    ),
    ("there is no meter {}", "es gibt keinen Zähler {0}"),
    (
        "At most {} meters can be asked for at once.",
        "Höchstens {0} Zähler lassen sich auf einmal abfragen.",
    ),
    (
        "The tree shows energy, cost or co2, not {}.",
        "Der Baum zeigt energy, cost oder co2, nicht {0}.",
    ),
    (
        "an exchange of the meter at that time counts already: undo it first",
        "ein Tausch des Zählers zu dieser Zeit zählt schon: Machen Sie ihn zuerst rückgängig",
    ),
    (
        "no reading of meter {} at or before {} is known, so there is no register that could be exchanged: give a later time, or send the readings of the old register first",
        "keine Ablesung von Zähler {0} bis {1} ist bekannt, also gibt es kein Zählwerk, das getauscht werden könnte: Geben Sie eine spätere Zeit an oder senden Sie zuerst die Ablesungen des alten Zählwerks",
    ),
    (
        "the register of meter {} showed {#} {} at {}: one that wraps at {#} kWh never shows that; enter a larger registerModulusKwh, or correct that reading first",
        "das Zählwerk von Zähler {0} zeigte {1} {2} um {3}: Eines, das bei {4} kWh überläuft, zeigt das nie; geben Sie ein größeres registerModulusKwh ein oder korrigieren Sie zuerst diese Ablesung",
    ),
    ("meter {} has no exchange {} that counts", "Zähler {0} hat keinen Tausch {1}, der zählt"),
    (
        "no field \"{}\": give one of a reading, such as totalEnergyKwh",
        "kein Feld „{0}“: Geben Sie eines einer Ablesung an, etwa totalEnergyKwh",
    ),
    (
        "meter {} has no reading of {}: give the timestamp of a stored one, as /api/Energy/meters/{}/readings lists them",
        "Zähler {0} hat keine Ablesung von {1}: Geben Sie den Zeitpunkt einer gespeicherten an, wie /api/Energy/meters/{2}/readings sie auflistet",
    ),
    ("meter {} has no correction {} that counts", "Zähler {0} hat keine Korrektur {1}, die zählt"),
    ("nothing numbered {} is in quarantine", "nichts mit der Nummer {0} ist in Quarantäne"),
    (
        "Why a reset and not a rollover? A rollover at {#} kWh would mean {#} kWh in {}. {!}",
        "Warum zurückgesetzt und nicht übergelaufen? Ein Überlauf bei {0} kWh ergäbe {1} kWh in {2}. {3}",
    ),
    (
        "Why a reset and not a rollover? No largest figure is known of this register (registerModulusKwh), and no exchange was entered, so a fall can only be a reset: it is counted from zero.",
        "Warum zurückgesetzt und nicht übergelaufen? Von diesem Zählwerk ist kein größter Stand bekannt (registerModulusKwh), und kein Tausch wurde eingetragen; ein Fallen kann daher nur ein Zurücksetzen sein: Gezählt wird ab null.",
    ),
    (
        "Why a rollover and not a reset? Through {#} kWh it is a step of {#} kWh in {}. {!}",
        "Warum übergelaufen und nicht zurückgesetzt? Über {0} kWh hinweg ist es ein Sprung von {1} kWh in {2}. {3}",
    ),
    (
        "Plausible is at most 1.25 × {#} kW × {#} h = {#} kWh.",
        "Plausibel ist höchstens 1,25 × {0} kW × {1} h = {2} kWh.",
    ),
    (
        "The meter has no rated power, so that any step would be plausible.",
        "Der Zähler hat keine Nennleistung; jeder Sprung wäre daher plausibel.",
    ),
];
