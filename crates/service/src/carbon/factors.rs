//! Emission factors and specific fuel consumption.

use chrono::NaiveDate;
use domain::carbon::refusal::FactorRefusal;
use domain::carbon::{Factor, FactorId, FactorKind, Factors};
use domain::sites::Site;
use domain::{MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::people::audit::Change;
use crate::resolve::{self, MeterRef};
use crate::{Action, Core, Error, Named, Principal, sites, validity};

/// A factor with its validity.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FactorView {
    /// Its id; null for a built-in one.
    pub id: Option<i64>,
    /// Slug of its site.
    pub site: String,
    /// What it is for.
    pub kind: FactorKind,
    /// The meter it is for; null for the whole site.
    pub meter_id: Option<MeterId>,
    /// Its value.
    pub value: f64,
    /// What the value is stated in.
    pub unit: String,
    /// Where the value comes from.
    pub source: String,
    /// First day, on the site's clock, until the next version; null for a built-in one, which holds
    /// before all others.
    pub valid_from: Option<NaiveDate>,
}

impl FactorView {
    fn new(id: Option<i64>, factor: Factor, site: &Site) -> Self {
        Self {
            id,
            site: site.slug.clone(),
            kind: factor.kind,
            meter_id: factor.meter,
            value: factor.value,
            unit: factor.unit().to_owned(),
            source: factor.source,
            valid_from: factor.valid_from,
        }
    }
}

/// A version of a factor to add.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewFactor {
    /// Slug of its site; the default site unless stated.
    pub site: Option<SiteSlug>,
    /// What it is for.
    pub kind: FactorKind,
    /// The meter it is for; the whole site unless stated.
    pub meter_id: Option<MeterRef>,
    /// Its value, 0 or more.
    pub value: f64,
    /// Unit of the value: kg/kWh for grid and solar, kg/L for diesel, L/kWh for sfc,
    /// per L for `diesel_price`, in the site's currency.
    pub unit: String,
    /// Where the value comes from.
    pub source: String,
    /// First day, on the site's clock, until the next version.
    pub valid_from: NaiveDate,
}

impl NewFactor {
    fn check(&self) -> Result<(), Error> {
        if self.value < 0.0 {
            return Err(Error::invalid("value", FactorRefusal::Negative));
        }
        let unit = self.kind.unit();
        if self.unit != unit {
            let kind = self.kind.as_str();
            return Err(Error::invalid("unit", FactorRefusal::Unit { kind, unit }));
        }
        if self.source.is_empty() {
            return Err(Error::invalid("source", FactorRefusal::NoSource));
        }
        validity::day("validFrom", self.valid_from)
    }
}

/// The factors of a site: the built-in ones, then what was entered, by kind, meter and validity.
pub async fn list(
    service: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<Vec<FactorView>, Error> {
    let site = sites::resolve(service, who, Action::See, site).await?;
    let entered = storage::carbon::factors::list(service.pool(), site.id).await?;
    let built_in = Factors::default();
    let built_in = built_in.built_in().iter().cloned().map(|factor| (None, factor));
    let all = built_in.chain(entered.into_iter().map(|entered| (Some(entered.id), entered.factor)));
    Ok(all.map(|(id, factor)| FactorView::new(id, factor, &site)).collect())
}

/// Adds a version of a factor; days before it keep theirs.
pub async fn create(service: &Core, who: &Principal, new: NewFactor) -> Result<FactorView, Error> {
    let site = sites::resolve(service, who, Action::Administer, new.site.as_ref()).await?;
    new.check()?;
    let meter = match &new.meter_id {
        None => None,
        Some(meter) => Some(resolve::by_ref(service, &site, "meterId", meter).await?.id),
    };
    let factor = Factor {
        kind: new.kind,
        meter,
        value: new.value,
        source: new.source,
        valid_from: Some(new.valid_from),
    };
    let mut change = Change::begin(service, who).await?.at(site.id);
    let entered = storage::carbon::factors::insert(&mut *change.db, site.id, &factor).await?;
    let view = FactorView::new(Some(entered.id), entered.factor, &site);
    change.commit("factor.create", &format!("factor:{}", entered.id), &view).await?;
    service.registry_changed();
    Ok(view)
}

impl Named for FactorId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        Error::not_found("factor_not_found", FactorRefusal::Unknown { id: id.to_string() })
    }
}

/// Takes back a version that was entered by mistake.
pub async fn remove(service: &Core, who: &Principal, id: FactorId) -> Result<FactorView, Error> {
    who.require_somewhere(Action::Administer)?;
    let mut change = Change::begin(service, who).await?;
    let entered = storage::carbon::factors::delete(&mut *change.db, id.0).await?;
    let entered = entered.ok_or_else(|| FactorId::unknown(id))?;
    who.require_on(Action::Administer, entered.site, || FactorId::unknown(id))?;
    let site = sites::by_id(service.pool(), entered.site).await?;
    let view = FactorView::new(Some(entered.id), entered.factor, &site);
    let subject = format!("factor:{}", entered.id);
    change.at(site.id).commit_removed("factor.delete", &subject, &view).await?;
    service.registry_changed();
    Ok(view)
}
