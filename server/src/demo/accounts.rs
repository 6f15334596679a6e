//! What the demonstration's owner has entered: a tariff, emission factors, a load without a meter.

use chrono::NaiveDate;
use domain::carbon::FactorKind;
use domain::period::Moment;
use serde_json::{Map, Value, json};
use service::bills::tariffs::NewTariff;
use service::carbon::factors::NewFactor;
use service::losses::unmetered::{Existing, NewUnmetered, declare};
use service::{Error, Principal, Service};
use simulator::demo;

const WHO: Principal = Principal::Loopback;

/// Since when the tariff and the load hold.
const SINCE: NaiveDate = april(2026);

/// Grid electricity of India by the yearly database of its Central Electricity Authority, and solar
/// energy counted with what it replaces; about what a pump in Pune asks for a litre of diesel: kind, value,
/// source, first day.
const FACTORS: [(FactorKind, f64, &str, NaiveDate); 5] = [
    (FactorKind::Grid, 0.716, "CEA CO2 Baseline Database 19.0, 2022-23", april(2024)),
    (FactorKind::Grid, 0.727, "CEA CO2 Baseline Database 20.0, 2023-24", april(2025)),
    (FactorKind::Solar, 0.727, "the grid electricity it replaces", april(2025)),
    (FactorKind::DieselPrice, 92.10, "contract with the depot", april(2025)),
    (FactorKind::DieselPrice, 90.60, "contract with the depot", april(2026)),
];

/// The first day of a year of accounts.
const fn april(year: i32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, 4, 1) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

/// Enters what is not there yet.
pub(super) async fn enter(service: &Service) -> Result<(), Error> {
    if service::bills::tariffs::list(service, &WHO, None).await?.is_empty() {
        service::bills::tariffs::create(service, &WHO, tariff()).await?;
    }
    let factors = service::carbon::factors::list(service, &WHO, None).await?;
    if factors.iter().all(|factor| factor.id.is_none()) {
        for (kind, value, source, valid_from) in FACTORS {
            let unit = kind.unit().to_owned();
            let source = source.to_owned();
            let new =
                NewFactor { site: None, kind, meter_id: None, value, unit, source, valid_from };
            service::carbon::factors::create(service, &WHO, new).await?;
        }
    }
    let load = NewUnmetered {
        valid_from: Moment::Day(SINCE),
        power_kw: demo::UNMETERED_KW,
        reason: "fire alarm and camera masts, by their name plates".to_owned(),
    };
    declare(service, &WHO, &demo::UNMETERED_BELOW.into(), load, Existing::Replaced).await?;
    Ok(())
}

/// Industrial supply by the time of day. Its price by day is the site's price, which live figures are
/// counted with.
fn tariff() -> NewTariff {
    let line = |price: &str| json!({"direction": "import", "price": price});
    let hours = |price: &str, from: &str, to: &str| json!({"direction": "import", "price": price, "fromTime": from, "toTime": to});
    let day = demo::site().price_per_kwh.to_string();
    let terms =
        json!([line(&day), hours("6.90", "22:00", "06:00"), hours("9.50", "18:00", "22:00"),]);
    let rest = [
        ("validFrom", json!(SINCE)),
        ("isDefault", json!(true)),
        ("fixedPerMonth", json!("2500.00")),
        ("demandPerKw", json!("350.00")),
        ("energy", terms),
    ];
    NewTariff {
        end_previous: false,
        name: "Industrial, time of day".to_owned(),
        site: None,
        currency: None,
        rest: rest
            .map(|(field, value): (&str, Value)| (field.to_owned(), value))
            .into_iter()
            .collect::<Map<_, _>>(),
    }
}
