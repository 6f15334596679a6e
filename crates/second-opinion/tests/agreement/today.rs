//! What the live pages say of the day that is under way, beside the model and the stored figures.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use second_opinion::exact::float;
use second_opinion::model::flow::flow;
use second_opinion::model::{Truth, balance, carbon};
use second_opinion::scenario::{Event, Scenario};
use serde_json::Value;
use service::Service;
use service::live::Followed;

use crate::compare::{Difference, Found};
use crate::play::{Played, WHO};

/// How long live figures may take to be those of the stored quarter-hours: within half a minute of the end
/// of each, and within a minute for what came late.
const PATIENCE: Duration = Duration::from_secs(80);
/// Days are counted up to a multiple of this.
const GRAIN: TimeDelta = TimeDelta::seconds(5);
const ASK_EVERY: Duration = Duration::from_millis(500);

/// Whether no register fell of late: what that means is known once its quarter-hour is computed.
pub(crate) fn is_calm(scenario: &Scenario, now: DateTime<Utc>) -> bool {
    let of_late = |at: DateTime<Utc>| at > now - TimeDelta::minutes(45);
    let mut last: HashMap<usize, (DateTime<Utc>, f64)> = HashMap::new();
    let readings = scenario.events.iter().filter_map(|event| match event {
        Event::Reading(reading) => Some(reading),
        _ => None,
    });
    let mut readings: Vec<_> = readings.collect();
    readings.sort_by_key(|reading| reading.at);
    readings.into_iter().all(|reading| {
        let Some(total) = reading.total else { return true };
        let before = last.insert(reading.meter, (reading.at, total));
        before.is_none_or(|(_, before)| total >= before || !of_late(reading.at))
    })
}

/// What is still wrong with the live figures of a site after a while.
pub(crate) async fn differences(
    service: &Service,
    scenario: &Scenario,
    played: &Played,
) -> Vec<Difference> {
    let begun = Instant::now();
    loop {
        let found = once(service, scenario, played).await;
        if found.is_empty() || begun.elapsed() > PATIENCE {
            return found;
        }
        tokio::time::sleep(ASK_EVERY).await;
    }
}

async fn once(service: &Service, scenario: &Scenario, played: &Played) -> Vec<Difference> {
    let mut found = Found::default();
    let truth = Truth::of(scenario);
    let snapshot = snapshot(service, &played.slug).await;
    let from = scenario.windows[0].0;
    meters(&mut found, (&truth, played), from, &snapshot);
    let until = snapshot["gauges"]["until"].as_str().and_then(|at| at.parse().ok());
    let until: Option<DateTime<Utc>> = until;
    let last = truth.meters.iter().filter_map(|metered| metered.known).map(|(_, last)| last).max();
    let is_all = |until: &DateTime<Utc>| last.is_none_or(|last| last - *until < GRAIN);
    let Some(until) = until.filter(|until| *until > from && is_all(until)) else {
        let newest = format!("a time of today, no earlier than {last:?}");
        found.note("live: until", &played.slug, &snapshot["gauges"]["until"], &newest);
        return found.0;
    };
    let window = (from, until);
    let whole = balance::of_site(&truth, window);
    if whole.is_incomplete != Some(false) {
        return found.0;
    }
    let zone = scenario.zone.parse().unwrap();
    let carbon = carbon::of_site(&truth, zone, window);
    let into = carbon::input_of_site(&truth, window).as_ref().map(float);
    let net = float(&(&carbon.grid_kg + &carbon.diesel_kg - &carbon.offset_kg));
    let percent = whole.percent().map(|percent| float(&percent));
    let place = format!("{} until {until}", played.slug);
    let gauges = &snapshot["gauges"];
    found.rounded("live: input", &place, &gauges["consumptionKwh"]["value"], into);
    found.rounded("live: loss", &place, &gauges["lossPercent"]["value"], percent);
    found.rounded("live: carbon", &place, &gauges["netCarbonKg"]["value"], Some(net));
    if scenario.meters.iter().any(|meter| meter.kind == "Solar") {
        let solar = Some(float(&carbon.solar_kwh));
        found.rounded("live: solar", &place, &gauges["solarKwh"], solar);
    }
    let sites = service::overview::portfolio::list(service, &WHO).unwrap();
    let site = sites.iter().find(|site| site.slug == played.slug);
    let standing = serde_json::to_value(site).unwrap();
    found.rounded("portfolio: input", &place, &standing["todayKwh"], into);
    found.rounded("portfolio: carbon", &place, &standing["netCarbonKg"], Some(net));
    found.0
}

/// What each meter counted since midnight, up to its newest reading.
fn meters(
    found: &mut Found,
    (truth, played): (&Truth, &Played),
    from: DateTime<Utc>,
    snapshot: &Value,
) {
    for (place, metered) in truth.meters.iter().enumerate() {
        let id = played.ids[place].0;
        let values = snapshot["values"].as_array().map(Vec::as_slice).unwrap_or_default();
        let said = values.iter().find(|value| value["id"].as_i64() == Some(id));
        let Some((_, last)) = metered.known.filter(|(_, last)| *last > from) else { continue };
        let Some(right) = flow(metered, (from, last)) else { continue };
        let (import, export) = (float(&right.import), float(&right.export));
        let place = format!("meter {place} of {} until {last}", played.slug);
        let said = |key: &str| said.map_or(&Value::Null, |value| &value[key]);
        found.rounded("live: today of a meter", &place, said("todayKwh"), Some(import));
        let returned = Some(export).filter(|kwh| *kwh > 0.0);
        found.rounded("live: returned today", &place, said("todayReturnedKwh"), returned);
    }
}

async fn snapshot(service: &Service, slug: &str) -> Value {
    let site = Followed::Site(Some(slug.into()));
    let mut stream = service.follow(&WHO, &site, None).await.unwrap();
    serde_json::from_slice(&stream.next().await.unwrap().json).unwrap()
}
