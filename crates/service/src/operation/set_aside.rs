//! Parts of the work that fail: each is tried a few times and then left out, so that it holds up no
//! other, until a person or another version of the program tries it again.

use std::any::Any;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::message::Message;
use domain::month::Month;
use domain::operation::task::Work;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::Serialize;
use sqlx::PgConnection;
use storage::operation::set_aside::{Again, Aside, Of, Part, Whose};

use crate::operation::supervision::panic_message;
use crate::people::audit::Change;
use crate::{Error, Principal, Role, Service, meters, reports, sites};

/// How often a part is tried.
const TRIES: u32 = 3;
/// What failed under another build of the program is tried again when this one begins.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let built =
        std::env::current_exe().and_then(std::fs::metadata).and_then(|file| file.modified());
    let built = built.map(|at| DateTime::<Utc>::from(at).to_rfc3339()).unwrap_or_default();
    format!("{} {built}", env!("CARGO_PKG_VERSION"))
});

/// What could not be computed of a meter, or by a schedule of reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AsideView {
    /// `energy`: quarter-hours of the meter; `hour`, `day`: balances of the node; `derived`: the points of
    /// a virtual meter; `bill`: bills of the meter; `report`: reports by mail.
    pub work: &'static str,
    /// The meter; null of reports, which are of a site.
    pub meter_id: Option<MeterId>,
    /// Its number.
    pub meter_number: Option<String>,
    /// Its name.
    pub meter_name: Option<String>,
    /// How many quarter-hours, hours, days or months.
    pub parts: u64,
    /// The start of the first of them; of bills and reports midnight UTC of the first day of the month.
    pub first: DateTime<Utc>,
    /// The start of the last of them.
    pub last: DateTime<Utc>,
    /// Why the one that failed last did.
    pub error: String,
    /// The same by its code, with what stands in it.
    pub error_said: Message,
    /// When that was.
    pub failed_at: DateTime<Utc>,
    /// The schedule by which reports are sent; null of what is of a meter.
    pub schedule_id: Option<i64>,
}

impl From<Aside> for AsideView {
    fn from(aside: Aside) -> Self {
        let view = Self {
            work: aside.work.as_str(),
            meter_id: None,
            meter_number: None,
            meter_name: None,
            parts: aside.parts,
            first: aside.first,
            last: aside.last,
            error: aside.error.to_string(),
            error_said: aside.error,
            failed_at: aside.failed_at,
            schedule_id: None,
        };
        match aside.whose {
            Whose::Meter { id, number, name } => Self {
                meter_id: Some(id),
                meter_number: Some(number),
                meter_name: Some(name),
                ..view
            },
            Whose::Schedule(id) => Self { schedule_id: Some(id), ..view },
        }
    }
}

/// What was put back to be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TriedAgain {
    /// The meter.
    pub meter_id: MeterId,
    /// How many quarter-hours, hours, days, virtual meters and bills.
    pub parts: u64,
}

/// What was put back to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportsTriedAgain {
    /// The schedule.
    pub schedule_id: i64,
    /// How many reports.
    pub parts: u64,
}

/// What stands aside at a site, what failed last first.
pub async fn list(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
) -> Result<Vec<AsideView>, Error> {
    who.require(Role::Operator)?;
    let site = sites::named(service, site).await?;
    let aside = storage::operation::set_aside::list(service.pool(), site.id).await?;
    Ok(aside.into_iter().map(AsideView::from).collect())
}

/// How many parts of the work stand aside, by kind; kinds without any are absent.
///
/// # Errors
/// The database is away.
pub async fn counts(service: &Service) -> Result<Vec<(Work, u64)>, Error> {
    Ok(storage::operation::set_aside::counts(service.pool()).await?)
}

/// Lets all that stands aside of a meter be tried again. A bill becomes a draft by that, and is issued by
/// whoever issues bills.
pub async fn again(
    service: &Service,
    who: &Principal,
    site: Option<&str>,
    meter: &str,
) -> Result<TriedAgain, Error> {
    who.require(Role::Operator)?;
    let meter_id = meters::find(service, site, meter).await?.id;
    let mut change = Change::begin(service, who).await?;
    let parts =
        storage::operation::set_aside::again(&mut change.db, Again::Of(Of::Meter(meter_id)))
            .await?;
    let tried = TriedAgain { meter_id, parts };
    change.commit("set_aside.again", &format!("meter:{meter_id}"), &tried).await?;
    Ok(tried)
}

/// Lets the reports of a schedule that stand aside be tried again, and sent to whoever waits for them.
pub async fn reports_again(
    service: &Service,
    who: &Principal,
    schedule: &str,
) -> Result<ReportsTriedAgain, Error> {
    who.require(Role::Operator)?;
    let schedule_id = reports::schedule_named(service.pool(), schedule).await?.id;
    let mut change = Change::begin(service, who).await?;
    let of = Of::Schedule(schedule_id);
    let parts = storage::operation::set_aside::again(&mut change.db, Again::Of(of)).await?;
    let tried = ReportsTriedAgain { schedule_id, parts };
    let subject = format!("report_schedule:{schedule_id}");
    change.commit("set_aside.again", &subject, &tried).await?;
    Ok(tried)
}

/// Lets be tried again what failed under another version of the program, but bills, which the task that
/// computes them finds.
pub(crate) async fn again_after_an_update(service: &Service) -> Result<(), Error> {
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
pub(crate) async fn bills_to_try(service: &Service) -> Result<Vec<(MeterId, Month)>, Error> {
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
