//! Alarms as they are stored, and what is refused of their rules.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("Offline: {!}", "Nicht erreichbar: {0}"),
    ("Offline", "Nicht erreichbar"),
    ("Stale: {!}", "Veraltet: {0}"),
    ("Stale", "Veraltet"),
    ("Tampering reported: {!}", "Manipulation gemeldet: {0}"),
    ("Error reported: {!}", "Fehler gemeldet: {0}"),
    (
        "{!} fell from {#} to {#} {} between {} and {}. Nothing of it counts until somebody decides: \"It is right, count it\" counts {#} {}, \"It is wrong, leave it out\" counts nothing",
        "{0} fiel zwischen {4} und {5} von {1} auf {2} {3}. Davon zählt nichts, bis jemand entscheidet: „Das stimmt, zählen“ zählt {6} {7}, „Das ist falsch, weglassen“ zählt nichts",
    ),
    (
        "{!} rose from {#} to {#} {} between {} and {}. Nothing of it counts until somebody decides: \"It is right, count it\" counts {#} {}, \"It is wrong, leave it out\" counts nothing",
        "{0} stieg zwischen {4} und {5} von {1} auf {2} {3}. Davon zählt nichts, bis jemand entscheidet: „Das stimmt, zählen“ zählt {6} {7}, „Das ist falsch, weglassen“ zählt nichts",
    ),
    ("another step of the meter waits", "ein weiterer Sprung des Zählers wartet"),
    ("{#} other steps of the meter wait", "{0} weitere Sprünge des Zählers warten"),
    ("The import register", "Das Zählwerk für Bezug"),
    ("The export register", "Das Zählwerk für Lieferung"),
    ("The register of reactive import", "Das Zählwerk für Blindarbeit im Bezug"),
    ("The register of reactive export", "Das Zählwerk für Blindarbeit in Lieferung"),
    ("The counter of diesel", "Der Dieselzähler"),
    ("The counter of running hours", "Der Betriebsstundenzähler"),
    ("The register", "Das Zählwerk"),
    ("the cover was opened", "die Abdeckung wurde geöffnet"),
    ("a magnetic field was found", "ein Magnetfeld wurde erkannt"),
    ("energy flows the wrong way", "die Energie fließt verkehrt herum"),
    ("its clock was set", "seine Uhr wurde gestellt"),
    ("its memory failed", "sein Speicher ist gestört"),
    ("its measuring failed", "seine Messung ist gestört"),
    ("its battery is low", "seine Batterie ist schwach"),
    (
        "{} is {#} off the mean of the phases, limit {#}",
        "{0} weicht {1} vom Mittel der Phasen ab, Grenze {2}",
    ),
    ("{} exports {#}, limit {#}", "{0} liefert {1}, Grenze {2}"),
    (
        "The frequency is {#} off {#} Hz, limit {#}",
        "Die Frequenz weicht {0} von {1} Hz ab, Grenze {2}",
    ),
    ("{} is {#} off {#} V, limit {#}", "{0} weicht {1} von {2} V ab, Grenze {3}"),
    ("Power factor {#}, limit {#}", "Leistungsfaktor {0}, Grenze {1}"),
    ("{#} of {#} L of diesel is left, limit {#}", "{0} von {1} L Diesel sind übrig, Grenze {2}"),
    (
        "In {#} the register counted {#} kWh and power adds up to {#} kWh: {#} apart, limit {#}; check the scales and the CT ratio",
        "In {0} zählte das Zählwerk {1} kWh, und die Leistung ergibt {2} kWh: {3} Unterschied, Grenze {4}; prüfen Sie die Faktoren und das Wandlerverhältnis",
    ),
    ("alarm {} was acknowledged by {} already", "Alarm {0} wurde von {1} schon bestätigt"),
    (
        "a threshold needs the name of a channel, such as ActivePower",
        "ein Grenzwert braucht den Namen eines Kanals, etwa ActivePower",
    ),
    (
        "{} looks at channels of its own: leave it out",
        "{0} sieht auf eigene Kanäle: Lassen Sie ihn weg",
    ),
    ("{} needs a limit: give raise", "{0} braucht eine Grenze: Geben Sie raise an"),
    (
        "{} has no limit: leave raise and clear out",
        "{0} hat keine Grenze: Lassen Sie raise und clear weg",
    ),
    ("a limit is missing: give raise", "eine Grenze fehlt: Geben Sie raise an"),
    (
        "a delay is at most a day: give 0 to {}",
        "eine Verzögerung dauert höchstens einen Tag: Geben Sie 0 bis {0} an",
    ),
    (
        "a delay is from 0 seconds to a day: give 0 to 86400",
        "eine Verzögerung dauert 0 Sekunden bis einen Tag: Geben Sie 0 bis 86400 an",
    ),
    ("a delay is a whole number of seconds", "eine Verzögerung ist eine ganze Zahl von Sekunden"),
    (
        "a nominal value lies between 1 and 10,000,000",
        "ein Nennwert liegt zwischen 1 und 10.000.000",
    ),
    (
        "only voltage and frequency have a nominal value: leave it out",
        "nur Spannung und Frequenz haben einen Nennwert: Lassen Sie ihn weg",
    ),
    (
        "say how many litres were in the tank when it was filled last",
        "geben Sie an, wie viele Liter im Tank waren, als er zuletzt gefüllt wurde",
    ),
    (
        "say how many litres were in the tank then",
        "geben Sie an, wie viele Liter dann im Tank waren",
    ),
    (
        "other litres are another filling: say when these were in the tank",
        "andere Liter sind eine andere Füllung: Geben Sie an, wann diese im Tank waren",
    ),
    (
        "it lies in the future: give when it was filled",
        "es liegt in der Zukunft: Geben Sie an, wann er gefüllt wurde",
    ),
    (
        "only diesel_low has a tank: leave it out",
        "nur diesel_low hat einen Tank: Lassen Sie ihn weg",
    ),
    (
        "a tank belongs to a generator: name a meter of type DG",
        "ein Tank gehört zu einem Generator: Nennen Sie einen Zähler der Art DG",
    ),
    (
        "a tank belongs to one generator: name its meter",
        "ein Tank gehört zu einem Generator: Nennen Sie dessen Zähler",
    ),
    ("a power factor is from 0 to 1", "ein Leistungsfaktor liegt zwischen 0 und 1"),
    (
        "a share of the tank is from 0 to 100 per cent",
        "ein Anteil des Tanks liegt zwischen 0 und 100 Prozent",
    ),
    (
        "a difference of energy is from 0 to 200 per cent",
        "ein Unterschied der Energie liegt zwischen 0 und 200 Prozent",
    ),
    (
        "a limit is a number, and not negative here",
        "eine Grenze ist eine Zahl und hier nicht negativ",
    ),
    ("{} is raised above its limit alone", "{0} wird nur über der Grenze ausgelöst"),
    ("{} is raised below its limit alone", "{0} wird nur unter der Grenze ausgelöst"),
    (
        "what is raised above {#} is cleared at {#} or below: give at most {#}",
        "was über {0} ausgelöst wird, ist bei {1} oder darunter erledigt: Geben Sie höchstens {2} an",
    ),
    (
        "what is raised below {#} is cleared at {#} or above: give at least {#}",
        "was unter {0} ausgelöst wird, ist bei {1} oder darüber erledigt: Geben Sie mindestens {2} an",
    ),
    ("no channel \"{}\": give one of {}", "kein Kanal „{0}“: Geben Sie einen von diesen an: {1}"),
    (
        "a webhook is http:// or https:// with a host, without a password in it",
        "ein Webhook ist http:// oder https:// mit einem Host, ohne Passwort darin",
    ),
    (
        "the site tells this address already: change that recipient",
        "die Anlage benachrichtigt diese Adresse schon: Ändern Sie jenen Empfänger",
    ),
    ("{} is {#}, above {#}", "{0} ist {1}, über {2}"),
    ("{} is {#}, below {#}", "{0} ist {1}, unter {2}"),
];
