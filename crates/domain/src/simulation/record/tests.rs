#![expect(clippy::float_cmp, reason = "these values are exact")]

use proptest::prelude::*;

use super::*;
use crate::simulation::appliance::{CATALOGUE, find};

const CLEAR: Nature = Nature { seed: 42, clouds: 0.0 };
const METER: MeterId = MeterId(7);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn home(kind: ResourceType, profile: Profile, appliances: &[(&str, f64)]) -> Behind {
    let installed = |&(name, k): &(&str, f64)| Installed {
        appliance: find(name).unwrap(),
        consumption: k,
        production: k,
    };
    Behind {
        kind,
        appliances: appliances.iter().map(installed).collect(),
        profile,
        place: Place { latitude: 37.7749, longitude: -122.4194 },
        spikes: Vec::new(),
    }
}

fn start() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..40_000_000).prop_map(|minutes| DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes))
}

fn behind() -> impl Strategy<Value = Behind> {
    let appliances = prop::collection::vec((0..CATALOGUE.len(), 0.0..1_000.0_f64), 0..8);
    (appliances, any::<bool>(), any::<bool>()).prop_map(|(appliances, daily, prosumer)| {
        let named: Vec<_> = appliances.iter().map(|&(i, k)| (CATALOGUE[i].name, k)).collect();
        let kind = if prosumer { ResourceType::Prosumer } else { ResourceType::Consumer };
        home(kind, if daily { Profile::Daily } else { Profile::Flat }, &named)
    })
}

#[test]
fn a_flat_record_is_base_times_k_times_minutes() {
    let behind = home(ResourceType::Consumer, Profile::Flat, &[("Fridge", 0.5), ("Oven", 2.0)]);
    let energy = record(CLEAR, METER, &behind, at("2025-05-07T10:00:00Z"), 15);
    let expected = rounded((0.003_33 * 0.5 + 0.016_67 * 2.0) * 15.0);
    assert!((energy.consumption_kwh - expected).abs() < 1e-12);
    assert_eq!(energy.production_kwh, None);
}

#[test]
fn panels_follow_the_sun_and_their_factor() {
    let behind = |k| home(ResourceType::Prosumer, Profile::Flat, &[("Solar Panel", k)]);
    let made = |k, start| record(CLEAR, METER, &behind(k), at(start), 15).production_kwh.unwrap();
    assert_eq!(made(1.0, "2025-06-21T08:00:00Z"), 0.0);
    let noon = made(1.0, "2025-06-21T20:00:00Z");
    assert!((0.9 * 0.3..0.3).contains(&noon), "{noon}");
    assert!(made(1.0, "2025-12-21T20:00:00Z") < 0.6 * noon);
    assert!((made(3.0, "2025-06-21T20:00:00Z") - 3.0 * noon).abs() < 1e-8);
    let cloudy = Nature { clouds: 1.0, ..CLEAR };
    let cloudy = record(cloudy, METER, &behind(1.0), at("2025-06-21T20:00:00Z"), 15);
    assert!(cloudy.production_kwh.unwrap() < noon);
}

#[test]
fn a_spike_counts_for_the_time_that_it_lasts() {
    let start = at("2025-05-07T10:00:00Z");
    let mut behind = home(ResourceType::Prosumer, Profile::Flat, &[("AC", 1.0)]);
    let spike = |kind, size| Spike {
        kind,
        size,
        from: start + TimeDelta::minutes(5),
        to: start + TimeDelta::minutes(65),
    };
    behind.spikes = vec![
        spike(SpikeKind::Load, SpikeSize::Kw(6.0)),
        spike(SpikeKind::Source, SpikeSize::Kw(3.0)),
    ];
    let energy = record(CLEAR, METER, &behind, start, 15);
    assert!((energy.consumption_kwh - (0.375 + 1.0)).abs() < 1e-9);
    assert!((energy.production_kwh.unwrap() - 0.5).abs() < 1e-9);
    behind.spikes = vec![spike(SpikeKind::Load, SpikeSize::Factor(4.0))];
    let energy = record(CLEAR, METER, &behind, start, 15);
    assert!((energy.consumption_kwh - 0.375 * (1.0 + 3.0 * 10.0 / 15.0)).abs() < 1e-9);
    let after = record(CLEAR, METER, &behind, start + TimeDelta::minutes(65), 15);
    assert!((after.consumption_kwh - 0.375).abs() < 1e-9);
}

proptest! {
    #[test]
    fn a_record_made_again_is_the_same_and_its_supply_is_plausible(behind in behind(), start in start()) {
        let energy = record(CLEAR, METER, &behind, start, 15);
        prop_assert_eq!(energy, record(CLEAR, METER, &behind, start, 15));
        prop_assert!((0.8..=1.0).contains(&energy.power_factor));
        prop_assert!((230.0..=250.0).contains(&energy.voltage));
        prop_assert_eq!(energy.production_kwh.is_some(), behind.kind == ResourceType::Prosumer);
        let kvah = energy.consumption_kwh / energy.power_factor;
        let kvarh = (kvah.powi(2) - energy.consumption_kwh.powi(2)).max(0.0).sqrt();
        prop_assert!((kvarh - energy.consumption_kvarh).abs() <= 1e-9 * kvarh.max(1.0));
    }

    #[test]
    fn an_hour_is_the_sum_of_its_quarters_and_minutes(behind in behind(), hours in 0_i64..600_000) {
        let start = DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        let whole = record(CLEAR, METER, &behind, start, 60);
        for minutes in [15, 1] {
            let parts = (0..60 / minutes).map(|i| {
                let from = start + TimeDelta::minutes(i64::from(i * minutes));
                record(CLEAR, METER, &behind, from, minutes)
            });
            let (mut drawn, mut made) = (0.0, 0.0);
            for part in parts {
                drawn += part.consumption_kwh;
                made += part.production_kwh.unwrap_or_default();
            }
            prop_assert!((drawn - whole.consumption_kwh).abs() < 1e-6);
            prop_assert!((made - whole.production_kwh.unwrap_or_default()).abs() < 1e-6);
        }
    }

    #[test]
    fn factors_of_nought_record_noughts(mut behind in behind(), start in start()) {
        for installed in &mut behind.appliances {
            (installed.consumption, installed.production) = (0.0, 0.0);
        }
        let energy = record(CLEAR, METER, &behind, start, 15);
        prop_assert_eq!((energy.consumption_kwh, energy.consumption_kvarh), (0.0, 0.0));
        prop_assert_eq!(energy.production_kwh.unwrap_or_default(), 0.0);
    }

    #[test]
    fn a_parent_is_the_sum_of_its_children_and_registers_follow(
        homes in prop::collection::vec(behind(), 1..6), start in start(),
    ) {
        let (mut parent, mut below) = (Registers::default(), vec![Registers::default(); homes.len()]);
        for quarter in 0..8 {
            let from = start + TimeDelta::minutes(15 * quarter);
            let energies: Vec<_> = (0_i64..)
                .zip(&homes)
                .map(|(i, home)| record(CLEAR, MeterId(i), home, from, 15))
                .collect();
            for (registers, energy) in below.iter_mut().zip(&energies) {
                *registers = registers.after(energy);
            }
            let all = sum(&energies).unwrap();
            prop_assert!((0.8 - 1e-9..=1.0 + 1e-9).contains(&all.power_factor));
            parent = parent.after(&all);
        }
        let total = |of: fn(&Registers) -> f64| below.iter().map(of).sum::<f64>();
        prop_assert!((parent.import_kwh - total(|r| r.import_kwh)).abs() < 1e-6);
        prop_assert!((parent.import_kvarh - total(|r| r.import_kvarh)).abs() < 1e-6);
        let made = total(|r| r.export_kwh.unwrap_or_default());
        prop_assert!((parent.export_kwh.unwrap_or_default() - made).abs() < 1e-6);
        prop_assert_eq!(Registers::of(&parent.values()), Some(parent));
    }
}

#[test]
fn nothing_below_is_no_record() {
    assert_eq!(sum(&[]), None);
}
