//! How the loss of a node went, hour by hour or day by day, and what was found about it.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::window::Window;
use domain::losses::balance::Verdict;
use domain::losses::diagnosis;
use rust_decimal::Decimal;

use crate::{Action, Core, Error, Principal, resolve};

/// The loss of a node in an hour or a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Trend {
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// Energy into the node, kWh.
    pub source_kwh: f64,
    /// In less out, kWh; none where the balance is incomplete.
    pub loss_kwh: Option<f64>,
    /// Half the error band, kWh.
    pub error_kwh: f64,
    /// What it cost; none without a price.
    pub cost: Option<Decimal>,
    /// What it says.
    pub verdict: Verdict,
    /// Share backed by readings, 0 to 1.
    pub coverage: f64,
}

/// What was found about a node on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// When the day begins.
    pub from: DateTime<Utc>,
    /// When it ends.
    pub to: DateTime<Utc>,
    /// The cause, where one was named, what was tried, and a step of the loss.
    pub found: diagnosis::Findings,
}

/// The loss of a node by hour, or by day of the site's clock where `by_day`, in order of time. An hour
/// or a day that is not computed is absent.
pub async fn trend(
    service: &Core,
    who: &Principal,
    node: MeterId,
    window: Window,
    by_day: bool,
) -> Result<Vec<Trend>, Error> {
    resolve::on_meter(service, who, Action::See, node, || Error::no_meter(node)).await?;
    let losses = rows(service, node, if by_day { "1d" } else { "1h" }, window).await?;
    let step = |loss: storage::losses::summed::Loss| Trend {
        from: loss.start,
        to: loss.end,
        source_kwh: loss.source_kwh,
        loss_kwh: loss.loss_kwh,
        error_kwh: loss.error_kwh,
        cost: loss.cost,
        verdict: loss.verdict,
        coverage: loss.coverage,
    };
    Ok(losses.into_iter().map(step).collect())
}

/// What was found about a node on the days that begin in a window, the newest first.
pub async fn findings(
    service: &Core,
    who: &Principal,
    node: MeterId,
    window: Window,
) -> Result<Vec<Findings>, Error> {
    resolve::on_meter(service, who, Action::See, node, || Error::no_meter(node)).await?;
    let mut days = rows(service, node, "1d", window).await?;
    days.reverse();
    let found = |day: storage::losses::summed::Loss| {
        Some(Findings { from: day.start, to: day.end, found: day.findings? })
    };
    Ok(days.into_iter().filter_map(found).collect())
}

async fn rows(
    service: &Core,
    node: MeterId,
    resolution: &str,
    window: Window,
) -> Result<Vec<storage::losses::summed::Loss>, Error> {
    let pool = service.pool();
    Ok(storage::losses::summed::losses(pool, node, resolution, window.from, window.to).await?)
}
