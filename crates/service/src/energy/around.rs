//! Between when and when a register is known around the ends of a window: how long a silence there is.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::meter::ImportRegister;
use domain::silence;
use domain::window::{Bracket, Window};
use sqlx::PgPool;

use super::found::{Around, Found};
use crate::Error;

/// By the readings, as they came.
pub(super) fn read(bracket: Bracket) -> Around {
    bracket.before.zip(bracket.after).map(|(before, after)| (before.at, after.at))
}

/// Where readings were corrected, where an exchange may lie in a long silence, and where a row holds another
/// register alone, they say too little: then what is known of the register is looked for.
pub(super) async fn refine(
    pool: &PgPool,
    all: &mut [Found<'_>],
    window: Window,
    reach: TimeDelta,
) -> Result<(), Error> {
    let ends = [window.from, window.to];
    let mut places = Vec::new();
    let mut asked: Vec<(MeterId, ImportRegister, DateTime<Utc>)> = Vec::new();
    for (place, found) in all.iter().enumerate() {
        for (end, bracket) in [found.start, found.end].into_iter().enumerate() {
            let Some(register) = found.meter.import_register else { continue };
            if found.around[end].is_some() && found.is_unsure(register, bracket) {
                places.push((place, end));
                asked.push((found.meter.id, register, ends[end]));
            }
        }
    }
    let neighbours = storage::readings::neighbours(pool, &asked, reach).await?;
    for ((place, end), (before, after)) in places.into_iter().zip(neighbours) {
        all[place].around[end] = before.zip(after);
    }
    Ok(())
}

impl Found<'_> {
    fn is_unsure(&self, register: ImportRegister, bracket: Bracket) -> bool {
        let samples = [bracket.before, bracket.after].into_iter().flatten();
        let mut holds = samples.map(|sample| match register {
            ImportRegister::Import => sample.import_kwh.is_some(),
            ImportRegister::Total => sample.total_kwh.is_some(),
        });
        let is_long =
            |(from, to): (DateTime<Utc>, DateTime<Utc>)| to - from > silence::gap_limit(self.poll);
        self.corrected || read(bracket).is_some_and(is_long) || !holds.all(|holds| holds)
    }
}
