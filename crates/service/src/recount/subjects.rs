//! What is fixed about the meters of a batch while it is computed.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::interval::Rules;
use domain::meters::{ImportRegister, Meter};
use domain::sites::Site;
use sqlx::PgPool;
use storage::energy::registers::Learned;

use crate::Error;
use crate::recount::filled::Filled;
use crate::registry::Known;

/// A meter with its site, what it was seen to do, and its rules.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) site: Arc<Site>,
    pub(crate) learned: Learned,
    pub(crate) rules: Rules,
    /// The register that import is taken from, where someone stated it.
    pub(crate) stated_register: Option<ImportRegister>,
    /// Whether someone stated the step, so that what is learned of it is not gone by.
    pub(crate) step_is_stated: bool,
    /// Which of its silences are filled.
    pub(crate) filled: Filled,
    /// Up to when its readings are dropped.
    pub(crate) frozen_to: Option<DateTime<Utc>>,
}

impl Subject {
    /// Whether the readings of an instant are no longer kept.
    pub(crate) fn is_dropped(&self, at: DateTime<Utc>) -> bool {
        self.frozen_to.is_some_and(|frozen_to| at < frozen_to)
    }
}

/// The subjects of a batch; a meter that does not exist is absent.
///
/// What the meters are computed by is read anew: the registry may not know yet of the change for which
/// they are computed.
pub(crate) async fn subjects(
    pool: &PgPool,
    known: &Known,
    meters: &[MeterId],
) -> Result<HashMap<MeterId, Subject>, Error> {
    let found = storage::meters::by_ids(pool, meters).await?;
    subjects_of(pool, known, found).await
}

/// The same for meters as they stand here, stored so or not.
pub(crate) async fn subjects_of(
    pool: &PgPool,
    known: &Known,
    found: Vec<Meter>,
) -> Result<HashMap<MeterId, Subject>, Error> {
    let meters: Vec<MeterId> = found.iter().map(|meter| meter.id).collect();
    let (mut learned, mut exchanges, mut decisions, outliers, mut anew) = tokio::try_join!(
        storage::energy::registers::of(pool, &meters),
        storage::meters::exchanges::of(pool, &meters),
        storage::energy::quarantine::decisions(pool, &meters),
        storage::energy::outliers::decisions(pool, &meters),
        storage::energy::derived::begun_anew(pool, &meters),
    )?;
    for (meter, of, decision) in outliers {
        let decisions = decisions.entry(meter).or_default();
        decisions.note_reading(of.at, of.field, of.value, decision);
    }
    let mut subjects = HashMap::new();
    for meter in found {
        let id = meter.id;
        let Some(site) = site(pool, known, &meter).await? else { continue };
        let learned = learned.remove(&id).unwrap_or_default();
        let rules = Rules {
            register: meter.import_register.or(learned.import_register),
            step_kwh: meter.register_step_kwh.or(learned.step_kwh).unwrap_or(0.0),
            event_driven: known.event_driven.contains(&id),
            exchanges: exchanges.remove(&id).unwrap_or_default(),
            decisions: decisions.remove(&id).unwrap_or_default(),
            anew: anew.remove(&id).unwrap_or_default(),
            cadences: known.cadences.get(&id).cloned().unwrap_or_default(),
            ..Rules::of(&meter, known.poll(id))
        };
        let kept_from = known.kept_from.get(&site.id).copied();
        let subject = Subject {
            site,
            learned,
            rules,
            stated_register: meter.import_register,
            step_is_stated: meter.register_step_kwh.is_some(),
            filled: Filled::kept_from(kept_from),
            frozen_to: known.frozen.get(&id).copied(),
        };
        subjects.insert(id, subject);
    }
    Ok(subjects)
}

/// The site of a meter, of a retired one too.
async fn site(pool: &PgPool, known: &Known, meter: &Meter) -> Result<Option<Arc<Site>>, Error> {
    match known.sites.get(&meter.site) {
        Some(site) => Ok(Some(Arc::clone(site))),
        None => Ok(storage::sites::by_id(pool, meter.site).await?.map(Arc::new)),
    }
}
