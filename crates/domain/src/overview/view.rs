//! The overview page.

use chrono::{DateTime, Utc};

use crate::MeterId;
use crate::alarms::Alarm;
use crate::losses::diagnosis::{Code, Step};
use crate::operation::task::Task;
use crate::sites::Site;
use crate::view::Sparkline;

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
    pub site: Site,
    /// Loss of each node over the last 24 hours.
    pub loss_lines: Vec<Sparkline>,
    /// What was found about nodes since the site's midnight.
    pub found: Vec<(MeterId, Finding)>,
    /// Nodes whose loss is probably one of metering.
    pub metering: Vec<MeterId>,
    /// Meters that nodes lack.
    pub missing: Vec<MissingMeter>,
}

/// A meter that a balance lacks, with how much that may matter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MissingMeter {
    pub id: MeterId,
    /// The first node, from the top, that has no loss without it.
    pub node: MeterId,
    /// Its mean power over the two weeks before, kW; none where it was not read in them.
    pub usual_kw: Option<f64>,
    /// Its rated power, kW.
    pub rated_kw: Option<f64>,
}

/// What was found about a node, as far as it is worth a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// The one cause that explains its loss: what may be wrong, with which meter.
    Cause(Code, String),
    /// A lasting step of its loss.
    Step(Step),
}

/// Meters that let energy in were silent.
#[derive(Debug, Clone, PartialEq)]
pub struct Silence {
    /// The name of the one that was first.
    pub name: String,
    /// How many others were meanwhile.
    pub others: usize,
    /// The last reading before.
    pub from: DateTime<Utc>,
    /// The first reading after.
    pub to: DateTime<Utc>,
    /// What the registers counted meanwhile, kWh; none where one began anew.
    pub kwh: Option<f64>,
}

impl Silence {
    /// Of silences in order of time, those that overlap as one.
    pub fn merged(silences: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for next in silences {
            match found.last_mut().filter(|last| next.from < last.to) {
                Some(last) => {
                    last.to = last.to.max(next.to);
                    last.kwh = last.kwh.zip(next.kwh).map(|(one, other)| one + other);
                    last.others += 1 + next.others;
                }
                None => found.push(next),
            }
        }
        found
    }
}

/// Today on the overview: what the site takes in, and what is wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct TodayPage {
    pub site: Site,
    /// When its day began.
    pub start: DateTime<Utc>,
    /// Its time when the page was made.
    pub made_at: DateTime<Utc>,
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
    pub alarms: Vec<Alarm>,
    /// The most expensive loss of now of which no rule would warn.
    pub unwatched: Option<UnwatchedLoss>,
    /// How many alarms were cleared since midnight.
    pub cleared: usize,
    /// Meters that are not read well now, and all meters.
    pub troubled: (usize, usize),
    /// Tasks of the program that are down or late: what they keep is not up to date.
    pub behind: Vec<Task>,
    /// Parts of the site's figures that could not be computed and are left out.
    pub aside: u64,
    /// Whether old readings are kept because the computer's clock leapt.
    pub has_leapt: bool,
    /// Bytes left on the disk of the database, and all of them; none while there are enough.
    pub disk: Option<(u64, u64)>,
}

/// A loss of a node that no rule looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct UnwatchedLoss {
    pub id: MeterId,
    pub name: String,
    pub kw: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meters_that_are_silent_together_are_told_of_once() {
        let silence = |name: &str, from: &str, to: &str, kwh| Silence {
            name: name.to_owned(),
            others: 0,
            from: format!("2026-11-19T{from}:00Z").parse().unwrap(),
            to: format!("2026-11-19T{to}:00Z").parse().unwrap(),
            kwh,
        };
        let merged = Silence::merged([
            silence("Grid", "10:30", "11:15", Some(300.0)),
            silence("Solar", "10:31", "11:20", Some(4.0)),
            silence("Grid", "12:00", "12:30", None),
        ]);
        let first = Silence { others: 1, ..silence("Grid", "10:30", "11:20", Some(304.0)) };
        assert_eq!(merged, [first, silence("Grid", "12:00", "12:30", None)]);
    }
}
