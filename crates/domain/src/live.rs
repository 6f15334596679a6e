//! The live stream: what a screen shows now, and how it changes.
//!
//! A stream begins with a [`Snapshot`] and goes on with [`Delta`]s, each numbered. Whoever misses one
//! gets a new snapshot.

mod counts;
mod unread;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::losses::balance::Verdict;
use crate::message::Message;
use crate::meters::SourceKind;
use crate::{MeterId, Quality};

pub use counts::Counts;

/// What a screen says of a meter's connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Read, and fresh.
    Online,
    /// Its device does not answer.
    Offline,
    /// Its device answers with an error or with nonsense.
    Error,
    /// Nothing new for more than three polls.
    Stale,
    /// Never read.
    #[default]
    None,
}

/// The site, as the browser needs it: its zone is an offset, so that no zone tables are downloaded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SiteCard {
    /// Short name in addresses.
    pub slug: String,
    pub name: String,
    /// IANA name of the zone.
    pub time_zone: String,
    /// Minutes east of UTC now.
    pub utc_offset_minutes: i32,
    /// ISO 4217 code.
    pub currency: String,
    /// What a kWh costs now.
    pub price_per_kwh: Option<Decimal>,
    /// When the site's day began.
    pub today_start: DateTime<Utc>,
    /// Its clock, where it is not the real one.
    pub simulated: Option<SimulatedClock>,
}

/// How the clock of a simulated site goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SimulatedClock {
    Runs,
    /// It stands still because someone asked for it.
    Asked,
    /// It stands still because nobody looked.
    Unwatched,
}

/// What does not change from second to second about a meter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeterCard {
    pub id: MeterId,
    pub number: String,
    pub name: String,
    /// Its type, as written.
    pub meter_type: String,
    pub kind: SourceKind,
    pub level: i16,
    /// The meter above it.
    pub parent: Option<MeterId>,
    /// Whether it feeds its parent.
    pub feeds_parent: bool,
    pub area: Option<String>,
    /// Whether it counts in no total: it is not placed yet, or computed from meters that count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_aside: bool,
}

/// The newest of one meter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeterLive {
    pub id: MeterId,
    /// Power of the newest reading in kW.
    pub power_kw: Option<f64>,
    /// Mean power of the balance window in kW, import positive.
    pub mean_kw: Option<f64>,
    /// What it returned in the window as mean power, kW, already taken off the mean; none where it
    /// returned nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned_kw: Option<f64>,
    /// Energy since the site's midnight in kWh: what it drew, or delivered where it feeds its parent.
    pub today_kwh: Option<f64>,
    /// What it returned since then; none where that is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub today_returned_kwh: Option<f64>,
    /// When the newest reading was taken.
    pub at: Option<DateTime<Utc>>,
    /// Its connection.
    pub status: Status,
    /// Why it is not online.
    pub reason: Option<Message>,
    /// How far the newest reading can be trusted.
    pub quality: Quality,
}

/// The trailing 15-minute balance of a node or a whole site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BalanceLive {
    /// End of the window: the newest instant that every meter of the node has reached.
    pub until: Option<DateTime<Utc>>,
    /// Mean power in, kW.
    pub in_kw: f64,
    /// Mean power out, kW.
    pub out_kw: f64,
    /// What of it was declared and no meter sees, kW.
    #[serde(default)]
    pub unmetered_kw: f64,
    /// Difference, kW; none while it is incomplete: what a silent meter leaves open is no loss.
    pub loss_kw: Option<f64>,
    /// Half the error band, kW.
    pub error_kw: f64,
    /// Loss as a percentage of the input.
    pub loss_percent: Option<f64>,
    /// What it says.
    pub verdict: Verdict,
    /// What the loss costs per hour, in the site's currency.
    pub cost_per_hour: Option<Decimal>,
    /// Change of the loss against the quarter-hour before, kW.
    pub trend_kw: Option<f64>,
    /// Least coverage of its meters, 0 to 1.
    pub coverage: f64,
    /// Meters that are needed and silent.
    pub missing: Vec<MeterId>,
    /// Of a site that lacks meters: the nodes that its loss leaves out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<MeterId>,
}

impl BalanceLive {
    /// Before anything is known.
    pub const fn nothing() -> Self {
        Self {
            until: None,
            in_kw: 0.0,
            out_kw: 0.0,
            unmetered_kw: 0.0,
            loss_kw: None,
            error_kw: 0.0,
            loss_percent: None,
            verdict: Verdict::Incomplete,
            cost_per_hour: None,
            trend_kw: None,
            coverage: 0.0,
            missing: Vec::new(),
            left_out: Vec::new(),
        }
    }
}

/// The balance of one node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeLive {
    /// The meter whose children are balanced.
    pub id: MeterId,
    /// The trailing balance.
    #[serde(flatten)]
    pub balance: BalanceLive,
    /// Loss since midnight in kWh; none where a meter's day is not known.
    pub today_loss_kwh: Option<f64>,
    /// The same as a percentage of the input.
    pub today_loss_percent: Option<f64>,
    /// Verdict on the day so far.
    pub today_verdict: Verdict,
}

/// A figure of today on its scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gauge {
    /// Since midnight; none where it cannot be known.
    pub value: Option<f64>,
    /// Yesterday up to the same time of day.
    pub yesterday: Option<f64>,
    /// Lowest and highest of the days before, up to the same time of day.
    pub normal: Option<(f64, f64)>,
}

/// Which days before make the normal range of the gauges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NormalDays {
    /// Too few days are known: there is no range.
    #[default]
    TooFew,
    /// Working days, as today is one.
    Working,
    /// Saturdays and Sundays, as today is one.
    Weekend,
    /// All days, since too few like today are known.
    All,
}

/// The five gauges of the overview.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gauges {
    /// Up to when they are counted; none before anything is known of today.
    #[serde(default)]
    pub until: Option<DateTime<Utc>>,
    /// Energy that came in through the sources of the site, kWh.
    pub consumption_kwh: Gauge,
    /// Loss as a percentage of what went into its balance.
    pub loss_percent: Gauge,
    /// The same in kWh.
    pub loss_kwh: Option<f64>,
    /// What it cost, in the site's currency.
    pub loss_cost: Option<Decimal>,
    /// Running hours of the diesel generators.
    pub dg_runtime_hours: Gauge,
    /// Their diesel in litres.
    pub dg_litres: Option<f64>,
    /// Its cost, in the site's currency; none where some of it has no price.
    #[serde(default)]
    pub dg_cost: Option<Decimal>,
    /// Cost of a kWh of theirs; none as the cost, and where they gave none.
    #[serde(default)]
    pub dg_cost_per_kwh: Option<Decimal>,
    /// Solar energy as a percentage of the input.
    pub solar_share_percent: Gauge,
    /// The same in kWh.
    pub solar_kwh: Option<f64>,
    /// Grid and diesel carbon less the solar offset, kg CO2.
    pub net_carbon_kg: Gauge,
    /// Least coverage of the day's figures, 0 to 1.
    pub coverage: f64,
    /// The days that make the normal ranges.
    #[serde(default)]
    pub normal_days: NormalDays,
}

/// Everything the live screens show, at one instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// Number of the last change that is in it.
    pub id: u64,
    /// When it was taken.
    pub at: DateTime<Utc>,
    pub site: SiteCard,
    #[serde(default)]
    pub counts: Counts,
    /// Its meters, parents first, of siblings the feeding ones first, then by number.
    pub meters: Vec<MeterCard>,
    /// The newest of each meter, in the same order.
    pub values: Vec<MeterLive>,
    /// Balances of the nodes.
    pub nodes: Vec<NodeLive>,
    /// Balance of the whole site.
    pub whole: BalanceLive,
    /// Nodes with a loss beyond their error, the most expensive first.
    pub hotspots: Vec<MeterId>,
    pub gauges: Gauges,
}

/// What changed since the message before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delta {
    /// Its number, one more than the message before.
    pub id: u64,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// The site, when it changed, as it does at its midnight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteCard>,
    /// How many meters are read well, when that changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
    /// Meters that changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<MeterLive>,
    /// Nodes that changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeLive>,
    /// The whole site, when it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<BalanceLive>,
    /// The ranking, when it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hotspots: Option<Vec<MeterId>>,
    /// The gauges, when they changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gauges: Option<Gauges>,
}

impl Snapshot {
    /// The card of a meter.
    pub fn card(&self, id: MeterId) -> Option<&MeterCard> {
        self.meters.iter().find(|card| card.id == id)
    }

    /// The newest of a meter.
    pub fn value(&self, id: MeterId) -> Option<&MeterLive> {
        self.values.iter().find(|value| value.id == id)
    }

    /// Whether every meter that lets energy into the site is in its balance.
    pub fn is_input_known(&self) -> bool {
        let lets_in = |card: &MeterCard| card.parent.is_none() || card.feeds_parent;
        !self.whole.missing.iter().filter_map(|id| self.card(*id)).any(lets_in)
    }

    /// The balance of a node.
    pub fn node(&self, id: MeterId) -> Option<&NodeLive> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// Brings the snapshot up to date. A change that is not the next one is left alone: the caller
    /// asks for a new snapshot.
    pub fn apply(&mut self, delta: Delta) -> bool {
        if delta.id != self.id + 1 {
            return false;
        }
        self.id = delta.id;
        self.at = delta.at;
        if let Some(site) = delta.site {
            self.site = site;
        }
        if let Some(counts) = delta.counts {
            self.counts = counts;
        }
        replace(&mut self.values, delta.values, |value| value.id);
        replace(&mut self.nodes, delta.nodes, |node| node.id);
        if let Some(whole) = delta.whole {
            self.whole = whole;
        }
        if let Some(hotspots) = delta.hotspots {
            self.hotspots = hotspots;
        }
        if let Some(gauges) = delta.gauges {
            self.gauges = gauges;
        }
        true
    }
}

/// Puts what changed in place of the old. It comes in the order of the old, so each is looked for where
/// the one before was found, and a plant of thousands costs one walk.
fn replace<T>(old: &mut [T], new: Vec<T>, id: impl Fn(&T) -> MeterId) {
    let mut at = 0;
    for new in new {
        let found = (at..old.len()).chain(0..at).find(|&i| id(&old[i]) == id(&new));
        if let Some(i) = found {
            old[i] = new;
            at = i + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_changed_replaces_its_own_in_whatever_order_it_comes(
            (count, changed) in (1_u16..50).prop_flat_map(|count| {
                let all: Vec<i64> = (0..i64::from(count) + 3).collect();
                let some = prop::sample::subsequence(all, 0..=usize::from(count)).prop_shuffle();
                (Just(i64::from(count)), some)
            }),
        ) {
            let mut values: Vec<(i64, bool)> = (0..count).map(|id| (id, false)).collect();
            let new = changed.iter().map(|&id| (id, true)).collect();
            replace(&mut values, new, |(id, _)| MeterId(*id));
            for (i, (id, is_new)) in (0..count).zip(&values) {
                prop_assert_eq!((i, changed.contains(&i)), (*id, *is_new));
            }
        }
    }
}
