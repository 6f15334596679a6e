//! Months as requests name them.

use domain::bills::refusal::BillRefusal;
use domain::month::Month;
use domain::sites::Site;

use crate::operation::clock;
use crate::{Core, Error};

/// A month, if it has begun on the site's clock.
pub(crate) fn begun(core: &Core, site: &Site, month: Month) -> Result<Month, Error> {
    let now = clock::now(core, site);
    if site.day_start(month.first()) > now {
        return Err(Error::refused(
            "future_month",
            BillRefusal::NotBegun { month, site: site.name.clone(), today: site.date_at(now) },
        )
        .at("month"));
    }
    Ok(month)
}
