//! The streets: where the feeders, the transformers and the houses are.

use super::{Kind, Member};

/// A feeder, and where it starts.
pub(super) struct Feeder {
    number: &'static str,
    address: &'static str,
    area: &'static str,
    pincode: &'static str,
    latitude: f64,
    longitude: f64,
    pub(super) transformers: &'static [Transformer],
}

/// A business: what it is, its number, its name, and its house number.
type Business = (Kind, &'static str, &'static str, u32);

/// A transformer in the middle of a block, and the houses along it.
pub(super) struct Transformer {
    number: &'static str,
    pub(super) street: &'static str,
    pub(super) first_house: u32,
    latitude: f64,
    longitude: f64,
    pub(super) households: u32,
    /// Whether one more roof has panels.
    pub(super) is_sunny: bool,
    pub(super) business: &'static [Business],
}

/// House numbers go up by a hundred in a block of this length, in degrees to the south.
const BLOCK_DEGREES: f64 = 0.001_62;
/// From the middle of a street to its houses, in degrees to the east.
const HALF_STREET_DEGREES: f64 = 0.000_16;

impl Feeder {
    pub(super) fn member(&self) -> Member {
        Member {
            number: self.number.to_owned(),
            kind: Kind::Feeder,
            address: self.address.to_owned(),
            area: self.area,
            pincode: self.pincode,
            latitude: self.latitude,
            longitude: self.longitude,
            parent: None,
            resource: None,
            has_time_of_use: false,
        }
    }
}

impl Transformer {
    pub(super) fn member(&self, feeder: &Feeder) -> Member {
        Member {
            number: self.number.to_owned(),
            kind: Kind::Transformer,
            address: format!("{} {}", self.first_house / 100 * 100, self.street),
            latitude: self.latitude,
            longitude: self.longitude,
            parent: Some(feeder.number.to_owned()),
            ..feeder.member()
        }
    }

    /// A meter at a house of the block; odd numbers are on its western side.
    pub(super) fn at(&self, feeder: &Feeder, kind: Kind, number: String, house: u32) -> Member {
        let along = f64::from(house - self.first_house) / 100.0 - 0.15;
        let side = if house.is_multiple_of(2) { 1.0 } else { -1.0 };
        Member {
            number,
            kind,
            address: format!("{house} {}", self.street),
            latitude: self.latitude - along * BLOCK_DEGREES,
            longitude: self.longitude + side * HALF_STREET_DEGREES,
            parent: Some(self.number.to_owned()),
            ..feeder.member()
        }
    }
}

const fn transformer(
    number: &'static str,
    (street, first_house): (&'static str, u32),
    (latitude, longitude): (f64, f64),
    households: u32,
) -> Transformer {
    Transformer {
        number,
        street,
        first_house,
        latitude,
        longitude,
        households,
        is_sunny: false,
        business: &[],
    }
}

pub(super) const FEEDERS: [Feeder; 2] = [
    Feeder {
        number: "FD-1101",
        address: "Mission feeder",
        area: "Mission",
        pincode: "94110",
        latitude: 37.7602,
        longitude: -122.4150,
        transformers: &[
            Transformer {
                is_sunny: true,
                ..transformer("DT-1101", ("Folsom Street", 2501), (37.7563, -122.4146), 8)
            },
            Transformer {
                is_sunny: true,
                ..transformer("DT-1102", ("Shotwell Street", 901), (37.7547, -122.4155), 8)
            },
            Transformer {
                is_sunny: true,
                ..transformer("DT-1103", ("Harrison Street", 2801), (37.7527, -122.4117), 8)
            },
            Transformer {
                business: &[(Kind::Office, "OF-0201", "Alabama Street Studios", 2561)],
                ..transformer("DT-1104", ("Alabama Street", 2501), (37.7541, -122.4110), 7)
            },
        ],
    },
    Feeder {
        number: "FD-1102",
        address: "Potrero feeder",
        area: "Potrero Hill",
        pincode: "94107",
        latitude: 37.7548,
        longitude: -122.3953,
        transformers: &[
            Transformer {
                is_sunny: true,
                ..transformer("DT-1105", ("Connecticut Street", 501), (37.7602, -122.3976), 8)
            },
            Transformer {
                business: &[(Kind::ApartmentBlock, "AP-0301", "Missouri Street Flats", 661)],
                ..transformer("DT-1106", ("Missouri Street", 601), (37.7586, -122.3965), 7)
            },
            transformer("DT-1107", ("Arkansas Street", 501), (37.7600, -122.3986), 7),
            Transformer {
                business: &[(Kind::Office, "OF-0202", "Potrero Works", 761)],
                ..transformer("DT-1108", ("Texas Street", 701), (37.7577, -122.3955), 7)
            },
        ],
    },
];
