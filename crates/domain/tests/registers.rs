//! Registers as they are read in the field, folded as the program folds them.
#![cfg(test)]

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::interval::{Decision, Decisions, Folded, Read, Rules, Stepped, fold};
use domain::meters::ImportRegister;
use domain::readings::cadence::Cadences;
use domain::{Kw, Quality, Values};
use field_cases::{Input, Readings};

fn seconds(seconds: f64) -> TimeDelta {
    TimeDelta::from_std(Duration::from_secs_f64(seconds)).unwrap()
}

fn read(from: DateTime<Utc>, reading: &field_cases::Reading) -> Read {
    let mut values = Values::default();
    for (field, value) in &reading.values {
        let column = match field.as_str() {
            "energyImportKwh" => &mut values.energy_import_kwh,
            "energyExportKwh" => &mut values.energy_export_kwh,
            "totalEnergyKwh" => &mut values.total_energy_kwh,
            "activePowerKw" => &mut values.active_power_kw,
            _ => continue,
        };
        *column = Some(*value);
    }
    let quality =
        reading.quality.as_deref().map_or(Quality::Good, |word| Quality::parse(word).unwrap());
    let is_estimate = quality == Quality::Estimated;
    Read { at: from + seconds(reading.seconds), quality, is_estimate, values }
}

fn rules(readings: &Readings) -> Rules {
    let number = |name: &str| readings.meter.get(name).and_then(serde_json::Value::as_f64);
    Rules {
        register: None,
        net: false,
        step_kwh: number("registerStepKwh").unwrap_or(0.0),
        step_is_stated: number("registerStepKwh").is_some(),
        modulus_kwh: number("registerModulusKwh"),
        rated: number("ratedPowerKw").map(Kw),
        poll: seconds(readings.every),
        cadences: Cadences::default(),
        event_driven: false,
        diesel: domain::energy::interval::DieselRegister::Increment,
        exchanges: Vec::new(),
        decisions: Decisions::default(),
        anew: std::collections::BTreeSet::new(),
    }
}

fn bounds(reads: &[Read]) -> Vec<DateTime<Utc>> {
    let quarter = domain::energy::QUARTER;
    let from = domain::energy::floor(reads[0].at, quarter).unwrap();
    let last = reads[reads.len() - 1].at;
    std::iter::successors(Some(from), |at| (*at <= last).then(|| *at + quarter)).collect()
}

/// As the program does: the smallest rise is learned, and what was judged before is judged again.
fn learned(mut rules: Rules, reads: &[Read], bounds: &[DateTime<Utc>]) -> (Rules, Folded) {
    loop {
        let folded = fold(&rules, None, reads, bounds);
        let rise = folded.smallest_rise.map_or(0.0, |rise| rise.kwh);
        if rules.step_is_stated || rules.step_kwh.to_bits() == rise.to_bits() {
            return (rules, folded);
        }
        rules.step_kwh = rise;
    }
}

fn kwh(folded: &Folded) -> (f64, f64) {
    let sum =
        |of: fn(&domain::energy::interval::Interval) -> f64| folded.intervals.iter().map(of).sum();
    (sum(|i| i.import.0), sum(|i| i.export.0))
}

fn is_near(is: f64, right: f64) -> bool {
    (is - right).abs() <= 1e-6 * right.abs() + 1e-9
}

#[test]
fn each_case_counts_what_is_right() {
    let mut wrong = Vec::new();
    for (name, case) in field_cases::all().unwrap() {
        let Input::Readings(readings) = &case.input else { continue };
        let from = readings.from.as_deref().unwrap_or("2026-05-04T00:00:00Z").parse().unwrap();
        let reads: Vec<Read> = readings.each().iter().map(|reading| read(from, reading)).collect();
        let bounds = bounds(&reads);
        let (rules, folded) = learned(rules(readings), &reads, &bounds);
        let (import, export) = kwh(&folded);
        let mut open: Vec<_> =
            folded.quarantined.iter().filter(|step| step.decision.is_none()).collect();
        open.sort_by_key(|step| step.at);
        let asks: Vec<&str> = open.iter().map(|step| step.kind.as_str()).collect();
        let right = &case.right;
        let mut ok = right.kwh.is_none_or(|right| is_near(import, right))
            && right.export_kwh.is_none_or(|right| is_near(export, right))
            && right.questions.is_none_or(|many| asks.len() == many && asks == right.asks);
        let mut accepted = None;
        if let Some(right) = right.kwh_if_accepted {
            let mut decisions = Decisions::default();
            for step in &folded.quarantined {
                decisions.note(step.at, step.field, Stepped::from(step), Decision::Accept);
            }
            let rules = Rules { decisions, register: Some(ImportRegister::Import), ..rules };
            let counted = kwh(&fold(&rules, None, &reads, &bounds)).0;
            ok &= is_near(counted, right);
            accepted = Some(counted);
        }
        if !ok {
            wrong.push(format!("{name}: {import:.6} export {export:.6} asks {asks:?} accepted {accepted:?}; right {right:?}\n    {:?}", folded.quarantined.iter().map(|q| (q.at.to_rfc3339(), q.previous, q.value, q.delta)).collect::<Vec<_>>()));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
