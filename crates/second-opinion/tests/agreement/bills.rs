//! Bills beside those of the model.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::MeterId;
use second_opinion::exact::float;
use second_opinion::generate::next_month;
use second_opinion::model::carbon::midnight;
use second_opinion::model::flow::flow;
use second_opinion::model::truth::Metered;
use second_opinion::model::{Truth, bill};
use second_opinion::scenario::{Line, Scenario, Tariff};
use serde_json::{Value, json};
use service::Service;

use crate::ask;
use crate::compare::Found;
use crate::play::{Played, WHO};

/// Enters the versions of a scenario's tariff.
pub(crate) async fn enter(service: &Service, scenario: &Scenario, slug: &str) -> Vec<String> {
    let mut refused = Vec::new();
    for tariff in &scenario.tariffs {
        let new = serde_json::from_value(terms(tariff, slug)).unwrap();
        if let Err(error) = service::bills::tariffs::create(service, &WHO, new).await {
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
        "taxOn": if tariff.taxes_balance { "balance" } else { "supply" },
        "acrossVersions": if tariff.continues { "continue" } else { "prorate" },
        "holidays": tariff.holidays,
        "demandPerKw": money(tariff.demand_cents, 100), "demandMinutes": tariff.demand_minutes,
        "netting": if tariff.is_netted { "month" } else { "none" },
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
    body["days"] = match line.days {
        [word] if !word.ends_with("day") || ["weekday", "holiday"].contains(word) => (*word).into(),
        listed => listed.into(),
    };
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
        for (meter, metered) in truth.meters.iter().enumerate() {
            let place = format!("meter {meter} in {}", first.format("%Y-%m"));
            let said = ask::bill(service, played.ids[meter], *first).await;
            let right = bill::of_month(metered, &scenario.tariffs, zone, *first);
            let number = |key: &str| -> Value {
                let value = &said[key];
                let text = value.as_str().and_then(|text| text.parse::<f64>().ok());
                text.map_or_else(|| value.clone(), Value::from)
            };
            let consumed = float(&right.consumed);
            let scale = 1_000.0_f64.max(consumed);
            found.near("consumed of bills", &place, (&number("consumed"), Some(consumed)), scale);
            if let Some(due) = right.due() {
                let due = float(&second_opinion::exact::ratio(due, 100));
                found.near("amountDue of bills", &place, (&number("amountDue"), Some(due)), 1.0);
            }
            let month = first.format("%Y-%m").to_string();
            explained(found, service, (played.ids[meter].0, &month), &place).await;
            days(found, service, (metered, played.ids[meter]), (zone, *first)).await;
        }
    }
}

/// The days of a month are what passed in them, and their quarter-hours and hours add up to them.
async fn days(
    found: &mut Found,
    service: &Service,
    (metered, id): (&Metered, MeterId),
    (zone, first): (Tz, NaiveDate),
) {
    let end = next_month(first);
    let month = (midnight(zone, first), midnight(zone, end));
    let days = first.iter_days().take_while(|day| *day < end).map(|day| {
        let window = (midnight(zone, day), midnight(zone, day + TimeDelta::days(1)));
        let right = flow(metered, window).map_or(0.0, |flow| float(&flow.import));
        (day, window, right)
    });
    let days: Vec<_> = days.collect();
    for resolution in ["15m", "1h", "1d"] {
        let steps = ask::steps(service, id, month, resolution).await;
        let step = |step: &Value| {
            let at = step["start"].as_str()?.parse::<DateTime<Utc>>().ok()?;
            Some((at, step["importKwh"].as_f64()?))
        };
        let steps: Vec<_> = steps.as_array().into_iter().flatten().filter_map(step).collect();
        for (day, (from, to), right) in &days {
            let within = steps.iter().filter(|(at, _)| from <= at && at < to);
            let sum: f64 = within.map(|(_, kwh)| kwh).sum();
            let place = format!("{id:?} on {day} in {zone} by {resolution}");
            found.near(
                "law: steps add up to days",
                &place,
                (&Value::from(sum), Some(*right)),
                *right,
            );
        }
    }
}

/// The quarter-hours behind each line of a bill sum to the line, but for its rounding.
async fn explained(found: &mut Found, service: &Service, (meter, month): (i64, &str), place: &str) {
    let new = serde_json::from_value(json!({"meterId": meter, "month": month})).unwrap();
    let stored = match service::bills::store(service, &WHO, None, new).await {
        Ok(view) => serde_json::to_value(view).unwrap(),
        Err(error) => {
            found.note("drafts of bills", place, &Value::from(error.to_string()), "stored");
            return;
        }
    };
    let id = stored["id"].as_str().unwrap_or_default();
    let number = |value: &Value| value.as_str().and_then(|text| text.parse::<f64>().ok());
    for (at, line) in stored["lines"].as_array().into_iter().flatten().enumerate() {
        if line["unit"] != "kWh" && line["unit"] != "kW" {
            continue;
        }
        let behind = service::bills::intervals(service, &WHO, &id.into(), at).await.unwrap();
        let behind = serde_json::to_value(behind).unwrap();
        let behind = behind.as_array().cloned().unwrap_or_default();
        let sum = |key: &str| behind.iter().filter_map(|part| number(&part[key])).sum::<f64>();
        let amount = number(&line["amount"]).unwrap_or(f64::NAN);
        if (sum("amount") - amount).abs() > 0.005_001 {
            let said = Value::from(sum("amount"));
            found.note("law: a line is what is behind it", place, &said, &amount.to_string());
        }
        if line["unit"] == "kWh" {
            let said = Value::from(sum("kwh"));
            let right = number(&line["quantity"]);
            found.near("law: a line's kWh are behind it", place, (&said, right), 1_000.0);
        }
    }
}
