//! What passed in the quarter-hours within which windows begin, from there on.
//!
//! It is folded as a whole quarter-hour is, so that each part of it is priced where it lies; where the
//! readings for it are gone, it has its share.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::trail::{QUARTER, floor};
use domain::window::Window;
use sqlx::PgPool;
use storage::readings::Span;

use super::cost::Lost;
use crate::Error;
use crate::registry::Known;
use crate::rollup::{Piece, pieces};

/// Energy of a piece, kWh.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Passed {
    pub(super) import: f64,
    pub(super) export: f64,
}

/// The pieces with which windows begin.
#[derive(Default)]
pub(super) struct Begun(HashMap<(MeterId, DateTime<Utc>, DateTime<Utc>), Passed>);

impl Begun {
    /// For the meters of these losses.
    pub(super) async fn load<'l>(
        pool: &PgPool,
        known: &Known,
        lost: impl Iterator<Item = &'l Lost<'l>>,
    ) -> Result<Self, Error> {
        let mut asked = BTreeSet::new();
        for lost in lost {
            if let Some((from, to)) = begin(lost.window) {
                asked.extend(lost.members().into_iter().map(|(meter, _)| (meter, from, to)));
            }
        }
        let asked: Vec<_> = asked.into_iter().collect();
        let spans: Vec<Piece> =
            asked.iter().map(|&(meter, from, to)| Piece(Span { meter, from, to })).collect();
        let mut begun = Self::default();
        let mut gone = Vec::new();
        for (key, fold) in asked.into_iter().zip(pieces(pool, known, &spans).await?) {
            match fold {
                Some(fold) => {
                    let passed = Passed { import: fold.import.0, export: fold.export.0 };
                    begun.0.insert(key, passed);
                }
                None => gone.push(key),
            }
        }
        begun.share(pool, &gone).await?;
        Ok(begun)
    }

    async fn share(
        &mut self,
        pool: &PgPool,
        gone: &[(MeterId, DateTime<Utc>, DateTime<Utc>)],
    ) -> Result<(), Error> {
        if gone.is_empty() {
            return Ok(());
        }
        let meters: Vec<MeterId> = gone.iter().map(|(meter, ..)| *meter).collect();
        let starts: Vec<_> = gone.iter().filter_map(|(_, from, _)| floor(*from, QUARTER)).collect();
        let rows = storage::energy::edges(pool, &meters, &starts).await?;
        for &(meter, from, to) in gone {
            let start = floor(from, QUARTER);
            let own = |row: &&storage::energy::Edge| {
                row.meter() == meter && Some(row.bucket_start) == start
            };
            let Some(row) = rows.iter().find(own) else { continue };
            let share = (to - from).as_seconds_f64() / QUARTER.as_seconds_f64();
            let passed = Passed { import: row.import_kwh * share, export: row.export_kwh * share };
            self.0.insert((meter, from, to), passed);
        }
        Ok(())
    }

    /// Of a meter at the begin of a window.
    pub(super) fn of(&self, meter: MeterId, window: Window) -> Passed {
        let key = begin(window).map(|(from, to)| (meter, from, to));
        key.and_then(|key| self.0.get(&key)).copied().unwrap_or_default()
    }
}

/// The piece of a quarter-hour with which a window begins; none where it begins with a whole one.
fn begin(window: Window) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let start = floor(window.from, QUARTER).filter(|start| *start < window.from)?;
    Some((window.from, (start + QUARTER).min(window.to)))
}
