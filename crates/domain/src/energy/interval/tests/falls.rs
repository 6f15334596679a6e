//! Registers that fall, and instants at which two things are said at once.

#![expect(clippy::float_cmp, reason = "figures that are rounded to a millionth")]

use super::*;

fn unrated() -> Rules {
    Rules { rated: None, ..rules() }
}

fn counted(rules: &Rules, values: &[f64]) -> f64 {
    let folded = fold(rules, None, &reads(values), &quarters(4));
    (sum(&folded) * 1e6).round() / 1e6
}

#[test]
fn a_fall_from_which_the_register_could_rise_again_is_a_reset() {
    let rules = Rules { rated: Some(Kw(200.0)), ..rules() };
    assert_eq!(counted(&rules, &[20.0, 21.0, 10.0, 12.0, 14.0, 30.0, 31.0]), 32.0);
    // Back where it could have risen to before it rose twice from there, it never fell.
    assert_eq!(counted(&rules, &[20.0, 21.0, 10.0, 30.0, 31.0]), 11.0);
}

#[test]
fn a_device_that_goes_on_from_its_last_saved_value_counts_nothing_for_the_fall() {
    for rules in [rules(), unrated()] {
        let values = [1_290.0, 1_290.5, 1_291.0, 1_290.3, 1_290.5, 1_290.7, 1_292.0];
        let folded = fold(&rules, None, &reads(&values), &quarters(2));
        assert!((sum(&folded) - 2.7).abs() < 1e-6, "{}", sum(&folded));
        assert_eq!(flagged(&folded, Flags::QUARANTINED), [1]);
        assert_eq!(folded.quarantined[0].value, 1_290.3);
        // A rise that the next reading takes back was none, even if it comes later.
        let values = [1_290.0, 1_290.1, 1_290.03, 1_290.1, 1_290.2];
        let folded = fold(&rules, None, &reads(&values), &quarters(2));
        assert!((sum(&folded) - 0.2).abs() < 1e-6, "{}", sum(&folded));
        assert_eq!((flagged(&folded, Flags::GLITCH), folded.quarantined.len()), (vec![0], 0));
    }
    let far = [142_480.0, 142_482.0, 141_743.0, 141_745.0, 141_747.0, 141_749.0];
    assert_eq!(counted(&unrated(), &far), 8.0);
}

#[test]
fn without_a_rated_power_a_reset_counts_what_the_register_could_have_risen_by() {
    let rises = [80.0, 90.0, 100.0, 110.0, 120.0];
    assert_eq!(counted(&unrated(), &[&rises[..], &[8.0, 18.0, 28.0, 38.0]].concat()), 78.0);
    // Far more than it ever rose by.
    let rises = [898.0, 899.0, 900.0, 901.0, 902.0];
    assert_eq!(counted(&unrated(), &[&rises[..], &[700.0, 701.0, 702.0, 703.0]].concat()), 7.0);
    // One that has shown nothing yet is not believed, nor is a fall that goes back up at once.
    assert_eq!(counted(&unrated(), &[900.0, 8.0, 9.0, 10.0, 11.0]), 3.0);
    assert_eq!(counted(&unrated(), &[900.0, 901.0, 0.0, 902.0, 903.0]), 3.0);
}

#[test]
fn sampled_power_tells_what_may_be_counted_after_a_fall() {
    let with_power = |values: &[f64], kw: f64| {
        let mut reads = reads(values);
        for read in &mut reads {
            read.values.active_power_kw = Some(kw);
        }
        sum(&fold(&unrated(), None, &reads, &quarters(2)))
    };
    assert_eq!(with_power(&[900.0, 8.0, 9.0, 10.0, 11.0], 40.0), 11.0);
    assert_eq!(with_power(&[900.0, 80.0, 81.0, 82.0, 83.0], 40.0), 3.0);
}

#[test]
fn without_a_rated_power_a_rollover_moves_by_a_tenth_of_the_modulus_at_most() {
    let rules = |modulus| Rules { modulus_kwh: Some(modulus), ..unrated() };
    assert_eq!(counted(&rules(100_000.0), &[99_990.0, 99_995.0, 3.0, 8.0, 13.0, 18.0]), 28.0);
    assert_eq!(counted(&rules(100_000.0), &[99_995.0, 3.0, 8.0, 13.0, 18.0]), 23.0);
    assert_eq!(counted(&rules(100.0), &[95.0, 96.0, 15.0, 16.0, 17.0, 18.0]), 4.0);
}

#[test]
fn an_exchange_at_the_instant_of_a_reading_says_where_both_registers_stood() {
    let exchange = exchange(7, [500.0, 0.0]);
    let rules = Rules { exchanges: vec![exchange], ..unrated() };
    for at_the_exchange in [500.0, 0.0, 0.3] {
        let reads: Vec<Read> = [499.0, at_the_exchange, 2.0, 3.0, 4.0, 5.0]
            .into_iter()
            .zip([2, 7, 12, 17, 22, 32])
            .map(|(value, at)| total(at, value))
            .collect();
        let folded = fold(&rules, None, &reads, &quarters(3));
        assert!((sum(&folded) - 6.0).abs() < 1e-9, "{}", sum(&folded));
        assert!(folded.intervals.iter().all(|interval| interval.import.0.is_finite()));
    }
}

#[test]
fn an_old_figure_below_what_the_meter_had_shown_returns_nothing_when_it_is_accepted() {
    let exchange = exchange(7, [497.0, 0.0]);
    let decisions = decided(7, Decision::Accept, [500.0, 0.0, -3.0]);
    let reads = [total(0, 498.0), total(5, 500.0), total(10, 1.0)];
    let rules = Rules { exchanges: vec![exchange], ..rules() };
    let waits = fold(&rules, None, &reads, &quarters(1));
    assert_eq!((imports(&waits), waits.quarantined.len()), (vec![3.0], 1));
    assert_eq!(waits.quarantined[0].kind, Question::Exchange);
    let folded = fold(&Rules { decisions, ..rules }, None, &reads, &quarters(1));
    assert_eq!(imports(&folded), [3.0]);
    assert_eq!(folded.intervals[0].export, Kwh::ZERO);
}

/// A reading of both columns of import energy.
fn both(minutes: i64, total_kwh: f64, import_kwh: f64) -> Read {
    let mut read = total(minutes, total_kwh);
    read.values.energy_import_kwh = Some(import_kwh);
    read
}

#[test]
fn an_exchange_tells_only_of_the_column_whose_figures_it_has() {
    let exchange = Exchange { register: Some(ImportRegister::Import), ..exchange(7, [92.0, 0.0]) };
    let rules = |register| Rules { register: Some(register), exchanges: vec![exchange], ..rules() };
    let reads = [
        both(0, 7_000.0, 90.0),
        both(5, 7_001.0, 91.0),
        both(10, 70_000.0, 1.0),
        both(14, 70_002.0, 3.0),
    ];
    let by_import = fold(&rules(ImportRegister::Import), None, &reads, &quarters(1));
    assert_eq!(imports(&by_import), [5.0]);
    let by_total = fold(&rules(ImportRegister::Total), None, &reads, &quarters(1));
    assert_eq!(imports(&by_total), [3.0], "what passed around the exchange is not known");
    assert_eq!(flagged(&by_total, Flags::EXCHANGE), [0]);
    let backed = by_total.intervals[0].backed_seconds();
    assert!((backed - 9.0 * 60.0).abs() < 1e-9, "{backed}");
}

#[test]
fn the_export_of_a_new_meter_begins_where_it_stands() {
    let read = |minutes, import_kwh, export_kwh| {
        let mut read = both(minutes, 0.0, import_kwh);
        read.values.total_energy_kwh = None;
        read.values.energy_export_kwh = Some(export_kwh);
        read
    };
    let rules = Rules { exchanges: vec![exchange(7, [91.0, 0.0])], ..rules() };
    let reads = [
        read(0, 90.0, 305.0),
        read(5, 90.5, 305.5),
        read(10, 0.5, 2_006.0),
        read(14, 1.0, 2_007.0),
    ];
    let folded = fold(&rules, None, &reads, &quarters(1));
    assert_eq!(imports(&folded), [2.0]);
    assert!((folded.intervals[0].export.0 - 1.5).abs() < 1e-9, "{:?}", folded.intervals[0].export);
}

#[test]
fn a_column_that_comes_to_count_later_begins_where_it_stands() {
    let before = [both(0, 6_000.0, 1.0), both(5, 6_010.0, 6.0)];
    let by_total = Rules { register: Some(ImportRegister::Total), ..rules() };
    let carry = fold(&by_total, None, &before, &quarters(1)).intervals[0].carry.clone();
    let by_import = Rules { register: Some(ImportRegister::Import), ..rules() };
    let after = [both(15, 6_020.0, 9.0), both(20, 6_030.0, 11.0)];
    let folded = fold(&by_import, Some(&carry), &after, &[minute(15), minute(30)]);
    assert!((sum(&folded) - 2.0).abs() < 1e-9, "{}", sum(&folded));
    assert_eq!(flagged(&folded, Flags::RESET), [] as [usize; 0]);
}

#[test]
fn a_step_that_is_not_believed_leaves_its_time_unknown() {
    let rules = Rules { poll: TimeDelta::minutes(60), ..rules() };
    let reads = [total(-30, 1_000.0), total(30, 1_010.0), total(90, 9_999.0), total(150, 10_009.0)];
    let bounds: Vec<_> = (-2..12).map(|quarter| minute(quarter * 15)).collect();
    let folded = fold(&rules, None, &reads, &bounds);
    let hour = &folded.intervals[2..6];
    let kwh: f64 = hour.iter().map(|interval| interval.import.0).sum();
    let backed: f64 = hour.iter().map(Interval::backed_seconds).sum();
    assert!((kwh - 5.0).abs() < 1e-9, "{kwh}");
    assert!((backed - 1_800.0).abs() < 1e-9, "{backed}");
}

#[test]
fn a_net_meter_is_one_also_while_its_column_is_not_known_yet() {
    let rules = Rules { net: true, ..unrated() };
    let folded = fold(&rules, None, &reads(&[100.0, 110.0, 104.0]), &quarters(1));
    let interval = &folded.intervals[0];
    assert_eq!((interval.import, interval.export), (Kwh(10.0), Kwh(6.0)));
}
