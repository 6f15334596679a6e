//! A bill as programs and pages see it.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::bills::{
    self, Bill, BillLine, BillState, Concern, Inputs, LineInterval, LineUnit, Override, QuarterHour,
};
use domain::meters::Meter;
use domain::month::Month;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use storage::bills::{Computed, Stored};
use uuid::Uuid;

use super::month::Basis;
use super::{Billing, ISSUE_COVERAGE, Shape, digest};

/// Energy of a line that its intervals may lack or have too much, kWh: they were rounded.
const SAME: Decimal = Decimal::from_parts(1, 0, 0, false, 3);

/// A bill, with everything that it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BillView {
    /// Its UUID; null while it was never stored: a run or `POST /api/bills` stores it.
    pub id: Option<Uuid>,
    /// Its number; null for a draft.
    pub number: Option<String>,
    /// Where it stands.
    pub state: BillState,
    /// Slug of the site.
    pub site: String,
    /// Id of the meter.
    pub meter_id: MeterId,
    /// Its number.
    pub meter_number: String,
    /// Its name.
    pub meter_name: String,
    /// The month.
    pub month: Month,
    /// Whether the month is not over on the site's clock.
    pub running: bool,
    /// When it was computed, on the clock of the site.
    pub generated_at: DateTime<Utc>,
    /// When it was issued, on the clock of the site.
    pub issued_at: Option<DateTime<Utc>>,
    /// Of an issued bill: whether what it rests on has changed since. A credit note and a new bill
    /// follow that, or a correction on the meter's next bill. What is not kept any more has not changed.
    pub changed: bool,
    /// Of an issued bill of which this changed: number of the bill that corrects it, so that both together are
    /// what is to be paid.
    pub corrected_by: Option<String>,
    /// Number of the bill that a credit note takes back.
    pub credits: Option<String>,
    /// Number of the credit note that takes it back.
    pub credited_by: Option<String>,
    /// Why a credit note was made.
    pub reason: Option<String>,
    /// Who let it be issued although its coverage is low, and why.
    #[serde(rename = "override")]
    pub overridden: Option<Override>,
    /// SHA-256 of what it was computed from.
    pub digest: String,
    /// Days or quarter-hours that it was computed from.
    pub intervals: usize,
    /// What is to be paid, and why.
    #[serde(flatten)]
    pub bill: Bill,
    /// Of a draft: what somebody should look at before it is issued.
    pub concerns: Vec<Concern>,
    /// Its days, and its average day.
    #[serde(flatten)]
    pub shape: Shape,
}

/// A bill with what is needed to show it and to write it out.
pub(crate) struct Loaded {
    /// What the bills of its site and month rest on.
    pub(super) billing: Billing,
    pub(super) meter: Meter,
    pub(crate) view: BillView,
    /// What it was computed from; of a credit note, the bill that it takes back.
    pub(super) inputs: Inputs,
    /// What these are made of.
    pub(super) quarters: Vec<QuarterHour>,
}

impl Loaded {
    /// What stands behind a line: it adds up to the line.
    pub(super) fn intervals(&self, line: &BillLine) -> Vec<LineInterval> {
        let explain = match self.view.state {
            BillState::CreditNote => bills::taken_back,
            BillState::Draft | BillState::Issued | BillState::Credited => bills::intervals,
        };
        let found = explain(&self.inputs, &self.quarters, line);
        // What was issued by earlier rules is not explained by those of today.
        let kwh: Decimal = found.iter().map(|interval| interval.kwh).sum();
        let is_it = line.kind.unit() != LineUnit::Kwh || (kwh - line.quantity).abs() <= SAME;
        if is_it { found } else { Vec::new() }
    }
}

/// What was computed just now.
pub(super) struct ComputedBill {
    pub(super) computed: Computed,
    /// Whether a part of what it rests on is not kept any more.
    pub(super) is_frozen: bool,
    pub(super) concerns: Vec<Concern>,
}

impl ComputedBill {
    pub(super) fn of(basis: Basis) -> Self {
        let Basis { inputs, is_frozen, beside } = basis;
        let (bill, digest) = (bills::bill(&inputs), digest::of(&inputs));
        let concerns = beside.concerns(&inputs, &bill, ISSUE_COVERAGE);
        Self { computed: Computed { bill, inputs, digest }, is_frozen, concerns }
    }
}

/// A draft, stored with this id or not at all.
pub(super) fn draft(
    billing: &Billing,
    meter: &Meter,
    id: Option<Uuid>,
    fresh: &ComputedBill,
    shape: Shape,
) -> BillView {
    let Computed { bill, inputs, digest } = &fresh.computed;
    BillView {
        id,
        number: None,
        state: BillState::Draft,
        site: billing.site.slug.clone(),
        meter_id: meter.id,
        meter_number: meter.number.clone(),
        meter_name: meter.name.clone(),
        month: billing.month,
        running: billing.is_running(),
        generated_at: billing.now,
        issued_at: None,
        changed: false,
        corrected_by: None,
        credits: None,
        credited_by: None,
        reason: None,
        overridden: None,
        digest: digest.clone(),
        intervals: inputs.series.len(),
        bill: bill.clone(),
        concerns: fresh.concerns.clone(),
        shape,
    }
}

/// An issued bill or a credit note, made of so many intervals, by what a draft of its month would be.
pub(super) fn stored(draft: BillView, stored: Stored, intervals: usize) -> BillView {
    let Stored { summary, bill, overridden, reason, .. } = stored;
    BillView {
        id: Some(summary.id),
        number: summary.number,
        state: summary.state,
        generated_at: summary.generated_at,
        issued_at: summary.issued_at,
        credits: summary.credits,
        credited_by: summary.credited_by,
        reason,
        overridden,
        digest: summary.digest,
        intervals,
        bill,
        concerns: Vec::new(),
        ..draft
    }
}
