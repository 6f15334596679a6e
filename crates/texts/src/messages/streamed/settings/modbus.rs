//! Settings of Modbus meters.

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] = &[
    ("modbus_setting.no_host", "host fehlt: Geben Sie Name oder Adresse des Gateways an"),
    ("modbus_setting.empty_host", "host ist leer: Geben Sie Name oder Adresse des Gateways an"),
    ("modbus_setting.of_rtu", "{name} bedeutet hier nichts: Es gehört zur Übertragung rtu"),
    (
        "modbus_setting.not_of_rtu",
        "{name} bedeutet hier nichts: Die Übertragung rtu hat stattdessen serialPort",
    ),
    ("modbus_setting.serial_port", "serialPort ist der Pfad der Schnittstelle, etwa /dev/ttyUSB0"),
    (
        "modbus_setting.no_registers",
        "registers ist leer: Nennen Sie mindestens einen Wert zum Lesen",
    ),
    (
        "modbus_setting.too_wide",
        "maxRegisters ist {limit}, aber {field} belegt {width} Register: Ein Wert wird nie in Stücken gelesen",
    ),
    (
        "modbus_setting.sunspec",
        "sunspec ist {value}: Schreiben Sie true oder, ab 1 gezählt, welcher der Zähler gemeint ist",
    ),
    (
        "modbus_setting.unknown_register",
        "unbekanntes Register „{name}“: Verwenden Sie power, energy, energyHigh, voltage, current, powerFactor, frequency oder das Feld einer Ablesung",
    ),
    ("modbus_setting.unknown_companion", "unbekanntes Register „{name}“"),
    ("modbus_setting.twice", "{field} ist zweimal genannt: Lassen Sie eines seiner Register weg"),
    ("modbus_setting.alone", "{name} braucht ein Register „{base}“ daneben"),
    (
        "modbus_setting.within",
        "„{base}“ ist ein Objekt: Geben Sie Art und Faktor darin an, nicht {name}",
    ),
    (
        "modbus_setting.beyond",
        "{name} beginnt bei {start} und belegt {width} Register: Das geht über 65.535, das letzte, hinaus",
    ),
    (
        "modbus_setting.raw",
        "„{text}“ ist kein Rohwert: Schreiben Sie 0x und höchstens {digits} Hexadezimalziffern oder NaN",
    ),
    ("modbus_setting.function", "function ist {value}: Verwenden Sie holding oder 3, input oder 4"),
    ("modbus_setting.phase", "„{name}“ ist keine Phase: Verwenden Sie L1, L2 und L3"),
    (
        "modbus_setting.turned",
        "{sum} enthält die gedrehte Phase mit falschem Vorzeichen und wird mit {phase} korrigiert: Fügen Sie dessen Register hinzu oder lassen Sie {sum} weg",
    ),
    ("modbus_setting.unit", "{name} ist {unit}: Geräteadressen sind {low} bis {high}"),
    ("modbus_setting.backwards", "toUnit {to} kommt vor fromUnit {from}"),
];
