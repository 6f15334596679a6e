//! Readings of one meter, out and in.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::meter::Meter;
use domain::site::Site;
use domain::strict;
use domain::trail::{QUARTER, floor};
use domain::window::Window;
use domain::{Field, MeterId, NewReading, Quality, Reading, Source, Values};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::error::LineError;
use crate::explain::{Explain, Registers};
use crate::series::{IntervalView, Resolution};
use crate::{
    Error, Principal, Role, Service, clock, energy, meters, retention, rollup, series, validity,
    window,
};

/// Readings in one call at most.
pub const MOST_POSTED: usize = 10_000;
/// Clocks of sources may run ahead of ours by this much.
const AHEAD: TimeDelta = TimeDelta::minutes(5);
/// What can be asked for.
const RESOLUTIONS: &[&str] = &["raw", "15m", "1h", "1d", "1mo"];
/// Steps that are explained at most, since each is looked up by itself.
const MOST_EXPLAINED: usize = 100;
const FORMULA: &str = "import = register at the end - register at the beginning; where a register was \
    set back, exchanged or doubted, the sum of the believed steps between its readings";
/// The longest window of readings as they are stored: ten years.
const LONGEST_RAW: TimeDelta = TimeDelta::days(3653);

/// A reading as stored.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ReadingView {
    /// When the values held.
    pub timestamp: DateTime<Utc>,
    /// The values; what the meter did not give is left out.
    #[serde(flatten)]
    pub values: Values,
    /// How far they can be trusted.
    pub quality: Quality,
    /// How they came in.
    pub source: Source,
}

impl From<Reading> for ReadingView {
    fn from(reading: Reading) -> Self {
        Self {
            timestamp: reading.at,
            values: reading.values,
            quality: reading.quality,
            source: reading.source,
        }
    }
}

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

/// Which readings are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Slug of the site, where the meter is named by its number.
    pub site: Option<&'a str>,
    /// The first instant.
    pub from: Option<&'a str>,
    /// The first instant that is not asked for any more.
    pub to: Option<&'a str>,
    /// How the readings are reduced.
    pub resolution: Option<&'a str>,
    /// Only what is later than this.
    pub after: Option<DateTime<Utc>>,
    /// How many at most.
    pub limit: u32,
    /// Whether each step says what it was computed from.
    pub explain: bool,
}

/// Readings of one meter, or what they add up to, in order of time.
#[derive(Debug, Clone, PartialEq)]
pub enum Rows {
    /// As stored.
    Raw(Vec<ReadingView>),
    /// Step by step.
    Steps(Vec<IntervalView>),
}

/// Readings of one meter in order of time, as stored or step by step.
pub async fn page(
    service: &Service,
    who: &Principal,
    id: &str,
    asked: Asked<'_>,
) -> Result<Rows, Error> {
    who.require(Role::Viewer)?;
    let resolution = asked.resolution.unwrap_or("raw");
    if !RESOLUTIONS.contains(&resolution) {
        return Err(Error::Invalid {
            code: "invalid_value",
            field: Some("resolution".into()),
            message: format!("{resolution:?} is no resolution: ask for {}", RESOLUTIONS.join(", ")),
        });
    }
    let meter = meters::find(service, asked.site, id).await?;
    let site = storage::sites::by_id(service.pool(), meter.site)
        .await?
        .ok_or_else(|| Error::no_site(meter.site))?;
    let window = stretch(&site, asked)?;
    match Resolution::parse(resolution) {
        None => {
            let rows = raw(service, meter.id, window, asked).await?;
            Ok(Rows::Raw(rows.into_iter().map(ReadingView::from).collect()))
        }
        Some(resolution) => {
            // The next step begins after the last one that was shown.
            let from = asked.after.map_or(window.from, |after| after + TimeDelta::microseconds(1));
            let window = Window { from: from.max(window.from), ..window };
            let ids = [meter.id];
            let steps = series::load(service, &site, &ids, window, resolution, asked.limit).await?;
            let mut views: Vec<IntervalView> = steps.into_iter().map(IntervalView::from).collect();
            if asked.explain {
                explain(service, &site, &meter, &mut views).await?;
            }
            Ok(Rows::Steps(views))
        }
    }
}

/// The window that is asked for, without bounds where none is given.
fn stretch(site: &Site, asked: Asked<'_>) -> Result<Window, Error> {
    let from = window::instant(site, "from", asked.from)?;
    let to = window::instant(site, "to", asked.to)?;
    let is_raw = asked.resolution.is_none_or(|word| word == "raw");
    if is_raw && from.zip(to).is_some_and(|(from, to)| to - from > LONGEST_RAW) {
        return Err(Error::invalid(
            "from",
            "the window is longer than ten years: ask for less, or for resolution=1d",
        ));
    }
    let (from, to) = (from.unwrap_or(window::EARLIEST), to.unwrap_or(window::FAR));
    if to <= from {
        return Err(Error::invalid("to", "the window is empty: to must be later than from"));
    }
    Ok(Window { from, to })
}

async fn raw(
    service: &Service,
    meter: MeterId,
    window: Window,
    asked: Asked<'_>,
) -> Result<Vec<Reading>, Error> {
    let Window { from, to } = window;
    let pool = service.pool();
    Ok(storage::readings::page(pool, meter, from, to, asked.after, asked.limit).await?)
}

/// Says of each step between which readings it lies.
async fn explain(
    service: &Service,
    site: &Site,
    meter: &Meter,
    views: &mut [IntervalView],
) -> Result<(), Error> {
    let most = views.len().min(MOST_EXPLAINED);
    for view in &mut views[..most] {
        let window = Window { from: view.start, to: view.end };
        let counted = energy::counted(service, site, &[meter], window).await?;
        view.explain = Some(Explain {
            formula: FORMULA.to_owned(),
            readings: vec![Registers::of(meter, counted.get(&meter.id))],
            ..Explain::default()
        });
    }
    Ok(())
}

/// Stores one reading or a list of them; a list is taken as a whole or not at all.
pub async fn post(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    id: &str,
    body: &Value,
) -> Result<Stored, Error> {
    who.require(Role::Operator)?;
    let meter = meters::find(service, site, id).await?;
    if meter.retired_at.is_some() {
        return Err(Error::Conflict {
            code: "meter_retired",
            field: None,
            message: format!("meter {} is retired and takes no readings", meter.number),
        });
    }
    let site = storage::sites::by_id(service.pool(), meter.site)
        .await?
        .ok_or_else(|| Error::no_site(meter.site))?;
    let latest = clock::now(service, &site) + AHEAD;
    let readings = read(body, latest)?;
    refuse_frozen(service, &meter, &readings, body.is_array()).await?;
    let registers: BTreeSet<DateTime<Utc>> =
        readings.iter().filter(|new| counts(&new.values)).map(|new| new.timestamp).collect();
    let readings = readings.into_iter().map(|new| new.of(meter.id, Source::Api)).collect();
    let outcome = service.submit(readings).await?;
    if let Some(refusal) = outcome.refused.first() {
        return Err(Error::Conflict {
            code: refusal.reason.as_str(),
            field: None,
            message: format!("reading {}: {}", refusal.index, refusal.reason),
        });
    }
    let known = service.registry().known();
    Ok(Stored {
        accepted: outcome.accepted,
        duplicates: outcome.duplicates,
        conflicts: outcome.conflicts,
        quarantined: rollup::set_apart(service.pool(), &known, meter.id, &registers).await?,
    })
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
async fn refuse_frozen(
    service: &Service,
    meter: &Meter,
    readings: &[NewReading],
    is_list: bool,
) -> Result<(), Error> {
    let instants = readings.iter().map(|reading| (meter.id, reading.timestamp));
    let known = service.registry().known();
    let frozen = retention::frozen_among(service.pool(), &known, instants).await?;
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
    match lines.first() {
        None => Ok(()),
        Some(_) if is_list => Err(Error::Lines(lines)),
        Some(only) => Err(validity::frozen(readings[only.index].timestamp)),
    }
}

/// Reads one reading or a list, with each line's fault.
fn read(body: &Value, latest: DateTime<Utc>) -> Result<Vec<NewReading>, Error> {
    let Value::Array(items) = body else {
        return line(0, body, latest).map(|reading| vec![reading]).map_err(|error| {
            Error::Invalid { code: error.code, field: error.field, message: error.message }
        });
    };
    if items.is_empty() || items.len() > MOST_POSTED {
        return Err(Error::Invalid {
            code: "wrong_count",
            field: None,
            message: format!("{} readings: send 1 to {MOST_POSTED} at a time", items.len()),
        });
    }
    let mut readings = Vec::with_capacity(items.len());
    let mut errors = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match line(index, item, latest) {
            Ok(reading) => readings.push(reading),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(readings) } else { Err(Error::Lines(errors)) }
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
            format!(
                "{} lies in the future by more than 5 minutes: check the clock of its source",
                reading.timestamp.to_rfc3339()
            ),
        ));
    }
    if let Err(Error::Invalid { code, field, message }) =
        validity::time("timestamp", reading.timestamp)
    {
        return Err(refused(code, field, message));
    }
    if reading.values.present().next().is_none() {
        return Err(refused(
            "no_value",
            None,
            format!(
                "the reading carries no value: give at least one, such as {}",
                Field::ALL[0].json()
            ),
        ));
    }
    // Two times that differ by less than the database keeps are one.
    Ok(NewReading { timestamp: window::stored(reading.timestamp), ..reading })
}
