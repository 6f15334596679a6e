//! Bills that stand aside and are to be tried again: each becomes a draft, whatever its run was for.

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
        let part = Part::bill(meter, month);
        match caught(draw_up(core, meter, month)).await {
            Err(error) if error.is_passing() => return Err(error),
            Err(error) => {
                let mut connection = core.pool().acquire().await.map_err(storage::Error::from)?;
                if error.is_fault() {
                    failures.note(&mut connection, part, &error).await?;
                } else {
                    // A fault that a person can mend is refused by every run, which names it.
                    tracing::info!(%meter, %month, "there is no bill to be made any more: {error}");
                    storage::operation::set_aside::done(&mut connection, &[part]).await?;
                }
            }
            Ok(()) => tracing::info!(%meter, %month, "a bill that stood aside is a draft"),
        }
        pulse.beat();
    }
    Ok(())
}
