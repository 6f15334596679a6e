use field_cases::{Input, Readings, Right};
use proptest::prelude::*;

use super::*;
use crate::meters::PhaseType;
use crate::meters::hierarchy::tests::meter;

fn at(seconds: i64) -> DateTime<Utc> {
    "2026-05-05T10:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(seconds)
}

fn sample(seconds: i64, total: Option<f64>, power: Option<f64>) -> HistorySample {
    HistorySample {
        at: at(seconds),
        total_kwh: total,
        import_kwh: None,
        export_kwh: None,
        power_kw: power,
        runtime_hours: None,
        is_computed: false,
    }
}

fn grid() -> Meter {
    Meter { rated_power_kw: Some(10_000.0), ..meter(1, None, 0, "Grid") }
}

fn trail() -> RegisterHistory {
    RegisterHistory::new(&grid(), TimeDelta::seconds(5))
}

/// A register that was set back, once that is believed.
const SET_BACK: [(i64, f64); 5] = [(0, 100.0), (60, 101.0), (120, 0.0), (180, 2.0), (1_080, 12.0)];

#[test]
fn energy_is_the_difference_of_interpolated_registers() {
    let mut trail = trail();
    for (second, register) in [(0, 100.0), (600, 110.0), (1200, 130.0)] {
        trail.push(&sample(second, Some(register), None)).unwrap();
    }
    let energy = trail.energy(at(300), at(900)).unwrap();
    assert!((energy.import.0 - 15.0).abs() < 1e-9);
    assert_eq!(energy.uncertain, Kwh::ZERO);
    assert!((energy.coverage - 1.0).abs() < 1e-9);
}

#[test]
fn a_meter_that_is_read_each_second_is_kept_sparsely_and_its_windows_are_exact() {
    let mut trail = trail();
    let register = |second: i64| (second * second) as f64 / 10_000.0;
    for second in 0..=1_200 {
        let at = at(second) + TimeDelta::milliseconds(400);
        trail.push(&HistorySample { at, ..sample(0, Some(register(second)), None) }).unwrap();
    }
    let interpolated =
        |second: i64| register(second - 1) + 0.6 * (register(second) - register(second - 1));
    for end in (605..=1_200).step_by(5) {
        let energy = trail.energy(at(end - 600), at(end)).unwrap();
        let right = interpolated(end) - interpolated(end - 600);
        assert!((energy.import.0 - right).abs() < 1e-9, "{end}: {energy:?}, not {right}");
        assert_eq!(energy.uncertain, Kwh::ZERO);
    }
    assert!(trail.recent.len() < 1_200 / 2, "{}", trail.recent.len());
    assert_eq!(trail.read_before(), Some(at(1_199) + TimeDelta::milliseconds(400)));
}

#[test]
fn an_instant_not_yet_reached_is_unknown() {
    let mut trail = trail();
    trail.push(&sample(0, Some(1.0), None)).unwrap();
    assert_eq!(trail.energy(at(0), at(10)), None);
}

#[test]
fn registers_that_come_after_power_begin_where_they_stand() {
    let mut trail =
        RegisterHistory::new(&Meter { import_register: None, ..grid() }, TimeDelta::seconds(5));
    let registers = |second, import, export| HistorySample {
        import_kwh: import,
        export_kwh: export,
        ..sample(second, None, Some(36.0))
    };
    trail.push(&registers(0, None, None)).unwrap();
    trail.push(&registers(5, Some(5000.0), None)).unwrap();
    trail.push(&registers(10, Some(5000.5), Some(800.0))).unwrap();
    trail.push(&registers(15, None, Some(800.5))).unwrap();
    trail.push(&registers(20, Some(5001.0), Some(800.75))).unwrap();
    let energy = trail.known(at(-3600), at(20)).unwrap().energy;
    assert_eq!((energy.import, energy.export), (Kwh(1.0), Kwh(0.75)));
}

#[test]
fn a_fall_makes_the_window_unknown_and_later_windows_known_again() {
    let mut trail = trail();
    for (second, register) in &SET_BACK[..4] {
        trail.push(&sample(*second, Some(*register), None)).unwrap();
    }
    assert_eq!(trail.last_at(), Some(at(60)), "it may yet go on from 101");
    let (second, register) = SET_BACK[4];
    trail.push(&sample(second, Some(register), None)).unwrap();
    assert_eq!(trail.energy(at(0), at(1_080)), None);
    assert_eq!(trail.energy(at(120), at(1_080)).map(|e| e.import), Some(Kwh(12.0)));
}

#[test]
fn readings_that_do_not_fit_the_register_are_passed_over() {
    for odd in [0.0, -1.0, 4_294_967.295] {
        let mut trail = trail();
        let registers = [(0, 1_234.5), (60, 1_234.51), (120, odd), (180, odd), (240, 1_234.52)];
        for (second, register) in registers {
            trail.push(&sample(second, Some(register), None)).unwrap();
        }
        let energy = trail.energy(at(0), at(240)).unwrap();
        assert!((energy.import.0 - 0.02).abs() < 1e-9, "{odd}: {energy:?}");
    }
}

#[test]
fn a_register_that_counts_both_ways_draws_when_it_rises_and_returns_when_it_falls() {
    let mut trail = RegisterHistory::new(
        &Meter { phase_type: Some(PhaseType::Net), ..meter(1, None, 0, "Grid") },
        TimeDelta::seconds(5),
    );
    for (second, register) in [(0, 100.0), (600, 110.0), (1200, 104.0), (1500, 104.5)] {
        trail.push(&sample(second, Some(register), None)).unwrap();
    }
    let energy = trail.energy(at(0), at(1500)).unwrap();
    assert_eq!((energy.import, energy.export), (Kwh(10.5), Kwh(6.0)));
    let half = trail.energy(at(0), at(900)).unwrap();
    assert_eq!((half.import, half.export), (Kwh(10.0), Kwh(3.0)));
}

#[test]
fn a_rise_that_cannot_have_flowed_makes_the_window_unknown() {
    let mut trail = RegisterHistory::new(
        &Meter { rated_power_kw: Some(100.0), ..meter(1, None, 0, "Grid") },
        TimeDelta::seconds(5),
    );
    for (second, register) in [(0, 1010.0), (900, 9999.0), (1800, 10_009.0), (2700, 10_019.0)] {
        trail.push(&sample(second, Some(register), None)).unwrap();
    }
    assert_eq!(trail.energy(at(0), at(2700)), None);
    assert_eq!(trail.energy(at(900), at(2700)).map(|energy| energy.import), Some(Kwh(20.0)));
}

#[test]
fn a_window_is_known_as_far_as_the_trail_has_passed_it() {
    let mut trail = trail();
    for second in [0, 300, 600, 900] {
        trail.push(&sample(second, Some(f64::from(i32::try_from(second).unwrap())), None)).unwrap();
    }
    let known = trail.known(at(300), at(1500)).unwrap();
    assert_eq!((known.from, known.to, known.energy.import), (at(300), at(900), Kwh(600.0)));
    assert!((known.energy.coverage - 0.5).abs() < 1e-9);
    assert_eq!(trail.known(at(900), at(1500)), None);
}

#[test]
fn of_a_window_with_a_fall_all_is_known_but_the_fall() {
    let mut trail = trail();
    for (second, register) in SET_BACK {
        trail.push(&sample(second, Some(register), None)).unwrap();
    }
    let known = trail.known(at(0), at(1_080)).unwrap();
    assert_eq!((known.energy.import, known.unknown), (Kwh(13.0), TimeDelta::seconds(60)));
    assert_eq!((known.from, known.to), (at(0), at(1_080)));
    let from_within = trail.known(at(90), at(1_080)).unwrap();
    assert_eq!((from_within.from, from_within.energy.import), (at(120), Kwh(12.0)));
}

#[test]
fn a_fall_within_two_steps_is_noise_and_counts_nothing_twice() {
    let mut trail = RegisterHistory::new(
        &Meter { register_step_kwh: Some(0.1), ..meter(1, None, 0, "Grid") },
        TimeDelta::seconds(5),
    );
    for (second, register) in [(0, 1000.0), (60, 999.9), (120, 1000.1)] {
        trail.push(&sample(second, Some(register), None)).unwrap();
    }
    assert!((trail.energy(at(0), at(120)).unwrap().import.0 - 0.1).abs() < 1e-9);
}

#[test]
fn an_end_inside_a_gap_widens_the_error_and_lowers_the_coverage() {
    let mut trail = trail();
    trail.push(&sample(0, Some(0.0), None)).unwrap();
    trail.push(&sample(3600, Some(60.0), None)).unwrap();
    let energy = trail.energy(at(1800), at(3600)).unwrap();
    assert!((energy.import.0 - 30.0).abs() < 1e-9);
    assert!((energy.uncertain.0 - 30.0).abs() < 1e-9);
    assert!(energy.coverage < 0.01);
    assert!(trail.is_estimated(at(900)));
}

#[test]
fn an_end_between_hourly_readings_widens_the_error_and_is_covered() {
    let mut trail = RegisterHistory::new(&grid(), TimeDelta::hours(1));
    trail.push(&sample(0, Some(0.0), None)).unwrap();
    trail.push(&sample(3600, Some(60.0), None)).unwrap();
    let energy = trail.energy(at(2700), at(3600)).unwrap();
    assert!((energy.uncertain.0 - 45.0).abs() < 1e-9);
    assert!((energy.coverage - 1.0).abs() < 1e-9);
}

#[test]
fn what_an_export_register_has_not_told_yet_is_no_figure() {
    let mut trail = trail();
    for minute in 0..=150 {
        let mut sample = sample(60 * minute, Some(100.0), None);
        sample.export_kwh = (minute % 60 == 1).then_some(if minute > 30 { 67.0 } else { 7.0 });
        trail.push(&sample).unwrap();
    }
    let told = |from: i64, to: i64| trail.told(at(60 * from), at(60 * to)).map(|told| told.export);
    assert!((told(90, 105).unwrap().0).abs() < 1e-9, "it was read at 121");
    assert!(told(120, 135).is_some(), "a little may be lacking");
    assert_eq!(told(130, 145), None);
    assert_eq!(trail.told_at(), Some(at(60 * 150)), "too far behind to be waited for");
    let known = trail.known(at(0), at(60 * 150)).unwrap();
    assert_eq!((known.to, known.told_to()), (at(60 * 150), at(60 * 121)));
}

#[test]
fn what_a_seldom_export_register_rose_by_passed_since_it_was_read_last() {
    let mut trail = trail();
    for minute in 0..=61 {
        let mut sample = sample(60 * minute, Some(100.0), None);
        sample.export_kwh = (minute % 60 == 1).then_some(if minute > 30 { 67.0 } else { 7.0 });
        trail.push(&sample).unwrap();
    }
    let of = |from: i64, to: i64| trail.energy(at(60 * from), at(60 * to)).unwrap().export.0;
    assert!((of(15, 61) - 46.0).abs() < 1e-9, "{}", of(15, 61));
    assert!((of(60, 61) - 1.0).abs() < 1e-9, "{}", of(60, 61));
    assert!((of(45, 60) - 15.0).abs() < 1e-9, "at quarter-hours too: {}", of(45, 60));
}

#[test]
fn without_a_register_power_is_integrated_but_not_across_a_gap() {
    let mut trail = trail();
    for (second, power) in [(0, 36.0), (10, 36.0), (20, -36.0)] {
        trail.push(&sample(second, None, Some(power))).unwrap();
    }
    let energy = trail.energy(at(0), at(20)).unwrap();
    assert!((energy.import.0 - (0.1 + 0.025)).abs() < 1e-9);
    assert!((energy.export.0 - 0.025).abs() < 1e-9);
    trail.push(&sample(100, None, Some(36.0))).unwrap();
    assert_eq!(trail.energy(at(0), at(100)), None);
}

#[test]
fn power_of_an_uncertain_time_is_not_integrated() {
    let mut trail = trail();
    let of = |seconds, quality, kw| {
        let values = Values { active_power_kw: Some(kw), ..Values::default() };
        HistorySample::of(at(seconds), quality, &values)
    };
    trail.push(&of(0, Quality::Good, 3.6)).unwrap();
    trail.push(&of(5, Quality::Estimated, 3600.0)).unwrap();
    trail.push(&of(10, Quality::Good, 3.6)).unwrap();
    let energy = trail.energy(at(0), at(10)).unwrap();
    assert!((energy.import.0 - 0.01).abs() < 1e-9, "{energy:?}");
}

#[test]
fn a_late_sample_is_refused() {
    let mut trail = trail();
    trail.push(&sample(10, Some(1.0), None)).unwrap();
    assert_eq!(trail.push(&sample(5, Some(0.5), None)), Err(Late));
}

proptest! {
    #[test]
    fn quarters_add_up_to_the_register_difference(
        rises in proptest::collection::vec((1_i64..1200, 0.0..5_000.0_f64), 2..200),
    ) {
        let mut trail = trail();
        let (mut second, mut register) = (0, 0.0);
        trail.push(&sample(0, Some(0.0), None)).unwrap();
        for (elapsed, kw) in rises {
            second += elapsed;
            register += kw * elapsed as f64 / 3600.0;
            trail.push(&sample(second, Some(register), None)).unwrap();
        }
        let last_quarter = second / 900 * 900;
        let first_quarter = (last_quarter - 900 * 90).max(0);
        let mut sum = 0.0;
        let mut start = first_quarter;
        while start < last_quarter {
            sum += trail.energy(at(start), at(start + 900)).unwrap().import.0;
            start += 900;
        }
        let whole = trail.energy(at(first_quarter), at(last_quarter)).unwrap().import.0;
        prop_assert!((sum - whole).abs() < 1e-6);
    }
}

fn seconds(seconds: f64) -> TimeDelta {
    TimeDelta::from_std(std::time::Duration::from_secs_f64(seconds)).unwrap()
}

/// The trail of a case, and what has passed by its end; none where only the stored figures know.
fn played(readings: &Readings) -> Option<Energy> {
    let number = |name: &str| readings.meter.get(name).and_then(serde_json::Value::as_f64);
    let meter = Meter {
        rated_power_kw: number("ratedPowerKw"),
        register_step_kwh: number("registerStepKwh"),
        register_modulus_kwh: number("registerModulusKwh"),
        import_register: None,
        ..grid()
    };
    let mut trail = RegisterHistory::new(&meter, seconds(readings.every));
    let (mut first, mut last) = (None, None);
    for reading in readings.each() {
        let value = |name: &str| reading.values.get(name).copied();
        let sample = HistorySample {
            at: at(0) + seconds(reading.seconds),
            import_kwh: value("energyImportKwh"),
            export_kwh: value("energyExportKwh"),
            ..sample(0, value("totalEnergyKwh"), value("activePowerKw"))
        };
        trail.push(&sample).ok()?;
        first.get_or_insert(sample.at);
        last = trail.last_at();
    }
    trail.energy(first?, last?)
}

#[test]
fn cases_from_the_field_show_what_is_right_or_leave_it_to_the_stored_figures() {
    let (mut wrong, mut known) = (Vec::new(), 0);
    for (name, case) in field_cases::all().unwrap() {
        let (Input::Readings(readings), Right { kwh: Some(kwh), .. }) = (&case.input, &case.right)
        else {
            continue;
        };
        let estimates = readings.each().iter().any(|reading| reading.quality.is_some());
        match played(readings).filter(|_| !estimates) {
            None => {}
            Some(energy) if (energy.import.0 - kwh).abs() <= 1e-6 * kwh.abs() + 1e-9 => known += 1,
            Some(energy) => wrong.push(format!("{name}: {energy:?}, not {kwh}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(known >= 28, "only {known} are shown before the quarter-hours are stored");
}
