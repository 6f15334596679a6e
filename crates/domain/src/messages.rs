//! All sentences that people read, area by area.

use crate::configuration::refusal as configuration;
use crate::grid::refusal as grid;
use crate::message::Declared;
use crate::operation::request;
use crate::operation::unable::Unable;
use crate::simulation::refusal as simulation;
use crate::strict;

/// Each enum of sentences that [`messages!`](crate::message) declares.
const DECLARED: &[&[Declared]] = &[
    Unable::DECLARED,
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
