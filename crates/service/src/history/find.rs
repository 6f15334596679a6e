//! Meters whose channels can be added.

use domain::history::view::FoundMeter;
use domain::history::{Channel, Counter};
use domain::meters::Meter;
use domain::sites::Site;
use domain::{Field, MeterId};

use super::Chosen;
use crate::live::{LiveState, SiteLive};
use crate::pages::look;
use crate::{Core, Error};

/// Meters that are offered at once.
const MOST: usize = 8;

/// The meters whose name or number has all the words, and how many more there are; without a word
/// those that are chosen already, and the first of the site.
pub(super) fn find(
    core: &Core,
    live: &LiveState,
    site: &Site,
    text: &str,
    chosen: &[Chosen],
) -> Result<(Vec<FoundMeter>, usize), Error> {
    let known = core.registry().known();
    let meters = known.trees.get(&site.id).map(|tree| tree.meters()).unwrap_or_default();
    let words: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let is_meant = |meter: &&Meter| {
        let own = format!("{} {}", meter.name, meter.number).to_lowercase();
        words.iter().all(|word| own.contains(word))
    };
    let is_chosen = |id: MeterId| chosen.iter().any(|chosen| chosen.meter.id == id);
    let mut found: Vec<&Meter> = meters.iter().filter(is_meant).collect();
    // What is at hand comes first, and above what hangs below.
    found.sort_by_key(|meter| (!is_chosen(meter.id), meter.level));
    let more = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    look(live, site.id, |live| {
        let of = |meter: &Meter| FoundMeter {
            id: meter.id,
            number: meter.number.clone(),
            name: meter.name.clone(),
            channels: channels(live, meter.id),
        };
        (found.into_iter().map(of).collect(), more)
    })
}

/// What a meter gives, by its newest readings.
pub(super) fn channels(live: &SiteLive, meter: MeterId) -> Vec<Channel> {
    let Some(latest) = live.latest(meter) else { return Vec::new() };
    let any = |fields: &[Field]| fields.iter().any(|field| latest.get(*field).is_some());
    let gives = |channel: Channel| match channel {
        Channel::Instant(field) => any(&[field]),
        Channel::Counted(Counter::Energy) => {
            any(&[Field::TotalEnergyKwh, Field::EnergyImportKwh, Field::ActivePowerKw])
        }
        Channel::Counted(Counter::Returned) => any(&[Field::EnergyExportKwh]),
        Channel::Counted(Counter::ReactiveEnergy) => any(&[Field::ReactiveEnergyImportKvarh]),
        Channel::Counted(Counter::ReactiveReturned) => any(&[Field::ReactiveEnergyExportKvarh]),
        Channel::Counted(Counter::Diesel) => any(&[Field::DieselConsumptionLiters]),
        Channel::Counted(Counter::Runtime) => any(&[Field::RuntimeHours]),
    };
    Channel::ALL.iter().map(|(_, channel)| *channel).filter(|channel| gives(*channel)).collect()
}
