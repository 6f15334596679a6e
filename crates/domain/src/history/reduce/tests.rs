use proptest::prelude::*;

use super::*;

const LIMIT: TimeDelta = TimeDelta::minutes(15);

fn at(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}

fn window(seconds: i64) -> Window {
    Window { from: at(0), to: at(seconds) }
}

#[test]
fn columns_are_round_and_no_more_than_asked_for() {
    let lengths = |days: i64| {
        let columns = columns(window(days * 86_400), 1_000);
        (columns.len(), (columns[0].to - columns[0].from).num_seconds())
    };
    assert_eq!(lengths(1), (720, 120));
    assert_eq!(lengths(7), (672, 900));
    assert_eq!(lengths(31), (744, 3_600));
    assert_eq!(lengths(3_653), (914, 4 * 86_400));
}

#[test]
fn a_line_does_not_bridge_a_silence() {
    let samples = [0, 60, 120, 3_000, 3_060].map(|second| ReducedPoint::of(at(second), 1.0));
    let reduced = reduce(&samples, &columns(window(7_200), 720), window(7_200), LIMIT);
    assert_eq!(reduced.runs.iter().map(Vec::len).collect::<Vec<_>>(), [3, 2]);
    let gap = |from, to| Window { from: at(from), to: at(to) };
    assert_eq!(reduced.gaps, [gap(120, 3_000), gap(3_060, 7_200)]);
}

#[test]
fn nothing_read_is_one_gap() {
    let reduced = reduce(&[], &columns(window(7_200), 720), window(7_200), LIMIT);
    assert_eq!((reduced.runs.len(), reduced.gaps), (0, vec![window(7_200)]));
}

/// Readings with silences between them: seconds since the one before, and a value.
fn readings() -> impl Strategy<Value = Vec<ReducedPoint>> {
    let step = prop_oneof![9 => 1..600_i64, 1 => 600..20_000_i64];
    let next = (step, -1e6..1e6_f64);
    proptest::collection::vec(next, 0..300).prop_map(|steps| {
        let mut second = 0;
        let mut place = |(step, value): (i64, f64)| {
            second += step;
            ReducedPoint::of(at(second), value)
        };
        steps.into_iter().map(&mut place).collect()
    })
}

/// The time from the first to the last, and a little more.
fn around(samples: &[ReducedPoint]) -> Window {
    Window { from: at(0), to: samples.last().map_or(at(60), |last| last.to + LIMIT / 2) }
}

proptest! {
    #[test]
    fn every_extreme_survives(samples in readings(), most in 1..1_000_usize) {
        let window = around(&samples);
        let bounds = columns(window, most);
        prop_assert!(bounds.len() <= most);
        let reduced = reduce(&samples, &bounds, window, LIMIT);
        for sample in &samples {
            let of_its_time = |column: &&Column| {
                column.held.from <= sample.from && sample.to <= column.held.to
            };
            let column = reduced.columns().find(of_its_time);
            prop_assert!(column.is_some_and(|c| c.held.min <= sample.min && sample.max <= c.held.max));
        }
        let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
        let same = |one: f64, other: f64| one.to_bits() == other.to_bits();
        prop_assert!(same(
            least(&mut samples.iter().map(|s| s.min)),
            least(&mut reduced.columns().map(|c| c.held.min)),
        ));
        prop_assert!(same(
            least(&mut samples.iter().map(|s| -s.max)),
            least(&mut reduced.columns().map(|c| -c.held.max)),
        ));
    }

    #[test]
    fn nothing_is_lost_and_nothing_made_up(samples in readings(), most in 1..1_000_usize) {
        let window = around(&samples);
        let bounds = columns(window, most);
        let reduced = reduce(&samples, &bounds, window, LIMIT);
        let counted: f64 = reduced.columns().map(|column| column.held.count).sum();
        prop_assert!((counted - samples.len() as f64).abs() < 1e-9);
        let sum: f64 = reduced.columns().map(|c| c.held.mean * c.held.count).sum();
        let all: f64 = samples.iter().map(|sample| sample.mean).sum();
        prop_assert!((sum - all).abs() < 1.0);
        for column in reduced.columns() {
            let bound = bounds[column.index];
            prop_assert!(bound.from <= column.held.from && column.held.to < bound.to);
            prop_assert!(column.held.min <= column.held.mean + 1e-6);
            prop_assert!(column.held.mean <= column.held.max + 1e-6);
        }
    }

    #[test]
    fn every_gap_survives_and_no_run_crosses_one(samples in readings(), most in 1..1_000_usize) {
        let window = around(&samples);
        let reduced = reduce(&samples, &columns(window, most), window, LIMIT);
        let silences = samples.windows(2).filter(|pair| pair[1].from - pair[0].to > LIMIT);
        for pair in silences {
            let gap = Window { from: pair[0].to, to: pair[1].from };
            prop_assert!(reduced.gaps.contains(&gap));
        }
        for run in &reduced.runs {
            let of_run = Window { from: run[0].held.from, to: run[run.len() - 1].held.to };
            prop_assert!(reduced.gaps.iter().all(|g| g.to <= of_run.from || of_run.to <= g.from));
        }
        for pair in reduced.gaps.windows(2) {
            prop_assert!(pair[0].to <= pair[1].from);
        }
    }

    #[test]
    fn reducing_what_is_reduced_keeps_the_extremes(samples in readings(), most in 1..60_usize) {
        let window = around(&samples);
        let fine = reduce(&samples, &columns(window, most * 4), window, LIMIT);
        let again: Vec<_> = fine.columns().map(|column| column.held).collect();
        let coarse = reduce(&again, &columns(window, most), window, LIMIT);
        let highest = |r: &Reduced| r.columns().map(|c| c.held.max).fold(f64::NEG_INFINITY, f64::max);
        prop_assert_eq!(highest(&fine).to_bits(), highest(&coarse).to_bits());
    }
}
