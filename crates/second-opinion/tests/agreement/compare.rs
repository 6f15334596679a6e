//! Figures of the service beside those of the model.

use std::fmt;

use chrono::{DateTime, Utc};
use second_opinion::exact::float;
use second_opinion::model::flow::{Window, flow};
use second_opinion::model::{Truth, balance, carbon, cost};
use second_opinion::scenario::Scenario;
use serde_json::Value;
use service::Service;

use crate::ask::{self, Answers};
use crate::bills;
use crate::laws;
use crate::play::Played;

/// A figure that is not what it should be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Difference {
    /// Which figure, without numbers: differences of one name have one cause, as a rule.
    pub(crate) figure: &'static str,
    /// Of what, and when.
    place: String,
    /// What the service says, and what is right.
    said: String,
    right: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { figure, place, said, right } = self;
        write!(f, "{figure} of {place}: says {said}, right {right}")
    }
}

/// The first difference of each figure.
pub(crate) fn one_of_each_figure(differences: &[Difference]) -> Vec<&Difference> {
    let mut each: Vec<&Difference> = Vec::new();
    for difference in differences {
        if each.iter().all(|known| known.figure != difference.figure) {
            each.push(difference);
        }
    }
    each
}

/// Gathers differences.
#[derive(Default)]
pub(crate) struct Found(pub(crate) Vec<Difference>);

impl Found {
    /// Compares energy: to 1e-9 of what it is a part of, at least of a kWh.
    pub(crate) fn near(
        &mut self,
        figure: &'static str,
        place: &str,
        (said, right): (&Value, Option<f64>),
        scale: f64,
    ) {
        let agrees = match (said.as_f64(), right) {
            (Some(said), Some(right)) => (said - right).abs() <= 1e-9 * scale.abs().max(1.0),
            (said, right) => said.is_none() && right.is_none(),
        };
        if !agrees {
            self.note(figure, place, said, &right.map_or_else(|| "none".into(), |r| r.to_string()));
        }
    }

    /// Compares a figure that is shown to a thousandth.
    pub(crate) fn rounded(
        &mut self,
        figure: &'static str,
        place: &str,
        said: &Value,
        right: Option<f64>,
    ) {
        let agrees = match (said.as_f64(), right) {
            (Some(said), Some(right)) => (said - right).abs() <= 0.000_501,
            (said, right) => said.is_none() && right.is_none(),
        };
        if !agrees {
            self.note(figure, place, said, &right.map_or_else(|| "none".into(), |r| r.to_string()));
        }
    }

    pub(crate) fn same(&mut self, figure: &'static str, place: &str, said: &Value, right: &str) {
        if said.as_str() != Some(right) {
            self.note(figure, place, said, right);
        }
    }

    pub(crate) fn note(&mut self, figure: &'static str, place: &str, said: &Value, right: &str) {
        let (place, said, right) = (place.to_owned(), said.to_string(), right.to_owned());
        self.0.push(Difference { figure, place, said, right });
    }
}

/// Everything that is wrong with a scenario that was played.
pub(crate) async fn all(
    service: &Service,
    scenario: &Scenario,
    played: &Played,
) -> Vec<Difference> {
    let truth = Truth::of(scenario);
    let mut found = Found::default();
    for refused in &played.refused {
        found.note("refusal", &played.slug, &Value::from(refused.as_str()), "taken");
    }
    let mut answers = Vec::new();
    for &window in &scenario.windows {
        answers.push((window, ask::window(service, &played.slug, window).await));
    }
    for (window, answers) in &answers {
        let case = Case { truth: &truth, scenario, played, window: *window };
        case.losses(&mut found, answers);
        case.tree(&mut found, answers);
        case.carbon(&mut found, answers);
        case.heatmap(&mut found, answers);
        let is_cut = |id: i64| {
            let node = played.ids.iter().position(|own| own.0 == id).unwrap();
            balance::pieces_of_node(&truth, node, *window).len() > 1
        };
        laws::explained(&mut found, answers, is_cut);
        laws::complete(&mut found, service, &played.slug, &answers.losses).await;
    }
    if let Some(&window) = scenario.windows.first() {
        let case = Case { truth: &truth, scenario, played, window };
        case.steps(&mut found, service).await;
    }
    laws::add_up(&mut found, &answers);
    bills::compare(&mut found, service, (scenario, &truth, played)).await;
    found.0
}

struct Case<'a> {
    truth: &'a Truth,
    scenario: &'a Scenario,
    played: &'a Played,
    window: Window,
}

impl Case<'_> {
    fn zone(&self) -> chrono_tz::Tz {
        self.scenario.zone.parse().unwrap()
    }

    fn place(&self, place: usize) -> String {
        let (from, to) = self.window;
        format!("meter {place} from {} to {}", from.to_rfc3339(), to.to_rfc3339())
    }

    /// What power-loss says of each node.
    fn losses(&self, found: &mut Found, answers: &Answers) {
        for node in 0..self.scenario.meters.len() {
            let id = self.played.ids[node].0;
            let place = self.place(node);
            let views = answers.losses.as_array().map(Vec::as_slice).unwrap_or_default();
            let said = views.iter().find(|view| view["parentId"].as_i64() == Some(id));
            let right = balance::of_node(self.truth, node, self.window);
            let (said, right) = match (said, right) {
                (None, None) => continue,
                (Some(said), Some(right)) => (said, right),
                (said, right) => {
                    let right = if right.is_some() { "a balance" } else { "no balance" };
                    found.note("nodes of power-loss", &place, &Value::from(said.is_some()), right);
                    continue;
                }
            };
            balanced(found, &place, said, &right);
            if let Some(cents) = cost::of_node_in(self.scenario, self.truth, node, self.window)
                && right.is_incomplete == Some(false)
            {
                let right = float(&second_opinion::exact::ratio(cents, 100));
                let said = said["cost"].as_str().and_then(|text| text.parse::<f64>().ok());
                let said = said.map_or(Value::Null, Value::from);
                found.near("cost of power-loss", &place, (&said, Some(right)), 1.0);
            }
        }
    }

    /// What the tree says of each meter, and what it says that this rests on.
    fn tree(&self, found: &mut Found, answers: &Answers) {
        for (meter, metered) in self.truth.meters.iter().enumerate() {
            let place = self.place(meter);
            let id = self.played.ids[meter].0;
            let Some(said) = ask::in_tree(&answers.tree, id) else {
                found.note("meters of the tree", &place, &Value::Null, "there");
                continue;
            };
            let right = flow(metered, self.window);
            let own = said["explain"]["readings"].as_array().and_then(|all| all.first());
            let own = own.unwrap_or(&Value::Null);
            let import = right.as_ref().map(|flow| float(&flow.import));
            let export = right.as_ref().map(|flow| float(&flow.export));
            found.near("import", &place, (&own["importKwh"], import), import.unwrap_or(1.0));
            found.near("export", &place, (&own["exportKwh"], export), export.unwrap_or(1.0));
            let node = balance::of_node(self.truth, meter, self.window);
            if node.is_none() {
                let energy = (&said["energyKwh"], import);
                found.near("energy of the tree", &place, energy, import.unwrap_or(1.0));
                let coverage = match &right {
                    Some(flow) => flow.coverage.as_ref().map(float),
                    None => Some(0.0),
                };
                let Some(coverage) = coverage else { continue };
                let coverage = (&said["coverage"], Some(coverage));
                // It is kept in single precision.
                found.near("coverage of the tree", &place, coverage, 1_000.0);
            }
        }
        let whole = balance::of_site(self.truth, self.window);
        if whole.is_incomplete == Some(false) {
            let place = self.place(0);
            let gauges = &answers.map["gauges"];
            let input = carbon::input_of_site(self.truth, self.window).as_ref().map(float);
            let said = (&gauges["totalConsumptionKwh"], input);
            found.near("totalConsumptionKwh of the map", &place, said, input.unwrap_or(1.0));
            let solar = float(&carbon::of_site(self.truth, self.zone(), self.window).solar_kwh);
            let input = input.filter(|input| *input > 0.0);
            let solar = input.map(|input| solar / input * 100.0);
            let scale = solar.unwrap_or(1.0);
            found.near("solarPercent of the map", &place, (&gauges["solarPercent"], solar), scale);
            let percent = whole.percent().map(|percent| float(&percent));
            let said = (&gauges["powerLossPercent"], percent);
            let scale = scale_of_percent(percent, float(&whole.source));
            found.near("powerLossPercent of the map", &place, said, scale);
        }
    }

    fn carbon(&self, found: &mut Found, answers: &Answers) {
        let right = carbon::of_site(self.truth, self.zone(), self.window);
        let place = self.place(0);
        let figures = [
            ("gridKwh", &right.grid_kwh),
            ("gridKg", &right.grid_kg),
            ("dieselL", &right.diesel_l),
            ("dieselKg", &right.diesel_kg),
            ("solarKwh", &right.solar_kwh),
            ("offsetKg", &right.offset_kg),
        ];
        // Of the litres of a quarter-hour that a window cuts it has its share.
        let burns = self.truth.meters.iter().any(|metered| !metered.litres.is_empty());
        let cuts = |at: DateTime<Utc>| at.timestamp() % 900 != 0;
        let is_shared = burns && (cuts(self.window.0) || cuts(self.window.1));
        for (name, right) in figures {
            if is_shared && name.starts_with("diesel") {
                continue;
            }
            let said = (&answers.carbon[name], Some(float(right)));
            found.near(name, &place, said, float(right));
        }
        if is_shared {
            return;
        }
        let net = &right.grid_kg + &right.diesel_kg - &right.offset_kg;
        let scale = float(&(&right.grid_kg + &right.diesel_kg + &right.offset_kg));
        found.near("netKg", &place, (&answers.carbon["netKg"], Some(float(&net))), scale);
        let gauge = (&answers.map["gauges"]["netCarbonKg"], Some(float(&net)));
        found.near("netCarbonKg of the map", &place, gauge, scale);
    }

    /// The hours of the map.
    fn heatmap(&self, found: &mut Found, answers: &Answers) {
        for cell in answers.map["heatmap"].as_array().into_iter().flatten() {
            let at = |key: &str| -> DateTime<Utc> { cell[key].as_str().unwrap().parse().unwrap() };
            let id = cell["meterId"].as_i64();
            let Some(meter) = self.played.ids.iter().position(|known| Some(known.0) == id) else {
                continue;
            };
            let window = (at("start"), at("end"));
            let place = format!("meter {meter} from {} to {}", window.0, window.1);
            let right = flow(&self.truth.meters[meter], window);
            let right = right.as_ref().map_or(0.0, |flow| float(&flow.import));
            found.near("heatmap", &place, (&cell["kwh"], Some(right)), right);
        }
    }

    /// Quarter-hours of each meter, and its days.
    async fn steps(&self, found: &mut Found, service: &Service) {
        for (meter, metered) in self.truth.meters.iter().enumerate() {
            let id = self.played.ids[meter];
            for resolution in ["15m", "1h"] {
                let steps = ask::steps(service, id, self.window, resolution).await;
                for step in steps.as_array().into_iter().flatten() {
                    let at = |key: &str| -> DateTime<Utc> {
                        step[key].as_str().unwrap().parse().unwrap()
                    };
                    let window = (at("start"), at("end"));
                    let place = format!("meter {meter} from {} by {resolution}", window.0);
                    let right = flow(metered, window);
                    let import = right.as_ref().map_or(0.0, |flow| float(&flow.import));
                    let export = right.as_ref().map_or(0.0, |flow| float(&flow.export));
                    let said = &step["importKwh"];
                    found.near("import of steps", &place, (said, Some(import)), import);
                    let said = &step["exportKwh"];
                    found.near("export of steps", &place, (said, Some(export)), export);
                }
            }
        }
    }
}

/// What power-loss says of one node.
fn balanced(found: &mut Found, place: &str, said: &Value, right: &balance::Balance) {
    if let Some(verdict) = right.verdict() {
        found.same("verdict of power-loss", place, &said["verdict"], verdict);
    }
    if right.is_incomplete != Some(false) {
        return;
    }
    let scale = float(&right.source);
    let source = (&said["sourceEnergyKwh"], Some(float(&right.source)));
    found.near("source of power-loss", place, source, scale);
    let destination = (&said["destinationEnergyKwh"], Some(float(&right.destination)));
    found.near("destination of power-loss", place, destination, scale);
    found.near("loss of power-loss", place, (&said["lossKwh"], Some(float(&right.loss()))), scale);
    let percent = right.percent().map(|percent| float(&percent));
    let of_percent = scale_of_percent(percent, scale);
    found.near("lossPercent of power-loss", place, (&said["lossPercent"], percent), of_percent);
    if let Some(error) = right.error {
        found.near("error of power-loss", place, (&said["errorKwh"], Some(error)), error);
    }
}

/// What a share in per cent is compared by: where what it is a share of is less than a kWh, what that may
/// differ by is a larger part of it.
fn scale_of_percent(percent: Option<f64>, of: f64) -> f64 {
    let scale = percent.map_or(1.0, f64::abs) + 100.0;
    if of > 0.0 { scale / of.min(1.0) } else { scale }
}
