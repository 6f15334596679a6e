//! The table of registers of a Modbus meter.

use domain::devices::NumberType;

use crate::language::{Text, tell};

pub use crate::words::labels::{ADDRESS, CHANNEL, TYPE};

pub const TITLE: Text = Text("Registers", "Register");
pub const HELP: Text = Text(
    "addresses as on the wire; a manual may count from 1 or from 40001",
    "Adressen wie auf der Leitung; ein Handbuch zählt vielleicht ab 1 oder ab 40001",
);
pub const REMOVE_HELP: Text = Text(
    "A register is not read any more when you empty its channel and its address. Empty types are \
     unsigned with 16 bits, empty orders AB CD, empty scales 1.",
    "Ein Register wird nicht mehr gelesen, wenn Sie Kanal und Adresse leeren. Leere Arten sind \
     vorzeichenlos mit 16 Bit, leere Reihenfolgen AB CD, leere Faktoren 1.",
);
pub const FUNCTION: Text = Text("Table", "Tabelle");
pub const ORDER: Text = Text("Byte order", "Bytefolge");
pub const SCALE: Text = Text("Scale", "Faktor");
pub const HOLDING: Text = Text("Holding (3)", "Holding (3)");
pub const INPUT: Text = Text("Input (4)", "Input (4)");
pub const NONE: Text = Text("\u{2013}", "\u{2013}");

/// The label of a field for those who do not see its column and row.
pub fn in_row(field: &str, row: usize) -> String {
    tell!("{field}, row {row}", "{field}, Zeile {row}")
}

pub const fn number(number: NumberType) -> Text {
    match number {
        NumberType::U16 => Text("16 bits, unsigned", "16 Bit, ohne Vorzeichen"),
        NumberType::I16 => Text("16 bits, signed", "16 Bit, mit Vorzeichen"),
        NumberType::Bcd => Text("4 decimal digits (BCD)", "4 Dezimalziffern (BCD)"),
        NumberType::U32 => Text("32 bits, unsigned", "32 Bit, ohne Vorzeichen"),
        NumberType::I32 => Text("32 bits, signed", "32 Bit, mit Vorzeichen"),
        NumberType::F32 => Text("32 bits, float", "32 Bit, Gleitkomma"),
        NumberType::U64 => Text("64 bits, unsigned", "64 Bit, ohne Vorzeichen"),
        NumberType::I64 => Text("64 bits, signed", "64 Bit, mit Vorzeichen"),
        NumberType::F64 => Text("64 bits, float", "64 Bit, Gleitkomma"),
        NumberType::Mod10x2 => Text("2 × 4 digits (MOD10)", "2 × 4 Ziffern (MOD10)"),
        NumberType::Mod10x3 => Text("3 × 4 digits (MOD10)", "3 × 4 Ziffern (MOD10)"),
        NumberType::Mod10x4 => Text("4 × 4 digits (MOD10)", "4 × 4 Ziffern (MOD10)"),
    }
}
