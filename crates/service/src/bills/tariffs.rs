//! Tariffs: what programs see of them and may change, and prices for whoever needs one.

mod change;
mod preview;

use chrono::NaiveDate;
use domain::SiteSlug;
use domain::bills::tariff::refusal::TariffRefusal;
use domain::bills::tariff::{TariffId, Terms};
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
    who.require_somewhere(Action::SeeBills)?;
    let stored = find(core.pool(), id).await?;
    who.require_on(Action::SeeBills, stored.site, || TariffId::unknown(id))?;
    let site = storage::sites::by_id(core.pool(), stored.site).await?;
    let site = site.ok_or_else(|| Error::no_site(stored.site))?;
    Ok(TariffView::new(stored, site.slug))
}

async fn find(db: impl PgExecutor<'_>, id: TariffId) -> Result<Stored, Error> {
    storage::bills::tariffs::by_id(db, id).await?.ok_or_else(|| TariffId::unknown(id))
}

impl Named for TariffId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        Error::not_found("tariff_not_found", TariffRefusal::Unknown { id: id.to_string() })
    }
}
