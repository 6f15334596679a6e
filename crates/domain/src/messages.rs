//! All sentences that people read, area by area.

use crate::bills::refusal::{BillRefusal, CreditRefusal, RunRefusal, TradeRefusal};
use crate::bills::tariff::refusal::{TariffRefusal, TermsRefusal};
use crate::bills::{LeftOut, LineName, MonthName, Narrowing};
use crate::carbon::FactorSource;
use crate::carbon::lever::{LeverFormula, LeverName};
use crate::carbon::refusal::FactorRefusal;
use crate::configuration::refusal as configuration;
use crate::energy::refusal::EnergyRefusal;
use crate::entry::Entry;
use crate::grid::refusal as grid;
use crate::history::Trouble;
use crate::message::Declared;
use crate::meters::refusal::{ExchangeRefusal, MeterRefusal, PlaceRefusal, SumRefusal};
use crate::meters::register::{Fall, Plausible, Stays};
use crate::month::MonthError;
use crate::operation::request;
use crate::operation::unable::Unable;
use crate::period::refusal::{PeriodError, TimeRefusal};
use crate::readings::refusal::{AskRefusal, CorrectionRefusal, Doubt, PostRefusal, RefusalReason};
use crate::reports::NotDue;
use crate::reports::refusal::{NoReport, ScheduleRefusal};
use crate::simulation::refusal as simulation;
use crate::sites::refusal::SiteRefusal;
use crate::strict;

/// Each enum of sentences that [`messages!`](crate::message) declares.
const DECLARED: &[&[Declared]] = &[
    Unable::DECLARED,
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
    LineName::DECLARED,
    Narrowing::DECLARED,
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
];

/// All of them, from which each language's words are checked.
pub fn all() -> impl Iterator<Item = &'static Declared> {
    DECLARED.iter().copied().flatten()
}
