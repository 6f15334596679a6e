use proptest::prelude::*;

use super::*;

mod arbitrary;
mod at_once;
mod estimates;
mod falls;
mod gaps;
mod tracks;

fn start() -> DateTime<Utc> {
    "2026-05-05T10:00:00Z".parse().unwrap()
}

fn minute(minutes: i64) -> DateTime<Utc> {
    start() + TimeDelta::minutes(minutes)
}

fn rules() -> Rules {
    Rules {
        register: None,
        net: false,
        step_kwh: 0.01,
        step_is_stated: true,
        modulus_kwh: None,
        rated: Some(Kw(100.0)),
        poll: TimeDelta::minutes(5),
        cadences: Cadences::default(),
        event_driven: false,
        diesel: DieselRegister::Increment,
        exchanges: Vec::new(),
        decisions: Decisions::default(),
        anew: BTreeSet::new(),
    }
}

/// What somebody decided about a step of the total register: what it showed before and then, and the step.
fn decided(minutes: i64, decision: Decision, [previous, value, delta]: [f64; 3]) -> Decisions {
    let mut decisions = Decisions::default();
    let step = Stepped { previous, value, delta };
    decisions.note(minute(minutes), Field::TotalEnergyKwh, step, decision);
    decisions
}

fn total(minutes: i64, kwh: f64) -> Read {
    let values = Values { total_energy_kwh: Some(kwh), ..Values::default() };
    Read { at: minute(minutes), quality: Quality::Good, is_estimate: false, values }
}

fn power(minutes: i64, kw: f64) -> Read {
    let values = Values { active_power_kw: Some(kw), ..Values::default() };
    Read { at: minute(minutes), quality: Quality::Good, is_estimate: false, values }
}

/// Readings five minutes apart.
fn reads(shown: &[f64]) -> Vec<Read> {
    (0..).step_by(5).zip(shown).map(|(minutes, kwh)| total(minutes, *kwh)).collect()
}

/// Quarter-hours from ten o'clock.
fn quarters(count: i64) -> Vec<DateTime<Utc>> {
    (0..=count).map(|quarter| minute(quarter * 15)).collect()
}

fn imports(folded: &Folded) -> Vec<f64> {
    folded.intervals.iter().map(|i| (i.import.0 * 1e6).round() / 1e6).collect()
}

fn sum(folded: &Folded) -> f64 {
    folded.intervals.iter().map(|interval| interval.import.0).sum()
}

fn flagged(folded: &Folded, flag: Flags) -> Vec<usize> {
    let all = folded.intervals.iter().enumerate();
    all.filter(|(_, interval)| interval.flags.has(flag)).map(|(index, _)| index).collect()
}

#[test]
fn a_register_is_shared_out_in_proportion_to_time() {
    let folded =
        fold(&rules(), None, &[total(0, 100.0), total(10, 110.0), total(25, 125.0)], &quarters(2));
    assert_eq!(imports(&folded), [15.0, 10.0]);
    assert!((folded.intervals[1].coverage - 10.0 / 15.0).abs() < 1e-9);
    assert_eq!(folded.smallest_rise, Some(Rise { kwh: 10.0, at: minute(10) }));
    assert_eq!(folded.first, Some((minute(0), ImportRegister::Total)));
}

#[test]
fn power_between_two_readings_of_a_register_tells_where_its_energy_lies() {
    let reads = [
        Read {
            values: Values { active_power_kw: Some(0.0), ..total(0, 100.0).values },
            ..total(0, 0.0)
        },
        power(15, 0.0),
        power(15, 0.0),
        power(16, 40.0),
        Read {
            values: Values { active_power_kw: Some(40.0), ..total(30, 109.0).values },
            ..total(30, 0.0)
        },
    ];
    let folded = fold(&rules(), None, &reads, &quarters(2));
    assert_eq!(imports(&folded), [0.0, 9.0]);
}

#[test]
fn a_reset_is_counted_from_zero() {
    let reads = reads(&[48_211.0, 48_212.0, 0.5, 1.5, 2.0, 2.5]);
    let folded = fold(&rules(), None, &reads, &quarters(2));
    assert_eq!(imports(&folded), [2.5, 1.0]);
    assert_eq!(flagged(&folded, Flags::RESET), [0]);
}

#[test]
fn a_rollover_is_counted_through_the_modulus_where_that_is_plausible() {
    let rules = Rules { modulus_kwh: Some(100_000.0), ..rules() };
    let folded = fold(&rules, None, &reads(&[99_999.0, 1.0, 2.0, 3.0, 4.0]), &quarters(2));
    assert_eq!(imports(&folded), [4.0, 1.0]);
    assert_eq!(flagged(&folded, Flags::ROLLOVER), [0]);
    let far = reads(&[48_317.5, 0.0, 2.0, 3.0, 4.0]);
    assert_eq!(flagged(&fold(&rules, None, &far, &quarters(2)), Flags::RESET), [0]);
}

fn exchange(minutes: i64, [old_final_kwh, new_initial_kwh]: [f64; 2]) -> Exchange {
    Exchange { at: minute(minutes), old_final_kwh, new_initial_kwh, register: None }
}

#[test]
fn an_exchange_joins_the_old_register_to_the_new_one() {
    let exchange = exchange(7, [501.0, 20.0]);
    let rules = Rules { exchanges: vec![exchange], ..rules() };
    let reads = [total(0, 500.0), total(10, 22.0), total(14, 23.0)];
    let folded = fold(&rules, None, &reads, &quarters(1));
    assert_eq!(imports(&folded), [4.0]);
    assert_eq!(flagged(&folded, Flags::EXCHANGE), [0]);
}

#[test]
fn an_exchange_at_the_first_reading_says_where_the_new_register_began() {
    let exchange = exchange(0, [500.0, 0.0]);
    let rules = Rules { exchanges: vec![exchange], ..rules() };
    let folded = fold(&rules, None, &[total(0, 500.0), total(10, 3.0)], &quarters(1));
    assert_eq!(imports(&folded), [3.0]);
    assert!(folded.quarantined.is_empty() && flagged(&folded, Flags::RESET).is_empty());

    let before = Exchange { at: minute(-5), ..exchange };
    let rules = Rules { exchanges: vec![before], ..rules };
    let folded = fold(&rules, None, &[total(0, 2.0), total(10, 5.0)], &quarters(1));
    assert_eq!(imports(&folded), [3.0], "what was before the first reading is not known");
}

#[test]
fn readings_add_up_over_a_day_as_over_its_quarter_hours() {
    let reads: Vec<Read> = (0..96)
        .flat_map(|n| [power(n * 15 + 4, 3.0 + (n % 5) as f64), total(n * 15 + 11, 0.9 * n as f64)])
        .collect();
    let whole = [minute(0), minute(96 * 15)];
    let of_quarters = fold(&rules(), None, &reads, &quarters(96));
    assert!((sum(&fold(&rules(), None, &reads, &whole)) - sum(&of_quarters)).abs() < 1e-9);
}

#[test]
fn a_fall_that_the_next_reading_takes_back_is_left_out() {
    let reads = [total(0, 500.0), total(5, 0.0), total(10, 501.0)];
    let folded = fold(&rules(), None, &reads, &quarters(1));
    assert_eq!(imports(&folded), [1.0]);
    assert_eq!(flagged(&folded, Flags::GLITCH), [0]);
}

#[test]
fn a_jump_that_the_next_reading_takes_back_is_left_out() {
    let reads = [total(0, 500.0), total(5, 90_000.0), total(10, 501.0)];
    let folded = fold(&rules(), None, &reads, &quarters(1));
    assert_eq!(imports(&folded), [1.0]);
    assert_eq!(flagged(&folded, Flags::GLITCH), [0]);
    assert!(folded.quarantined.is_empty());
}

#[test]
fn noise_counts_nothing_and_never_twice() {
    let reads = [total(0, 500.0), total(5, 499.99), total(10, 500.0), total(14, 500.05)];
    let folded = fold(&rules(), None, &reads, &quarters(1));
    assert_eq!(imports(&folded), [0.05]);
    assert_eq!(flagged(&folded, Flags::NOISE), [0]);
}

#[test]
fn a_jump_that_stays_is_quarantined_until_someone_accepts_it() {
    let shown = reads(&[500.0, 9_500.0, 9_501.0, 9_502.0, 9_503.0]);
    let folded = fold(&rules(), None, &shown, &quarters(2));
    assert_eq!(imports(&folded), [2.0, 1.0]);
    assert_eq!(flagged(&folded, Flags::QUARANTINED), [0]);
    assert_eq!(folded.quarantined.len(), 1);
    let step = folded.quarantined[0];
    assert_eq!(
        (step.at, step.previous, step.delta, step.decision),
        (minute(5), 500.0, 9_000.0, None)
    );
    assert!((step.plausible - (1.25 * 100.0 * 5.0 / 60.0 + 0.02)).abs() < 1e-9);

    let decisions = decided(5, Decision::Accept, [500.0, 9_500.0, 9_000.0]);
    let rules = Rules { decisions, ..rules() };
    let folded = fold(&rules, None, &shown, &quarters(2));
    assert_eq!(imports(&folded), [9_002.0, 1.0]);
    assert_eq!(folded.quarantined[0].decision, Some(Decision::Accept));

    let another = reads(&[500.0, 800_000.0, 800_001.0, 800_002.0, 800_003.0]);
    let folded = fold(&rules, None, &another, &quarters(2));
    assert_eq!(imports(&folded), [2.0, 1.0], "it was another step that was accepted");
    assert_eq!(folded.quarantined[0].decision, None);
}

#[test]
fn what_a_person_rejected_never_counts_whatever_the_other_rules_allow() {
    let rejected = |step| {
        let decisions = decided(5, Decision::Reject, step);
        Rules { rated: Some(Kw(100_000.0)), decisions, ..rules() }
    };
    let larger = rejected([500.0, 530.0, 30.0]);
    let rise = reads(&[500.0, 530.0, 531.0, 532.0]);
    let smaller = Rules { rated: Some(Kw(100.0)), ..larger.clone() };
    let net = Rules { net: true, register: Some(ImportRegister::Total), ..larger.clone() };
    for rules in [larger.clone(), smaller, net] {
        let folded = fold(&rules, None, &rise, &quarters(1));
        assert_eq!((imports(&folded), flagged(&folded, Flags::QUARANTINED)), (vec![2.0], vec![0]));
        assert_eq!(folded.quarantined[0].decision, Some(Decision::Reject));
    }

    let taken_back = reads(&[500.0, 530.0, 501.0]);
    let folded = fold(&larger, None, &taken_back, &quarters(1));
    assert_eq!((imports(&folded), flagged(&folded, Flags::GLITCH)), (vec![1.0], vec![0]));

    let fall = reads(&[9_000.0, 30.0, 31.0]);
    let larger = rejected([9_000.0, 30.0, 30.0]);
    let wraps = Rules { modulus_kwh: Some(10_000.0), ..larger.clone() };
    for rules in [larger, wraps] {
        let folded = fold(&rules, None, &fall, &quarters(1));
        assert_eq!(imports(&folded), [1.0], "{rules:?}");
        assert_eq!(folded.quarantined[0].decision, Some(Decision::Reject));
    }
}

#[test]
fn a_rejected_step_that_was_mended_counts_again() {
    let decisions = decided(15, Decision::Reject, [1_010.0, 9_999.0, 8_989.0]);
    let rules = Rules { decisions, ..rules() };
    let first = [total(0, 1_000.0), total(5, 1_010.0)];
    let corrected = [total(15, 1_020.0), total(30, 1_030.0)];
    let late = [total(10, 9_989.0), total(15, 9_999.0), total(30, 10_009.0)];
    let of = |rules: &Rules, then: &[Read]| {
        sum(&fold(rules, None, &[&first, then].concat(), &quarters(3)))
    };
    // Of the late readings, the step lies before it now.
    assert_eq!(vec![of(&rules, &corrected), of(&rules, &late)], [30.0; 2]);
    let exchanges = vec![exchange(10, [1_015.0, 9_994.0])];
    let rules = Rules { exchanges, ..rules };
    assert_eq!(vec![of(&rules, &late[1..])], [30.0]);
}

#[test]
fn a_register_that_wraps_never_shows_its_modulus() {
    let rules = Rules { modulus_kwh: Some(1_000.0), rated: None, ..rules() };
    let shown = [982.0, 984.0, 986.0, 988.0, 990.0, 992.0, 5_992.0, 996.0, 3.0, 5.0, 7.0];
    let slow: Vec<Read> = (0..).zip(shown).map(|(n, kwh)| total(n * 15, kwh)).collect();
    let folded = fold(&rules, None, &slow, &quarters(11));
    assert_eq!((vec![sum(&folded)], flagged(&folded, Flags::GLITCH)), (vec![25.0], vec![6]));
    assert_eq!(flagged(&folded, Flags::ROLLOVER), [8]);

    let rules = Rules { rated: Some(Kw(100_000.0)), ..rules };
    let stays = reads(&[990.0, 5_992.0, 5_994.0, 5_996.0, 5_998.0]);
    let folded = fold(&rules, None, &stays, &quarters(2));
    assert_eq!((imports(&folded), folded.quarantined.len()), (vec![4.0, 2.0], 1));
    assert_eq!(folded.quarantined[0].plausible.to_bits(), 10.0_f64.to_bits());
    assert_eq!(folded.quarantined[0].kind, Question::Step, "its power is below the rated one");
}

#[test]
fn how_finely_a_register_counts_shows_in_what_follows_each_other_whatever_is_believed() {
    let reads = [total(0, 500.0), total(5, 499.99), total(10, 500.01), total(14, 500.05)];
    let folded = fold(&rules(), None, &reads, &quarters(1));
    let rise = folded.smallest_rise.unwrap();
    assert_eq!((rise.kwh, rise.at), (0.02, minute(10)));
    let cut = fold(&rules(), None, &reads[..2], &[minute(0), minute(10)]);
    let cut = fold(&rules(), Some(&cut.intervals[0].carry), &reads[2..], &[minute(10), minute(15)]);
    assert_eq!(cut.smallest_rise, Some(rise));
}

#[test]
fn without_a_register_power_is_integrated_and_never_across_a_gap() {
    let reads =
        [power(0, 40.0), power(15, 40.0), power(20, -40.0), power(50, 10.0), power(60, 10.0)];
    let folded = fold(&rules(), None, &reads, &quarters(4));
    assert!((imports(&folded)[0] - 10.0).abs() < 1e-9);
    let second = &folded.intervals[1];
    assert!((second.import.0 - 40.0 / 2.0 * 2.5 / 60.0).abs() < 1e-9);
    assert_eq!(second.import, second.export);
    assert!((second.coverage - 5.0 / 15.0).abs() < 1e-9);
    assert_eq!(folded.intervals[2].import, Kwh::ZERO);
    assert_eq!(flagged(&folded, Flags::INTEGRATED), [0, 1, 3]);
}

#[test]
fn what_speaks_only_when_something_changes_goes_on_for_five_minutes() {
    let rules = Rules { event_driven: true, poll: TimeDelta::seconds(5), ..rules() };
    let folded = fold(&rules, None, &[power(0, 12.0), power(14, 12.0)], &quarters(1));
    assert!((folded.intervals[0].import.0 - 1.0).abs() < 1e-9);
    assert!((folded.intervals[0].coverage - 5.0 / 15.0).abs() < 1e-9);
}

#[test]
fn a_net_register_counts_its_falls_as_export() {
    let rules = Rules { net: true, register: Some(ImportRegister::Total), ..rules() };
    let folded = fold(&rules, None, &[total(0, 10.0), total(5, 8.0), total(10, 9.0)], &quarters(1));
    let interval = &folded.intervals[0];
    assert_eq!((interval.import, interval.export), (Kwh(1.0), Kwh(2.0)));
}

#[test]
fn litres_are_summed_as_stated_or_taken_from_a_counter() {
    let litres = |minutes, litres| {
        let values =
            Values { diesel_consumption_liters: Some(litres), ..total(minutes, 1.0).values };
        Read { values, ..total(minutes, 1.0) }
    };
    let reads = [litres(0, 280.0), litres(5, 3.0), litres(10, 4.0)];
    let increments = fold(&rules(), None, &reads, &quarters(1));
    assert_eq!(increments.intervals[0].diesel_litres, Some(287.0));
    let rules = Rules { diesel: DieselRegister::Cumulative, ..rules() };
    let counter = [litres(0, 280.0), litres(5, 283.0), litres(10, 287.0)];
    assert_eq!(fold(&rules, None, &counter, &quarters(1)).intervals[0].diesel_litres, Some(7.0));
}

#[test]
fn litres_count_where_they_were_burnt_when_a_row_stands_on_a_bound() {
    let litres = |minutes, litres| {
        let values =
            Values { diesel_consumption_liters: Some(litres), ..total(minutes, 1.0).values };
        Read { values, ..total(minutes, 1.0) }
    };
    let reads = [litres(0, 1.0), litres(15, 60.0), litres(20, 2.0), litres(30, 7.0)];
    let of = |folded: Folded| -> Vec<Option<f64>> {
        folded.intervals.iter().map(|interval| interval.diesel_litres).collect()
    };
    let whole = fold(&rules(), None, &reads, &quarters(2));
    // Before the first row there is nothing that it could count in.
    assert_eq!(of(whole.clone()), [Some(61.0), Some(9.0)]);
    // Folded on from a bound, each counts once.
    let carry = &whole.intervals[0].carry;
    let second = fold(&rules(), Some(carry), &reads[1..], &quarters(2)[1..]);
    assert_eq!(of(second), [Some(9.0)]);
}

#[test]
fn a_generator_is_started_when_its_power_rises_from_nothing() {
    let reads = [power(0, 0.0), power(5, 80.0), power(10, 80.0), power(12, 0.0), power(14, 60.0)];
    let folded = fold(&rules(), None, &reads, &quarters(1));
    assert_eq!(folded.intervals[0].starts, 2);
    assert!((folded.intervals[0].runtime_seconds - 7.0 * 60.0).abs() < 1e-9);
}

#[test]
fn voltages_and_power_factors_show_their_range() {
    let values = |v: f64, pf: f64| Values {
        voltage_l1: Some(v),
        power_factor: Some(pf),
        ..Values::default()
    };
    let read = |m, v, pf| Read {
        at: minute(m),
        quality: Quality::Good,
        is_estimate: false,
        values: values(v, pf),
    };
    let folded = fold(&rules(), None, &[read(0, 228.0, 0.9), read(5, 232.0, 0.8)], &quarters(1));
    assert_eq!(folded.intervals[0].voltage, Some(Spread { min: 228.0, mean: 230.0, max: 232.0 }));
    assert_eq!(folded.intervals[0].power_factor, Some((0.8, 0.9)));
}

#[test]
fn power_of_an_uncertain_time_is_no_energy_and_a_register_is() {
    let undated = |read: Read| Read { quality: Quality::Estimated, ..read };
    let backlog =
        [power(0, 4.0), undated(power(5, 900.0)), undated(power(5, 800.0)), power(10, 4.0)];
    let folded = fold(&rules(), None, &backlog, &quarters(1));
    assert_eq!(imports(&folded), [4.0 / 6.0].map(|kwh: f64| (kwh * 1e6).round() / 1e6));
    assert_eq!((folded.intervals[0].starts, folded.intervals[0].quality), (0, Quality::Estimated));
    assert_eq!(folded.intervals[0].power, Some((Kw(4.0), Kw(4.0))));
    let alone = fold(&rules(), None, &backlog[1..3], &quarters(1));
    assert_eq!((imports(&alone), alone.intervals[0].runtime_seconds), (vec![0.0], 0.0));
    assert_eq!(alone.intervals[0].power, None);
    let registers = [total(0, 100.0), undated(total(5, 107.0))];
    assert_eq!(imports(&fold(&rules(), None, &registers, &quarters(1))), [7.0]);
}
