//! What all use cases stand on: the database, what is known of the plant, the way in for readings.

mod facts;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use acquisition::{Inlet, Outcome};
use domain::bills::BilledNow;
use domain::{MeterId, Reading};
use sqlx::PgPool;
use tokio::sync::watch;

use crate::operation::pace::Pace;
use crate::operation::supervision::Supervision;
use crate::people::sessions::Sessions;
use crate::prices::PassedSums;
use crate::recent::Recent;
use crate::registry::Registry;
use crate::{Error, Vault};
use facts::SiteFacts;

/// Connections of what is shown, and of its figures of a time.
const SHOWING: u32 = 6;
const FIGURES: u32 = 6;
/// What is shown may ask the database for this long.
const LONGEST_QUESTION: Duration = Duration::from_secs(20);
/// A caller waits this long for its readings to be stored.
const STORE_DEADLINE: Duration = Duration::from_secs(5);
/// As many issued bills are known as they would be now: some hundred bytes each.
const BILLS: usize = 20_000;

/// The bills of a month as they would be now; none of a meter of which nothing is kept to make one of.
pub(crate) type BilledNowById = HashMap<MeterId, Option<BilledNow>>;

/// What a use case takes that needs nothing that an area keeps for itself; cheap to clone.
#[derive(Clone)]
pub struct Core {
    inner: Arc<Inner>,
    /// Whether it is asked for what is shown only.
    shows: bool,
    /// The facts read so far, while one answer is worked out.
    facts: Option<Arc<SiteFacts>>,
}

struct Inner {
    pool: PgPool,
    shown: PgPool,
    figures: PgPool,
    registry: Registry,
    batches: Inlet,
    vault: Vault,
    supervision: Supervision,
    sessions: Sessions,
    pace: Pace,
    passed_sums: PassedSums,
    bills_now: Recent<String, BilledNowById>,
    /// Counts changes of the rules of alarms, and of what they look at beside readings, that were asked for through
    /// this process.
    rules: watch::Sender<u64>,
}

impl Core {
    pub(crate) fn new(
        pool: PgPool,
        registry: Registry,
        batches: Inlet,
        vault: Vault,
        supervision: Supervision,
        sessions: Sessions,
        pace: Pace,
    ) -> Self {
        let shown = storage::showing(&pool, SHOWING, LONGEST_QUESTION);
        let figures = storage::figures(&pool, FIGURES, LONGEST_QUESTION);
        let rules = watch::Sender::new(0);
        let inner = Inner {
            pool,
            shown,
            figures,
            registry,
            batches,
            vault,
            supervision,
            sessions,
            pace,
            passed_sums: PassedSums::default(),
            bills_now: Recent::new(BILLS),
            rules,
        };
        Self { inner: Arc::new(inner), shows: false, facts: None }
    }

    /// For what only shows something.
    pub(crate) fn showing(&self) -> Self {
        Self { shows: true, ..self.clone() }
    }

    /// For one answer, which learns of no change: facts that many of its figures rest on are read once.
    pub(crate) fn for_one_answer(&self) -> Self {
        Self { facts: Some(self.facts.clone().unwrap_or_default()), ..self.clone() }
    }

    pub(crate) fn pool(&self) -> &PgPool {
        if self.shows { &self.inner.shown } else { &self.inner.pool }
    }

    /// For statements about some readings and quarter-hours of each meter, planned once where something is shown, too.
    pub(crate) fn figures_pool(&self) -> &PgPool {
        if self.shows { &self.inner.figures } else { &self.inner.pool }
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.inner.registry
    }

    /// The one way in for readings.
    pub(crate) fn batches(&self) -> &Inlet {
        &self.inner.batches
    }

    /// Seals and opens secrets.
    pub fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    /// Knows how the long-lived tasks are doing.
    pub fn supervision(&self) -> &Supervision {
        &self.inner.supervision
    }

    /// Knows who is signed in.
    pub(crate) fn sessions(&self) -> &Sessions {
        &self.inner.sessions
    }

    /// The energy that passed meters at prices in the past.
    pub(crate) fn passed_sums(&self) -> &PassedSums {
        &self.inner.passed_sums
    }

    /// Issued bills of months as they would be now, by all that they rest on.
    pub(crate) fn bills_now(&self) -> &Recent<String, BilledNowById> {
        &self.inner.bills_now
    }

    /// The pace of the tasks.
    pub(crate) fn pace(&self) -> Pace {
        self.inner.pace
    }

    /// Stores readings through the one way in, and waits for the commit.
    pub(crate) async fn submit(&self, readings: Vec<Reading>) -> Result<Outcome, Error> {
        let stored = self.inner.batches.submit(readings);
        let outcome = tokio::time::timeout(STORE_DEADLINE, stored).await;
        outcome.ok().and_then(Result::ok).ok_or(Error::Unavailable)
    }

    /// To be called after any change of sites, meters or devices.
    pub(crate) fn registry_changed(&self) {
        self.inner.registry.changed();
    }

    /// Reads the registry again at once, for what follows to find it.
    pub(crate) async fn reload(&self) -> Result<(), Error> {
        self.inner.registry.reload().await?;
        self.registry_changed();
        Ok(())
    }

    /// Says that rules of alarms, or what meters reported, were changed through this process.
    pub(crate) fn rules_changed(&self) {
        self.inner.rules.send_modify(|count| *count += 1);
    }

    pub(crate) fn rule_changes(&self) -> watch::Receiver<u64> {
        self.inner.rules.subscribe()
    }
}
