//! Known facts of a loss without a named cause: since when, at which hours, and what was looked for.

use chrono::{TimeDelta, Timelike as _};
use domain::MeterId;
use domain::energy::window::Window;
use domain::losses::diagnosis::{Code, Findings};
use domain::losses::pattern::{self, DayLoss, HourLoss, Since};
use domain::losses::view::Unexplained;
use domain::view::PeriodContext;
use storage::losses::summed::Loss;

use crate::losses::power_loss;
use crate::{Core, Error};

/// How far back the begin of a loss is looked for.
const DAYS: TimeDelta = TimeDelta::days(400);
/// How far back its hours are.
const HOURS: TimeDelta = TimeDelta::days(28);

pub(super) async fn of(
    core: &Core,
    shown: &PeriodContext,
    node: MeterId,
    found: &[(Window, Findings)],
) -> Result<Unexplained, Error> {
    let site = &shown.site;
    let to = shown.window.to;
    let back = |by: TimeDelta| Window { from: to - by, to };
    let (days, by_hour) = tokio::try_join!(
        power_loss::trend_of(core, node, back(DAYS), true),
        power_loss::trend_of(core, node, back(HOURS), false),
    )?;
    let day = |day: &Loss| DayLoss {
        date: site.date_at(day.start),
        kwh: day.loss_kwh,
        error_kwh: day.error_kwh,
    };
    let since = pattern::since(&days.iter().map(day).collect::<Vec<_>>());
    let first = since.map(Since::date);
    let hour = |hour: &Loss| {
        let date = site.date_at(hour.start);
        let local = hour.start.with_timezone(&site.zone).hour();
        first.is_none_or(|first| date >= first).then_some(())?;
        Some(HourLoss { date, hour: local, kwh: hour.loss_kwh? })
    };
    let losses: Vec<HourLoss> = by_hour.iter().filter_map(hour).collect();
    let mut tried: Vec<Code> =
        found.iter().flat_map(|(_, found)| &found.tested).map(|it| it.cause.code).collect();
    tried.sort_unstable();
    tried.dedup();
    Ok(Unexplained { since, hours: pattern::hours(&losses), days: pattern::days(&losses), tried })
}
