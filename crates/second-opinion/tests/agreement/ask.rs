//! What the service says, as the API says it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::month::Month;
use domain::period::Moment;
use second_opinion::scenario::Scenario;
use serde::Serialize;
use serde_json::Value;
use service::Service;

use crate::play::{LOOK_AFTER, LOOKS, Played, WHO};

/// Everything that is asked of a window.
pub(crate) struct Answers {
    pub(crate) losses: Value,
    pub(crate) tree: Value,
    pub(crate) map: Value,
    pub(crate) carbon: Value,
}

fn json<T: Serialize>(answer: Result<T, service::Error>) -> Value {
    match answer {
        Ok(answer) => serde_json::to_value(answer).unwrap(),
        Err(error) => Value::from(error.to_string()),
    }
}

pub(crate) async fn window(
    service: &Service,
    slug: &str,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Answers {
    let losses = losses(service, slug, (from.into(), to.into())).await;
    let (site, from, to) = (Some(&slug.into()), Some(from.into()), Some(to.into()));
    let asked = service::SiteWindow { site, from, to, explain: true };
    Answers {
        losses,
        tree: json(service::meters::hierarchy::forest(service, &WHO, asked).await),
        map: json(service::overview::dashboard::map(service, &WHO, asked).await),
        carbon: json(service::carbon::get(service, &WHO, asked).await),
    }
}

/// What power-loss says of a window.
pub(crate) async fn losses(service: &Service, slug: &str, (from, to): (Moment, Moment)) -> Value {
    let (site, from, to) = (Some(&slug.into()), Some(from), Some(to));
    let asked =
        service::losses::power_loss::LossesQuery { site, parent: None, from, to, explain: true };
    json(service::losses::power_loss::list(service, &WHO, asked).await)
}

/// Everything that is said of a scenario's windows, why balances do not close, too.
pub(crate) async fn all(service: &Service, scenario: &Scenario, played: &Played) -> Value {
    explained(service, played).await;
    let mut all = Vec::new();
    for &asked in &scenario.windows {
        let Answers { losses, tree, map, carbon } = window(service, &played.slug, asked).await;
        all.extend([losses, tree, map, carbon]);
    }
    for month in &scenario.months {
        for meter in &played.ids {
            let bill = bill(service, *meter, *month).await;
            let due = ["consumed", "produced", "amountDue"].map(|key| bill[key].clone());
            all.push(Value::from(due.to_vec()));
        }
    }
    Value::from(all)
}

/// Waits until all balances are there, and somebody looked into those that do not close.
async fn explained(service: &Service, played: &Played) {
    for _ in 0..LOOKS {
        let has_balances = storage::losses::is_idle(&played.pool).await.unwrap();
        if has_balances && service.metrics().rollup.causes == 0 {
            return;
        }
        tokio::time::sleep(LOOK_AFTER).await;
    }
    panic!("the balances were not looked into within ten minutes");
}

/// The bill of a meter for a month.
pub(crate) async fn bill(service: &Service, meter: domain::MeterId, month: NaiveDate) -> Value {
    json(service::bills::bill(service, &WHO, &meter.into(), Month::of(month)).await)
}

/// The steps of a meter in a window.
pub(crate) async fn steps(
    service: &Service,
    meter: domain::MeterId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    resolution: &str,
) -> Value {
    let asked = service::readings::ReadingsQuery {
        from: Some(from.into()),
        to: Some(to.into()),
        resolution: Some(resolution),
        limit: 10_000,
        ..service::readings::ReadingsQuery::default()
    };
    match service::readings::page(service, &WHO, &meter.into(), asked).await {
        Ok(service::readings::Rows::Steps(steps)) => serde_json::to_value(steps).unwrap(),
        Ok(service::readings::Rows::Raw(_)) => Value::from("raw readings"),
        Err(error) => Value::from(error.to_string()),
    }
}

/// The meter of a tree, wherever it hangs.
pub(crate) fn in_tree(tree: &Value, id: i64) -> Option<&Value> {
    let roots = tree.as_array()?;
    roots.iter().find_map(|node| {
        if node["id"].as_i64() == Some(id) { Some(node) } else { in_tree(&node["children"], id) }
    })
}
