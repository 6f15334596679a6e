//! Channels: the present of all meters of a site in one language, of one instant.

use chrono::{DateTime, Utc};
use domain::readings::channel::{self, ChannelQuality, MeterChannels, TIMESTAMP};
use domain::readings::refusal::AskRefusal;
use domain::sites::Site;
use domain::{MeterId, Quality, SiteId, SiteSlug};
use schemars::JsonSchema;
use serde::Serialize;

use crate::live::{LiveState, SiteLive};
use crate::operation::clock::Simulated;
use crate::{Action, Core, Error, Principal, Service, sites};

/// The channels of one instant.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ChannelsView {
    /// The instant that is shown.
    pub timestamp: DateTime<Utc>,
    /// The channels, meter by meter.
    pub channels: Vec<ChannelView>,
}

/// One channel. Those for which a meter has no value are absent.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ChannelView {
    /// Its address, such as `grid/ActivePower`.
    pub name: String,
    /// Its value.
    pub value: ChannelValue,
    /// Its unit; empty for a ratio and for a time.
    pub unit: &'static str,
    /// How far it can be trusted.
    pub quality: ChannelQuality,
    /// Why it is not GOOD, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the value held; null of a meter that was never read.
    pub timestamp: Option<DateTime<Utc>>,
    /// Whether it was computed from other channels.
    pub derived: bool,
}

/// The value of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum ChannelValue {
    /// A measured or computed value.
    Number(f64),
    /// When the meter was read last, of the channel `Timestamp`; null where it never was.
    Time(Option<DateTime<Utc>>),
}

/// The channels of a site's meters, or of the one with this prefix.
///
/// # Errors
/// The principal may not look, the site is not there, or no meter of it has the prefix.
pub async fn get(
    service: &Service,
    who: &Principal,
    site: Option<&SiteSlug>,
    prefix: Option<&str>,
) -> Result<ChannelsView, Error> {
    let site = sites::resolve(service, who, Action::See, site).await?;
    let (timestamp, meters) =
        look(service, service.live(), site.id).ok_or_else(|| Error::no_site(&site.slug))?;
    let wanted = |meter: &&MeterChannels| prefix.is_none_or(|prefix| meter.prefix == prefix);
    let shown: Vec<_> = meters.iter().filter(wanted).collect();
    if let Some(prefix) = prefix.filter(|_| shown.is_empty()) {
        return Err(Error::not_found(
            "channel_prefix_not_found",
            AskRefusal::NoPrefix { site: site.slug, prefix: prefix.to_owned() },
        ));
    }
    Ok(ChannelsView { timestamp, channels: shown.into_iter().flat_map(views).collect() })
}

/// The channels of every meter of a site, all of one instant; empty while the site is not known.
pub(crate) fn snapshot(core: &Core, live: &LiveState, site: SiteId) -> Vec<MeterChannels> {
    look(core, live, site).map(|(_, meters)| meters).unwrap_or_default()
}

/// The channels of one meter; none while its site does not know it.
pub(crate) fn of_meter(core: &Core, live: &LiveState, meter: MeterId) -> Option<MeterChannels> {
    let site = core.registry().known().site_of(meter)?.id;
    snapshot(core, live, site).into_iter().find(|channels| channels.meter == meter)
}

/// The channels of every meter of a site, and how far what it said last can be trusted, all of one
/// instant; empty while the site is not known.
pub(crate) fn trusted(
    core: &Core,
    live: &LiveState,
    site: SiteId,
) -> Vec<(MeterChannels, Quality)> {
    live.at(site, now(core), SiteLive::trusted).unwrap_or_default()
}

fn look(
    core: &Core,
    live: &LiveState,
    site: SiteId,
) -> Option<(DateTime<Utc>, Vec<MeterChannels>)> {
    live.at(site, now(core), |live, now| (now, live.channels(now)))
}

/// The instant that the live screens show.
fn now(core: &Core) -> impl FnOnce(&Site) -> DateTime<Utc> {
    let clocks = core.registry().clocks();
    move |site| clocks.of(site).map_or_else(Utc::now, Simulated::shown)
}

fn views(meter: &MeterChannels) -> impl Iterator<Item = ChannelView> {
    let values = meter.channels.iter().map(|channel| ChannelView {
        name: channel::address(&meter.prefix, channel.name.as_str()),
        value: ChannelValue::Number(channel.value),
        unit: channel.name.unit(),
        quality: channel.quality,
        reason: channel.reason.as_ref().map(ToString::to_string),
        timestamp: Some(channel.at),
        derived: channel.derived,
    });
    values.chain(std::iter::once(ChannelView {
        name: channel::address(&meter.prefix, TIMESTAMP),
        value: ChannelValue::Time(meter.at),
        unit: "",
        quality: meter.quality,
        reason: meter.reason.as_ref().map(ToString::to_string),
        timestamp: meter.at,
        derived: false,
    }))
}
