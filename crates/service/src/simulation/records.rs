//! Records of a meter, as they follow from its readings.

use chrono::{DateTime, Utc};
use domain::simulation::SimulatedMeter;
use domain::simulation::record::{Registers, reactive, rounded};
use domain::simulation::{MeterHealth, ResourceType};
use domain::{MeterId, Reading};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::events::EventData;
use super::meters::addressed;
use crate::{Action, Core, Error, Principal, Service, instants, resolve};

/// What a meter recorded of a stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MeterData {
    /// Id of the meter.
    pub id: i64,
    /// Its UUID.
    pub uuid: Uuid,
    /// Its number.
    pub meter_id: String,
    /// End of the record, in the world's time.
    pub timestamp: DateTime<Utc>,
    /// Drawn, in kWh.
    #[serde(rename = "consumption_kWh")]
    pub consumption_kwh: f64,
    /// Made, in kWh; null for a consumer.
    #[serde(rename = "production_kWh")]
    pub production_kwh: Option<f64>,
    /// Drawn, in kVAh: kWh / power factor.
    #[serde(rename = "consumption_kVAh")]
    pub consumption_kvah: f64,
    /// Made, in kVAh.
    #[serde(rename = "production_kVAh")]
    pub production_kvah: Option<f64>,
    /// kWh of the mean minute × 1000 / (voltage × 1 × 60), as it was asked for; no ampere.
    pub avg_current: f64,
    /// The same as a current, in A.
    pub avg_current_a: f64,
    /// Mean voltage, in V.
    pub avg_voltage: f64,
    /// sqrt(kVAh² − kWh²) of what was drawn: an energy, in kvarh.
    #[serde(rename = "reactive_power_kVAR")]
    pub reactive_power_kvar: f64,
    /// The same of what was made; null for a consumer.
    pub production_reactive_kvarh: Option<f64>,
    /// 0.8 to 1.0.
    pub power_factor: f64,
    /// Minutes of the record.
    pub interval_minutes: u32,
    /// How the meter is, by what it reported in the record: `good`, `error` or `tampered`.
    pub meter_health: MeterHealth,
    /// What it reported, the oldest first: errors and tamper alerts. A meter above others passes on
    /// what those report.
    pub events: Vec<EventData>,
}

/// A meter with its newest records.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    pub meter: MeterId,
    /// Its records, the oldest first.
    pub records: Vec<MeterData>,
}

/// The newest records of the meter that an address names, the oldest first.
pub async fn of_meter(
    service: &Service,
    who: &Principal,
    id: &str,
    latest: u32,
) -> Result<Recorded, Error> {
    resolve::in_world(service, who, Action::SeeGrid)?;
    super::looked(service);
    let meter = addressed(service, id).await?;
    let newest = (instants::EARLIEST, instants::FAR);
    let records = load(service, &meter, newest, Some(latest)).await?;
    Ok(Recorded { meter: meter.id, records })
}

/// The newest records of a meter, the oldest first.
pub async fn records(
    service: &Service,
    who: &Principal,
    meter: MeterId,
    latest: u32,
) -> Result<Vec<MeterData>, Error> {
    Ok(of_meter(service, who, &meter.to_string(), latest).await?.records)
}

/// The records of a meter that ended over (`from`, `to`], the oldest first.
pub async fn records_between(
    service: &Service,
    who: &Principal,
    meter: MeterId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<MeterData>, Error> {
    resolve::in_world(service, who, Action::SeeGrid)?;
    super::looked(service);
    let meter = addressed(service, &meter.to_string()).await?;
    load(service, &meter, (from, to), None).await
}

/// Readings that say where registers stand stand between those of records: at most two to one.
const READINGS_PER_RECORD: i64 = 3;

async fn load(
    core: &Core,
    meter: &SimulatedMeter,
    (after, until): (DateTime<Utc>, DateTime<Utc>),
    latest: Option<u32>,
) -> Result<Vec<MeterData>, Error> {
    let pool = core.pool();
    let limit = latest.map_or(i64::MAX, |count| (i64::from(count) + 1) * READINGS_PER_RECORD);
    let mut readings = storage::readings::simulated(pool, meter.id, after, until, limit).await?;
    readings.extend(storage::readings::newest_simulated(pool, &[meter.id], after).await?);
    readings.reverse();
    let kind = match meter.er {
        Some(er) => storage::simulation::resources::by_id(pool, er).await?.map(|er| er.kind),
        None => None,
    };
    let mut records: Vec<MeterData> =
        readings.windows(2).filter_map(|pair| between(meter, kind, &pair[0], &pair[1])).collect();
    if let Some(first) = readings.first() {
        tell(core, meter.id, first.at, &mut records).await?;
    }
    let most = latest.map_or(usize::MAX, |count| count as usize);
    records.drain(..records.len().saturating_sub(most));
    Ok(records)
}

/// Puts what was reported since an instant into the records during which it was. What was reported
/// while nothing was recorded goes with the record after it.
async fn tell(
    core: &Core,
    meter: MeterId,
    since: DateTime<Utc>,
    records: &mut [MeterData],
) -> Result<(), Error> {
    let Some(last) = records.last().map(|record| record.timestamp) else { return Ok(()) };
    let events =
        storage::simulation::events::of_tree(core.pool(), meter, (since, last), i64::MAX).await?;
    for event in events {
        // A record holds its beginning and not its end.
        let place = records.partition_point(|record| record.timestamp <= event.at);
        if let Some(record) = records.get_mut(place) {
            record.events.push(event.into());
        }
    }
    for record in records {
        record.meter_health = MeterHealth::of(record.events.iter().map(|event| event.kind));
    }
    Ok(())
}

/// The record that ends with `read`; none where that reading only says where registers stand.
fn between(
    meter: &SimulatedMeter,
    kind: Option<ResourceType>,
    before: &Reading,
    read: &Reading,
) -> Option<MeterData> {
    let (power_factor, voltage) = (read.values.power_factor?, read.values.voltage_l1?);
    let (stood, stands) = (Registers::of(&before.values)?, Registers::of(&read.values)?);
    let consumption = rounded(stands.import_kwh - stood.import_kwh);
    let made = stands.export_kwh.map(|made| rounded(made - stood.export_kwh.unwrap_or_default()));
    // A prosumer that became a consumer keeps its register, which moves no more.
    let production = made.filter(|&made| made != 0.0 || kind != Some(ResourceType::Consumer));
    // Not by the power factor, which above others is that of what is drawn.
    let made_kvarh =
        stands.export_kvarh.unwrap_or_default() - stood.export_kvarh.unwrap_or_default();
    let made_kvarh = rounded(made_kvarh);
    let minutes = ((read.at - before.at).as_seconds_f64() / 60.0).round().max(1.0);
    let energy = if consumption == 0.0 { production.unwrap_or_default() } else { consumption };
    let avg_current = energy / minutes * 1_000.0 / (voltage * 60.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole minutes")]
    let interval_minutes = minutes as u32;
    Some(MeterData {
        id: meter.id.0,
        uuid: meter.uuid,
        meter_id: meter.number.clone(),
        timestamp: read.at,
        consumption_kwh: consumption,
        production_kwh: production,
        consumption_kvah: consumption / power_factor,
        production_kvah: production.map(|made| made.hypot(made_kvarh)),
        avg_current,
        avg_current_a: avg_current * 3_600.0,
        avg_voltage: voltage,
        reactive_power_kvar: reactive(consumption, power_factor),
        production_reactive_kvarh: production.map(|_| made_kvarh),
        power_factor,
        interval_minutes,
        meter_health: MeterHealth::Good,
        events: Vec::new(),
    })
}
