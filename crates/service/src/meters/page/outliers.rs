//! Readings of a meter that do not fit.

use domain::energy::interval::Decision;
use domain::energy::window::Window;
use domain::meters::view::meter::{OutlierRow, Reading};
use domain::{MeterId, SiteId};
use storage::energy::outliers::{Kept, OutliersFilter};

use crate::{Core, Error};

/// So many are looked at.
const MOST: i64 = 10_000;

/// Readings of a window that do not fit, and those that a person decided about, in order of time.
pub(super) async fn of(
    core: &Core,
    site: SiteId,
    id: MeterId,
    Window { from, to }: Window,
) -> Result<Vec<OutlierRow>, Error> {
    let (meter, from, to) = (Some(id), Some(from), Some(to));
    let filter = OutliersFilter { meter, from, to, after: None, limit: MOST };
    let kept = storage::energy::outliers::list(core.pool(), site, &filter).await?;
    let row = |Kept { at, field, value, decision, .. }: Kept| {
        let reading = match decision {
            None => Reading::Outlier,
            Some(Decision::Accept) => Reading::Accepted,
            Some(Decision::Reject) => Reading::Rejected,
        };
        OutlierRow { at, field, value, reading }
    };
    Ok(kept.into_iter().rev().map(row).collect())
}
