//! What the map of the grid draws of a view: it crosses the wire with every move.

use serde::{Deserialize, Serialize};

use crate::grid::feasibility::{Bounds, Place};

/// The part of the map that is in view.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Its edges.
    pub bounds: Bounds,
    /// How far it is zoomed in: the world is 256 × 2^zoom pixels wide.
    pub zoom: u8,
}

/// What is drawn in a view.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GridMap {
    /// Transformers and clusters of them.
    pub marks: Vec<Mark>,
    /// Approved connections in view.
    pub connections: Vec<Connected>,
    /// The request that is looked into.
    pub request: Option<CheckedPlace>,
    /// Where the ground's pictures come from; none where it is the outlines alone.
    pub tiles: Option<Tiles>,
}

/// One thing on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Mark {
    /// Several transformers.
    Cluster {
        /// Their mean.
        at: Place,
        /// How many.
        count: usize,
        /// How many of them have room.
        roomy: usize,
    },
    Transformer {
        /// Where.
        at: Place,
        /// Its name.
        name: String,
        /// kVA.
        capacity_kva: f64,
        /// Consumption that may still be connected, kW.
        spare_consumption_kw: f64,
        /// Production that may still be connected, kW.
        spare_production_kw: f64,
    },
}

/// How much may still be connected to a transformer, in steps of the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spare {
    /// 40 kW and more.
    Much,
    /// 24 to 40 kW.
    Good,
    /// 8 to 24 kW.
    Some,
    /// Under 8 kW.
    Little,
}

impl Spare {
    /// All of them, most first.
    pub const ALL: [Self; 4] = [Self::Much, Self::Good, Self::Some, Self::Little];

    /// From kW that may still be connected this counts as room, in a cluster's ring.
    pub const ROOM_KW: f64 = 24.0;

    /// The step of a transformer.
    pub fn of(kw: f64) -> Self {
        match kw {
            40.0.. => Self::Much,
            Self::ROOM_KW.. => Self::Good,
            8.0.. => Self::Some,
            _ => Self::Little,
        }
    }
}

/// A connection and its transformer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Connected {
    /// Where the premises are.
    pub at: Place,
    /// Where the transformer stands.
    pub transformer: Place,
}

/// A request, with the transformers that were considered for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckedPlace {
    /// Where.
    pub at: Place,
    /// Nearest first: the rank is the number in the list.
    pub candidates: Vec<Ranked>,
}

/// A transformer that was considered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// Where.
    pub at: Place,
    /// Whether it can take the request.
    pub is_feasible: bool,
    /// Whether it is the one looked into.
    pub is_chosen: bool,
}

/// Where the ground's pictures come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiles {
    /// An address with `{z}`, `{x}` and `{y}`.
    pub url: String,
    /// Whom to name in the corner.
    pub credit: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_begin_at_their_lower_end() {
        let of = |kw| Spare::of(kw);
        assert_eq!(
            [of(40.0), of(24.0), of(8.0), of(7.99), of(-3.0)],
            [Spare::Much, Spare::Good, Spare::Some, Spare::Little, Spare::Little]
        );
    }
}
