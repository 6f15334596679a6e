//! All sentences that people read, area by area.

use crate::bills::refusal::{BillRefusal, CreditRefusal, RunRefusal, TradeRefusal};
use crate::bills::tariff::refusal::{TariffRefusal, TermsRefusal};
use crate::bills::{LeftOut, LineName, MonthName, Narrowing};
use crate::carbon::FactorSource;
use crate::carbon::lever::{LeverFormula, LeverName};
use crate::carbon::refusal::FactorRefusal;
use crate::message::Declared;
use crate::operation::unable::Unable;
use crate::reports::NotDue;
use crate::reports::refusal::{NoReport, ScheduleRefusal};

/// Each enum of sentences that [`messages!`](crate::message) declares.
const DECLARED: &[&[Declared]] = &[
    Unable::DECLARED,
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
];

/// All of them, from which each language's words are checked.
pub fn all() -> impl Iterator<Item = &'static Declared> {
    DECLARED.iter().copied().flatten()
}
