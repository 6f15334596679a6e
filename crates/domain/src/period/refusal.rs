//! Why a time or a stretch of time is refused.

use chrono::{DateTime, NaiveDate, Utc};

use crate::message::messages;

messages! {
    /// Why a period is refused, and what to write instead.
    #[derive(Eq)]
    pub enum PeriodError in "period" {
        Unknown { period: String } =>
            "\u{201c}{period}\u{201d} is no period: choose today, yesterday, week, month, year or \
             custom.",
        Day { day: String } => "\u{201c}{day}\u{201d} is no day: write it as 2026-11-19.",
        Ends => "A period of your own needs its first and its last day.",
        Order { first: NaiveDate, last: NaiveDate } =>
            "The period ends on {last}, before it begins on {first}: exchange the two days.",
        Long { days: i64 } => "The period is {days} days long: choose ten years at most.",
        Early { first: NaiveDate, year: i32 } =>
            "The period begins on {first}, and nothing was metered before {year}: check the year.",
        Future { first: NaiveDate } =>
            "The period begins on {first}, which is still to come: choose an earlier one.",
        Compare { with: String } =>
            "\u{201c}{with}\u{201d} cannot be compared with: only the period before, compare=previous.",
    }

    /// Why an instant or a window of time is refused.
    pub enum TimeRefusal in "time" {
        NoTime { text: String } =>
            "{text:?} is no time: give 2026-05-01T00:00:00Z or a date such as 2026-05-01 (in an address \
             write + as %2B)",
        TooEarly { year: i32 } =>
            "it lies before {year}, and nothing was metered then: check the year",
        TooLate => "it lies after the year 9999: check the year",
        Future { at: DateTime<Utc> } => "{at} lies in the future: give a time that has passed",
        EmptyWindow => "the window is empty: to must be later than from",
        LongWindow => "the window is longer than ten years: ask for less at a time",
    }
}
