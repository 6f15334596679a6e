//! Bills that stand aside and are to be tried again: each becomes a draft, whatever its run was for.

use domain::MeterId;
use domain::month::Month;
use storage::operation::set_aside::Part;

use crate::bills::draft::draw_up;
use crate::operation::failures::{Failures, bills_to_try, caught};
use crate::operation::supervision::Pulse;
use crate::{Core, Error};

/// Tries the bills that a person asked for, or that failed under another version of the program.
pub(super) async fn try_again(
    core: &Core,
    failures: &Failures,
    pulse: &Pulse,
) -> Result<(), Error> {
    for (meter, month) in bills_to_try(core).await? {
        match caught(draw_up(core, meter, month)).await {
            Err(error) if error.is_passing() => return Err(error),
            Err(error) if error.is_fault() => {
                noted(core, failures, meter, month, &error).await?;
            }
            Err(refusal) => {
                tracing::info!(%meter, %month, "there is no bill to be made any more: {refusal}");
                strike_off(core, meter, month).await?;
            }
            Ok(()) => tracing::info!(%meter, %month, "a bill that stood aside is a draft"),
        }
        pulse.beat();
    }
    Ok(())
}

async fn noted(
    core: &Core,
    failures: &Failures,
    meter: MeterId,
    month: Month,
    error: &Error,
) -> Result<(), Error> {
    let mut connection = core.pool().acquire().await.map_err(storage::Error::from)?;
    failures.note(&mut connection, Part::bill(meter, month), error).await?;
    Ok(())
}

/// What a person can mend is refused by every run, which names it.
async fn strike_off(core: &Core, meter: MeterId, month: Month) -> Result<(), Error> {
    let mut connection = core.pool().acquire().await.map_err(storage::Error::from)?;
    Ok(storage::operation::set_aside::done(&mut connection, &[Part::bill(meter, month)]).await?)
}
