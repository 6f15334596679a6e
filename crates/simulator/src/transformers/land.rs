//! The land that transformers stand on: the outlines of the neighbourhoods that the map shows.

use domain::grid::feasibility::Place;
use serde_json::Value;

use crate::plant::noise::Noise;

const OUTLINES: &str = include_str!("../../../../public/outlines/san-francisco.geojson");

/// Where hardly anyone lives, transformers are this much rarer.
const RARER: f64 = 0.1;
const PARKS: [&str; 2] = ["Golden Gate Park", "Presidio"];

/// Throws at a box before a place on its land is given up; land fills a good part of each box.
const THROWS: i64 = 1_000;

/// Longitude and latitude, degrees.
type Point = [f64; 2];

/// A polygon: an outline, then the holes in it.
struct Polygon {
    rings: Vec<Vec<Point>>,
    least: Point,
    most: Point,
    /// Share of all transformers that stand on this one and those before it.
    up_to: f64,
}

/// Polygons of land.
pub(super) struct Land(Vec<Polygon>);

impl Land {
    /// The neighbourhoods of San Francisco, without their piers and rocks.
    pub(super) fn of_san_francisco() -> Self {
        let outlines: Value = serde_json::from_str(OUTLINES).unwrap_or_default();
        let features = outlines["features"].as_array().into_iter().flatten();
        let mut polygons: Vec<Polygon> = features.filter_map(largest).collect();
        let all: f64 = polygons.iter().map(|polygon| polygon.up_to).sum();
        let mut so_far = 0.0;
        for polygon in &mut polygons {
            so_far += polygon.up_to / all;
            polygon.up_to = so_far;
        }
        Self(polygons)
    }

    /// A place on it.
    pub(super) fn place(&self, noise: Noise) -> Place {
        let at = noise.uniform(0);
        let chosen = self.0.iter().find(|polygon| at < polygon.up_to).or(self.0.last());
        let thrown = chosen.and_then(|polygon| {
            (1..=THROWS).map(|n| polygon.throw(noise, n)).find(|point| polygon.holds(*point))
        });
        let [longitude, latitude] = thrown.unwrap_or_default();
        Place { latitude, longitude }
    }

    #[cfg(test)]
    pub(super) fn holds(&self, place: Place) -> bool {
        self.0.iter().any(|polygon| polygon.holds([place.longitude, place.latitude]))
    }
}

impl Polygon {
    /// A point in its box, to a millionth of a degree, which is a tenth of a metre.
    fn throw(&self, noise: Noise, n: i64) -> Point {
        std::array::from_fn(|axis| {
            let share = noise.stream(axis as u64 + 1).uniform(n);
            let degrees = self.least[axis] + share * (self.most[axis] - self.least[axis]);
            (degrees * 1e6).round() / 1e6
        })
    }

    /// Whether a ray from the point crosses its rings an odd number of times.
    fn holds(&self, [x, y]: Point) -> bool {
        let crosses = |from: Point, to: Point| {
            (from[1] > y) != (to[1] > y)
                && x < (to[0] - from[0]) * (y - from[1]) / (to[1] - from[1]) + from[0]
        };
        let crossings = self
            .rings
            .iter()
            .flat_map(|ring| ring.windows(2))
            .filter(|pair| crosses(pair[0], pair[1]))
            .count();
        crossings % 2 == 1
    }
}

/// The largest polygon of a neighbourhood, with its weight for now in `up_to`.
fn largest(feature: &Value) -> Option<Polygon> {
    let polygons = feature["geometry"]["coordinates"].as_array()?.iter();
    let polygons = polygons.filter_map(|polygon| {
        let rings: Vec<_> = polygon.as_array()?.iter().map(points).collect();
        Some((area(rings.first()?), rings))
    });
    let (area, rings) = polygons.max_by(|one, other| one.0.total_cmp(&other.0))?;
    let is_park = feature["properties"]["name"].as_str().is_some_and(|name| PARKS.contains(&name));
    let outline = rings.first()?;
    let bound = |of: fn(f64, f64) -> f64| {
        let start = outline.first().copied().unwrap_or_default();
        outline
            .iter()
            .fold(start, |so_far, point| [of(so_far[0], point[0]), of(so_far[1], point[1])])
    };
    let (least, most) = (bound(f64::min), bound(f64::max));
    Some(Polygon { least, most, rings, up_to: if is_park { RARER * area } else { area } })
}

fn points(ring: &Value) -> Vec<Point> {
    let degrees = |point: &Value, axis: usize| point[axis].as_f64();
    let points = ring.as_array().into_iter().flatten();
    points.filter_map(|point| Some([degrees(point, 0)?, degrees(point, 1)?])).collect()
}

/// By the shoelace formula, in square degrees.
fn area(ring: &[Point]) -> f64 {
    let twice: f64 =
        ring.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum();
    twice.abs() / 2.0
}
