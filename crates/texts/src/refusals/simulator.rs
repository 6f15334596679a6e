//! The simulated world.

pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "say which meters: give meter_id, parent_meter_id, appliance_type or pincode, or several of them",
        "geben Sie an, welche Zähler: meter_id, parent_meter_id, appliance_type oder pincode oder mehrere davon",
    ),
    (
        "meter {} shows the sum of the meters below it: parent_meter_id changes all of those",
        "Zähler {0} zeigt die Summe der Zähler darunter: parent_meter_id ändert sie alle",
    ),
    (
        "say what to switch: give er_id or meter_id",
        "geben Sie an, was zu schalten ist: er_id oder meter_id",
    ),
    (
        "energy resource {} is not linked to a meter: link it first",
        "Kunde {0} ist mit keinem Zähler verbunden: Verbinden Sie ihn zuerst",
    ),
    (
        "energy resource {} is linked to meter {}, not to this one",
        "Kunde {0} ist mit Zähler {1} verbunden, nicht mit diesem",
    ),
    (
        "energy resource {} is linked to meter {} already",
        "Kunde {0} ist schon mit Zähler {1} verbunden",
    ),
    ("a spike lasts 1 minute to 366 days", "eine Spitze dauert 1 Minute bis 366 Tage"),
    ("a spike is a load or a source", "eine Spitze ist eine Last oder eine Quelle"),
    (
        "none of these meters belongs to a prosumer: only those can take a source",
        "keiner dieser Zähler gehört einem Prosumer: Nur diese können eine Quelle aufnehmen",
    ),
    (
        "give a power above 0 and at most 1,000,000 kW",
        "geben Sie eine Leistung über 0 und höchstens 1.000.000 kW an",
    ),
    ("a factor is 0 to 1,000", "ein Faktor liegt zwischen 0 und 1.000"),
    ("give either magnitude_kW or factor", "geben Sie entweder magnitude_kW oder factor an"),
    (
        "a load factor is 0 to 1,000, not {#}",
        "ein Faktor K liegt zwischen 0 und 1.000, nicht bei {0}",
    ),
    (
        "meter {} is linked to an energy resource: nothing can hang below it",
        "Zähler {0} ist mit einem Kunden verbunden: Unter ihm kann nichts hängen",
    ),
    (
        "meter {} has meters below it and shows their sum: link one of those",
        "unter Zähler {0} hängen Zähler, deren Summe er zeigt: Verbinden Sie einen von diesen",
    ),
    ("meter {} is linked already", "Zähler {0} ist schon verbunden"),
    ("choose what the meter reports", "wählen Sie, was der Zähler meldet"),
    ("choose consumer or prosumer", "wählen Sie Verbraucher oder Prosumer"),
    ("a resource has at most {} appliances", "ein Kunde hat höchstens {0} Verbraucher"),
    ("no appliance \"{}\": there are {}", "kein Verbraucher „{0}“: Es gibt {1}"),
    (
        "the world has records up to {}: its time only goes forward",
        "die Simulation hat Aufzeichnungen bis {0}: Ihre Zeit geht nur vorwärts",
    ),
    (
        "give a speed above 0 and at most 100; paused: true stops the clock",
        "geben Sie ein Tempo über 0 und höchstens 100 an; paused: true hält die Uhr an",
    ),
    ("a record has 1 to 60 minutes", "eine Aufzeichnung hat 1 bis 60 Minuten"),
    (
        "this jump would record {} readings: jump in steps of at most {}, or make records longer first",
        "dieser Sprung würde {0} Ablesungen aufzeichnen: Springen Sie in Schritten von höchstens {1} oder machen Sie die Aufzeichnungen zuerst länger",
    ),
];
