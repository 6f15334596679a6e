//! Cards of a site and its meters: told once, and not moving.

use chrono::{DateTime, Offset as _, Utc};
use domain::live::{MeterCard, SimulatedClock, SiteCard};
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use domain::sites::Site;
use rust_decimal::Decimal;

pub(super) fn site_card(
    site: &Site,
    (price, clock): (Option<Decimal>, Option<SimulatedClock>),
    at: DateTime<Utc>,
) -> SiteCard {
    SiteCard {
        slug: site.slug.clone(),
        name: site.name.clone(),
        time_zone: site.zone.name().to_owned(),
        utc_offset_minutes: at.with_timezone(&site.zone).offset().fix().local_minus_utc() / 60,
        currency: site.currency.clone(),
        price_per_kwh: price,
        today_start: site.today_start(at),
        simulated: clock,
    }
}

pub(super) fn card(tree: &Tree, meter: &Meter) -> MeterCard {
    MeterCard {
        id: meter.id,
        number: meter.number.clone(),
        name: meter.name.clone(),
        meter_type: meter.meter_type.0.clone(),
        kind: meter.meter_type.source_kind(),
        level: meter.level,
        parent: meter.parent,
        feeds_parent: meter.feeds_parent,
        area: meter.area.clone(),
        is_aside: tree.is_aside(meter.id),
    }
}
