use std::collections::{HashMap, HashSet};

use domain::Field;
use proptest::prelude::*;

use super::*;

fn at(local: &str) -> DateTime<Utc> {
    format!("{local}+05:30").parse().unwrap()
}

fn plant() -> Plant {
    Plant::new(92, at("2026-11-01T00:00:00"))
}

fn index(plant: &Plant, number: &str) -> usize {
    plant.meters().iter().position(|meter| meter.number == number).unwrap()
}

/// A week from Monday to Sunday, at an odd step so that instants fall anywhere in a minute.
fn week(plant: &Plant) -> Vec<(DateTime<Utc>, Snapshot)> {
    let (from, to) = (at("2026-11-09T00:00:00"), at("2026-11-16T00:00:00"));
    plant.history(steps(from, to, TimeDelta::seconds(307))).collect()
}

fn power(snapshot: &Snapshot, meter: usize) -> f64 {
    snapshot[meter].1.active_power_kw.unwrap()
}

fn energy(snapshot: &Snapshot, meter: usize) -> f64 {
    snapshot[meter].1.total_energy_kwh.unwrap()
}

/// Children of a meter, with the sign of what they take from its bus.
fn children(plant: &Plant, number: &str) -> Vec<(usize, f64)> {
    let below = |meter: &&PlantMeter| meter.parent == Some(number);
    let sign = |meter: &PlantMeter| if meter.feeds_parent { -1.0 } else { 1.0 };
    plant
        .meters()
        .iter()
        .filter(below)
        .map(|meter| (index(plant, meter.number), sign(meter)))
        .collect()
}

#[test]
fn the_tree_has_92_meters_on_five_levels_parents_first() {
    let plant = plant();
    let meters = plant.meters();
    assert_eq!(meters.len(), 92);
    let mut seen: HashMap<&str, i16> = HashMap::new();
    for meter in meters {
        let above = meter.parent.map(|parent| seen[parent]);
        assert_eq!(meter.level, above.map_or(0, |level| level + 1), "{}", meter.number);
        assert!(seen.insert(meter.number, meter.level).is_none());
    }
    assert_eq!(seen.values().collect::<HashSet<_>>().len(), 5);
    assert_eq!(meters.iter().map(|meter| meter.name).collect::<HashSet<_>>().len(), 92);
    assert!(meters.iter().all(|m| MeterType::KNOWN.contains(&m.meter_type.0.as_str())));
}

#[test]
fn what_enters_a_node_leaves_it_or_is_lost() {
    let plant = plant();
    let nodes: Vec<_> = plant
        .meters()
        .iter()
        .map(|meter| (index(&plant, meter.number), children(&plant, meter.number)))
        .filter(|(_, children)| !children.is_empty())
        .collect();
    assert_eq!(nodes.len(), 10);
    for (when, snapshot) in week(&plant) {
        for (node, children) in &nodes {
            let out: f64 = children.iter().map(|(i, sign)| power(&snapshot, *i) * sign).sum();
            let loss = power(&snapshot, *node) - out;
            let number = plant.meters()[*node].number;
            assert!(loss > 0.0, "{number} gains {loss} kW at {when}");
            let most = if number == "PC-001" { 0.11 } else { 0.04 };
            assert!(loss < most * power(&snapshot, *node), "{number} loses {loss} kW at {when}");
        }
    }
}

#[test]
fn registers_never_fall_and_count_the_power_shown() {
    let plant = plant();
    let from = at("2026-11-10T15:00:00");
    let walk = plant.history(steps(from, from + TimeDelta::hours(3), TimeDelta::seconds(1)));
    let mut walk = walk.peekable();
    let first = walk.peek().unwrap().1.clone();
    let mut last = first.clone();
    let mut integral = vec![0.0; first.len()];
    for (when, snapshot) in walk.skip(1) {
        for (i, sum) in integral.iter_mut().enumerate() {
            assert!(energy(&snapshot, i) >= energy(&last, i), "meter {i} at {when}");
            *sum += f64::midpoint(power(&snapshot, i), power(&last, i)) / 3600.0;
        }
        last = snapshot;
    }
    for (i, sum) in integral.iter().enumerate() {
        let counted = energy(&last, i) - energy(&first, i);
        assert!((counted - sum).abs() < 0.004 * sum + 0.01, "meter {i}: {counted} for {sum} kWh");
    }
}

#[test]
fn energy_balances_as_power_does() {
    let plant = plant();
    let week = week(&plant);
    let (first, last) = (&week[0].1, &week[week.len() - 1].1);
    let counted = |i: usize| energy(last, i) - energy(first, i);
    let share = |number: &str| {
        let node = index(&plant, number);
        let out: f64 = children(&plant, number).iter().map(|(i, sign)| counted(*i) * sign).sum();
        (counted(node) - out) / counted(node)
    };
    let unit_c = share("PC-001");
    assert!((0.085..0.105).contains(&unit_c), "Unit C loses {unit_c}");
    for number in ["GRID-001", "PS-001", "PMD-001", "SMD-001", "PA-001", "PB-001", "LIGHTS-001"] {
        let share = share(number);
        assert!((0.002..0.03).contains(&share), "{number} loses {share}");
    }
}

#[test]
fn the_sun_feeds_by_day_only_and_the_site_never_exports() {
    let plant = plant();
    let (grid, solar) = (index(&plant, "GRID-001"), index(&plant, "SOL-001"));
    let mut most: f64 = 0.0;
    for (when, snapshot) in week(&plant) {
        let hour = ((when + TimeDelta::minutes(330)).timestamp() / 3600) % 24;
        if !(6..18).contains(&hour) {
            assert!(power(&snapshot, solar).abs() < 1e-9, "{when}");
        }
        most = most.max(power(&snapshot, solar));
        assert!(power(&snapshot, grid) > 0.0, "{when}");
        assert_eq!(snapshot[grid].1.energy_export_kwh, Some(0.0));
    }
    assert!((130.0..260.0).contains(&most), "{most} kW at most");
}

#[test]
fn the_generator_covers_the_peaks_of_most_working_days() {
    let plant = plant();
    let generator = index(&plant, "DG-001");
    let mut days = HashSet::new();
    let mut running = 0;
    let week = week(&plant);
    for (when, snapshot) in &week {
        if power(snapshot, generator) > 0.0 {
            running += 1;
            days.insert((*when + TimeDelta::minutes(330)).date_naive());
        }
    }
    assert!((4..=6).contains(&days.len()), "{days:?}");
    assert!((10..120).contains(&running), "{running} of {}", week.len());
    let hours = |snapshot: &Snapshot| snapshot[generator].1.runtime_hours.unwrap();
    let counted = hours(&week[week.len() - 1].1) - hours(&week[0].1);
    let seen = f64::from(running) * 307.0 / 3600.0;
    assert!((counted - seen).abs() < 1.0, "{counted} h counted, {seen} h seen");
}

#[test]
fn a_working_afternoon_draws_about_550_kw_and_a_night_about_300() {
    let plant = plant();
    let inputs = ["GRID-001", "DG-001", "SOL-001"].map(|number| index(&plant, number));
    let input = |from: &str, hours: i64| {
        let from = at(from);
        let walk =
            plant.history(steps(from, from + TimeDelta::hours(hours), TimeDelta::minutes(1)));
        let powers: Vec<f64> =
            walk.map(|(_, all)| inputs.iter().map(|i| power(&all, *i)).sum()).collect();
        powers.iter().sum::<f64>() / powers.len() as f64
    };
    let (day, night) = (input("2026-11-19T14:00:00", 2), input("2026-11-19T01:00:00", 3));
    let sunday = input("2026-11-15T10:00:00", 3);
    assert!((530.0..585.0).contains(&day), "{day} kW by day");
    assert!((280.0..340.0).contains(&night), "{night} kW by night");
    assert!(sunday < 0.6 * day, "{sunday} kW on Sunday");
}

#[test]
fn voltage_current_and_power_factor_agree_with_the_power() {
    let plant = plant();
    let snapshot = &week(&plant)[100].1;
    for (meter, (_, values)) in plant.meters().iter().zip(snapshot) {
        let (p, pf) = (values.active_power_kw.unwrap(), values.power_factor.unwrap());
        let (u, i) = (values.voltage_l1.unwrap(), values.current_l1.unwrap());
        let phases = if meter.phase_type == PhaseType::Single { 1.0 } else { 3.0 };
        let apparent = phases * u * i / 1000.0;
        assert!((p - apparent * pf).abs() <= 0.1 * p.abs() + 1e-9, "{}", meter.number);
        assert!((0.0..=1.0).contains(&pf) && (220.0..245.0).contains(&u), "{}", meter.number);
        if let (Some(a), Some(b), Some(c)) =
            (values.active_power_kw_l1, values.active_power_kw_l2, values.active_power_kw_l3)
        {
            assert!((a + b + c - p).abs() < 1e-9, "{}", meter.number);
        }
        if let (Some(s), Some(line)) = (values.apparent_power_kva, values.voltage_l12) {
            let from_line = 3.0_f64.sqrt() * line * i / 1000.0;
            assert!((s - from_line).abs() <= 0.1 * s + 1e-9, "{}", meter.number);
        }
        assert!(p <= meter.rated_power_kw, "{} passes its rating", meter.number);
        assert_eq!(values.not_finite(), None);
    }
}

#[test]
fn the_same_seed_gives_the_same_plant_and_another_gives_another() {
    let instant = at("2026-11-05T10:17:42");
    let epoch = at("2026-11-01T00:00:00");
    let shown = |seed| Plant::new(seed, epoch).reading_at(0, instant).unwrap();
    assert_eq!(shown(1), shown(1));
    assert_ne!(shown(1), shown(2));
}

#[test]
fn walking_in_other_steps_ends_at_the_same_registers() {
    let plant = plant();
    let instant = at("2026-11-05T10:17:42");
    let (from, to) = (at("2026-11-04T10:00:42"), instant + TimeDelta::seconds(1));
    let (_, walked) = plant.history(steps(from, to, TimeDelta::seconds(60))).last().unwrap();
    for (i, values) in walked.into_iter().step_by(30) {
        assert_eq!(plant.reading_at(i, instant), Some(values));
    }
}

#[test]
fn nothing_is_shown_before_the_epoch() {
    let plant = plant();
    let (epoch, step) = (at("2026-11-01T00:00:00"), TimeDelta::minutes(5));
    let mut walk =
        plant.history(steps(epoch - TimeDelta::days(1), epoch + TimeDelta::days(1), step));
    assert_eq!(walk.next().unwrap().0, epoch);
}

#[test]
fn a_meter_shows_what_it_says() {
    let plant = plant();
    for (meter, (_, values)) in plant.meters().iter().zip(&week(&plant)[0].1) {
        let shown = values.present().map(|(field, _)| field).collect::<HashSet<_>>();
        assert_eq!(shown.contains(&Field::VoltageL12), meter.shows == Shows::Network);
        assert_eq!(shown.contains(&Field::VoltageL2), meter.shows != Shows::Basic);
        assert_eq!(shown.contains(&Field::RuntimeHours), meter.number == "DG-001");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn any_plant_adds_up_and_never_counts_back(
        seed in any::<u64>(),
        start in 1_750_000_000_i64..1_900_000_000,
        step in 61_i64..5_000,
    ) {
        let from = DateTime::from_timestamp(start, 0).unwrap();
        let plant = Plant::new(seed, from);
        let grid = index(&plant, "GRID-001");
        let nodes = ["GRID-001", "PS-001", "PMD-001", "PC-001"]
            .map(|number| (index(&plant, number), children(&plant, number)));
        let mut last: Option<Snapshot> = None;
        let instants = steps(from, from + TimeDelta::days(2), TimeDelta::seconds(step));
        for (_, now) in plant.history(instants) {
            prop_assert!(power(&now, grid) > 0.0);
            for (node, children) in &nodes {
                let out: f64 = children.iter().map(|(i, sign)| power(&now, *i) * sign).sum();
                let loss = power(&now, *node) - out;
                prop_assert!(loss > 0.0 && loss < 0.12 * power(&now, *node));
            }
            for (meter, (i, values)) in plant.meters().iter().zip(&now) {
                prop_assert!(power(&now, *i) <= meter.rated_power_kw, "{}", meter.number);
                prop_assert!(power(&now, *i) >= 0.0, "{}", meter.number);
                prop_assert_eq!(values.not_finite(), None);
                let before = last.as_ref().map_or(0.0, |last| energy(last, *i));
                prop_assert!(energy(&now, *i) >= before, "{}", meter.number);
            }
            last = Some(now);
        }
    }
}
