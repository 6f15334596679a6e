//! Silences, and what is guessed of them.

use super::*;

#[test]
fn a_counter_that_stood_still_for_long_leaves_nothing_to_be_placed() {
    let reads: Vec<Read> = (0..=12)
        .map(|n| {
            let mut read = total(5 * n, 100.0 + 5.0 * f64::from(i32::try_from(n).unwrap()));
            read.values.energy_export_kwh = (n % 12 == 0).then_some(7.0);
            read
        })
        .collect();
    let folded = fold(&rules(), None, &reads, &quarters(4));
    assert_eq!(flagged(&folded, Flags::GAP), Vec::<usize>::new());
    assert_eq!(imports(&folded), [15.0; 4]);
}

#[test]
fn in_a_gap_energy_is_real_and_its_place_is_estimated() {
    let reads = [total(0, 100.0), total(5, 101.0), total(55, 111.0), total(60, 112.0)];
    let folded = fold(&rules(), None, &reads, &quarters(4));
    assert!((sum(&folded) - 12.0).abs() < 1e-9);
    assert_eq!(flagged(&folded, Flags::GAP), [0, 1, 2, 3]);
    assert!(folded.intervals[1].coverage.abs() < 1e-9);
    assert_eq!(folded.intervals[1].estimated, folded.intervals[1].import);
    assert_eq!(folded.intervals[1].quality, Quality::Estimated);
    assert!((folded.intervals[0].coverage - 5.0 / 15.0).abs() < 1e-9);
}
