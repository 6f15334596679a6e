//! Whether the faults that upset a balance can be told from it.

use std::collections::HashMap;

use domain::losses::diagnosis::{self, Case, Code, Series};
use domain::meters::hierarchy::Tree;

use super::*;

/// What the meters measured on the day that begins at `from`, by quarter-hour.
fn measured(from: DateTime<Utc>) -> HashMap<MeterId, Series> {
    let day = from + TimeDelta::days(1) + TimeDelta::seconds(1);
    let walk: Vec<_> = FAULTY.history(steps(from, day, domain::energy::QUARTER)).collect();
    let rise = |i: usize, quarter: usize, of: fn(&domain::Values) -> Option<f64>| {
        let at = |snapshot: &Snapshot| of(&snapshot.iter().find(|(meter, _)| *meter == i)?.1);
        let [before, after] = [quarter, quarter + 1].map(|q| at(&walk[q].1));
        Some(Kwh(after? - before?))
    };
    let energy = |i, quarter| {
        let export = rise(i, quarter, |values| values.energy_export_kwh).unwrap_or_default();
        let import = rise(i, quarter, |values| values.total_energy_kwh)?;
        Some(Energy { import, export, uncertain: Kwh::ZERO, coverage: 1.0 })
    };
    let series = |i| Series {
        quarters: (0..96).map(|quarter| energy(i, quarter)).collect(),
        ..Series::default()
    };
    (0..).map(MeterId).zip((0..FAULTY.meters().len()).map(series)).collect()
}

/// The tree as it was registered at an instant.
fn tree(at: DateTime<Utc>) -> Tree {
    let mut meters = registered(&FAULTY);
    for (meter, plan) in meters.iter_mut().zip(FAULTY.meters()) {
        if let Some((below, ..)) = plan.misplaced.filter(|(_, from, to)| (*from..*to).contains(&at))
        {
            meter.parent = Some(MeterId(index(&FAULTY, below)));
        }
    }
    Tree::new(meters)
}

#[track_caller]
fn named(day: DateTime<Utc>, node: &str) -> Option<(Code, String)> {
    let (usual_loss, unmetered_kw) = (HashMap::new(), HashMap::new());
    let found = diagnosis::find(&Case {
        tree: &tree(day),
        node: MeterId(index(&FAULTY, node)),
        from: day,
        series: &measured(day),
        usual_loss: &usual_loss,
        unmetered_kw: &unmetered_kw,
    });
    found.named.map(|cause| (cause.code, cause.meter_number))
}

#[test]
fn each_day_below_the_wrong_parent_names_the_meter_at_both_nodes() {
    let moved = found("B-02").to;
    for node in ["PA-001", "PB-001"] {
        for days in [1, 2] {
            let expected = Some((Code::WrongParent, "B-02".to_owned()));
            assert_eq!(named(moved - TimeDelta::days(days), node), expected, "{node}, {days}");
        }
        assert_eq!(named(moved + TimeDelta::days(2), node), None, "{node}, after the move");
    }
}

#[test]
fn the_day_with_reversed_transformers_names_the_meter() {
    let day = found("B-01").from - TimeDelta::hours(9);
    let expected = Some((Code::SignInverted, "B-01".to_owned()));
    assert_eq!(named(day, "PB-001"), expected);
}
