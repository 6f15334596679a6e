//! The overview in words and bars.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::MeterId;
use crate::balance::Verdict;
use crate::figures::{about, currency_sign, fixed, places};
use crate::live::{SiteCard, Snapshot};
use crate::meter::SourceKind;

/// The state of a site in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateSentence {
    /// One line: the loss, its share, and where most of it is.
    pub headline: String,
    /// What it costs, where a price is known and there is a loss.
    pub cost: Option<String>,
    /// Window, error and coverage.
    pub detail: String,
}

/// A site's time of day at an instant, such as 14:45.
pub fn clock(site: &SiteCard, at: DateTime<Utc>) -> String {
    let minutes = at.timestamp().div_euclid(60) + i64::from(site.utc_offset_minutes);
    let of_day = minutes.rem_euclid(24 * 60);
    format!("{:02}:{:02}", of_day / 60, of_day % 60)
}

/// An amount of money with its currency's sign: whole units from 100 up, else two places.
pub fn money(amount: Decimal, currency: &str) -> String {
    let digits = if amount.abs() >= Decimal::ONE_HUNDRED { 0 } else { 2 };
    let rounded = amount.round_dp(digits).abs();
    let text = rounded.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let grouped: Vec<_> = whole.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    let sign = if amount.is_sign_negative() && !rounded.is_zero() { "\u{2212}" } else { "" };
    let point = if digits == 0 { String::new() } else { format!(".{fraction:0<2}") };
    format!("{sign}{}{}{point}", currency_sign(currency), grouped.join(","))
}

/// The state of the site in words.
pub fn sentence(snapshot: &Snapshot) -> StateSentence {
    StateSentence { headline: headline(snapshot), cost: cost(snapshot), detail: detail(snapshot) }
}

fn headline(snapshot: &Snapshot) -> String {
    let whole = &snapshot.whole;
    if snapshot.meters.is_empty() {
        return "No meters yet".to_owned();
    }
    if !snapshot.meters.iter().any(|card| card.parent.is_some()) {
        return format!(
            "Taking in {} kW; no meter hangs below another yet, so there is no loss to tell",
            about(whole.in_kw)
        );
    }
    let percent = whole.loss_percent.map(|p| format!(", {} % of input", fixed(p, 1)));
    match whole.verdict {
        Verdict::Incomplete => silence(snapshot),
        Verdict::WithinError => format!(
            "Balanced: loss {} kW is within error ± {} kW",
            fixed(whole.loss_kw, 1),
            fixed(whole.error_kw, 1)
        ),
        Verdict::Negative => {
            format!("Negative balance: {} kW more measured out than in", about(whole.loss_kw.abs()))
        }
        Verdict::Loss => format!(
            "Losing {} kW{}{}",
            about(whole.loss_kw),
            percent.unwrap_or_default(),
            largest(snapshot).unwrap_or_default()
        ),
    }
}

fn largest(snapshot: &Snapshot) -> Option<String> {
    let top = snapshot.node(*snapshot.hotspots.first()?)?;
    let name = &snapshot.card(top.id)?.name;
    let share = top.balance.loss_kw / snapshot.whole.loss_kw * 100.0;
    (share <= 100.0).then(|| format!("; {} % of it at {name}", fixed(share, 0)))
}

fn silence(snapshot: &Snapshot) -> String {
    let missing = &snapshot.whole.missing;
    let Some(card) = missing.first().and_then(|&id| snapshot.card(id)) else {
        return "No balance yet: waiting for the first quarter-hour of readings".to_owned();
    };
    let others = match missing.len() {
        0 | 1 => String::new(),
        2 => " and 1 other meter".to_owned(),
        count => format!(" and {} other meters", count - 1),
    };
    match snapshot.value(card.id).and_then(|value| value.at) {
        None => format!("No balance: {}{others} not read yet", card.name),
        Some(at) => {
            let minutes = (snapshot.at - at).num_minutes();
            format!("No balance: {}{others} silent for {minutes} min", card.name)
        }
    }
}

fn cost(snapshot: &Snapshot) -> Option<String> {
    let (site, whole) = (&snapshot.site, &snapshot.whole);
    let price = site.price_per_kwh?;
    let hourly = whole.cost_per_hour.filter(|_| whole.verdict == Verdict::Loss)?;
    Some(format!(
        "{} per hour at {} per kWh",
        money(hourly, &site.currency),
        money(price, &site.currency)
    ))
}

fn detail(snapshot: &Snapshot) -> String {
    let (site, whole, gauges) = (&snapshot.site, &snapshot.whole, &snapshot.gauges);
    let Some(until) = whole.until else {
        return "Losses show as soon as a meter and one below it have been read for 15 minutes."
            .to_owned();
    };
    let window = format!(
        "Balance of the 15 minutes to {}, error ± {} kW, coverage {} %.",
        clock(site, until),
        fixed(whole.error_kw, 1),
        fixed(whole.coverage * 100.0, 1)
    );
    let Some(lost) = gauges.loss_kwh else { return window };
    let price = gauges.loss_cost.map(|cost| format!(", {}", money(cost, &site.currency)));
    format!(
        "{window} Today to {}: {} kWh lost{}, coverage {} %.",
        clock(site, until),
        fixed(lost, places(lost)),
        price.unwrap_or_default(),
        fixed(gauges.coverage * 100.0, 1)
    )
}

/// What goes into a site and where it comes out, in kW: the two bars of the balance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Segments {
    /// Meters that let energy in.
    pub sources: Vec<(MeterId, SourceKind, f64)>,
    /// Groups of loads, each under the name of a meter.
    pub loads: Vec<(MeterId, f64)>,
    /// What is left over.
    pub loss_kw: f64,
}

/// The two bars. A load is counted under the meter above it, so that a machine hall is one piece; a
/// load that hangs beside distribution nodes is a piece of its own.
pub fn segments(snapshot: &Snapshot) -> Segments {
    let parents: HashSet<_> = snapshot.meters.iter().filter_map(|card| card.parent).collect();
    let known: HashSet<_> = snapshot.meters.iter().map(|card| card.id).collect();
    let over_nodes: HashSet<_> = snapshot
        .meters
        .iter()
        .filter(|card| parents.contains(&card.id))
        .filter_map(|card| card.parent)
        .collect();
    let means: HashMap<_, _> =
        snapshot.values.iter().map(|value| (value.id, value.mean_kw)).collect();
    let mut bars = Segments { loss_kw: snapshot.whole.loss_kw, ..Segments::default() };
    for card in &snapshot.meters {
        let Some(kw) = means.get(&card.id).copied().flatten() else { continue };
        let parent = card.parent.filter(|parent| known.contains(parent));
        if parent.is_none() || card.feeds_parent {
            bars.sources.push((card.id, card.kind, kw));
        } else if !parents.contains(&card.id) {
            let group = parent.filter(|parent| !over_nodes.contains(parent)).unwrap_or(card.id);
            match bars.loads.iter_mut().find(|(id, _)| *id == group) {
                Some((_, sum)) => *sum += kw,
                None => bars.loads.push((group, kw)),
            }
        }
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_its_sign_and_groups() {
        assert_eq!(money("1927.4".parse().unwrap(), "INR"), "₹1,927");
        assert_eq!(money("8.4".parse().unwrap(), "INR"), "₹8.40");
        assert_eq!(money("-18.456".parse().unwrap(), "EUR"), "\u{2212}€18.46");
    }
}
