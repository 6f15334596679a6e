//! What passed in the pieces of quarter-hours at the ends of a window.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::site::Site;
use domain::window::{self, Bracket, Window};
use domain::{Kwh, MeterId};
use storage::readings::Span;

use super::found::{Found, QUIET};
use super::parts::{self, Cut};
use super::{Counted, REACH, by_instant};
use crate::rollup::{Piece, pieces};
use crate::{Error, Service};

/// Energy in the piece of a quarter-hour at an end of the window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edged {
    pub(super) import: Kwh,
    pub(super) export: Kwh,
}

/// A piece of a quarter-hour, from one instant to another, with the readings around them.
#[derive(Debug, Clone, Copy)]
struct Ending {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    start: Bracket,
    end: Bracket,
}

/// Meters whose registers alone do not say what they counted.
pub(super) async fn by_sums(
    service: &Service,
    site: &Site,
    window: Window,
    cut: &Cut,
    found: Vec<Found<'_>>,
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
    let folded: Vec<(usize, usize)> = (0..found.len())
        .flat_map(|meter| (0..endings[meter].len()).map(move |end| (meter, end)))
        .filter(|&(meter, end)| found[meter].by_registers_at(&endings[meter][end]).is_none())
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
        let mut edged = Edged { import: Kwh::ZERO, export: Kwh::ZERO };
        for (end, ending) in endings[meter].iter().enumerate() {
            let fold = computed.remove(&(meter, end)).flatten();
            let fold = fold.map(|fold| Edged { import: fold.import, export: fold.export });
            let by_share = || found.by_share(cut, ending);
            if let Some(part) = found.by_registers_at(ending).or(fold).or_else(by_share) {
                edged.import += part.import;
                edged.export += part.export;
            }
        }
        all.push((found.meter.id, found.by_intervals(site, window, cut, edged)));
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
    /// By the registers, where nothing happened to them in the quarter-hour.
    fn by_registers_at(&self, ending: &Ending) -> Option<Edged> {
        let start = parts::floor(ending.from);
        let row = self.edges.iter().find(|edge| edge.bucket_start == start)?;
        if row.flags & !QUIET != 0 || self.corrected {
            return None;
        }
        let window = Window { from: ending.from, to: ending.to };
        let ends = window::ends(self.meter, self.poll, window, &ending.start, &ending.end)?;
        ends.difference.map(|(import, export)| Edged { import, export })
    }

    /// By its share of the quarter-hour, where no readings are left.
    fn by_share(&self, cut: &Cut, ending: &Ending) -> Option<Edged> {
        let start = parts::floor(ending.from);
        let row = self.edges.iter().find(|edge| edge.bucket_start == start)?;
        let share = self.share(cut, start);
        Some(Edged { import: Kwh(row.import_kwh * share), export: Kwh(row.export_kwh * share) })
    }
}
