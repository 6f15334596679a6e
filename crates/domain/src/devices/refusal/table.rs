//! Why a form or a table of devices is refused.

use crate::message::{Message, messages};

messages! {
    /// Why a text of a form or a table of devices is refused.
    pub enum CellRefusal in "device_cell" {
        Empty { name: &'static str } => "{name} is empty: fill it in",
        NoFlag { text: String } => "{text:?} is no true or false",
        OwnColumn { name: &'static str, rest: &'static str } =>
            "{name} has a column of its own: leave it out of {rest}",
        NoRole { text: String } => "{text:?} is none of grid, building, solar, zone, none",
        NoProtocol { text: String } => "{text:?} is none of modbus, mqtt, http",
        NotChosen => "no protocol is chosen: begin with how the meter is reached",
        NoPower { text: String } => "{text:?} is no power in kW above 0: write it as 250",
        NoDegrees { text: String } => "{text:?} is no number of degrees: 18.52",
        NoPoll { text: String, least: u64, most: u64 } =>
            "{text:?} is no whole number of milliseconds from {least} to {most}",
        NoAddress { text: String } => "{text:?} is no address: give 0 to 65535, as on the wire",
        NoNumber { text: String } => "{text:?} is no number: write it as 0.01",
        Twice { name: String } => "{name:?} stands in another row already: empty one of the two",
        NoObject { why: String } => "it is no JSON object: {why}",
    }

    /// Why a line of a table of devices, or the whole table, is refused.
    pub enum TableRefusal in "device_table" {
        NoDevice { number: String } => "the meter {number} has no device to change: add one",
        HasDevice { number: String } =>
            "the meter {number} has a device already: choose another number",
        Twice { number: String } => "the meter {number} stands in the table twice",
        Circle => "the meters above it go in a circle: leave one without a parent",
        NoParent { number: String } =>
            "there is no meter {number}: give it a line, or create it first",
        Gone => "the table was applied already, or had to make room: send it again",
        NotUtf8 => "there is a character that is not UTF-8: save the table as CSV UTF-8",
        BreaksOff { why: String } => "the table breaks off: {why}",
        TooLong { most: usize } => "the table has more than {most} lines: send it in parts",
        NoColumn { name: String, known: String } =>
            "there is no column {name:?}; known are {known}",
        ColumnTwice { name: &'static str } => "the column {name} stands there twice",
        NoNumber { name: &'static str } =>
            "the first line names no column {name}: it says which meter is meant",
        Cells { cells: usize, columns: usize } =>
            "the line has {cells} cells and the first line {columns}: a text with a comma needs \
             quotation marks",
        Line { line: u64, why: Box<Message> } => "line {line}: {why}",
    }

    /// Why there is no device to look at.
    pub enum DeviceRefusal in "device" {
        None { meter: i64 } => "meter {meter} has no device: nothing reads it",
        Busy => "other devices are being tried; try again in a few seconds",
    }
}
