use proptest::prelude::*;

use super::*;
use crate::MeterId;
use crate::losses::balance::Verdict;
use crate::meters::view::flow::{Flow, Fold, Open, Point, Sums};

/// A meter with what came out of it: its loads, and a share of what went in that is lost (or, below
/// zero, missing).
fn point(id: i64, level: i16, import: f64, feeds: bool, left: f64, below: Vec<Point>) -> Point {
    let sum = |feeds: bool| -> f64 {
        below.iter().filter(|it| it.feeds == feeds).filter_map(|it| it.import).sum()
    };
    let balance = (!below.is_empty()).then(|| Sums {
        source: import + sum(true),
        destination: sum(false),
        unmetered: 0.0,
        error: 0.0,
        verdict: if left < 0.0 { Verdict::Negative } else { Verdict::Loss },
        coverage: 1.0,
        missing: Vec::new(),
    });
    Point {
        id: MeterId(id),
        name: format!("Meter {id}"),
        kind: if feeds { SourceKind::Solar } else { SourceKind::Load },
        level,
        feeds,
        import: Some(import),
        export: 0.0,
        error: 0.0,
        step_kwh: None,
        coverage: 1.0,
        rank: import,
        balance,
        below,
    }
}

/// A plant: a grid meter, a station with solar, nodes and their loads.
fn plant(loads: &[Vec<f64>], solar: f64, left: f64) -> Flow {
    let mut id = 10;
    let mut next = || {
        id += 1;
        id
    };
    let nodes: Vec<Point> = loads
        .iter()
        .map(|loads| {
            let below: Vec<Point> =
                loads.iter().map(|&kwh| point(next(), 3, kwh, false, 0.0, Vec::new())).collect();
            let out: f64 = loads.iter().sum();
            point(next(), 2, (out + left).max(0.0), false, left, below)
        })
        .collect();
    let out: f64 = nodes.iter().filter_map(|node| node.import).sum();
    let mut below = vec![point(3, 2, solar, true, 0.0, Vec::new())];
    below.extend(nodes);
    let station = point(2, 1, (out + left - solar).max(0.0), false, left, below);
    let grid = station.import.unwrap_or(0.0) + left.abs();
    Flow { roots: vec![point(1, 0, grid, false, left.abs(), vec![station])] }
}

fn all<'a, 'b>(branches: &'b [Branch<'a>], found: &mut Vec<&'b Branch<'a>>) {
    for branch in branches {
        found.push(branch);
        all(&branch.branches, found);
    }
}

/// Bands that leave or reach a bar lie within it, and do not overlap.
fn fits(bar: Span, edges: &mut [(f64, f64)]) -> bool {
    edges.sort_by(|a, b| a.0.total_cmp(&b.0));
    let apart = edges.windows(2).all(|pair| pair[0].0 + pair[0].1 <= pair[1].0 + 1e-6);
    apart && edges.iter().all(|(y, height)| *y >= bar.y - 1e-6 && y + height <= bar.end() + 1e-6)
}

/// Checks every bar of a figure; answers what is wrong.
fn check(sankey: &Sankey<'_>) -> Result<(), String> {
    let mut found = Vec::new();
    all(&sankey.branches, &mut found);
    for branch in &found {
        let mut into = Vec::new();
        let mut out = Vec::new();
        if let What::Meter(point, Fold::Unfolded) = &branch.what {
            into.push((branch.bar.y, point.import.unwrap_or(0.0) * sankey.scale));
            for below in &branch.branches {
                let band = below.band.ok_or("no band")?;
                let feeds = below.column < branch.column;
                let side = if feeds { &mut into } else { &mut out };
                side.push((if feeds { band.right } else { band.left }, band.height));
            }
            let sum = |edges: &[(f64, f64)]| edges.iter().map(|edge| edge.1).sum::<f64>();
            let differ = sum(&into) + branch.short - sum(&out);
            if differ.abs() > 1e-6 {
                return Err(format!(
                    "{} in, {} out, {} short",
                    sum(&into),
                    sum(&out),
                    branch.short
                ));
            }
            if !fits(branch.bar, &mut into) || !fits(branch.bar, &mut out) {
                return Err(format!("bands do not fit {:?}: {into:?} {out:?}", branch.bar));
            }
        }
    }
    for (i, a) in found.iter().enumerate() {
        for b in &found[i + 1..] {
            let apart = a.label.end() <= b.label.y + 1e-6 || b.label.end() <= a.label.y + 1e-6;
            let (left, right) = if a.column <= b.column { (a, b) } else { (b, a) };
            if left.column + left.room > right.column && !apart {
                return Err(format!("{:?} overlaps {:?}", a.label, b.label));
            }
        }
        if a.label.height < ROW || a.label.end() > sankey.height + 1e-6 {
            return Err(format!("{:?} has no room", a.label));
        }
    }
    Ok(())
}

#[test]
fn sources_stand_left_and_the_columns_follow_the_levels() {
    let flow = plant(&[vec![30.0, 20.0], vec![10.0, 5.0]], 15.0, 2.0);
    let sankey = Sankey::of(flow.visible(Open::Nothing));
    assert_eq!(sankey.headings[0], Heading::Sources);
    let levels = [Heading::Level(1), Heading::Level(2)];
    assert_eq!(sankey.headings[1..3], levels);
    check(&sankey).unwrap();
}

#[test]
fn a_negative_balance_is_short_at_its_foot() {
    let flow = plant(&[vec![30.0, 20.0]], 0.0, -5.0);
    let sankey = Sankey::of(flow.visible(Open::Below(MeterId(13))));
    let mut found = Vec::new();
    all(&sankey.branches, &mut found);
    assert!(found.iter().any(|branch| branch.short > 1.0));
    check(&sankey).unwrap();
}

#[test]
fn nothing_at_all_has_no_height_to_share() {
    let nothing = Flow::default();
    let sankey = Sankey::of(nothing.visible(Open::Top));
    assert_eq!((sankey.height, sankey.headings.len()), (0.0, 0));
    let still = plant(&[vec![0.0, 0.0]], 0.0, 0.0);
    check(&Sankey::of(still.visible(Open::Nothing))).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_flows_in_flows_out_or_is_lost_and_nothing_overlaps(
        loads in proptest::collection::vec(proptest::collection::vec(0.0..1e4_f64, 1..40), 1..12),
        solar in 0.0..1e4_f64,
        left in -500.0..500.0_f64,
        open in 0..60_i64,
    ) {
        let flow = plant(&loads, solar, left);
        for open in [Open::Nothing, Open::Top, Open::Below(MeterId(open))] {
            let sankey = Sankey::of(flow.visible(open));
            prop_assert_eq!(check(&sankey), Ok(()));
        }
    }
}
