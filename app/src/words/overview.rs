//! The overview.

pub(crate) const TITLE: &str = "Overview";
pub(crate) const PAGE: &str = "The overview";

pub(crate) const CONSUMPTION: &str = "Consumption";
pub(crate) const LOSS: &str = "Loss";
pub(crate) const DG_RUNTIME: &str = "DG runtime";
pub(crate) const SOLAR_SHARE: &str = "Solar share";
pub(crate) const NET_CARBON: &str = "Net carbon";
pub(crate) const CARBON_UNIT: &str = "kg CO\u{2082}";
pub(crate) const GAUGES: &str = "Today";

pub(crate) fn gauge_note(now: &str, with_normal: bool) -> String {
    let band = if with_normal { "Grey band with its limits: normal at this hour. " } else { "" };
    format!("{band}Tick: yesterday at {now}. All from 00:00 to {now}.")
}

pub(crate) const BALANCE: &str = "In = out";
pub(crate) const IN: &str = "In";
pub(crate) const OUT: &str = "Out";
pub(crate) const LOSS_PART: &str = "Loss";
pub(crate) const NEGATIVE_LOSS: &str = "Negative loss";

pub(crate) fn unknown(name: &str) -> String {
    format!("{name} unknown")
}

pub(crate) fn mean_of(from: &str, to: &str) -> String {
    format!("mean of {from} to {to}, kW")
}

pub(crate) fn others(count: usize) -> String {
    format!("{count} others")
}

pub(crate) fn loss(kw: &str) -> String {
    format!("Loss {kw} kW")
}

pub(crate) fn of_input(percent: &str) -> String {
    format!("{percent} % of input")
}

pub(crate) const INPUT: &str = "Site input";
pub(crate) const INPUT_NOTE: &str = "kW, quarter-hour means, today against yesterday";
pub(crate) const YESTERDAY: &str = "Yesterday";

pub(crate) fn today(kw: &str) -> String {
    format!("Today {kw}")
}

pub(crate) fn probe(from: &str, today: &str, yesterday: &str) -> String {
    format!("{from} today {today} kW, yesterday {yesterday} kW")
}

pub(crate) fn no_readings(from: &str, to: &str) -> String {
    format!("no readings {from} to {to}")
}

pub(crate) fn dg_run(from: &str, to: &str) -> String {
    format!("DG {from} to {to}")
}

pub(crate) fn input_label(now: &str, highest: &str) -> String {
    format!("Site input today: {now} kW now, highest quarter-hour {highest} kW")
}

pub(crate) const HOTSPOTS: &str = "Hotspots";
pub(crate) const HOTSPOTS_NOTE: &str = "live, 15 min balance per node";
pub(crate) const NODE: &str = "Node";
pub(crate) const DAY: &str = "24 h";
pub(crate) const KW: &str = "kW";
pub(crate) const ERROR: &str = "error";
pub(crate) const PERCENT: &str = "%";
pub(crate) const ALL_NODES: &str = "All nodes";
pub(crate) const NO_NODES: &str =
    "A node appears here as soon as one meter hangs below another and both have been read.";

pub(crate) const RANKED: &str = "Loss, ranked by cost";
pub(crate) const NEGATIVE: &str = "Negative, check the wiring";
pub(crate) const WITHIN_ERROR: &str = "Within measuring error, no verdict";
pub(crate) const INCOMPLETE: &str = "Incomplete, a meter is silent";

pub(crate) fn missing(name: &str, others: usize) -> String {
    match others {
        0 => format!("{name} is silent"),
        _ => format!("{name} and {others} more are silent"),
    }
}

pub(crate) fn trend(kw: &str, rises: bool) -> String {
    let way = if rises { "up" } else { "down" };
    format!("{way} {kw} kW in 15 min")
}

pub(crate) const ATTENTION: &str = "Attention";
pub(crate) const ALL_WELL: &str = "Every meter is read and fresh.";

pub(crate) fn in_trouble(count: usize, all: usize) -> String {
    format!("{count} of {all} meters")
}

pub(crate) fn more(count: usize) -> String {
    format!("{count} more among all meters")
}
pub(crate) const STATE: &str = "State";

#[cfg(feature = "ssr")]
pub(crate) fn period_in(kwh: &str) -> String {
    format!("{kwh} kWh in")
}

#[cfg(feature = "ssr")]
pub(crate) fn period_lost(kwh: &str, percent: Option<&str>, cost: Option<&str>) -> String {
    let percent = percent.map(|percent| format!(" ({percent} %)")).unwrap_or_default();
    let cost = cost.map(|cost| format!(", {cost}")).unwrap_or_default();
    format!("{kwh} kWh lost{percent}{cost}")
}

#[cfg(feature = "ssr")]
pub(crate) fn period_net(kg: &str) -> String {
    format!("net {kg} kg CO\u{2082}")
}

#[cfg(feature = "ssr")]
pub(crate) fn period_coverage(percent: &str) -> String {
    format!("Coverage {percent} %.")
}
