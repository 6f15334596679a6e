//! The status of a site, without its meters.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{BalanceLive, Delta, Gauges, MeterLive, SiteCard, Snapshot, Status};
use crate::Quality;

/// How many meters of a site are read well, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    pub good: usize,
    pub meters: usize,
}

impl Counts {
    pub fn of(values: &[MeterLive]) -> Self {
        let good = values.iter().filter(|value| value.is_good()).count();
        Self { good, meters: values.len() }
    }
}

impl MeterLive {
    /// Whether it is read, and its newest reading can be trusted.
    pub fn is_good(&self) -> bool {
        self.status == Status::Online && self.quality == Quality::Good
    }
}

impl Snapshot {
    /// A site without its meters, and without what is worked out of them.
    pub fn without_meters(id: u64, at: DateTime<Utc>, site: SiteCard, counts: Counts) -> Self {
        Self {
            id,
            at,
            site,
            counts,
            meters: Vec::new(),
            values: Vec::new(),
            nodes: Vec::new(),
            whole: BalanceLive::nothing(),
            hotspots: Vec::new(),
            gauges: Gauges::default(),
        }
    }

    /// The same, without balances and gauges.
    #[must_use]
    pub fn of_meters(self) -> Self {
        Self {
            meters: self.meters,
            values: self.values,
            ..Self::without_meters(self.id, self.at, self.site, self.counts)
        }
    }

    /// The same, without its meters.
    #[must_use]
    pub fn of_site(self) -> Self {
        Self::without_meters(self.id, self.at, self.site, self.counts)
    }
}

impl Delta {
    /// The same, without what changed of the meters.
    #[must_use]
    pub fn of_site(&self) -> Self {
        Self {
            id: self.id,
            at: self.at,
            site: self.site.clone(),
            counts: self.counts,
            values: Vec::new(),
            nodes: Vec::new(),
            whole: None,
            hotspots: None,
            gauges: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use serde_json::json;

    use super::*;
    use crate::MeterId;

    fn value(id: i64, status: Status, quality: Quality) -> MeterLive {
        MeterLive {
            id: MeterId(id),
            power_kw: Some(1.0),
            mean_kw: None,
            returned_kw: None,
            today_kwh: None,
            today_returned_kwh: None,
            at: None,
            status,
            reason: None,
            quality,
        }
    }

    fn snapshot() -> Snapshot {
        let at = DateTime::UNIX_EPOCH;
        let site = SiteCard {
            slug: "plant".to_owned(),
            name: "Plant".to_owned(),
            time_zone: "UTC".to_owned(),
            utc_offset_minutes: 0,
            currency: "EUR".to_owned(),
            price_per_kwh: None,
            today_start: at,
            simulated: None,
        };
        let values = vec![
            value(1, Status::Online, Quality::Good),
            value(2, Status::Online, Quality::Estimated),
            value(3, Status::Stale, Quality::Good),
        ];
        let counts = Counts::of(&values);
        Snapshot {
            values,
            whole: BalanceLive { in_kw: 7.0, ..BalanceLive::nothing() },
            hotspots: vec![MeterId(1)],
            gauges: Gauges { loss_kwh: Some(1.0), ..Gauges::default() },
            ..Snapshot::without_meters(5, at, site, counts)
        }
    }

    fn delta(id: u64) -> Delta {
        Delta {
            id,
            at: DateTime::UNIX_EPOCH + TimeDelta::seconds(1),
            site: None,
            counts: Some(Counts { good: 2, meters: 3 }),
            values: vec![value(2, Status::Online, Quality::Good)],
            nodes: Vec::new(),
            whole: Some(BalanceLive::nothing()),
            hotspots: Some(Vec::new()),
            gauges: Some(Gauges::default()),
        }
    }

    #[test]
    fn a_site_without_its_meters_keeps_its_clock_and_counts() {
        let whole = snapshot();
        let told = whole.clone().of_site();
        assert_eq!((told.id, told.at, &told.site), (whole.id, whole.at, &whole.site));
        assert_eq!(told.counts, Counts { good: 1, meters: 3 });
        assert!(told.meters.is_empty() && told.values.is_empty() && told.nodes.is_empty());
        assert!(told.hotspots.is_empty());
        assert_eq!((told.whole, told.gauges), (BalanceLive::nothing(), Gauges::default()));
    }

    #[test]
    fn changes_without_the_meters_bring_a_site_without_them_up_to_date() {
        let (mut whole, mut told) = (snapshot(), snapshot().of_site());
        assert!(whole.apply(delta(6)) && told.apply(delta(6).of_site()));
        assert_eq!(told.counts, Counts { good: 2, meters: 3 });
        assert_eq!(told, whole.of_site());
        assert!(!told.apply(delta(8).of_site()), "a change was missed");
        let quiet = Delta { counts: None, ..delta(7) }.of_site();
        let written = serde_json::to_value(&quiet).unwrap();
        assert_eq!(written, json!({"id": 7, "at": "1970-01-01T00:00:01Z"}));
        assert!(told.apply(quiet));
        assert_eq!(told.counts, Counts { good: 2, meters: 3 });
    }
}
