//! Why a Modbus unit gives no values.

use crate::message::{Message, messages};

messages! {
    /// Why a Modbus unit gives no values.
    pub enum Unanswered in "modbus_answer" {
        At { unit: u8, line: String, why: Box<Message> } => "unit {unit} of {line}: {why}",
        Wrong { why: Box<Message> } => "wrong answer: {why}",
        Foreign => "it belongs to another request or unit",
        OtherTransaction =>
            "it carries the transaction number of another request: if this gateway always \
             answers so, set strictTransactions to false",
        OtherFunction => "it belongs to another function",
        NoFrame { why: Box<Message> } => "it is no Modbus frame: {why}",
        CutOff => "it is cut off",
        NotAsked { function: String } => "{function} was not asked",
        Count { got: usize, asked: u16 } => "{got} registers where {asked} were asked for",
        Registers { start: u16, why: Exception } => "registers from {start}: {why}",
        NotReadable { count: u16, start: u16, most: u16 } =>
            "{count} registers from {start} cannot be read: ask for 1 to {most}, none above 65535",
        Absent { fields: String } => "the device says that it has no value of {fields}",
        NoneAvailable => "it says that none of its values is available",
    }

    /// What a Modbus unit answers in the place of registers.
    pub enum Exception in "modbus_exception" {
        IllegalFunction => "Illegal function",
        IllegalAddress => "Illegal data address",
        IllegalValue => "Illegal data value",
        Failure => "Server device failure",
        Acknowledge => "Acknowledge",
        Busy => "Server device busy",
        Parity => "Memory parity error",
        NoPath => "Gateway path unavailable",
        NoTarget => "Gateway target device failed to respond",
        Custom => "Custom",
    }

    /// Why a unit has no SunSpec meter.
    pub enum NoSunspec in "sunspec" {
        At { address: u16, why: Box<Message> } => "SunSpec model at {address}: {why}",
        NoMeter => "it has no SunSpec meter",
        Fewer { has: u16, wanted: u16 } => "it has {has} SunSpec meters, not {wanted}",
        Models { models: String } => "its models are {models}",
        NoMarker { first: u16, second: u16, third: u16 } =>
            "there is no SunSpec marker at {first}, {second} or {third}",
    }
}
