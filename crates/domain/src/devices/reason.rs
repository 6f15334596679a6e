//! Why a device is not read.

pub mod answer;
pub mod http;
pub mod look;
pub mod modbus;
pub mod mqtt;
pub mod unreached;

use crate::message::{Message, Sentences, messages};

messages! {
    /// Why a device is not read, whatever it is spoken to by.
    pub enum Trouble in "device_trouble" {
        Several { all: Sentences } => "{all}",
        Setting { field: String, why: Box<Message> } => "{field}: {why}",
        ReadingRefused { why: Box<Message> } => "the reading was refused: {why}",
        AReadingRefused { why: Box<Message> } => "a reading was refused: {why}",
    }
}
