//! Why a device is not read, whatever it is spoken to by.

pub(super) mod answer;
pub(super) mod http;
pub(super) mod modbus;
pub(super) mod mqtt;
pub(super) mod unreached;

use crate::messages::Sentence;

pub(in crate::messages) const SENTENCES: &[Sentence] = &[
    ("device_trouble.several", "{all}"),
    ("device_trouble.setting", "{field}: {why}"),
    ("device_trouble.reading_refused", "die Ablesung wurde abgelehnt: {why}"),
    ("device_trouble.a_reading_refused", "eine Ablesung wurde abgelehnt: {why}"),
];
