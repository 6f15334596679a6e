//! Why settings of loggers are refused.

use crate::message::messages;

messages! {
    /// What cannot name a logger, a device of one, or a column.
    pub enum NameError in "logger_name" {
        Serial => "a serial number has 1 to 32 letters and digits, as on the logger's label",
        Address { text: String } =>
            "{text:?} is no device address: give a number from 1 to 999 without leading zeros",
        AddressKind => "expected a device address as a number or a text",
        Field { name: String } =>
            "{name:?} is no value of a reading: name it as a channel, such as ActivePower, or as \
             readings do, such as activePowerKw",
        Period { text: String } =>
            "LOGPERIOD is {text:?}: it must be a number of minutes from 1 to 60",
        Point { text: String } =>
            "{text:?} names no point: give its number, 0 to 999, without leading zeros",
        Column { number: u16 } => "{number} is no point number: points count from 0 to 999",
    }

    /// Why the settings of a logger are refused.
    pub enum LoggerRefusal in "logger_setting" {
        Password { least: usize, most: usize } => "a password has {least} to {most} characters",
        SerialTaken => "a logger with this serial number is there already: change that one",
        NumberTaken =>
            "a meter with the number of one of its devices is fed by another logger: rename that \
             meter",
        Twice { device: u16 } =>
            "device {device} stands for another of the three meters: name it once",
        PointTwice { device: u16, point: u16 } =>
            "point {point} of device {device} is a meter of its own and stands in columns too: name \
             it in one of them",
        NotThere { serial: String } => "no logger has the serial number {serial}",
        WhichWay =>
            "which way does it count? Name it in columns as ReactiveEnergyImport or as \
             ReactiveEnergyExport",
    }
}
