//! The page of history: channels of meters in one chart over time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::alarms::Severity;
use crate::energy::interval::Exchange;
use crate::energy::window::Window;
use crate::history::reduce::{self, Reduced, ReducedPoint};
use crate::history::{Channel, Trouble, Wanted};
use crate::message::Message;
use crate::period::Step;
use crate::view::PeriodContext;
use crate::{Field, MeterId};

/// The page of history.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryPage {
    /// The period and its site.
    pub shown: PeriodContext,
    /// The stretch that the chart shows: the whole period, or a part of it.
    pub drawn: Window,
    /// Whether it is a part.
    pub is_zoomed: bool,
    /// What is chosen, in order; of some of it nothing may be shown.
    pub chosen: Vec<Wanted>,
    /// The series that are drawn, in the order in which they were chosen.
    pub series: Vec<Series>,
    /// The columns of the chart.
    pub columns: Vec<Window>,
    /// The steps of the table behind the chart; those of what is counted, where anything is.
    pub rows: Vec<Window>,
    /// How long a step of what is counted is; none where nothing is.
    pub step: Option<Step>,
    /// What was asked for and is not shown.
    pub troubles: Vec<Trouble>,
    /// What happened meanwhile, in order of time.
    pub marks: Vec<Mark>,
    /// How many marks more there are than are shown.
    pub more_marks: usize,
    /// What meters are looked for by.
    pub find: String,
    /// Meters whose channels can be added.
    pub found: Vec<FoundMeter>,
    /// How many more were found.
    pub more_found: usize,
}

impl HistoryPage {
    /// The unit of an axis; none where nothing stands on it.
    pub fn unit(&self, side: Side) -> Option<&'static str> {
        self.series.iter().find(|series| series.side == side).map(|series| series.channel.unit())
    }
}

/// Which axis a series stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    /// The right one, for another unit.
    Right,
}

/// A channel of a meter over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub meter: MeterId,
    pub number: String,
    pub name: String,
    pub channel: Channel,
    /// Its axis.
    pub side: Side,
    /// Its values.
    pub line: Line,
    /// Those of the period before, set beside them, where they are compared with.
    pub before: Option<Line>,
}

impl Series {
    /// What stands for it in an address.
    pub const fn wanted(&self) -> Wanted {
        Wanted::of(self.meter, self.channel)
    }
}

/// Values over time.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// Of what holds at an instant.
    Instant {
        /// As many as a chart can show.
        reduced: Reduced,
        /// What they are made of.
        basis: Basis,
    },
    /// Of what is counted, one for each of the page's rows.
    Counted(Vec<Counted>),
}

/// What the values of an instant are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Readings as stored.
    Readings,
    /// Means of quarter-hours, with the extremes of their readings.
    Quarters,
    /// The same of hours.
    Hours,
    /// The same of days.
    Days,
}

/// What was counted in a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    /// The step, as it stands in the chart.
    pub step: Window,
    /// What was counted; none where nothing is known.
    pub value: Option<f64>,
    /// Share of the step, as far as it has come, that is backed by readings.
    pub coverage: f64,
    /// Whether the step is not over yet.
    pub is_under_way: bool,
}

impl Counted {
    /// Whether it was read to so little that its place is a guess.
    pub fn is_gap(&self) -> bool {
        self.coverage < HALF && !self.is_under_way
    }
}

/// What is read to less than this is a gap.
pub const HALF: f64 = 0.5;

impl Line {
    /// The values in each of the rows.
    pub fn rows(&self, rows: &[Window]) -> Vec<Option<ReducedPoint>> {
        match self {
            Self::Counted(steps) => {
                let sample = |step: &Counted| Some(ReducedPoint::of(step.step.from, step.value?));
                steps.iter().map(sample).collect()
            }
            Self::Instant { reduced, .. } => {
                let held: Vec<_> = reduced.columns().map(|column| column.held).collect();
                let whole = Window {
                    from: rows.first().map_or(DateTime::UNIX_EPOCH, |row| row.from),
                    to: rows.last().map_or(DateTime::UNIX_EPOCH, |row| row.to),
                };
                let mut found = vec![None; rows.len()];
                for column in reduce::reduce(&held, rows, whole, TimeDelta::MAX).columns() {
                    found[column.index] = Some(column.held);
                }
                found
            }
        }
    }

    /// The stretches without values that can be told.
    pub fn gaps(&self) -> Vec<Window> {
        match self {
            Self::Instant { reduced, .. } => reduced.gaps.clone(),
            Self::Counted(steps) => {
                let mut gaps: Vec<Window> = Vec::new();
                for step in steps.iter().filter(|step| step.is_gap()) {
                    match gaps.last_mut() {
                        Some(gap) if gap.to == step.step.from => gap.to = step.step.to,
                        _ => gaps.push(step.step),
                    }
                }
                gaps
            }
        }
    }

    /// Least and highest of the values that are drawn.
    pub fn extremes(&self) -> Option<(f64, f64)> {
        let join = |a: (f64, f64), b: (f64, f64)| (a.0.min(b.0), a.1.max(b.1));
        match self {
            Self::Instant { reduced, .. } => {
                reduced.columns().map(|column| (column.held.min, column.held.max)).reduce(join)
            }
            Self::Counted(steps) => {
                steps.iter().filter_map(|step| step.value).map(|value| (value, value)).reduce(join)
            }
        }
    }

    /// What it comes to: the sum of what was counted, the mean of what holds at an instant.
    pub fn whole(&self) -> Option<f64> {
        match self {
            Self::Counted(steps) => steps.iter().filter_map(|step| step.value).reduce(|a, b| a + b),
            Self::Instant { reduced, .. } => {
                let (sum, count) = reduced.columns().fold((0.0, 0.0), |(sum, count), column| {
                    (sum + column.held.mean * column.held.count, count + column.held.count)
                });
                (count > 0.0).then(|| sum / count)
            }
        }
    }
}

/// Something that happened to a meter in the time that is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// When.
    pub at: DateTime<Utc>,
    /// Until when; none of what has no end, or none yet.
    pub until: Option<DateTime<Utc>>,
    pub meter: MeterId,
    pub name: String,
    /// What.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The meter was exchanged.
    Exchange(Exchange),
    /// Readings were corrected.
    Correction {
        /// Which value of them.
        field: Field,
        /// How many.
        count: usize,
    },
    /// Readings are left out, since they do not fit.
    Outliers {
        field: Field,
        /// When each was taken, the first one first.
        at: Vec<DateTime<Utc>>,
    },
    /// An alarm was raised.
    Alarm {
        /// What it says.
        about: Message,
        /// How grave it is.
        severity: Severity,
    },
}

/// A meter whose channels can be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundMeter {
    pub id: MeterId,
    pub number: String,
    pub name: String,
    /// What it gives.
    pub channels: Vec<Channel>,
}
