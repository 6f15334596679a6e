//! The page of losses.

pub(crate) const TITLE: &str = "Losses";
pub(crate) const LOSS: &str = "loss";
pub(crate) const NEGATIVE: &str = "negative";
pub(crate) const WITHIN_ERROR: &str = "within error";
pub(crate) const INCOMPLETE: &str = "incomplete";
pub(crate) const AS_A_TABLE: &str = "As a table";

pub(crate) fn lost(kwh: &str, phrase: &str, percent: Option<&str>) -> String {
    match percent {
        Some(percent) => format!("Lost {kwh} kWh {phrase}, {percent} % of input"),
        None => format!("Lost {kwh} kWh {phrase}"),
    }
}

pub(crate) fn mostly_at(share: &str, node: &str) -> String {
    format!("; {share} % of it at {node}")
}

pub(crate) fn balanced(kwh: &str, phrase: &str, error: &str) -> String {
    format!("Balanced {phrase}: loss {kwh} kWh is within error ± {error} kWh")
}

pub(crate) fn negative(kwh: &str, phrase: &str) -> String {
    format!("Negative by {kwh} kWh {phrase}: more came out than went in")
}

pub(crate) fn blind(names: &str, phrase: &str) -> String {
    format!("No balance {phrase}: {names}")
}

pub(crate) fn unknown(first: &str, others: usize) -> String {
    match others {
        0 => format!("the energy of {first} is not known"),
        _ => format!("the energy of {first} and {others} more is not known"),
    }
}

pub(crate) fn until(at: &str, price: &str) -> String {
    format!("to {at} at {price} per kWh.")
}

pub(crate) fn error_and_coverage(error: &str, coverage: &str) -> String {
    format!("Error ± {error} kWh, coverage {coverage} %.")
}

pub(crate) fn negative_nodes(count: usize, kwh: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("One node is negative by {kwh} kWh; it is not set to zero.")),
        _ => Some(format!("{count} nodes are negative by {kwh} kWh; they are not set to zero.")),
    }
}

pub(crate) fn within_nodes(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("One node is within error and gets no verdict.".to_owned()),
        _ => Some(format!("{count} nodes are within error and get no verdict.")),
    }
}

pub(crate) fn incomplete_nodes(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("One node is incomplete: a meter it needs is not known.".to_owned()),
        _ => Some(format!("{count} nodes are incomplete: meters they need are not known.")),
    }
}

pub(crate) fn before(label: &str, kwh: &str, change: Option<&str>) -> String {
    match change {
        Some(change) => format!("{label} to the same time: {kwh} kWh, so {change}."),
        None => format!("{label} to the same time: {kwh} kWh."),
    }
}

pub(crate) fn not_comparable(label: &str, percent: &str) -> String {
    format!("{label} was read to {percent} % only, so it is not compared.")
}

pub(crate) const VIEWS: &str = "Losses by";
pub(crate) const BY_NODE: &str = "By node";
pub(crate) const BY_AREA: &str = "By area";
pub(crate) const TREND: &str = "Trend";

pub(crate) const NODE: &str = "Node";
pub(crate) const AREA: &str = "Area";
pub(crate) const NODES: &str = "Nodes";
pub(crate) const NO_AREA: &str = "Without an area";
pub(crate) const IN: &str = "In";
pub(crate) const OUT: &str = "Out";
pub(crate) const LOSS_HEAD: &str = "Loss";
pub(crate) const ERROR: &str = "error";
pub(crate) const SCALE: &str = "Loss with its error";
pub(crate) const VERDICT: &str = "Verdict";
pub(crate) const COST: &str = "Cost";
pub(crate) const COVERAGE: &str = "Coverage";
pub(crate) const CAUSE: &str = "Likely cause";
pub(crate) const ALL_NODES: &str = "All nodes";
pub(crate) const BOUNDARY: &str = "site boundary; flows between nodes cancel";
pub(crate) const NO_NODES: &str = "No losses yet";
pub(crate) const NO_NODES_HELP: &str =
    "A loss appears as soon as one meter hangs below another and both have been read.";

pub(crate) fn missing(first: &str, others: usize) -> String {
    match others {
        0 => format!("{first} is not known"),
        _ => format!("{first} and {others} more are not known"),
    }
}

pub(crate) fn chosen_note(phrase: &str) -> String {
    format!("kWh {phrase}: what came in, what each meter took, what is left over")
}

pub(crate) const OWN: &str = "In, own meter";
pub(crate) const UNMETERED: &str = "Declared, without a meter";
pub(crate) const RETURNED: &str = "Returned or drawn back";
pub(crate) const NOT_KNOWN: &str = "not known";
pub(crate) const STEP: &str = "Step";
pub(crate) const KWH: &str = "kWh";

pub(crate) fn others(count: usize) -> String {
    format!("{count} others")
}

pub(crate) fn loss_row(is_plain: bool, verdict: &str) -> String {
    if is_plain { LOSS_HEAD.to_owned() } else { format!("{LOSS_HEAD}, {verdict}") }
}

pub(crate) fn left_over(kwh: &str, error: &str) -> String {
    format!("{kwh} ± {error}")
}

pub(crate) const FOUND: &str = "Found in this period";
pub(crate) const NOTHING_FOUND: &str =
    "Nothing: no reset, gap, exchange or step in quarantine, and no fault was named.";

pub(crate) fn found_note(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "1 event".to_owned(),
        _ => format!("{count} events, the newest first"),
    }
}

pub(crate) fn found(event: &str, lasts: Option<&str>, kwh: &str) -> String {
    match lasts {
        Some(lasts) => format!("{event} of {lasts}; {kwh} kWh placed by estimate"),
        None => format!("{event}; {kwh} kWh counted in its quarter-hour"),
    }
}

pub(crate) fn cause_of(node: &str, day: &str) -> String {
    format!("{node}, found on {day}")
}

pub(crate) const NO_CAUSE: &str = "No cause is looked for here";
pub(crate) const NO_CAUSE_HELP: &str = "Causes are looked for where a balance is negative or a loss begins suddenly: a direction, a sign, \
     a transformer ratio, a wrong parent, a silent meter, a clock. Nothing of that kind was found at \
     this node in this period.";
pub(crate) const AS_METERED: &str = "as metered";
pub(crate) const AFTER: &str = "after the change";
pub(crate) const TIME: &str = "Time";
pub(crate) const METERED_KW: &str = "As metered kW";
pub(crate) const AFTER_KW: &str = "After kW";
pub(crate) const ERROR_KW: &str = "Error kW";
pub(crate) const LOSS_KWH: &str = "Loss kWh";
pub(crate) const ERROR_KWH: &str = "Error kWh";
pub(crate) const EVIDENCE_NOTE: &str = "Loss in kW by quarter-hour; grey: error band.";
pub(crate) const EVIDENCE_LABEL: &str =
    "Loss of the node by quarter-hour, as metered and after the change, over its error band";
pub(crate) const HYPOTHESIS: &str = "Hypothesis tested";
pub(crate) const BALANCE_AFTER: &str = "Balance after";
pub(crate) const YES: &str = "yes";

pub(crate) fn within(error: &str) -> String {
    format!("Closes (± {error})")
}

pub(crate) fn partly(percent: &str) -> String {
    format!("no, {percent} % of the time")
}

pub(crate) fn worsens(nodes: &str) -> String {
    format!("no, worsens {nodes}")
}

pub(crate) fn set_feeds(name: &str, feeds: bool) -> String {
    if feeds { format!("Set {name} to feed its parent") } else { format!("Set {name} to draw") }
}

pub(crate) fn move_to(name: &str, parent: &str) -> String {
    format!("Move {name} below {parent}")
}

pub(crate) fn open(name: &str) -> String {
    format!("Open {name}")
}

pub(crate) fn recomputes(days: i64) -> String {
    match days {
        1 => "Recomputes today; can be undone.".to_owned(),
        _ => format!("Recomputes {days} days; can be undone."),
    }
}

pub(crate) const NO_TREND: &str =
    "The losses of this period are not added up yet: they follow their readings within a minute.";

pub(crate) fn trend_note(node: &str) -> String {
    format!("loss of {node} in kWh, with its error; choose another node below")
}

pub(crate) fn trend_label(node: &str, label: &str) -> String {
    format!("Loss of {node}, {label}, step by step with its error")
}

pub(crate) fn trend_hint(step: &str, kwh: &str, error: &str) -> String {
    format!("{step}: {kwh} ± {error} kWh")
}
