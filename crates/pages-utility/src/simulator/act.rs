//! What the forms of the simulated world do.

use chrono::{NaiveDateTime, TimeZone as _, Utc};
use domain::operation::request::FormRefusal;
use domain::simulation::refusal::{ResourceRefusal, SpikeRefusal, WorldRefusal};
use domain::simulation::{EventKind, LogType, MeterStatus, ResourceType, SpikeKind};
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::{Map, Value, json};
use service::meters::MeterRef;
use service::simulation::{
    self, ControlRequest, EventRequest, LinkRequest, NewResource, NewSimulatedMeter, ResourceRef,
    SpikeRequest, TimeChange, ToggleRequest,
};
use service::{Error, Principal, Service, pages};

use texts::words::simulator::done as words;
use ui::drawing::act::{Fields, no_act};

pub(crate) async fn act(
    service: &Service,
    who: &Principal,
    name: &str,
    fields: &Fields,
) -> Result<String, Error> {
    match name {
        "world-clock" => clock(service, who, fields).await,
        "world-toggle" => toggle(service, who, fields).await,
        "world-control" => control(service, who, fields).await,
        "world-spike" => spike(service, who, fields).await,
        "world-report" => report(service, who, fields).await,
        "world-add" | "world-remove" | "world-replace" => {
            appliances(service, who, name, fields).await
        }
        "world-resource" => resource(service, who, fields).await,
        "world-meter" => new_meter(service, who, fields).await,
        "world-link" => link(service, who, fields).await,
        other => Err(no_act(other)),
    }
}

async fn clock(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    const TO: &str = "current_datetime";
    let mut change = TimeChange::default();
    if let Ok(paused) = fields.text("paused") {
        change.paused = Some(paused == "true");
    }
    if fields.text("days_per_minute").is_ok() {
        change.days_per_minute = Some(fields.number("days_per_minute")?);
    }
    if fields.text("record_minutes").is_ok() {
        change.record_minutes = Some(whole(fields, "record_minutes")?);
    }
    if let Ok(text) = fields.text(TO) {
        let query = pages::Query::default().or("site", "world");
        let site = pages::period(service, who, &query)?.site;
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok();
        let at = local.and_then(|local| site.zone.from_local_datetime(&local).earliest());
        let at =
            at.ok_or_else(|| Error::invalid(TO, WorldRefusal::NoTime { text: text.to_owned() }))?;
        change.current_datetime = Some(at.with_timezone(&Utc));
    }
    simulation::set_time(service, who, change).await?;
    Ok(words::CLOCK.into())
}

fn whole(fields: &Fields, name: &str) -> Result<u32, Error> {
    let (text, number) = (fields.text(name)?, fields.number(name)?);
    let whole = number.to_u32().filter(|_| number.fract() == 0.0);
    let refused = FormRefusal::NoWhole { text: text.to_owned() };
    whole.ok_or_else(|| Error::invalid(name, refused))
}

/// The meter that a field names; none where it is left open.
fn optional(fields: &Fields, name: &str) -> Result<Option<MeterRef>, Error> {
    fields.text(name).is_ok().then(|| fields.meter_ref(name)).transpose()
}

async fn toggle(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    let request = ToggleRequest {
        er_id: None,
        meter_id: optional(fields, "meter")?,
        status: fields.text("status").ok().and_then(MeterStatus::parse),
    };
    let switched = simulation::toggle(service, who, request).await?;
    Ok(words::switched(switched.status.as_str()))
}

async fn control(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    let request = ControlRequest {
        meter_id: optional(fields, "meter")?,
        parent_meter_id: optional(fields, "parent")?,
        appliance_type: fields.text("appliance").ok().map(str::to_owned),
        pincode: fields.text("pincode").ok().map(str::to_owned),
        load_factor: fields.number("factor")?,
        log_type: fields.text("log_type").ok().and_then(LogType::parse),
    };
    let controlled = simulation::control(service, who, request).await?;
    Ok(words::controlled(controlled.changed))
}

async fn spike(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    let size = fields.number("size")?;
    let is_kw = fields.text("unit")? == "kw";
    let kind = fields.text("kind")?;
    let request = SpikeRequest {
        meter_id: optional(fields, "meter")?,
        parent_meter_id: None,
        appliance_type: None,
        pincode: None,
        kind: SpikeKind::parse(kind).ok_or_else(|| Error::invalid("kind", SpikeRefusal::NoKind))?,
        magnitude_kw: is_kw.then_some(size),
        factor: (!is_kw).then_some(size),
        duration_minutes: whole(fields, "minutes")?,
    };
    simulation::spike(service, who, request).await?;
    Ok(words::SPIKED.into())
}

async fn report(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    let request = EventRequest {
        meter_id: optional(fields, "meter")?,
        parent_meter_id: None,
        appliance_type: None,
        pincode: None,
        kind: EventKind::parse(fields.text("kind")?)
            .ok_or_else(|| Error::invalid("kind", WorldRefusal::NoReport))?,
    };
    simulation::report(service, who, request).await?;
    Ok(words::REPORTED.into())
}

/// Names of appliances, one after the other.
fn names(fields: &Fields) -> Vec<String> {
    let text = fields.text("appliances").unwrap_or_default();
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Puts other appliances in place of those of a resource.
async fn appliances(
    service: &Service,
    who: &Principal,
    name: &str,
    fields: &Fields,
) -> Result<String, Error> {
    let id = fields.text("resource")?;
    let mut now = simulation::resource(service, who, id).await?.appliances;
    match name {
        "world-add" => now.push(fields.text("appliance")?.to_owned()),
        "world-remove" => {
            let known =
                |name: &str| domain::simulation::appliance::find(name).map(|found| found.name);
            let gone = known(fields.text("appliance")?);
            if let Some(at) = now.iter().position(|name| known(name) == gone) {
                now.remove(at);
            }
        }
        _ => now = names(fields),
    }
    let patch = Map::from_iter([("appliance_type".to_owned(), Value::from(now))]);
    simulation::update_resource(service, who, id, patch.into()).await?;
    Ok(words::APPLIANCES.into())
}

async fn resource(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    let kind = ResourceType::parse(fields.text("type")?)
        .ok_or_else(|| Error::invalid("type", ResourceRefusal::NoKind))?;
    let new =
        NewResource { name: fields.text("name")?.to_owned(), kind, appliance_type: names(fields) };
    simulation::create_resource(service, who, new).await?;
    Ok(words::RESOURCE.into())
}

async fn new_meter(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    let new: NewSimulatedMeter = service::body::read(&json!({
        "meter_id": fields.text("meter_id")?,
        "parent_id": fields.text("parent").ok().and_then(|id| id.parse::<i64>().ok()),
        "load_factor": fields.number("load_factor")?,
        "meter_type": fields.text("meter_type")?,
        "city": fields.text("city")?,
        "state": fields.text("state")?,
        "latitude": fields.number("latitude")?,
        "longitude": fields.number("longitude")?,
        "pincode": fields.text("pincode")?,
    }))?;
    simulation::create_meter(service, who, new).await?;
    Ok(words::METER.into())
}

async fn link(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    let request = LinkRequest {
        meter_id: fields.meter_ref("meter")?,
        er_id: ResourceRef::Name(fields.text("resource")?.to_owned()),
    };
    simulation::link(service, who, request).await?;
    Ok(words::LINKED.into())
}
