//! The pages of one meter.

mod below;
pub(crate) mod consumption;
mod corrections;
mod deletion;
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
use domain::live::MeterLive;
use domain::meters::view::meter::{
    ChannelValue, ConnectionCard, MeterNow, MeterPage, PowerPoint, PowerSeries,
};
use domain::meters::{Meter, SourceKind};
use domain::readings::channel::Latest;
use domain::sites::Site;
use domain::{Field, MeterId, Quality};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;

pub use below::{MOST_RAW, RawPage, children, raw, reading_within};
pub use corrections::{
    CorrectableReading, CorrectableValue, CorrectionEffect, CorrectionsPage, effect, entered,
};
pub use deletion::{DeletionPage, deletion};
pub use period::period;
pub use registers::registers;

use crate::bills::energy_cost::Costs;
use crate::live::SiteLive;
use crate::meters::energy_meters;
use crate::meters::energy_meters::settings::hidden;
use crate::pages::{Query, look, shown_of};
use crate::{Action, Core, Error, Principal, Service};

/// Steps of the power chart of a day.
const STEP_SECONDS: u32 = 300;

/// The head of every page of a meter; none where there is no such meter.
pub async fn head(
    service: &Service,
    who: &Principal,
    id: MeterId,
    query: &Query,
) -> Result<Option<MeterPage>, Error> {
    who.require_somewhere(Action::See)?;
    let Some(meter) = known_now(service, who, id).await? else { return Ok(None) };
    let (status, value, parent_kwh, demand, node) = look(service.live(), meter.site, |live| {
        let parent = meter.parent.filter(|_| !meter.feeds_parent);
        let parent_kwh = parent.and_then(|parent| live.value(parent)?.today_kwh);
        let node = live.nodes().iter().find(|node| node.id == id);
        let node = node.map(|node| node.balance.loss_kw);
        (live.site_status(), live.value(id).cloned(), parent_kwh, live.demand(id), node)
    })?;
    // One that was just added is not there yet.
    let value = value.unwrap_or_else(|| MeterLive::unread(id));
    let shown = shown_of(service, &meter, query).await?;
    let registry = service.registry().known();
    let above = registry.trees.get(&meter.site).into_iter().flat_map(|tree| tree.ancestors(id));
    let mut above: Vec<_> = above.map(|above| (above.id, above.name.clone())).collect();
    above.reverse();
    let connection = storage::devices::by_meter(service.pool(), id).await?;
    let since_midnight = Window { from: status.site.today_start, to: status.at };
    let parent_kwh = parent_kwh.filter(|&kwh| kwh > 0.0);
    let share = value.today_kwh.zip(parent_kwh).map(|(kwh, parent)| kwh / parent * 100.0);
    Ok(Some(MeterPage {
        connection: connection
            .and_then(|device| connection_card(hidden::sees(who, meter.site), &device)),
        share_of_parent_percent: share,
        cost_today: cost(service, (&shown.site, &meter), since_midnight, value.today_kwh).await?,
        loss_kw: node.flatten(),
        is_node: node.is_some(),
        demand_kw: demand.map(|demand| demand.projected_kw),
        shown,
        meter,
        above,
        value,
    }))
}

/// The newest values of a meter; none where there is no such meter.
pub async fn now(
    service: &Service,
    who: &Principal,
    id: MeterId,
) -> Result<Option<MeterNow>, Error> {
    who.require_somewhere(Action::See)?;
    let Some(meter) = known(service, who, id) else { return Ok(None) };
    let (channels, limit) = look(service.live(), meter.site, |live| {
        let channels = live.latest(id).map(|latest| channels(live, latest));
        (channels.unwrap_or_default(), live.gap_limit(id))
    })?;
    Ok(Some(MeterNow { channels, power: power(service, id, limit).await? }))
}

/// The newest value of each field. One that newer readings left out keeps its time, and is stale after a while.
pub(crate) fn channels(live: &SiteLive, latest: &Latest) -> Vec<ChannelValue> {
    let newest = latest.newest();
    let limit = live.stale_after(newest.meter);
    let now = live.value(newest.meter).map_or(newest.quality, |value| value.quality);
    let value = |field: Field| {
        let held = latest.get(field)?;
        let age = newest.at - held.at;
        let own = if age > limit { held.quality.max(Quality::Stale) } else { held.quality };
        let quality = if age.is_zero() { now } else { own.max(now) };
        Some(ChannelValue { field, value: held.value, quality, at: held.at })
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

/// The same; one that was added a moment ago is looked up.
async fn known_now(core: &Core, who: &Principal, id: MeterId) -> Result<Option<Meter>, Error> {
    let found = known(core, who, id);
    if found.is_some() {
        return Ok(found);
    }
    let stored = storage::meters::by_id(core.pool(), id).await?;
    if stored.is_none_or(|meter| meter.retired_at.is_some()) {
        return Ok(None);
    }
    core.registry().reload().await?;
    Ok(known(core, who, id))
}

/// The meter of a site with a number, as the address of the page of one that was just saved names it.
pub async fn numbered(
    core: &Core,
    who: &Principal,
    query: &Query,
) -> Result<Option<MeterId>, Error> {
    let Some(number) = query.get("number") else { return Ok(None) };
    let site = crate::pages::site(core, who, Action::See, query).await?;
    let found = storage::meters::by_number(core.pool(), site.id, number).await?;
    Ok(found.map(|meter| meter.id))
}

/// The cost of the energy of a load or of the grid; none where that is not known.
async fn cost(
    core: &Core,
    (site, meter): (&Site, &Meter),
    window: Window,
    kwh: Option<f64>,
) -> Result<Option<Decimal>, Error> {
    let kind = meter.meter_type.source_kind();
    let is_bought = matches!(kind, SourceKind::Grid | SourceKind::Load);
    let Some(kwh) = kwh.filter(|_| is_bought) else { return Ok(None) };
    let costs = Costs::load(core, site, &[meter.id], window).await?;
    Ok(costs.of(meter.id, kwh).and_then(Decimal::from_f64))
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
