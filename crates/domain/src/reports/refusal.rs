//! Why schedules of reports are refused, and why a report was not sent.

use crate::message::{Message, Sentences, messages};
use crate::month::Month;

messages! {
    /// Why a schedule is refused, or there is none.
    pub enum ScheduleRefusal in "report_schedule" {
        Unknown { id: String } => "no schedule of reports {id}",
        Simulated =>
            "the clock of a simulated world is its own: reports are mailed of real sites",
        Language { tag: String } => "no language {tag:?}: give en or de",
        Nobody => "a report goes to somebody: give a mailbox",
        TooMany { count: usize, most: usize } =>
            "{count} mailboxes are more than {most}: give the address of a mailing list",
        Version => "the version is a number, as GET shows it",
        ChangedAlike { version: i32 } =>
            "somebody changed the schedule since you looked: to what you give. Look again, then change it \
             from version {version}",
        Changed { what: Sentences, version: i32 } =>
            "somebody changed the schedule since you looked: {what}. Look again, then change it from \
             version {version}",
        Differs { field: String, now: String, given: String } =>
            "{field} is {now} now, and you give {given}",
    }

    /// Why there is no report of a month, or it was not sent.
    pub enum NoReport in "report" {
        Ahead { month: Month, site: String, running: Month } =>
            "{month} has not begun on {site}: the month under way is {running}",
        NothingToDraw { month: String, chart: &'static str } =>
            "the report of {month} has nothing to draw a chart of {chart} from",
        NotComputed { why: Box<Message> } => "the report cannot be computed: {why}",
        GivenUp { month: Month, address: String, why: Box<Message> } =>
            "the report of {month} to {address} was given up: {why}",
    }
}
