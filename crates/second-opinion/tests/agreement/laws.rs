//! What holds of figures whatever they are.

use second_opinion::model::flow::Window;
use serde_json::Value;
use service::Service;

use crate::ask::{self, Answers, in_tree};
use crate::compare::Found;

const SAME: &str = "law: a node says the same everywhere";

/// Loss is source less destination, and these are the flows that they explain; the tree, the map and the
/// losses say the same of a node.
pub(crate) fn explained(found: &mut Found, answers: &Answers, is_cut: impl Fn(i64) -> bool) {
    for view in answers.losses.as_array().into_iter().flatten() {
        let of = |key: &str| view[key].as_f64();
        let parts = of("sourceEnergyKwh").zip(of("destinationEnergyKwh"));
        let Some((source, destination)) = parts else { continue };
        let place = format!("node {} from {}", view["parentId"], view["from"]);
        let id = view["parentId"].as_i64().unwrap_or_default();
        if !is_cut(id) {
            let (into, out) = flows(view);
            let said = (&view["sourceEnergyKwh"], Some(into));
            found.near("law: source is what is explained", &place, said, source);
            let said = (&view["destinationEnergyKwh"], Some(out));
            found.near("law: destination is what is explained", &place, said, source);
        }
        let loss = (view["verdict"] != "incomplete").then_some(source - destination);
        found.near("law: loss is in less out", &place, (&view["lossKwh"], loss), source);
        for tree in [&answers.tree, &answers.map["tree"]] {
            let node = in_tree(tree, id).unwrap_or(&Value::Null);
            if node["verdict"] != view["verdict"] {
                found.note(SAME, &place, &node["verdict"], &view["verdict"].to_string());
            }
            for key in ["lossKwh", "lossPercent"] {
                let scale = source + of("lossPercent").unwrap_or(0.0).abs() + 100.0;
                found.near(SAME, &place, (&node[key], of(key)), scale);
            }
        }
    }
}

/// What the explanation of a loss says went in and out, kWh.
fn flows(view: &Value) -> (f64, f64) {
    let feeds =
        view["children"].as_array().into_iter().flatten().map(|child| &child["feedsParent"]);
    let enters = std::iter::once(true).chain(feeds.map(|feeds| feeds == true));
    let readings = view["explain"]["readings"].as_array().into_iter().flatten();
    let (mut into, mut out) = (0.0, 0.0);
    for (own, enters) in readings.zip(enters) {
        let kwh = |key: &str| own[key].as_f64().unwrap_or(0.0);
        let (import, export) = (kwh("importKwh"), kwh("exportKwh"));
        let (enters, leaves) = if enters { (import, export) } else { (export, import) };
        into += enters;
        out += leaves;
    }
    (into, out)
}

/// What an incomplete node says of the time for which it is complete is what is answered for that time.
pub(crate) async fn complete(found: &mut Found, service: &Service, slug: &str, losses: &Value) {
    for view in losses.as_array().into_iter().flatten() {
        let part = &view["complete"];
        let (Some(from), Some(to)) = (part["from"].as_str(), part["to"].as_str()) else { continue };
        let place = format!("node {} from {from} to {to}", view["parentId"]);
        let whole = ask::losses(service, slug, (from.parse().unwrap(), to.parse().unwrap())).await;
        let whole = whole.as_array().into_iter().flatten();
        let alone = whole.clone().find(|other| other["parentId"] == view["parentId"]);
        let alone = alone.unwrap_or(&Value::Null);
        for key in ["cost", "verdict"] {
            if part[key] != alone[key] {
                let right = alone[key].to_string();
                found.note("law: the complete part is a window", &place, &part[key], &right);
            }
        }
        let scale = alone["sourceEnergyKwh"].as_f64().unwrap_or(1.0);
        for key in ["sourceEnergyKwh", "destinationEnergyKwh", "lossKwh", "errorKwh", "coverage"] {
            let said = (&part[key], alone[key].as_f64());
            found.near("law: the complete part is a window", &place, said, scale);
        }
    }
}

/// What a meter counted in two windows that follow each other is what it counted in both.
pub(crate) fn add_up(found: &mut Found, answers: &[(Window, Answers)]) {
    for (whole, of_whole) in answers {
        for (first, of_first) in answers.iter().filter(|(first, _)| first.0 == whole.0) {
            let second = answers.iter().find(|(w, _)| w.0 == first.1 && w.1 == whole.1);
            let Some((_, of_second)) = second else { continue };
            for id in ids(&of_whole.tree) {
                let import = |answers: &Answers, key: &str| {
                    let node = in_tree(&answers.tree, id)?;
                    let readings = node["explain"]["readings"].as_array()?;
                    readings.first()?[key].as_f64()
                };
                for key in ["importKwh", "exportKwh"] {
                    let parts = import(of_first, key).unwrap_or(0.0)
                        + import(of_second, key).unwrap_or(0.0);
                    let said = Value::from(import(of_whole, key).unwrap_or(0.0));
                    let place = format!("{key} of meter {id} from {} to {}", whole.0, whole.1);
                    found.near("law: windows add up", &place, (&said, Some(parts)), parts);
                }
            }
        }
    }
}

/// The ids of a tree's meters.
fn ids(tree: &Value) -> Vec<i64> {
    let mut ids = Vec::new();
    for node in tree.as_array().into_iter().flatten() {
        ids.extend(node["id"].as_i64());
        ids.extend(self::ids(&node["children"]));
    }
    ids
}
