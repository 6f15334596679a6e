//! What the bills of a site's month are computed from.

mod corrected;
mod metered;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use chrono::{DateTime, NaiveDate, Utc};
use domain::MeterId;
use domain::bills::settlement::Settled;
use domain::bills::tariff::{Assignment, Direction, Versions};
use domain::bills::{Beside, Inputs, Piece, Point, Side};
use domain::month::Month;
use domain::sites::Site;
use sha2::{Digest as _, Sha256};
use sqlx::{PgExecutor, PgPool};
use storage::bills::{Days, DraftKey, Standing};

use crate::prices::{Served, pieces};
use metered::Metered;
pub(crate) use metered::energy;

use crate::Error;
use crate::bills::trades;

/// A site's month that is billed.
#[derive(Debug, Clone)]
pub(crate) struct Billing {
    pub(crate) site: Site,
    pub(crate) month: Month,
    /// The present on the site's clock.
    pub(crate) now: DateTime<Utc>,
    /// The instants at which the billed days begin, and the one at which the last of them ends.
    starts: Vec<DateTime<Utc>>,
    /// The first day after those that have come.
    until: NaiveDate,
    /// Dates of the month that the site's clock leaves out.
    left_out: Vec<NaiveDate>,
    versions: Versions,
    own: HashMap<MeterId, Vec<Assignment>>,
    usual: Vec<Piece>,
    trades: HashMap<MeterId, Vec<Settled>>,
    trade_count: usize,
}

/// What a meter is billed from.
#[derive(Debug, Clone)]
pub(crate) struct Basis {
    pub(crate) inputs: Inputs,
    /// Whether a part of it is not kept any more: then there is no bill to be made of it.
    pub(crate) is_frozen: bool,
    pub(crate) beside: Beside,
}

/// The inputs of bills, but for their quarter-hours.
pub(crate) struct Begun {
    all: Vec<Inputs>,
    metered: Metered,
    sides: HashMap<MeterId, Side>,
    questions: HashMap<MeterId, usize>,
}

impl Begun {
    /// Differs where the bills may, but for the energy of their days.
    pub(crate) fn fingerprint(&self, billing: &Billing) -> String {
        let mut hash = Sha256::new();
        let mut add = |part: String| hash.update(part + "\n");
        add(format!("{:?} {:?}", billing.site, billing.site.date_at(billing.now)));
        for inputs in &self.all {
            let standing = self.metered.standings.get(&inputs.meter);
            add(format!("{inputs:?} {standing:?} {:?}", self.sides.get(&inputs.meter)));
        }
        format!("{:?}", hash.finalize())
    }
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
        let dates = days.start.iter_days().take_while(|day| *day < days.end);
        let left_out = dates.filter(|day| !site.has_day(*day)).collect();
        let versions = async { Ok::<_, Error>(storage::bills::tariffs::of(pool, site.id).await?) };
        let (mut versions, settled) =
            tokio::try_join!(versions, trades::of_month(pool, &site, month))?;
        let mut own: HashMap<MeterId, Vec<Assignment>> = HashMap::new();
        for given in std::mem::take(&mut versions.assignments) {
            own.entry(given.meter).or_default().push(given);
        }
        let whole = Served { days: days.clone(), until, of: days };
        let usual = pieces(&site, &versions, None, &whole);
        let (trade_count, trades) = (settled.len(), trades::by_meter(&settled));
        Ok(Self {
            site,
            month,
            now,
            starts,
            until,
            left_out,
            versions,
            own,
            usual,
            trades,
            trade_count,
        })
    }

    /// As what bills of the month are stored.
    pub(crate) fn key(&self) -> DraftKey {
        DraftKey { site: self.site.id, month: self.month, at: self.now }
    }

    /// When the month begins.
    pub(crate) fn from(&self) -> DateTime<Utc> {
        self.site.day_start(self.month.first())
    }

    /// When the month ends.
    pub(crate) fn to(&self) -> DateTime<Utc> {
        self.site.day_start(self.month.next().first())
    }

    /// The days that have come, of which alone is billed: what is dated later was so by a clock that was ahead.
    pub(crate) fn days(&self) -> Range<NaiveDate> {
        self.month.first()..self.until
    }

    /// When the days that have come end.
    pub(crate) fn reached(&self) -> DateTime<Utc> {
        self.site.day_start(self.until)
    }

    /// Whether the month is not over yet.
    pub(crate) fn is_running(&self) -> bool {
        self.now < self.to()
    }

    /// Whether most meters are priced by the quarter-hour.
    pub(crate) fn needs_quarters(&self) -> bool {
        self.usual.iter().any(|piece| piece.terms.needs_quarters())
    }

    /// Whether no trade was posted since this was loaded; asked while bills of the month are held.
    pub(crate) async fn has_all_trades(&self, db: impl PgExecutor<'_>) -> Result<bool, Error> {
        let now = storage::bills::trades::count(db, self.site.id, self.from(), self.to()).await?;
        Ok(now == self.trade_count)
    }

    /// Those of the meters whose month is not all computed yet.
    pub(crate) async fn behind(
        &self,
        pool: &PgPool,
        meters: &[MeterId],
    ) -> Result<HashSet<MeterId>, Error> {
        Ok(storage::rollup::behind(pool, meters, self.from(), self.to()).await?)
    }

    /// Those of the meters of whose month a part could not be computed and stands aside.
    pub(crate) async fn set_aside(
        &self,
        pool: &PgPool,
        meters: &[MeterId],
    ) -> Result<HashSet<MeterId>, Error> {
        let aside =
            storage::operation::set_aside::among(pool, meters, self.from(), self.to()).await?;
        Ok(aside.into_iter().collect())
    }

    /// Reads the inputs of the bills of these meters, without corrections of earlier ones and without quarter-hours.
    async fn read(&self, pool: &PgPool, meters: &[MeterId]) -> Result<Begun, Error> {
        let beside = async {
            let sides = storage::bills::resource_sides(pool, meters);
            let (from, to) = (self.from(), self.to());
            let questions = storage::energy::quarantine::open(pool, meters, from, to);
            Ok::<_, Error>(tokio::try_join!(sides, questions)?)
        };
        let (mut metered, (sides, questions)) =
            tokio::try_join!(Metered::read(pool, self, meters), beside)?;
        let mut all = Vec::with_capacity(meters.len());
        for meter in meters {
            let (days, standing) = (metered.days.get(meter), metered.standings.get(meter));
            let served = self.served(standing, days);
            let pieces = self.pieces(*meter, &served);
            let guessed = metered.guessed(self, *meter, &pieces);
            let told_to = |end| metered.told_to(*meter, end);
            let coverage = |days| self.coverage(days, standing, &served, guessed.seconds, told_to);
            let coverage = days.map_or(0.0, coverage);
            if pieces.iter().any(|piece| piece.terms.needs_quarters()) {
                metered.timed.insert(*meter);
            }
            all.push(Inputs {
                meter: *meter,
                month: self.month,
                currency: self.site.currency.clone(),
                side: Side::Consumer,
                pieces,
                coverage,
                estimated: guessed.kwh,
                left_out: self.left_out.clone(),
                series: Vec::new(),
                trades: self.trades.get(meter).cloned().unwrap_or_default(),
                corrections: Vec::new(),
            });
        }
        Ok(Begun { all, metered, sides, questions })
    }

    /// With the quarter-hours of those that are priced by them.
    pub(crate) async fn complete(&self, pool: &PgPool, begun: Begun) -> Result<Vec<Basis>, Error> {
        let Begun { all, mut metered, sides, questions } = begun;
        metered.read_quarters(pool, self).await?;
        let basis = |inputs: Inputs| {
            let series = metered.series(self, inputs.meter);
            let by_data = side(&inputs.pieces, &series);
            let side = sides.get(&inputs.meter).copied().unwrap_or(by_data);
            let is_frozen =
                metered.thinned.contains(&inputs.meter) || self.lacks_days(&inputs, &series);
            let questions = questions.get(&inputs.meter).copied().unwrap_or_default();
            let beside = Beside { questions, tariff_ends: self.tariff_end(&inputs) };
            Basis { inputs: Inputs { side, series, ..inputs }, is_frozen, beside }
        };
        Ok(all.into_iter().map(basis).collect())
    }

    /// The tariff of a meter after whose last version nothing prices energy, and from when on.
    fn tariff_end(&self, inputs: &Inputs) -> Option<(String, NaiveDate)> {
        let last = inputs.pieces.last().filter(|piece| piece.id.is_some())?;
        let version = self.versions.versions.iter().find(|version| Some(version.id) == last.id)?;
        let version = self.versions.versions.iter().filter(|other| other.name == version.name);
        let ends =
            version.map(|version| version.valid_to).max_by_key(|to| to.unwrap_or(NaiveDate::MAX));
        let on = ends.flatten().filter(|on| {
            self.site.price_per_kwh.is_none() && *on <= self.month.next().next().first()
        })?;
        Some((last.name.clone(), on))
    }

    /// Whether the month begins before what the site keeps, and days of its beginning are gone.
    fn lacks_days(&self, inputs: &Inputs, series: &[Point]) -> bool {
        let first = inputs.pieces.first().map_or(self.month.first(), |piece| piece.from);
        let is_old = first < self.site.retention.kept(self.site.date_at(self.now)).days;
        is_old && series.first().is_none_or(|point| point.start.date() > first)
    }

    /// The days of the month on which a meter was there.
    fn served(&self, standing: Option<&Standing>, days: Option<&Days>) -> Served {
        let installed = standing.and_then(|standing| standing.installed_at);
        let retired = standing.and_then(|standing| standing.retired_at);
        let counted = days.into_iter().flat_map(Days::counted);
        let served = Served::of(&self.site, self.month, (installed, retired), counted);
        Served { until: self.until, ..served }
    }

    /// The days by what a meter is priced with.
    fn pieces(&self, meter: MeterId, served: &Served) -> Vec<Piece> {
        let own = self.own.get(&meter);
        if own.is_none() && served.is_whole() {
            return self.usual.clone();
        }
        let assignments = own.cloned().unwrap_or_default();
        let versions = Versions { versions: self.versions.versions.clone(), assignments };
        pieces(&self.site, &versions, Some(meter), served)
    }

    /// Share of the time in which a meter was there, as far as it has come, whose energy its readings
    /// tell: what lies between two of them is exact, however far apart they are, unless it is `guessed`
    /// (seconds) on which side of a boundary that matters it lies. What it delivered is told up to `told_to`
    /// of the end.
    fn coverage(
        &self,
        days: &Days,
        standing: Option<&Standing>,
        served: &Served,
        guessed: f64,
        told_to: impl Fn(DateTime<Utc>) -> DateTime<Utc>,
    ) -> f64 {
        let first = self.month.first();
        let seconds = |day: &NaiveDate| {
            let place = usize::try_from((*day - first).num_days()).ok()?;
            Some((*self.starts.get(place + 1)? - *self.starts.get(place)?).as_seconds_f64())
        };
        let of_days = days.dates.iter().zip(&days.coverage);
        let read: f64 =
            of_days.filter_map(|(day, coverage)| Some(seconds(day)? * f64::from(*coverage))).sum();
        let covered = read + days.bridged_s.iter().sum::<f64>() - guessed;
        let (begin, end) = (self.begin_of(standing, served), self.end_of(standing, served));
        let expected = (end - begin).as_seconds_f64();
        let covered = covered.min((told_to(end) - begin).as_seconds_f64());
        if expected > 0.0 { (covered / expected).clamp(0.0, 1.0) } else { 0.0 }
    }

    fn begin_of(&self, standing: Option<&Standing>, served: &Served) -> DateTime<Utc> {
        let begin = self.site.day_start(served.days.start);
        let installed = standing.and_then(|standing| standing.installed_at);
        let within = installed.filter(|at| self.site.date_at(*at) == served.days.start);
        within.map_or(begin, |at| at.max(begin))
    }

    fn end_of(&self, standing: Option<&Standing>, served: &Served) -> DateTime<Utc> {
        let end = self.site.day_start(served.days.end.min(self.until)).min(self.now);
        let retired = standing.and_then(|standing| standing.retired_at);
        let is_last =
            |at: &DateTime<Utc>| self.site.date_at(*at).succ_opt() == Some(served.days.end);
        retired.filter(is_last).map_or(end, |at| at.min(end))
    }
}

/// As what a meter is billed, by its tariff and what it counted.
fn side(pieces: &[Piece], series: &[Point]) -> Side {
    let pays = pieces.iter().any(|piece| piece.terms.prices(Direction::Export));
    let exports = series.iter().any(|point| point.export > 0.0);
    if pays || exports { Side::Prosumer } else { Side::Consumer }
}
