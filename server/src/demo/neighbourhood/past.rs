//! The past that the neighbourhood brings along: records and trades of a month and of the running one so
//! far, and the bills of the month that is over.

use std::time::Duration;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::bills::{RunId, RunState};
use domain::month::Month;
use domain::sites::clock::instant;
use rust_decimal::prelude::ToPrimitive as _;
use service::bills::NewRun;
use service::bills::trades::{self, NewTrade};
use service::meters::MeterRef;
use service::{Error, Service, simulation};
use simulator::neighbourhood::{Member, Trade};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::{WHO, WORLD};

/// How often it is looked whether something is done …
pub(super) const LOOK: Duration = Duration::from_millis(500);
/// … and told how far it is.
const TELL: Duration = Duration::from_secs(2);
/// With fewer quarter-hours left to sum up, those of the month that is over are done: the oldest come first.
const NEARLY_SUMMED_UP: u64 = 2_000;

/// The past, by the calendar of the world.
pub(super) struct Past {
    zone: Tz,
    /// The month that is over.
    month: Month,
    /// The present when the program started.
    now: DateTime<Utc>,
}

impl Past {
    /// The past that was begun at an earlier start, or the one up to now.
    pub(super) async fn of(service: &Service) -> Result<Self, Error> {
        let site = service::sites::get(service, WHO, &WORLD.into()).await?;
        let zone = site.time_zone.parse().unwrap_or(Tz::UTC);
        let now = Utc::now();
        let begun = super::tariff(service).await?.map(|tariff| Month::of(tariff.valid_from));
        let up_to_now = || Month::of(now.with_timezone(&zone).date_naive()).previous();
        Ok(Self { zone, month: begun.unwrap_or_else(up_to_now), now })
    }

    /// Its first day.
    pub(super) fn first_day(&self) -> NaiveDate {
        self.month.first()
    }

    fn begins(&self) -> DateTime<Utc> {
        self.at(self.first_day(), 0)
    }

    fn at(&self, day: NaiveDate, minute: u32) -> DateTime<Utc> {
        let local = day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minute.into());
        instant(self.zone, local)
    }

    /// Whether the neighbours have traded: the last that is done before the world runs.
    pub(super) async fn is_traded(&self, service: &Service) -> Result<bool, Error> {
        Ok(!traded(service, self.month).await?.is_empty())
    }

    /// Fills the world with its past, or waits until what was begun is recorded.
    pub(super) async fn fill(&self, service: &Service) -> Result<(), Error> {
        if has_records(service).await? {
            let mut tell = interval(TELL);
            loop {
                tell.tick().await;
                let clock = simulation::status(service, WHO).await?.clock;
                tracing::info!(
                    "demo neighbourhood: recorded to {}",
                    clock.recorded_to.date_naive()
                );
                let record = TimeDelta::minutes(clock.record_minutes.into());
                if clock.recorded_to + record > clock.current_datetime {
                    return Ok(());
                }
            }
        }
        let filling = simulation::fill(service, WHO, self.begins(), self.now);
        tokio::pin!(filling);
        let mut tell = interval(TELL);
        tell.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let filled = loop {
            tokio::select! {
                filled = &mut filling => break filled?,
                _ = tell.tick() => {
                    let to = simulation::status(service, WHO).await?.clock.recorded_to;
                    tracing::info!("demo neighbourhood: recorded to {}", to.date_naive());
                }
            }
        };
        tracing::info!("demo neighbourhood: recorded from {} to {}", filled.from, filled.to);
        Ok(())
    }

    /// The trades of each month, as far as it has come.
    pub(super) async fn trade(&self, service: &Service, members: &[Member]) -> Result<(), Error> {
        let now = simulation::status(service, WHO).await?.clock.current_datetime;
        // The month that is over comes last: by it the next start sees that all have traded.
        for month in [self.month.next(), self.month] {
            let first = month.first();
            let known = traded(service, month).await?;
            for trade in simulator::neighbourhood::trades(members, first.year(), first.month()) {
                let at = self.at(first + TimeDelta::days(trade.day.into()), trade.minute);
                if at < now && !known.contains(&at) {
                    trades::post(service, WHO, Some(&WORLD.into()), posted(trade, at)).await?;
                }
            }
        }
        Ok(())
    }

    /// The bills of the month that is over, as soon as its energy is summed up.
    pub(super) async fn bill(&self, service: &Service) -> Result<(), Error> {
        let month = self.month;
        if !service::bills::runs(service, WHO, Some(&WORLD.into()), Some(month)).await?.is_empty() {
            return Ok(());
        }
        let mut look = interval(LOOK);
        summed_up(service, &mut look).await;
        let new = NewRun { site: WORLD.into(), month, issue: true };
        let mut run = service::bills::run(service, WHO, new).await?;
        while run.state == RunState::Running {
            look.tick().await;
            run = service::bills::progress(service, WHO, RunId(run.id)).await?.run;
        }
        tracing::info!(
            "demo neighbourhood: {} bills of {} issued, {} held back",
            run.issued,
            run.month,
            run.held_back
        );
        Ok(())
    }
}

/// Waits until what is stored is summed up, but for the newest.
pub(super) async fn summed_up(service: &Service, look: &mut Interval) {
    while service.metrics().rollup.waiting >= NEARLY_SUMMED_UP {
        look.tick().await;
    }
}

/// When the trades of a month were agreed.
async fn traded(service: &Service, month: Month) -> Result<Vec<DateTime<Utc>>, Error> {
    let trades = trades::list(service, WHO, None, Some(month), None).await?;
    Ok(trades.into_iter().map(|trade| trade.timestamp).collect())
}

async fn has_records(service: &Service) -> Result<bool, Error> {
    let status = simulation::status(service, WHO).await?;
    let meters = simulation::meters(service, WHO).await?;
    let Some(first) = meters.first().filter(|_| status.meters > 0) else { return Ok(false) };
    Ok(!simulation::records(service, WHO, first.id, 1).await?.is_empty())
}

fn posted(trade: Trade, at: DateTime<Utc>) -> NewTrade {
    NewTrade {
        buyer_meter_id: MeterRef::Name(trade.buyer),
        seller_meter_id: MeterRef::Name(trade.seller),
        units_kwh: trade.units_kwh.to_f64().unwrap_or_default(),
        price_per_kwh: trade.price_per_kwh.to_f64().unwrap_or_default(),
        timestamp: Some(at),
    }
}
