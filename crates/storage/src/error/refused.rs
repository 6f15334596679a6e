//! What the rules over several rows of meters refuse, by the figures that their triggers give as detail.

use domain::MeterId;
use domain::message::Message;
use domain::meters::refusal::{MeterRefusal, PlaceRefusal};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
struct Pair {
    meter: MeterId,
    parent: MeterId,
}

#[derive(Deserialize)]
struct Levels {
    meter: MeterId,
    level: i16,
    parent: MeterId,
    above: i16,
}

#[derive(Deserialize)]
struct Shown {
    meter: String,
    value: f64,
    unit: String,
    at: String,
    modulus: f64,
}

/// What a rule says; none where it is none of these, or gives no figures.
pub(super) fn said(rule: &str, detail: &str) -> Option<Message> {
    Some(match rule {
        "parent_cycle" => {
            let Pair { meter, parent } = read(detail)?;
            PlaceRefusal::Cycle { meter, parent }.into()
        }
        "parent_other_site" => {
            let Pair { meter, parent } = read(detail)?;
            PlaceRefusal::OfOtherSite { parent, meter }.into()
        }
        "parent_retired" => {
            let Pair { meter, parent } = read(detail)?;
            PlaceRefusal::ParentRetired { parent, meter }.into()
        }
        "has_children" => {
            let Pair { meter, parent } = read(detail)?;
            PlaceRefusal::StillAbove { meter: parent, below: meter }.into()
        }
        "level_not_below_parent" => {
            let Levels { meter, level, parent, above } = read(detail)?;
            let below = above.saturating_add(1);
            PlaceRefusal::LevelOf { level, meter, above, parent, below }.into()
        }
        "modulus_below_register" => {
            let Shown { meter, value, unit, at, modulus } = read(detail)?;
            MeterRefusal::BelowRegister { meter, value, unit, at, modulus }.into()
        }
        _ => return None,
    })
}

fn read<T: DeserializeOwned>(detail: &str) -> Option<T> {
    serde_json::from_str(detail).ok()
}
