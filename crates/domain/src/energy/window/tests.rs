use proptest::prelude::*;

use super::*;
use crate::losses::balance::Verdict;
use crate::losses::compared::{balance, common, of_site};
use crate::meters::hierarchy::Tree;
use crate::meters::hierarchy::tests::meter;

const POLL: TimeDelta = TimeDelta::seconds(5);

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
}

fn sample(minute: i64, total: f64) -> HistorySample {
    HistorySample {
        at: at(minute),
        total_kwh: Some(total),
        import_kwh: None,
        export_kwh: None,
        power_kw: None,
        runtime_hours: None,
        is_computed: false,
    }
}

/// The brackets a store answers for these readings.
fn around(readings: &[HistorySample], minute: i64) -> Bracket {
    Bracket {
        before: readings.iter().rev().find(|s| s.at <= at(minute)).copied(),
        after: readings.iter().find(|s| s.at >= at(minute)).copied(),
    }
}

fn ends_of(readings: &[HistorySample], from: i64, to: i64) -> Option<Ends> {
    ends(
        &meter(1, None, 0, "Grid"),
        POLL,
        Window { from: at(from), to: at(to) },
        &around(readings, from),
        &around(readings, to),
    )
}

fn known(readings: &[HistorySample], from: i64, to: i64) -> Option<Known> {
    let ends = ends_of(readings, from, to)?;
    let (import, export) = ends.difference?;
    Some(ends.with(import, export, TimeDelta::zero()))
}

#[test]
fn readings_at_both_ends_give_exactly_their_difference() {
    let known = known(&[sample(0, 1_000.3), sample(60, 1_100.8)], 0, 60).unwrap();
    assert_eq!(known.energy.import, Kwh(1_100.8 - 1_000.3));
    assert_eq!(known.energy.uncertain, Kwh::ZERO);
    assert!((known.energy.coverage - 1.0).abs() < f64::EPSILON);
}

#[test]
fn an_end_between_two_near_readings_is_interpolated_and_certain() {
    let known = known(&[sample(0, 0.0), sample(10, 10.0), sample(60, 60.0)], 5, 60).unwrap();
    assert!((known.energy.import.0 - 55.0).abs() < 1e-9);
    assert_eq!(known.energy.uncertain, Kwh::ZERO);
}

#[test]
fn an_end_in_a_gap_is_uncertain_by_the_larger_share_and_not_covered() {
    let known = known(&[sample(0, 0.0), sample(40, 40.0), sample(100, 100.0)], 10, 100).unwrap();
    assert!((known.energy.import.0 - 90.0).abs() < 1e-9);
    assert!((known.energy.uncertain.0 - 30.0).abs() < 1e-9);
    assert!((known.energy.coverage - 60.0 / 90.0).abs() < 1e-9);
}

#[test]
fn a_window_that_starts_before_the_first_reading_counts_what_is_known() {
    let known = known(&[sample(30, 5.0), sample(60, 15.0)], 0, 60).unwrap();
    assert_eq!(known.energy.import, Kwh(10.0));
    assert!((known.energy.coverage - 0.5).abs() < 1e-9);
    assert_eq!((known.from, known.to), (at(30), at(60)));
}

#[test]
fn one_reading_says_nothing_and_neither_does_a_register_that_fell() {
    assert_eq!(known(&[sample(30, 5.0)], 0, 60), None);
    assert_eq!(known(&[], 0, 60), None);
    assert_eq!(known(&[sample(0, 100.0), sample(60, 3.0)], 0, 60), None);
}

#[test]
fn a_register_that_fell_leaves_its_ends_known_and_its_energy_to_the_intervals() {
    let fell = ends_of(&[sample(0, 900.0), sample(60, 12.0)], 0, 60).unwrap();
    assert_eq!((fell.from, fell.to, fell.difference), (at(0), at(60), None));
    let counted = fell.with(Kwh(12.0), Kwh::ZERO, TimeDelta::zero());
    assert_eq!((counted.energy.import, counted.energy.uncertain), (Kwh(12.0), Kwh::ZERO));

    let within = ends_of(&[sample(0, 0.0), sample(40, 900.0), sample(80, 8.0)], 0, 60).unwrap();
    assert_eq!((within.difference, within.uncertain), (None, Kwh(4.0)));
}

#[test]
fn the_guides_tree_balances_and_a_silent_child_does_not() {
    let (grid, main) = (meter(1, None, 0, "Grid"), meter(2, Some(1), 1, "Main"));
    let full = |kwh| known(&[sample(0, 0.0), sample(60, kwh)], 0, 60);
    let told = balance((&grid, full(10_000.0)), [(&main, full(9_800.0))]);
    assert_eq!((told.loss, told.loss_percent), (Some(Kwh(200.0)), Some(2.0)));
    assert_eq!(told.verdict, Verdict::Loss);

    let stopped = known(&[sample(0, 0.0), sample(20, 3_000.0)], 0, 60);
    let silent = balance((&grid, full(10_000.0)), [(&main, stopped)]);
    assert_eq!(silent.verdict, Verdict::Incomplete);
    assert_eq!(silent.missing, [main.id]);
    assert_eq!((silent.loss, silent.loss_percent), (None, None));
}

#[test]
fn what_a_meter_read_each_hour_has_not_told_yet_is_no_loss() {
    let (grid, main) = (meter(1, None, 0, "Grid"), meter(2, Some(1), 1, "Main"));
    let window = Window { from: at(0), to: at(180) };
    let hourly = |last: i64| {
        let total = [0.0, 2.0, 4.0, 60.0];
        let read = |hour: i64| sample(60 * hour, total[usize::try_from(hour).unwrap()]);
        let readings: Vec<_> = (0..=last).map(read).collect();
        let (start, end) = (around(&readings, 0), around(&readings, 180));
        let ends = ends(&main, TimeDelta::hours(1), window, &start, &end)?;
        let (import, export) = ends.difference?;
        Some(ends.with(import, export, TimeDelta::zero()))
    };
    // The load rose in the last hour, and the meter has not told of that hour.
    let full = known(&[sample(0, 0.0), sample(180, 60.0)], 0, 180);
    let told = balance((&grid, full), [(&main, hourly(2))]);
    assert_eq!((told.loss, told.verdict), (None, Verdict::Incomplete));
    assert_eq!(told.missing, [main.id]);
    assert_eq!(balance((&grid, full), [(&main, hourly(3))]).missing, []);
}

#[test]
fn how_energy_lies_between_hourly_readings_is_uncertain_and_covered() {
    let readings = [sample(0, 0.0), sample(60, 2.0), sample(120, 22.0)];
    let of = |from: i64, to: i64| {
        let window = Window { from: at(from), to: at(to) };
        let (start, end) = (around(&readings, from), around(&readings, to));
        ends(&meter(1, None, 0, "Unit"), TimeDelta::hours(1), window, &start, &end).unwrap()
    };
    assert_eq!(of(0, 120).uncertain, Kwh::ZERO);
    let within = of(0, 75);
    assert_eq!((within.uncertain, within.coverage), (Kwh(15.0), 1.0));
}

#[test]
fn what_meters_are_known_for_together_ends_where_the_first_falls_silent() {
    let of = |from, to| known(&[sample(from, 0.0), sample(to, 10.0)], 0, 60);
    let all = common([of(0, 60), of(5, 60), of(0, 20)]);
    assert_eq!(all, Some(Window { from: at(5), to: at(20) }));
    assert_eq!(common([of(0, 60), None]), None, "one that is not known at all");
    assert_eq!(common([of(0, 20), of(30, 60)]), None, "one that began when the other had ended");
}

/// Grid 1 with the main 2 below it, which the loads 3 and 4 hang on.
fn site() -> Tree {
    Tree::new(vec![
        meter(1, None, 0, "Grid"),
        meter(2, Some(1), 1, "Main"),
        meter(3, Some(2), 2, "Unit"),
        meter(4, Some(2), 2, "Unit"),
    ])
}

#[test]
fn a_silent_meter_in_the_middle_leaves_the_site_its_balance_and_a_silent_leaf_does_not() {
    let full = |kwh| known(&[sample(0, 0.0), sample(60, kwh)], 0, 60);
    let part = |kwh| known(&[sample(0, 0.0), sample(20, kwh)], 0, 60);
    let told = of_site(&site(), |id| match id.0 {
        1 => full(100.0),
        2 => part(33.0),
        3 => full(60.0),
        _ => full(30.0),
    });
    assert_eq!((told.loss, told.loss_percent), (Some(Kwh(10.0)), Some(10.0)));
    let told = of_site(&site(), |id| match id.0 {
        1 => full(100.0),
        2 => full(98.0),
        3 => full(60.0),
        _ => part(10.0),
    });
    assert_eq!((told.loss, told.verdict), (None, Verdict::Incomplete));
    assert_eq!(told.missing, [crate::MeterId(4)]);
}

#[test]
fn meters_that_all_began_late_balance_over_what_is_known() {
    let (grid, main) = (meter(1, None, 0, "Grid"), meter(2, Some(1), 1, "Main"));
    let late = |kwh| known(&[sample(40, 0.0), sample(60, kwh)], 0, 60);
    let told = balance((&grid, late(100.0)), [(&main, late(80.0))]);
    assert_eq!(told.verdict, Verdict::Loss);
    assert!((told.coverage - 20.0 / 60.0).abs() < 1e-9);
}

proptest! {
    #[test]
    fn adjoining_windows_add_up(
        steps in proptest::collection::vec((1_i64..90, 0.0..50.0_f64), 2..20),
        cut in 0.0..1.0_f64,
    ) {
        let (mut minute, mut total) = (0, 0.0);
        let mut readings = vec![sample(0, 0.0)];
        for (elapsed, rise) in steps {
            minute += elapsed;
            total += rise;
            readings.push(sample(minute, total));
        }
        #[expect(clippy::cast_possible_truncation, reason = "a minute of a short test series")]
        let cut = ((minute as f64 * cut) as i64).clamp(1, minute - 1);
        let whole = known(&readings, 0, minute).unwrap().energy.import.0;
        let parts = known(&readings, 0, cut).unwrap().energy.import.0
            + known(&readings, cut, minute).unwrap().energy.import.0;
        prop_assert!((whole - parts).abs() < 1e-9);
        prop_assert!((whole - total).abs() < 1e-9);
    }
}
