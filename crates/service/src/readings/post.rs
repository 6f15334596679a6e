//! Readings that programs post.

use std::collections::BTreeSet;

use acquisition::RefusedReading;
use chrono::{DateTime, Utc};
use domain::energy::{QUARTER, floor};
use domain::meters::{Meter, MeterAddress};
use domain::readings::refusal::{PostRefusal, RefusalReason};
use domain::{Field, MeterId, NewReading, Source, Values, strict};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::error::LineError;
use crate::instants::{self, AHEAD};
use crate::operation::clock;
use crate::readings::ingest::{self, Counters};
use crate::{Action, Core, Error, Principal, Service, recount, resolve, sites, validity};

/// Readings in one call at most.
pub const MOST_POSTED: usize = 10_000;

/// What became of posted readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stored {
    /// Stored now.
    pub accepted: u64,
    /// There already with the same values.
    pub duplicates: u64,
    /// There already with other values; both are kept.
    pub conflicts: u64,
    /// Of the readings sent, how many show a step too large to be true, which is set apart for a
    /// decision: as far as the readings stored by now say.
    pub quarantined: u64,
}

/// Stores one reading or a list of them; a list is taken as a whole or not at all.
pub async fn post(
    service: &Service,
    who: &Principal,
    meter: &MeterAddress,
    body: &Value,
) -> Result<Stored, Error> {
    let meter = resolve::meter(service, who, Action::SendReadings, meter).await?;
    if meter.retired_at.is_some() {
        return Err(Error::conflict("meter_retired", PostRefusal::Retired { meter: meter.number }));
    }
    let site = sites::of(service, &meter).await?;
    check_count(body)?;
    let latest = clock::now(service, &site) + AHEAD;
    let readings = match read(body, latest) {
        Ok(readings) => refuse_frozen(service, &meter, &readings).await.map(|()| readings),
        Err(lines) => Err(Error::Lines(lines)),
    };
    let readings = match readings {
        Err(Error::Lines(lines)) => {
            return Err(refused(service, &service.kept.counters, meter.id, lines, body).await);
        }
        readings => readings?,
    };
    let registers: BTreeSet<DateTime<Utc>> =
        readings.iter().filter(|new| counts(&new.values)).map(|new| new.timestamp).collect();
    let readings = readings.into_iter().map(|new| new.of(meter.id, Source::Api)).collect();
    let outcome = service.submit(readings).await?;
    if let Some(RefusedReading { index, reason, .. }) = outcome.refused.first() {
        return Err(Error::conflict(
            reason.as_str(),
            PostRefusal::Nth { index: *index, why: reason.clone() },
        ));
    }
    let known = service.registry().known();
    Ok(Stored {
        accepted: outcome.accepted,
        duplicates: outcome.duplicates,
        conflicts: outcome.conflicts,
        quarantined: recount::set_apart(service.pool(), &known, meter.id, &registers).await?,
    })
}

/// Why posted readings are refused, of which each is counted and kept where people see it.
async fn refused(
    core: &Core,
    counters: &Counters,
    meter: MeterId,
    mut lines: Vec<LineError>,
    body: &Value,
) -> Error {
    let reasons = lines.iter().filter_map(reason).collect();
    ingest::refuse(core, counters, meter, Source::Api, reasons).await;
    match lines.pop() {
        Some(LineError { code, field, message, .. }) if !body.is_array() => {
            Error::Invalid { code, field, message }
        }
        last => {
            lines.extend(last);
            Error::Lines(lines)
        }
    }
}

/// What a refused line counts as; none where it was no reading at all.
fn reason(line: &LineError) -> Option<RefusalReason> {
    match line.code {
        "future_timestamp" => Some(RefusalReason::Future),
        "too_early" => Some(RefusalReason::TooEarly),
        "no_value" => Some(RefusalReason::Empty),
        "period_frozen" => Some(RefusalReason::Frozen),
        "beyond_measure" => {
            line.field.as_deref().and_then(Field::parse).map(RefusalReason::beyond_measure)
        }
        _ => None,
    }
}

/// Whether a reading shows a register, whose steps can be doubted.
fn counts(values: &Values) -> bool {
    [
        values.total_energy_kwh,
        values.energy_import_kwh,
        values.energy_export_kwh,
        values.reactive_energy_import_kvarh,
        values.reactive_energy_export_kvarh,
        values.diesel_consumption_liters,
        values.runtime_hours,
    ]
    .iter()
    .any(Option::is_some)
}

/// Refuses readings for times whose energy stays as it is.
async fn refuse_frozen(core: &Core, meter: &Meter, readings: &[NewReading]) -> Result<(), Error> {
    let instants = readings.iter().map(|reading| (meter.id, reading.timestamp));
    let known = core.registry().known();
    let frozen = recount::frozen_among(core.pool(), &known, instants).await?;
    let at_fault = |at| frozen.contains(&(meter.id, floor(at, QUARTER).unwrap_or(at)));
    let lines: Vec<LineError> = readings
        .iter()
        .enumerate()
        .filter(|(_, reading)| at_fault(reading.timestamp))
        .filter_map(|(index, reading)| match validity::frozen(reading.timestamp) {
            Error::Invalid { code, field, message } => {
                Some(LineError { index, code, field, message })
            }
            _ => None,
        })
        .collect();
    if lines.is_empty() { Ok(()) } else { Err(Error::Lines(lines)) }
}

/// Reads one reading or a list, with each line's fault.
fn read(body: &Value, latest: DateTime<Utc>) -> Result<Vec<NewReading>, Vec<LineError>> {
    let Value::Array(items) = body else {
        return line(0, body, latest).map(|reading| vec![reading]).map_err(|error| vec![error]);
    };
    let mut readings = Vec::with_capacity(items.len());
    let mut errors = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match line(index, item, latest) {
            Ok(reading) => readings.push(reading),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(readings) } else { Err(errors) }
}

/// How many there may be in one call.
fn check_count(body: &Value) -> Result<(), Error> {
    let count = body.as_array().map_or(1, Vec::len);
    if (1..=MOST_POSTED).contains(&count) {
        return Ok(());
    }
    Err(Error::refused("wrong_count", PostRefusal::HowMany { count, most: MOST_POSTED }))
}

fn line(index: usize, item: &Value, latest: DateTime<Utc>) -> Result<NewReading, LineError> {
    let refused = |code, field: Option<String>, message| LineError { index, code, field, message };
    let reading: NewReading = strict::read(item).map_err(|fault| {
        let (code, field) = (fault.kind.code(), fault.field);
        refused(code, field, fault.message)
    })?;
    if reading.timestamp > latest {
        return Err(refused(
            "future_timestamp",
            Some("timestamp".into()),
            PostRefusal::Future { at: reading.timestamp.to_rfc3339() }.into(),
        ));
    }
    if let Err(Error::Invalid { code, field, message }) =
        validity::time("timestamp", reading.timestamp)
    {
        return Err(refused(code, field, message));
    }
    if reading.timestamp < instants::FIRST_READING {
        let message = RefusalReason::TooEarly.into();
        return Err(refused("too_early", Some("timestamp".into()), message));
    }
    if let Some(field) = reading.values.beyond_measure() {
        let reason = RefusalReason::beyond_measure(field);
        return Err(refused(reason.as_str(), Some(field.json().into()), reason.into()));
    }
    if reading.values.present().next().is_none() {
        let message = PostRefusal::Empty { field: Field::ActivePowerKw }.into();
        return Err(refused("no_value", None, message));
    }
    // Two times that differ by less than the database keeps are one.
    Ok(NewReading { timestamp: instants::stored(reading.timestamp), ..reading })
}
