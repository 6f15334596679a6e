//! Factors, and what would change the carbon of a site.

pub(super) const SENTENCES: &[super::Sentence] = &[
    ("factor.unknown", "kein Faktor {id}"),
    ("factor.negative", "ein Faktor ist nicht negativ: Geben Sie 0 oder mehr an"),
    ("factor.unit", "Faktoren der Art {kind} werden in {unit} angegeben"),
    ("factor.no_source", "geben Sie an, woher der Wert stammt"),
    ("factor_source.guide", "Vorgabe der Anleitung zur hierarchischen Messung"),
    ("carbon_lever.end_loss", "Den Verlust bei {node} beenden"),
    ("carbon_lever.grid_for_diesel", "Netz statt Generator"),
    ("carbon_lever.more_solar", "10 % mehr Solar"),
    ("carbon_lever.specific_fuel", "Spezifischer Verbrauch {#more} statt {#now} L/kWh"),
    ("carbon_lever_formula.lost", "{#kwh} kWh Verlust × {#factor}"),
    (
        "carbon_lever_formula.replaced",
        "{#kwh} kWh × ({#diesel} − {#grid}) kg; bei Stromausfall nicht möglich",
    ),
    ("carbon_lever_formula.more", "{#kwh} kWh mehr × {#factor}"),
    (
        "carbon_lever_formula.part_load",
        "falls der Generator in Teillast läuft; ein Literzähler zeigte es",
    ),
];
