//! The pages of bills.

pub mod my_energy;
pub mod prices;
pub mod trades;

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::bills::LineInterval;
use domain::bills::view::bill::{
    Before, BillPage, BillState, BilledMeter, DayEnergy, LineIntervals, RegisterSpan,
};
use domain::bills::view::{BillRow, BillsPage, LeftOutMeter, RowFigures, RowState, Run};
use domain::message::Message;
use domain::meters::hierarchy::Tree;
use domain::month::Month;
use domain::sites::Site;
use domain::{MeterId, Quality};

use crate::bills::{self, BillSummary, BillView, Detail};
use crate::operation::clock;
use crate::pages::Query;
use crate::{Error, Principal, Role, Service};

/// A line of a bill shows so many of its intervals, until all are asked for.
pub const FIRST_INTERVALS: usize = 6;
/// A run names so many of the meters that it leaves out on its page; the API has all.
const FIRST_LEFT_OUT: usize = 200;
/// How far from the turn of a month a register is looked for.
const REACH: TimeDelta = TimeDelta::days(2);

/// The month that a query names, if it names one that has begun.
pub(crate) fn asked_month(
    service: &Service,
    site: &Site,
    query: &Query,
) -> Result<Option<Month>, Error> {
    query.get("month").map(|month| bills::month_asked(service, site, month)).transpose()
}

/// All bills of a month: the one asked for, else the last one that is over.
pub async fn bills(service: &Service, who: &Principal, query: &Query) -> Result<BillsPage, Error> {
    who.require(Role::Viewer)?;
    let site = crate::pages::site(service, query).await?;
    let now = clock::now(service, &site);
    let over = Month::of(site.date_at(now)).previous();
    let month = asked_month(service, &site, query)?.unwrap_or(over);
    let (slug, text) = (Some(site.slug.as_str()), month.to_string());
    let mut stored: HashMap<MeterId, Vec<BillSummary>> = HashMap::new();
    for bill in bills::list(service, who, slug, Some(&text), None).await? {
        stored.entry(bill.meter_id).or_default().push(bill);
    }
    let known = service.registry().known();
    let tree = known.trees.get(&site.id).cloned().unwrap_or_default();
    let mut rows = Vec::new();
    for (party, _) in trades::parties(service, &site, month).await? {
        let of_meter = stored.remove(&party.id).unwrap_or_default();
        if of_meter.is_empty() {
            rows.push(BillRow {
                id: draft_address(party.id, month),
                number: None,
                state: RowState::None,
                meter: billed(&tree, party.id, party.number, party.name),
                figures: None,
            });
        }
        rows.extend(of_meter.into_iter().map(|bill| row(&tree, bill)));
    }
    // What was billed once stays in the list, whatever became of its meter.
    let mut others: Vec<_> = stored.into_values().flatten().collect();
    others.sort_by(|one, other| one.meter_number.cmp(&other.meter_number));
    rows.extend(others.into_iter().map(|bill| row(&tree, bill)));
    let runs = storage::bills::runs::list(service.pool(), site.id, Some(month)).await?;
    let newest = runs.into_iter().next();
    let run = match newest {
        Some(newest) => Some(run(service, newest).await?),
        None => None,
    };
    Ok(BillsPage { site, now, month, rows, run, least_coverage: bills::ISSUE_COVERAGE })
}

fn draft_address(meter: MeterId, month: Month) -> String {
    format!("draft/{meter}/{month}")
}

/// What the address of a bill's page calls it.
pub(crate) fn address(view: &BillView) -> String {
    view.number.clone().unwrap_or_else(|| draft_address(view.meter_id, view.month))
}

fn billed(tree: &Tree, id: MeterId, number: String, name: String) -> BilledMeter {
    let meter = tree.get(id);
    let above = meter.and_then(|meter| tree.get(meter.parent?)).map(|above| above.number.clone());
    let location = meter.and_then(|meter| meter.location.clone());
    let place: Vec<_> = above.into_iter().chain(location).collect();
    let place = (!place.is_empty()).then(|| place.join(", "));
    BilledMeter { id, number, name, place }
}

fn row(tree: &Tree, bill: BillSummary) -> BillRow {
    BillRow {
        id: bill.number.clone().unwrap_or_else(|| draft_address(bill.meter_id, bill.month)),
        number: bill.number,
        state: match bill.state {
            bills::BillState::Draft => RowState::Draft,
            bills::BillState::Issued if bill.changed == Some(true) => RowState::Stale,
            bills::BillState::Issued => RowState::Issued,
            bills::BillState::Credited => RowState::Credited,
            bills::BillState::CreditNote => RowState::CreditNote,
        },
        figures: Some(RowFigures {
            side: bill.side,
            consumed: bill.consumed,
            produced: bill.produced,
            coverage: bill.coverage,
            amount: bill.amount_due,
        }),
        meter: billed(tree, bill.meter_id, bill.meter_number, bill.meter_name),
    }
}

async fn run(service: &Service, run: storage::bills::runs::Run) -> Result<Run, Error> {
    let all = bills::left_out(service, run.id).await?;
    let count = all.len();
    let left_out = |meter: bills::LeftOutMeter| LeftOutMeter {
        id: meter.meter_id,
        number: meter.meter_number,
        name: meter.meter_name,
        reason: meter.reason,
    };
    Ok(Run {
        left_out: (all.into_iter().take(FIRST_LEFT_OUT).map(left_out).collect(), count),
        id: run.id.to_string(),
        state: run.state,
        issues: run.issue,
        total: run.total,
        done: run.done,
        issued: run.issued,
        held_back: run.held_back,
        problem: run.problem,
    })
}

/// One bill, by the parts of its address: a number, or `draft`, a meter and a month; none where there
/// is none.
pub async fn bill(
    service: &Service,
    who: &Principal,
    parts: &[&str],
    query: &Query,
) -> Result<Option<BillPage>, Error> {
    who.require(Role::Viewer)?;
    let opened = match parts {
        ["draft", meter, month] => bills::opened_of_month(service, who, None, meter, month).await,
        [number] => bills::opened(service, who, query.get("site"), number).await,
        _ => return Ok(None),
    };
    let opened = match opened {
        Err(Error::NotFound { .. }) => return Ok(None),
        opened => opened?,
    };
    let all_of = query.number("line").and_then(|line| usize::try_from(line).ok());
    Ok(Some(page(service, who, opened, all_of).await?))
}

async fn page(
    service: &Service,
    who: &Principal,
    opened: Detail,
    all_of: Option<usize>,
) -> Result<BillPage, Error> {
    let Detail { site, view, lines, quarters, hold } = opened;
    let known = service.registry().known();
    let tree = known.trees.get(&site.id).cloned().unwrap_or_default();
    let partners = view.bill.trades.iter().filter_map(|trade| {
        let meter = tree.get(trade.with)?;
        Some((trade.with, meter.number.clone()))
    });
    let before = before(service, who, &site, &view).await?;
    let registers = registers(service, &site, &view).await?;
    Ok(BillPage {
        now: clock::now(service, &site),
        id: address(&view),
        file: view.number.clone().or_else(|| view.id.map(|id| id.to_string())),
        state: state(&view, hold),
        meter: billed(&tree, view.meter_id, view.meter_number.clone(), view.meter_name.clone()),
        month: view.month,
        days: view.shape.days.iter().map(day).collect(),
        hours: view
            .shape
            .average_day
            .iter()
            .map(|hour| (hour.import_kwh.abs(), hour.export_kwh.abs()))
            .collect(),
        quarters,
        registers,
        intervals: lines
            .into_iter()
            .enumerate()
            .map(|(at, all)| (at, shown(all, all_of == Some(at))))
            .collect(),
        partners: partners.collect(),
        digest: view.digest.clone(),
        inputs: view.intervals,
        before,
        bill: view.bill,
        site,
    })
}

fn state(view: &BillView, hold: Option<(Message, bool)>) -> BillState {
    let number = view.number.clone().unwrap_or_default();
    let at = view.issued_at.unwrap_or(view.generated_at);
    match view.state {
        bills::BillState::Draft => BillState::Draft { hold },
        bills::BillState::Issued | bills::BillState::Credited => BillState::Issued {
            number,
            at,
            is_stale: view.changed,
            credited_by: view.credited_by.clone(),
        },
        bills::BillState::CreditNote => BillState::CreditNote {
            number,
            at,
            of: view.credits.clone().unwrap_or_default(),
            reason: view.reason.clone(),
        },
    }
}

/// A day as a chart shows it; of a credit note, what it takes back.
fn day(day: &bills::BillDay) -> DayEnergy {
    DayEnergy {
        date: day.date,
        import: day.import_kwh.abs(),
        export: day.export_kwh.abs(),
        estimated: day.estimated_kwh.abs(),
        coverage: day.coverage,
    }
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
    service: &Service,
    who: &Principal,
    site: &Site,
    view: &BillView,
) -> Result<Option<Before>, Error> {
    let month = view.month.previous();
    let meter = view.meter_id.to_string();
    let (slug, text) = (Some(site.slug.as_str()), month.to_string());
    let listed = bills::list(service, who, slug, Some(&text), Some(&meter)).await?;
    let counts = [bills::BillState::Issued, bills::BillState::Draft];
    let found = listed.into_iter().find(|bill| counts.contains(&bill.state));
    Ok(found.map(|bill| Before { month, amount: bill.amount_due, consumed: bill.consumed }))
}

/// The registers at the two ends of the month, as far as it has come.
async fn registers(
    service: &Service,
    site: &Site,
    view: &BillView,
) -> Result<Vec<RegisterSpan>, Error> {
    let from = site.day_start(view.month.first());
    let to = site.day_start(view.month.next().first()).min(clock::now(service, site));
    let ends = [from, to];
    let meters = [view.meter_id];
    let found = storage::readings::brackets(service.pool(), &meters, &ends, REACH).await?;
    // A meter that was set up within the month begins with its first reading.
    let first = found.first().and_then(|end| end.before.clone().or(end.after.clone()));
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
        let start = chrono::DateTime::UNIX_EPOCH + TimeDelta::minutes(15 * n);
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
