//! What passed in the pieces of quarter-hours at the ends of a window.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::energy::QUARTER;
use domain::energy::window::{self, Bracket, Window};
use domain::sites::Site;
use domain::{Kwh, MeterId};
use storage::span::Span;

use super::Counted;
use super::found::{EnergyInputs, QUIET, shows_export};
use super::parts::{self, Cut, Edged};
use crate::operation::clock;
use crate::recount::{Piece, pieces};
use crate::{Core, Error};

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
    service: &Core,
    site: &Site,
    (window, cut): (Window, &Cut),
    found: Vec<EnergyInputs<'_>>,
    brackets: &HashMap<(MeterId, DateTime<Utc>), Bracket>,
    is_computed: bool,
) -> Result<Vec<(MeterId, Counted)>, Error> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let now = clock::now(service, site);
    let ends = cut.pieces();
    let endings: Vec<Vec<Ending>> =
        found.iter().map(|found| endings(found, window, &ends, brackets)).collect();
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
    let computed = pieces(service.figures_pool(), &known, &asked).await?;
    let mut computed: HashMap<_, _> = folded.into_iter().zip(computed).collect();
    let mut all = Vec::with_capacity(found.len());
    for (meter, found) in found.iter().enumerate() {
        let mut edged = Edged::default();
        let mut edges = [(0.0, 0.0); 2];
        for (end, ending) in endings[meter].iter().enumerate() {
            let fold = computed.remove(&(meter, end)).flatten().map(Edged::from);
            let part = fold.or_else(|| found.by_share(cut, ending));
            let energy = found.under_way(ending, now);
            let piece = match (energy, part) {
                (Some(Edged { import, export, backed_s, .. }), Some(part)) => {
                    Edged { import, export, backed_s, ..part }
                }
                (known, part) => known.or(part).unwrap_or_default(),
            };
            edges[usize::from(ending.from >= cut.first)] = (piece.import.0, piece.export.0);
            edged += piece;
        }
        let counted = found.by_intervals(site, window, cut, edged, is_computed);
        all.push((found.meter.id, Counted { edges: Some(edges), ..counted }));
    }
    Ok(all)
}

/// The pieces at the ends, with the readings around them: those within the window are known of the quarter-hour that is
/// under way.
fn endings(
    found: &EnergyInputs<'_>,
    window: Window,
    ends: &[Window],
    brackets: &HashMap<(MeterId, DateTime<Utc>), Bracket>,
) -> Vec<Ending> {
    let around = |at: DateTime<Utc>| {
        if at == window.from {
            found.start
        } else if at == window.to {
            found.end
        } else {
            brackets.get(&(found.meter.id, at)).copied().unwrap_or_default()
        }
    };
    let ending =
        |&Window { from, to }: &Window| Ending { from, to, start: around(from), end: around(to) };
    ends.iter().map(ending).collect()
}

impl EnergyInputs<'_> {
    /// By the registers, in the quarter-hour that is under way and where nothing happened to them in it:
    /// what it will be computed to is not settled yet.
    fn under_way(&self, ending: &Ending, now: DateTime<Utc>) -> Option<Edged> {
        let start = parts::floor(ending.from);
        let rows = [Some(self.row(start)?), self.row(start - QUARTER)];
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
        let row = self.row(start)?;
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
