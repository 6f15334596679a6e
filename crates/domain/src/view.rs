//! What pages of several areas show. What a page of one area shows is in the `view` of that area.
//!
//! The overview and the tree live on in the browser: their models cross the wire.
//! The others are drawn by the server alone, which is why they may name a time zone.

mod pairs;

use chrono::{DateTime, NaiveDate, Utc};
pub use pairs::Pairs;
use serde::{Deserialize, Serialize};

use crate::MeterId;
use crate::energy::window::Window;
use crate::period::Period;
use crate::sites::Site;

/// A part that was read for less of a period is not compared with others.
pub const COMPARABLE: f64 = 0.9;

/// The only connection of a site to the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct GridMeter {
    pub id: MeterId,
    pub name: String,
    /// The demand of the interval under way, kW.
    pub demand_kw: Option<f64>,
}

/// A small line of the last 24 hours, in quarter-hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sparkline {
    pub meter: MeterId,
    /// Mean kW per quarter-hour, oldest first.
    pub points: Vec<Option<f64>>,
}

/// The period that a page shows, on the clock of its site.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodContext {
    pub site: Site,
    /// The site's name in addresses; none of the site that is meant where none is named.
    pub slug: Option<String>,
    /// The period, as asked for.
    pub period: Period,
    /// When the page was made.
    pub now: DateTime<Utc>,
    /// The part of the period that has come.
    pub window: Window,
    /// The period before, up to the same time of it.
    pub before: Window,
    pub whole: Window,
}

impl PeriodContext {
    /// The site's date when the page was made.
    pub fn today(&self) -> NaiveDate {
        self.site.date_at(self.now)
    }

    /// What follows after `?` in an address of the same site and period.
    pub fn query(&self) -> String {
        let site = self.slug.iter().map(|slug| format!("site={slug}"));
        let parts: Vec<_> =
            site.chain([self.period.query()]).filter(|part| !part.is_empty()).collect();
        parts.join("&")
    }

    /// The whole period before, on the same clock.
    #[must_use]
    pub fn previous(&self) -> Self {
        let period = self.period.previous(self.today());
        let whole = period.whole(&self.site, self.now);
        let before = period.previous_window(&self.site, self.now);
        Self { period, window: whole, before, whole, ..self.clone() }
    }

    /// Whether of the period before a part is counted alone, up to the same time.
    pub fn is_before_cut(&self) -> bool {
        self.before.to < self.previous().whole.to
    }

    /// Whether the period is the current day.
    pub fn is_today(&self) -> bool {
        self.period.days(self.today()) == (self.today(), self.today())
    }

    /// Whether the period still goes on.
    pub fn is_open(&self) -> bool {
        self.now < self.whole.to
    }
}
