//! The monthly report of a site: what its days hold, what they add up to, and when it is due by mail.
//!
//! The days come from the rollup, the figures of a whole month from the registers around it, here as on every other
//! page; where the two differ, energy is known whose day is not, and the report says how much.

mod due;
pub mod refusal;
mod schedule;
mod sums;
pub mod view;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::MeterId;
use crate::alarms::Severity;
use crate::carbon::view::{Diesel, Emission, FactorRow};
use crate::ids::id;
use crate::losses::view::{AreaLoss, Loss, NodeLoss};
use crate::message::Text;
use crate::meters::SourceKind;
pub use crate::month::Month;

pub use due::{Due, NotDue};
pub use schedule::Schedule;
pub use sums::{Day, Inflow, Lost, MonthTotal, Total};

id!(
    /// To whom reports are sent, and when.
    ScheduleId(i64)
);

/// The report of a month.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Slug of the site.
    pub site: String,
    /// Its name.
    pub site_name: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// ISO 4217 code of its money.
    pub currency: String,
    /// The month.
    pub month: Month,
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// Its last, or up to when it is reported while it is under way.
    pub to: DateTime<Utc>,
    /// Whether the month is over.
    pub is_over: bool,
    /// The first month of which anything is known; none where nothing is.
    pub first_month: Option<Month>,
    /// What the days add up to.
    pub total: Total,
    /// Its days, those that are still to come left out.
    pub days: Vec<Day>,
    /// The months before, oldest first, and this one.
    pub months: Vec<MonthTotal>,
    /// What comes in, meter by meter.
    pub sources: Vec<SourceEnergy>,
    /// Energy of those meters whose day is not known, kWh.
    pub undated_kwh: f64,
    /// The site as a whole.
    pub loss: Loss,
    /// The same in the month before.
    pub loss_before: Loss,
    /// Each node, the costliest first, then the negative, those within error, the incomplete ones.
    pub nodes: Vec<NodeLoss>,
    /// Loss by area.
    pub areas: Vec<AreaLoss>,
    /// What the energy from the grid cost at the price of its time, without standing charges and taxes;
    /// none where there is no price.
    pub grid_cost: Option<Decimal>,
    /// Carbon.
    pub carbon: Emission,
    /// Carbon of the month before.
    pub carbon_before: Emission,
    /// The factors in force in the month.
    pub factors: Vec<FactorRow>,
    /// Diesel.
    pub diesel: Diesel,
    /// Solar energy.
    pub solar: Solar,
    /// What was read, meter by meter: those of which something is to be said, the least covered first.
    pub quality: Vec<MeterQuality>,
    /// How many meters the site has.
    pub meters: usize,
    /// Numbers of the meters of which nothing is known.
    pub unread: Vec<String>,
    /// Alarms that were open in the month.
    pub alarms: Alarms,
}

impl Report {
    /// Whether anything is known of the month.
    pub fn is_known(&self) -> bool {
        self.days.iter().any(|day| day.energy.is_some())
    }

    /// The total of the month before.
    pub fn before(&self) -> Option<&MonthTotal> {
        let before = self.month.previous();
        self.months.iter().find(|total| total.month == before && total.total.days > 0)
    }
}

/// A source of energy over the month.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SourceEnergy {
    /// Its meter.
    pub meter_id: MeterId,
    /// The meter's number.
    pub meter_number: String,
    /// The meter's name.
    pub meter_name: String,
    /// What kind of source it is.
    pub kind: SourceKind,
    /// What it delivered, kWh; none where it is not known.
    pub kwh: Option<f64>,
    /// What went back into it: export to the grid, or the charge of a battery, kWh.
    pub returned_kwh: f64,
    /// Energy that is real but whose place is a guess, kWh.
    pub estimated_kwh: f64,
    /// Share backed by readings, 0 to 1.
    pub coverage: f64,
    /// Its highest quarter-hour.
    pub peak: Option<Peak>,
}

/// The highest quarter-hour of a meter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Peak {
    /// When it began.
    pub at: DateTime<Utc>,
    /// Mean power in it.
    pub kw: f64,
}

/// Solar energy of the month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Solar {
    /// What was produced, kWh.
    pub kwh: f64,
    /// What of it was used on the site, kWh.
    pub used_kwh: f64,
    /// What of it left the site, kWh.
    pub exported_kwh: f64,
    /// Its share of all that came in, per cent; none where nothing came in.
    pub percent: Option<f64>,
}

/// How a meter was read over the month.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MeterQuality {
    /// The meter.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// Share backed by readings, 0 to 1.
    pub coverage: f64,
    /// Hours without readings.
    pub gap_hours: f64,
    /// Energy that is real but whose place is a guess, kWh.
    pub estimated_kwh: f64,
    /// Corrections of its readings that count.
    pub corrections: u32,
    /// Steps of its registers that are held back, since they are too large to be true.
    pub quarantined: u32,
    /// Readings that are left out, since they do not fit.
    pub outliers: u32,
    /// Resets, rollovers and exchanges of its register.
    pub register_events: u32,
}

impl MeterQuality {
    /// Whether there is anything to be said of it.
    pub fn is_remarkable(&self) -> bool {
        self.coverage < 0.9995
            || self.estimated_kwh > 0.0
            || self.corrections + self.quarantined + self.outliers + self.register_events > 0
    }
}

/// The alarms of a month.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Alarms {
    /// How many were open at some time of it; more than are listed where there were very many.
    pub count: usize,
    /// How many of them were critical.
    pub critical: usize,
    /// The gravest, then those raised first.
    pub listed: Vec<AlarmLine>,
}

/// An alarm of a month.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AlarmLine {
    /// Its id.
    pub id: i64,
    /// The meter's name.
    pub meter_name: String,
    /// How grave it is.
    pub severity: Severity,
    /// What it says.
    #[serde(flatten)]
    pub text: Text,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// When it was cleared; none while it is open.
    pub cleared_at: Option<DateTime<Utc>>,
}
