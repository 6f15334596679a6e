//! Cases from the field, and meters of which it is known what they counted.

use chrono::{DateTime, TimeDelta, Utc};
use field_cases::{Input, Reading, Readings};

use super::{Decided, Kind, Limits, Point, Step};
use crate::exact::{Exact, float, ratio};
use crate::generate::{self, Range};
use crate::model::Truth;

/// The very number that is written.
fn decimal(value: f64) -> Exact {
    let written = value.to_string();
    let (whole, decimals) = written.split_once('.').unwrap_or((&written, ""));
    let digits: i64 = format!("{whole}{decimals}").parse().unwrap();
    ratio(digits, 10_i64.pow(u32::try_from(decimals.len()).unwrap()))
}

/// The energy that counts, kWh, and the number of steps that are for a person to judge.
fn sum(steps: &[Step]) -> (f64, usize) {
    let asked = steps.iter().filter(|step| step.kind == Kind::Quarantined).count();
    (float(&steps.iter().map(|step| &step.kwh).sum()), asked)
}

fn near(said: f64, right: f64) -> bool {
    (said - right).abs() < 1e-6
}

/// The values of a field: of those that are estimated only the sum matters here, which they leave as it is.
fn column(input: &Readings, field: &str) -> Vec<Point> {
    let begin = input.from.as_deref().unwrap_or("2026-05-04T00:00:00Z");
    let begin: DateTime<Utc> = begin.parse().unwrap();
    let point = |reading: Reading| {
        let value = *reading.values.get(field)?;
        let after = format!("{:.0}", reading.seconds * 1e6).parse().unwrap();
        Some((begin + TimeDelta::microseconds(after), decimal(value)))
    };
    let actual = input.each().into_iter().filter(|reading| reading.quality.is_none());
    actual.filter_map(point).collect()
}

fn steps(input: &Readings, field: &str, accepts: bool) -> Vec<Step> {
    let stated = |key: &str| input.meter.get(key)?.as_f64().map(decimal);
    let points = column(input, field);
    let step = stated("registerStepKwh");
    let mut limits = Limits {
        rated: stated("ratedPowerKw"),
        modulus: stated("registerModulusKwh"),
        learned: step.is_none(),
        ..Limits::default()
    };
    if field == "energyImportKwh" {
        limits.power = column(input, "activePowerKw");
    }
    limits.step = step.unwrap_or_else(|| limits.smallest_rise(&points));
    let steps = limits.steps(&points);
    if !accepts {
        return steps;
    }
    let asked = steps.into_iter().filter(|step| step.kind == Kind::Quarantined);
    let accepted = |step: Step| Some(Decided { at: step.to, figures: step.figures?, accept: true });
    limits.decided = asked.filter_map(accepted).collect();
    limits.steps(&points)
}

#[test]
fn cases_from_the_field_come_out_right() {
    let mut wrong = Vec::new();
    for (name, case) in field_cases::all().unwrap() {
        let (Input::Readings(input), right) = (&case.input, &case.right) else { continue };
        let (kwh, asked) = sum(&steps(input, "energyImportKwh", false));
        let export = sum(&steps(input, "energyExportKwh", false)).0;
        let accepted = sum(&steps(input, "energyImportKwh", true)).0;
        let is_right = right.kwh.is_none_or(|right| near(kwh, right))
            && right.export_kwh.is_none_or(|right| near(export, right))
            && right.questions.is_none_or(|right| asked == right)
            && right.kwh_if_accepted.is_none_or(|right| near(accepted, right));
        if !is_right {
            wrong.push(format!("{name}: {kwh} kWh, {asked} asked, {accepted} kWh if accepted"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_meters_really_counted_is_what_is_right() {
    let mut wrong = Vec::new();
    for seed in 0..40 {
        let (scenario, counted) = generate::counted(seed, &Range::of(generate::Kind::ALL));
        let truth = Truth::of(&scenario);
        for (place, (metered, (counted, odd))) in truth.meters.iter().zip(counted).enumerate() {
            let (kwh, asked) = sum(&metered.import);
            // Of two registers either may be the one that is taken.
            let is_right = near(kwh, counted) && asked == odd;
            if !is_right && !metered.meter.both {
                wrong.push(format!(
                    "seed {seed} meter {place}: {kwh} kWh, {asked} asked, right {counted}, {odd}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
