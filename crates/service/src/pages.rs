//! What each page of the browser is rendered from.

use domain::MeterId;
use domain::view::{MeterPage, MetersPage, OverviewPage};

use crate::{Error, Principal, Role, Service};

/// The overview.
pub async fn overview(service: &Service, who: &Principal) -> Result<OverviewPage, Error> {
    who.require(Role::Viewer)?;
    let _ = service.pool();
    Err(Error::Unavailable)
}

/// All meters.
pub async fn meters(service: &Service, who: &Principal) -> Result<MetersPage, Error> {
    who.require(Role::Viewer)?;
    let _ = service.pool();
    Err(Error::Unavailable)
}

/// One meter; none where it does not exist.
pub async fn meter(service: &Service, who: &Principal, id: MeterId) -> Result<Option<MeterPage>, Error> {
    who.require(Role::Viewer)?;
    let _ = (service.pool(), id);
    Err(Error::Unavailable)
}
