//! What the meters of a site counted in a window.
//!
//! The ends of the window are judged by the register readings around them. Between them the energy is
//! the difference of the registers, which is exact and needs no sum; where a register was set back,
//! exchanged, corrected or doubted, or where only intervals are left, it is the sum of the whole days
//! and quarter-hours, with what passed at the edges.
//!
//! Quarter-hours that are over but not computed yet are waited for a moment, so that what was stored
//! is counted. The quarter-hour that is under way always waits for its computation; it is read from
//! the registers, and costs no wait.

mod parts;

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::interval::Flags;
use domain::meter::Meter;
use domain::site::Site;
use domain::trail::{QUARTER, Sample};
use domain::window::{self, Bracket, Ends, Known, Window};
use domain::{Kwh, MeterId};
use storage::energy::{Edge, Sum};
use storage::readings::RegisterSample;

use crate::window::POLL_WITHOUT_DEVICE;
use crate::{Error, Service};
use parts::Cut;

/// How far from a window's end a register reading may lie and still say something about it.
const REACH: TimeDelta = TimeDelta::days(31);
/// How long a computation under way is waited for, and how often it is asked after.
const PATIENCE: Duration = Duration::from_secs(2);
const ASK_EVERY: Duration = Duration::from_millis(20);
/// More quarter-hours than this are a history being loaded, which is not waited for.
const MOST_AWAITED: u64 = 20_000;

/// What a meter counted, with what its other counters say and what it was computed from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Counted {
    /// Its energy; none where nothing bears on the window.
    pub(crate) known: Option<Known>,
    /// The part of the energy whose place is a guess.
    pub(crate) estimated: Kwh,
    /// Litres by its own fuel counter.
    pub(crate) diesel_litres: Option<f64>,
    /// Running time by its counter, hours.
    pub(crate) runtime_hours: f64,
    /// How often it was started.
    pub(crate) starts: u32,
    /// What happened to its registers.
    pub(crate) flags: Flags,
    /// The readings around the beginning and the end.
    pub(crate) start: Bracket,
    /// See `start`.
    pub(crate) end: Bracket,
}

/// What each of the meters counted.
pub(crate) async fn counted(
    service: &Service,
    site: &Site,
    meters: &[&Meter],
    window: Window,
) -> Result<HashMap<MeterId, Counted>, Error> {
    let ids: Vec<MeterId> = meters.iter().map(|meter| meter.id).collect();
    let cut = Cut::of(site, window);
    caught_up(service, &ids, window).await?;
    let pool = service.pool();
    let reach = REACH.max(window.to - window.from);
    let ends = [window.from, window.to];
    let (brackets, sums, edges) = tokio::try_join!(
        storage::readings::brackets(pool, &ids, &ends, reach),
        storage::energy::sums(pool, &ids, cut.parts),
        storage::energy::edges(pool, &ids, &cut.edges),
    )?;
    let corrections =
        storage::corrections::of(pool, &ids, window.from - reach, window.to + reach).await?;
    let mut brackets = by_instant(brackets);
    let mut sums: HashMap<_, _> = sums.into_iter().map(|sum| (sum.meter(), sum)).collect();
    let mut edges_of: HashMap<MeterId, Vec<Edge>> = HashMap::new();
    for edge in edges {
        edges_of.entry(edge.meter()).or_default().push(edge);
    }
    let known = service.registry().known();
    let mut all = HashMap::with_capacity(meters.len());
    let mut doubtful = Vec::new();
    for &meter in meters {
        let every = known.polls.get(&meter.id).copied().unwrap_or(POLL_WITHOUT_DEVICE);
        let found = Found {
            meter,
            poll: every,
            start: brackets.remove(&(meter.id, window.from)).unwrap_or_default(),
            end: brackets.remove(&(meter.id, window.to)).unwrap_or_default(),
            sum: sums.remove(&meter.id),
            edges: edges_of.remove(&meter.id).unwrap_or_default(),
            corrected: corrections.iter().any(|correction| correction.meter == meter.id),
        };
        match found.by_registers(window, &cut) {
            Some(counted) => drop(all.insert(meter.id, counted)),
            None => doubtful.push(found),
        }
    }
    for (id, counted) in by_sums(service, site, window, &cut, doubtful).await? {
        all.insert(id, counted);
    }
    Ok(all)
}

/// Waits until what is stored of whole quarter-hours is computed, for a moment.
pub(crate) async fn caught_up(
    service: &Service,
    ids: &[MeterId],
    window: Window,
) -> Result<(), Error> {
    // A reading after the end tells how the last quarter-hour of the window ends.
    let to = (window.to + QUARTER).min(Utc::now() - QUARTER);
    let wait = async {
        loop {
            let pending = storage::energy::pending(service.pool(), ids, window.from - QUARTER, to);
            if !(1..=MOST_AWAITED).contains(&pending.await?) {
                return Ok(());
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap_or(Ok(()))
}

/// What was found of one meter.
struct Found<'a> {
    meter: &'a Meter,
    poll: TimeDelta,
    start: Bracket,
    end: Bracket,
    sum: Option<Sum>,
    edges: Vec<Edge>,
    corrected: bool,
}

impl Found<'_> {
    fn flags(&self) -> Flags {
        let edges = self.edges.iter().fold(0, |flags, edge| flags | edge.flags);
        Flags(self.sum.as_ref().map_or(0, |sum| sum.flags) | edges)
    }

    /// Whether the difference of the registers may not be the energy.
    fn is_doubtful(&self) -> bool {
        let quiet = Flags::GAP.0 | Flags::DERIVED.0;
        self.corrected || self.flags().0 & !quiet != 0
    }

    fn ends(&self, window: Window) -> Option<Ends> {
        window::ends(self.meter, self.poll, window, &self.start, &self.end)
    }

    /// By the difference of its registers; none where that may not be the energy.
    fn by_registers(&self, window: Window, cut: &Cut) -> Option<Counted> {
        if self.is_doubtful() {
            return None;
        }
        let Some(ends) = self.ends(window) else {
            let nothing = self.sum.is_none() && self.edges.is_empty();
            return nothing.then(|| self.counted(None, cut));
        };
        let (import, export) = ends.difference?;
        Some(self.counted(Some(ends.with(import, export)), cut))
    }

    /// With what the other counters say.
    fn counted(&self, known: Option<Known>, cut: &Cut) -> Counted {
        let parts = || self.edges.iter().map(|edge| (edge, cut.share(edge.bucket_start)));
        let edge_litres = parts().filter_map(|(edge, share)| Some(edge.diesel_l? * share));
        let litres: Vec<f64> =
            self.sum.iter().filter_map(|sum| sum.diesel_l).chain(edge_litres).collect();
        let seconds: f64 = self.sum.iter().map(|sum| sum.runtime_s).sum::<f64>()
            + parts().map(|(edge, share)| edge.runtime_s * share).sum::<f64>();
        let starts = self.sum.iter().map(|sum| sum.starts).sum::<i64>()
            + parts()
                .filter(|(_, share)| *share > 0.0)
                .map(|(edge, _)| i64::from(edge.starts))
                .sum::<i64>();
        let estimated = self.sum.iter().map(|sum| sum.estimated_kwh).sum::<f64>()
            + parts().map(|(edge, share)| edge.estimated_kwh * share).sum::<f64>();
        Counted {
            known,
            estimated: Kwh(estimated),
            diesel_litres: (!litres.is_empty()).then(|| litres.iter().sum()),
            runtime_hours: seconds / 3600.0,
            starts: u32::try_from(starts).unwrap_or(u32::MAX),
            flags: self.flags(),
            start: self.start,
            end: self.end,
        }
    }

    /// By its intervals: the whole ones, with what passed at the edges.
    fn by_intervals(&self, site: &Site, window: Window, cut: &Cut, edges: [Edged; 2]) -> Counted {
        let sum = |of: fn(&Sum) -> f64| self.sum.as_ref().map_or(0.0, of);
        let import = Kwh(sum(|sum| sum.import_kwh)) + edges[0].import + edges[1].import;
        let export = Kwh(sum(|sum| sum.export_kwh)) + edges[0].export + edges[1].export;
        let ends = self.ends(window).or_else(|| self.ends_of_intervals(site, window, cut));
        let measured =
            self.sum.is_some() || self.edges.iter().any(|e| cut.share(e.bucket_start) > 0.0);
        self.counted(ends.filter(|_| measured).map(|ends| ends.with(import, export)), cut)
    }

    /// Where no register reading is left: from the first interval to the last.
    fn ends_of_intervals(&self, site: &Site, window: Window, cut: &Cut) -> Option<Ends> {
        let (mut from, mut to, mut covered) = (None::<DateTime<Utc>>, None::<DateTime<Utc>>, 0.0);
        let mut stretch = |start: DateTime<Utc>, end: DateTime<Utc>| {
            from = Some(from.map_or(start, |from| from.min(start)));
            to = Some(to.map_or(end, |to| to.max(end)));
        };
        let mut uncertain = 0.0;
        if let Some(sum) = &self.sum {
            covered += sum.covered_s;
            if let (Some(first), Some(last)) = (sum.first_day, sum.last_day) {
                stretch(site.day_start(first), site.day_start(last.succ_opt().unwrap_or(last)));
            }
            if let (Some(first), Some(last)) = (sum.first_quarter, sum.last_quarter) {
                stretch(first, last + QUARTER);
            }
        }
        for edge in &self.edges {
            let share = cut.share(edge.bucket_start);
            if share > 0.0 {
                stretch(edge.bucket_start, edge.bucket_start + QUARTER);
                covered += f64::from(edge.coverage) * share * QUARTER.as_seconds_f64();
                uncertain += edge.estimated_kwh;
            }
        }
        let (from, to) = (from?.max(window.from), to?.min(window.to));
        let coverage = covered / (window.to - window.from).as_seconds_f64();
        let coverage = coverage.clamp(0.0, 1.0);
        Some(Ends::of_intervals(self.poll, from, to, Kwh(uncertain), coverage))
    }
}

/// Energy in the piece of a quarter-hour at an end of the window.
#[derive(Debug, Clone, Copy)]
struct Edged {
    import: Kwh,
    export: Kwh,
}

impl Edged {
    const NONE: Self = Self { import: Kwh::ZERO, export: Kwh::ZERO };
}

/// Meters whose registers alone do not say what they counted.
async fn by_sums(
    service: &Service,
    site: &Site,
    window: Window,
    cut: &Cut,
    found: Vec<Found<'_>>,
) -> Result<Vec<(MeterId, Counted)>, Error> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<MeterId> = found.iter().map(|found| found.meter.id).collect();
    let inner = [cut.first, cut.last];
    let needed = inner != [window.from, window.to];
    let mut brackets = if needed {
        by_instant(storage::readings::brackets(service.pool(), &ids, &inner, REACH).await?)
    } else {
        HashMap::new()
    };
    let mut all = Vec::with_capacity(found.len());
    for found in found {
        let mut inner = |at| brackets.remove(&(found.meter.id, at)).unwrap_or_default();
        let (first, last) = (inner(cut.first), inner(cut.last));
        let head = found.edge(cut, (window.from, &found.start), (cut.first, &first));
        let tail = found.edge(cut, (cut.last, &last), (window.to, &found.end));
        let edges = if cut.first <= cut.last { [head, tail] } else { [head, Edged::NONE] };
        all.push((found.meter.id, found.by_intervals(site, window, cut, edges)));
    }
    Ok(all)
}

impl Found<'_> {
    /// Energy from one instant to another of the same quarter-hour: by the registers where nothing
    /// happened to them in it, else its share of the quarter-hour.
    fn edge(
        &self,
        cut: &Cut,
        (from, start): (DateTime<Utc>, &Bracket),
        (to, end): (DateTime<Utc>, &Bracket),
    ) -> Edged {
        if to <= from {
            return Edged::NONE;
        }
        let row = self.edges.iter().find(|edge| edge.bucket_start == parts::floor(from));
        let calm = row.is_some_and(|row| row.flags & !(Flags::GAP.0 | Flags::DERIVED.0) == 0);
        let by_registers = || {
            let window = Window { from, to };
            let ends = window::ends(self.meter, self.poll, window, start, end)?;
            ends.difference.map(|(import, export)| Edged { import, export })
        };
        let by_share = || {
            // Nothing after the end was read: all of the quarter-hour so far lies before it.
            let whole = end.after.is_none() && from == parts::floor(from);
            let share = if whole { 1.0 } else { cut.share(row?.bucket_start) };
            row.map(|row| Edged {
                import: Kwh(row.import_kwh * share),
                export: Kwh(row.export_kwh * share),
            })
        };
        let edged = if calm { by_registers().or_else(by_share) } else { by_share() };
        edged.unwrap_or(Edged::NONE)
    }
}

fn by_instant(
    brackets: Vec<storage::readings::Bracket>,
) -> HashMap<(MeterId, DateTime<Utc>), Bracket> {
    let around = |found: storage::readings::Bracket| {
        let before = found.before.as_ref().map(sample);
        let after = found.after.as_ref().map(sample);
        ((found.meter, found.instant), Bracket { before, after })
    };
    brackets.into_iter().map(around).collect()
}

fn sample(stored: &RegisterSample) -> Sample {
    Sample {
        at: stored.at,
        total_kwh: stored.total_energy_kwh,
        import_kwh: stored.energy_import_kwh,
        export_kwh: stored.energy_export_kwh,
        power_kw: stored.active_power_kw,
        runtime_hours: stored.runtime_hours,
    }
}
