//! Figures of time whose readings were dropped are what they were before.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use second_opinion::scenario::{Event, Scenario};
use serde_json::{Value, json};
use service::Service;
use tokio::sync::Mutex;

use crate::ask;
use crate::play::{Played, WHO, kept_days};
use crate::variants;

const QUARTER: TimeDelta = TimeDelta::minutes(15);
const KEPT_DAYS: i64 = 30;

/// One pass takes what is too old away; whoever comes meanwhile is told that there was nothing.
static TURN: Mutex<()> = Mutex::const_new(());

/// What differs after the readings of the first day are gone.
pub(crate) async fn differences(
    service: &Service,
    scenario: &Scenario,
    played: &Played,
) -> Vec<String> {
    let windows = scenario.windows.iter().map(|(from, to)| (floor(*from), floor(*to)));
    let windows: Vec<_> = windows.filter(|(from, to)| from < to).collect();
    let before = figures(service, played, &windows).await;
    let cut = scenario.windows[0].1;
    let _turn = TURN.lock().await;
    keep(service, played, KEPT_DAYS).await;
    service::retention::once(&played.pool, cut + TimeDelta::days(KEPT_DAYS)).await.unwrap();
    keep(service, played, kept_days()).await;
    let mut found = Vec::new();
    let after = figures(service, played, &windows).await;
    variants::differ(&format!("seed {}", scenario.seed), &before, &after, &mut found);
    found
}

/// Whether something was moved: its window is cut there, within a quarter-hour.
pub(crate) fn is_cut(scenario: &Scenario) -> bool {
    scenario.events.iter().any(|event| matches!(event, Event::Move { .. }))
}

/// A window that cuts a quarter-hour whose readings are gone is answered by its share.
fn floor(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(QUARTER).unwrap()
}

async fn keep(service: &Service, played: &Played, days: i64) {
    let patch = json!({"rawDays": days, "hourlyDays": kept_days(), "dailyDays": 3650});
    let patch = service::Patch::from_iter([("retention".to_owned(), patch)]);
    service::sites::update(service, &WHO, &played.slug.as_str().into(), patch).await.unwrap();
}

/// What passed in some windows; which readings it rests on and how far they cover it is another matter.
async fn figures(
    service: &Service,
    played: &Played,
    windows: &[(DateTime<Utc>, DateTime<Utc>)],
) -> Value {
    let mut all = Vec::new();
    for window in windows {
        let answers = ask::window(service, &played.slug, *window).await;
        let nodes = answers.losses.as_array().cloned().unwrap_or_default();
        let nodes = nodes.iter().map(|node| {
            let own = node["explain"]["readings"].as_array().cloned().unwrap_or_default();
            let own: Vec<Value> =
                own.iter().map(|own| json!([own["importKwh"], own["exportKwh"]])).collect();
            json!([node["sourceEnergyKwh"], node["destinationEnergyKwh"], own])
        });
        let nodes: Vec<Value> = nodes.collect();
        let carbon = ["gridKwh", "gridKg", "dieselL", "dieselKg", "solarKwh", "offsetKg"]
            .map(|key| answers.carbon[key].clone());
        let cells = answers.map["heatmap"].as_array().cloned().unwrap_or_default();
        let cells = cells.iter().map(|cell| json!([cell["meterId"], cell["start"], cell["kwh"]]));
        all.push(json!([nodes, carbon, cells.collect::<Vec<Value>>()]));
    }
    Value::from(all)
}
