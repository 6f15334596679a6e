//! Exchanges of meters, and corrections of readings.

use domain::Field;
use domain::configuration::refusal::EntryRefusal;
use sqlx::PgConnection;
use storage::configuration::changes as tables;

use super::super::Document;
use super::faults::{Faults, time};
use super::{named, rows};
use crate::{Error, validity};

pub(super) fn check(
    faults: &mut Faults,
    document: &Document,
    known: impl Fn(String, &str, &str) -> Result<(), Error>,
) {
    faults.each("meterExchanges", &document.meter_exchanges, |field, exchange| {
        known(format!("{field}.meterNumber"), &exchange.site, &exchange.meter_number)?;
        time(&format!("{field}.timestamp"), Some(exchange.timestamp))?;
        validity::measurable(&format!("{field}.oldFinalKwh"), exchange.old_final_kwh)?;
        validity::measurable(&format!("{field}.newInitialKwh"), exchange.new_initial_kwh)
    });
    faults.each("readingCorrections", &document.reading_corrections, |field, correction| {
        known(format!("{field}.meterNumber"), &correction.site, &correction.meter_number)?;
        time(&format!("{field}.timestamp"), Some(correction.timestamp))?;
        if let Some(value) = correction.value {
            validity::measurable(&format!("{field}.value"), value)?;
        }
        if Field::parse(&correction.field).is_some_and(|of| of.column() == correction.field) {
            return Ok(());
        }
        let name = correction.field.clone();
        Err(Error::invalid(format!("{field}.field"), EntryRefusal::Column { name }))
    });
}

/// Adds what does not count yet; the energy around it is computed again.
pub(super) async fn store(db: &mut PgConnection, document: &Document) -> Result<(), Error> {
    let exchanges = rows(&document.meter_exchanges);
    let mut touched = tables::add_exchanges(db, &exchanges).await.map_err(named)?;
    let corrections = rows(&document.reading_corrections);
    touched.extend(tables::add_corrections(db, &corrections).await.map_err(named)?);
    // Who stores readings locks the same rows in this order.
    touched.sort_unstable();
    touched.dedup();
    for (meter, at) in touched {
        validity::computable(&mut *db, meter, at).await?;
        storage::recount::requeue::around(db, meter, at).await?;
    }
    Ok(())
}
