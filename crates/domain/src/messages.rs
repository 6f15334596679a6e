//! All sentences that people read, area by area.

use crate::alarms::{
    AlarmRefusal, LimitRefusal, RecipientRefusal, Register, RuleRefusal, Said, Side, TankRefusal,
    Undelivered, Waits,
};
use crate::carbon::FactorStored;
use crate::losses::cause::Fault;
use crate::losses::finding::{Evidence, Finding};
use crate::losses::unmetered::LoadRefusal;
use crate::message::Declared;
use crate::operation::disk::Room;
use crate::operation::typed::TypedRefusal;
use crate::operation::unable::Unable;

/// Each enum of sentences that [`messages!`](crate::message) declares.
const DECLARED: &[&[Declared]] = &[
    Unable::DECLARED,
    TypedRefusal::DECLARED,
    FactorStored::DECLARED,
    LoadRefusal::DECLARED,
    Fault::DECLARED,
    Finding::DECLARED,
    Evidence::DECLARED,
    Said::DECLARED,
    Waits::DECLARED,
    Register::DECLARED,
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
