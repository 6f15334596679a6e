//! What became of an upload of a logger, and of its lines.

use chrono::{DateTime, Utc};

use crate::message::{Message, messages};

messages! {
    /// Why what a logger uploads is not taken.
    pub enum UploadRefusal in "upload" {
        Mode { mode: String } =>
            "{mode:?} is no mode of upload: MODE says what an upload is for, such as LOGFILEUPLOAD",
        Field { name: String, limit: usize } =>
            "the field {name} is longer than {limit} bytes or no text",
        NoFile { field: &'static str } =>
            "the upload brings no file: it belongs into the field {field}",
        NoDevice => "neither MODBUSDEVICE nor the file name says which device the file is of",
        Checksum =>
            "the file does not fit its MD5CHECKSUM: it was damaged on its way, send it again",
        Gzip => "the compressed file is damaged or ends early: send it again",
        TooLarge { limit: u64 } => "the file has more than {limit} bytes once unpacked",
        TooManyLines { limit: usize } => "the file has more than {limit} lines",
        Config { name: String } => "the file {name:?} is no list of points that is asked for",
        Xml { why: Box<Message> } => "the XML cannot be read: {why}",
        BreaksOff => "it breaks off",
    }

    /// Why an upload is turned away, whatever it brings.
    pub enum UploadRejection in "upload_rejection" {
        NoCredentials => "say who you are: send SERIALNUMBER and PASSWORD",
        Credentials =>
            "the serial number or the password is wrong: compare both with the settings here",
        UnknownSerial => "no logger has this serial number",
        WrongPassword => "the password is wrong",
        NoPassword => "no password is set here: enter the logger's",
        TooManyFailures =>
            "too many failed uploads from this address: it may try again in 15 minutes",
        Busy => "too many uploads at once: try again in a minute",
        NoPoints { device: u16, nothing: String } =>
            "the points of device {device} are not known: let the logger upload its configuration \
             files, or enter the columns in the logger's settings here, {nothing} where nothing of \
             it is taken",
        OldPoints { device: u16 } =>
            "device {device} has more points than its list: let the logger upload its \
             configuration files again, or enter the columns in the logger's settings here",
        Download => "this server changes no logger: there is nothing to download",
        NotStored => "the upload could not be stored here: keep the file and send it again later",
        Unstored { why: Box<Message> } => "it could not be stored: {why}",
        From { why: Box<Message>, address: String } => "{why} (from {address})",
        FromSerial { why: Box<Message>, serial: String, address: String } =>
            "{why} (serial number {serial}, from {address})",
    }

    /// Why a line of a log file is refused.
    pub enum LineRefusal in "log_line" {
        Time => "it does not begin with a time such as '2026-01-31 18:30:00'",
        Code => "the second column is no error code",
        Alarm => "a range alarm is no number such as 0x02",
        Value { point: u16 } => "point {point} is no number",
        Number => "the number of a point is none: points count from 0",
        TooMany =>
            "it has more points than the device lists: its list of points may be an older one",
    }

    /// What happened to a logger or a device of it, by the code that it notes.
    pub enum LoggerEvent in "logger_event" {
        NoError => "no error",
        NoFunction => "the device does not know the function",
        NoAddress => "the device does not know the address",
        ValueRefused => "the device refuses the value",
        WrongLength => "the answer of the device has the wrong length",
        NotReached => "the gateway does not reach the device",
        NoAnswer => "the device does not answer",
        Damaged => "the answer of the device was damaged",
        OtherDevice => "another device answered",
        OtherMaster => "another master is on the line",
        Partly => "only some of the device's answers were good",
        Unread => "the device could not be read",
        Started => "the logger started",
        Stopped => "the logger stopped",
        ClockSet => "the logger's clock was set",
        Restarted => "the logger started again by itself",
        DamagedEntry => "the logger found an entry that is damaged",
        DeviceRestarted => "the device started again",
        OtherType => "the device is of another type than before",
        OtherSerial => "the device has another serial number than before",
        Other => "the logger noted an event",
    }

    /// What was said last of a device of a logger.
    pub enum OfDevice in "logger_device" {
        Line { device: u16, line: usize, why: LineRefusal } =>
            "device {device}, line {line}: {why}",
        Code { device: u16, code: u16, event: LoggerEvent } =>
            "device {device}, code {code}: {event}",
        Reading { device: u16, at: DateTime<Utc>, why: Box<Message> } =>
            "device {device}, {at}: {why}",
    }
}

impl UploadRefusal {
    /// The code as counted and as shown to programs.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Mode { .. } => "unknown_mode",
            Self::Field { .. } => "field_too_long",
            Self::NoFile { .. } => "no_file",
            Self::NoDevice => "no_device",
            Self::Checksum => "wrong_checksum",
            Self::Gzip => "damaged_gzip",
            Self::TooLarge { .. } => "too_large_unpacked",
            Self::TooManyLines { .. } => "too_many_lines",
            Self::Config { .. } => "unknown_file",
            Self::Xml { .. } | Self::BreaksOff => "malformed_xml",
        }
    }
}
