//! The meters whose bills and trades somebody may see.

use chrono::{DateTime, NaiveDate, Utc};
use domain::meters::MeterAddress;
use domain::month::Month;
use domain::ownership::Seen;
use domain::sites::Site;
use domain::{MeterId, SiteSlug};

use crate::{Action, Core, Error, Principal, resolve, sites};

/// The meters of a site whose bills and trades are shown.
#[derive(Debug, Clone)]
pub(crate) enum Billed {
    All,
    Of(Vec<(MeterId, Seen)>),
}

impl Billed {
    /// All meters of a site, or those of somebody's own.
    ///
    /// # Errors
    /// Somebody may see no bills of the site and has no meter there.
    pub(crate) fn on(who: &Principal, site: &Site) -> Result<Self, Error> {
        let own: Vec<_> = who
            .owns()
            .filter(|own| own.site == site.id && !who.may(Action::SeeBills, site.id))
            .filter(|own| who.may_own(Action::SeeBills, own.meter))
            .map(|own| (own.meter, Seen::While(own)))
            .collect();
        if own.is_empty() {
            who.require_on(Action::SeeBills, site.id, || Error::no_site(&site.slug))?;
            return Ok(Self::All);
        }
        Ok(Self::Of(own))
    }

    /// The meters, where they are not all of the site.
    pub(crate) fn meters(&self) -> Vec<Option<MeterId>> {
        match self {
            Self::All => vec![None],
            Self::Of(meters) => meters.iter().map(|(meter, _)| Some(*meter)).collect(),
        }
    }

    /// One of them.
    pub(crate) fn only(&self, meter: MeterId) -> Self {
        Self::Of(self.seen(meter).map(|seen| (meter, seen)).into_iter().collect())
    }

    fn seen(&self, meter: MeterId) -> Option<Seen> {
        match self {
            Self::All => Some(Seen::Always),
            Self::Of(meters) => meters.iter().find(|(its, _)| *its == meter).map(|(_, seen)| *seen),
        }
    }

    /// The first day of which a meter's figures are shown; all days without one.
    pub(crate) fn since(&self, meter: MeterId) -> Option<NaiveDate> {
        match self.seen(meter)? {
            Seen::Always => None,
            Seen::While(own) => own.valid_from,
        }
    }

    /// Whether the bill of a meter's month is shown.
    pub(crate) fn shows_month(&self, meter: MeterId, month: Month) -> bool {
        self.seen(meter).is_some_and(|seen| seen.is_whole(month))
    }

    /// Whether what a meter did at an instant is shown.
    pub(crate) fn shows(&self, meter: MeterId, site: &Site, at: DateTime<Utc>) -> bool {
        self.seen(meter).is_some_and(|seen| seen.has(site, at))
    }
}

/// The site and the meters that a list of bills or trades is asked of: one meter, or what somebody may see of a site.
pub(super) async fn asked(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
    meter: Option<&MeterAddress>,
) -> Result<(Site, Billed), Error> {
    who.require_somewhere_or_own(Action::SeeBills)?;
    if let Some(meter) = meter {
        let (meter, seen) = resolve::billed_at(core, who, Action::SeeBills, meter).await?;
        return Ok((sites::of(core, &meter).await?, Billed::Of(vec![(meter.id, seen)])));
    }
    let site = resolve::billed_site(core, who, site).await?;
    let billed = Billed::on(who, &site)?;
    Ok((site, billed))
}
