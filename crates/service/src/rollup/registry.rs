//! What is fixed about the meters of a batch while it is computed.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::interval::Rules;
use domain::meter::{ImportRegister, Meter, PhaseType};
use domain::site::Site;
use sqlx::PgPool;
use storage::registers::Learned;

use crate::Error;
use crate::registry::Known;

/// A meter with its site, what it was seen to do, and its rules.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(super) site: Arc<Site>,
    pub(super) learned: Learned,
    pub(crate) rules: Rules,
    /// Whether someone stated the step, so that none is to be learned.
    pub(super) step_is_stated: bool,
    /// Up to when its readings are dropped.
    pub(super) frozen_to: Option<DateTime<Utc>>,
}

/// The subjects of a batch; a meter that is gone from the registry is absent.
pub(crate) async fn subjects(
    pool: &PgPool,
    known: &Known,
    meters: &[MeterId],
) -> Result<HashMap<MeterId, Subject>, Error> {
    let mut learned = storage::registers::of(pool, meters).await?;
    let mut exchanges = storage::exchanges::of(pool, meters).await?;
    let mut accepted = storage::quarantine::accepted(pool, meters).await?;
    let mut subjects = HashMap::new();
    for &id in meters {
        let Some((meter, site)) = find(pool, known, id).await? else { continue };
        let learned = learned.remove(&id).unwrap_or_default();
        let register = meter.import_register.or(learned.import_register);
        let rules = Rules {
            register,
            net: meter.phase_type == Some(PhaseType::Net)
                && register == Some(ImportRegister::Total),
            step_kwh: meter.register_step_kwh.or(learned.step_kwh).unwrap_or(0.0),
            event_driven: known.event_driven.contains(&id),
            exchanges: exchanges.remove(&id).unwrap_or_default(),
            accepted: accepted.remove(&id).unwrap_or_default(),
            ..Rules::of(&meter, known.poll(id))
        };
        let step_is_stated = meter.register_step_kwh.is_some();
        let frozen_to = known.frozen.get(&id).copied();
        subjects.insert(id, Subject { site, learned, rules, step_is_stated, frozen_to });
    }
    Ok(subjects)
}

/// A meter, retired ones too.
async fn find(
    pool: &PgPool,
    known: &Known,
    id: MeterId,
) -> Result<Option<(Meter, Arc<Site>)>, Error> {
    let live = known.site_of(id).and_then(|site| {
        let meter = known.trees.get(&site.id)?.get(id)?;
        Some((meter.clone(), Arc::clone(site)))
    });
    if live.is_some() {
        return Ok(live);
    }
    let Some(meter) = storage::meters::by_id(pool, id).await? else { return Ok(None) };
    let site = match known.sites.get(&meter.site) {
        Some(site) => Some(Arc::clone(site)),
        None => storage::sites::by_id(pool, meter.site).await?.map(Arc::new),
    };
    Ok(site.map(|site| (meter, site)))
}
