//! The overview page.

use chrono::{DateTime, Utc};

use super::{AlarmRow, Sparkline};
use crate::MeterId;
use crate::cause::{Code, Step};
use crate::site::Site;

/// Means of a day's quarter-hours; `None` where nothing is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DayProfile {
    /// Mean power in kW per quarter-hour; shorter than a day while it lasts.
    pub quarters: Vec<Option<f64>>,
    /// Quarter-hours whose energy is real but placed by estimate.
    pub estimated: Vec<usize>,
}

/// What goes with the live balances of the nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct HotspotsPage {
    /// The site.
    pub site: Site,
    /// Loss of each node over the last 24 hours.
    pub loss_lines: Vec<Sparkline>,
    /// What was found about nodes since the site's midnight.
    pub found: Vec<(MeterId, Finding)>,
}

/// What was found about a node, as far as it is worth a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// The one cause that explains its loss: what may be wrong, with which meter.
    Cause(Code, String),
    /// A lasting step of its loss.
    Step(Step),
}

/// A meter that lets energy in was silent.
#[derive(Debug, Clone, PartialEq)]
pub struct Silence {
    /// Its name.
    pub name: String,
    /// Its last reading before.
    pub from: DateTime<Utc>,
    /// Its first reading after.
    pub to: DateTime<Utc>,
    /// What its register counted meanwhile, kWh; none where it began anew.
    pub kwh: Option<f64>,
}

/// Today on the overview: what the site takes in, and what is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct TodayPage {
    /// The site.
    pub site: Site,
    /// When its day began.
    pub start: DateTime<Utc>,
    /// Site input today.
    pub today: DayProfile,
    /// Site input yesterday, the whole day.
    pub yesterday: DayProfile,
    /// The newest input: mean of the 15 minutes to an instant, kW; none without a balance.
    pub now: Option<(DateTime<Utc>, f64)>,
    /// When meters that let energy in were silent today, in order of time.
    pub silences: Vec<Silence>,
    /// When diesel generators ran today: first and last instant of each run.
    pub dg_runs: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// The open alarms: those that nobody knows of first, of these the gravest first.
    pub alarms: Vec<AlarmRow>,
    /// How many alarms were cleared since midnight.
    pub cleared: usize,
    /// Meters that are not read well now, and all meters.
    pub troubled: (usize, usize),
}
