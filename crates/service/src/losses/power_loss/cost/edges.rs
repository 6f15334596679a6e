//! What passed in the parts of quarter-hours with which windows begin and end.
//!
//! It was counted with the energy of the window; else it is folded as a whole quarter-hour is, so that each part of it
//! is priced where it lies. If the readings for it are gone, it has its share.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::window::Window;
use domain::energy::{QUARTER, floor};
use sqlx::PgPool;
use storage::span::Span;

use crate::Error;
use crate::losses::power_loss::cost::Lost;
use crate::recount::{Piece, pieces};
use crate::registry::Known;

/// A meter and a piece of a quarter-hour.
type Key = (MeterId, DateTime<Utc>, DateTime<Utc>);

/// Import and export of the pieces with which windows begin and end, kWh.
#[derive(Default)]
pub(crate) struct Edges(HashMap<Key, (f64, f64)>);

impl Edges {
    /// For the meters of these losses.
    pub(crate) async fn load<'l>(
        pool: &PgPool,
        known: &Known,
        lost: impl Iterator<Item = &'l Lost<'l>>,
    ) -> Result<Self, Error> {
        let mut edges = Self::default();
        let mut asked = BTreeSet::new();
        for lost in lost {
            for (place, end) in ends(lost.window).into_iter().enumerate() {
                let Some((from, to)) = end else { continue };
                for (meter, _) in lost.members() {
                    let counted = lost.counted.and_then(|counted| counted.get(&meter)?.edges);
                    if let Some(passed) = counted {
                        edges.0.insert((meter, from, to), passed[place]);
                    } else {
                        asked.insert((meter, from, to));
                    }
                }
            }
        }
        let asked: Vec<Key> = asked.into_iter().collect();
        let spans: Vec<Piece> =
            asked.iter().map(|&(meter, from, to)| Piece(Span { meter, from, to })).collect();
        let mut gone = Vec::new();
        for (key, fold) in asked.into_iter().zip(pieces(pool, known, &spans).await?) {
            match fold {
                Some(fold) => drop(edges.0.insert(key, (fold.import.0, fold.export.0))),
                None => gone.push(key),
            }
        }
        edges.share(pool, &gone).await?;
        Ok(edges)
    }

    async fn share(&mut self, pool: &PgPool, gone: &[Key]) -> Result<(), Error> {
        if gone.is_empty() {
            return Ok(());
        }
        let meters: Vec<MeterId> = gone.iter().map(|(meter, ..)| *meter).collect();
        let starts: Vec<_> = gone.iter().filter_map(|(_, from, _)| floor(*from, QUARTER)).collect();
        let rows = storage::energy::edges(pool, &meters, &starts).await?;
        let rows: HashMap<(MeterId, DateTime<Utc>), _> =
            rows.iter().map(|row| ((row.meter(), row.bucket_start), row)).collect();
        for &(meter, from, to) in gone {
            let row = floor(from, QUARTER).and_then(|start| rows.get(&(meter, start)));
            let Some(row) = row else { continue };
            let share = (to - from).as_seconds_f64() / QUARTER.as_seconds_f64();
            let passed = (row.import_kwh * share, row.export_kwh * share);
            self.0.insert((meter, from, to), passed);
        }
        Ok(())
    }

    /// Of a meter at the begin and at the end of a window.
    pub(crate) fn of(&self, meter: MeterId, window: Window) -> [(f64, f64); 2] {
        ends(window).map(|piece| {
            let key = piece.map(|(from, to)| (meter, from, to));
            key.and_then(|key| self.0.get(&key)).copied().unwrap_or_default()
        })
    }
}

/// The pieces of quarter-hours with which a window begins and ends; none where that is a whole one, or it ends
/// in the one that it begins in.
fn ends(Window { from, to }: Window) -> [Option<(DateTime<Utc>, DateTime<Utc>)>; 2] {
    let start = |at| floor(at, QUARTER).filter(|start| *start < at);
    let begin = start(from).map(|start| (from, (start + QUARTER).min(to)));
    let end = start(to).filter(|start| *start >= from).map(|start| (start, to));
    [begin, end]
}
