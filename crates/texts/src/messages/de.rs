//! German, area by area.

mod alarms;
mod bills;
mod carbon;
mod configuration;
mod devices;
mod entry;
mod field;
mod grid;
mod lines;
mod losses;
mod meters;
mod operation;
mod period;
mod readings;
mod reports;
mod request;
mod simulation;
mod sites;
mod tariffs;

use super::Sentence;

const CATALOGUE: &[&[Sentence]] = &[
    operation::SENTENCES,
    entry::SENTENCES,
    sites::SENTENCES,
    meters::SENTENCES,
    readings::SENTENCES,
    period::SENTENCES,
    tariffs::SENTENCES,
    bills::SENTENCES,
    lines::SENTENCES,
    carbon::SENTENCES,
    reports::SENTENCES,
    request::SENTENCES,
    field::SENTENCES,
    grid::SENTENCES,
    simulation::SENTENCES,
    configuration::SENTENCES,
    devices::loggers::SENTENCES,
    devices::looks::SENTENCES,
    devices::table::SENTENCES,
    devices::uploads::SENTENCES,
    losses::SENTENCES,
    alarms::SENTENCES,
];

/// All of them.
pub(super) fn all() -> impl Iterator<Item = Sentence> {
    CATALOGUE.iter().copied().flatten().copied()
}
