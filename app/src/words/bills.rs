//! All bills of a month.

pub(crate) const TITLE: &str = "Bills";

pub(crate) fn sum(bills: usize, to_pay: &str, refund: &str) -> String {
    let bills = if bills == 1 { "1 bill".to_owned() } else { format!("{bills} bills") };
    format!("{bills}: {to_pay} to pay, {refund} to refund")
}

pub(crate) fn none_yet(month: &str) -> String {
    format!("No bill of {month} is computed yet")
}

pub(crate) fn detail(month: &str, counted: &[(usize, &'static str)]) -> String {
    let counted: Vec<_> = counted.iter().map(|(count, name)| format!("{count} {name}")).collect();
    if counted.is_empty() {
        format!("{month}.")
    } else {
        format!("{month}: {}.", counted.join(", "))
    }
}

pub(crate) const NO_METERS: &str = "There is nothing to bill in this month";
pub(crate) const NO_METERS_HELP: &str = "A bill appears for every meter that customers have: households, offices, flats. Create one on the \
     page Simulator, or choose another month.";
pub(crate) const METER: &str = "Meter";
pub(crate) const NAME: &str = "Name";
pub(crate) const NUMBER: &str = "Number";
pub(crate) const STATE: &str = "State";
pub(crate) const CONSUMED: &str = "Consumed kWh";
pub(crate) const PRODUCED: &str = "Produced kWh";
pub(crate) const COVERAGE: &str = "Coverage %";
pub(crate) const AMOUNT: &str = "Amount";
pub(crate) const DRAFT: &str = "draft";
pub(crate) const ISSUED: &str = "issued";
pub(crate) const STALE: &str = "issued, readings changed";
pub(crate) const NOT_COMPUTED: &str = "not computed";
pub(crate) const CREDITED: &str = "taken back";
pub(crate) const CREDIT_NOTE: &str = "credit note";

pub(crate) const COMPUTE: &str = "Compute drafts";
pub(crate) const ISSUE_ALL: &str = "Issue all";
pub(crate) const COMPUTING: &str = "Computing drafts";
pub(crate) const ISSUING: &str = "Issuing bills";
pub(crate) const CANCEL: &str = "Cancel";

pub(crate) fn of(done: i32, total: i32) -> String {
    format!("{done} of {total}")
}

pub(crate) fn failed(done: i32, total: i32, problem: &str) -> String {
    format!("The last run stopped after {done} of {total} meters: {problem}")
}

pub(crate) fn cancelled(done: i32, total: i32) -> String {
    format!("The last run was cancelled after {done} of {total} meters; what it did stays.")
}

pub(crate) fn issued(done: i32, issued: i32, held_back: i32) -> String {
    let held_back = match held_back {
        0 => String::new(),
        _ => format!(" {held_back} were held back: issued before, or read too little."),
    };
    format!("The last run went over {done} meters and issued {issued} bills.{held_back}")
}

pub(crate) fn computed(done: i32) -> String {
    format!("The last run computed the drafts of {done} meters.")
}

pub(crate) mod done {
    //! What was done.
    pub(crate) const RUN: &str = "The run is started; it goes on if you leave this page.";
    pub(crate) const CANCELLED: &str = "The run is cancelled; what it did stays.";
}
