//! Why settings of Modbus meters are refused.

use crate::message::messages;

messages! {
    /// Why a setting of a Modbus meter is refused.
    pub enum ModbusRefusal in "modbus_setting" {
        NoSum => "give sum alone, as a list of registers that are added up",
        NoHost => "host is missing: give the gateway's name or address",
        EmptyHost => "host is empty: give the gateway's name or address",
        OfRtu { name: &'static str } => "{name} means nothing here: it belongs to transport rtu",
        NotOfRtu { name: &'static str } =>
            "{name} means nothing here: transport rtu has serialPort in its place",
        NoTransactions =>
            "strictTransactions means nothing here: frames of a serial line carry no transaction \
             number, so leave it out",
        SerialPort => "serialPort is the path of the port, such as /dev/ttyUSB0",
        NoRegisters => "registers is empty: name at least one value to read",
        TooWide { limit: u16, field: &'static str, width: u16 } =>
            "maxRegisters is {limit}, but {field} takes {width} registers: a value is never read \
             in pieces",
        Sunspec { value: String } =>
            "sunspec is {value}: write true, or which of the unit's meters is meant, from 1",
        UnknownRegister { name: String } =>
            "unknown register `{name}`: use power, energy, energyHigh, voltage, current, \
             powerFactor, frequency or a reading's field",
        UnknownCompanion { name: String } => "unknown register `{name}`",
        Twice { field: &'static str } => "{field} is named twice: leave one of its registers out",
        Alone { name: String, base: String } => "{name} needs a register `{base}` beside it",
        Within { base: String, name: String } =>
            "`{base}` is an object: give its type and scale inside it, not {name}",
        Beyond { name: String, start: u16, width: u16 } =>
            "{name} starts at {start} and takes {width} registers: that passes 65,535, the last \
             one",
        Raw { text: String, digits: usize } =>
            "`{text}` is not a raw value: write 0x and at most {digits} hex digits, or NaN",
        Function { value: String } => "function is {value}: use holding or 3, or input or 4",
        Phase { name: String } => "`{name}` is not a phase: use L1, L2 and L3",
        Turned { sum: &'static str, phase: &'static str } =>
            "{sum} holds the turned phase with the wrong sign and is corrected by {phase}: add \
             its register, or leave {sum} out",
        Unit { name: &'static str, unit: u8, low: u8, high: u8 } =>
            "{name} is {unit}: units are {low} to {high}",
        Backwards { to: u8, from: u8 } => "toUnit {to} comes before fromUnit {from}",
    }
}
