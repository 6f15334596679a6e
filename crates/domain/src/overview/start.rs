//! The first steps: from nothing to the first loss figure.

use chrono::{DateTime, TimeDelta, Utc};

use crate::MeterId;
use crate::live::{BalanceLive, Status};
use crate::losses::balance::Balance;
use crate::message::Message;
use crate::sites::Site;

/// The name that a site has before anybody named it.
pub const UNNAMED: &str = "Default site";
/// The steps there are.
pub const STEPS: usize = 4;
/// An early figure is of this much at least.
pub const EARLY_FROM: TimeDelta = TimeDelta::minutes(1);

/// The page of the first steps.
#[derive(Debug, Clone, PartialEq)]
pub struct StartPage {
    pub site: Site,
    /// The site's name in addresses; none of the site that is meant where none is named.
    pub slug: Option<String>,
    pub now: DateTime<Utc>,
    /// The meter that reads what comes into the site.
    pub main: Option<FirstMeter>,
    /// A load directly below it.
    pub below: Option<FirstMeter>,
    /// What is lost between them.
    pub loss: FirstLoss,
    /// Whether whoever looks may name the site.
    pub may_name: bool,
}

/// A meter of the first steps.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstMeter {
    pub id: MeterId,
    pub number: String,
    pub name: String,
    /// Whether a device of ours reads it; else a program or SQL writes its readings.
    pub has_device: bool,
    /// Its connection.
    pub status: Status,
    /// Why it is not online, in words.
    pub reason: Option<Message>,
    /// Its power, kW.
    pub power_kw: Option<f64>,
    /// Its energy register, kWh.
    pub register_kwh: Option<f64>,
    /// When it was read last.
    pub at: Option<DateTime<Utc>>,
}

impl FirstMeter {
    /// Whether anything was ever read from it.
    pub const fn is_read(&self) -> bool {
        self.at.is_some()
    }
}

/// How far the first loss figure is.
#[derive(Debug, Clone, PartialEq)]
pub enum FirstLoss {
    /// The meters for it are not there, or not read.
    NoMeters,
    /// They are read; the early figure needs this much longer.
    Soon(TimeDelta),
    /// They are read, and one of these is silent, or its register has not moved yet.
    Held(Vec<String>),
    /// Over the time that all of them were read so far.
    Early {
        /// From when all of them were read.
        from: DateTime<Utc>,
        /// Until when.
        to: DateTime<Utc>,
        /// How much longer until there is a quarter-hour.
        left: TimeDelta,
        /// The balance of that time, in kWh.
        balance: Balance,
    },
    /// The balance of the last quarter-hour, as everywhere else.
    Known {
        /// The balance.
        balance: BalanceLive,
        /// Its loss, kW.
        loss_kw: f64,
    },
}

impl StartPage {
    /// Whether somebody named the site.
    pub fn is_named(&self) -> bool {
        self.site.name != UNNAMED
    }

    /// Which steps are done.
    pub fn done(&self) -> [bool; STEPS] {
        let is_read = |meter: &Option<FirstMeter>| meter.as_ref().is_some_and(FirstMeter::is_read);
        let is_known = matches!(self.loss, FirstLoss::Early { .. } | FirstLoss::Known { .. });
        [self.is_named(), is_read(&self.main), is_read(&self.below), is_known]
    }
}
