//! Between when and when a register is known around the ends of a window: how long a silence there is.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::staleness;
use domain::energy::window::{Bracket, Window};
use domain::meters::ImportRegister;
use sqlx::PgPool;

use super::found::{Around, EnergyInputs};
use crate::Error;

/// By the readings, as they came.
pub(super) fn read(bracket: Bracket) -> Around {
    bracket.before.zip(bracket.after).map(|(before, after)| (before.at, after.at))
}

/// Where readings were corrected, where an exchange may lie in a long silence, and where a row holds another
/// register alone, they say too little: then what is known of the register is looked for.
pub(super) async fn refine(
    pool: &PgPool,
    all: &mut [EnergyInputs<'_>],
    window: Window,
    reach: TimeDelta,
) -> Result<(), Error> {
    let ends = [window.from, window.to];
    let mut places = Vec::new();
    let mut asked: Vec<(MeterId, ImportRegister, DateTime<Utc>)> = Vec::new();
    for (place, found) in all.iter().enumerate() {
        for (end, bracket) in [found.start, found.end].into_iter().enumerate() {
            let Some(register) = found.meter.import_register else { continue };
            let is_apart = !holds(register, bracket);
            if is_apart || (found.around[end].is_some() && found.is_unsure(bracket)) {
                places.push((place, end));
                asked.push((found.meter.id, register, ends[end]));
            }
        }
    }
    let neighbours = storage::readings::neighbours(pool, &asked, reach).await?;
    for ((place, end), known) in places.into_iter().zip(neighbours) {
        let found = &mut all[place];
        let bracket = [found.start, found.end][end];
        let is_apart = found.meter.import_register.is_some_and(|of| !holds(of, bracket));
        found.around[end] = known.before.zip(known.after);
        found.apart[end] = is_apart.then_some(known);
    }
    Ok(())
}

impl EnergyInputs<'_> {
    fn is_unsure(&self, bracket: Bracket) -> bool {
        let is_long = |(from, to): (DateTime<Utc>, DateTime<Utc>)| {
            to - from > staleness::gap_limit(self.poll)
        };
        self.corrected || read(bracket).is_some_and(is_long)
    }
}

/// Whether the readings around an end hold a register.
fn holds(register: ImportRegister, bracket: Bracket) -> bool {
    let mut samples = [bracket.before, bracket.after].into_iter().flatten();
    samples.all(|sample| match register {
        ImportRegister::Import => sample.import_kwh.is_some(),
        ImportRegister::Total => sample.total_kwh.is_some(),
    })
}
