//! The state of a site in one line, and what stands behind it.

use chrono::{DateTime, Utc};
use domain::live::SiteCard;
use domain::overview::{Facts, State, clock, money};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::figures::{about, fixed, places};
use crate::language::{Text, now, tell};

/// One line: the loss, its share, and where most of it is.
pub fn headline(state: &State, at: DateTime<Utc>) -> String {
    match state {
        State::NoMeters => Text("No meters yet", "Noch keine Zähler").into(),
        State::NoNodes { in_kw } => {
            let kw = about(*in_kw);
            tell!(
                "Taking in {kw} kW; no meter hangs below another yet, so there is no loss to tell",
                "Zufluss {kw} kW; noch hängt kein Zähler unter einem anderen, also ist kein Verlust \
                 zu nennen"
            )
        }
        State::Waiting => Text(
            "No balance yet: waiting for the first quarter-hour of readings",
            "Noch keine Bilanz: es fehlt die erste Viertelstunde an Ablesungen",
        )
        .into(),
        State::Silent { name, others, since } => silent(name, *others, *since, at),
        State::Balanced { kw, error_kw } => {
            let (kw, error) = (fixed(*kw, 1), fixed(*error_kw, 1));
            tell!(
                "Balanced: loss {kw} kW is within error ± {error} kW",
                "Ausgeglichen: Verlust {kw} kW liegt im Messfehler ± {error} kW"
            )
        }
        State::Negative { kw } => {
            let kw = about(*kw);
            tell!(
                "Negative balance: {kw} kW more measured out than in",
                "Negative Bilanz: {kw} kW mehr Abfluss als Zufluss gemessen"
            )
        }
        State::Losing { kw, percent, most } => losing(*kw, *percent, most.as_ref()),
    }
}

fn losing(kw: f64, percent: Option<f64>, most: Option<&(String, f64)>) -> String {
    let kw = about(kw);
    let percent = percent.map_or_else(String::new, |percent| {
        let percent = fixed(percent, 1);
        tell!(", {percent}\u{a0}% of input", ", {percent}\u{a0}% des Zuflusses")
    });
    let most = most.map_or_else(String::new, |(name, share)| {
        let share = fixed(*share, 0);
        tell!("; {share}\u{a0}% of it at {name}", "; davon {share}\u{a0}% bei {name}")
    });
    tell!("Losing {kw}\u{a0}kW{percent}{most}", "Verlust {kw}\u{a0}kW{percent}{most}")
}

fn silent(name: &str, others: usize, since: Option<DateTime<Utc>>, at: DateTime<Utc>) -> String {
    let others = match others {
        0 => String::new(),
        1 => tell!(" and 1 other meter", " und 1 weiterer Zähler"),
        _ => tell!(" and {others} other meters", " und {others} weitere Zähler"),
    };
    match since {
        None => tell!(
            "No balance: {name}{others} not read yet",
            "Keine Bilanz: {name}{others} noch nicht gelesen"
        ),
        Some(since) => {
            let minutes = (at - since).num_minutes();
            tell!(
                "No balance: {name}{others} silent for {minutes} min",
                "Keine Bilanz: {name}{others} ohne Werte seit {minutes} min"
            )
        }
    }
}

/// What the loss costs; none without a loss or a price.
pub fn price(facts: &Facts, site: &SiteCard) -> Option<String> {
    let (hourly, price) = facts.cost?;
    let real_kw = (hourly / price).to_f64().map(|kw| fixed(kw, 1));
    let (hourly, price) = (sum(hourly, site), sum(price, site));
    Some(match real_kw.filter(|_| facts.metering_kw.is_some()) {
        Some(kw) => tell!(
            "{hourly} per hour for the {kw} kW that are probably lost, at {price} per kWh.",
            "{hourly} je Stunde für die {kw} kW, die wohl verloren gehen, bei {price} je kWh."
        ),
        None => {
            tell!("{hourly} per hour at {price} per kWh.", "{hourly} je Stunde bei {price} je kWh.")
        }
    })
}

/// Window, error and coverage, and what was lost today.
pub fn detail(facts: &Facts, site: &SiteCard) -> String {
    let Some(window) = facts.window else {
        return Text(
            "Losses show as soon as a meter and one below it have been read for 15 minutes.",
            "Verluste erscheinen, sobald ein Zähler und einer darunter 15 Minuten lang gelesen sind.",
        )
        .into();
    };
    let until = clock(site, window.until);
    let (error, covered) = (fixed(window.error_kw, 1), fixed(window.coverage * 100.0, 1));
    let now = tell!(
        "Balance of the 15 minutes to {until}, error ± {error} kW, coverage {covered} %.",
        "Bilanz der 15 Minuten bis {until}, Messfehler ± {error} kW, Abdeckung {covered} %."
    );
    let metering = facts.metering_kw.map_or_else(String::new, |kw| {
        let kw = fixed(kw, 1);
        tell!(
            " The other {kw} kW are probably a meter that reads wrong, and cost nothing.",
            " Die übrigen {kw} kW sind wohl ein Zähler, der falsch misst, und kosten nichts."
        )
    });
    let now = now + &metering;
    let Some(today) = facts.today else { return now };
    let cost = today.cost.map(|cost| format!(", {}", sum(cost, site))).unwrap_or_default();
    let lost = fixed(today.kwh, places(today.kwh));
    let covered = fixed(today.coverage * 100.0, 1);
    tell!(
        "{now} Today to {until}: {lost} kWh lost{cost}, coverage {covered} %.",
        "{now} Heute bis {until}: {lost} kWh verloren{cost}, Abdeckung {covered} %."
    )
}

fn sum(amount: Decimal, site: &SiteCard) -> String {
    now().marks(money(amount, &site.currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(state: &State) -> String {
        headline(state, "2026-11-19T09:12:00Z".parse().unwrap())
    }

    #[test]
    fn the_state_is_verb_amount_share_and_place() {
        let most = Some(("Unit C".to_owned(), 61.2));
        let state = State::Losing { kw: 21.44, percent: Some(3.9), most };
        assert_eq!(
            said(&state),
            "Losing 21.4\u{a0}kW, 3.9\u{a0}% of input; 61\u{a0}% of it at Unit C"
        );
        let quiet = State::Balanced { kw: 4.1, error_kw: 5.0 };
        assert_eq!(said(&quiet), "Balanced: loss 4.1 kW is within error ± 5.0 kW");
    }

    #[test]
    fn a_silent_source_is_named_with_its_age() {
        let since = "2026-11-19T09:00:00Z".parse().ok();
        let blind = State::Silent { name: "Main Grid".to_owned(), others: 0, since };
        assert_eq!(said(&blind), "No balance: Main Grid silent for 12 min");
        let never = State::Silent { name: "Main Grid".to_owned(), others: 2, since: None };
        assert_eq!(said(&never), "No balance: Main Grid and 2 other meters not read yet");
    }
}
