//! The cost of a meter's energy today, and up to which amount that is usual.

use chrono::{DateTime, Utc};
use domain::alarms::CostToday;
use domain::energy::window::Window;
use domain::energy::{QUARTER, floor};
use domain::live::NormalDays;
use domain::meters::Meter;
use domain::sites::Site;

use crate::bills::energy_cost::Costs;
use crate::live::normal::{days_before, keep_like};
use crate::{Core, Error, energy};

/// A day that readings back less far is not held against other days.
const COVERAGE: f64 = 0.9;

/// The cost since the site's midnight up to the last quarter-hour, and the highest of the days like today up to
/// the same time of day. None where a price or too much of today is not known, and where fewer than three such
/// days are.
pub(super) async fn today(
    core: &Core,
    site: &Site,
    meter: &Meter,
    now: DateTime<Utc>,
) -> Result<Option<CostToday>, Error> {
    let (midnight, today) = (site.today_start(now), site.date_at(now));
    let until = floor(now, QUARTER).unwrap_or(now);
    if until - midnight < QUARTER {
        return Ok(None);
    }
    let window = Window { from: midnight, to: until };
    let Some(amount) = cost(core, site, meter, window).await? else { return Ok(None) };
    let mut days = Vec::new();
    for date in days_before(today) {
        let window = Window { from: site.day_start(date), to: site.same_time_on(date, until) };
        if window.from >= window.to {
            continue;
        }
        days.extend(cost(core, site, meter, window).await?.map(|amount| (date, amount)));
    }
    if keep_like(&mut days, today, |(date, _)| *date) == NormalDays::TooFew {
        return Ok(None);
    }
    let usual = days.iter().map(|(_, amount)| *amount).reduce(f64::max);
    Ok(usual.map(|usual| CostToday { amount, usual }))
}

/// The cost of what a meter drew in a window; none where that, or its price, is not known.
async fn cost(
    core: &Core,
    site: &Site,
    meter: &Meter,
    window: Window,
) -> Result<Option<f64>, Error> {
    let counted = energy::counted(core, site, &[meter], window).await?;
    let known = counted.get(&meter.id).and_then(|counted| counted.known);
    let energy = known.map(|known| known.energy).filter(|energy| energy.coverage >= COVERAGE);
    let Some(energy) = energy else { return Ok(None) };
    let costs = Costs::load(core, site, &[meter.id], window).await?;
    Ok(costs.of(meter.id, energy.import.0))
}
