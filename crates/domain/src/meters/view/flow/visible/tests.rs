use super::*;
use crate::losses::balance::Verdict;
use crate::meters::SourceKind;

fn leaf(id: i64, kwh: f64) -> Point {
    Point {
        id: MeterId(id),
        name: format!("Meter {id}"),
        kind: SourceKind::Load,
        level: 1,
        feeds: false,
        step_kwh: None,
        import: Some(kwh),
        export: 0.0,
        error: 0.0,
        coverage: 1.0,
        rank: kwh,
        balance: None,
        below: Vec::new(),
    }
}

fn node(id: i64, kwh: f64, below: Vec<Point>) -> Point {
    let out: f64 = below.iter().filter_map(|point| point.import).sum();
    let balance = Some(Sums {
        source: kwh,
        destination: out,
        unmetered: 0.0,
        error: 1.0,
        verdict: if kwh < out { Verdict::Negative } else { Verdict::Loss },
        coverage: 1.0,
        missing: Vec::new(),
    });
    Point { balance, below, ..leaf(id, kwh) }
}

fn names(parts: &[Part<'_>]) -> Vec<String> {
    let name = |part: &Part<'_>| match &part.what {
        What::Meter(point, _) => point.name.clone(),
        What::Others(_, points) => format!("{} others", points.len()),
        What::Left(..) => "left".to_owned(),
        What::Untracked(_) => "untracked".to_owned(),
        What::Returned(_) => "returned".to_owned(),
    };
    parts.iter().map(name).collect()
}

/// A main meter with twenty loads, the largest first by size and not by number.
fn plant() -> Flow {
    let loads: Vec<Point> = (0..20_i32).map(|n| leaf(10 + i64::from(n), f64::from(n))).collect();
    Flow { roots: vec![node(1, 200.0, loads)] }
}

#[test]
fn small_branches_fold_and_the_loss_stands_beside_them() {
    let flow = plant();
    let parts = flow.visible(Open::Nothing);
    let names = names(&parts[0].parts);
    assert_eq!(names[..2], ["Meter 29", "Meter 28"]);
    assert_eq!(names[8..], ["12 others", "left"]);
    let out: f64 = parts[0].parts.iter().map(|part| part.value).sum();
    assert!((out - 200.0).abs() < 1e-9);
}

#[test]
fn what_is_unfolded_shows_all_and_keeps_the_way_to_it() {
    let flow = plant();
    let parts = flow.visible(Open::Below(MeterId(1)));
    assert_eq!(parts[0].parts.len(), 21);
    let nodes = (0..40).map(|n| node(100 + n, 1000.0 - n as f64, vec![leaf(n, 1.0)])).collect();
    let flow = Flow { roots: vec![node(1, 40_000.0, nodes)] };
    let parts = flow.visible(Open::Below(MeterId(139)));
    let names = names(&parts[0].parts);
    assert!(names.contains(&"Meter 139".to_owned()), "{names:?}");
    assert!(names.contains(&"31 others".to_owned()), "{names:?}");
}

#[test]
fn thousands_of_meters_below_none_are_a_few_rows() {
    let flow = Flow { roots: (0..10_000).map(|n| leaf(n, 1.0)).collect() };
    assert_eq!(flow.visible(Open::Nothing).len(), 4);
    assert_eq!(flow.visible(Open::Top).len(), 61);
    assert!((flow.input() - 10_000.0).abs() < 1e-9);
}

#[test]
fn a_path_leads_to_a_meter_that_is_there() {
    let flow = plant();
    let path = flow.path(MeterId(12)).unwrap();
    assert_eq!(path.iter().map(|point| point.id.0).collect::<Vec<_>>(), [1, 12]);
    assert!(flow.path(MeterId(99)).is_none());
}
