//! Exchanges of meters, and corrections of readings.

use domain::Field;
use sqlx::PgConnection;
use storage::configuration::changes as tables;

use super::super::Document;
use super::{named, rows, time};
use crate::{Error, validity};

pub(super) fn check(
    document: &Document,
    known: impl Fn(String, &str, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    for (i, exchange) in document.meter_exchanges.iter().enumerate() {
        let field = format!("meterExchanges[{i}]");
        known(format!("{field}.meterNumber"), &exchange.site, &exchange.meter_number)?;
        time(format!("{field}.timestamp"), Some(exchange.timestamp))?;
    }
    for (i, correction) in document.reading_corrections.iter().enumerate() {
        let field = format!("readingCorrections[{i}]");
        known(format!("{field}.meterNumber"), &correction.site, &correction.meter_number)?;
        time(format!("{field}.timestamp"), Some(correction.timestamp))?;
        if Field::parse(&correction.field).is_none_or(|of| of.column() != correction.field) {
            let message = format!(
                "{:?} is no column of readings: give one, such as total_energy_kwh",
                correction.field
            );
            return Err(Error::invalid(format!("{field}.field"), message));
        }
    }
    Ok(())
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
        storage::requeue::around(db, meter, at).await?;
    }
    Ok(())
}
