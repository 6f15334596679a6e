//! Some of a run's meters, in order: what is billed of them, and what of that is stored.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::MeterId;
use domain::bills::{Inputs, LeftOut, Run};
use domain::people::{AccountName, Difference};
use serde_json::json;
use sqlx::PgPool;
use storage::bills::runs::{self, Step};
use storage::bills::{Computed, Issued, corrections};
use storage::people::accounts;
use storage::people::audit::NewEntry;

use crate::Error;
use crate::bills::view::ComputedBill;
use crate::bills::{Billing, ISSUE_COVERAGE};

/// Some of a run's meters, in order.
#[derive(Default)]
pub(super) struct Piece {
    meters: Vec<MeterId>,
    bills: Vec<ComputedBill>,
    /// Those whose bill stands aside.
    failed: Vec<MeterId>,
    /// Those of whose energy a part stands aside.
    aside: HashSet<MeterId>,
}

impl Piece {
    /// None where bills are to be issued and what they rest on is not all computed yet.
    pub(super) async fn compute(
        pool: &PgPool,
        billing: Arc<Billing>,
        issue: bool,
        meters: Vec<MeterId>,
    ) -> Result<Option<Self>, Error> {
        if issue && !billing.behind(pool, &meters).await?.is_empty() {
            return Ok(None);
        }
        let failed = storage::operation::set_aside::bills(pool, &meters, billing.month).await?;
        let tried: Vec<MeterId> =
            meters.iter().copied().filter(|meter| !failed.contains(meter)).collect();
        let aside = billing.set_aside(pool, &tried).await?;
        let bases = billing.inputs(pool, &tried).await?;
        let all = move || {
            let bills = bases.into_iter().map(ComputedBill::of).collect();
            Some(Self { meters, bills, failed, aside })
        };
        tokio::task::spawn_blocking(all).await.map_err(Error::of_ended)
    }

    /// One of a meter whose bill stands aside.
    pub(super) fn without(meter: MeterId) -> Self {
        Self { meters: vec![meter], failed: vec![meter], ..Self::default() }
    }

    /// Stores the piece that begins behind a meter, and where the run is. False where the run is not under
    /// way any more.
    pub(super) async fn write(
        self,
        pool: &PgPool,
        billing: &Billing,
        run: &Run,
        from: MeterId,
    ) -> Result<bool, Error> {
        let Some(to) = self.meters.last().copied() else { return Ok(true) };
        let count = self.meters.len();
        let mut db = pool.begin().await.map_err(storage::Error::from)?;
        let held = storage::bills::in_force_among(&mut *db, &self.meters, run.month).await?;
        let Parted { issued, drafts, left_out, doubtful } = part(run, &held, self);
        let (done, held_back) = (count, left_out.len());
        let step = Step { from, to, done, issued: issued.len(), held_back, doubtful };
        if !runs::advance(&mut *db, run.id, step).await? {
            return Ok(false);
        }
        if !left_out.is_empty() {
            runs::leave_out(&mut *db, run.id, &left_out).await?;
        }
        if !issued.is_empty() {
            let first =
                storage::bills::next_numbers(&mut *db, run.site_id, run.month, issued.len())
                    .await?;
            let inputs: Vec<&Inputs> =
                issued.iter().map(|issued| &issued.computed.inputs).collect();
            let meters: Vec<MeterId> = inputs.iter().map(|inputs| inputs.meter).collect();
            // Whoever issued one of them a moment ago, posted a trade, or credited a bill that they correct, is
            // seen now: the piece is done again.
            let billed = storage::bills::in_force_among(&mut *db, &meters, run.month).await?;
            if !billed.is_empty()
                || !billing.has_all_trades(&mut *db).await?
                || !corrections::hold_corrected(&mut db, run.site_id, &inputs).await?
            {
                return Err(Error::Unavailable);
            }
            let numbers = storage::bills::issue(&mut db, billing.key(), first, &issued).await?;
            let user = match AccountName::parse(&run.who) {
                Ok(name) => accounts::by_name(&mut *db, &name).await?,
                Err(_) => None,
            };
            let entry = NewEntry {
                who: if user.is_some() { "user" } else { &run.who },
                user,
                site: Some(run.site_id),
                action: "bills.issue",
                subject: &format!("site:{}", billing.site.slug),
                difference: Difference::created(&json!({"run": run.id, "numbers": numbers})),
                ..NewEntry::default()
            };
            storage::people::audit::add(&mut *db, entry).await?;
        }
        if !drafts.is_empty() {
            storage::bills::store_drafts(&mut *db, billing.key(), &drafts).await?;
        }
        db.commit().await.map_err(storage::Error::from)?;
        Ok(true)
    }
}

/// What is issued, what stays a draft, and of which meters there is no bill for what reason.
#[derive(Default)]
struct Parted {
    issued: Vec<Issued>,
    drafts: Vec<Computed>,
    left_out: Vec<(MeterId, LeftOut)>,
    /// Bills that somebody should look at.
    doubtful: usize,
}

fn part(run: &Run, held: &HashMap<MeterId, String>, piece: Piece) -> Parted {
    let mut parted = Parted::default();
    for meter in piece.failed {
        let is_billed = held.contains_key(&meter);
        let why = if is_billed { LeftOut::Billed } else { LeftOut::Failed };
        parted.left_out.push((meter, why));
    }
    for bill in piece.bills {
        let meter = bill.computed.inputs.meter;
        let is_aside = piece.aside.contains(&meter);
        let why = why_not(run, held, &bill);
        let why = why.or((run.issue && is_aside).then_some(LeftOut::SetAside));
        parted.left_out.extend(why.map(|reason| (meter, reason)));
        if matches!(why, Some(LeftOut::Billed | LeftOut::PeriodFrozen)) {
            continue;
        }
        parted.doubtful += usize::from(!bill.concerns.is_empty());
        let computed = bill.computed;
        match why {
            None if run.issue => parted.issued.push(Issued { computed, overridden: None }),
            _ => parted.drafts.push(computed),
        }
    }
    parted
}

/// Why a run has no new bill of a meter, or does not issue it.
fn why_not(run: &Run, held: &HashMap<MeterId, String>, bill: &ComputedBill) -> Option<LeftOut> {
    let ComputedBill { computed, is_frozen, .. } = bill;
    if held.contains_key(&computed.inputs.meter) {
        Some(LeftOut::Billed)
    } else if *is_frozen {
        Some(LeftOut::PeriodFrozen)
    } else if run.issue && !computed.inputs.has_price() {
        Some(LeftOut::NoTariff)
    } else if run.issue && !computed.bill.unpriced.is_empty() {
        Some(LeftOut::UnpricedEnergy)
    } else if run.issue && computed.bill.coverage < ISSUE_COVERAGE {
        Some(LeftOut::LowCoverage)
    } else {
        None
    }
}
