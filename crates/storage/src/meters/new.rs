//! Meters to be added.

use domain::meters::{MeterType, PlacedBy};
use domain::{MeterId, SiteId};

domain::meter_settings!(domain::with_meter_settings! stored {
    /// A meter to be added: a [`domain::meters::Meter`] without its id and its retirement. Its prefix is `grid` for
    /// the site's first grid meter and else its number in small letters, unless stated.
    #[derive(Debug, Clone, PartialEq)]
    pub struct NewMeter
} [
    {
        /// Where it belongs.
        pub site: SiteId,
    }
    {}
    {
        /// Its level; the parent's plus one, or 0, unless stated.
        pub level: Option<i16>,
        /// The meter above it.
        pub parent: Option<MeterId>,
        /// Whether it feeds its parent's bus instead of drawing from it.
        pub feeds_parent: bool,
    }
    {}
] {
    /// Who says what it measures and where it hangs.
    pub placed_by: PlacedBy,
});

macro_rules! blank {
    ($site:ident [$({$(
        $name:ident $json:literal $column:ident $type:tt $help:tt $rest:tt
    )*})*]) => {
        NewMeter {
            $($($name: Default::default(),)*)*
            site: $site,
            level: None,
            parent: None,
            feeds_parent: false,
            placed_by: PlacedBy::Person,
        }
    };
}

impl NewMeter {
    /// A meter with nothing but its name and type; the rest can be set in a struct update.
    pub fn named(site: SiteId, number: &str, name: &str, meter_type: &str) -> Self {
        Self {
            site,
            number: number.to_owned(),
            name: name.to_owned(),
            meter_type: MeterType::from(meter_type),
            ..domain::meter_settings!(blank! site)
        }
    }
}
