//! Settings of data loggers.

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] = &[
    (
        "logger_name.serial",
        "eine Seriennummer hat 1 bis 32 Buchstaben und Ziffern, wie auf dem Schild des Datenloggers",
    ),
    (
        "logger_name.address",
        "„{text}“ ist keine Geräteadresse: Geben Sie eine Zahl von 1 bis 999 ohne führende Nullen an",
    ),
    ("logger_name.address_kind", "erwartet wird eine Geräteadresse als Zahl oder Text"),
    (
        "logger_name.field",
        "„{name}“ ist kein Wert einer Ablesung: Nennen Sie ihn als Kanal, etwa ActivePower, oder wie Ablesungen, etwa activePowerKw",
    ),
    (
        "logger_name.period",
        "LOGPERIOD ist „{text}“: Es muss eine Zahl von Minuten von 1 bis 60 sein",
    ),
    ("logger_name.column", "{number} ist keine Nummer eines Punkts: Punkte zählen von 0 bis 999"),
    ("logger_setting.password", "ein Passwort hat {least} bis {most} Zeichen"),
    (
        "logger_setting.serial_taken",
        "einen Datenlogger mit dieser Seriennummer gibt es schon: Ändern Sie jenen",
    ),
    (
        "logger_setting.number_taken",
        "ein Zähler mit der Nummer eines seiner Geräte gehört zu einem anderen Datenlogger: Benennen Sie jenen Zähler um",
    ),
    (
        "logger_setting.twice",
        "Gerät {device} steht schon für einen anderen der drei Zähler: Nennen Sie es einmal",
    ),
    ("logger_setting.not_there", "kein Datenlogger hat die Seriennummer {serial}"),
    (
        "logger_setting.which_way",
        "in welche Richtung zählt es? Nennen Sie es in den Spalten ReactiveEnergyImport oder ReactiveEnergyExport",
    ),
];
