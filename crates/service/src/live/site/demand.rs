//! The demand of the interval under way.

use domain::alarms::Demand;
use domain::figures::thousandths;
use domain::live::Status;
use domain::{Kwh, MeterId};

use crate::live::SiteLive;

/// Demand is projected from energy that readings back at least this far, as it is billed.
const COVERAGE: f64 = 0.9;

impl SiteLive {
    /// The demand of a meter as of its newest reading: energy so far in the demand interval of its tariff, and
    /// its present power for the rest. None where either is not known, or the meter is not read well.
    pub(crate) fn demand(&self, id: MeterId) -> Option<Demand> {
        let value = self.value(id).filter(|value| value.status == Status::Online)?;
        let (at, power_kw) = (self.last_at(id)?, value.power_kw?);
        let book = self.prices.as_ref();
        let interval = book.map(|book| book.demand_interval(id, at)).unwrap_or_default();
        let passed = interval.passed(at.with_timezone(&self.site.zone).naive_local());
        let counted = if passed.is_zero() {
            Kwh::ZERO
        } else {
            let energy = self.trails.get(&id)?.energy(at - passed, at)?;
            Some(energy).filter(|energy| energy.coverage >= COVERAGE)?.import
        };
        let projected_kw = thousandths(interval.projected_kw(counted, passed, power_kw));
        Some(Demand { projected_kw, minutes: interval.minutes() })
    }
}
