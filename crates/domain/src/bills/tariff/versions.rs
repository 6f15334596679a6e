//! Which version of which tariff is in force.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::Terms;
use crate::ids::id;
use crate::{MeterId, SiteId};

id!(
    /// Id of a version of a tariff.
    TariffId
);

/// A version of a tariff. Versions of one name never overlap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "TariffView"))]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// Its id.
    pub id: TariffId,
    /// The name that its versions share.
    pub name: String,
    #[serde(skip)]
    pub site_id: SiteId,
    /// Slug of its site.
    pub site: String,
    /// ISO 4217 code of its currency: the site's.
    pub currency: String,
    /// First day, on the site's clock.
    pub valid_from: NaiveDate,
    /// First day after it; null while it holds.
    pub valid_to: Option<NaiveDate>,
    /// Whether meters without a tariff of their own are priced with it, until a default version begins that is later.
    pub is_default: bool,
    /// What it says.
    #[serde(flatten)]
    pub terms: Terms,
}

impl Version {
    /// Whether a day is priced by it.
    pub fn holds_on(&self, date: NaiveDate) -> bool {
        self.valid_from <= date && self.valid_to.is_none_or(|to| date < to)
    }

    /// Whether any day is priced by both.
    pub fn overlaps(&self, from: NaiveDate, to: Option<NaiveDate>) -> bool {
        to.is_none_or(|to| self.valid_from < to) && self.valid_to.is_none_or(|end| from < end)
    }
}

/// Since when a meter is priced with which tariff.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct Assignment {
    pub meter: MeterId,
    /// The name that the tariff's versions share.
    pub tariff: String,
    /// First day, on the site's clock.
    pub valid_from: NaiveDate,
}

/// The tariffs of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Versions {
    /// Every version.
    pub versions: Vec<Version>,
    /// Which meters have a tariff of their own.
    pub assignments: Vec<Assignment>,
}

impl Versions {
    /// The version that a day of a meter is priced with: of its own tariff where it has one by then,
    /// else of the site's default: the one that began last.
    pub fn at(&self, meter: Option<MeterId>, date: NaiveDate) -> Option<&Version> {
        let own = self
            .assignments
            .iter()
            .filter(|given| Some(given.meter) == meter && given.valid_from <= date)
            .max_by_key(|given| given.valid_from);
        let prices = |version: &&Version| {
            version.holds_on(date)
                && own.map_or(version.is_default, |own| own.tariff == version.name)
        };
        self.versions.iter().filter(prices).max_by_key(|version| version.valid_from)
    }

    /// Days on which another version, or none, may begin to hold, ascending.
    pub fn changes(&self) -> BTreeSet<NaiveDate> {
        let of_versions = self.versions.iter().flat_map(|v| [Some(v.valid_from), v.valid_to]);
        let of_meters = self.assignments.iter().map(|given| given.valid_from);
        of_versions.flatten().chain(of_meters).collect()
    }
}
