//! All sentences that people read, area by area.

use crate::alarms::{
    AlarmRefusal, Figure, LimitRefusal, RecipientRefusal, Register, RuleRefusal, Said, Side,
    TankRefusal, Title, Undelivered, Waits,
};
use crate::bills::refusal::{BillRefusal, CreditRefusal, RunRefusal, TradeRefusal};
use crate::bills::tariff::refusal::{TariffRefusal, TermsRefusal};
use crate::bills::{DayName, LeftOut, LineName, MonthName, Narrowing};
use crate::carbon::FactorSource;
use crate::carbon::FactorStored;
use crate::carbon::lever::{LeverFormula, LeverName};
use crate::carbon::refusal::FactorRefusal;
use crate::configuration::refusal as configuration;
use crate::devices::logger::{self, upload};
use crate::devices::reason::{self, answer, http, look, modbus, mqtt, unreached};
use crate::devices::refusal;
use crate::energy::refusal::EnergyRefusal;
use crate::entry::Entry;
use crate::grid::refusal as grid;
use crate::history::Trouble;
use crate::losses::diagnosis::Fault;
use crate::losses::finding::{Evidence, Finding};
use crate::losses::unmetered::LoadRefusal;
use crate::message::Declared;
use crate::meters::refusal::{ExchangeRefusal, MeterRefusal, PlaceRefusal, SumRefusal};
use crate::meters::register::{Fall, Plausible, Stays};
use crate::month::MonthError;
use crate::operation::disk::Room;
use crate::operation::request;
use crate::operation::typed::TypedRefusal;
use crate::operation::unable::Unable;
use crate::people::refusal::{AccountRefusal, SignInRefusal};
use crate::people::role::Action;
use crate::period::refusal::{PeriodError, TimeRefusal};
use crate::readings::refusal::{AskRefusal, CorrectionRefusal, Doubt, PostRefusal, RefusalReason};
use crate::readings::unread;
use crate::reports::NotDue;
use crate::reports::refusal::{NoReport, ScheduleRefusal};
use crate::simulation::refusal as simulation;
use crate::sites::refusal::SiteRefusal;
use crate::strict;

/// Each enum of sentences that [`messages!`](crate::message) declares.
const DECLARED: &[&[Declared]] = &[
    Unable::DECLARED,
    Action::DECLARED,
    AccountRefusal::DECLARED,
    SignInRefusal::DECLARED,
    Entry::DECLARED,
    MonthError::DECLARED,
    PeriodError::DECLARED,
    TimeRefusal::DECLARED,
    SiteRefusal::DECLARED,
    MeterRefusal::DECLARED,
    PlaceRefusal::DECLARED,
    SumRefusal::DECLARED,
    ExchangeRefusal::DECLARED,
    Fall::DECLARED,
    Plausible::DECLARED,
    Stays::DECLARED,
    RefusalReason::DECLARED,
    PostRefusal::DECLARED,
    AskRefusal::DECLARED,
    CorrectionRefusal::DECLARED,
    Doubt::DECLARED,
    EnergyRefusal::DECLARED,
    Trouble::DECLARED,
    TermsRefusal::DECLARED,
    TariffRefusal::DECLARED,
    BillRefusal::DECLARED,
    CreditRefusal::DECLARED,
    RunRefusal::DECLARED,
    TradeRefusal::DECLARED,
    LeftOut::DECLARED,
    crate::bills::Doubt::DECLARED,
    crate::bills::LineRule::DECLARED,
    LineName::DECLARED,
    Narrowing::DECLARED,
    DayName::DECLARED,
    MonthName::DECLARED,
    FactorRefusal::DECLARED,
    FactorSource::DECLARED,
    LeverName::DECLARED,
    LeverFormula::DECLARED,
    ScheduleRefusal::DECLARED,
    NotDue::DECLARED,
    NoReport::DECLARED,
    request::RequestRefusal::DECLARED,
    request::QueryRefusal::DECLARED,
    request::BodyRefusal::DECLARED,
    request::ChangeRefusal::DECLARED,
    request::FormRefusal::DECLARED,
    strict::Refused::DECLARED,
    strict::Known::DECLARED,
    strict::Found::DECLARED,
    strict::Expected::DECLARED,
    grid::RequestRefusal::DECLARED,
    grid::FormRefusal::DECLARED,
    grid::Unfit::DECLARED,
    grid::TransformerRefusal::DECLARED,
    grid::ConnectionRefusal::DECLARED,
    simulation::MeterRefusal::DECLARED,
    simulation::ResourceRefusal::DECLARED,
    simulation::SpikeRefusal::DECLARED,
    simulation::WorldRefusal::DECLARED,
    simulation::Told::DECLARED,
    configuration::DocumentRefusal::DECLARED,
    configuration::EntryRefusal::DECLARED,
    configuration::TermsRefusal::DECLARED,
    unread::Unread::DECLARED,
    refusal::ValueRefusal::DECLARED,
    refusal::ProfileRefusal::DECLARED,
    refusal::HttpRefusal::DECLARED,
    refusal::SecretRefusal::DECLARED,
    refusal::modbus::ModbusRefusal::DECLARED,
    refusal::registers::RegisterRefusal::DECLARED,
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
    TypedRefusal::DECLARED,
    FactorStored::DECLARED,
    LoadRefusal::DECLARED,
    Fault::DECLARED,
    Finding::DECLARED,
    Evidence::DECLARED,
    Said::DECLARED,
    Waits::DECLARED,
    Register::DECLARED,
    Figure::DECLARED,
    Title::DECLARED,
    RuleRefusal::DECLARED,
    LimitRefusal::DECLARED,
    Side::DECLARED,
    TankRefusal::DECLARED,
    RecipientRefusal::DECLARED,
    AlarmRefusal::DECLARED,
    Undelivered::DECLARED,
    Room::DECLARED,
];

/// All of them, from which each language's words are checked.
pub fn all() -> impl Iterator<Item = &'static Declared> {
    DECLARED.iter().copied().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    /// How a sentence reads whatever its parameters are called; empty where it says nothing of its own.
    fn shape(english: &str) -> String {
        let parts = english.split('{').enumerate();
        let words = parts.map(|(n, part)| match n {
            0 => part,
            _ => part.split_once('}').map_or(part, |(_, after)| after),
        });
        words.collect::<Vec<_>>().join("{}")
    }

    #[test]
    fn a_sentence_is_declared_once() {
        let mut known = BTreeMap::new();
        for declared in super::all() {
            let shape = shape(declared.english);
            if shape.matches(char::is_alphabetic).count() < 3 {
                continue;
            }
            if let Some(other) = known.insert(shape, declared.code()) {
                panic!("{} says the same as {other}: use that one", declared.code());
            }
        }
    }
}
