//! What the pages are rendered from, one module per page.
//!
//! The overview, the tree and the head of a meter live on in the browser: their models cross the wire.
//! The others are drawn by the server alone, which is why they may name a time zone.

pub mod alarms;
pub mod bill;
pub mod bills;
pub mod carbon;
pub mod connections;
pub mod devices;
pub mod find;
pub mod grid;
pub mod history;
pub mod loggers;
pub mod losses;
pub mod meter;
pub mod meters;
pub mod my_energy;
pub mod overview;
pub mod portfolio;
pub mod reports;
pub mod selected;
pub mod simulator;
pub mod start;
pub mod trades;
pub mod tree;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::MeterId;
use crate::period::Period;
use crate::site::Site;
use crate::window::Window;

pub use alarms::{AlarmRow, AlarmsPage};
pub use bill::BillPage;
pub use bills::BillsPage;
pub use carbon::CarbonPage;
pub use connections::ConnectionsPage;
pub use devices::DevicesPage;
pub use find::FoundPage;
pub use grid::GridPage;
pub use history::HistoryPage;
pub use loggers::LoggersPage;
pub use losses::LossesPage;
pub use meter::{ChannelValue, ConnectionCard, MeterPage, PowerPoint, PowerSeries};
pub use meters::MetersPage;
pub use my_energy::MyEnergyPage;
pub use overview::{DayProfile, HotspotsPage, TodayPage};
pub use portfolio::PortfolioPage;
pub use reports::{ReportPage, ReportsPage};
pub use selected::SelectedPage;
pub use simulator::SimulatorPage;
pub use start::StartPage;
pub use trades::TradesPage;

/// A small line of the last 24 hours, in quarter-hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sparkline {
    /// The meter.
    pub meter: MeterId,
    /// Mean kW per quarter-hour, oldest first.
    pub points: Vec<Option<f64>>,
}

/// The period that a page shows, on the clock of its site.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The site.
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
    /// The whole period.
    pub whole: Window,
}

impl Shown {
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

    /// Whether the period still goes on.
    pub fn is_open(&self) -> bool {
        self.now < self.whole.to
    }
}
