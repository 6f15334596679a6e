//! The page of the grid: the card of a place, and what its map shows of a view.

pub mod connections;
mod map;
mod places;

use chrono::Utc;
use domain::grid::feasibility::{
    Case, FeasibilityRequest, Kind, Percents, Place, Premises, Scenario, Voltage as Estimate,
};
use domain::grid::refusal::{FormRefusal, RequestRefusal};
use domain::grid::view::{
    Candidate, Check, Form, Found, GridPage, Limit, Named, Span, Verdict, Voltage,
};
use domain::language::Language;
use domain::message::Message;
use domain::view::PeriodContext;
use rust_decimal::Decimal;

use crate::grid::copy::Grid;
use crate::grid::look;
use crate::grid::search::Ranked;
use crate::pages::Query;
use crate::{Action, Core, Error, Principal, Service, resolve};

pub use map::grid_map;

/// The site whose grid it is.
const SITE: &str = "world";
/// So many transformers are listed at most, and so many of them behind the one that is assigned.
const LISTED: usize = 8;
const BEHIND: usize = 3;
/// kW that are asked for where nothing else is written.
const USUAL_KW: &str = "10";
/// So many requests are shown beside the map.
const LAST: u32 = 4;
/// Metres within which transformers are counted.
const AROUND_M: f64 = 2000.0;

/// The page of the grid.
pub async fn grid(service: &Service, who: &Principal, query: &Query) -> Result<GridPage, Error> {
    resolve::in_world(service, who, Action::SeeGrid)?;
    let shown = present(service, who, query).await?;
    let (form, found) = find(service, service.grid(), who, query).await?;
    let last = connections::newest(service, LAST).await?;
    let newest = last.first().map_or("", |request| request.id.as_str());
    // Sent twice, the form connects once; after each request it is another form.
    let key = match &found {
        Found::Checked(check) => format!(
            "page {newest} {} {} {} {}",
            check.at.place.latitude, check.at.place.longitude, check.consumption, check.production
        ),
        _ => String::new(),
    };
    Ok(GridPage {
        transformers: look::count(service.grid(), who).await?,
        known: places::neighbourhoods().iter().map(|known| known.name.clone()).collect(),
        shown,
        form,
        found,
        last,
        key,
    })
}

/// The site, with the real present: people ask for connections by their own clocks.
pub(crate) async fn present(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<PeriodContext, Error> {
    let query = query.clone().with("site", SITE);
    let shown = crate::pages::shown(service, who, Action::SeeGrid, &query).await?;
    Ok(PeriodContext { now: Utc::now(), ..shown })
}

/// The form of an address, and what follows from it.
async fn find(
    core: &Core,
    grid: &Grid,
    who: &Principal,
    query: &Query,
) -> Result<(Form, Found), Error> {
    let text = |name: &str| query.get(name).unwrap_or_default().trim().to_owned();
    let coordinates = query.get("lat").zip(query.get("lon"));
    let coordinates = coordinates.map(|(lat, lon)| format!("{lat}, {lon}"));
    let place = query.get("place").map(|place| place.trim().to_owned()).or(coordinates);
    let form = Form {
        place: place.clone().unwrap_or_default(),
        consumption: query.get("consumption").unwrap_or(USUAL_KW).trim().to_owned(),
        production: text("production"),
        length: text("length"),
        is_ev: query.get("premises") == Some("ev"),
    };
    let Some(place) = place else { return Ok((form, Found::Nothing)) };
    let mut places = places::find(core, grid, who, &place).await?;
    let found = match (places.pop(), places.is_empty()) {
        (Some(only), true) => check(core, grid, who, &form, only, query.get("transformer")).await,
        (last, _) => {
            places.extend(last);
            Ok(Found::Places(places))
        }
    };
    match found {
        Ok(found) => Ok((form, found)),
        // What was written cannot be meant; the form stays as it is.
        Err(Error::Invalid { field, message, .. }) => {
            Ok((form, Found::Refused(refusal(field.as_deref(), Box::new(message)).into())))
        }
        Err(error) => Err(error),
    }
}

/// Applies the rule at a place.
async fn check(
    core: &Core,
    grid: &Grid,
    who: &Principal,
    form: &Form,
    at: Named,
    chosen: Option<&str>,
) -> Result<Found, Error> {
    let request = request(form, at.place)?;
    let mut candidates: Vec<Candidate> = look::ranked(core, grid, who, &request, BEHIND)
        .await?
        .into_iter()
        .map(|ranked| candidate(&request, ranked))
        .collect();
    let assigned = candidates.iter().position(|candidate| candidate.verdict == Verdict::Feasible);
    // Of many that were passed over the nearest are shown, and the one that is assigned.
    let first = assigned.unwrap_or(candidates.len());
    if first >= LISTED {
        candidates.drain(LISTED - 1..first.min(candidates.len()));
    }
    candidates.truncate(LISTED.max(BEHIND + 1));
    let passed_over = assigned.unwrap_or(first);
    let assigned = candidates.iter().position(|candidate| candidate.verdict == Verdict::Feasible);
    let by_id = |id: &str| candidates.iter().position(|candidate| candidate.id == id);
    let chosen = chosen.and_then(by_id).or(assigned).or((!candidates.is_empty()).then_some(0));
    let around = places::around(at.place, AROUND_M);
    let within_2_km = look::look(grid, who, &around, |all| {
        all.filter(|transformer| transformer.place.distance_m(at.place) <= AROUND_M).count()
    })
    .await?;
    let (consumption, production) =
        candidates.first().map_or((Decimal::ZERO, Decimal::ZERO), |first| {
            (first.consumption.requested, first.production.requested)
        });
    Ok(Found::Checked(Box::new(Check {
        at,
        consumption,
        production,
        candidates,
        passed_over,
        assigned,
        chosen,
        within_2_km,
    })))
}

/// What a form asks for at a place.
///
/// # Errors
/// What cannot be meant, by field.
pub fn request(form: &Form, place: Place) -> Result<FeasibilityRequest, Error> {
    let consumption = number("consumption", &form.consumption)?.unwrap_or(0.0);
    let production = number("production", &form.production)?.unwrap_or(0.0);
    Ok(FeasibilityRequest {
        kind: if production == 0.0 { Kind::Consumer } else { Kind::Prosumer },
        requested_consumption_kw: consumption,
        requested_production_kw: production,
        latitude: place.latitude,
        longitude: place.longitude,
        service_length_m: number("length", &form.length)?,
        service_r_ohm_per_km: None,
        service_x_ohm_per_km: None,
        source_voltage_pu: None,
        premises: if form.is_ev { Premises::Ev } else { Premises::General },
        explain: true,
    })
}

/// A number as people write it; none where nothing stands.
fn number(field: &str, text: &str) -> Result<Option<f64>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    // The address goes to readers of either language: what each would read as another number is none.
    let number = match [Language::En, Language::De].map(|language| language.number(text)) {
        [Some(english), Some(german)] if english.to_bits() != german.to_bits() => None,
        [english, german] => english.or(german),
    };
    let wrong = RequestRefusal::NoNumber { text: text.to_owned() };
    number.map(Some).ok_or_else(|| Error::invalid(field, wrong))
}

fn candidate(request: &FeasibilityRequest, ranked: Ranked) -> Candidate {
    use domain::grid::feasibility::Failure;
    let Ranked { candidate, place } = ranked;
    let loading = candidate.loading;
    let capacity = loading.capacity.decimal();
    let asked = |kw: f64| Decimal::try_from(kw).unwrap_or_default();
    Candidate {
        id: candidate.transformer.id.to_string(),
        name: candidate.transformer.name,
        capacity,
        distance_m: candidate.transformer.distance_meters,
        place,
        consumption: Limit {
            connected: loading.consumption.decimal(),
            requested: asked(request.requested_consumption_kw),
            limit: capacity * Decimal::new(8, 1),
        },
        production: Limit {
            connected: loading.production.decimal(),
            requested: asked(request.requested_production_kw),
            limit: capacity * Decimal::new(3, 1),
        },
        verdict: match candidate.failures.first() {
            None => Verdict::Feasible,
            Some(Failure::Consumption) => Verdict::Consumption,
            Some(Failure::Production) => Verdict::Production,
            Some(Failure::Voltage) => Verdict::Voltage,
        },
        voltage: voltage(&candidate.voltage),
    }
}

fn voltage(estimate: &Estimate) -> Option<Voltage> {
    let of = |case: Case| estimate.scenarios.iter().find(|scenario| scenario.name == case);
    let premises = |percents: Percents| percents.premises_percent.map(|percent| percent - 100.0);
    let span = |scenario: &Scenario| Span {
        before: premises(scenario.before),
        after: premises(scenario.after),
    };
    Some(Voltage {
        grade: estimate.verdict,
        peak_load: span(of(Case::PeakLoad)?),
        full_production: span(of(Case::FullProduction)?),
    })
}

/// What is wrong with the form, by the field that says it.
fn refusal(field: Option<&str>, why: Box<Message>) -> FormRefusal {
    match field {
        Some("requested_consumption_kW" | "consumption") => FormRefusal::Consumption { why },
        Some("requested_production_kW" | "production") => FormRefusal::Production { why },
        Some("service_length_m" | "length") => FormRefusal::Length { why },
        Some("latitude") => FormRefusal::Latitude { why },
        Some("longitude") => FormRefusal::Longitude { why },
        _ => FormRefusal::Other { why },
    }
}
