//! The simulated world.

pub(super) const SENTENCES: &[super::Sentence] = &[
    (
        "world_meter.no_selector",
        "geben Sie an, welche Zähler: meter_id, parent_meter_id, appliance_type oder pincode oder mehrere davon",
    ),
    ("world_meter.no_switch", "geben Sie an, was zu schalten ist: er_id oder meter_id"),
    ("world_meter.none", "kein Zähler {meter} in der simulierten Welt"),
    ("world_meter.no_parent", "kein Zähler {number} davor"),
    (
        "world_meter.sums",
        "Zähler {number} zeigt die Summe der Zähler darunter: parent_meter_id ändert sie alle",
    ),
    (
        "world_meter.parent_linked",
        "Zähler {number} ist mit einem Kunden verbunden: Unter ihm kann nichts hängen",
    ),
    (
        "world_meter.has_children",
        "unter Zähler {number} hängen Zähler, deren Summe er zeigt: Verbinden Sie einen von diesen",
    ),
    ("world_meter.linked", "Zähler {number} ist schon verbunden"),
    ("world_meter.factor", "ein Faktor K liegt zwischen 0 und 1.000, nicht bei {#factor}"),
    ("energy_resource.none", "kein Kunde {id}"),
    ("energy_resource.not_named", "erwartet wird eine ID als Zahl oder eine UUID als Text"),
    (
        "energy_resource.not_linked",
        "Kunde {id} ist mit keinem Zähler verbunden: Verbinden Sie ihn zuerst",
    ),
    (
        "energy_resource.linked_elsewhere",
        "Kunde {id} ist mit Zähler {number} verbunden, nicht mit diesem",
    ),
    ("energy_resource.linked", "Kunde {id} ist schon mit Zähler {number} verbunden"),
    ("energy_resource.too_many", "ein Kunde hat höchstens {most} Verbraucher"),
    ("energy_resource.no_appliance", "kein Verbraucher „{name}“: Es gibt {known}"),
    ("energy_resource.no_kind", "wählen Sie Verbraucher oder Prosumer"),
    ("spike.duration", "eine Spitze dauert 1 Minute bis 366 Tage"),
    (
        "spike.no_prosumer",
        "keiner dieser Zähler gehört einem Prosumer: Nur diese können eine Quelle aufnehmen",
    ),
    ("spike.power", "geben Sie eine Leistung über 0 und höchstens 1.000.000 kW an"),
    ("spike.factor", "ein Faktor liegt zwischen 0 und 1.000"),
    ("spike.either_size", "geben Sie entweder magnitude_kW oder factor an"),
    ("spike.no_kind", "eine Spitze ist eine Last oder eine Quelle"),
    ("world.none", "es gibt keine simulierte Anlage: Ihre Uhr wurde entfernt"),
    (
        "world.backwards",
        "die Simulation hat Aufzeichnungen bis {recorded}: Ihre Zeit geht nur vorwärts",
    ),
    (
        "world.speed",
        "geben Sie ein Tempo über 0 und höchstens 100 an; paused: true hält die Uhr an",
    ),
    ("world.record_length", "eine Aufzeichnung hat 1 bis 60 Minuten"),
    (
        "world.jump",
        "dieser Sprung würde {readings} Ablesungen aufzeichnen: Springen Sie in Schritten von höchstens {most} oder machen Sie die Aufzeichnungen zuerst länger",
    ),
    (
        "world.no_time",
        "„{text}“ gibt es auf der simulierten Uhr nicht: Wählen Sie einen anderen Zeitpunkt",
    ),
    ("world.no_report", "wählen Sie, was der Zähler meldet"),
    ("meter_event.cover_opened", "die Abdeckung wurde geöffnet"),
    ("meter_event.magnetic_field", "ein Magnetfeld wurde erkannt"),
    ("meter_event.reversed_flow", "die Energie fließt verkehrt herum"),
    ("meter_event.clock_set", "seine Uhr wurde gestellt"),
    ("meter_event.memory_fault", "sein Speicher ist gestört"),
    ("meter_event.measurement_fault", "seine Messung ist gestört"),
    ("meter_event.battery_low", "seine Batterie ist schwach"),
];
