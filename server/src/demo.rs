//! The demonstration plant: registered, given five weeks of history, and read by the ordinary drivers.

mod accounts;
pub(crate) mod neighbourhood;
mod people;
mod transformers;

use std::time::{Duration, Instant};

use acquisition::Outbox;
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use domain::devices::mqtt::Broker;
use domain::meters::DieselRegister;
use domain::{MeterId, Quality, Reading, Source};
use futures::stream::{FuturesUnordered, StreamExt as _};
use service::configuration::bulk_registration::{self, PlantAge, PlantMeter, Registered};
use service::{Principal, Service};
use simulator::devices::{DeviceBody, Running};
use simulator::plant::{Plant, PlantMeter as SimulatedMeter, steps};
use storage::meters::NewMeter;
use tokio_util::sync::CancellationToken;

use crate::start::StartError;

/// How much history the plant brings along.
const HISTORY: TimeDelta = TimeDelta::days(35);
/// How much it brought along before.
const SHORT_HISTORY: TimeDelta = TimeDelta::days(7);
/// Steps of the history: those of a logger, of the last week, and of the last hour, which the live balance looks at.
const COARSE_STEP: TimeDelta = domain::energy::QUARTER;
const STEP: TimeDelta = TimeDelta::minutes(5);
const FINE_STEP: TimeDelta = TimeDelta::minutes(1);
const WEEK: TimeDelta = TimeDelta::days(7);
const FINE: TimeDelta = TimeDelta::hours(1);
/// The meter that is registered first.
const FIRST_METER: &str = "GRID-001";
/// Readings handed over at once.
const CHUNK: usize = 4_600;
/// Chunks under way at once.
const AT_ONCE: usize = 4;

/// Starts the plant's devices, registers its meters, and fills in the history at the first start.
pub(crate) async fn start(
    service: &Service,
    outbox: &Outbox,
    stop: CancellationToken,
) -> Result<Running, StartError> {
    let anchor = anchor(service).await?;
    let plant = tokio::task::spawn_blocking(move || simulator::demo::plant(anchor))
        .await
        .map_err(|_| StartError::Interrupted)?;
    let running = simulator::devices::start(&plant, stop.clone())
        .await
        .map_err(|error| StartError::Demo(Box::new(error)))?;
    let meters = running.devices.iter().map(|device| meter(&plant, anchor, device)).collect();
    let describe = |site: &mut domain::sites::Site| {
        let demo = simulator::demo::site();
        demo.name.clone_into(&mut site.name);
        demo.currency.clone_into(&mut site.currency);
        site.zone = demo.time_zone;
        site.price_per_kwh = Some(demo.price_per_kwh);
        site.grid_capacity_kw = Some(demo.grid_capacity_kw);
        site.latitude = Some(demo.latitude);
        site.longitude = Some(demo.longitude);
    };
    let registered =
        bulk_registration::register(service, &Principal::Loopback, describe, meters).await?;
    tracing::info!(
        "demo plant: {} meters on {}",
        registered.meters.len(),
        simulator::demo::site().name
    );
    if let (None, Some(anchor)) = (registered.newest, anchor) {
        accounts::enter(service).await?;
        fill(&plant, anchor - HISTORY, &running, &registered, outbox, &stop).await;
    }
    Ok(running)
}

/// The broker that the plant's meters publish to.
pub(crate) fn broker(plant: &Running) -> Option<Broker> {
    let address = plant.broker?;
    Some(Broker { host: address.ip().to_string(), port: address.port(), ..Broker::local() })
}

/// When the plant was first shown, at a full step of its history: its meters were installed one
/// history before. None for a plant that was registered before it had faults.
async fn anchor(service: &Service) -> Result<Option<DateTime<Utc>>, StartError> {
    let age = bulk_registration::age(service, &Principal::Loopback, FIRST_METER).await?;
    let Some(PlantAge { installed, registered }) = age else {
        return Ok(Utc::now().duration_trunc(STEP).ok());
    };
    let is_long = installed.zip(registered).is_some_and(|(installed, registered)| {
        (registered - installed - HISTORY).abs() < TimeDelta::days(1)
    });
    let history = if is_long { HISTORY } else { SHORT_HISTORY };
    Ok(installed.map(|at| at + history))
}

fn meter(plant: &Plant, anchor: Option<DateTime<Utc>>, device: &DeviceBody) -> PlantMeter {
    let meter = &plant.meters()[device.meter];
    PlantMeter {
        meter: NewMeter {
            level: Some(meter.level),
            feeds_parent: meter.feeds_parent,
            area: Some(meter.area.to_owned()),
            load_role: meter.load_role,
            phase_type: Some(meter.phase_type),
            rated_power_kw: Some(meter.rated_power_kw),
            accuracy_class: Some(meter.accuracy_class),
            register_modulus_kwh: meter.register_modulus_kwh,
            register_step_kwh: Some(meter.register_step_kwh),
            import_register: Some(meter.import_register),
            // Fuel counters of this plant only rise.
            diesel_register: DieselRegister::Cumulative,
            latitude: Some(meter.latitude),
            longitude: Some(meter.longitude),
            installed_at: anchor.map(|anchor| anchor - HISTORY),
            ..NewMeter::named(
                storage::sites::DEFAULT,
                meter.number,
                meter.name,
                &meter.meter_type.0,
            )
        },
        parent_number: meter.parent.map(str::to_owned),
        moved: moves(meter),
        protocol: device.protocol,
        poll: device.poll_interval_ms.map_or(device.protocol.default_poll(), Duration::from_millis),
        communication: device.communication.clone(),
    }
}

/// A meter that hung below a wrong one for some days hung below its parent before, too.
fn moves(meter: &SimulatedMeter) -> Vec<(String, DateTime<Utc>)> {
    let wrong = meter
        .misplaced
        .zip(meter.parent)
        .map(|((wrong, from, to), parent)| vec![(parent.to_owned(), from), (wrong.to_owned(), to)]);
    wrong.unwrap_or_default()
}

/// Brings the history through the one way in, with a line of progress per day.
async fn fill(
    plant: &Plant,
    from: DateTime<Utc>,
    running: &Running,
    registered: &Registered,
    outbox: &Outbox,
    stop: &CancellationToken,
) {
    let began = Instant::now();
    let now = Utc::now();
    let ids: Vec<(usize, MeterId)> = running
        .devices
        .iter()
        .map(|device| device.meter)
        .zip(registered.meters.iter().copied())
        .collect();
    let middle = (now - FINE).duration_trunc(STEP).unwrap_or(now - FINE);
    let first = from.duration_trunc(COARSE_STEP).unwrap_or(from);
    let week = (now - WEEK).duration_trunc(COARSE_STEP).unwrap_or(from);
    let instants = steps(first + COARSE_STEP, week, COARSE_STEP)
        .chain(steps(week, middle, STEP))
        .chain(steps(middle, now, FINE_STEP));
    let mut waiting = Vec::with_capacity(CHUNK + ids.len());
    let mut under_way = FuturesUnordered::new();
    let mut stored = 0;
    let mut day = None;
    for (at, values) in plant.history(instants) {
        if stop.is_cancelled() {
            return;
        }
        for (index, values) in values {
            if let Some(&(_, meter)) = ids.iter().find(|(known, _)| *known == index) {
                waiting.push(reading(meter, at, values));
            }
        }
        if waiting.len() >= CHUNK {
            under_way.push(outbox.submit(std::mem::take(&mut waiting)));
        }
        while under_way.len() >= AT_ONCE {
            stored += accepted(under_way.next().await);
        }
        if day.replace(at.date_naive()) != Some(at.date_naive()) {
            tracing::info!("demo history: {} ({stored} readings so far)", at.date_naive());
        }
    }
    under_way.push(outbox.submit(waiting));
    while let Some(outcome) = under_way.next().await {
        stored += accepted(Some(outcome));
    }
    tracing::info!("demo history: {stored} readings in {:.1} s", began.elapsed().as_secs_f64());
}

fn reading(meter: MeterId, at: DateTime<Utc>, values: domain::Values) -> Reading {
    Reading { meter, at, quality: Quality::Good, source: Source::Simulator, values }
}

fn accepted(outcome: Option<Result<acquisition::Outcome, acquisition::NotStored>>) -> u64 {
    match outcome {
        Some(Ok(outcome)) => outcome.accepted,
        Some(Err(error)) => {
            tracing::warn!("a piece of the demo history is missing: {error}");
            0
        }
        None => 0,
    }
}
