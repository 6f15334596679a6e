//! The live state: one per document, fed by one stream, read by its islands.
//!
//! Each meter and each node has its own signal, so that a delta touches only the rows it is about.

mod clock;
mod status;
pub(crate) mod stream;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::live::{
    BalanceLive, Delta, Gauges, MeterCard, MeterLive, NodeLive, SiteCard, Snapshot,
};
use domain::{MeterId, Quality};
use leptos::prelude::*;

pub use status::Status;

use crate::json::read;
use stream::Follower;
use texts::time::SiteClock;

/// How the browser and the server are connected now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The page's own values stand; the stream is not open yet.
    Opening,
    /// The stream is open.
    Open,
    /// The stream was lost at this instant.
    Lost(DateTime<Utc>),
}

/// The live state. Copies share it.
#[derive(Clone, Copy)]
pub struct Live {
    snapshot: StoredValue<Snapshot>,
    meters: StoredValue<HashMap<MeterId, RwSignal<MeterLive>>>,
    nodes: StoredValue<HashMap<MeterId, RwSignal<NodeLive>>>,
    owner: StoredValue<Owner>,
    pub status: Status,
    pub site: RwSignal<SiteCard>,
    /// What does not change from second to second, in the order of the tree.
    pub cards: RwSignal<Arc<Vec<MeterCard>>>,
    /// The balance of the whole site.
    pub whole: RwSignal<BalanceLive>,
    /// Today's figures.
    pub gauges: RwSignal<Gauges>,
}

impl Live {
    /// The state that a document is sent with; `status` is the one that its frame shows.
    pub fn new(snapshot: Snapshot, status: Status) -> Self {
        let live = Self {
            meters: StoredValue::new(HashMap::new()),
            nodes: StoredValue::new(HashMap::new()),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            status,
            site: RwSignal::new(snapshot.site.clone()),
            cards: RwSignal::new(Arc::new(snapshot.meters.clone())),
            whole: RwSignal::new(snapshot.whole.clone()),
            gauges: RwSignal::new(snapshot.gauges.clone()),
            snapshot: StoredValue::new(snapshot),
        };
        live.publish();
        live
    }

    /// The state that the document was sent with, and the stream that goes on from it; none where it cannot be read.
    /// Only in the browser.
    pub fn of_document(status: Status) -> Option<Self> {
        let live = Self::new(read(&crate::islands::live_text()?).ok()?, status);
        stream::follow(live);
        Some(live)
    }

    /// The newest of one meter. A meter that is not in the snapshot reads as never read.
    pub fn meter(self, id: MeterId) -> RwSignal<MeterLive> {
        self.meters
            .with_value(|meters| meters.get(&id).copied())
            .unwrap_or_else(|| self.add(self.meters, id, unread(id)))
    }

    /// The balance of one node; none where the meter is no node.
    pub fn node(self, id: MeterId) -> Option<RwSignal<NodeLive>> {
        self.nodes.with_value(|nodes| nodes.get(&id).copied())
    }

    /// What does not change about a meter; none where there is no such meter.
    pub fn card(self, id: MeterId) -> Option<MeterCard> {
        self.cards.with(|cards| cards.iter().find(|card| card.id == id).cloned())
    }

    /// Reads the whole snapshot; what runs inside an effect or a memo runs again with every message.
    pub fn read<T>(self, read: impl FnOnce(&Snapshot) -> T) -> T {
        self.status.at.track();
        self.snapshot.with_value(read)
    }

    /// The site's clock.
    pub fn clock(self) -> SiteClock {
        self.status.clock()
    }

    fn publish(self) {
        self.snapshot.with_value(|snapshot| {
            if **self.cards.read_untracked() != snapshot.meters {
                self.cards.set(Arc::new(snapshot.meters.clone()));
            }
            snapshot.values.iter().for_each(|value| self.put(self.meters, value.id, value));
            snapshot.nodes.iter().for_each(|node| self.put(self.nodes, node.id, node));
            self.publish_site(snapshot);
        });
    }

    fn publish_site(self, snapshot: &Snapshot) {
        set_if_new(self.site, &snapshot.site);
        set_if_new(self.whole, &snapshot.whole);
        set_if_new(self.gauges, &snapshot.gauges);
        let site = Some((&snapshot.site).into());
        self.status.take((snapshot.id, snapshot.at), site, Some(snapshot.counts));
    }

    fn put<T>(self, map: StoredValue<HashMap<MeterId, RwSignal<T>>>, id: MeterId, value: &T)
    where
        T: Clone + PartialEq + Send + Sync + 'static,
    {
        match map.with_value(|map| map.get(&id).copied()) {
            Some(signal) => set_if_new(signal, value),
            None => {
                self.add(map, id, value.clone());
            }
        }
    }

    /// Adds a signal that lives as long as the document, whoever asked first.
    fn add<T>(
        self,
        map: StoredValue<HashMap<MeterId, RwSignal<T>>>,
        id: MeterId,
        value: T,
    ) -> RwSignal<T>
    where
        T: Send + Sync + 'static,
    {
        let signal = self.owner.with_value(|owner| owner.with(|| RwSignal::new(value)));
        map.update_value(|map| {
            map.insert(id, signal);
        });
        signal
    }
}

impl Follower for Live {
    const SHOWS: &'static str = "";

    fn status(self) -> Status {
        self.status
    }

    fn take_snapshot(self, text: &str) -> Result<(), String> {
        self.snapshot.set_value(read(text)?);
        self.publish();
        Ok(())
    }

    fn take_delta(self, text: &str) -> Result<bool, String> {
        let delta: Delta = read(text)?;
        let fits = self.snapshot.try_update_value(|snapshot| snapshot.apply(delta.clone()));
        if fits != Some(true) {
            return Ok(false);
        }
        self.snapshot.with_value(|snapshot| {
            delta.values.iter().for_each(|value| self.put(self.meters, value.id, value));
            delta.nodes.iter().for_each(|node| self.put(self.nodes, node.id, node));
            self.publish_site(snapshot);
        });
        Ok(true)
    }
}

fn set_if_new<T>(signal: RwSignal<T>, value: &T)
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    if *signal.read_untracked() != *value {
        signal.set(value.clone());
    }
}

fn unread(id: MeterId) -> MeterLive {
    MeterLive {
        id,
        power_kw: None,
        mean_kw: None,
        returned_kw: None,
        today_kwh: None,
        today_returned_kwh: None,
        at: None,
        status: domain::live::Status::None,
        reason: None,
        quality: Quality::Stale,
    }
}
