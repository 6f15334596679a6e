//! Parts of the work that fail: each is tried a few times and then left out, so that it holds up no
//! other, until a person or another version of the program tries it again.

use std::any::Any;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::LazyLock;

use acquisition::panic_message;
use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::month::Month;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use parking_lot::Mutex;
use sqlx::PgConnection;
use storage::operation::set_aside::{Again, Part};

use crate::{Core, Error};

/// How often a part is tried.
const TRIES: u32 = 3;
/// What failed under another build of the program is tried again when this one begins.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let built =
        std::env::current_exe().and_then(std::fs::metadata).and_then(|file| file.modified());
    let built = built.map(|at| DateTime::<Utc>::from(at).to_rfc3339()).unwrap_or_default();
    format!("{} {built}", env!("CARGO_PKG_VERSION"))
});

/// Lets be tried again what failed under another version of the program, but bills, which the task that
/// computes them finds.
pub(crate) async fn again_after_an_update(service: &Core) -> Result<(), Error> {
    let mut transaction = service.pool().begin().await.map_err(storage::Error::from)?;
    let parts =
        storage::operation::set_aside::again(&mut transaction, Again::NotUnder(&VERSION)).await?;
    transaction.commit().await.map_err(storage::Error::from)?;
    if parts > 0 {
        tracing::info!(
            "{parts} parts of the work that failed under another version are tried again"
        );
    }
    Ok(())
}

/// The bills that are to be tried again.
pub(crate) async fn bills_to_try(service: &Core) -> Result<Vec<(MeterId, Month)>, Error> {
    Ok(storage::operation::set_aside::bills_to_try(service.pool(), &VERSION).await?)
}

/// Does a part of the work; a panic in it is an error.
pub(crate) fn caught<'a, T: 'a>(
    work: impl Future<Output = Result<T, Error>> + Send + 'a,
) -> BoxFuture<'a, Result<T, Error>> {
    let fallen = |panic: Box<dyn Any + Send>| Err(Error::Panicked(panic_message(panic.as_ref())));
    AssertUnwindSafe(work).catch_unwind().map(move |done| done.unwrap_or_else(fallen)).boxed()
}

/// How often parts failed that do not stand aside.
#[derive(Debug, Default)]
pub(crate) struct Failures(Mutex<HashMap<Part, u32>>);

impl Failures {
    /// Notes that a part failed; whether it stands aside from now on.
    pub(crate) async fn note(
        &self,
        connection: &mut PgConnection,
        part: Part,
        error: &Error,
    ) -> Result<bool, Error> {
        let failures = {
            let mut failures = self.0.lock();
            let failures = failures.entry(part).or_default();
            *failures += 1;
            *failures
        };
        let (what, cause) = (part.work.as_str(), error.cause_told());
        let (of, start) = (part.of, part.start.to_rfc3339());
        if failures < TRIES && !storage::operation::set_aside::holds(&mut *connection, part).await?
        {
            tracing::warn!(%of, start, "{what} could not be computed, it is tried again: {cause}");
            return Ok(false);
        }
        self.0.lock().remove(&part);
        storage::operation::set_aside::put(connection, part, failures, &cause, &VERSION).await?;
        tracing::error!(%of, start, "{what} could not be computed and is set aside: {cause}");
        Ok(true)
    }

    /// Forgets what was computed after all.
    pub(crate) fn forget(&self, is_done: impl Fn(&Part) -> bool) {
        self.0.lock().retain(|part, _| !is_done(part));
    }
}
