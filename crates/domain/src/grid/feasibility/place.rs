//! Places on the globe.

use serde::{Deserialize, Serialize};

/// Mean radius of the earth, m (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct Place {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

impl Place {
    /// Metres along the great circle to another place, by the haversine formula (Sinnott 1984).
    pub fn distance_m(self, to: Self) -> f64 {
        let (from_lat, to_lat) = (self.latitude.to_radians(), to.latitude.to_radians());
        let half_lat = (to_lat - from_lat) / 2.0;
        let half_lon = (to.longitude - self.longitude).to_radians() / 2.0;
        let haversine =
            half_lat.sin().powi(2) + from_lat.cos() * to_lat.cos() * half_lon.sin().powi(2);
        2.0 * EARTH_RADIUS_M * haversine.sqrt().min(1.0).asin()
    }

    /// The place on a sphere of radius 1. The straight line between two such points grows with the
    /// great circle between the places, so that it orders them alike.
    pub fn on_unit_sphere(self) -> [f64; 3] {
        let (lat, lon) = (self.latitude.to_radians(), self.longitude.to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    }
}

/// A part of the map between two parallels and two meridians. Where `west` is greater than `east`,
/// it lies across the date line.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Degrees north of its lower edge.
    pub south: f64,
    /// Degrees east of its left edge.
    pub west: f64,
    /// Degrees north of its upper edge.
    pub north: f64,
    /// Degrees east of its right edge.
    pub east: f64,
}

impl Bounds {
    /// The whole globe.
    pub const GLOBE: Self = Self { south: -90.0, west: -180.0, north: 90.0, east: 180.0 };

    /// Whether a place lies within, edges included.
    pub fn contains(&self, place: Place) -> bool {
        let across = self.west > self.east;
        let (from_west, to_east) = (place.longitude >= self.west, place.longitude <= self.east);
        (self.south..=self.north).contains(&place.latitude)
            && if across { from_west || to_east } else { from_west && to_east }
    }

    /// Degrees between its edges, west to east.
    pub fn width(&self) -> f64 {
        let width = self.east - self.west;
        if width < 0.0 { width + 360.0 } else { width }
    }

    /// The place in its middle.
    pub fn middle(&self) -> Place {
        let longitude = self.west + self.width() / 2.0;
        Place {
            latitude: f64::midpoint(self.south, self.north),
            longitude: if longitude > 180.0 { longitude - 360.0 } else { longitude },
        }
    }
}
