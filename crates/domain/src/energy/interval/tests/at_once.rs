//! Readings that waited somewhere and came at once.

use super::*;

/// Messages without a time that a broker has kept come all at once, and have the time at which they came.
#[test]
fn readings_that_waited_and_came_at_once_count_in_full() {
    let rules = Rules {
        rated: None,
        step_kwh: 0.001,
        step_is_stated: false,
        poll: TimeDelta::seconds(5),
        ..rules()
    };
    let mut wrong = Vec::new();
    for (from, waited) in (0..30).flat_map(|from| (2..12).map(move |waited| (from, waited))) {
        let (mut reads, mut wh) = (Vec::new(), 710_000_000_i64);
        for n in 0..40_i64 {
            let waits = (from..from + waited).contains(&n);
            let came = if waits { 5_000 * (from + waited) + n - from - 100 } else { 5_000 * n };
            let at = start() + TimeDelta::milliseconds(came);
            wh += 1 + (n * 7 + 350) % 9;
            let total_energy_kwh = Some(wh as f64 / 1_000.0);
            let values = Values { total_energy_kwh, ..Values::default() };
            reads.push(Read { at, quality: Quality::Good, is_estimate: false, values });
        }
        let folded = fold(&rules, None, &reads, &quarters(1));
        let risen =
            reads[39].values.total_energy_kwh.unwrap() - reads[0].values.total_energy_kwh.unwrap();
        if (sum(&folded) - risen).abs() > 1e-9 {
            wrong.push((from, waited, sum(&folded), risen, folded.quarantined.len()));
        }
    }
    assert!(wrong.is_empty(), "{} {wrong:?}", wrong.len());
}

/// A reactive register that is read each second counts from its first reading on: nothing of it is an outlier.
#[test]
fn a_register_that_is_read_each_second_is_believed_at_once() {
    let second = |n: i64, of_hour: f64, from: f64| from + n as f64 / 3_600.0 * of_hour;
    for seconds in [3, 6, 7, 30, 455, 880] {
        let reads: Vec<Read> = (1..=seconds)
            .map(|n| Read {
                at: start() + TimeDelta::seconds(n),
                values: Values {
                    active_power_kw: Some(40.0),
                    total_energy_kwh: Some(second(n, 40.0, 100_000.0)),
                    reactive_energy_import_kvarh: Some(second(n, 12.0, 20_000.0)),
                    ..Values::default()
                },
                ..total(0, 0.0)
            })
            .collect();
        let rules =
            Rules { poll: TimeDelta::seconds(1), step_is_stated: false, rated: None, ..rules() };
        let folded = fold(&rules, None, &reads, &quarters(1));
        assert_eq!(folded.outliers.first(), None, "{seconds}");
        let counted = folded.intervals[0].reactive_import_kvarh;
        let right = (seconds - 1) as f64 / 300.0;
        assert!((counted - right).abs() < 1e-6, "{seconds}: {counted} instead of {right}");
    }
}
