use proptest::prelude::*;

use super::*;

fn marker(id: i64, at: (f64, f64), power_kw: f64) -> Marker {
    Marker {
        id: MeterId(id),
        name: format!("Production Unit {id}"),
        kind: SourceKind::Load,
        parent: (id > 1).then_some(MeterId(1)),
        at,
        power_kw: Some(power_kw),
        status: Status::Online,
        loss: None,
    }
}

#[test]
fn north_is_up_east_is_right_and_the_bar_tells_the_distance() {
    // A thousandth of a degree is 111 m northwards, and half of that eastwards at 60 degrees.
    let plan = Plan::of(&[
        marker(1, (60.0, 10.0), 5.0),
        marker(2, (60.001, 10.0), 5.0),
        marker(3, (60.0, 10.002), 5.0),
    ]);
    let [first, north, east] = plan.placed[..] else { panic!("three markers") };
    assert!(north.y < first.y && (north.x - first.x).abs() < 1e-6);
    assert!(east.x > first.x && (east.y - first.y).abs() < 1e-6);
    assert!(((first.y - north.y) - (east.x - first.x)).abs() < 1.0);
    let (metres, pixels) = plan.bar;
    assert!(((first.y - north.y) / 111.195 - pixels / metres).abs() < 1e-3);
    assert_eq!(plan.links, [(1, 0), (2, 0)]);
}

#[test]
fn meters_of_one_cabinet_are_moved_aside_and_those_at_the_edge_named() {
    let markers: Vec<_> =
        (1..=30_i32).map(|id| marker(i64::from(id), (18.5, 73.8), 40.0 - f64::from(id))).collect();
    let plan = Plan::of(&markers);
    assert!(plan.placed.iter().any(|placed| placed.label.is_some()));
    assert!(plan.placed[0].radius > plan.placed[29].radius);
    assert_eq!(Plan::of(&[]).placed, []);
}

#[test]
fn a_plant_over_the_date_line_is_as_small_as_any() {
    let plan = Plan::of(&[marker(1, (0.0, 179.9995), 1.0), marker(2, (0.0, -179.9995), 1.0)]);
    assert!((plan.bar.0 - 20.0).abs() < 1e-9, "{:?}", plan.bar);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn markers_stay_inside_and_apart_and_no_names_overlap(
        at in proptest::collection::vec((18.5..18.502_f64, 73.8..73.803_f64, 0.0..500.0_f64), 1..90),
    ) {
        let markers: Vec<_> =
            (1..).zip(&at).map(|(id, (lat, lon, kw))| marker(id, (*lat, *lon), *kw)).collect();
        let plan = Plan::of(&markers);
        let mut names: Vec<Box4> = Vec::new();
        for (i, (a, marker)) in plan.placed.iter().zip(&markers).enumerate() {
            prop_assert!((0.0..=WIDTH).contains(&a.x) && (0.0..=plan.height).contains(&a.y));
            for b in &plan.placed[i + 1..] {
                prop_assert!((a.x - b.x).hypot(a.y - b.y) >= APART - 1e-6);
            }
            if let Some((x, y)) = a.label {
                let width = marker.name.chars().count() as f64 * LETTER.0;
                let own = (x, y + 4.0 - LETTER.1, x + width, y + 4.0);
                prop_assert!(!names.iter().any(|other| overlap(&own, other)));
                names.push(own);
            }
        }
    }
}
