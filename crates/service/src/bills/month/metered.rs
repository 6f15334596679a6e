//! What meters counted in a month, the way round in which it is billed.
//!
//! A meter that feeds the node above it counts what it delivers as import and what it draws as export:
//! on its bill the one is production and the other consumption.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use domain::bills::{GapQuarter, Guessed, Piece, Point, QuarterHour, estimated};
use domain::energy::QUARTER;
use domain::energy::staleness::{FORGOTTEN_AFTER, told_to};
use domain::month::Month;
use domain::sites::Site;
use domain::{MeterId, Quality};
use sqlx::PgPool;
use storage::bills::{Days, Quarters, Standing};
use storage::energy::intervals::SAME_KWH;

use super::Billing;
use crate::Error;

/// What was read of the meters of a month.
#[derive(Default)]
pub(super) struct Metered {
    pub(super) days: HashMap<MeterId, Days>,
    pub(super) standings: HashMap<MeterId, Standing>,
    /// Meters that are billed by the quarter-hour.
    pub(super) timed: HashSet<MeterId>,
    quarters: HashMap<MeterId, Quarters>,
    gaps: HashMap<MeterId, Vec<GapQuarter>>,
    /// Those of which quarter-hours that the bill would rest on are gone.
    pub(super) thinned: HashSet<MeterId>,
    export_read: HashMap<MeterId, DateTime<Utc>>,
}

impl Metered {
    /// Reads the days.
    pub(super) async fn read(
        pool: &PgPool,
        billing: &Billing,
        meters: &[MeterId],
    ) -> Result<Self, Error> {
        let month = billing.from()..billing.reached();
        let days = async {
            let days = billing.days();
            let found = storage::bills::days(pool, meters, days.start, days.end);
            let since = month.end.min(billing.now) - FORGOTTEN_AFTER;
            let export_read = storage::energy::intervals::export_read(pool, meters, since);
            Ok::<_, Error>(tokio::try_join!(found, export_read)?)
        };
        let ((days, export_read), standings) = tokio::try_join!(days, standings(pool, meters))?;
        // A day on which a meter was turned round counts both ways.
        let turned =
            standings.values().filter(|standing| standing.turns().any(|at| month.contains(&at)));
        let timed = turned.map(|standing| standing.meter).collect();
        let days: HashMap<_, _> = days.into_iter().map(|days| (days.meter, days)).collect();
        let guessed = days.values().filter(|days| days.estimated.iter().any(|kwh| *kwh > 0.0));
        let guessed: Vec<MeterId> = guessed.map(|days| days.meter).collect();
        let mut gaps: HashMap<MeterId, Vec<GapQuarter>> = HashMap::new();
        if !guessed.is_empty() {
            // A gap that goes on beyond the month is seen one quarter-hour before and after it.
            let (from, to) = (month.start - QUARTER, month.end + QUARTER);
            for gap in storage::bills::gaps(pool, &guessed, from, to).await? {
                gaps.entry(gap.meter).or_default().push(gap);
            }
        }
        Ok(Self { days, standings, timed, gaps, export_read, ..Self::default() })
    }

    /// Until when it told what passed it in both directions, of the time up to an instant.
    pub(super) fn told_to(&self, meter: MeterId, to: DateTime<Utc>) -> DateTime<Utc> {
        told_to(to, self.export_read.get(&meter).copied())
    }

    /// Reads the quarter-hours of the meters that they are asked for, and of which some are gone.
    pub(super) async fn read_quarters(
        &mut self,
        pool: &PgPool,
        billing: &Billing,
    ) -> Result<(), Error> {
        let timed: Vec<MeterId> = self.timed.iter().copied().collect();
        if timed.is_empty() {
            return Ok(());
        }
        let found =
            storage::bills::quarters(pool, &timed, billing.from(), billing.reached()).await?;
        self.quarters = found.into_iter().map(|found| (found.meter, found)).collect();
        let differs = |meter: &&MeterId| {
            let quarters = self.quarters.get(meter);
            self.days.get(meter).is_some_and(|days| !adds_up(&billing.site, days, quarters))
        };
        let suspects: Vec<MeterId> = timed.iter().filter(differs).copied().collect();
        if !suspects.is_empty() {
            // They may have been written between the two readings: one statement decides.
            self.thinned = storage::bills::thinned(pool, &suspects, &spans(billing)).await?;
        }
        Ok(())
    }

    /// What is billed: quarter-hours where they are asked for, else days.
    pub(super) fn series(&self, billing: &Billing, meter: MeterId) -> Vec<Point> {
        let standing = self.standings.get(&meter);
        if self.timed.contains(&meter) {
            let quarters = self.quarters.get(&meter);
            return quarters
                .map(|found| points(&billing.site, found, standing))
                .unwrap_or_default();
        }
        self.days.get(&meter).map(|days| by_day(&billing.site, days, standing)).unwrap_or_default()
    }

    /// What gaps carry across a boundary that matters; all that lies in gaps, where the quarter-hours
    /// that would tell are gone.
    pub(super) fn guessed(&self, billing: &Billing, meter: MeterId, pieces: &[Piece]) -> Guessed {
        let Some(gaps) = self.gaps.get(&meter) else {
            let guessed = |days: &Days| {
                let kwh: f64 = days.estimated.iter().sum();
                let seconds = if kwh > 0.0 { days.bridged_s.iter().sum() } else { 0.0 };
                Guessed { kwh, seconds }
            };
            return self.days.get(&meter).map(guessed).unwrap_or_default();
        };
        estimated(pieces, gaps, |at| billing.site.local(at))
    }
}

impl Billing {
    /// The quarter-hours of a meter as they stand now.
    pub(crate) async fn quarter_hours(
        &self,
        pool: &PgPool,
        meter: MeterId,
    ) -> Result<Vec<QuarterHour>, Error> {
        let found = storage::bills::quarters(pool, &[meter], self.from(), self.reached()).await?;
        let Some(found) = found.first() else { return Ok(Vec::new()) };
        let standings = standings(pool, &[meter]).await?;
        let points = points(&self.site, found, standings.get(&meter));
        let each = found.starts.iter().zip(points).zip(&found.quality);
        let of = |((at, point), quality): ((&DateTime<Utc>, Point), &_)| QuarterHour {
            at: *at,
            end: *at + QUARTER,
            point,
            quality: *quality,
        };
        Ok(each.map(of).collect())
    }

    /// What a bill was computed from, days or quarter-hours, with its instants.
    pub(crate) fn as_billed(&self, series: &[Point]) -> Vec<QuarterHour> {
        let by_day = series.iter().all(|point| point.start.time() == NaiveTime::MIN);
        let mut from = self.from();
        let mut found = Vec::with_capacity(series.len());
        for point in series {
            // Where the clock is set back, the same time comes twice: the second one is later.
            let local = self.site.zone.from_local_datetime(&point.start);
            let both = [local.earliest(), local.latest()].into_iter().flatten();
            let at = both.map(|at| at.to_utc()).find(|at| *at >= from);
            let at = at.unwrap_or_else(|| self.site.day_start(point.start.date()));
            let next = point.start.date().succ_opt();
            let end =
                next.filter(|_| by_day).map_or(at + QUARTER, |next| self.site.day_start(next));
            let guessed = point.estimated > 0.0;
            let quality = if guessed { Quality::Estimated } else { Quality::Good };
            found.push(QuarterHour { at, end, point: *point, quality });
            from = end;
        }
        found
    }
}

/// Consumed and produced by meters in a month, kWh.
pub(crate) async fn energy(
    pool: &PgPool,
    site: &Site,
    month: Month,
    meters: &[MeterId],
) -> Result<HashMap<MeterId, (f64, f64)>, Error> {
    let days = month.days();
    let sums = async {
        let sums = storage::bills::totals(pool, meters, days.start, days.end);
        Ok::<_, Error>(sums.await?)
    };
    let (mut sums, standings) = tokio::try_join!(sums, standings(pool, meters))?;
    let feeding = standings.into_values().filter(Standing::ever_feeds);
    for standing in feeding {
        let meter = standing.meter;
        let (from, to) = (site.day_start(days.start), site.day_start(days.end));
        let turned = standing.turns().any(|at| (from..to).contains(&at));
        let points = if turned {
            let found = storage::bills::quarters(pool, &[meter], from, to).await?;
            found.first().map(|found| points(site, found, Some(&standing)))
        } else {
            let found = storage::bills::days(pool, &[meter], days.start, days.end).await?;
            found.first().map(|found| by_day(site, found, Some(&standing)))
        };
        let sum = |of: fn(&Point) -> f64| points.iter().flatten().map(of).sum();
        sums.insert(meter, (sum(|point| point.import), sum(|point| point.export)));
    }
    Ok(sums)
}

async fn standings(pool: &PgPool, meters: &[MeterId]) -> Result<HashMap<MeterId, Standing>, Error> {
    let found = storage::bills::standings(pool, meters).await?;
    Ok(found.into_iter().map(|standing| (standing.meter, standing)).collect())
}

/// Whether quarter-hours are all that the days were summed up from.
fn adds_up(site: &Site, days: &Days, quarters: Option<&Quarters>) -> bool {
    let mut left: BTreeMap<NaiveDate, (f64, f64)> = BTreeMap::new();
    for (date, (import, export)) in days.dates.iter().zip(days.import.iter().zip(&days.export)) {
        left.insert(*date, (*import, *export));
    }
    if let Some(found) = quarters {
        for (at, (import, export)) in
            found.starts.iter().zip(found.import.iter().zip(&found.export))
        {
            let day = left.entry(site.date_at(*at)).or_default();
            *day = (day.0 - import, day.1 - export);
        }
    }
    left.values().all(|(import, export)| import.abs().max(export.abs()) <= SAME_KWH)
}

/// The days of the month with their beginnings and ends.
fn spans(billing: &Billing) -> Vec<(NaiveDate, DateTime<Utc>, DateTime<Utc>)> {
    let days = billing.month.first().iter_days();
    let ends = billing.starts.iter().zip(billing.starts.iter().skip(1));
    days.zip(ends).map(|(day, (start, end))| (day, *start, *end)).collect()
}

fn by_day(site: &Site, days: &Days, standing: Option<&Standing>) -> Vec<Point> {
    let starts =
        days.dates.iter().map(|date| (date.and_time(NaiveTime::MIN), site.day_start(*date)));
    directed(starts, (&days.import, &days.export), (&days.coverage, &days.estimated), standing)
}

fn points(site: &Site, found: &Quarters, standing: Option<&Standing>) -> Vec<Point> {
    let starts = found.starts.iter().map(|at| (site.local(*at), *at));
    directed(starts, (&found.import, &found.export), (&found.coverage, &found.estimated), standing)
}

/// Columns as points, each turned round where the meter fed the node above it.
fn directed(
    starts: impl Iterator<Item = (NaiveDateTime, DateTime<Utc>)>,
    (import, export): (&[f64], &[f64]),
    (coverage, estimated): (&[f32], &[f64]),
    standing: Option<&Standing>,
) -> Vec<Point> {
    let energy = import.iter().zip(export);
    let trust = coverage.iter().zip(estimated);
    let mut points = Vec::with_capacity(import.len());
    for (((start, at), (import, export)), (coverage, estimated)) in starts.zip(energy).zip(trust) {
        let feeds = standing.is_some_and(|standing| standing.feeds_at(at));
        let (import, export) = if feeds { (*export, *import) } else { (*import, *export) };
        let (coverage, estimated) = (f64::from(*coverage), *estimated);
        points.push(Point { start, import, export, coverage, estimated });
    }
    points
}
