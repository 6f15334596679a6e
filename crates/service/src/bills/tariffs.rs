//! Tariffs: what programs see of them and may change, and prices for whoever needs one.

mod change;
mod preview;

use domain::SiteSlug;
use domain::bills::tariff::refusal::TariffRefusal;
use domain::bills::tariff::{TariffId, Version};
use sqlx::PgExecutor;

pub(crate) use change::settle;
pub use change::{
    Assigned, NewAssignment, NewTariff, TariffChanges, assign, create, remove, update,
};
pub use preview::{Repriced, TariffPreview, preview};

use crate::{Action, Core, Error, Named, Principal, sites};

/// The versions of a site's tariffs, by name and validity.
pub async fn list(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<Vec<Version>, Error> {
    let site = sites::resolve(core, who, Action::SeeBills, site).await?;
    Ok(storage::bills::tariffs::list(core.pool(), site.id).await?)
}

/// One version.
pub async fn get(core: &Core, who: &Principal, id: TariffId) -> Result<Version, Error> {
    named(core, who, Action::SeeBills, id).await
}

/// A version with which somebody may do this.
async fn named(
    core: &Core,
    who: &Principal,
    action: Action,
    id: TariffId,
) -> Result<Version, Error> {
    who.require_somewhere(action)?;
    let stored = find(core.pool(), id).await?;
    who.require_on(action, stored.site_id, || TariffId::unknown(id))?;
    Ok(stored)
}

async fn find(db: impl PgExecutor<'_>, id: TariffId) -> Result<Version, Error> {
    storage::bills::tariffs::by_id(db, id).await?.ok_or_else(|| TariffId::unknown(id))
}

impl Named for TariffId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        Error::not_found("tariff_not_found", TariffRefusal::Unknown { id: id.to_string() })
    }
}
