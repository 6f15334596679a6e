//! The pages of settings.

use std::collections::BTreeMap;

use domain::SiteSlug;
use domain::message::Message;
use domain::sites::{Site, SiteKind};
use serde_json::{Map, Value, json};

use crate::pages::{Query, site};
use crate::retention::clock::{self, ClockView};
use crate::sites::{self, SitePreview, SiteView};
use crate::{Action, Core, Error, Patch, Principal};

/// Asks for a preview of what the other parameters say.
pub(crate) const PREVIEW: &str = "preview";
/// The preview of what the energy of the chosen meter is counted by.
pub const RULES: &str = "rules";

impl Query {
    /// Whether a preview of a kind is asked for.
    pub fn asks_for(&self, preview: &str) -> bool {
        self.get(PREVIEW) == Some(preview)
    }
}

/// What every page of settings is about, and what whoever reads it may do.
#[derive(Debug, Clone)]
pub struct About {
    /// The site's name in addresses; none of the site that is meant where none is named.
    pub slug: Option<String>,
    pub site: Site,
    /// What programs see of it, and changes rest on.
    pub view: SiteView,
    /// Whether whoever reads may change sites and prices.
    pub is_admin: bool,
    /// Whether whoever reads may change meters.
    pub is_operator: bool,
    /// Whether whoever reads may manage people.
    pub manages_people: bool,
}

impl About {
    pub(crate) async fn load(core: &Core, who: &Principal, query: &Query) -> Result<Self, Error> {
        let site = site(core, who, Action::See, query).await?;
        Ok(Self {
            slug: (site.id != storage::sites::DEFAULT).then(|| site.slug.clone()),
            view: site.clone().into(),
            is_admin: who.may(Action::Administer, site.id),
            manages_people: who.require(Action::ManagePeople).is_ok(),
            is_operator: who.may(Action::Configure, site.id),
            site,
        })
    }

    /// Whether the site is a simulated world.
    pub fn is_simulated(&self) -> bool {
        self.site.kind == SiteKind::Simulated
    }
}

/// What a preview gave, or why it is refused.
pub type Previewed<T> = Result<T, Message>;

/// A preview, with a refusal as its sentence.
///
/// # Errors
/// What is no refusal.
pub fn previewed<T>(asked: Result<T, Error>) -> Result<Previewed<T>, Error> {
    match asked {
        Ok(preview) => Ok(Ok(preview)),
        Err(
            error @ (Error::Invalid { .. }
            | Error::Conflict { .. }
            | Error::NotFound { .. }
            | Error::Lines(_)),
        ) => Ok(Err(error.message())),
        Err(error) => Err(error),
    }
}

/// All settings at a glance.
#[derive(Debug, Clone)]
pub struct OverviewPage {
    pub about: About,
    /// Versions of tariffs.
    pub tariffs: usize,
    /// Versions of factors that somebody entered.
    pub factors: usize,
    pub meters: usize,
    pub areas: usize,
}

/// What there is to set.
pub async fn overview(core: &Core, who: &Principal, query: &Query) -> Result<OverviewPage, Error> {
    let areas = areas(core, who, query).await?;
    let about = areas.about;
    let slug = SiteSlug::from(&about.site);
    let factors = crate::carbon::factors::list(core, who, Some(&slug)).await?;
    Ok(OverviewPage {
        tariffs: crate::bills::tariffs::list(core, who, Some(&slug)).await?.len(),
        factors: factors.iter().filter(|factor| factor.id.is_some()).count(),
        meters: areas.meters,
        areas: areas.areas.len(),
        about,
    })
}

/// The names of all zones.
pub fn zones() -> impl Iterator<Item = &'static str> {
    chrono_tz::TZ_VARIANTS.iter().copied().map(chrono_tz::Tz::name)
}

/// What is set of a site.
#[derive(Debug, Clone)]
pub struct SitePage {
    pub about: About,
    /// The zone that is looked at, as it was typed.
    pub zone: Option<String>,
    /// What it would make anew.
    pub preview: Option<Previewed<SitePreview>>,
}

/// The site itself.
pub async fn site_page(core: &Core, who: &Principal, query: &Query) -> Result<SitePage, Error> {
    let about = About::load(core, who, query).await?;
    let zone = query.get("zone").map(str::to_owned);
    let preview = match &zone {
        Some(zone) if query.get(PREVIEW).is_some() => {
            let patch = Patch::from_iter([("timeZone".to_owned(), zone.trim().into())]);
            Some(previewed(sites::preview(core, who, &SiteSlug::from(&about.site), patch).await)?)
        }
        _ => None,
    };
    Ok(SitePage { about, zone, preview })
}

/// How long what is kept.
#[derive(Debug, Clone)]
pub struct RetentionPage {
    pub about: About,
    /// Days of readings, quarter-hours and days, as they are or as they were typed.
    pub days: [String; 3],
    /// What that would drop.
    pub preview: Option<Previewed<SitePreview>>,
    /// The clock by which it goes.
    pub clock: ClockView,
}

/// The names of the days that are kept, as the site has them.
pub const RETENTION: [&str; 3] = ["rawDays", "hourlyDays", "dailyDays"];

/// Retention.
pub async fn retention(
    core: &Core,
    who: &Principal,
    query: &Query,
) -> Result<RetentionPage, Error> {
    let about = About::load(core, who, query).await?;
    let keeps = about.site.retention;
    let stored = [keeps.raw_days, keeps.hourly_days, keeps.daily_days];
    let typed = |i: usize| query.get(RETENTION[i]).map(|text| text.trim().to_owned());
    let days = [0, 1, 2].map(|i| typed(i).unwrap_or_else(|| stored[i].to_string()));
    let preview = if query.get(PREVIEW).is_some() {
        let keeps: Map<_, _> = RETENTION
            .iter()
            .zip(&days)
            .map(|(name, text)| ((*name).to_owned(), number_or_text(text)))
            .collect();
        let patch = Patch::from_iter([("retention".to_owned(), Value::Object(keeps))]);
        Some(previewed(sites::preview(core, who, &SiteSlug::from(&about.site), patch).await)?)
    } else {
        None
    };
    let clock = clock::standing(core, who).await?;
    Ok(RetentionPage { about, days, preview, clock })
}

/// A number where the text is one; else the text, for the refusal to name it.
pub fn number_or_text(text: &str) -> Value {
    text.parse::<u64>().map_or_else(|_| json!(text), Value::from)
}

/// The named groups of meters.
#[derive(Debug, Clone)]
pub struct AreasPage {
    pub about: About,
    /// Each area with its meters.
    pub areas: BTreeMap<String, Vec<i64>>,
    /// Meters of no area.
    pub without: usize,
    pub meters: usize,
}

/// Areas.
pub async fn areas(core: &Core, who: &Principal, query: &Query) -> Result<AreasPage, Error> {
    let about = About::load(core, who, query).await?;
    let meters = storage::meters::list(core.pool(), about.site.id, true).await?;
    let mut areas: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    let mut without = 0;
    for meter in &meters {
        match &meter.area {
            Some(area) => areas.entry(area.clone()).or_default().push(meter.id.0),
            None => without += 1,
        }
    }
    Ok(AreasPage { about, areas, without, meters: meters.len() })
}
