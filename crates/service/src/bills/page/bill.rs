//! The page of a bill: it is loaded once, and all that is shown is made of that.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::bills::{BillAddress, BillState, BillSummary, LineInterval};
use domain::message::Message;
use domain::meters::MeterAddress;
use domain::meters::hierarchy::Tree;
use domain::sites::Site;
use domain::{MeterId, Quality, SiteSlug};

use super::address;
use crate::bills::BillView;
use crate::bills::billed::Billed;
use crate::bills::draft::{found, of_month};
use crate::bills::issue::may_issue;
use crate::bills::view::Loaded;
use crate::operation::clock;
use crate::pages::Query;
use crate::{Action, Core, Error, Principal};

/// A line of a bill shows so many of its intervals, until all are asked for.
pub const FIRST_INTERVALS: usize = 6;
/// How far from the turn of a month a register is looked for.
const REACH: TimeDelta = TimeDelta::days(2);
/// A quarter-hour of which this share is known was read.
const READ: f64 = 0.99;

/// The page of one bill.
#[derive(Debug, Clone, PartialEq)]
pub struct BillPage {
    pub site: Site,
    /// The site's time when the page was made.
    pub now: DateTime<Utc>,
    /// Its name in the address: its number, or `draft`, the meter and the month.
    pub id: String,
    /// The name of its files; none of a draft that was never stored.
    pub file: Option<String>,
    /// Its content, with its shape as it is drawn.
    pub view: BillView,
    /// Why a draft is not issued as it stands, and whether somebody may do so all the same.
    pub hold: Option<(Message, bool)>,
    /// The place of its meter: the meter above it, a location.
    pub place: Option<String>,
    /// Quarter-hours of the month with readings, and all.
    pub quarters: (i64, i64),
    /// Its registers at the beginning and the end of the month.
    pub registers: Vec<RegisterSpan>,
    /// The intervals behind its lines, by their place; those of one line or the first of each.
    pub intervals: HashMap<usize, LineIntervals>,
    /// Names of the meters that were traded with.
    pub partners: HashMap<MeterId, String>,
    /// The bill of the month before.
    pub before: Option<BillSummary>,
}

/// A register at the two ends of the month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegisterSpan {
    /// Whether it counts import.
    pub is_import: bool,
    /// The last figure before the month, kWh, and its time.
    pub from: (DateTime<Utc>, f64),
    /// The last figure of the month, kWh, and its time.
    pub to: (DateTime<Utc>, f64),
}

/// The intervals behind a line.
#[derive(Debug, Clone, PartialEq)]
pub struct LineIntervals {
    /// Those that are shown.
    pub shown: Vec<LineInterval>,
    /// How many there are.
    pub count: usize,
}

/// One bill, by the parts of its address: a number, or `draft`, a meter and a month; none where there
/// is none.
pub async fn bill(
    core: &Core,
    who: &Principal,
    parts: &[&str],
    query: &Query,
) -> Result<Option<BillPage>, Error> {
    who.require_somewhere_or_own(Action::SeeBills)?;
    let loaded = match parts {
        ["draft", meter, month] => {
            let month = month.parse().map_err(|refusal| Error::invalid("month", refusal))?;
            of_month(core, who, &MeterAddress::new(*meter, None), month).await
        }
        [number] => {
            let site = query.get("site").map(SiteSlug::from);
            found(core, who, &BillAddress::new(*number, site)).await
        }
        _ => return Ok(None),
    };
    let loaded = match loaded {
        Err(Error::NotFound { .. }) => return Ok(None),
        loaded => loaded?,
    };
    let all_of = query.number("line").and_then(|line| usize::try_from(line).ok());
    let billed = Billed::on(who, &loaded.billing.site)?;
    Ok(Some(page(core, loaded, &billed, all_of).await?))
}

async fn page(
    core: &Core,
    loaded: Loaded,
    billed_meters: &Billed,
    all_of: Option<usize>,
) -> Result<BillPage, Error> {
    let (site, view) = (&loaded.billing.site, &loaded.view);
    let known = core.registry().known();
    let tree = known.trees.get(&site.id).cloned().unwrap_or_default();
    let partners = view.bill.trades.iter().filter_map(|trade| {
        let meter = tree.get(trade.with)?;
        Some((trade.with, meter.number.clone()))
    });
    let lines = view.bill.lines.iter().enumerate();
    Ok(BillPage {
        now: clock::now(core, site),
        id: address(view),
        file: view.number.clone().or_else(|| view.id.map(|id| id.to_string())),
        hold: hold(&loaded),
        place: place(&tree, view.meter_id),
        quarters: quarters(core, &loaded),
        registers: registers(core, site, view, billed_meters).await?,
        intervals: lines
            .map(|(at, line)| (at, shown(loaded.intervals(line), all_of == Some(at))))
            .collect(),
        partners: partners.collect(),
        before: before(core, site, view, billed_meters).await?,
        view: BillView { shape: view.shape.drawn(), ..view.clone() },
        site: site.clone(),
    })
}

/// Quarter-hours with readings, and all that have come.
fn quarters(core: &Core, loaded: &Loaded) -> (i64, i64) {
    let billing = &loaded.billing;
    let to = billing.to().min(clock::now(core, &billing.site));
    let all = (to - billing.from()).num_minutes() / TimeDelta::minutes(15).num_minutes();
    let read = loaded.quarters.iter().filter(|quarter| quarter.point.coverage > READ).count();
    (i64::try_from(read).unwrap_or(i64::MAX), all.max(0))
}

fn place(tree: &Tree, id: MeterId) -> Option<String> {
    let meter = tree.get(id)?;
    let above = meter.parent.and_then(|parent| tree.get(parent)).map(|above| above.number.clone());
    let place: Vec<_> = above.into_iter().chain(meter.location.clone()).collect();
    (!place.is_empty()).then(|| place.join(", "))
}

/// Why a draft is not issued, and whether that can be overridden.
fn hold(loaded: &Loaded) -> Option<(Message, bool)> {
    if loaded.view.state != BillState::Draft {
        return None;
    }
    let refused = may_issue(&loaded.billing, &loaded.inputs, &loaded.view.bill, None).err()?;
    let low = matches!(refused, Error::Conflict { code: "low_coverage", .. });
    Some((refused.message(), low))
}

/// The first intervals, or those around the first that is not good.
fn shown(all: Vec<LineInterval>, whole: bool) -> LineIntervals {
    let count = all.len();
    if whole {
        return LineIntervals { shown: all, count };
    }
    let odd = all.iter().position(|interval| interval.quality > Quality::Derived);
    let from = odd.map_or(0, |at| at.saturating_sub(2));
    let from = from.min(count.saturating_sub(FIRST_INTERVALS));
    LineIntervals { shown: all.into_iter().skip(from).take(FIRST_INTERVALS).collect(), count }
}

async fn before(
    core: &Core,
    site: &Site,
    view: &BillView,
    billed: &Billed,
) -> Result<Option<BillSummary>, Error> {
    let month = view.month.previous();
    if !billed.shows_month(view.meter_id, month) {
        return Ok(None);
    }
    let pool = core.pool();
    let stored = storage::bills::list(pool, site.id, Some(month), Some(view.meter_id)).await?;
    let counts = [BillState::Issued, BillState::Draft];
    Ok(stored.into_iter().find(|bill| counts.contains(&bill.state)))
}

/// The registers at the two ends of the month, as far as it has come.
async fn registers(
    core: &Core,
    site: &Site,
    view: &BillView,
    billed: &Billed,
) -> Result<Vec<RegisterSpan>, Error> {
    let from = site.day_start(view.month.first());
    let to = site.day_start(view.month.next().first()).min(clock::now(core, site));
    let ends = [from, to];
    let meters = [view.meter_id];
    let found = storage::readings::brackets(core.pool(), &meters, &ends, REACH).await?;
    // A meter that was set up within the month begins with its first reading.
    let is_shown = |at| billed.shows(view.meter_id, site, at);
    let first = found.first().and_then(|end| {
        let mut ends = [&end.before, &end.after].into_iter().flatten();
        ends.find(|reading| is_shown(reading.at)).cloned()
    });
    let last = found.last().and_then(|end| end.before.clone());
    let Some((first, last)) = first.zip(last) else { return Ok(Vec::new()) };
    let span = |is_import, from: Option<f64>, to: Option<f64>| {
        Some(RegisterSpan { is_import, from: (first.at, from?), to: (last.at, to?) })
    };
    let import = span(
        true,
        first.energy_import_kwh.or(first.total_energy_kwh),
        last.energy_import_kwh.or(last.total_energy_kwh),
    );
    let export = span(false, first.energy_export_kwh, last.energy_export_kwh);
    Ok(import.into_iter().chain(export).collect())
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    fn interval(n: i64, quality: Quality) -> LineInterval {
        let start = DateTime::UNIX_EPOCH + TimeDelta::minutes(15 * n);
        let end = start + TimeDelta::minutes(15);
        let (kwh, amount) = (Decimal::ONE, Decimal::ONE);
        LineInterval { start, end, kwh, coverage: 1.0, quality, amount }
    }

    #[test]
    fn a_line_first_shows_where_it_was_not_read() {
        let odd = |n| if n == 50 { Quality::Estimated } else { Quality::Good };
        let all: Vec<_> = (0..100).map(|n| interval(n, odd(n))).collect();
        let first = shown(all.clone(), false);
        assert_eq!((first.shown.len(), first.count), (FIRST_INTERVALS, 100));
        assert_eq!(first.shown[2].quality, Quality::Estimated);
        assert_eq!(shown(all, true).shown.len(), 100);
    }

    #[test]
    fn a_line_of_good_quarter_hours_begins_with_the_first() {
        let all: Vec<_> = (0..3).map(|n| interval(n, Quality::Good)).collect();
        let first = shown(all.clone(), false);
        assert_eq!(first.shown, all);
    }
}
