//! Finding places without asking anyone: coordinates, and what has a name here.

use std::sync::LazyLock;

use domain::grid::feasibility::{Bounds, Place};
use domain::grid::view::{Named, PlaceKind};
use serde_json::Value;

use crate::grid::copy::Grid;
use crate::grid::look;
use crate::{Action, Core, Error, Principal};

/// The ground of the map, whose neighbourhoods have names.
const OUTLINES: &str = include_str!("../../../../../public/outlines/san-francisco.geojson");
/// More places than this are not offered.
const MOST: usize = 12;
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_195.0;

static NEIGHBOURHOODS: LazyLock<Vec<Named>> = LazyLock::new(|| read(OUTLINES));

/// The neighbourhoods by name, each with its middle.
pub(super) fn neighbourhoods() -> &'static [Named] {
    &NEIGHBOURHOODS
}

/// The places that a text may mean. One that is named exactly is meant alone.
pub(super) async fn find(
    core: &Core,
    grid: &Grid,
    who: &Principal,
    text: &str,
) -> Result<Vec<Named>, Error> {
    if let Some(place) = coordinates(text) {
        return Ok(vec![Named { name: String::new(), kind: PlaceKind::Coordinates, place }]);
    }
    let wanted = text.to_lowercase();
    let mut found: Vec<Named> = neighbourhoods()
        .iter()
        .filter(|known| known.name.to_lowercase().contains(&wanted))
        .cloned()
        .collect();
    let transformers = look::look(grid, who, &Bounds::GLOBE, |all| {
        let matching = all.filter(|one| one.name.to_lowercase().contains(&wanted));
        let named = |one: &domain::grid::feasibility::Transformer| Named {
            name: one.name.clone(),
            kind: PlaceKind::Transformer,
            place: one.place,
        };
        // The exact one may come late.
        let (exact, other): (Vec<_>, Vec<_>) =
            matching.map(named).partition(|one| one.name.to_lowercase() == wanted);
        exact.into_iter().chain(other).take(MOST).collect::<Vec<_>>()
    });
    found.extend(transformers.await?);
    found.extend(meters(core, who, &wanted));
    let exact = found.iter().position(|one| one.name.to_lowercase() == wanted);
    if let Some(exact) = exact {
        return Ok(vec![found.swap_remove(exact)]);
    }
    found.truncate(MOST);
    Ok(found)
}

/// Meters with coordinates on the sites of a principal, by number or name.
fn meters(core: &Core, who: &Principal, wanted: &str) -> Vec<Named> {
    let known = core.registry().known();
    let trees = known.trees.iter().filter(|(site, _)| who.may(Action::SeeGrid, **site));
    let meters = trees.flat_map(|(_, tree)| tree.meters());
    let matching = meters.filter_map(|meter| {
        let place = meter.latitude.zip(meter.longitude);
        let (latitude, longitude) = place?;
        let is_number = meter.number.to_lowercase() == wanted;
        let name = if is_number { &meter.number } else { &meter.name };
        name.to_lowercase().contains(wanted).then(|| Named {
            name: name.clone(),
            kind: PlaceKind::Meter,
            place: Place { latitude, longitude },
        })
    });
    matching.take(MOST).collect()
}

/// Two numbers, latitude first.
fn coordinates(text: &str) -> Option<Place> {
    let plain = text.replace('\u{2212}', "-");
    let mut numbers = plain.split([',', ';', ' ']).filter(|part| !part.is_empty());
    let mut next = || numbers.next()?.parse::<f64>().ok().filter(|number| number.is_finite());
    let place = Place { latitude: next()?, longitude: next()? };
    numbers.next().is_none().then_some(place)
}

/// A part of the map that holds a circle.
pub(super) fn around(at: Place, radius_m: f64) -> Bounds {
    let high = radius_m / DEGREE_M;
    let wide = high / at.latitude.to_radians().cos().abs().max(0.01);
    Bounds {
        south: at.latitude - high,
        west: at.longitude - wide,
        north: at.latitude + high,
        east: at.longitude + wide,
    }
}

/// Names and middles of the areas of a `GeoJSON` document.
fn read(text: &str) -> Vec<Named> {
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    let features = document["features"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut named: Vec<Named> = features
        .iter()
        .filter_map(|feature| {
            let rings = rings(&feature["geometry"]);
            let largest = rings.into_iter().max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
            Some(Named {
                name: feature["properties"]["name"].as_str()?.to_owned(),
                kind: PlaceKind::Neighbourhood,
                place: largest?.1,
            })
        })
        .collect();
    named.sort_by(|a, b| a.name.cmp(&b.name));
    named
}

/// Area and middle of each outer ring.
fn rings(geometry: &Value) -> Vec<(f64, Place)> {
    let coordinates = geometry["coordinates"].as_array().map(Vec::as_slice).unwrap_or_default();
    let outer = |polygon: &Value| centroid(&points(&polygon[0]));
    match geometry["type"].as_str() {
        Some("Polygon") => outer(&geometry["coordinates"]).into_iter().collect(),
        Some("MultiPolygon") => coordinates.iter().filter_map(outer).collect(),
        _ => Vec::new(),
    }
}

fn points(ring: &Value) -> Vec<(f64, f64)> {
    let points = ring.as_array().map(Vec::as_slice).unwrap_or_default();
    points.iter().filter_map(|point| Some((point[0].as_f64()?, point[1].as_f64()?))).collect()
}

/// Signed area and centroid of a ring (shoelace formula).
fn centroid(ring: &[(f64, f64)]) -> Option<(f64, Place)> {
    let (mut area, mut x, mut y) = (0.0, 0.0, 0.0);
    let first = *ring.first()?;
    for pair in ring.windows(2) {
        // Relative to the first point, since the areas are small against the coordinates.
        let (ax, ay) = (pair[0].0 - first.0, pair[0].1 - first.1);
        let (bx, by) = (pair[1].0 - first.0, pair[1].1 - first.1);
        let cross = ax * by - bx * ay;
        area += cross / 2.0;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
    }
    let place =
        Place { latitude: first.1 + y / (6.0 * area), longitude: first.0 + x / (6.0 * area) };
    (area != 0.0).then_some((area, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_neighbourhood_has_its_middle_in_the_city() {
        assert_eq!(neighbourhoods().len(), 37);
        let city = Bounds { south: 37.70, west: -122.52, north: 37.84, east: -122.35 };
        for known in neighbourhoods() {
            assert!(city.contains(known.place), "{known:?}");
        }
        let mission = neighbourhoods().iter().find(|known| known.name == "Mission").unwrap();
        let at = Place { latitude: 37.76, longitude: -122.415 };
        assert!(mission.place.distance_m(at) < 1000.0, "{mission:?}");
    }

    #[test]
    fn coordinates_are_read_as_people_write_them() {
        let at = Place { latitude: 37.7586, longitude: -122.4148 };
        for text in ["37.7586, -122.4148", "37.7586 -122.4148", "37.7586; \u{2212}122.4148"] {
            assert_eq!(coordinates(text), Some(at));
        }
        for text in ["Mission", "37.7586", "1, 2, 3", "", "1, x"] {
            assert_eq!(coordinates(text), None, "{text}");
        }
    }

    #[test]
    fn a_circle_is_within_its_box() {
        let at = Place { latitude: 37.76, longitude: -122.42 };
        let around = around(at, 2000.0);
        let east = Place { latitude: 37.76, longitude: around.east };
        assert!((at.distance_m(east) - 2000.0).abs() < 20.0);
    }
}
