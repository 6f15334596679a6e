//! The shape of a month: its days, and its average day.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Timelike as _};
use domain::bills::{Point, QuarterHour};
use domain::energy::QUARTER;
use schemars::JsonSchema;
use serde::Serialize;

/// Hours of a day.
const HOURS: usize = 24;

/// A day of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BillDay {
    /// Its date on the site's clock.
    pub date: NaiveDate,
    /// Drawn, kWh.
    pub import_kwh: f64,
    /// Delivered, kWh.
    pub export_kwh: f64,
    /// kWh of both whose place is a guess.
    pub estimated_kwh: f64,
    /// Share of what is known of the day that is backed by readings, 0 to 1.
    pub coverage: f64,
}

/// An hour of the average day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Hour {
    /// When it begins, 0 to 23, on the site's clock.
    pub hour: u32,
    /// Drawn, kWh.
    pub import_kwh: f64,
    /// Delivered, kWh.
    pub export_kwh: f64,
}

/// The shape of a month.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Shape {
    /// Its days, those without any interval left out.
    pub days: Vec<BillDay>,
    /// Its average day, by the hour; empty where its quarter-hours are not kept any more.
    pub average_day: Vec<Hour>,
}

impl Shape {
    /// From what was billed, and what it is made of: quarter-hours, or days where these are gone.
    pub(super) fn of(series: &[Point], quarters: &[QuarterHour]) -> Self {
        let are_quarters = quarters.iter().all(|quarter| quarter.end - quarter.at == QUARTER);
        let average_day = if are_quarters { average_day(quarters) } else { Vec::new() };
        Self { days: days(series), average_day }
    }

    /// The same energy the other way, as a credit note counts it.
    pub(super) fn taken_back(&self) -> Self {
        self.with(|kwh| 0.0 - kwh)
    }

    /// As a picture shows it: of a credit note, what it takes back.
    pub(super) fn drawn(&self) -> Self {
        self.with(f64::abs)
    }

    fn with(&self, change: fn(f64) -> f64) -> Self {
        let day = |day: &BillDay| BillDay {
            import_kwh: change(day.import_kwh),
            export_kwh: change(day.export_kwh),
            estimated_kwh: change(day.estimated_kwh),
            ..*day
        };
        let hour = |hour: &Hour| Hour {
            import_kwh: change(hour.import_kwh),
            export_kwh: change(hour.export_kwh),
            ..*hour
        };
        Self {
            days: self.days.iter().map(day).collect(),
            average_day: self.average_day.iter().map(hour).collect(),
        }
    }
}

fn days(series: &[Point]) -> Vec<BillDay> {
    let mut days: BTreeMap<NaiveDate, (BillDay, f64)> = BTreeMap::new();
    for point in series {
        let date = point.start.date();
        let none =
            BillDay { date, import_kwh: 0.0, export_kwh: 0.0, estimated_kwh: 0.0, coverage: 0.0 };
        let (day, points) = days.entry(date).or_insert((none, 0.0));
        day.import_kwh += point.import;
        day.export_kwh += point.export;
        day.estimated_kwh += point.estimated;
        day.coverage += point.coverage;
        *points += 1.0;
    }
    let mean = |(day, points): (BillDay, f64)| BillDay { coverage: day.coverage / points, ..day };
    days.into_values().map(mean).collect()
}

fn average_day(quarters: &[QuarterHour]) -> Vec<Hour> {
    if quarters.is_empty() {
        return Vec::new();
    }
    let mut hours = [(Hour::default(), 0.0); HOURS];
    for QuarterHour { point, .. } in quarters {
        let Some((hour, points)) = hours.get_mut(point.start.hour() as usize) else { continue };
        hour.import_kwh += point.import;
        hour.export_kwh += point.export;
        *points += 1.0;
    }
    let mean = |(number, (hour, points)): (u32, (Hour, f64))| {
        let of_four = 4.0 / f64::max(points, 1.0);
        Hour {
            hour: number,
            import_kwh: hour.import_kwh * of_four,
            export_kwh: hour.export_kwh * of_four,
        }
    };
    (0..).zip(hours).map(mean).collect()
}
