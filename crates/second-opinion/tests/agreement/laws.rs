//! What holds of figures whatever they are.

use second_opinion::model::flow::Window;
use serde_json::Value;

use crate::ask::{Answers, in_tree};
use crate::compare::Found;

/// Loss is source less destination, and source and destination are the flows that they explain.
pub(crate) fn explained(found: &mut Found, answers: &Answers) {
    for view in answers.losses.as_array().into_iter().flatten() {
        let of = |key: &str| view[key].as_f64();
        let parts = of("sourceEnergyKwh").zip(of("destinationEnergyKwh"));
        let Some((source, destination)) = parts else { continue };
        let place = format!("node {} from {}", view["parentId"], view["from"]);
        if view["verdict"] == "incomplete" {
            continue;
        }
        let loss = (&view["lossKwh"], Some(source - destination));
        found.near("law: loss is in less out", &place, loss, source);
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
