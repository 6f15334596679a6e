//! What holds at an instant: from readings, or where those are too many or gone, power from the
//! quarter-hours, hours and days that they were rolled up to.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Field;
use domain::energy::staleness::gap_limit;
use domain::energy::window::Window;
use domain::history::Trouble;
use domain::history::reduce::{Reduced, ReducedPoint, reduce};
use domain::history::view::{Basis, HALF, Line};
use storage::readings::FieldAsked;

use super::{Chosen, Loading, find};
use crate::Error;
use crate::energy::series::{self, Resolution};

/// Readings that are looked at for a page, and for one of its series at least.
const MOST_READINGS: i64 = 400_000;
const FEWEST_READINGS: i64 = 20_000;
/// The longest stretch of readings: longer ones have quarter-hours in columns no finer.
const OF_READINGS: TimeDelta = TimeDelta::days(10);
const OF_HOURS: TimeDelta = TimeDelta::days(93);
/// Values that the database hands over for a series, about.
const FINEST: i32 = 4_000;
/// Rows of rolled-up power at most: ten years of days.
const MOST_ROWS: u32 = 4_000;

/// A series, or why there is none.
type Loaded = (Option<Line>, Option<Trouble>);

/// The values of a field.
pub(super) async fn load(
    page: &Loading<'_>,
    chosen: &Chosen,
    field: Field,
    earlier: Option<TimeDelta>,
) -> Result<Loaded, Error> {
    let window = page.window(earlier);
    let by = earlier.unwrap_or_default();
    let reading = Reading::of(page, chosen, field, window);
    let is_power = field == Field::ActivePowerKw;
    if !is_power || (reading.is_kept() && window.to - window.from <= OF_READINGS) {
        if let Some((samples, limit)) = reading.samples().await? {
            if samples.is_empty() && !reading.is_given() {
                return Ok((None, Some(reading.lacks())));
            }
            let trouble = (!is_power && !reading.is_kept()).then(|| reading.dropped());
            let line = place(page, &samples, window, limit, by, Basis::Readings);
            return Ok((Some(line), trouble.flatten()));
        }
        if !is_power {
            return Ok((None, Some(reading.too_long())));
        }
    }
    rolled_up(page, chosen, window, by).await.map(|line| (Some(line), None))
}

/// Samples as a line in the columns of the page, `by` later than they were.
fn place(
    page: &Loading<'_>,
    samples: &[ReducedPoint],
    window: Window,
    limit: TimeDelta,
    by: TimeDelta,
    basis: Basis,
) -> Line {
    let later = |sample: &ReducedPoint| ReducedPoint {
        from: sample.from + by,
        to: sample.to + by,
        ..*sample
    };
    let moved: Vec<ReducedPoint> = samples.iter().map(later).collect();
    let window = Window { from: window.from + by, to: window.to + by };
    let reduced: Reduced = reduce(&moved, page.columns, window, limit);
    Line::Instant { reduced, basis }
}

/// Readings of a meter.
struct Reading<'a> {
    page: &'a Loading<'a>,
    chosen: &'a Chosen,
    field: Field,
    window: Window,
    poll: TimeDelta,
    /// Readings before it are dropped; none where none ever were.
    kept_from: Option<DateTime<Utc>>,
    most: i64,
}

impl<'a> Reading<'a> {
    fn of(page: &'a Loading<'a>, chosen: &'a Chosen, field: Field, window: Window) -> Self {
        let known = page.service.registry().known();
        let id = chosen.meter.id;
        let lines = i64::try_from(page.count).unwrap_or(1).max(1)
            * if page.before().is_some() { 2 } else { 1 };
        let most = (MOST_READINGS / lines).max(FEWEST_READINGS);
        let (poll, kept_from) =
            (known.poll_within(id, window.from, window.to), known.frozen.get(&id).copied());
        Self { page, chosen, field, window, poll, kept_from, most }
    }

    fn is_kept(&self) -> bool {
        self.kept_from.is_none_or(|from| from <= self.window.from)
    }

    /// The samples in order of time, and how long a silence may be; none where there are too many
    /// readings to look through.
    async fn samples(&self) -> Result<Option<(Vec<ReducedPoint>, TimeDelta)>, Error> {
        let (Window { from, to }, id) = (self.window, self.chosen.meter.id);
        let limit = gap_limit(self.poll);
        if to <= from {
            return Ok(Some((Vec::new(), limit)));
        }
        let every = self.poll.num_milliseconds().max(1);
        if (to - from).num_milliseconds() / every > self.most {
            return Ok(None);
        }
        let pool = self.page.service.pool();
        let mut corrected = storage::readings::corrections::of(pool, &[id], from, to).await?;
        corrected.retain(|correction| correction.field == self.field);
        let without: Vec<_> = corrected.iter().map(|correction| correction.at).collect();
        let step = ((to - from) / FINEST).max(TimeDelta::seconds(1)).min(limit / 2);
        let asked = FieldAsked {
            meter: id,
            field: self.field,
            from,
            to,
            step,
            without: &without,
            limit: self.most,
        };
        let (mut samples, looked_at) = storage::readings::field(pool, asked).await?;
        if looked_at >= self.most {
            return Ok(None);
        }
        samples.extend(corrected.iter().filter_map(|c| Some(ReducedPoint::of(c.at, c.value?))));
        samples.sort_by_key(|sample| sample.from);
        Ok(Some((samples, limit)))
    }

    /// Whether the meter gives such a value at all.
    fn is_given(&self) -> bool {
        let (service, site) = (self.page.service, self.chosen.meter.site);
        let given = |live: &crate::live::SiteLive| {
            find::channels(live, self.chosen.meter.id).contains(&self.chosen.channel)
        };
        service.live().with(site, given).unwrap_or(false)
    }

    fn lacks(&self) -> Trouble {
        Trouble::Lacks { meter: self.chosen.meter.name.clone(), channel: self.chosen.channel }
    }

    fn too_long(&self) -> Trouble {
        let seconds = self.poll.num_seconds().max(1).saturating_mul(self.most);
        let longest = (self.window.to - self.window.from).num_days();
        Trouble::Long {
            meter: self.chosen.meter.name.clone(),
            channel: self.chosen.channel,
            // A meter may be read more often than is known.
            days: (seconds / 86_400).min(longest / 2).max(1),
        }
    }

    fn dropped(&self) -> Option<Trouble> {
        let since = self.page.shown.site.date_at(self.kept_from?);
        let (meter, channel) = (self.chosen.meter.name.clone(), self.chosen.channel);
        Some(Trouble::Dropped { meter, channel, since })
    }
}

/// Power as it was rolled up. What is read to less than half, or not over yet, has no power to show.
async fn rolled_up(
    page: &Loading<'_>,
    chosen: &Chosen,
    window: Window,
    by: TimeDelta,
) -> Result<Line, Error> {
    let (resolution, length, basis) = match window.to - window.from {
        long if long <= OF_READINGS => {
            (Resolution::Quarter, TimeDelta::minutes(15), Basis::Quarters)
        }
        long if long <= OF_HOURS => (Resolution::Hour, TimeDelta::hours(1), Basis::Hours),
        _ => (Resolution::Day, TimeDelta::days(1), Basis::Days),
    };
    // The step that the window begins in belongs to it.
    let asked = Window { from: window.from - length, to: window.to };
    let site = &page.shown.site;
    let ids = [chosen.meter.id];
    let rows = series::load(page.service, site, &ids, asked, resolution, MOST_ROWS).await?;
    let now = page.now();
    let over = rows.iter().filter(|row| row.end <= now && row.end > window.from);
    let samples: Vec<ReducedPoint> = over.filter(|row| row.coverage >= HALF).map(sample).collect();
    // The step under way is no gap.
    let heard_to = window.to.min(now) - length;
    let known = Window { from: window.from, to: heard_to.max(window.from) };
    Ok(place(page, &samples, known, length / 2, by, basis))
}

/// The mean over the time that was read and over gaps between two readings: what passed in these is known.
fn sample(row: &series::Step) -> ReducedPoint {
    let hours = (row.end - row.start).as_seconds_f64() / 3600.0 * row.backed;
    let mean = (row.counted.import_kwh - row.counted.export_kwh) / hours;
    let (least, highest) = row.counted.power_kw;
    ReducedPoint {
        from: row.start,
        to: row.end,
        min: least.map_or(mean, |least| least.min(mean)),
        mean,
        max: highest.map_or(mean, |highest| highest.max(mean)),
        count: hours,
    }
}
