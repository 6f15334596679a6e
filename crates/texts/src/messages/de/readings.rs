//! Readings, their registers and their channels, and energy that is made of them.

pub(super) const SENTENCES: &[super::Sentence] = &[
    ("posted_reading.retired", "Zähler {meter} ist stillgelegt und nimmt keine Ablesungen an"),
    ("posted_reading.nth", "Ablesung {index}: {why}"),
    ("posted_reading.how_many", "{count} Ablesungen: Senden Sie 1 bis {most} auf einmal"),
    (
        "posted_reading.future",
        "{at} liegt mehr als 5 Minuten in der Zukunft: Prüfen Sie die Uhr der Quelle",
    ),
    (
        "posted_reading.empty",
        "die Ablesung enthält keinen Wert: Geben Sie mindestens einen an, etwa {field}",
    ),
    ("asked_readings.no_resolution", "„{resolution}“ ist keine Auflösung: Fragen Sie nach {known}"),
    (
        "asked_readings.too_long",
        "das Zeitfenster ist länger als zehn Jahre: Fragen Sie nach weniger oder mit resolution=1d",
    ),
    (
        "asked_readings.no_prefix",
        "kein Zähler der Anlage {site} hat den Kanalanfang {prefix}: Sein channelPrefix nennt den richtigen",
    ),
    (
        "reading_correction.no_field",
        "kein Feld „{field}“: Geben Sie eines einer Ablesung an, etwa totalEnergyKwh",
    ),
    (
        "reading_correction.no_reading",
        "Zähler {meter} hat keine Ablesung von {at}: Geben Sie den Zeitpunkt einer gespeicherten an, wie /api/Energy/meters/{id}/readings sie auflistet",
    ),
    ("reading_correction.unknown", "Zähler {meter} hat keine Korrektur {n}, die zählt"),
    ("reading_correction.not_in_quarantine", "nichts mit der Nummer {n} ist in Quarantäne"),
    ("channel.no_reason", "sein Gerät nennt keinen Grund"),
    ("channel.marked_wrong", "seine Quelle hat den Wert als falsch gekennzeichnet"),
    ("channel.marked_old", "seine Quelle hat den Wert als alt gekennzeichnet"),
    ("channel.time_uncertain", "die Zeit des Werts ist nicht sicher"),
    ("channel.nothing_new", "kein neuer Wert seit mehr als {time}"),
    ("register_fall.why_reset", "Warum zurückgesetzt und nicht übergelaufen?"),
    ("register_fall.why_rollover", "Warum übergelaufen und nicht zurückgesetzt?"),
    (
        "register_fall.as_rollover",
        "Ein Überlauf bei {#modulus} kWh ergäbe {#step} kWh in {seconds} s. {plausible}",
    ),
    (
        "register_fall.no_largest",
        "Von diesem Zählwerk ist kein größter Stand bekannt (registerModulusKwh), und kein Tausch wurde eingetragen; ein Fallen kann daher nur ein Zurücksetzen sein: Gezählt wird ab null.",
    ),
    (
        "register_fall.through",
        "Über {#modulus} kWh hinweg ist es ein Sprung von {#step} kWh in {seconds} s. {plausible}",
    ),
    (
        "register_step.at_most",
        "Plausibel ist höchstens 1,25 × {#rated} kW × {#hours} h = {#most} kWh.",
    ),
    ("register_step.any", "Der Zähler hat keine Nennleistung; jeder Sprung wäre daher plausibel."),
    (
        "register_stays.days",
        "Tage von {first} bis {last} bleiben, wie sie gezählt wurden, da ihre Ablesungen nicht mehr aufbewahrt sind",
    ),
    (
        "register_stays.bills",
        "{count} Rechnungen bleiben, wie sie gestellt wurden, {first} bis {last}: Schreiben Sie gut, was nun auf anderen Werten beruht",
    ),
    ("energy.too_many_meters", "Höchstens {most} Zähler lassen sich auf einmal abfragen."),
    ("energy.no_show", "Der Baum zeigt energy, cost oder co2, nicht {show}."),
    ("energy.empty_span", "die Spanne ist leer: to muss nach from liegen"),
    (
        "energy.aside",
        "{count} Viertelstunden von Zähler {meter} ließen sich nicht berechnen und stehen beiseite: Das Protokoll nennt den Grund",
    ),
    (
        "energy.dropped",
        "die Ablesungen von Zähler {meter} vor {until} sind nicht mehr aufbewahrt, ihre Energie lässt sich nicht noch einmal berechnen; beginnen Sie zu dieser Zeit oder später",
    ),
    (
        "energy.frozen",
        "die Ablesungen um {at} sind nicht mehr aufbewahrt, die Energie bleibt daher, wie sie ist; bewahren Sie Ablesungen länger auf, mit retention.rawDays der Anlage",
    ),
];
