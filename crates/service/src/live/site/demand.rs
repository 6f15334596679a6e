//! The demand of the interval under way.

use domain::MeterId;
use domain::alarms::Demand;
use domain::live::Status;

use crate::live::SiteLive;

impl SiteLive {
    /// The demand of a meter as of its newest reading, over the demand interval of its tariff. None where it is not
    /// known, or the meter is not read well.
    pub(crate) fn demand(&self, id: MeterId) -> Option<Demand> {
        let value = self.value(id).filter(|value| value.status == Status::Online)?;
        let at = self.last_at(id)?;
        let book = self.prices.as_ref();
        let interval = book.map(|book| book.demand_interval(id, at)).unwrap_or_default();
        let passed = interval.passed(at.with_timezone(&self.site.zone).naive_local());
        Demand::of(self.trails.get(&id)?, interval, passed, value.power_kw)
    }
}
