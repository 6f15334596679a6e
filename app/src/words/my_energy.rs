//! A prosumer's own page.

pub(crate) const TITLE: &str = "My energy";
pub(crate) const NOTHING: &str = "No household yet";
pub(crate) const NOTHING_HELP: &str = "This page belongs to a household of the world. Create one on the page Simulator, and link a meter to it.";

pub(crate) fn used(kwh: &str) -> String {
    format!("Used {kwh} kWh today")
}

pub(crate) fn surplus(made: &str, rest: &str) -> String {
    format!("Made {made} kWh today, {rest} kWh more than used")
}

pub(crate) fn need(used: &str, made: &str) -> String {
    format!("Used {used} kWh today, made {made} kWh")
}

pub(crate) fn as_of(name: &str, at: &str) -> String {
    format!("{name}, {at} on the world's clock")
}

pub(crate) const METER: &str = "Household";
pub(crate) const SHOW: &str = "Show";
pub(crate) const USED: &str = "Used";
pub(crate) const MADE: &str = "Made";
pub(crate) const SOLD: &str = "Sold";
pub(crate) const BOUGHT: &str = "Bought";
pub(crate) const TODAY: &str = "Today";
pub(crate) const TIME: &str = "Time";
pub(crate) const USED_KW: &str = "Used kW";
pub(crate) const MADE_KW: &str = "Made kW";

pub(crate) fn curve_label(name: &str) -> String {
    format!("Power of {name} today: used as a line, made as an area")
}

pub(crate) const SO_FAR: &str = "so far, as its bill would be now";
pub(crate) const TO_PAY: &str = "To pay";
pub(crate) const REFUND: &str = "Refund";
pub(crate) const EXPECTED: &str = "Expected for the whole month";
pub(crate) const OPEN_BILL: &str = "Open the bill";
pub(crate) const BILLS: &str = "Issued bills";
pub(crate) const NO_BILLS: &str = "No bill was issued yet.";
pub(crate) const MONTH: &str = "Month";
pub(crate) const NUMBER: &str = "Number";
pub(crate) const AMOUNT: &str = "Amount";
pub(crate) const TRADES: &str = "Trades of this month";
