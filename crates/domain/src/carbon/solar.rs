//! What becomes of solar energy: used on the site, or exported.

use crate::Kwh;

/// Solar energy of one source in a quarter-hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Used on the site.
    pub self_consumed: Kwh,
    /// Gone to the grid.
    pub exported: Kwh,
}

/// Splits what the sources of a site produced in a quarter-hour in which the site exported so much:
/// exported solar energy is the lesser of the two, shared by production.
pub fn split(produced: &[Kwh], site_export: Kwh) -> Vec<Split> {
    let all: f64 = produced.iter().map(|kwh| kwh.0.max(0.0)).sum();
    let share = if all > 0.0 { (site_export.0.max(0.0) / all).min(1.0) } else { 0.0 };
    let of = |kwh: &Kwh| {
        let exported = Kwh(kwh.0.max(0.0) * share);
        Split { self_consumed: Kwh(kwh.0.max(0.0)) - exported, exported }
    };
    produced.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn export_is_shared_by_production_and_is_never_more_than_it() {
        let split_of = |export| split(&[Kwh(30.0), Kwh(10.0)], Kwh(export));
        let exported: Vec<_> = split_of(20.0).iter().map(|s| s.exported.0).collect();
        assert_eq!(exported, [15.0, 5.0]);
        assert!(split_of(100.0).iter().all(|s| s.self_consumed == Kwh::ZERO));
        assert_eq!(split(&[Kwh::ZERO], Kwh(5.0))[0].exported, Kwh::ZERO);
    }

    proptest! {
        #[test]
        fn what_is_used_and_what_is_exported_is_what_was_produced(
            produced in proptest::collection::vec(0.0..1e4_f64, 0..6),
            export in 0.0..1e4_f64,
        ) {
            let produced: Vec<Kwh> = produced.into_iter().map(Kwh).collect();
            let parts = split(&produced, Kwh(export));
            for (part, kwh) in parts.iter().zip(&produced) {
                prop_assert!(((part.self_consumed + part.exported).0 - kwh.0).abs() < 1e-9);
                prop_assert!(part.self_consumed.0 > -1e-9 && part.exported.0 >= 0.0);
            }
            let exported: f64 = parts.iter().map(|part| part.exported.0).sum();
            let all: f64 = produced.iter().map(|kwh| kwh.0).sum();
            prop_assert!((exported - all.min(export)).abs() < 1e-6);
        }
    }
}
