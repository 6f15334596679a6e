//! Alarms: what is watched, from when on it is an alarm, and when the alarm is over.
//!
//! A [`Rule`] looks at one figure of a meter, which [`measure`] takes from what the meter shows now. It
//! raises an alarm when the figure has been beyond one limit for a while, and clears it when the figure
//! has been within another one for a while: [`step`] keeps the two apart, so that a figure between
//! the limits changes nothing. What readings tell is [`Followed`] by their own times, however late they come.

mod agreement;
mod check;
mod demand;
mod figure;
mod follow;
mod held;
mod live;
mod measure;
mod raised;
mod refusal;
mod reported;
mod said;
#[cfg(test)]
mod tests;
mod undelivered;
pub mod view;
mod watch;
mod words;

use chrono::{DateTime, TimeDelta, Utc};

use crate::ids::id;
use crate::readings::channel::Name;
use crate::stored::words;
use crate::{MeterId, SiteId};

pub use agreement::Agreement;
pub use check::Invalid;
pub use figure::{Figure, Title, Watch, title};
pub use follow::{By, Followed, Turn};
pub use held::held;
pub use live::{CostToday, Demand, suggested_limit};
pub use measure::{Measured, Seen, measure};
pub use raised::{Alarm, Recipient};
pub use refusal::{AlarmRefusal, LimitRefusal, RecipientRefusal, RuleRefusal, Side, TankRefusal};
pub use said::{Register, Said, Waits};
pub use undelivered::Undelivered;
pub use watch::{Phase, Position, step};
pub use words::about;

id!(
    /// A rule.
    RuleId(i64)
);
id!(
    /// An alarm.
    AlarmId(i64)
);
id!(
    /// Somebody who is told of alarms.
    RecipientId(i64)
);

words!(
    /// What a rule looks at.
    Kind {
        /// The device does not answer, or answers with errors.
        Offline = "offline",
        /// Nothing new for more than three polls.
        Stale = "stale",
        /// How far a phase's power is from the mean of the phases, in per cent of that mean.
        PhaseImbalance = "phase_imbalance",
        /// Power that a phase delivers to the grid, in W.
        PhaseExport = "phase_export",
        /// How far a phase's voltage is from its nominal value, in per cent.
        Voltage = "voltage",
        /// How far the frequency is from its nominal value, in per cent.
        Frequency = "frequency",
        /// The size of the power factor.
        PowerFactor = "power_factor",
        /// Any channel, in its unit.
        Threshold = "threshold",
        /// What is left of the diesel in a generator's tank, in per cent of the tank.
        DieselLow = "diesel_low",
        /// How far a register and the integral of power are apart over the last day, in per cent of the
        /// larger: a scale or a CT ratio may be wrong.
        DataQuality = "data_quality",
        /// A meter reported that somebody had a hand in it, and nobody has acknowledged that yet.
        Tamper = "tamper",
        /// A meter reported an error, and nobody has acknowledged that yet.
        MeterError = "meter_error",
        /// A register showed what is not counted until somebody decides about it.
        Quarantine = "quarantine",
        /// How many readings of a meter are left out today, since they do not fit.
        Outliers = "outliers",
        /// The loss of a node over the last 15 minutes, kW.
        Loss = "loss",
        /// The same, in per cent of what flows in.
        LossPercent = "loss_percent",
        /// The cost of that loss a day at the price of now, in the currency of the site.
        LossCost = "loss_cost",
        /// The demand of the interval under way if the present power holds to its end, kW.
        Demand = "demand",
        /// The cost of a meter's energy today beyond that of any day like today by this time, in the currency of
        /// the site.
        Cost = "cost",
    }
);

words!(
    /// How grave an alarm is; the gravest last.
    Severity {
        /// Good to know.
        Info = "info",
        /// Someone should look at it.
        Warning = "warning",
        /// Someone should act at once.
        Critical = "critical",
    }
);

words!(
    /// On which side of its limit a figure is an alarm.
    Direction {
        /// Above it.
        Above = "above",
        /// Below it.
        Below = "below",
    }
);

words!(
    /// What happened to an alarm.
    Change {
        /// It began.
        Raised = "raised",
        /// It is over.
        Cleared = "cleared",
    }
);

words!(
    /// How somebody is told of alarms.
    RecipientKind {
        /// A POST of JSON to a URL.
        Webhook = "webhook",
        /// An e-mail.
        Email = "email",
    }
);

/// The limits of a figure. Between them nothing changes: what was raised stays, what was not is not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// On which side of them the alarm is.
    pub direction: Direction,
    /// Beyond this it is raised.
    pub raise: f64,
    /// Within this it is cleared: at most `raise` where the alarm is above, at least where it is below.
    pub clear: f64,
}

/// A generator's tank, as it was filled last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tank {
    /// Litres that were in it then.
    pub litres: f64,
    /// When that was.
    pub filled_at: DateTime<Utc>,
}

/// What a rule says, whatever it is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// What it looks at.
    pub kind: Kind,
    /// The channel; of a threshold alone.
    pub channel: Option<Name>,
    /// Its limits; none where the state of the connection is what is looked at.
    pub limits: Option<Limits>,
    /// V between phase and neutral, or Hz; without, [`measure`] takes the usual value that is nearest.
    pub nominal: Option<f64>,
    /// The tank; of low diesel alone.
    pub tank: Option<Tank>,
    /// Seconds for which the figure is beyond the limit before the alarm is raised.
    pub delay_s: u32,
    /// Seconds for which it is within the limit before the alarm is cleared.
    pub clear_delay_s: u32,
    /// How grave its alarms are.
    pub severity: Severity,
    /// Whether it is watched at all.
    pub enabled: bool,
}

/// A rule of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    pub id: RuleId,
    pub site: SiteId,
    /// The meter it is for; every meter of the site that has the figure without.
    pub meter: Option<MeterId>,
    /// What it says.
    pub terms: Terms,
}

impl Kind {
    /// What a rule of this kind says unless someone says otherwise.
    pub fn usual(self) -> Terms {
        use Direction::{Above, Below};
        let (limits, delay_s, severity) = match self {
            Self::Offline => (None, 30, Severity::Critical),
            Self::Stale => (None, 30, Severity::Warning),
            Self::PhaseImbalance => (Some((Above, 20.0, 15.0)), 20, Severity::Warning),
            Self::PhaseExport => (Some((Above, 50.0, 20.0)), 10, Severity::Critical),
            Self::Voltage => (Some((Above, 10.0, 9.0)), 20, Severity::Critical),
            Self::Frequency => (Some((Above, 1.0, 0.8)), 10, Severity::Critical),
            Self::PowerFactor => (Some((Below, 0.85, 0.88)), 300, Severity::Warning),
            Self::Threshold | Self::Demand => (None, 60, Severity::Warning),
            Self::DieselLow => (Some((Below, 20.0, 25.0)), 0, Severity::Warning),
            Self::DataQuality => (Some((Above, 2.0, 1.5)), 0, Severity::Warning),
            Self::Tamper => (None, 0, Severity::Critical),
            Self::Outliers => (Some((Above, 20.0, 20.0)), 0, Severity::Warning),
            Self::Loss | Self::LossPercent | Self::LossCost => (None, 300, Severity::Warning),
            Self::MeterError | Self::Quarantine | Self::Cost => (None, 0, Severity::Warning),
        };
        Terms {
            kind: self,
            channel: None,
            limits: limits.map(|(direction, raise, clear)| Limits { direction, raise, clear }),
            nominal: None,
            tank: None,
            delay_s,
            clear_delay_s: delay_s,
            severity,
            enabled: true,
        }
    }

    /// Whether it looks at what a meter's readings tell, each by itself, and not at what is known of the meter
    /// beside them.
    pub const fn is_told_by_readings(self) -> bool {
        match self {
            Self::PhaseImbalance
            | Self::PhaseExport
            | Self::Voltage
            | Self::Frequency
            | Self::PowerFactor
            | Self::Threshold => true,
            Self::Offline
            | Self::Stale
            | Self::DieselLow
            | Self::DataQuality
            | Self::Tamper
            | Self::MeterError
            | Self::Quarantine
            | Self::Outliers
            | Self::Loss
            | Self::LossPercent
            | Self::LossCost
            | Self::Demand
            | Self::Cost => false,
        }
    }

    /// Whether it looks at a figure, which has limits, and not at a meter's connection, at its reports, or
    /// at what waits for somebody.
    pub const fn has_limits(self) -> bool {
        match self {
            Self::Offline | Self::Stale | Self::Tamper | Self::MeterError | Self::Quarantine => {
                false
            }
            Self::PhaseImbalance
            | Self::PhaseExport
            | Self::Voltage
            | Self::Frequency
            | Self::PowerFactor
            | Self::Threshold
            | Self::DieselLow
            | Self::DataQuality
            | Self::Outliers
            | Self::Loss
            | Self::LossPercent
            | Self::LossCost
            | Self::Demand
            | Self::Cost => true,
        }
    }

    /// Whether it looks at the balance of a node.
    pub const fn is_of_loss(self) -> bool {
        matches!(self, Self::Loss | Self::LossPercent | Self::LossCost)
    }
}

impl Limits {
    /// Where a figure stands.
    pub fn position(&self, value: f64) -> Position {
        let (beyond, within) = match self.direction {
            Direction::Above => (value > self.raise, value <= self.clear),
            Direction::Below => (value < self.raise, value >= self.clear),
        };
        match (beyond, within) {
            (true, _) => Position::Beyond,
            (_, true) => Position::Within,
            _ => Position::Between,
        }
    }
}

impl Terms {
    /// The unit of its figure and its limits, money in `currency`; empty for a ratio, and where there
    /// is no figure.
    pub fn unit(&self, currency: &str) -> String {
        let unit = match self.kind {
            Kind::PhaseImbalance
            | Kind::Voltage
            | Kind::Frequency
            | Kind::DieselLow
            | Kind::DataQuality
            | Kind::LossPercent => "%",
            Kind::Loss | Kind::Demand => "kW",
            Kind::LossCost => return format!("{currency}/d"),
            Kind::Cost => currency,
            Kind::PhaseExport => "W",
            Kind::Threshold => self.channel.map_or("", Name::unit),
            Kind::Offline
            | Kind::Stale
            | Kind::PowerFactor
            | Kind::Tamper
            | Kind::MeterError
            | Kind::Quarantine
            | Kind::Outliers => "",
        };
        unit.to_owned()
    }

    /// The unit in which people read and type the same.
    pub fn shown_unit(&self, currency: &str) -> String {
        self.channel.map_or_else(|| self.unit(currency), |name| name.shown_unit().to_owned())
    }

    /// The factor from a figure in that unit to the other one.
    pub fn scale(&self) -> f64 {
        self.channel.map_or(1.0, Name::scale)
    }

    /// How long a figure is beyond the limit before the alarm is raised.
    pub fn delay(&self) -> TimeDelta {
        TimeDelta::seconds(self.delay_s.into())
    }

    /// How long it is within the limit before the alarm is cleared.
    pub fn clear_delay(&self) -> TimeDelta {
        TimeDelta::seconds(self.clear_delay_s.into())
    }

    /// The two of them.
    pub fn delays(&self) -> (TimeDelta, TimeDelta) {
        (self.delay(), self.clear_delay())
    }
}

impl Rule {
    /// Whether it is about a meter. Export is forbidden where the site meets the grid, and nowhere else.
    pub fn is_about(&self, meter: &crate::meters::Meter) -> bool {
        match self.meter {
            Some(id) => id == meter.id,
            None => {
                self.site == meter.site
                    && (self.terms.kind != Kind::PhaseExport || meets_the_grid(meter))
            }
        }
    }
}

fn meets_the_grid(meter: &crate::meters::Meter) -> bool {
    use crate::meters::{LoadRole, SourceKind};
    meter.load_role == LoadRole::Grid || meter.meter_type.source_kind() == SourceKind::Grid
}
