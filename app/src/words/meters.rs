//! The page of all meters.

use crate::language::Text;

pub(crate) const TITLE: &str = "Meters";
pub(crate) const PAGE: &str = "The meters";
pub(crate) const PANE: Text = Text("Figure of the meters", "Darstellung der Zähler");
pub(crate) const TREE: &str = "Meters, from the grid to the machines";

pub(crate) fn counts(meters: usize, levels: usize, rows: usize) -> String {
    let meters = super::frame::plant(meters);
    let levels = if levels == 1 { "1 level".to_owned() } else { format!("{levels} levels") };
    format!("{meters}, {levels}, {rows} rows shown")
}

pub(crate) const FILTER: &str = "Filter";
pub(crate) const FILTER_LABEL: &str = "Filter by name or number";
pub(crate) const EXPAND: &str = "Expand all";
pub(crate) const FOLD: &str = "Fold all";

pub(crate) fn no_match(filter: &str) -> String {
    format!("No meter has \u{201c}{filter}\u{201d} in its name or number.")
}

pub(crate) const METER: &str = "Meter";
pub(crate) const POWER: &str = "Power";
pub(crate) const LOSS: &str = "Loss";
pub(crate) const DAY: &str = "24 h";
pub(crate) const STATE: &str = "State";
pub(crate) const FEEDS_PARENT: &str = "feeds parent";

pub(crate) fn troubled_below(count: usize) -> String {
    format!("{count} below need attention")
}

pub(crate) const OPEN: &str = "Open meter";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const DETAIL: &str = "Selected meter";

pub(crate) fn facts(number: &str, kind: &str, level: i16, parent: Option<&str>) -> String {
    let parent = parent.map(|name| format!(", under {name}")).unwrap_or_default();
    format!("{number}, {kind}, level {level}{parent}")
}

pub(crate) fn meters_below(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => ", 1 meter below".to_owned(),
        _ => format!(", {count} meters below"),
    }
}

pub(crate) const NOTHING: &str = "Nothing selected";
pub(crate) const NOTHING_HELP: &str =
    "Select a meter to see its balance, its values and its last 24 hours.";
pub(crate) const KEYS: &str = "Keys";
pub(crate) const KEY_LINES: [(&str, &str); 5] = [
    ("\u{2191} \u{2193}", "select the meter above or below"),
    ("\u{2192} \u{2190}", "open or fold it, or go to its child or parent"),
    ("Enter", "open the meter"),
    ("Esc", "clear the selection"),
    ("/", "find a meter"),
];
pub(crate) const LEGEND_NOTE: &str =
    "Grey loss: within error. Hatched badge: share of the period that was read.";

pub(crate) fn balance_in(kw: &str, children: usize) -> String {
    match children {
        1 => format!("In {kw} kW; 1 meter below"),
        _ => format!("In {kw} kW; {children} meters below"),
    }
}

pub(crate) fn balance_loss(kw: &str, percent: Option<&str>) -> String {
    match percent {
        Some(percent) => format!("Loss {kw} kW, {percent} %"),
        None => format!("Loss {kw} kW"),
    }
}

pub(crate) fn error_band(kw: &str) -> String {
    format!("error ± {kw} kW")
}

pub(crate) const NO_BALANCE: &str = "No balance: a meter is silent";

pub(crate) const NOW: &str = "Now";
pub(crate) const MEAN: &str = "Mean of 15 min";
pub(crate) const ENERGY: &str = "Energy today";
pub(crate) const AGE: &str = "Age of the reading";
pub(crate) const REASON: &str = "Reason";
pub(crate) const LINE: &str = "Power, 24 h";
pub(crate) const LINE_NOTE: &str = "kW, quarter-hour means";

pub(crate) fn probe(at: &str, kw: &str) -> String {
    format!("{at} {kw} kW")
}

pub(crate) fn line_label(name: &str) -> String {
    format!("Power of {name} over the last 24 hours")
}
