//! The page of one meter: its head lives on in the browser, its period is drawn by the server.

mod below;
pub(crate) mod consumption;
mod corrections;
pub mod flow;
pub mod heatmap;
mod outliers;
mod period;
pub mod plan;
mod registers;
pub mod settings;
pub mod tree;

use chrono::{DateTime, TimeDelta, Utc};
use domain::devices::{Communication, Line};
use domain::energy::window::Window;
use domain::language::Language;
use domain::live::Snapshot;
use domain::meters::view::meter::{
    ChannelValue, ConnectionCard, MeterPage, PowerPoint, PowerSeries,
};
use domain::meters::{Meter, SourceKind};
use domain::overview::money;
use domain::readings::channel::Latest;
use domain::{Field, MeterId, Quality};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;

pub use below::{MOST_RAW, RawPage, children, raw, reading_within};
pub use corrections::{CorrectionsPage, entered};
pub use period::period;
pub use registers::registers;

use crate::bills::energy_cost::Costs;
use crate::meters::energy_meters;
use crate::meters::energy_meters::settings::hidden;
use crate::pages::look;
use crate::{Action, Core, Error, Principal, Service};

/// Steps of the power chart of a day.
const STEP_SECONDS: u32 = 300;

/// One meter, with its amounts as a language writes them; none where it does not exist.
pub async fn head(
    service: &Service,
    who: &Principal,
    id: MeterId,
    language: Language,
) -> Result<Option<MeterPage>, Error> {
    who.require_somewhere(Action::See)?;
    let Some(meter) = known(service, who, id) else { return Ok(None) };
    let (snapshot, channels, limit) = look(service.live(), meter.site, |live| {
        let snapshot = live.snapshot();
        let latest = live.latest(id);
        let values = latest.map(|latest| channels(latest, &snapshot, live.stale_after(id)));
        (snapshot, values.unwrap_or_default(), live.gap_limit(id))
    })?;
    let connection = storage::devices::by_meter(service.pool(), id).await?;
    let cost = cost_today(service, &snapshot, id).await?;
    Ok(Some(MeterPage {
        id,
        accuracy_class: meter.accuracy_class,
        rated_power_kw: meter.rated_power_kw,
        phase_type: meter.phase_type.map(|phase| phase.as_str().to_owned()),
        location: meter.location,
        connection: connection
            .and_then(|device| connection_card(hidden::sees(who, meter.site), &device)),
        channels,
        power: power(service, id, limit).await?,
        share_of_parent_percent: share_of_parent(&snapshot, id),
        cost_today: cost.map(|cost| language.marks(money(cost, &snapshot.site.currency))),
    }))
}

/// The newest value of each field. One that newer readings left out keeps its time, and is stale after
/// `limit`.
pub(crate) fn channels(
    latest: &Latest,
    snapshot: &Snapshot,
    limit: TimeDelta,
) -> Vec<ChannelValue> {
    let newest = latest.newest();
    let now = snapshot.value(newest.meter).map_or(newest.quality, |value| value.quality);
    let value = |field: Field| {
        let held = latest.get(field)?;
        let age = newest.at - held.at;
        let own = if age > limit { held.quality.max(Quality::Stale) } else { held.quality };
        Some(ChannelValue {
            field: field.json().to_owned(),
            value: held.value,
            unit: field.unit().to_owned(),
            quality: if age.is_zero() { now } else { own.max(now) },
            at: held.at,
        })
    };
    Field::ALL.iter().filter_map(|&field| value(field)).collect()
}

fn connection_card(
    sees_query: bool,
    device: &storage::devices::DeviceRow,
) -> Option<ConnectionCard> {
    let settings = energy_meters::settings::shown(device.communication.clone());
    let settings = Communication::parse(device.protocol, &settings).ok()?;
    let (protocol, address) = match settings {
        Communication::Modbus(modbus) => {
            let station = modbus.station;
            let protocol = match &station.line {
                Line::Tcp { .. } => "Modbus TCP",
                Line::RtuOverTcp(_) => "Modbus RTU over TCP",
                Line::Serial(_) => "Modbus RTU",
            };
            (protocol, format!("{} unit {}", station.line.name(), station.unit))
        }
        Communication::Mqtt(mqtt) => {
            let broker = mqtt.broker.to_string();
            (
                "MQTT",
                mqtt.topics
                    .first()
                    .map_or(broker.clone(), |(topic, _)| format!("{broker} {topic}")),
            )
        }
        Communication::Http(http) if sees_query => ("HTTP", http.request.url),
        Communication::Http(http) => ("HTTP", hidden::without_query(&http.request.url)),
    };
    Some(ConnectionCard {
        protocol: protocol.to_owned(),
        address,
        poll_seconds: device.poll.as_secs_f64(),
    })
}

/// A meter that is in use.
fn known(core: &Core, who: &Principal, id: MeterId) -> Option<Meter> {
    let known = core.registry().known();
    let site = known.site_of(id).filter(|site| who.may(Action::See, site.id))?;
    known.trees.get(&site.id)?.get(id).cloned()
}

/// What the energy of a load or of the grid cost since the site's midnight; none where that is not known.
async fn cost_today(
    core: &Core,
    snapshot: &Snapshot,
    id: MeterId,
) -> Result<Option<Decimal>, Error> {
    let is_bought = snapshot
        .card(id)
        .is_some_and(|card| matches!(card.kind, SourceKind::Grid | SourceKind::Load));
    let today = snapshot.value(id).and_then(|value| value.today_kwh);
    let Some(kwh) = today.filter(|_| is_bought) else { return Ok(None) };
    let Some(site) = core.registry().known().site_of(id).cloned() else { return Ok(None) };
    let window = Window { from: snapshot.site.today_start, to: snapshot.at };
    let costs = Costs::load(core, &site, &[id], window).await?;
    Ok(costs.of(id, kwh).and_then(Decimal::from_f64))
}

async fn power(core: &Core, id: MeterId, limit: TimeDelta) -> Result<PowerSeries, Error> {
    let to = core.registry().now_of(id);
    let from = to - TimeDelta::hours(24);
    let steps = storage::readings::power_steps(core.pool(), id, from, to, STEP_SECONDS).await?;
    let points: Vec<_> = steps
        .iter()
        .map(|step| PowerPoint {
            start: step.start,
            min_kw: step.min,
            mean_kw: step.mean,
            max_kw: step.max,
        })
        .collect();
    let gaps = gaps(&points, from, to, limit);
    let readings = steps.iter().map(|step| step.count.unsigned_abs()).sum();
    Ok(PowerSeries { from, to, step_seconds: STEP_SECONDS, points, gaps, readings })
}

/// Stretches without a point that are longer than `limit`, the window's ends included.
fn gaps(
    points: &[PowerPoint],
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    limit: TimeDelta,
) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let step = TimeDelta::seconds(i64::from(STEP_SECONDS));
    let mut gaps = Vec::new();
    let mut covered = from;
    for point in points {
        if point.start - covered > limit {
            gaps.push((covered, point.start));
        }
        covered = (point.start + step).min(to);
    }
    if to - covered > limit {
        gaps.push((covered, to));
    }
    gaps
}

/// A load's share of what its parent took in today, per cent.
fn share_of_parent(snapshot: &Snapshot, id: MeterId) -> Option<f64> {
    let card = snapshot.card(id)?;
    let parent = snapshot.value(card.parent?)?.today_kwh.filter(|&kwh| kwh > 0.0)?;
    Some(snapshot.value(id)?.today_kwh? / parent * 100.0).filter(|_| !card.feeds_parent)
}
