//! The series that are chosen: which meters are meant, and which axis each channel stands on.

use domain::history::view::Side;
use domain::history::{Aside, Channel, Named, Trouble, Wanted};
use domain::meters::Meter;
use domain::sites::Site;

use crate::Core;

/// A channel of a known meter, on its axis.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) meter: Meter,
    pub(super) channel: Channel,
    pub(super) side: Side,
}

/// The series that can be shown. A meter has to be of the site, since a chart has one clock; two units
/// find an axis.
pub(super) fn choose(
    core: &Core,
    site: &Site,
    wanted: &[Wanted],
    troubles: &mut Vec<Trouble>,
) -> Vec<Chosen> {
    let known = core.registry().known();
    let tree = known.trees.get(&site.id);
    let mut chosen: Vec<Chosen> = Vec::new();
    for one in wanted {
        let meter = tree.and_then(|tree| match &one.meter {
            Named::Id(id) => tree.get(*id),
            Named::Number(number) => tree.meters().iter().find(|meter| meter.number == *number),
        });
        let Some(meter) = meter else {
            let meter = match &one.meter {
                Named::Id(id) => id.to_string(),
                Named::Number(number) => number.clone(),
            };
            troubles.push(Trouble::NoMeter { meter });
            continue;
        };
        if chosen.iter().any(|c| c.meter.id == meter.id && c.channel == one.channel) {
            troubles.push(Trouble::Twice { series: one.to_string() });
            continue;
        }
        if let Some(axis) = axis(&chosen, one.channel.unit()) {
            chosen.push(Chosen { meter: meter.clone(), channel: one.channel, side: axis });
        } else {
            let (id, meter) = (meter.id, meter.name.clone());
            let series = Aside { id, meter, channel: one.channel };
            troubles.push(Trouble::NoAxis { series, unit: one.channel.unit() });
        }
    }
    chosen
}

/// The axis of a unit: its own, or one that is free.
fn axis(chosen: &[Chosen], unit: &str) -> Option<Side> {
    let of = |side: Side| chosen.iter().find(|c| c.side == side).map(|c| c.channel.unit());
    [Side::Left, Side::Right].into_iter().find(|&side| of(side).is_none_or(|own| own == unit))
}
