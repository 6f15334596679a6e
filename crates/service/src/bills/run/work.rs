//! The worker behind runs. What it has done and where it is are stored in one transaction, so that it
//! can be killed at any time and goes on where it was.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use domain::MeterId;
use domain::bill::{self, LeftOut};
use futures::{StreamExt as _, TryStreamExt as _};
use sqlx::PgPool;
use storage::bill_runs::{self, Run, Step};
use storage::bills::{Computed, Issued, Of};
use tokio_util::sync::CancellationToken;

use crate::bills::month::Basis;
use crate::bills::{Billing, ISSUE_COVERAGE, digest};
use crate::set_aside::caught;
use crate::supervision::{Pulse, panic_message};
use crate::{Error, Service, clock};

/// Runs are looked for this often.
const LOOK: Duration = Duration::from_millis(500);
/// Meters of a piece that are priced by the day, and by the quarter-hour: a hundred times the rows.
const BY_DAY: usize = 1_000;
const BY_QUARTER: usize = 100;
/// Pieces that are read and computed while others are written.
const AHEAD: usize = 2;

/// Does the runs there are, one after the other, until it is told to stop.
pub(crate) async fn work(service: Service, stop: CancellationToken, pulse: Pulse) {
    let all = async {
        loop {
            match one(&service, &pulse).await {
                Ok(()) => pulse.beat(),
                Err(error) => tracing::warn!(%error, "a run of bills is tried again"),
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    stop.run_until_cancelled(Box::pin(all)).await;
}

/// Goes on with the oldest run. A database that is away leaves it under way; any other fault ends it.
async fn one(service: &Service, pulse: &Pulse) -> Result<(), Error> {
    let pool = service.pool();
    let Some(run) = bill_runs::under_way(pool).await? else { return Ok(()) };
    let ended = match caught(go_on(service, &run, pulse)).await {
        Ok(true) => bill_runs::end(pool, run.id, "done", None).await?,
        Ok(false) => None,
        Err(Error::Unavailable) => return Err(Error::Unavailable),
        Err(error) => {
            tracing::error!(run = %run.id, "a run of bills failed: {}", error.cause());
            let problem = error.to_string();
            bill_runs::end(pool, run.id, "failed", Some(&problem)).await?
        }
    };
    if let Some(run) = ended {
        tracing::info!(run = %run.id, done = run.done, issued = run.issued, "{}", run.state);
    }
    Ok(())
}

/// Whether the run came to its end; else it was cancelled, or goes on at the next look.
async fn go_on(service: &Service, run: &Run, pulse: &Pulse) -> Result<bool, Error> {
    let pool = service.pool();
    let site = storage::sites::by_id(pool, run.site()).await?;
    let site = site.ok_or_else(|| Error::no_site(run.site()))?;
    let now = clock::now(service, &site);
    let billing = Arc::new(Billing::load(pool, site, run.month(), now).await?);
    let mut meters =
        storage::bills::to_bill(pool, run.site(), billing.from(), billing.to()).await?;
    meters.retain(|meter| *meter > run.last_meter());
    let at_once = if billing.needs_quarters() { BY_QUARTER } else { BY_DAY };
    let pieces: Vec<Vec<MeterId>> = meters.chunks(at_once).map(<[MeterId]>::to_vec).collect();
    let computed = futures::stream::iter(pieces)
        .map(|piece| compute(pool, Arc::clone(&billing), run.issue, piece))
        .buffered(AHEAD);
    let mut computed = std::pin::pin!(computed);
    let mut from = run.last_meter();
    while let Some(piece) = computed.try_next().await? {
        let Some(piece) = piece else { return Ok(false) };
        let Some(to) = piece.meters.last().copied() else { continue };
        if !write(pool, &billing, run, (from, to), piece).await? {
            return Ok(false);
        }
        from = to;
        pulse.beat();
    }
    Ok(true)
}

/// Some of a run's meters, in order.
struct Piece {
    meters: Vec<MeterId>,
    bills: Vec<(Computed, Basis)>,
    /// Those whose bill could not be computed.
    failed: Vec<MeterId>,
    /// Those of whose energy a part stands aside.
    aside: HashSet<MeterId>,
}

/// None where bills are to be issued and what they rest on is not all computed yet.
async fn compute(
    pool: &PgPool,
    billing: Arc<Billing>,
    issue: bool,
    meters: Vec<MeterId>,
) -> Result<Option<Piece>, Error> {
    if issue && !billing.behind(pool, &meters).await?.is_empty() {
        return Ok(None);
    }
    let aside = billing.set_aside(pool, &meters).await?;
    let bases = billing.inputs(pool, &meters).await?;
    let all = move || {
        let mut piece = Piece { meters, bills: Vec::new(), failed: Vec::new(), aside };
        for basis in bases {
            let meter = basis.inputs.meter;
            match catch_unwind(AssertUnwindSafe(|| priced(&basis))) {
                Ok(computed) => piece.bills.push((computed, basis)),
                Err(panic) => {
                    let cause = panic_message(panic.as_ref());
                    tracing::error!(%meter, "a bill could not be computed: {cause}");
                    piece.failed.push(meter);
                }
            }
        }
        Some(piece)
    };
    tokio::task::spawn_blocking(all).await.map_err(Error::of_ended)
}

fn priced(basis: &Basis) -> Computed {
    let (bill, digest) = (bill::bill(&basis.inputs), digest::of(&basis.inputs));
    Computed { meter: basis.inputs.meter, bill, digest }
}

/// Stores a piece and where the run is. False where the run is not under way any more.
async fn write(
    pool: &PgPool,
    billing: &Billing,
    run: &Run,
    (from, to): (MeterId, MeterId),
    piece: Piece,
) -> Result<bool, Error> {
    let count = piece.meters.len();
    let of = Of { site: run.site(), month: run.month(), at: billing.now };
    let mut db = pool.begin().await.map_err(storage::Error::from)?;
    let held = storage::bills::in_force_among(&mut *db, &piece.meters, run.month()).await?;
    let Parted { issued, drafts, left_out } = part(run, &held, piece);
    let step = Step { from, to, done: count, issued: issued.len(), held_back: left_out.len() };
    if !bill_runs::advance(&mut *db, run.id, step).await? {
        return Ok(false);
    }
    if !left_out.is_empty() {
        bill_runs::leave_out(&mut *db, run.id, &left_out).await?;
    }
    if !issued.is_empty() {
        let first =
            storage::bills::next_numbers(&mut *db, run.site(), run.month(), issued.len()).await?;
        let meters: Vec<MeterId> = issued.iter().map(|issued| issued.computed.meter).collect();
        // Whoever issued one of them a moment ago, or posted a trade, is seen now: the piece is done
        // again.
        let billed = storage::bills::in_force_among(&mut *db, &meters, run.month()).await?;
        if !billed.is_empty() || !billing.has_all_trades(&mut *db).await? {
            return Err(Error::Unavailable);
        }
        let numbers = storage::bills::issue(&mut db, of, first, &issued).await?;
        let detail = serde_json::json!({"run": run.id, "numbers": numbers});
        let subject = format!("site:{}", billing.site.slug);
        storage::audit::add(&mut *db, &run.who, "bills.issue", &subject, &detail).await?;
    }
    if !drafts.is_empty() {
        storage::bills::store_drafts(&mut *db, of, &drafts).await?;
    }
    db.commit().await.map_err(storage::Error::from)?;
    Ok(true)
}

/// What is issued, what stays a draft, and of which meters there is no bill for what reason.
#[derive(Default)]
struct Parted {
    issued: Vec<Issued>,
    drafts: Vec<Computed>,
    left_out: Vec<(MeterId, LeftOut)>,
}

fn part(run: &Run, held: &HashMap<MeterId, String>, piece: Piece) -> Parted {
    let mut parted = Parted::default();
    parted.left_out.extend(piece.failed.into_iter().map(|meter| (meter, LeftOut::Failed)));
    for (computed, basis) in piece.bills {
        let meter = computed.meter;
        let is_aside = piece.aside.contains(&meter);
        let why = why_not(run, held, &computed, &basis);
        let why = why.or((run.issue && is_aside).then_some(LeftOut::SetAside));
        parted.left_out.extend(why.map(|reason| (meter, reason)));
        match why {
            Some(LeftOut::Billed | LeftOut::PeriodFrozen) => {}
            None if run.issue => {
                let inputs = basis.inputs;
                parted.issued.push(Issued { computed, inputs, overridden: None });
            }
            _ => parted.drafts.push(computed),
        }
    }
    parted
}

/// Why a run has no new bill of a meter, or does not issue it.
fn why_not(
    run: &Run,
    held: &HashMap<MeterId, String>,
    computed: &Computed,
    basis: &Basis,
) -> Option<LeftOut> {
    if held.contains_key(&computed.meter) {
        Some(LeftOut::Billed)
    } else if basis.is_frozen {
        Some(LeftOut::PeriodFrozen)
    } else if run.issue && !basis.inputs.has_price() {
        Some(LeftOut::NoTariff)
    } else if run.issue && computed.bill.coverage < ISSUE_COVERAGE {
        Some(LeftOut::LowCoverage)
    } else {
        None
    }
}
