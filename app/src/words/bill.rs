//! One bill.

pub(crate) fn title(month: &str) -> String {
    format!("Energy bill, {month}")
}

pub(crate) fn credit_title(month: &str) -> String {
    format!("Credit note, {month}")
}

pub(crate) const DRAFT: &str = "Draft, follows the data";
pub(crate) const DRAFT_HELP: &str =
    "It is computed anew whenever it is looked at. Issued, it gets a number and never changes.";
pub(crate) const ISSUED: &str = "Issued, cannot change";
pub(crate) const ISSUED_HELP: &str = "A later correction makes a credit note and a new bill.";
pub(crate) const STALE: &str = "Issued, but its readings have changed since";
pub(crate) const STALE_HELP: &str = "What it was computed from was corrected after it was issued. Credit it, and issue a new bill with the \
     corrected energy.";
pub(crate) const CREDITED: &str = "Issued, and taken back";
pub(crate) const CREDIT_NOTE: &str = "Credit note";

pub(crate) fn credited_by(number: &str) -> String {
    format!("Credit note {number} takes it back in full.")
}

pub(crate) fn credit_of(number: &str) -> String {
    format!("It takes back bill {number} in full.")
}

pub(crate) fn number(number: &str) -> String {
    format!("Number {number}")
}

pub(crate) const NO_NUMBER: &str = "Draft, without a number";

pub(crate) fn issued(day: &str) -> String {
    format!("Issued {day}")
}

pub(crate) fn as_of(day: &str) -> String {
    format!("As of {day}")
}

pub(crate) fn meter(number: &str, side: &str) -> String {
    format!("Meter {number}, {side}")
}

pub(crate) const TO_PAY: &str = "To pay";
pub(crate) const REFUND: &str = "Refund";
pub(crate) const SO_FAR: &str = "To pay so far";
pub(crate) const REFUND_SO_FAR: &str = "Refund so far";
pub(crate) const TAKEN_BACK: &str = "Taken back";
pub(crate) const CONSUMED: &str = "consumed";
pub(crate) const PRODUCED: &str = "produced";
pub(crate) const COVERAGE_OF: &str = "coverage";
pub(crate) const ESTIMATED: &str = "estimated";

pub(crate) const LINES: &str = "Lines";
pub(crate) const LINE: &str = "Line";
pub(crate) const LINE_HELP: &str = "tap for its intervals";
pub(crate) const QUANTITY: &str = "Quantity";
pub(crate) const RATE: &str = "Rate";
pub(crate) const AMOUNT: &str = "Amount";
pub(crate) const INTERVAL: &str = "Interval";
pub(crate) const KWH: &str = "kWh";
pub(crate) const COVERAGE: &str = "Coverage %";
pub(crate) const QUALITY: &str = "Quality";
pub(crate) const SHOW_ALL: &str = "Show all";
pub(crate) const SHOW_FEWER: &str = "Show fewer";

pub(crate) fn intervals_of(line: &str) -> String {
    format!("Intervals of {line}")
}

pub(crate) fn of_intervals(shown: usize, count: usize, sum: &str, unit: &str) -> String {
    if shown == count {
        format!("{count} intervals; sum {sum} {unit}.")
    } else {
        format!("{shown} of {count} intervals; all of them add up to {sum} {unit}.")
    }
}

pub(crate) const NO_INTERVALS: &str = "It does not come from intervals.";

pub(crate) const DAILY: &str = "Daily energy";
pub(crate) const IMPORT_UP: &str = "import, up";
pub(crate) const EXPORT_DOWN: &str = "export, down";
pub(crate) const DAY: &str = "Day";
pub(crate) const HOUR: &str = "Hour";
pub(crate) const IMPORT_KWH: &str = "Import kWh";
pub(crate) const EXPORT_KWH: &str = "Export kWh";
pub(crate) const ESTIMATED_KWH: &str = "Estimated kWh";

pub(crate) fn days_label(month: &str) -> String {
    format!("Energy by day in {month}: import above zero, export below")
}

pub(crate) fn day_hint(day: &str, import: &str, export: &str, estimated: &str) -> String {
    format!("{day}: import {import}, export {export}, estimated {estimated} kWh")
}

pub(crate) const AVERAGE_DAY: &str = "Average day";
pub(crate) const AVERAGE_NOTE: &str = "kWh per hour, import up, export down";
pub(crate) const AVERAGE_LABEL: &str =
    "Energy of the average day by hour: import above zero, export below";

pub(crate) fn hour_hint(hour: usize, import: &str, export: &str) -> String {
    format!("{hour:02}:00: import {import}, export {export} kWh")
}

pub(crate) const REGISTERS: &str = "Registers";
pub(crate) const NO_REGISTERS: &str = "No register was read in this month.";
pub(crate) const IMPORT: &str = "Import";
pub(crate) const EXPORT: &str = "Export";

pub(crate) const TRADES: &str = "Trades";
pub(crate) const NO_TRADES: &str = "Nothing was traded in this month.";
pub(crate) const WITH: &str = "With";
pub(crate) const AGREED: &str = "Agreed";
pub(crate) const UNSETTLED: &str = "Unsettled";
pub(crate) const UNSETTLED_HELP: &str = "A trade counts for at most what its seller made and its buyer used in the month, in the order in \
     which trades were agreed. The rest goes through the grid.";

pub(crate) fn bought_from(name: &str) -> String {
    format!("from {name}")
}

pub(crate) fn sold_to(name: &str) -> String {
    format!("to {name}")
}

pub(crate) const PROOF: &str = "Proof";
pub(crate) const TARIFF: &str = "Tariff";
pub(crate) const NO_TARIFF: &str = "none holds: nothing is priced";
pub(crate) const INPUTS: &str = "Inputs";
pub(crate) const DIGEST: &str = "Digest";

pub(crate) fn tariff(name: &str, from: Option<&str>) -> String {
    match from {
        Some(from) => format!("{name}, from {from}"),
        None => name.to_owned(),
    }
}

pub(crate) fn inputs(intervals: usize, trades: usize) -> String {
    let trades = match trades {
        0 => "no trades".to_owned(),
        1 => "1 trade".to_owned(),
        _ => format!("{trades} trades"),
    };
    format!("{intervals} intervals, {trades}")
}

pub(crate) fn against(month: &str) -> String {
    format!("Against {month}")
}

pub(crate) fn change(amount: &str, percent: Option<&str>) -> String {
    match percent {
        Some(percent) => format!("{amount}, consumption {percent}\u{a0}%"),
        None => amount.to_owned(),
    }
}

pub(crate) fn quarters(covered: i64, all: i64) -> String {
    format!("{covered} of {all} quarter-hours")
}

pub(crate) const STRIP: &str = "Coverage day by day";

pub(crate) fn strip_day(day: &str, percent: &str) -> String {
    format!("{day}: {percent} % read")
}

pub(crate) const FULLY_READ: &str = "Every quarter-hour was read.";

pub(crate) fn estimated_said(kwh: &str, percent: &str) -> String {
    format!(
        "{kwh} kWh is real energy from the register; only its time is estimated. That is {percent} % \
         of the energy."
    )
}

pub(crate) fn unpriced(kwh: &str) -> String {
    format!("{kwh} kWh are priced by no line of the tariff.")
}

pub(crate) const OTHER_MONTHS: &str = "Other months";
pub(crate) const ALL_BILLS: &str = "All bills";
pub(crate) const STORE: &str = "Store the draft";
pub(crate) const STORE_HELP: &str =
    "A stored draft stands in the list of the month, and can be had as CSV and Green Button";
pub(crate) const PRINT: &str = "Print";
pub(crate) const CSV: &str = "CSV";
pub(crate) const GREEN_BUTTON: &str = "Green Button";
pub(crate) const EXPLAIN: &str = "Explain";
pub(crate) const ISSUE: &str = "Issue";
pub(crate) const CREDIT: &str = "Credit and bill again";
pub(crate) const CREDIT_THIS: &str = "Take this bill back";
pub(crate) const CREDIT_HELP: &str = "A credit note over the same amount is issued, and a new bill with the energy as it is known now. \
     Neither can be undone.";
pub(crate) const REASON: &str = "Reason";
pub(crate) const HELD_BACK: &str = "It cannot be issued as it stands";
pub(crate) const OVERRIDE: &str = "Issue it all the same";
pub(crate) const OVERRIDE_BY: &str = "Who answers for it";
pub(crate) const OVERRIDE_WHY: &str = "Why";
pub(crate) const PROFILE: &str = "The month's energy by day and its average day, for print";

pub(crate) mod side {
    //! As what a meter is billed.
    pub(crate) const CONSUMER: &str = "consumer";
    pub(crate) const PROSUMER: &str = "prosumer";
}

pub(crate) mod done {
    //! What was done.
    pub(crate) const STORED: &str = "The draft is stored.";

    pub(crate) fn issued(number: &str) -> String {
        format!("Bill {number} is issued.")
    }

    pub(crate) fn credited(note: &str, bill: &str) -> String {
        format!("Credit note {note} takes the bill back; {bill} takes its place.")
    }
}
