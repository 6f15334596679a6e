//! The bill of a month as it would be if other energy were metered in it.

use chrono::{NaiveDateTime, NaiveTime};
use domain::MeterId;
use domain::bills::{self, Point};
use domain::month::Month;
use domain::sites::Site;
use rust_decimal::Decimal;

use super::{begun, draft};
use crate::{Core, Error};

/// The amount of a month's bill before and after a change of what was metered.
#[derive(Debug, Clone, PartialEq)]
pub struct RedrawnBill {
    pub month: Month,
    /// The number of the bill that is issued, which stays as it is; none of a draft.
    pub issued: Option<String>,
    /// The amount by the readings as they are.
    pub before: Decimal,
    /// The amount after the correction.
    pub after: Decimal,
}

/// Energy that a quarter-hour would have more, by when it begins on the site's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChangedPoint {
    pub(crate) start: NaiveDateTime,
    pub(crate) import_kwh: f64,
    pub(crate) export_kwh: f64,
}

/// The bill of a meter's month with other energy in some quarter-hours; none where what it would be made of is not kept
/// any more.
pub(crate) async fn redrawn(
    core: &Core,
    site: &Site,
    meter: MeterId,
    month: Month,
    changes: &[ChangedPoint],
) -> Result<Option<RedrawnBill>, Error> {
    let month = begun(core, site, month)?;
    let issued = storage::bills::in_force(core.pool(), meter, month).await?;
    let billing = draft::load(core, site, month).await?;
    let basis = billing.inputs(core.pool(), &[meter]).await?.pop();
    let Some(mut basis) = basis.filter(|basis| !basis.is_frozen) else { return Ok(None) };
    let before = bills::bill(&basis.inputs).amount_due;
    put(&mut basis.inputs.series, changes);
    Ok(Some(RedrawnBill {
        month,
        issued: issued.and_then(|bill| bill.summary.number),
        before,
        after: bills::bill(&basis.inputs).amount_due,
    }))
}

/// Adds changes to the quarter-hours of a series, or to its days.
fn put(series: &mut [Point], changes: &[ChangedPoint]) {
    let by_day = series.iter().all(|point| point.start.time() == NaiveTime::MIN);
    for change in changes {
        let start =
            if by_day { change.start.date().and_time(NaiveTime::MIN) } else { change.start };
        if let Some(point) = series.iter_mut().find(|point| point.start == start) {
            point.import += change.import_kwh;
            point.export += change.export_kwh;
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn a_change_is_put_into_its_quarter_hour_or_into_its_day() {
        let at = |hour| NaiveDate::from_ymd_opt(2026, 11, 25).unwrap().and_hms_opt(hour, 0, 0);
        let point = |hour: u32| Point {
            start: at(hour).unwrap(),
            import: 10.0,
            export: 0.0,
            coverage: 1.0,
            estimated: 0.0,
        };
        let change = ChangedPoint { start: at(5).unwrap(), import_kwh: -4.0, export_kwh: 1.0 };
        let put = |mut series: Vec<Point>| {
            put(&mut series, &[change]);
            series.iter().map(|point| (point.import, point.export)).collect::<Vec<_>>()
        };
        assert_eq!(put(vec![point(0), point(5)]), [(10.0, 0.0), (6.0, 1.0)]);
        assert_eq!(put(vec![point(0)]), [(6.0, 1.0)], "days");
    }
}
