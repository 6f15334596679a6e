//! Sites: what programs see of them and may change.

mod preview;
pub(crate) mod zone;

use domain::meters::Meter;
use domain::people::Difference;
use domain::sites::refusal::SiteRefusal;
use domain::sites::{GridSettings, Retention, Site, SiteKind};
use domain::{SiteId, SiteSlug};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;

pub use preview::{Dropped, LastDay, SitePreview, ZonePreview, preview};

use crate::patch::{Fixed, Patch, Patched};
use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, instants, optimistic_lock};

/// A site.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SiteView {
    /// Short name in addresses.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Real or simulated.
    pub kind: SiteKind,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// ISO 4217 code of its currency.
    pub currency: String,
    /// What a kWh costs, in its currency, as a decimal string.
    pub price_per_kwh: Option<Decimal>,
    /// What the grid connection carries, in kW.
    pub grid_capacity_kw: Option<f64>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// How long readings are kept.
    pub retention: Retention,
    /// How new connections to transformers are judged; of a simulated site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid: Option<GridSettings>,
}

impl From<Site> for SiteView {
    fn from(site: Site) -> Self {
        Self {
            slug: site.slug,
            name: site.name,
            kind: site.kind,
            time_zone: site.zone.name().to_owned(),
            currency: site.currency,
            price_per_kwh: site.price_per_kwh,
            grid_capacity_kw: site.grid_capacity_kw,
            latitude: site.latitude,
            longitude: site.longitude,
            retention: site.retention,
            grid: (site.kind == SiteKind::Simulated).then_some(site.grid),
        }
    }
}

/// A site to create.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSite {
    /// Short name in addresses: small letters, digits, hyphens.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Real unless stated.
    #[serde(default = "live")]
    pub kind: SiteKind,
    /// IANA name of its time zone; UTC unless stated.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// ISO 4217 code of its currency; EUR unless stated.
    #[serde(default = "euro")]
    pub currency: String,
    /// What a kWh costs, in its currency, as a decimal string.
    pub price_per_kwh: Option<Decimal>,
    /// What the grid connection carries, in kW.
    pub grid_capacity_kw: Option<f64>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// How long readings are kept.
    #[serde(default)]
    pub retention: Retention,
    /// How new connections to transformers are judged; of a simulated site.
    pub grid: Option<GridSettings>,
}

impl Patched for NewSite {
    type Shown = SiteView;
    const FIXED: Fixed = Fixed { read_only: &["kind"], measured: &[] };
}

fn live() -> SiteKind {
    SiteKind::Live
}

fn utc() -> String {
    "UTC".to_owned()
}

fn euro() -> String {
    "EUR".to_owned()
}

impl NewSite {
    fn zone(&self) -> Result<chrono_tz::Tz, Error> {
        self.time_zone.parse().map_err(|_| {
            Error::invalid("timeZone", SiteRefusal::NoZone { zone: self.time_zone.clone() })
        })
    }

    fn grid(&self, kind: SiteKind) -> Result<GridSettings, Error> {
        if kind == SiteKind::Live && self.grid.is_some() {
            return Err(Error::invalid("grid", SiteRefusal::NoTransformers));
        }
        Ok(self.grid.unwrap_or_default())
    }

    fn into_site(self, id: SiteId, kind: SiteKind) -> Result<Site, Error> {
        Ok(Site {
            id,
            zone: self.zone()?,
            grid: self.grid(kind)?,
            slug: self.slug,
            name: self.name,
            kind,
            currency: self.currency,
            price_per_kwh: self.price_per_kwh,
            grid_capacity_kw: self.grid_capacity_kw,
            latitude: self.latitude,
            longitude: self.longitude,
            retention: self.retention,
        })
    }
}

/// A short name in addresses made from a name: its letters and digits, small, with hyphens between.
pub fn slug_of(name: &str) -> String {
    let plain = |letter: char| match letter.to_ascii_lowercase() {
        'ä' | 'Ä' => "ae".to_owned(),
        'ö' | 'Ö' => "oe".to_owned(),
        'ü' | 'Ü' => "ue".to_owned(),
        'ß' => "ss".to_owned(),
        letter if letter.is_ascii_alphanumeric() => letter.to_string(),
        _ => "-".to_owned(),
    };
    let text: String = name.chars().map(plain).collect();
    text.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// Every site, by slug.
pub async fn list(service: &Core, who: &Principal) -> Result<Vec<SiteView>, Error> {
    who.require_known()?;
    let sites = storage::sites::list(service.pool()).await?;
    Ok(sites.into_iter().filter(|site| who.knows(site.id)).map(SiteView::from).collect())
}

/// One site.
pub async fn get(service: &Core, who: &Principal, slug: &SiteSlug) -> Result<SiteView, Error> {
    known(service, who, Some(slug)).await.map(SiteView::from)
}

/// Creates a site.
pub async fn create(service: &Core, who: &Principal, new: NewSite) -> Result<SiteView, Error> {
    who.require(Action::Administer)?;
    let kind = new.kind;
    let site = new.into_site(SiteId(0), kind)?;
    let mut change = Change::begin(service, who).await?;
    let site = storage::sites::insert(&mut *change.db, &site).await?;
    let change = change.at(site.id);
    let view = SiteView::from(site);
    change.commit("site.create", &format!("site:{}", view.slug), &view).await?;
    service.reload().await?;
    Ok(view)
}

/// Changes the fields that are given; where the change says what it `expected`, only what nobody else
/// changed meanwhile. With another zone the site's days and balances are made anew.
pub async fn update(
    service: &Core,
    who: &Principal,
    slug: &SiteSlug,
    mut patch: Patch<NewSite>,
) -> Result<SiteView, Error> {
    let found = resolve(service, who, Action::Administer, Some(slug)).await?;
    // Nobody waits for a change that is refused.
    let mut first = patch.clone();
    optimistic_lock::settle(&SiteView::from(found.clone()), &mut first)?;
    let turn = if changed(&found, first)?.zone == found.zone {
        None
    } else {
        Some(zone::turn(service.pool()).await?)
    };
    let mut change = Change::begin(service, who).await?.at(found.id);
    storage::bills::tariffs::lock(&mut *change.db, found.id).await?;
    let site = storage::sites::by_slug(&mut *change.db, slug.as_str()).await?;
    let site = site.ok_or_else(|| Error::no_site(slug))?;
    optimistic_lock::settle(&SiteView::from(site.clone()), &mut patch)?;
    let changed = changed(&site, patch)?;
    if changed.currency != site.currency {
        refuse_other_currency(&mut change, &changed).await?;
    }
    if changed.price_per_kwh != site.price_per_kwh {
        storage::recount::requeue::losses(&mut change.db, changed.id, None, instants::EARLIEST)
            .await?;
    }
    let stored = storage::sites::update(&mut *change.db, &changed).await?;
    if changed.zone != site.zone {
        zone::moved(&mut change.db, &site, &changed).await?;
    }
    let view = stored.map(SiteView::from).ok_or_else(|| Error::no_site(slug))?;
    let difference = Difference::between(&SiteView::from(site), &view);
    change.commit_difference("site.update", &format!("site:{}", view.slug), difference).await?;
    service.reload().await?;
    drop(turn);
    Ok(view)
}

/// A site as a change leaves it.
fn changed(site: &Site, patch: Patch<NewSite>) -> Result<Site, Error> {
    let new = patch.onto(&SiteView::from(site.clone()))?;
    let changed = new.into_site(site.id, site.kind)?;
    if site.kind == SiteKind::Simulated && changed.zone != site.zone {
        return Err(Error::conflict("simulated_zone", SiteRefusal::ZoneStays).at("timeZone"));
    }
    Ok(changed)
}

/// Tariffs are stated in the currency of their site.
async fn refuse_other_currency(change: &mut Change, site: &Site) -> Result<(), Error> {
    storage::bills::tariffs::lock(&mut *change.db, site.id).await?;
    let tariffs = storage::bills::tariffs::list(&mut *change.db, site.id).await?;
    let Some(tariff) = tariffs.into_iter().next() else { return Ok(()) };
    Err(Error::conflict(
        "currency_in_use",
        SiteRefusal::CurrencyInUse { tariff: tariff.name, currency: tariff.currency },
    )
    .at("currency"))
}

/// The site with this slug, or the default site.
pub(crate) async fn resolve(
    service: &Core,
    who: &Principal,
    action: Action,
    slug: Option<&SiteSlug>,
) -> Result<Site, Error> {
    who.require_somewhere(action)?;
    let site = known(service, who, slug).await?;
    who.require_on(action, site.id, || Error::no_site(&site.slug))?;
    Ok(site)
}

/// The site with this slug, or the default site, where the principal has to do with it at all.
pub(crate) async fn known(
    service: &Core,
    who: &Principal,
    slug: Option<&SiteSlug>,
) -> Result<Site, Error> {
    who.require_known()?;
    let found = service.site(slug).await?;
    let missing = || Error::no_site(slug.map_or("default", SiteSlug::as_str));
    Option::clone(&found).filter(|site| who.knows(site.id)).ok_or_else(missing)
}

/// The site of a meter.
pub(crate) async fn of(service: &Core, meter: &Meter) -> Result<Site, Error> {
    by_id(service.pool(), meter.site).await
}

/// The site with this id.
pub(crate) async fn by_id(pool: &PgPool, id: SiteId) -> Result<Site, Error> {
    storage::sites::by_id(pool, id).await?.ok_or_else(|| Error::no_site(id))
}
