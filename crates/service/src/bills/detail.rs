//! A bill with what stands behind each of its lines, for its page.

use chrono::TimeDelta;
use domain::bills::LineInterval;
use domain::message::Message;
use domain::sites::Site;

use super::draft::{found, load, of_month};
use super::issue::may_issue;
use super::view::{ComputedBill, Loaded};
use super::{BillState, BillView};
use crate::operation::clock;
use crate::{Error, Principal, Role, Service};

/// A bill, opened.
pub(crate) struct Detail {
    pub(crate) site: Site,
    pub(crate) view: BillView,
    /// The quarter-hours behind each line.
    pub(crate) lines: Vec<Vec<LineInterval>>,
    /// Quarter-hours with readings, and all that have come.
    pub(crate) quarters: (i64, i64),
    /// Why a draft is not issued, and whether that can be overridden.
    pub(crate) hold: Option<(Message, bool)>,
}

/// The bill of a meter's month, opened.
pub(crate) async fn opened_of_month(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    meter: &str,
    month: &str,
) -> Result<Detail, Error> {
    who.require(Role::Viewer)?;
    open(service, of_month(service, site, meter, month).await?).await
}

/// The bill that a number means, opened.
pub(crate) async fn opened(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    reference: &str,
) -> Result<Detail, Error> {
    who.require(Role::Viewer)?;
    open(service, found(service, site, reference).await?).await
}

async fn open(service: &Service, found: Loaded) -> Result<Detail, Error> {
    let lines = found.view.bill.lines.iter().map(|line| found.intervals(line)).collect();
    let Loaded { site, view, inputs, quarters, .. } = found;
    let (from, to) = (
        site.day_start(view.month.first()),
        site.day_start(view.month.next().first()).min(clock::now(service, &site)),
    );
    let all = (to - from).num_minutes() / TimeDelta::minutes(15).num_minutes();
    let read = quarters.iter().filter(|quarter| quarter.point.coverage > 0.99).count();
    let hold = match view.state {
        BillState::Draft => {
            let billing = load(service, &site, view.month).await?;
            let fresh = ComputedBill {
                inputs,
                bill: view.bill.clone(),
                digest: view.digest.clone(),
                is_frozen: false,
                running: view.running,
                now: view.generated_at,
            };
            may_issue(&billing, &fresh, None).err().map(|refused| {
                let low = matches!(refused, Error::Conflict { code: "low_coverage", .. });
                (refused.message(), low)
            })
        }
        _ => None,
    };
    let quarters = (i64::try_from(read).unwrap_or(i64::MAX), all.max(0));
    Ok(Detail { site, view, lines, quarters, hold })
}
