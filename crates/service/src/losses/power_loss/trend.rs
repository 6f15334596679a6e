//! How the loss of a node went, hour by hour or day by day, and what was found about it.

use domain::MeterId;
use domain::energy::window::Window;
use domain::losses::diagnosis::Findings;
use storage::losses::summed::Loss;

use crate::{Action, Core, Error, Principal, resolve};

/// The loss of a node by hour, or by day of the site's clock where `by_day`, in order of time. An hour
/// or a day that is not computed is absent.
pub async fn trend(
    service: &Core,
    who: &Principal,
    node: MeterId,
    window: Window,
    by_day: bool,
) -> Result<Vec<Loss>, Error> {
    resolve::on_meter(service, who, Action::See, node, || Error::no_meter(node)).await?;
    trend_of(service, node, window, by_day).await
}

/// The same of a node of a site that is shown.
pub(crate) async fn trend_of(
    service: &Core,
    node: MeterId,
    Window { from, to }: Window,
    by_day: bool,
) -> Result<Vec<Loss>, Error> {
    let resolution = if by_day { "1d" } else { "1h" };
    Ok(storage::losses::summed::losses(service.pool(), node, resolution, from, to).await?)
}

/// The findings about a node on the days that begin in a window, each with the day, the newest first.
pub async fn findings(
    service: &Core,
    who: &Principal,
    node: MeterId,
    window: Window,
) -> Result<Vec<(Window, Findings)>, Error> {
    resolve::on_meter(service, who, Action::See, node, || Error::no_meter(node)).await?;
    findings_of(service, node, window).await
}

/// The same of a node of a site that is shown.
pub(crate) async fn findings_of(
    service: &Core,
    node: MeterId,
    Window { from, to }: Window,
) -> Result<Vec<(Window, Findings)>, Error> {
    let days = storage::losses::summed::findings_by_day(service.pool(), node, from, to).await?;
    Ok(days.into_iter().map(|(from, to, findings)| (Window { from, to }, findings)).collect())
}
