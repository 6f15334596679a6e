//! A service over a database of its own, which the steps of a test share: each step has meters or a site of
//! its own.

use std::fmt::Debug;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::{Field, MeterId, Reading, SiteId};
use serde_json::Value;
use service::{Principal, Service, Tasks, Vault};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use storage::meters::NewMeter;

pub(crate) const WHO: &Principal = &Principal::Loopback;
/// No condition takes longer than this to come true.
const PATIENCE: Duration = Duration::from_secs(150);
/// The pauses between looks at a condition, the first and the longest: each look keeps the database from what is waited
/// for, so that what takes long is looked at less often.
const LOOK: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_millis(100);

pub(crate) struct Bench {
    pub(crate) pool: PgPool,
    pub(crate) service: Service,
    pub(crate) tasks: Tasks,
}

impl Bench {
    /// Begins a service on connections that, as the program's, are not tried before each statement.
    pub(crate) async fn start(pool: PgPool) -> Self {
        let untried = PgPoolOptions::new().max_connections(5).test_before_acquire(false);
        let pool = untried.connect_lazy_with((*pool.connect_options()).clone());
        let (service, tasks) = service::start_quick(pool.clone(), Vault::random()).await.unwrap();
        Self { pool, service, tasks }
    }

    pub(crate) async fn restart(self) -> Self {
        self.tasks.stop().await;
        drop(self.service);
        Self::start(self.pool).await
    }

    pub(crate) async fn stop(self) {
        self.tasks.stop().await;
    }

    /// Registers a meter of the default site.
    pub(crate) async fn meter(&self, number: &str, kind: &str, parent: Option<MeterId>) -> MeterId {
        self.meter_on(storage::sites::DEFAULT, number, kind, parent).await
    }

    pub(crate) async fn meter_on(
        &self,
        site: SiteId,
        number: &str,
        kind: &str,
        parent: Option<MeterId>,
    ) -> MeterId {
        let new = NewMeter { parent, ..NewMeter::named(site, number, number, kind) };
        storage::meters::insert(&self.pool, &new).await.unwrap().id
    }

    /// Makes a site and answers it.
    pub(crate) async fn site(&self, new: Value) -> domain::sites::Site {
        let new: service::sites::NewSite = serde_json::from_value(new).unwrap();
        let slug = new.slug.clone();
        service::sites::create(&self.service, WHO, new).await.unwrap();
        storage::sites::by_slug(&self.pool, &slug).await.unwrap().unwrap()
    }

    pub(crate) async fn submit(&self, readings: Vec<Reading>) {
        self.tasks.outbox.submit(readings).await.unwrap();
    }

    /// Waits until every quarter-hour and every day is computed.
    pub(crate) async fn settled(&self) {
        crate::rollup::settled(&self.pool).await;
    }

    /// Waits until balances are computed as well.
    pub(crate) async fn balanced(&self) {
        crate::retention::balanced(&self.pool).await;
    }

    pub(crate) async fn total(&self, id: MeterId) -> f64 {
        crate::rollup::total(&self.pool, id).await
    }

    /// Changes the settings of a meter.
    pub(crate) async fn change(&self, id: MeterId, change: Value) {
        let change = serde_json::from_value(change).unwrap();
        service::meters::update(&self.service, WHO, &id.into(), change).await.unwrap();
    }

    /// Corrects a value that was read, or strikes it out.
    pub(crate) async fn correct(
        &self,
        meter: MeterId,
        at: DateTime<Utc>,
        field: Field,
        value: Option<f64>,
    ) {
        let correction = storage::readings::corrections::Correction { meter, at, field, value };
        let mut db = self.pool.begin().await.unwrap();
        storage::readings::corrections::insert(&mut *db, &correction, "misread").await.unwrap();
        storage::recount::requeue::around(&mut db, meter, at).await.unwrap();
        db.commit().await.unwrap();
    }
}

/// Waits until `look` finds something; until then it says what it saw instead.
pub(crate) async fn until<T, E: Debug>(
    what: &str,
    mut look: impl AsyncFnMut() -> Result<T, E>,
) -> T {
    let (begun, mut pause) = (Instant::now(), LOOK);
    loop {
        match look().await {
            Ok(found) => return found,
            Err(seen) => {
                assert!(
                    begun.elapsed() < PATIENCE,
                    "did not happen within {PATIENCE:?}: {what}; {seen:?}"
                );
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 5 / 4).min(LONGEST);
    }
}
