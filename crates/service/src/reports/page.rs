//! The pages of monthly reports.

pub(crate) mod days;
mod quality;
mod sources;

use std::sync::Arc;

use chrono::Months;
use domain::energy::window::Window;
use domain::reports::refusal::NoReport;
use domain::reports::view::{ReportPage, ReportsPage};
use domain::reports::{Day, Month, MonthTotal, Report, Solar};
use domain::sites::Site;
use domain::view::PeriodContext;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::carbon::{Ledger, page, solar};
use crate::losses::page::Losses;
use crate::operation::clock;
use crate::pages::{Query, at_site};
use crate::{Action, Core, Error, Principal, Service, instants, request_cache};

/// Months in the list.
const LISTED: u32 = 60;
/// Months in the trend of a report, with its own.
const TREND: u32 = 13;
/// Months whose figures are worked out at once.
const AT_ONCE: usize = 3;

/// The months of a site, newest first, and to whom their reports are sent.
pub async fn reports(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<ReportsPage, Error> {
    let service = &service.for_one_answer();
    let site = crate::pages::site(service, who, Action::See, query).await?;
    let now = instants::stored(clock::now(service, &site));
    let running = Month::of(site.date_at(now));
    let first = first_month(service, &site).await?;
    let oldest = months_before(running, LISTED - 1);
    let from = first.map(|first| first.max(oldest));
    let mut months = match from {
        Some(from) => {
            let days = days::load(service, &site, (from, running), now).await?;
            months_of(service, &site, &days, running).await?
        }
        None => Vec::new(),
    };
    months.reverse();
    let schedules = if who.may(Action::Administer, site.id) {
        Some(storage::reports::schedules::list(service.pool(), site.id).await?)
    } else {
        None
    };
    Ok(ReportsPage {
        slug: (site.id != storage::sites::DEFAULT).then(|| site.slug.clone()),
        now,
        months,
        goes_back: first.is_some_and(|first| first < oldest),
        schedules,
        site,
    })
}

/// The months of some days, each with the figures that its report and all pages of its period have.
async fn months_of(
    service: &Service,
    site: &Site,
    days: &[Day],
    running: Month,
) -> Result<Vec<MonthTotal>, Error> {
    let months = stream::iter(MonthTotal::of(days, running));
    months.map(|month| whole(service, site, month)).buffered(AT_ONCE).try_collect().await
}

async fn whole(service: &Service, site: &Site, month: MonthTotal) -> Result<MonthTotal, Error> {
    if month.total.days == 0 {
        return Ok(month);
    }
    let shown = shown(service, site.clone(), month.month)?;
    let (losses, ledger) = counted(service, &shown, shown.window).await?;
    let energy = sources::inflow(&losses.figures, &ledger);
    Ok(month.as_whole(energy, &losses.whole()))
}

/// The losses of a window, and the ledger of its sources.
async fn counted(
    service: &Service,
    shown: &PeriodContext,
    window: Window,
) -> Result<(Losses, Ledger), Error> {
    let figures = request_cache::window_energy(service, &shown.site, window).await?;
    let losses = Losses::over(service, Arc::clone(&figures));
    tokio::try_join!(losses, Ledger::load(service, &figures))
}

/// The report of a month, as its address names it: `2026-10`.
pub async fn report(
    service: &Service,
    who: &Principal,
    month: &str,
    query: &Query,
) -> Result<ReportPage, Error> {
    who.require_somewhere(Action::See)?;
    let month = month.parse().map_err(|refusal| Error::invalid("month", refusal))?;
    of_month(service, crate::pages::site(service, who, Action::See, query).await?, month).await
}

/// The report of a month of a site.
pub(crate) async fn of_month(
    service: &Service,
    site: Site,
    month: Month,
) -> Result<ReportPage, Error> {
    let service = &service.for_one_answer();
    let shown = shown(service, site, month)?;
    let report = Box::pin(gathered(service, &shown, month)).await?;
    Ok(ReportPage { slug: shown.slug, now: shown.now, site: shown.site, report })
}

/// A month as a period of the site.
fn shown(service: &Service, site: Site, month: Month) -> Result<PeriodContext, Error> {
    let running = Month::of(site.date_at(clock::now(service, &site)));
    if month > running {
        let refusal = NoReport::Ahead { month, site: site.name, running };
        return Err(Error::invalid("month", refusal));
    }
    let query = Query::default().with("period", "month");
    let query = query.with("at", &month.first().to_string());
    at_site(service, site, &query)
}

async fn gathered(service: &Service, shown: &PeriodContext, month: Month) -> Result<Report, Error> {
    let site = &shown.site;
    let ((losses, ledger), (before, ledger_before)) = tokio::try_join!(
        counted(service, shown, shown.window),
        counted(service, shown, shown.before),
    )?;
    let figures = &losses.figures;
    let emission = page::emission(&crate::carbon::view(figures, &ledger, false));
    let carbon_before =
        page::emission(&crate::carbon::view(&before.figures, &ledger_before, false));
    let (trend, book, sources, solar, read, first_month, alarms) = tokio::try_join!(
        trend(service, shown, month),
        service.factors(site),
        sources::of(service, shown, (figures, &ledger)),
        solar::view(service, figures, &ledger, false),
        quality::of(service, shown, figures),
        first_month(service, site),
        quality::alarms(service, shown),
    )?;
    let ((trend, months), (sources, grid_cost)) = (trend, sources);
    let days: Vec<_> = trend.into_iter().filter(|day| Month::of(day.date) == month).collect();
    let total = domain::reports::Total::of(&days);
    let delivered: f64 = sources.iter().filter_map(|source| source.kwh).sum();
    let exported_kwh = solar.total.exported_kwh;
    Ok(Report {
        site: site.slug.clone(),
        site_name: site.name.clone(),
        time_zone: site.zone.name().to_owned(),
        currency: site.currency.clone(),
        month,
        from: shown.window.from,
        to: shown.window.to,
        is_over: !shown.is_open(),
        first_month,
        undated_kwh: delivered - total.energy.kwh(),
        total,
        days,
        months,
        sources,
        loss: losses.whole(),
        loss_before: before.whole(),
        nodes: losses.nodes(),
        areas: losses.areas(),
        grid_cost,
        carbon_before,
        factors: page::rows(shown, &book).into_iter().filter(|row| row.is_in_force).collect(),
        diesel: page::diesel(&ledger),
        solar: Solar {
            kwh: emission.solar_kwh,
            used_kwh: emission.solar_kwh - exported_kwh,
            exported_kwh,
            percent: (delivered > 0.0).then(|| emission.solar_kwh / delivered * 100.0),
        },
        carbon: emission,
        meters: figures.tree().meters().len(),
        unread: read.unread,
        quality: read.meters,
        alarms,
    })
}

/// The days of the months up to one, and these months from the first of which anything is known.
async fn trend(
    service: &Service,
    shown: &PeriodContext,
    month: Month,
) -> Result<(Vec<Day>, Vec<MonthTotal>), Error> {
    let site = &shown.site;
    let from = months_before(month, TREND - 1);
    let days = days::load(service, site, (from, month), shown.now).await?;
    let begun = days.iter().find(|day| day.energy.is_some()).map(|day| Month::of(day.date));
    let known = days.partition_point(|day| begun.is_none_or(|first| Month::of(day.date) < first));
    let months = months_of(service, site, &days[known..], Month::of(shown.today())).await?;
    Ok((days, months))
}

/// The first month of which anything is known.
pub(crate) async fn first_month(core: &Core, site: &Site) -> Result<Option<Month>, Error> {
    let everything =
        Window { from: instants::EARLIEST, to: instants::stored(clock::now(core, site)) };
    let tree = core.trees(site).await?.at_end(everything);
    let ids: Vec<_> = tree.sources().into_iter().map(|(meter, _)| meter.id).collect();
    Ok(storage::energy::first_day(core.pool(), &ids).await?.map(Month::of))
}

fn months_before(month: Month, count: u32) -> Month {
    Month::of(month.first().checked_sub_months(Months::new(count)).unwrap_or(month.first()))
}
