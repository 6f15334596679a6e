//! The status of a site: its clock, how many of its meters are read well, and the connection. Islands of a document
//! need no more.

use chrono::{DateTime, Utc};
use domain::live::{Counts, SimulatedClock, SiteCard, Snapshot};
use leptos::prelude::*;
use texts::time::SiteClock;

use super::Link;
use super::stream::Follower;
use crate::json::Part;

/// A site, as its clock needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClockedSite {
    pub slug: String,
    pub time_zone: String,
    utc_offset_minutes: i32,
    pub simulated: Option<SimulatedClock>,
}

/// The status in a message: of a snapshot all of it, of a change what changed.
struct StatusMessage {
    id: u64,
    at: DateTime<Utc>,
    site: Option<ClockedSite>,
    counts: Option<Counts>,
}

/// The status of a site. Copies share it.
#[derive(Clone, Copy)]
pub struct Status {
    /// Number of the newest message.
    id: StoredValue<u64>,
    pub site: RwSignal<ClockedSite>,
    /// How many of its meters are read well.
    pub counts: RwSignal<Counts>,
    /// When the newest message was made.
    pub at: RwSignal<DateTime<Utc>>,
    /// The server's time now, second by second.
    pub now: RwSignal<DateTime<Utc>>,
    pub link: RwSignal<Link>,
    /// How often the stream went on after a break.
    pub resumed: RwSignal<u32>,
    /// Since when what the stream does not carry cannot be fetched anew.
    pub old_since: RwSignal<Option<DateTime<Utc>>>,
}

impl Status {
    fn new(id: u64, at: DateTime<Utc>, site: ClockedSite, counts: Counts) -> Self {
        Self {
            id: StoredValue::new(id),
            site: RwSignal::new(site),
            counts: RwSignal::new(counts),
            at: RwSignal::new(at),
            now: RwSignal::new(at),
            link: RwSignal::new(Link::Opening),
            resumed: RwSignal::new(0),
            old_since: RwSignal::new(None),
        }
    }

    /// The status in a snapshot.
    pub fn of(snapshot: &Snapshot) -> Self {
        let SiteCard { slug, time_zone, utc_offset_minutes, simulated, .. } = snapshot.site.clone();
        let site = ClockedSite { slug, time_zone, utc_offset_minutes, simulated };
        Self::new(snapshot.id, snapshot.at, site, snapshot.counts)
    }

    /// The status that a document was sent with; none where it cannot be read.
    pub(crate) fn of_document(text: &str) -> Option<Self> {
        let StatusMessage { id, at, site, counts } = StatusMessage::read(text)?;
        Some(Self::new(id, at, site?, counts?))
    }

    /// The site's clock.
    pub fn clock(self) -> SiteClock {
        SiteClock::east(self.site.with(|site| site.utc_offset_minutes))
    }

    pub(super) fn last_id(self) -> u64 {
        self.id.get_value()
    }

    fn take(self, StatusMessage { id, at, site, counts }: StatusMessage) {
        self.id.set_value(id);
        if let Some(site) = site
            && *self.site.read_untracked() != site
        {
            self.site.set(site);
        }
        if let Some(counts) = counts
            && *self.counts.read_untracked() != counts
        {
            self.counts.set(counts);
        }
        self.at.set(at);
    }

    /// Notes whether what the stream does not carry could be fetched anew.
    pub(crate) fn tried(self, is_fresh: bool) {
        let old_since = self.old_since.get_untracked();
        if is_fresh {
            if old_since.is_some() {
                self.old_since.set(None);
            }
        } else if old_since.is_none() {
            self.old_since.set(Some(self.now.get_untracked()));
        }
    }
}

impl StatusMessage {
    fn read(text: &str) -> Option<Self> {
        let message = Part::parse(text)?;
        Some(Self {
            id: message.field("id")?.whole()?,
            at: instant(&message.field("at")?.text()?)?,
            site: message.field("site").and_then(|site| ClockedSite::read(&site)),
            counts: message.field("counts").and_then(|counts| {
                let (good, meters) = (counts.field("good")?, counts.field("meters")?);
                Some(Counts { good: good.whole()?, meters: meters.whole()? })
            }),
        })
    }
}

impl ClockedSite {
    fn read(site: &Part) -> Option<Self> {
        Some(Self {
            slug: site.field("slug")?.text()?,
            time_zone: site.field("timeZone")?.text()?,
            utc_offset_minutes: site.field("utcOffsetMinutes")?.whole()?,
            simulated: match site.field("simulated").and_then(|it| it.text()).as_deref() {
                Some("runs") => Some(SimulatedClock::Runs),
                Some("asked") => Some(SimulatedClock::Asked),
                Some("unwatched") => Some(SimulatedClock::Unwatched),
                _ => None,
            },
        })
    }
}

/// The instant that a text names, to the millisecond.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let millis = js_sys::Date::parse(text);
    millis.is_finite().then(|| DateTime::from_timestamp_millis(millis as i64)).flatten()
}

impl Follower for Status {
    const SHOWS: &'static str = "&show=site";

    fn status(self) -> Status {
        self
    }

    fn take_snapshot(self, text: &str) -> Result<(), String> {
        self.take(StatusMessage::read(text).ok_or("no status")?);
        Ok(())
    }

    fn take_delta(self, text: &str) -> Result<bool, String> {
        let message = StatusMessage::read(text).ok_or("no status")?;
        let is_next = message.id == self.last_id() + 1;
        if is_next {
            self.take(message);
        }
        Ok(is_next)
    }
}
