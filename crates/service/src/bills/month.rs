//! What the bills of a site's month are computed from.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use domain::MeterId;
use domain::bill::{Inputs, Month, Piece, Point, Side};
use domain::settlement::Settled;
use domain::site::Site;
use domain::tariff::{Assignment, Direction, EnergyLine, Terms, Version, Versions};
use sqlx::PgPool;
use storage::bills::{Days, Quarters};

use crate::{Error, trades};

/// A site's month that is billed.
#[derive(Debug, Clone)]
pub(crate) struct Billing {
    pub(crate) site: Site,
    pub(crate) month: Month,
    /// The present on the site's clock.
    pub(crate) now: DateTime<Utc>,
    /// The instants at which the billed days begin, and the one at which the last of them ends.
    starts: Vec<DateTime<Utc>>,
    versions: Versions,
    own: HashMap<MeterId, Vec<Assignment>>,
    usual: Vec<Piece>,
    trades: HashMap<MeterId, Vec<Settled>>,
}

impl Billing {
    pub(crate) async fn load(
        pool: &PgPool,
        site: Site,
        month: Month,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let days = month.days();
        let today = site.date_at(now);
        let tomorrow = today.succ_opt().unwrap_or(today);
        let until = tomorrow.clamp(days.start, days.end);
        let starts = days.start.iter_days().take_while(|day| *day <= until);
        let starts = starts.map(|day| site.day_start(day)).collect();
        let mut versions = storage::tariffs::of(pool, site.id).await?;
        let mut own: HashMap<MeterId, Vec<Assignment>> = HashMap::new();
        for given in std::mem::take(&mut versions.assignments) {
            own.entry(given.meter).or_default().push(given);
        }
        let usual = pieces(&site, &versions, None, days.start, until);
        let settled = trades::of_month(pool, &site, month).await?;
        let trades = trades::by_meter(&settled);
        Ok(Self { site, month, now, starts, versions, own, usual, trades })
    }

    /// When the month begins.
    pub(crate) fn from(&self) -> DateTime<Utc> {
        self.site.day_start(self.month.first())
    }

    /// When the month ends.
    pub(crate) fn to(&self) -> DateTime<Utc> {
        self.site.day_start(self.month.next().first())
    }

    /// Whether the month is not over yet.
    pub(crate) fn is_running(&self) -> bool {
        self.now < self.to()
    }

    /// Whether most meters are priced by the quarter-hour.
    pub(crate) fn needs_quarters(&self) -> bool {
        self.usual.iter().any(|piece| piece.terms.needs_quarters())
    }

    /// What these meters are billed from, in the order given.
    pub(crate) async fn inputs(
        &self,
        pool: &PgPool,
        meters: &[MeterId],
    ) -> Result<Vec<Inputs>, Error> {
        let days = self.month.days();
        let sides = storage::bills::resource_sides(pool, meters).await?;
        let found = storage::bills::days(pool, meters, days.start, days.end).await?;
        let found: HashMap<MeterId, Days> =
            found.into_iter().map(|days| (days.meter(), days)).collect();
        let mut all = Vec::with_capacity(meters.len());
        let mut timed = Vec::new();
        for meter in meters {
            let pieces = self.pieces(*meter);
            if pieces.iter().any(|piece| piece.terms.needs_quarters()) {
                timed.push(*meter);
            }
            let of_meter = found.get(meter);
            let pays = pieces.iter().any(|piece| piece.terms.prices(Direction::Export));
            let exports = of_meter.is_some_and(|days| days.export.iter().any(|kwh| *kwh > 0.0));
            let by_data = if pays || exports { Side::Prosumer } else { Side::Consumer };
            all.push(Inputs {
                meter: *meter,
                month: self.month,
                currency: self.site.currency.clone(),
                side: sides.get(meter).copied().unwrap_or(by_data),
                pieces,
                coverage: of_meter.map_or(0.0, |days| self.coverage(days)),
                series: of_meter.map(by_day).unwrap_or_default(),
                trades: self.trades.get(meter).cloned().unwrap_or_default(),
            });
        }
        if !timed.is_empty() {
            let quarters = storage::bills::quarters(pool, &timed, self.from(), self.to()).await?;
            let mut quarters: HashMap<MeterId, Vec<Point>> =
                quarters.iter().map(|found| (found.meter(), self.points(found))).collect();
            // Days cannot stand in here: what quarter-hours were dropped of cannot be billed any more.
            for inputs in all.iter_mut().filter(|inputs| timed.contains(&inputs.meter)) {
                inputs.series = quarters.remove(&inputs.meter).unwrap_or_default();
                if inputs.series.is_empty() {
                    inputs.coverage = 0.0;
                }
            }
        }
        Ok(all)
    }

    /// Quarter-hours on the site's clock.
    pub(crate) fn points(&self, found: &Quarters) -> Vec<Point> {
        let local = |at: &DateTime<Utc>| at.with_timezone(&self.site.zone).naive_local();
        let energy = (found.import.as_slice(), found.export.as_slice());
        points(found.starts.iter().map(local), energy, &found.coverage, &found.estimated)
    }

    /// The month by versions of the tariff that a meter is priced with.
    fn pieces(&self, meter: MeterId) -> Vec<Piece> {
        let Some(own) = self.own.get(&meter) else { return self.usual.clone() };
        let versions =
            Versions { versions: self.versions.versions.clone(), assignments: own.clone() };
        let from = self.month.first();
        let to = self.usual.last().map_or(from, |piece| piece.to);
        pieces(&self.site, &versions, Some(meter), from, to)
    }

    /// Share of the month, or of its time so far, that is backed by readings.
    fn coverage(&self, days: &Days) -> f64 {
        let first = self.month.first();
        let seconds = |day: &NaiveDate| {
            let place = usize::try_from((*day - first).num_days()).ok()?;
            Some((*self.starts.get(place + 1)? - *self.starts.get(place)?).as_seconds_f64())
        };
        let of_days = days.dates.iter().zip(&days.coverage);
        let covered: f64 =
            of_days.filter_map(|(day, coverage)| Some(seconds(day)? * f64::from(*coverage))).sum();
        let end = self.starts.last().copied().unwrap_or(self.now).min(self.now);
        let expected = (end - self.from()).as_seconds_f64();
        if expected > 0.0 { (covered / expected).min(1.0) } else { 0.0 }
    }
}

fn by_day(days: &Days) -> Vec<Point> {
    let starts = days.dates.iter().map(|date| date.and_time(NaiveTime::MIN));
    points(starts, (&days.import, &days.export), &days.coverage, &days.estimated)
}

fn points(
    starts: impl Iterator<Item = NaiveDateTime>,
    (import, export): (&[f64], &[f64]),
    coverage: &[f32],
    estimated: &[f64],
) -> Vec<Point> {
    let energy = import.iter().zip(export);
    let trust = coverage.iter().zip(estimated);
    let mut points = Vec::with_capacity(import.len());
    for ((start, (import, export)), (coverage, estimated)) in starts.zip(energy).zip(trust) {
        points.push(Point {
            start,
            import: *import,
            export: *export,
            coverage: f64::from(*coverage),
            estimated: *estimated,
        });
    }
    points
}

/// The days by the version that prices them. Where none holds, the site's flat price does.
fn pieces(
    site: &Site,
    versions: &Versions,
    meter: Option<MeterId>,
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for day in from.iter_days().take_while(|day| *day < to) {
        let version = versions.at(meter, day);
        let next = day.succ_opt().unwrap_or(day);
        match pieces.last_mut() {
            Some(last) if last.id == version.map(|version| version.id) => last.to = next,
            _ => pieces.push(piece(site, version, day, next)),
        }
    }
    pieces
}

fn piece(site: &Site, version: Option<&Version>, from: NaiveDate, to: NaiveDate) -> Piece {
    if let Some(version) = version {
        let (id, name) = (Some(version.id), version.name.clone());
        let (valid_from, terms) = (Some(version.valid_from), version.terms.clone());
        return Piece { id, name, valid_from, from, to, terms };
    }
    let (name, energy) = match site.price_per_kwh {
        Some(price) => ("Price of the site", vec![EnergyLine::flat(Direction::Import, price)]),
        None => ("No tariff", Vec::new()),
    };
    let terms = Terms { energy, ..Terms::default() };
    Piece { id: None, name: name.to_owned(), valid_from: None, from, to, terms }
}
