//! What would change the carbon of a site, and its factors.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("Ending the loss at {}", "Den Verlust bei {0} beenden"),
    ("{#} kWh lost × {#}", "{0} kWh Verlust × {1}"),
    ("Grid instead of DG", "Netz statt Generator"),
    (
        "{#} kWh × ({#} − {#}) kg; not possible during an outage",
        "{0} kWh × ({1} − {2}) kg; bei Stromausfall nicht möglich",
    ),
    ("10 % more solar", "10 % mehr Solar"),
    ("{#} kWh more × {#}", "{0} kWh mehr × {1}"),
    ("Specific fuel {#} instead of {#} L/kWh", "Spezifischer Verbrauch {0} statt {1} L/kWh"),
    (
        "if the DG runs at part load; a litre counter would tell",
        "falls der Generator in Teillast läuft; ein Literzähler zeigte es",
    ),
    ("Grid electricity", "Netzstrom"),
    ("Diesel, combustion", "Diesel, Verbrennung"),
    ("Diesel, specific fuel", "Diesel, spezifischer Verbrauch"),
    ("Solar offset", "Durch Solarenergie vermieden"),
    (
        "default of the hierarchical metering guide",
        "Vorgabe der Anleitung zur hierarchischen Messung",
    ),
];
