//! A piece of a run that fails is taken apart, down to the bill that is at fault: the others are made.

use std::sync::Arc;
use std::time::Duration;

use domain::MeterId;
use domain::bills::Run;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::PgPool;
use storage::operation::set_aside::Part;

use super::piece::Piece;
use crate::Error;
use crate::bills::Billing;
use crate::operation::failures::{Failures, caught};
use crate::operation::supervision::Pulse;

/// What fails is tried again after this.
const PAUSE: Duration = Duration::from_millis(100);

/// What the meters of a run are billed with.
pub(super) struct Biller<'a> {
    pub(super) pool: &'a PgPool,
    pub(super) billing: Arc<Billing>,
    pub(super) run: &'a Run,
    pub(super) failures: &'a Failures,
    pub(super) pulse: &'a Pulse,
}

/// A piece that is computed, or why it could not be; none where the run waits for what it rests on.
type Done = Result<Option<Piece>, Error>;

impl Biller<'_> {
    /// Computes meters before their turn.
    pub(super) async fn ahead(&self, meters: Vec<MeterId>) -> (Vec<MeterId>, Done) {
        let piece = self.computed(&meters).await;
        (meters, piece)
    }

    /// Stores the piece of the meters behind one; of a piece that fails whatever can be. False where the run
    /// is not under way any more, or waits.
    pub(super) async fn whole_or_parts(
        &self,
        from: MeterId,
        meters: &[MeterId],
        piece: Done,
    ) -> Result<bool, Error> {
        match self.stored(from, piece).await {
            Err(error) if error.is_fault() => self.parts(from, meters, error).await,
            done => done,
        }
    }

    async fn computed(&self, meters: &[MeterId]) -> Done {
        let billing = Arc::clone(&self.billing);
        caught(Piece::compute(self.pool, billing, self.run.issue, meters.to_vec())).await
    }

    async fn stored(&self, from: MeterId, piece: Done) -> Result<bool, Error> {
        let Some(piece) = piece? else { return Ok(false) };
        caught(piece.write(self.pool, &self.billing, self.run, from)).await
    }

    fn parts<'a>(
        &'a self,
        from: MeterId,
        meters: &'a [MeterId],
        error: Error,
    ) -> BoxFuture<'a, Result<bool, Error>> {
        async move {
            if let [meter] = meters {
                return self.again(from, *meter, error).await;
            }
            let mut from = from;
            let (one, other) = meters.split_at(meters.len() / 2);
            for half in [one, other] {
                let piece = self.computed(half).await;
                if !self.whole_or_parts(from, half, piece).await? {
                    return Ok(false);
                }
                from = half.last().copied().unwrap_or(from);
            }
            Ok(true)
        }
        .boxed()
    }

    /// Tries a bill that failed again, until it stands aside and the run goes on without it.
    async fn again(&self, from: MeterId, meter: MeterId, first: Error) -> Result<bool, Error> {
        let mut error = first;
        while !self.noted(meter, &error).await? {
            tokio::time::sleep(PAUSE).await;
            self.pulse.beat();
            let piece = self.computed(&[meter]).await;
            match self.stored(from, piece).await {
                Err(fault) if fault.is_fault() => error = fault,
                done => {
                    let part = Part::bill(meter, self.run.month);
                    self.failures.forget(|failed| *failed == part);
                    return done;
                }
            }
        }
        self.stored(from, Ok(Some(Piece::without(meter)))).await
    }

    /// Notes that a bill could not be computed; whether it stands aside from now on, or there is one already
    /// and none is needed.
    async fn noted(&self, meter: MeterId, error: &Error) -> Result<bool, Error> {
        if storage::bills::in_force(self.pool, meter, self.run.month).await?.is_some() {
            return Ok(true);
        }
        let mut connection = self.pool.acquire().await.map_err(storage::Error::from)?;
        self.failures.note(&mut connection, Part::bill(meter, self.run.month), error).await
    }
}
