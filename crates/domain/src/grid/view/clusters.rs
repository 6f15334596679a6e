//! Many points on a small map: those that would cover each other become one mark.

use std::collections::{BTreeMap, HashMap};

use crate::grid::feasibility::Place;

/// Points in one square of so many pixels belong together.
const CELL_PX: f64 = 76.0;
/// Marks nearer to each other than this become one.
const APART_PX: f64 = 40.0;
/// Fewer than these are drawn one by one.
const FEWEST: usize = 3;
/// From here on every point is drawn by itself.
const NEAR_ZOOM: u8 = 17;

/// Points that are drawn as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Where: the mean of its first square.
    pub at: Place,
    /// Which of the points.
    pub members: Vec<usize>,
}

/// Parts points into groups at a zoom: each point is in exactly one. A group of fewer than three is
/// parted into its members.
pub fn groups(points: &[Place], zoom: u8) -> Vec<Group> {
    if zoom >= NEAR_ZOOM {
        return alone(points, 0..points.len()).collect();
    }
    let mut cells: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for (index, point) in points.iter().enumerate() {
        cells.entry(cell(pixel(*point, zoom))).or_default().push(index);
    }
    let mut found: Vec<Group> =
        cells.into_values().map(|members| Group { at: mean(points, &members), members }).collect();
    found.sort_by_key(|group| std::cmp::Reverse(group.members.len()));
    merge(found, zoom)
        .into_iter()
        .flat_map(|group| {
            if group.members.len() < FEWEST {
                alone(points, group.members.into_iter()).collect()
            } else {
                vec![group]
            }
        })
        .collect()
}

/// Gives groups that stand too near to a larger one to that one.
fn merge(groups: Vec<Group>, zoom: u8) -> Vec<Group> {
    let mut kept: Vec<Group> = Vec::new();
    let mut by_cell: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    for group in groups {
        let at = pixel(group.at, zoom);
        let (x, y) = cell(at);
        let around = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y)));
        let near = around
            .filter_map(|cell| by_cell.get(&cell))
            .flatten()
            .copied()
            .find(|&other| distance(pixel(kept[other].at, zoom), at) < APART_PX);
        if let Some(other) = near {
            kept[other].members.extend(group.members);
        } else {
            by_cell.entry((x, y)).or_default().push(kept.len());
            kept.push(group);
        }
    }
    kept
}

fn alone(points: &[Place], members: impl Iterator<Item = usize>) -> impl Iterator<Item = Group> {
    members.map(|index| Group { at: points[index], members: vec![index] })
}

fn mean(points: &[Place], members: &[usize]) -> Place {
    let count = members.len() as f64;
    let sum = |of: fn(&Place) -> f64| members.iter().map(|&i| of(&points[i])).sum::<f64>();
    Place {
        latitude: sum(|point| point.latitude) / count,
        longitude: sum(|point| point.longitude) / count,
    }
}

/// Where a point is on the whole map at a zoom, in pixels from its upper left (Web Mercator,
/// EPSG:3857).
fn pixel(point: Place, zoom: u8) -> (f64, f64) {
    use std::f64::consts::PI;
    let world = 256.0 * f64::from(zoom).exp2();
    let sine = point.latitude.to_radians().sin().clamp(-0.9999, 0.9999);
    let x = point.longitude / 360.0 + 0.5;
    let y = 0.5 - ((1.0 + sine) / (1.0 - sine)).ln() / (4.0 * PI);
    (x * world, y * world)
}

#[expect(clippy::cast_possible_truncation, reason = "a map has fewer squares than i64 numbers")]
fn cell((x, y): (f64, f64)) -> (i64, i64) {
    ((x / CELL_PX).floor() as i64, (y / CELL_PX).floor() as i64)
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn city() -> impl Strategy<Value = Vec<Place>> {
        let point = (37.70..37.83_f64, -122.52..-122.35_f64)
            .prop_map(|(latitude, longitude)| Place { latitude, longitude });
        proptest::collection::vec(point, 0..300)
    }

    proptest! {
        #[test]
        fn every_point_is_in_one_group(points in city(), zoom in 8_u8..19) {
            let mut members: Vec<usize> =
                groups(&points, zoom).into_iter().flat_map(|group| group.members).collect();
            members.sort_unstable();
            prop_assert_eq!(members, (0..points.len()).collect::<Vec<_>>());
        }

        #[test]
        fn clusters_do_not_cover_each_other(points in city(), zoom in 8_u8..17) {
            let clusters: Vec<_> = groups(&points, zoom)
                .into_iter()
                .filter(|group| group.members.len() >= FEWEST)
                .map(|group| pixel(group.at, zoom))
                .collect();
            for (i, a) in clusters.iter().enumerate() {
                for b in &clusters[i + 1..] {
                    prop_assert!(distance(*a, *b) >= APART_PX);
                }
            }
        }
    }

    #[test]
    fn a_city_is_one_mark_from_afar_and_many_nearby() {
        let grid = (0..100).map(|i| Place {
            latitude: 37.75 + f64::from(i / 10) * 0.003,
            longitude: -122.44 + f64::from(i % 10) * 0.003,
        });
        let points: Vec<_> = grid.collect();
        assert!(groups(&points, 8).len() <= 4);
        assert_eq!(groups(&points, 18).len(), 100);
        let between = groups(&points, 13).len();
        assert!((5..80).contains(&between), "{between}");
    }

    #[test]
    fn the_null_island_is_in_the_middle_of_the_map() {
        let (x, y) = pixel(Place { latitude: 0.0, longitude: 0.0 }, 0);
        assert!((x - 128.0).abs() < 1e-9 && (y - 128.0).abs() < 1e-9);
    }
}
