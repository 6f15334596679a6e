//! Bills beside those of the model.

use second_opinion::exact::float;
use second_opinion::model::{Truth, bill};
use second_opinion::scenario::{Line, Scenario, Tariff};
use serde_json::{Value, json};
use service::Service;

use crate::compare::Found;
use crate::play::{Played, WHO};

/// Enters the versions of a scenario's tariff.
pub(crate) async fn enter(service: &Service, scenario: &Scenario, slug: &str) -> Vec<String> {
    let mut refused = Vec::new();
    for tariff in &scenario.tariffs {
        let new = serde_json::from_value(terms(tariff, slug)).unwrap();
        if let Err(error) = service::tariffs::create(service, &WHO, new).await {
            refused.push(error.to_string());
        }
    }
    refused
}

fn money(value: i64, unit: i64) -> String {
    float(&second_opinion::exact::ratio(value, unit)).to_string()
}

fn terms(tariff: &Tariff, slug: &str) -> Value {
    json!({"name": "Grid", "site": slug, "validFrom": tariff.from, "endPrevious": true,
        "fixedPerMonth": money(tariff.month_cents, 100), "fixedPerDay": money(tariff.day_cents, 100),
        "taxPercent": tariff.tax_percent.to_string(),
        "demandPerKw": money(tariff.demand_cents, 100),
        "energy": tariff.lines.iter().map(line).collect::<Vec<_>>()})
}

fn line(line: &Line) -> Value {
    let mut body = json!({"direction": if line.is_export { "export" } else { "import" },
        "price": money(line.price_mills, 1000)});
    if let Some((from, to)) = line.block {
        body["fromKwh"] = from.into();
        if let Some(to) = to {
            body["toKwh"] = to.into();
        }
    }
    if let Some((from, to)) = line.times {
        let clock = |quarter: u32| format!("{:02}:{:02}", quarter / 4, quarter % 4 * 15);
        body["fromTime"] = clock(from).into();
        body["toTime"] = clock(to).into();
    }
    if let Some(weekend) = line.weekend {
        body["days"] = if weekend { "weekend" } else { "weekday" }.into();
    }
    body
}

/// Compares the bills of a scenario's months.
pub(crate) async fn compare(
    found: &mut Found,
    service: &Service,
    (scenario, truth, played): (&Scenario, &Truth, &Played),
) {
    let zone = scenario.zone.parse().unwrap();
    for first in &scenario.months {
        let month = first.format("%Y-%m").to_string();
        for (meter, metered) in truth.meters.iter().enumerate() {
            let place = format!("meter {meter} in {month}");
            let id = played.ids[meter].0.to_string();
            let said = service::bills::bill(service, &WHO, None, &id, &month).await;
            let said = match said {
                Ok(view) => serde_json::to_value(view).unwrap(),
                Err(error) => Value::from(error.to_string()),
            };
            let right = bill::of_month(metered, &scenario.tariffs, zone, *first);
            let number = |key: &str| -> Value {
                let value = &said[key];
                let text = value.as_str().and_then(|text| text.parse::<f64>().ok());
                text.map_or_else(|| value.clone(), Value::from)
            };
            let consumed = float(&right.consumed);
            // A bill counts milliwatt-hours.
            let rounded = (consumed * 1e6).round() / 1e6;
            let scale = 1_000.0_f64.max(consumed);
            found.near("consumed of bills", &place, (&number("consumed"), Some(rounded)), scale);
            if let Some(due) = right.due() {
                let due = float(&second_opinion::exact::ratio(due, 100));
                found.near("amountDue of bills", &place, (&number("amountDue"), Some(due)), 1.0);
            }
        }
    }
}
