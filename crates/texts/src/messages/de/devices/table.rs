//! The form and the table of devices.

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] = &[
    ("device_cell.empty", "{name} ist leer: Füllen Sie das Feld aus"),
    ("device_cell.no_flag", "„{text}“ ist weder true noch false"),
    ("device_cell.own_column", "{name} hat eine eigene Spalte: Lassen Sie es aus {rest} weg"),
    ("device_cell.no_role", "„{text}“ ist keines von grid, building, solar, zone, none"),
    ("device_cell.no_protocol", "„{text}“ ist keines von modbus, mqtt, http"),
    (
        "device_cell.not_chosen",
        "kein Protokoll ist gewählt: Beginnen Sie damit, wie der Zähler erreicht wird",
    ),
    ("device_cell.no_power", "„{text}“ ist keine Leistung in kW über 0: Schreiben Sie sie als 250"),
    ("device_cell.no_degrees", "„{text}“ ist keine Gradzahl wie 18.52"),
    (
        "device_cell.no_poll",
        "„{text}“ ist keine ganze Zahl von Millisekunden von {least} bis {most}",
    ),
    (
        "device_cell.no_address",
        "„{text}“ ist keine Adresse: Geben Sie 0 bis 65535 an, wie auf der Leitung",
    ),
    ("device_cell.no_number", "„{text}“ ist keine Zahl: Schreiben Sie sie als 0.01"),
    ("device_cell.no_object", "es ist kein JSON-Objekt: {why}"),
    ("device_table.no_device", "der Zähler {number} hat kein Gerät zum Ändern: Legen Sie eines an"),
    (
        "device_table.has_device",
        "der Zähler {number} hat schon ein Gerät: Wählen Sie eine andere Nummer",
    ),
    ("device_table.twice", "der Zähler {number} steht zweimal in der Tabelle"),
    (
        "device_table.circle",
        "die Zähler darüber bilden einen Kreis: Lassen Sie einen ohne Zähler darüber",
    ),
    (
        "device_table.no_parent",
        "es gibt keinen Zähler {number}: Geben Sie ihm eine Zeile oder legen Sie ihn zuerst an",
    ),
    (
        "device_table.gone",
        "die Tabelle wurde schon angewandt oder musste anderen weichen: Senden Sie sie noch einmal",
    ),
    (
        "device_table.not_utf8",
        "ein Zeichen ist nicht UTF-8: Speichern Sie die Tabelle als CSV UTF-8",
    ),
    ("device_table.breaks_off", "die Tabelle bricht ab: {why}"),
    ("device_table.too_long", "die Tabelle hat mehr als {most} Zeilen: Senden Sie sie in Teilen"),
    ("device_table.no_column", "es gibt keine Spalte „{name}“; bekannt sind {known}"),
    ("device_table.column_twice", "die Spalte {name} steht zweimal da"),
    (
        "device_table.no_number",
        "die erste Zeile nennt keine Spalte {name}: Sie sagt, welcher Zähler gemeint ist",
    ),
    (
        "device_table.cells",
        "die Zeile hat {cells} Zellen und die erste Zeile {columns}: Ein Text mit Komma braucht Anführungszeichen",
    ),
    ("device_table.line", "Zeile {line}: {why}"),
    ("device.none", "der Zähler {meter} hat kein Gerät: Nichts liest ihn"),
    (
        "device.busy",
        "andere Geräte werden gerade zur Probe gelesen; versuchen Sie es in einigen Sekunden noch einmal",
    ),
];
