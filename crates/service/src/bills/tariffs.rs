//! Tariffs: what programs see of them and may change, and prices for whoever needs one.

mod change;
mod preview;

use chrono::NaiveDate;
use domain::SiteSlug;
use domain::bills::tariff::refusal::TariffRefusal;
use domain::bills::tariff::{TariffId, Terms};
use domain::sites::Site;
use schemars::JsonSchema;
use serde::Serialize;
use sqlx::PgExecutor;
use storage::bills::tariffs::Stored;

pub(crate) use change::settle;
pub use change::{
    Assigned, NewAssignment, NewTariff, TariffChanges, assign, create, remove, update,
};
pub use preview::{Repriced, TariffPreview, preview};

use crate::{Action, Core, Error, Named, Principal, sites};

/// A version of a tariff.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TariffView {
    /// Its id.
    pub id: TariffId,
    /// The name that its versions share.
    pub name: String,
    /// Slug of its site.
    pub site: String,
    /// ISO 4217 code of its currency: the site's.
    pub currency: String,
    /// First day, on the site's clock.
    pub valid_from: NaiveDate,
    /// First day after it; null while it holds.
    pub valid_to: Option<NaiveDate>,
    /// Whether meters without a tariff of their own are priced with it.
    pub is_default: bool,
    /// What it says.
    #[serde(flatten)]
    pub terms: Terms,
}

impl TariffView {
    fn new(stored: Stored, site: String) -> Self {
        let Stored { currency, version, .. } = stored;
        Self {
            id: version.id,
            name: version.name,
            site,
            currency,
            valid_from: version.valid_from,
            valid_to: version.valid_to,
            is_default: version.is_default,
            terms: version.terms,
        }
    }
}

/// The versions of a site's tariffs, by name and validity.
pub async fn list(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<Vec<TariffView>, Error> {
    let site = sites::resolve(core, who, Action::SeeBills, site).await?;
    let versions = storage::bills::tariffs::list(core.pool(), site.id).await?;
    Ok(versions.into_iter().map(|stored| TariffView::new(stored, site.slug.clone())).collect())
}

/// One version.
pub async fn get(core: &Core, who: &Principal, id: TariffId) -> Result<TariffView, Error> {
    let (stored, site) = named(core, who, Action::SeeBills, id).await?;
    Ok(TariffView::new(stored, site.slug))
}

/// A version with which somebody may do this, and its site.
async fn named(
    core: &Core,
    who: &Principal,
    action: Action,
    id: TariffId,
) -> Result<(Stored, Site), Error> {
    who.require_somewhere(action)?;
    let stored = find(core.pool(), id).await?;
    who.require_on(action, stored.site, || TariffId::unknown(id))?;
    let site = sites::by_id(core.pool(), stored.site).await?;
    Ok((stored, site))
}

async fn find(db: impl PgExecutor<'_>, id: TariffId) -> Result<Stored, Error> {
    storage::bills::tariffs::by_id(db, id).await?.ok_or_else(|| TariffId::unknown(id))
}

impl Named for TariffId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        Error::not_found("tariff_not_found", TariffRefusal::Unknown { id: id.to_string() })
    }
}
