mod causes;

use std::sync::LazyLock;

use domain::energy::Energy;
use domain::losses::balance::{self, Verdict};
use domain::meters::{DieselRegister, Meter};
use domain::{Kwh, MeterId, SiteId};

use super::*;
use crate::plant::{Snapshot, steps};

fn at(local: &str) -> DateTime<Utc> {
    format!("{local}+05:30").parse().unwrap()
}

/// A Friday afternoon.
const ANCHOR: &str = "2026-11-20T15:35:00";
const STEP: TimeDelta = TimeDelta::minutes(5);

static FAULTY: LazyLock<Plant> =
    LazyLock::new(|| Plant::new(92, at("2026-11-10T00:00:00")).with_faults(at(ANCHOR)));

fn found(number: &str) -> Planted {
    let of = |fault: &&Planted| FAULTY.meters()[fault.meter].number == number;
    *FAULTY.faults().iter().find(of).unwrap()
}

/// What one meter showed from an hour before to an hour after its fault.
fn shown(fault: &Planted) -> Vec<(DateTime<Utc>, domain::Values)> {
    let hour = TimeDelta::hours(1);
    let own = |snapshot: Snapshot| snapshot.into_iter().find(|(meter, _)| *meter == fault.meter);
    FAULTY
        .history(steps(fault.from - hour, fault.to + hour + STEP, STEP))
        .filter_map(|(when, all)| Some((when, own(all)?.1)))
        .collect()
}

/// Energy that really passed a meter.
fn passed(fault: &Planted, from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    let counted = FAULTY.counted_kwh(&[(fault.meter, from), (fault.meter, to)]);
    counted[1] - counted[0]
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.003
}

#[test]
fn all_faults_lie_in_the_week_before_and_behind_the_live_figures() {
    let anchor = at(ANCHOR);
    assert_eq!(FAULTY.faults().len(), 5);
    for fault in FAULTY.faults() {
        assert!(fault.to > anchor - TimeDelta::days(7), "{fault:?}");
        assert!(fault.to < anchor - domain::energy::register_history::QUARTERS, "{fault:?}");
    }
    let early = Plant::new(92, at("2026-11-10T00:00:00")).with_faults(at("2026-11-20T00:05:00"));
    let first_start = at("2026-11-20T00:05:00");
    assert!(
        early
            .faults()
            .iter()
            .all(|fault| fault.to < first_start - domain::energy::register_history::QUARTERS)
    );
}

#[test]
fn a_reset_register_begins_at_zero_and_stays_low() {
    let fault = found("A-03");
    let (before, after): (Vec<_>, Vec<_>) =
        shown(&fault).into_iter().partition(|(when, _)| *when <= fault.from);
    let total = |row: &(DateTime<Utc>, domain::Values)| row.1.total_energy_kwh.unwrap();
    let last = before.last().unwrap();
    assert!(total(last) > 10_000.0);
    assert!(total(&after[0]) < 5.0);
    let end = after.last().unwrap();
    assert!(close(total(end), passed(&fault, fault.from, end.0)));
    let counted = total(last) - total(&before[0]) + total(end);
    assert!(close(counted, passed(&fault, before[0].0, end.0)));
    let later = fault.from + TimeDelta::days(40);
    let live = FAULTY.reading_at(fault.meter, later).unwrap().total_energy_kwh.unwrap();
    assert!(close(live, passed(&fault, fault.from, later)), "it stays so");
}

#[test]
fn a_register_that_rolls_over_wraps_at_its_modulus() {
    let fault = found("SM-003");
    let modulus = FAULTY.meters()[fault.meter].register_modulus_kwh.unwrap();
    let rows = shown(&fault);
    let totals: Vec<_> = rows.iter().map(|(_, values)| values.total_energy_kwh.unwrap()).collect();
    let falls: Vec<_> = totals.windows(2).filter(|pair| pair[1] < pair[0]).collect();
    assert_eq!(falls.len(), 1);
    assert!(falls[0][0] > modulus - 5.0 && falls[0][1] < 5.0);
    let counted = totals.last().unwrap() - totals[0] + modulus;
    assert!(close(counted, passed(&fault, rows[0].0, rows[rows.len() - 1].0)));
}

#[test]
fn a_gap_has_no_rows_and_loses_no_energy() {
    let fault = found("AD-005");
    let rows = shown(&fault);
    let longest = rows.windows(2).max_by_key(|pair| pair[1].0 - pair[0].0).unwrap();
    assert_eq!((longest[0].0, longest[1].0), (fault.from, fault.to));
    assert_eq!(fault.to - fault.from, TimeDelta::minutes(75));
    let [a, b] = [0, 1].map(|i| longest[i].1.total_energy_kwh.unwrap());
    assert!(close(b - a, passed(&fault, fault.from, fault.to)));
    assert!(b - a > 3.0, "the gap hides {} kWh", b - a);
}

#[test]
fn reversed_transformers_show_negative_power_and_count_as_export() {
    let fault = found("B-01");
    let rows = shown(&fault);
    for (when, values) in &rows {
        let within = (fault.from..fault.to).contains(when);
        let power = values.active_power_kw.unwrap();
        assert_eq!(power < 0.0, within, "{power} kW at {when}");
        assert_eq!(values.power_factor.unwrap() < 0.0, within);
    }
    let ends = [&rows[0].1, &rows[rows.len() - 1].1];
    let rise = |of: fn(&domain::Values) -> Option<f64>| of(ends[1]).unwrap() - of(ends[0]).unwrap();
    let (import, export) = (rise(|v| v.energy_import_kwh), rise(|v| v.energy_export_kwh));
    assert!(close(export, passed(&fault, fault.from, fault.to)));
    assert!(close(import + export, passed(&fault, rows[0].0, rows[rows.len() - 1].0)));
    assert!(export > 20.0, "{export} kWh");
}

#[test]
fn the_misplaced_meter_is_fed_by_its_parent_all_the_time() {
    let fault = found("B-02");
    let meter = &FAULTY.meters()[fault.meter];
    assert_eq!(
        meter.misplaced,
        Some(("PA-001", at("2026-11-12T00:00:00"), at("2026-11-16T00:00:00")))
    );
    assert_eq!(meter.parent, Some("PB-001"));
    let other = FAULTY.meters().iter().find(|meter| meter.number == "PA-001").unwrap();
    let parent = FAULTY.meters().iter().find(|meter| meter.number == "PB-001").unwrap();
    assert_eq!(other.level, parent.level);
}

#[test]
fn faults_change_what_is_shown_of_no_other_meter() {
    let sound = Plant::new(92, at("2026-11-10T00:00:00"));
    let faulty: Vec<_> = FAULTY.faults().iter().map(|fault| fault.meter).collect();
    let (from, to) = (at("2026-11-13T16:00:00"), at(ANCHOR));
    let step = TimeDelta::minutes(95);
    let shown = |plant: &Plant| plant.history(steps(from, to, step));
    for ((_, a), (_, b)) in shown(&sound).zip(shown(&FAULTY)) {
        let others = |all: Snapshot| all.into_iter().filter(|(meter, _)| !faulty.contains(meter));
        assert!(others(a).eq(others(b)));
    }
}

/// The meters of a plant as the registry has them, their index as their id.
fn registered(plant: &Plant) -> Vec<Meter> {
    let id = |number| Some(MeterId(index(plant, number)));
    let meter = |(place, own): (i64, &PlantMeter)| Meter {
        id: MeterId(place),
        site: SiteId(1),
        number: own.number.to_owned(),
        name: own.name.to_owned(),
        meter_type: own.meter_type.clone(),
        level: own.level,
        parent: own.parent.and_then(id),
        feeds_parent: own.feeds_parent,
        area: None,
        location: None,
        load_role: own.load_role,
        phase_type: Some(own.phase_type),
        channel_prefix: None,
        rated_power_kw: Some(own.rated_power_kw),
        accuracy_class: Some(own.accuracy_class),
        register_modulus_kwh: own.register_modulus_kwh,
        register_step_kwh: Some(own.register_step_kwh),
        import_register: Some(own.import_register),
        diesel_register: DieselRegister::Cumulative,
        latitude: None,
        longitude: None,
        installed_at: None,
        retired_at: None,
        placed_by: domain::meters::PlacedBy::Person,
        adds: Vec::new(),
    };
    (0..).zip(plant.meters()).map(meter).collect()
}

fn index(plant: &Plant, number: &str) -> i64 {
    (0..).zip(plant.meters()).find(|(_, meter)| meter.number == number).unwrap().0
}

/// Whoever looks for the cause of a loss must find none where nothing is wrong, and a balance that
/// closes once the fault is taken out.
#[test]
fn without_a_fault_no_node_gains_and_the_faulty_nodes_lose_less_than_their_meters_can_tell() {
    let plant = Plant::new(92, at("2026-11-10T00:00:00"));
    let meters = registered(&plant);
    let quarters = steps(at("2026-11-11T00:00:00"), at(ANCHOR), domain::energy::QUARTER);
    let walk = plant.history(quarters);
    let totals: Vec<Vec<f64>> = walk
        .map(|(_, all)| all.into_iter().map(|(_, v)| v.total_energy_kwh.unwrap()).collect())
        .collect();
    for quarter in totals.windows(2) {
        let energy = |meter: &Meter| {
            let i = usize::try_from(meter.id.0).unwrap();
            let import = Kwh(quarter[1][i] - quarter[0][i]);
            Some(Energy { import, export: Kwh::ZERO, uncertain: Kwh::ZERO, coverage: 1.0 })
        };
        for node in &meters {
            let children = meters.iter().filter(|child| child.parent == Some(node.id));
            let mut children = children.map(|child| (child, energy(child))).peekable();
            if children.peek().is_none() {
                continue;
            }
            let verdict = balance::of_node((node, energy(node)), children).verdict;
            assert_ne!(verdict, Verdict::Negative, "{}", node.number);
            if ["PA-001", "PB-001"].contains(&node.number.as_str()) {
                assert_eq!(verdict, Verdict::WithinError, "{}", node.number);
            }
        }
    }
}
