//! What passed in the pieces of quarter-hours at the ends of a window.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::energy::QUARTER;
use domain::energy::interval::Interval;
use domain::energy::window::{self, Bracket, Window};
use domain::sites::Site;
use domain::{Kwh, MeterId};
use storage::span::Span;

use super::found::{Found, QUIET};
use super::parts::{self, Cut};
use super::{Counted, REACH, by_instant};
use crate::operation::clock;
use crate::recount::{Piece, pieces};
use crate::{Error, Service};

/// What passed in the pieces of quarter-hours at the ends of the window.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Edged {
    pub(super) import: Kwh,
    pub(super) export: Kwh,
    /// The part of both whose place is a guess.
    pub(super) estimated: Kwh,
    /// Litres by its own fuel counter.
    pub(super) diesel_l: Option<f64>,
    pub(super) runtime_s: f64,
    pub(super) starts: i64,
    /// Seconds whose energy is known.
    pub(super) backed_s: f64,
}

impl std::ops::AddAssign for Edged {
    fn add_assign(&mut self, other: Self) {
        self.import += other.import;
        self.export += other.export;
        self.estimated += other.estimated;
        self.diesel_l = [self.diesel_l, other.diesel_l].into_iter().flatten().reduce(|a, b| a + b);
        self.runtime_s += other.runtime_s;
        self.starts += other.starts;
        self.backed_s += other.backed_s;
    }
}

impl From<Interval> for Edged {
    fn from(fold: Interval) -> Self {
        Self {
            import: fold.import,
            export: fold.export,
            estimated: fold.estimated,
            diesel_l: fold.diesel_litres,
            runtime_s: fold.runtime_seconds,
            starts: i64::from(fold.starts),
            backed_s: fold.backed_seconds(),
        }
    }
}

/// A piece of a quarter-hour, from one instant to another, with the readings around them.
#[derive(Debug, Clone, Copy)]
struct Ending {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    start: Bracket,
    end: Bracket,
}

impl Ending {
    /// Whether it is all that was read of its quarter-hour yet.
    fn is_all_so_far(&self) -> bool {
        parts::floor(self.from) == self.from && self.end.after.is_none()
    }
}

/// What meters counted by their intervals.
pub(super) async fn by_sums(
    service: &Service,
    site: &Site,
    window: Window,
    cut: &Cut,
    found: Vec<Found<'_>>,
    is_computed: bool,
) -> Result<Vec<(MeterId, Counted)>, Error> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let pool = service.pool();
    let ids: Vec<MeterId> = found.iter().map(|found| found.meter.id).collect();
    let inner = [cut.first, cut.last];
    let brackets = if inner == [window.from, window.to] {
        HashMap::new()
    } else {
        by_instant(storage::readings::brackets(pool, &ids, &inner, REACH).await?)
    };
    let endings: Vec<Vec<Ending>> =
        found.iter().map(|found| endings(found, window, cut, &brackets)).collect();
    let now = clock::now(service, site);
    let folded: Vec<(usize, usize)> = (0..found.len())
        .flat_map(|meter| (0..endings[meter].len()).map(move |end| (meter, end)))
        .filter(|&(meter, end)| {
            let ending = &endings[meter][end];
            !ending.is_all_so_far() || found[meter].under_way(ending, now).is_none()
        })
        .collect();
    let asked: Vec<Piece> = folded
        .iter()
        .map(|&(meter, end)| {
            let Ending { from, to, .. } = endings[meter][end];
            Piece(Span { meter: found[meter].meter.id, from, to })
        })
        .collect();
    let known = service.registry().known();
    let computed = pieces(pool, &known, &asked).await?;
    let mut computed: HashMap<_, _> = folded.into_iter().zip(computed).collect();
    let mut all = Vec::with_capacity(found.len());
    for (meter, found) in found.iter().enumerate() {
        let mut edged = Edged::default();
        for (end, ending) in endings[meter].iter().enumerate() {
            let fold = computed.remove(&(meter, end)).flatten().map(Edged::from);
            let part = fold.or_else(|| found.by_share(cut, ending));
            let energy = found.under_way(ending, now);
            edged += match (energy, part) {
                (Some(Edged { import, export, backed_s, .. }), Some(part)) => {
                    Edged { import, export, backed_s, ..part }
                }
                (known, part) => known.or(part).unwrap_or_default(),
            };
        }
        all.push((found.meter.id, found.by_intervals(site, window, cut, edged, is_computed)));
    }
    Ok(all)
}

/// The pieces at the ends: one where the window lies in one quarter-hour.
fn endings(
    found: &Found<'_>,
    window: Window,
    cut: &Cut,
    brackets: &HashMap<(MeterId, DateTime<Utc>), Bracket>,
) -> Vec<Ending> {
    let inner = |at| brackets.get(&(found.meter.id, at)).copied().unwrap_or_default();
    let (from, to, start, end) = (window.from, window.to, found.start, found.end);
    let pieces = if cut.first > cut.last {
        vec![Ending { from, to, start, end }]
    } else {
        vec![
            Ending { from, to: cut.first, start, end: inner(cut.first) },
            Ending { from: cut.last, to, start: inner(cut.last), end },
        ]
    };
    pieces.into_iter().filter(|piece| piece.from < piece.to).collect()
}

impl Found<'_> {
    /// By the registers, in the quarter-hour that is under way and where nothing happened to them in it:
    /// what it will be computed to is not settled yet.
    fn under_way(&self, ending: &Ending, now: DateTime<Utc>) -> Option<Edged> {
        let start = parts::floor(ending.from);
        let row = |start| self.edges.iter().find(|edge| edge.bucket_start == start);
        let rows = [Some(row(start)?), row(start - QUARTER)];
        let is_quiet = rows.into_iter().flatten().all(|row| row.flags & !QUIET == 0);
        let exports = rows.into_iter().flatten().any(|row| row.export_kwh > 0.0);
        // Where it is read more seldom than import, the readings around an end do not know of it.
        let is_unread = exports && !(shows_export(&ending.start) && shows_export(&ending.end));
        if start + QUARTER <= now || !is_quiet || self.corrected || is_unread {
            return None;
        }
        let window = Window { from: ending.from, to: ending.to };
        let ends = window::ends(self.meter, self.poll, window, &ending.start, &ending.end)?;
        let backed_s = (ends.to - ends.from).as_seconds_f64();
        let known = |(import, export)| Edged { import, export, backed_s, ..Edged::default() };
        ends.difference.map(known)
    }

    /// By its share of the quarter-hour, where no readings are left.
    fn by_share(&self, cut: &Cut, ending: &Ending) -> Option<Edged> {
        let start = parts::floor(ending.from);
        let row = self.edges.iter().find(|edge| edge.bucket_start == start)?;
        let share = self.share(cut, start);
        Some(Edged {
            import: Kwh(row.import_kwh * share),
            export: Kwh(row.export_kwh * share),
            estimated: Kwh(row.estimated_kwh * share),
            diesel_l: row.diesel_l.map(|litres| litres * share),
            runtime_s: row.runtime_s * share,
            starts: if share > 0.0 { i64::from(row.starts) } else { 0 },
            backed_s: (f64::from(row.coverage) * 900.0 + row.bridged_s) * share,
        })
    }
}

/// Whether one of the readings around an instant has the register of export.
pub(super) fn shows_export(bracket: &Bracket) -> bool {
    [bracket.before, bracket.after].into_iter().flatten().any(|sample| sample.export_kwh.is_some())
}
