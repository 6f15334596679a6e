//! Bills: what a meter is to pay for a month, as a draft that follows the data or as an issued bill
//! that never changes.
//!
//! `month` reads what bills of a site's month are computed from, for one meter or many thousand;
//! `view` is what programs and pages see; `issue` and `credit` make bills final and take them back;
//! `run` bills a whole site piece by piece; `outputs` writes a bill as CSV, Green Button and picture.

mod billed;
mod credit;
mod digest;
mod draft;
pub(crate) mod energy_cost;
mod issue;
mod list;
mod month;
mod now;
mod outputs;
pub mod page;
mod redrawn;
mod resolve;
mod run;
mod shape;
mod source;
pub mod tariffs;
pub mod trades;
mod view;
mod wait;

pub use credit::{Credited, NewCredit, credit};
pub(crate) use draft::of_month;
pub use draft::{NewDraft, bill, by_address, intervals, store};
pub use issue::{NewIssue, issue};
pub use list::list;
pub(crate) use list::{listed, stored};
pub(crate) use month::{Billing, energy};
pub use outputs::{csv, espi, svg};
pub use redrawn::RedrawnBill;
pub(crate) use redrawn::{ChangedPoint, redrawn};
pub(crate) use resolve::begun;
pub(crate) use run::work;
pub use run::{NewRun, cancel, progress, run, runs};
pub use shape::{BillDay, Hour, Shape};
pub use source::{Detailed, SourceBill, detailed, source_bill};
pub use view::BillView;

/// Share of a month that readings must back for its bill to be issued by nobody in particular. Five
/// per cent are a day and a half: less than anyone would notice on their bill, more than a router that
/// was out for an evening.
pub const ISSUE_COVERAGE: f64 = 0.95;
