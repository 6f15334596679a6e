//! All sentences that people read, area by area.

use crate::devices::logger::{self, upload};
use crate::devices::reason::{self, answer, http, look, modbus, mqtt, unreached};
use crate::devices::refusal;
use crate::message::Declared;
use crate::operation::unable::Unable;
use crate::readings::unread;

/// Each enum of sentences that [`messages!`](crate::message) declares.
const DECLARED: &[&[Declared]] = &[
    Unable::DECLARED,
    unread::Unread::DECLARED,
    refusal::ValueRefusal::DECLARED,
    refusal::ProfileRefusal::DECLARED,
    refusal::HttpRefusal::DECLARED,
    refusal::SecretRefusal::DECLARED,
    refusal::modbus::ModbusRefusal::DECLARED,
    refusal::mqtt::MqttRefusal::DECLARED,
    refusal::mqtt::BrokerRefusal::DECLARED,
    refusal::table::CellRefusal::DECLARED,
    refusal::table::TableRefusal::DECLARED,
    refusal::table::DeviceRefusal::DECLARED,
    logger::refusal::NameError::DECLARED,
    logger::refusal::LoggerRefusal::DECLARED,
    upload::UploadRefusal::DECLARED,
    upload::UploadRejection::DECLARED,
    upload::LineRefusal::DECLARED,
    upload::LoggerEvent::DECLARED,
    upload::OfDevice::DECLARED,
    reason::Trouble::DECLARED,
    answer::NoValue::DECLARED,
    answer::BadDocument::DECLARED,
    unreached::Unreached::DECLARED,
    unreached::Barred::DECLARED,
    unreached::SystemError::DECLARED,
    modbus::Unanswered::DECLARED,
    modbus::Exception::DECLARED,
    modbus::NoSunspec::DECLARED,
    http::NoDocument::DECLARED,
    mqtt::Unheard::DECLARED,
    mqtt::BadMessage::DECLARED,
    look::Remark::DECLARED,
    look::Unusable::DECLARED,
];

/// All of them, from which each language's words are checked.
pub fn all() -> impl Iterator<Item = &'static Declared> {
    DECLARED.iter().copied().flatten()
}
