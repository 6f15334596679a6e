use domain::grid::feasibility::{Loading, Power};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn stored(n: i64, place: Place, spare: u32, version: i64) -> Stored {
    let power = |kilo: u32| Power::new(f64::from(kilo)).unwrap();
    Stored {
        n,
        version,
        transformer: Transformer {
            id: TransformerId(Uuid::from_u128(n.unsigned_abs().into())),
            name: format!("TX-{n}"),
            city: "San Francisco".into(),
            place,
            loading: Loading {
                capacity: power(1_000),
                consumption: power(800 - spare),
                production: power(300 - spare.min(300)),
            },
        },
    }
}

fn place() -> impl Strategy<Value = Place> {
    // A few places only, so that some transformers stand at one.
    let grid = (0..12_i32, 0..12_i32);
    grid.prop_map(|(north, east)| Place {
        latitude: 37.7 + f64::from(north) * 0.01,
        longitude: -122.5 + f64::from(east) * 0.01,
    })
}

fn need(kilo: u32) -> Need {
    let power = Power::new(f64::from(kilo)).unwrap();
    Need { consumption: power, production: Some(power) }
}

/// The same by looking at every transformer.
fn looked_for(all: &HashMap<i64, (Place, u32)>, from: Place, kilo: Option<u32>) -> Vec<i64> {
    let mut fitting: Vec<_> = all
        .iter()
        .filter(|(_, (_, spare))| kilo.is_none_or(|kilo| kilo <= (*spare).min(300)))
        .map(|(n, (place, _))| (from.distance_m(*place), *n))
        .collect();
    fitting.sort_by(|one, other| {
        // Distances that differ by less than a micrometre are the same.
        let same = (one.0 - other.0).abs() < 1e-6;
        if same { one.1.cmp(&other.1) } else { one.0.total_cmp(&other.0) }
    });
    fitting.into_iter().map(|(_, n)| n).collect()
}

fn distances(index: &Index, from: Place, kilo: Option<u32>) -> Vec<(i64, f64)> {
    index.nearest(from, kilo.map(need)).map(|(stored, distance)| (stored.n, distance)).collect()
}

proptest! {
    #[test]
    fn the_index_finds_what_looking_at_all_finds_through_any_changes(
        first in prop::collection::vec((place(), 0..800_u32), 1..120),
        changes in prop::collection::vec((0..150_i64, place(), 0..800_u32, any::<bool>()), 0..80),
        from in place(),
        kilo in prop::option::of(0..400_u32),
    ) {
        let mut all: HashMap<i64, (Place, u32)> =
            first.into_iter().enumerate().map(|(n, at)| (i64::try_from(n).unwrap(), at)).collect();
        let of = |(n, (place, spare)): (&i64, &(Place, u32))| stored(*n, *place, *spare, 0);
        let mut index = Index::load(all.iter().map(of).collect());
        for (version, (n, place, spare, gone)) in (1..).zip(changes) {
            if gone {
                all.remove(&n);
                index.remove(stored(n, place, spare, 0).transformer.id);
            } else {
                all.insert(n, (place, spare));
                index.apply(vec![stored(n, place, spare, version)]);
            }
        }
        prop_assert_eq!(index.len(), all.len());
        let found = distances(&index, from, kilo);
        let expected = looked_for(&all, from, kilo);
        prop_assert_eq!(found.len(), expected.len());
        for ((n, distance), expected) in found.iter().zip(&expected) {
            let there = from.distance_m(all[expected].0);
            prop_assert!((distance - there).abs() < 1e-6, "{} at {}, not {}", n, distance, there);
        }
    }

    #[test]
    fn a_part_of_the_map_holds_what_lies_between_its_edges(
        all in prop::collection::vec(
            (-90.0..=90.0_f64, -180.0..=180.0_f64), 1..200),
        south in -90.0..=90.0_f64, height in 0.0..60.0_f64,
        west in -180.0..=180.0_f64, width in 0.0..360.0_f64,
    ) {
        let east = if west + width > 180.0 { west + width - 360.0 } else { west + width };
        let bounds = Bounds { south, west, north: (south + height).min(90.0), east };
        let places = all.iter().map(|(latitude, longitude)| Place {
            latitude: *latitude, longitude: *longitude,
        });
        let index = Index::load((0..).zip(places.clone()).map(|(n, at)| stored(n, at, 1, 0)).collect());
        let mut found: Vec<_> = index.within(&bounds).map(|t| t.name.clone()).collect();
        found.sort();
        let inside = (0..).zip(places).filter(|(_, at)| bounds.contains(*at));
        let mut expected: Vec<_> = inside.map(|(n, _): (i32, _)| format!("TX-{n}")).collect();
        expected.sort();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn an_older_state_changes_nothing() {
    let here = Place { latitude: 37.7, longitude: -122.4 };
    let mut index = Index::load(vec![stored(1, here, 100, 5)]);
    index.apply(vec![stored(1, here, 700, 4)]);
    assert!(index.nearest(here, Some(need(200))).next().is_none());
    index.apply(vec![stored(1, here, 700, 6)]);
    assert!(index.nearest(here, Some(need(200))).next().is_some());
}

#[test]
fn of_several_at_one_place_the_first_created_comes_first() {
    let here = Place { latitude: 37.7, longitude: -122.4 };
    let index = Index::load((0..40).rev().map(|n| stored(n, here, 100, 0)).collect());
    let order: Vec<_> = distances(&index, here, None).into_iter().map(|(n, _)| n).collect();
    assert_eq!(order, (0..40).collect::<Vec<_>>());
}
