//! Readings of meters, with the corrections in their place.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::energy::interval::Read;
use domain::{MeterId, Quality, Reading};
use sqlx::PgPool;
use storage::readings::corrections::Correction;
use storage::span::Span;

use crate::recount::filled::LONGEST_GAP;
use crate::{Error, instants};

/// Readings of a batch's meters, with the corrections in their place.
pub(crate) struct Reader<'a> {
    pub(crate) pool: &'a PgPool,
    corrections: HashMap<(MeterId, DateTime<Utc>), Vec<Correction>>,
}

impl<'a> Reader<'a> {
    pub(crate) async fn open(pool: &'a PgPool, meters: &[MeterId]) -> Result<Self, Error> {
        let (from, to) = (instants::EARLIEST, instants::FAR);
        let mut corrections: HashMap<_, Vec<_>> = HashMap::new();
        for correction in storage::readings::corrections::of(pool, meters, from, to).await? {
            corrections.entry((correction.meter, correction.at)).or_default().push(correction);
        }
        Ok(Self { pool, corrections })
    }

    /// The same with one more correction, which takes the place of an earlier one of the same value.
    pub(super) fn with(mut self, correction: Correction) -> Self {
        self.corrections.entry((correction.meter, correction.at)).or_default().push(correction);
        self
    }

    pub(crate) async fn spans(&self, spans: &[Span]) -> Result<Vec<Vec<Read>>, Error> {
        Ok(self.corrected(spans, storage::readings::spans(self.pool, spans).await?))
    }

    /// Whole readings of a span, a page at a time, with the first few after it.
    pub(crate) async fn whole(
        &self,
        span: Span,
        page: u32,
        after: u32,
    ) -> Result<Vec<Read>, Error> {
        let read = |reading: Reading| Read {
            at: reading.at,
            quality: reading.quality,
            is_estimate: reading.is_estimate(),
            values: reading.values,
        };
        let mut reads: Vec<Read> = Vec::new();
        let Span { meter, from, to } = span;
        loop {
            let last = reads.last().map(|read| read.at);
            let found = storage::readings::page(self.pool, meter, from, to, last, page).await?;
            if found.is_empty() {
                break;
            }
            reads.extend(found.into_iter().map(read));
        }
        let far = to + LONGEST_GAP;
        let next = storage::readings::page(self.pool, meter, to, far, None, after).await?;
        reads.extend(next.into_iter().map(read));
        let mut corrected = self.corrected(&[span], vec![reads]);
        Ok(corrected.pop().unwrap_or_default())
    }

    pub(crate) async fn following(
        &self,
        spans: &[Span],
        limit: u32,
    ) -> Result<Vec<Vec<Read>>, Error> {
        Ok(self.corrected(spans, storage::readings::following(self.pool, spans, limit).await?))
    }

    fn corrected(&self, spans: &[Span], mut found: Vec<Vec<Read>>) -> Vec<Vec<Read>> {
        if self.corrections.is_empty() {
            return found;
        }
        for (span, reads) in spans.iter().zip(&mut found) {
            for read in reads {
                for correction in self.corrections.get(&(span.meter, read.at)).into_iter().flatten()
                {
                    read.values.set(correction.field, correction.value);
                    (read.quality, read.is_estimate) = (Quality::Corrected, false);
                }
            }
        }
        found
    }
}
