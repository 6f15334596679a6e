//! The overview of a period beside the period before.

use domain::overview::comparison::{Figure, Gap};

use super::{CONSUMPTION, DG_RUNTIME, LOSS, NET_CARBON, SOLAR_SHARE};
use crate::figures::fixed;
use crate::language::{Text, now, tell};

pub const COMPARE: Text = Text("Compare", "Vergleich");
/// Each with what a link alone is called, and the period in the address.
pub const COMPARISONS: [(Text, Text, &str); 3] = [
    (Text("today", "heute"), Text("Compare today with yesterday", "Heute mit gestern"), "today"),
    (
        Text("week", "Woche"),
        Text("Compare this week with last week", "Diese Woche mit der letzten"),
        "week",
    ),
    (
        Text("month", "Monat"),
        Text("Compare this month with last month", "Diesen Monat mit dem letzten"),
        "month",
    ),
];

pub const NOW: Text = Text("Now", "Jetzt");
pub const LIVE: Text = Text("live overview", "Live-Übersicht");
pub const FIGURE: Text = Text("Figure", "Kenngröße");
pub const CHANGE: Text = Text("Change", "Änderung");
pub const WITHIN: Text = Text("within error", "im Messfehler");
pub const NEW_NODE: Text = Text("no node before", "davor kein Knoten");
pub const NO_PERIOD_NODES: Text =
    Text("No node is known in this period.", "In diesem Zeitraum ist kein Knoten bekannt.");
pub const INPUT_UNKNOWN: Text = Text("energy in is not known", "Zufluss unbekannt");

pub fn compare_with(before: &str) -> String {
    tell!("Compare with {before}", "Mit {before} vergleichen")
}

pub fn against(change: &str, before: &str) -> String {
    tell!("{change} against {before}", "{change} gegen {before}")
}

pub const POINTS: Text = Text("points", "Punkte");

pub fn points(points: &str) -> String {
    format!("{points} {POINTS}")
}

/// Up to when the period before is counted, while the period lasts.
pub fn same_part(before: &str, until: &str) -> String {
    tell!(
        "{before} is counted up to the same time, {until}.",
        "{before} zählt bis zur selben Zeit, {until}."
    )
}

pub fn gauge_ticks(before: &str) -> String {
    tell!("Tick: {before}.", "Strich: {before}.")
}

/// Of how many days that were read the mean day of each period is.
pub fn mean_days(label: &str, days: usize, before: &str, days_before: usize) -> String {
    tell!(
        "The mean day counts whole days that were read ({label}: {days}, {before}: {days_before}).",
        "Der mittlere Tag zählt ganze, abgelesene Tage ({label}: {days}, {before}: {days_before})."
    )
}

pub fn common_loss(nodes: usize, kwh: &str, before_kwh: &str) -> String {
    match nodes {
        1 => tell!(
            "The node that both periods know lost {kwh} kWh, before {before_kwh} kWh.",
            "Der Knoten, den beide Zeiträume kennen, verlor {kwh} kWh, davor {before_kwh} kWh."
        ),
        _ => tell!(
            "The {nodes} nodes that both periods know lost {kwh} kWh, before {before_kwh} kWh.",
            "Die {nodes} Knoten, die beide Zeiträume kennen, verloren {kwh} kWh, davor {before_kwh} kWh."
        ),
    }
}

pub fn figure(figure: Figure) -> Text {
    match figure {
        Figure::Input => CONSUMPTION,
        Figure::InputPerDay => Text("Consumption, mean day", "Verbrauch, mittlerer Tag"),
        Figure::Loss => LOSS,
        Figure::LossShare => Text("Loss, share of input", "Verlust, Anteil am Zufluss"),
        Figure::Saving => Text("Loss, probably real", "Verlust, wohl echt"),
        Figure::DieselHours => DG_RUNTIME,
        Figure::DieselLitres => Text("Diesel", "Diesel"),
        Figure::DieselCost => Text("Diesel, cost", "Diesel, Kosten"),
        Figure::DieselCostPerKwh => Text("Diesel, cost of a kWh", "Diesel, Kosten je kWh"),
        Figure::SolarShare => SOLAR_SHARE,
        Figure::NetCarbon => NET_CARBON,
    }
}

pub fn gap(gap: &Gap, label: &str, before: &str) -> String {
    let of = |is_before: bool| if is_before { before } else { label };
    match gap {
        Gap::NothingBefore => tell!(
            "{before}: nothing was read, so there is nothing to compare with.",
            "{before}: nichts abgelesen, also nichts zu vergleichen."
        ),
        Gap::Begins(day) => {
            let day = now().day_month(*day);
            tell!(
                "{before}: readings begin on {day}.",
                "{before}: Die Ablesungen beginnen am {day}."
            )
        }
        Gap::Partly { is_before, coverage } => {
            let (of, percent) = (of(*is_before), fixed(coverage * 100.0, 0));
            tell!(
                "{of} was read to {percent} % only, so its sums are not compared.",
                "{of} wurde nur zu {percent} % abgelesen; die Summen werden nicht verglichen."
            )
        }
        Gap::Unread { is_before, names } => {
            let (of, names) = (of(*is_before), names.join(", "));
            tell!("{of} lacks readings of {names}.", "{of}: Es fehlen Ablesungen von {names}.")
        }
        Gap::LeftOut { is_before, names } => {
            let (of, names) = (of(*is_before), names.join(", "));
            tell!(
                "{of}: the loss leaves out {names}, which lack a meter.",
                "{of}: Der Verlust lässt {names} aus, denen ein Zähler fehlt."
            )
        }
        Gap::NewNodes(names) => {
            let names = names.join(", ");
            tell!(
                "Not compared, as there was no such node before: {names}.",
                "Nicht verglichen, da es den Knoten davor nicht gab: {names}."
            )
        }
        Gap::GoneNodes(names) => {
            let names = names.join(", ");
            tell!(
                "Not compared, as it is no node any more: {names}.",
                "Nicht verglichen, da es kein Knoten mehr ist: {names}."
            )
        }
    }
}

/// The steps of the chart, and its line.
pub fn steps_note(step: &str, label: &str, before: Option<&str>) -> String {
    let line = before.map(|before| tell!("; line: {before}", "; Linie: {before}"));
    let line = line.unwrap_or_default();
    tell!("{label}, kWh by {step}{line}", "{label}, kWh nach {step}{line}")
}

pub fn steps_label(label: &str, step: &str, kwh: &str) -> String {
    tell!(
        "Site input by {step}, {label}: {kwh} kWh in all",
        "Zufluss der Anlage nach {step}, {label}: zusammen {kwh} kWh"
    )
}

pub fn step_hint(at: &str, kwh: &str, before: Option<&str>) -> String {
    let before = before.map(|kwh| tell!(", before {kwh} kWh", ", davor {kwh} kWh"));
    let before = before.unwrap_or_default();
    format!("{at}: {kwh} kWh{before}")
}

pub fn period_nodes(label: &str) -> String {
    tell!("{label}, balance per node", "{label}, Bilanz je Knoten")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, written_in};

    #[test]
    fn a_gap_names_its_period_in_a_sentence() {
        let part = Gap::Partly { is_before: true, coverage: 0.431 };
        let said = |language| written_in(language, || gap(&part, "This week", "9 to 15 Nov"));
        assert!(said(Language::En).starts_with("9 to 15 Nov was read to 43 % only, "));
        assert!(said(Language::De).starts_with("9 to 15 Nov wurde nur zu 43 % abgelesen; "));
    }
}
