use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::*;
use crate::energy::interval::{Rules, fold};
use crate::meters::ImportRegister;
use crate::meters::hierarchy::tests::meter;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}

fn rules() -> Rules {
    let meter =
        Meter { import_register: Some(ImportRegister::Import), ..meter(1, None, 0, "Main") };
    Rules { rated: Some(crate::Kw(1_000.0)), ..Rules::of(&meter, TimeDelta::seconds(20)) }
}

fn read(second: i64, import: f64, export: f64, power: f64) -> Read {
    let values = Values {
        energy_import_kwh: Some(import),
        energy_export_kwh: Some(export),
        active_power_kw: Some(power),
        reactive_power_kvar: Some(power / 2.0),
        voltage_l1: Some(230.0),
        ..Values::default()
    };
    Read { at: at(second), quality: Quality::Good, is_estimate: false, values }
}

fn minutes(reads: &[Read], count: i64) -> Vec<Interval> {
    let bounds: Vec<_> = (0..=count).map(|n| at(n * 60)).collect();
    fold(&rules(), None, reads, &bounds).intervals
}

/// Readings every 20 s whose registers rise by these steps, in kWh.
fn reads(steps: &[(f64, f64)], lost: std::ops::Range<usize>) -> Vec<Read> {
    let mut sum = (1000.0, 50.0);
    let mut all = vec![read(0, sum.0, sum.1, 0.0)];
    for (n, step) in steps.iter().enumerate() {
        sum = (sum.0 + step.0, sum.1 + step.1);
        let second = 20 * (i64::try_from(n).unwrap() + 1);
        all.push(read(second, sum.0, sum.1, (step.0 - step.1) * 180.0));
    }
    let kept = all.iter().enumerate().filter(|(n, _)| !lost.contains(n));
    kept.map(|(_, read)| read.clone()).collect()
}

fn derive(inputs: &[(f64, &[Read])], count: i64) -> (Vec<Point>, Registers) {
    let minutes: Vec<_> = inputs.iter().map(|(_, reads)| minutes(reads, count)).collect();
    let inputs: Vec<_> = inputs
        .iter()
        .zip(&minutes)
        .map(|(&(factor, reads), minutes)| Input {
            factor,
            minutes,
            last_read_at: None,
            reads,
            gap: rules().gap_limit(at(0)),
        })
        .collect();
    let mut registers = Registers::default();
    let points = points(&inputs, &mut registers);
    (points, registers)
}

#[test]
fn a_difference_goes_to_import_or_export_and_power_with_it() {
    let load = reads(&[(0.1, 0.0); 6], 0..0);
    let solar =
        reads(&[(0.05, 0.0), (0.05, 0.0), (0.05, 0.0), (0.2, 0.0), (0.2, 0.0), (0.2, 0.0)], 0..0);
    let (points, _) = derive(&[(1.0, &load), (-1.0, &solar)], 2);
    let shown: Vec<_> = points
        .iter()
        .map(|p| (p.at, p.values.energy_import_kwh.unwrap(), p.values.energy_export_kwh.unwrap()))
        .collect();
    assert_eq!(shown.len(), 2);
    assert!((shown[0].1 - 0.15).abs() < 1e-9 && shown[0].2 == 0.0);
    assert!((shown[1].1 - 0.15).abs() < 1e-9 && (shown[1].2 - 0.3).abs() < 1e-9);
    let last = &points[1];
    assert_eq!(last.quality, Quality::Derived);
    assert!((last.values.active_power_kw.unwrap() - (18.0 - 36.0)).abs() < 1e-9);
    let factor = last.values.power_factor.unwrap();
    assert!((factor + 1.0 / 1.25_f64.sqrt()).abs() < 1e-9, "{factor}");
    assert_eq!(last.values.voltage_l1, Some(230.0));
    assert_eq!(last.values.active_power_kw_l1, None);
}

#[test]
fn phases_are_summed_at_one_instant_where_every_input_has_them() {
    let with_phases = |second: i64, [l1, l2]: [f64; 2], l3: Option<f64>| {
        let mut read = read(second, 0.0, 0.0, l1 + l2);
        read.values.active_power_kw_l1 = Some(l1);
        read.values.active_power_kw_l2 = Some(l2);
        read.values.active_power_kw_l3 = l3;
        read
    };
    // The load rises by 6 kW a minute on phase 1, and the sun is read at other times.
    let load: Vec<_> = [0.0, 3.0, 6.0]
        .iter()
        .zip([0, 30, 60])
        .map(|(l1, s)| with_phases(s, [*l1, 4.0], Some(1.0)))
        .collect();
    let solar: Vec<_> = [-10, 15, 50, 70].map(|s| with_phases(s, [2.0, 7.0], None)).into();
    let (points, _) = derive(&[(1.0, &load), (-1.0, &solar)], 1);
    let last = &points.last().unwrap().values;
    assert_eq!((last.active_power_kw_l1, last.active_power_kw_l2), (Some(4.0), Some(-3.0)));
    assert_eq!(last.active_power_kw_l3, None, "the solar meter has no third phase");
}

#[test]
fn a_reset_of_an_input_is_not_energy() {
    let mut load = reads(&[(0.1, 0.0); 9], 0..0);
    for read in &mut load[5..] {
        read.values.energy_import_kwh = read.values.energy_import_kwh.map(|kwh| kwh - 1000.4);
    }
    let (points, _) = derive(&[(1.0, &load)], 3);
    let last = points.last().unwrap().values.energy_import_kwh.unwrap();
    assert!(last < 1.0, "{last}");
}

/// Import of the last point.
fn last_import(points: &[Point]) -> f64 {
    points.last().unwrap().values.energy_import_kwh.unwrap()
}

#[test]
fn while_an_input_is_not_known_the_sum_stands_still_and_begins_anew() {
    let load = reads(&[(0.2, 0.0); 240], 0..0);
    let mut solar = reads(&[(0.1, 0.0); 240], 31..90);
    for read in solar.iter_mut().filter(|read| read.at >= at(1800)) {
        read.values.energy_import_kwh = read.values.energy_import_kwh.map(|kwh| kwh + 7000.0);
    }
    // It is silent from the tenth minute to the thirtieth, and nobody believes what it shows then.
    let rules = Rules { rated: Some(crate::Kw(50.0)), ..rules() };
    let bounds: Vec<_> = (0..=80).map(|n| at(n * 60)).collect();
    let minutes = [&load, &solar].map(|reads| fold(&rules, None, reads, &bounds).intervals);
    let input = |factor, reads, minutes| Input {
        factor,
        minutes,
        last_read_at: None,
        reads,
        gap: rules.gap_limit(at(0)),
    };
    let inputs = [input(1.0, load.as_slice(), &minutes[0]), input(-1.0, &solar, &minutes[1])];
    let mut registers = Registers::default();
    let points = points(&inputs, &mut registers);
    let anew: Vec<_> = points.iter().filter(|point| point.is_anew).map(|point| point.at).collect();
    assert_eq!(anew, [at(1800)]);
    assert!(!points.iter().any(|point| point.at > at(600) && point.at < at(1800)));
    assert!((last_import(&points) - 60.0 * 0.3).abs() < 1e-9, "{}", last_import(&points));
    let reads: Vec<_> = points
        .iter()
        .map(|point| Read {
            at: point.at,
            quality: point.quality,
            is_estimate: false,
            values: point.values.clone(),
        })
        .collect();
    let rules = Rules { anew: anew.into_iter().collect(), ..rules };
    let whole = &fold(&rules, None, &reads, &[at(60), at(80 * 60)]).intervals[0];
    assert!((whole.import.0 - 59.0 * 0.3).abs() < 1e-9, "{}", whole.import.0);
    assert!((whole.coverage - 59.0 / 79.0).abs() < 1e-9, "{}", whole.coverage);
    assert!(whole.bridged_seconds < 1e-9);
    assert!(whole.flags.has(Flags::QUARANTINED));
}

#[test]
fn what_passed_in_a_gap_is_added_before_the_time_that_is_not_known() {
    let load = reads(&[(0.2, 0.0); 240], 0..0);
    let mut solar = reads(&[(0.1, 0.0); 240], 31..90);
    for read in solar.iter_mut().filter(|read| read.at > at(1800)) {
        read.values.energy_import_kwh = read.values.energy_import_kwh.map(|kwh| kwh + 7000.0);
    }
    let rules = Rules { rated: Some(crate::Kw(50.0)), ..rules() };
    let bounds: Vec<_> = (0..=80).map(|n| at(n * 60)).collect();
    let minutes = [&load, &solar].map(|reads| fold(&rules, None, reads, &bounds).intervals);
    let input = |factor, reads, minutes| Input {
        factor,
        minutes,
        last_read_at: None,
        reads,
        gap: rules.gap_limit(at(0)),
    };
    let inputs = [input(1.0, load.as_slice(), &minutes[0]), input(-1.0, &solar, &minutes[1])];
    let points = points(&inputs, &mut Registers::default());
    let seconds = points.iter().map(|point| point.at.timestamp());
    let marked: Vec<_> = seconds.filter(|second| (601..=1920).contains(second)).collect();
    assert_eq!(marked, [1800, 1860, 1920], "the end of the gap, and the end of what is not known");
    assert!((last_import(&points) - 79.0 * 0.3).abs() < 1e-9, "{}", last_import(&points));
}

#[test]
fn what_was_estimated_of_an_input_is_estimated_of_the_sum() {
    let load = reads(&[(0.2, 0.0); 90], 0..0);
    let mut solar = reads(&[(0.1, 0.0); 90], 0..0);
    for read in &mut solar[31..60] {
        (read.quality, read.is_estimate) = (Quality::Estimated, true);
    }
    let (points, _) = derive(&[(1.0, &load), (-1.0, &solar)], 30);
    let after = points.iter().filter(|point| point.at > at(600) && point.at <= at(1260));
    let found: Vec<_> = after.map(|point| (point.at, point.quality)).collect();
    assert_eq!(found, [(at(1200), Quality::Estimated), (at(1260), Quality::Derived)]);
}

#[test]
fn a_reading_that_inputs_share_between_two_gaps_has_a_point() {
    // All of it passed before the reading in the middle, at minute 40.
    let shape = |rise: f64| {
        let kwh = |minute: i64| rise * if minute < 40 { minute as f64 / 40.0 } else { 1.0 };
        let minutes = (0..=2).chain(std::iter::once(40)).chain(78..=80);
        minutes.map(|minute| read(minute * 60, kwh(minute), 0.0, 1.0)).collect::<Vec<_>>()
    };
    let (one, two) = (shape(10.0), shape(30.0));
    let alone = |found: &[Point]| {
        let inside = found.iter().filter(|point| point.at > at(120) && point.at < at(78 * 60));
        inside.map(|point| point.at).collect::<Vec<_>>()
    };
    let (points, _) = derive(&[(1.0, &one), (1.0, &two)], 80);
    assert_eq!(alone(&points), [at(40 * 60)]);
    let there = points.iter().find(|point| point.at == at(40 * 60)).unwrap();
    assert!((there.values.energy_import_kwh.unwrap() - 40.0).abs() < 1e-9);
    assert!((last_import(&points) - 40.0).abs() < 1e-9);

    // A reading of one of them alone tells nothing of the sum, and neither does one of power.
    let without: Vec<_> = two.iter().filter(|read| read.at != at(40 * 60)).cloned().collect();
    let mut of_power = two.clone();
    of_power[3].values = Values { active_power_kw: Some(1.0), ..Values::default() };
    for two in [without, of_power] {
        let (points, _) = derive(&[(1.0, &one), (1.0, &two)], 80);
        assert!(alone(&points).is_empty());
        assert!((last_import(&points) - 40.0).abs() < 1e-9);
    }
}

#[test]
fn a_gap_that_begins_in_the_first_minutes_is_not_told_for_being_looked_at_from_there() {
    let reads: Vec<_> = [20, 2_400].map(|second| read(second, 1.0, 0.0, 1.0)).into();
    let bounds: Vec<_> = (0..=3).map(|n| at(n * 60)).collect();
    let minutes =
        fold(&rules(), None, &[vec![read(0, 1.0, 0.0, 1.0)], reads.clone()].concat(), &bounds);
    let input = |last_read_at| Input {
        factor: 1.0,
        minutes: &minutes.intervals,
        last_read_at,
        reads: &reads,
        gap: rules().gap_limit(at(0)),
    };
    assert!(points(&[input(Some(at(0)))], &mut Registers::default()).is_empty());
}

#[test]
fn what_passes_while_one_of_the_inputs_is_always_in_a_gap_is_told_after_a_year() {
    let hours = |hours: &[i64]| -> Vec<_> {
        hours.iter().map(|hour| read(hour * 3_600, *hour as f64, 0.0, 1.0)).collect()
    };
    let one = hours(&[0, 300 * 24, 390 * 24]);
    let two = hours(&[0, 100 * 24, 390 * 24]);
    let (points, registers) = derive(&[(1.0, &one), (2.0, &two)], 370 * 24 * 60);
    let year = at(0) + LONGEST_WAIT;
    assert_eq!(points.iter().map(|point| point.at).collect::<Vec<_>>(), [year]);
    let passed = 3.0 * 365.0 * 24.0;
    assert!((last_import(&points) - passed).abs() < 1e-6, "{}", last_import(&points));
    assert!((registers.owed.0 - 3.0 * 5.0 * 24.0).abs() < 1e-6);
}

#[test]
fn two_of_utility_load_and_solar_give_the_third() {
    let (u, l, s) = (MeterId(1), MeterId(2), MeterId(3));
    let trio = Trio { utility: Some(u), load: Some(l), solar: Some(s) };
    assert_eq!(trio.missing(), None);
    assert_eq!(Trio { utility: None, ..trio }.missing(), Some([(l, 1.0), (s, -1.0)]));
    assert_eq!(Trio { load: None, ..trio }.missing(), Some([(s, 1.0), (u, 1.0)]));
    assert_eq!(Trio { solar: None, ..trio }.missing(), Some([(l, 1.0), (u, -1.0)]));
}

/// Import and export of 240 steps: drawn here, since proptest takes longer to draw that many than
/// deriving takes.
fn flows(seed: u64) -> Vec<(f64, f64)> {
    let mut chance = StdRng::seed_from_u64(seed);
    (0..240).map(|_| (chance.random_range(0.0..2.0), chance.random_range(0.0..1.0))).collect()
}

proptest! {
    #[test]
    fn registers_only_rise_and_keep_the_sum_with_no_points_in_gaps(
        seeds in any::<(u64, u64)>(),
        factor in -2.0..2.0_f64,
        lost in (10_usize..100, 0_usize..110).prop_map(|(from, length)| from..from + length),
    ) {
        let (a, b) = (flows(seeds.0), flows(seeds.1));
        let (one, two) = (reads(&a, lost.clone()), reads(&b, 0..0));
        let (points, registers) = derive(&[(1.0, &one), (factor, &two)], 80);
        let mut before = (0.0, 0.0);
        for point in &points {
            let now = (
                point.values.energy_import_kwh.unwrap(),
                point.values.energy_export_kwh.unwrap(),
            );
            prop_assert!(now.0 >= before.0 && now.1 >= before.1);
            before = now;
        }
        let net = |steps: &[(f64, f64)]| steps.iter().map(|step| step.0 - step.1).sum::<f64>();
        let expected = net(&a) + factor * net(&b);
        prop_assert!((before.0 - before.1 - expected).abs() < 1e-6);
        prop_assert_eq!(registers.owed, Kwh::ZERO);
        let silence = i64::try_from(lost.len() + 1).unwrap() * 20;
        if TimeDelta::seconds(silence) > rules().gap_limit(at(0)) {
            let first = i64::try_from(lost.start - 1).unwrap() * 20;
            let in_gap = |p: &&Point| p.at > at(first) && p.at < at(first + silence);
            prop_assert_eq!(points.iter().filter(in_gap).count(), 0);
        }
    }

    #[test]
    fn only_what_is_known_of_all_inputs_at_once_is_counted_and_covered(
        seeds in any::<(u64, u64)>(),
        lost in (10_usize..100, 0_usize..110).prop_map(|(from, length)| from..from + length),
        jumps in 1_usize..240,
    ) {
        let one = reads(&flows(seeds.0), lost);
        let mut two = reads(&flows(seeds.1), 0..0);
        for read in &mut two[jumps..] {
            read.values.energy_import_kwh = read.values.energy_import_kwh.map(|kwh| kwh + 1e6);
        }
        let bounds: Vec<_> = (0..=80).map(|n| at(n * 60)).collect();
        let minutes = [&one, &two].map(|reads| fold(&rules(), None, reads, &bounds).intervals);
        let input = |reads, minutes| Input { factor: 1.0, minutes, last_read_at: None, reads, gap: rules().gap_limit(at(0)) };
        let inputs = [input(one.as_slice(), minutes[0].as_slice()), input(&two, &minutes[1])];
        let points: Vec<_> = std::iter::once(first(at(0), &inputs))
            .chain(points(&inputs, &mut Registers::default()))
            .collect();
        let counted: Vec<_> = minutes[0]
            .iter()
            .zip(&minutes[1])
            .filter(|(one, two)| is_counted(one) && is_counted(two))
            .map(|(one, two)| (one.import - one.export + two.import - two.export).0)
            .collect();

        let read = |point: &Point| Read { at: point.at, quality: point.quality, is_estimate: false, values: point.values.clone() };
        let reads: Vec<_> = points.iter().map(read).collect();
        let anew = points.iter().filter(|point| point.is_anew).map(|point| point.at).collect();
        let whole = &fold(&Rules { anew, rated: None, ..rules() }, None, &reads, &[at(0), at(80 * 60)]).intervals[0];
        let net = (whole.import - whole.export).0;
        prop_assert!((net - counted.iter().sum::<f64>()).abs() < 1e-6);
        let seconds = 60.0 * f64::from(u32::try_from(counted.len()).unwrap());
        prop_assert!((whole.backed_seconds() - seconds).abs() < 1e-6);
    }
}

#[test]
fn minutes_without_a_point_wait_for_what_is_not_known_before_what_is_in_a_gap() {
    let steady = reads(&[(0.1, 0.0); 300], 0..0);
    let gap = reads(&[(0.1, 0.0); 300], 4..296);
    let silent = reads(&[(0.1, 0.0); 300], 4..301);
    let waits = |inputs: [&[Read]; 3]| {
        let minutes = inputs.map(|reads| minutes(reads, 50));
        let input = |n: usize| Input {
            factor: 1.0,
            minutes: &minutes[n],
            last_read_at: None,
            reads: inputs[n],
            gap: rules().gap_limit(at(0)),
        };
        waits(&[input(0), input(1), input(2)])
    };
    assert_eq!(waits([&steady, &gap, &gap]), (Waits::Gap, vec![1, 2]));
    assert_eq!(waits([&steady, &gap, &silent]), (Waits::Unknown, vec![2]));
}
