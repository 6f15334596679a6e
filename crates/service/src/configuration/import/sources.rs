//! MQTT brokers and data loggers.

use std::collections::BTreeSet;

use domain::configuration::refusal::EntryRefusal;
use domain::devices::mqtt::Broker;
use sqlx::PgConnection;
use storage::configuration::sources as tables;
use storage::devices::brokers::BrokerRow;

use super::super::Document;
use super::super::document::BrokerEntry;
use super::faults::{Faults, no_site, twice, within};
use super::{named, rows};
use crate::Error;
use crate::devices::acquisuite;
use crate::devices::brokers::{self, NewBroker};

pub(super) fn check(
    faults: &mut Faults,
    document: &Document,
    sites: &BTreeSet<&str>,
    known: impl Fn(String, &str, &str) -> Result<(), Error>,
) {
    faults.each("brokers", &document.brokers, |field, broker| {
        brokers::checked(&new(broker)).map_err(|error| within(&field, error))?;
        Ok(())
    });
    let mut serials = BTreeSet::new();
    faults.each("loggers", &document.loggers, |field, logger| {
        if !sites.contains(logger.site.as_str()) {
            return Err(no_site(&field, &logger.site));
        }
        if !serials.insert(logger.serial_number.clone()) {
            return Err(twice(format!("{field}.serialNumber"), logger.serial_number.as_str()));
        }
        let roles = (logger.utility_meter_id, logger.load_meter_id, logger.solar_meter_id);
        acquisuite::check_roles(roles).map_err(|error| within(&field, error))?;
        acquisuite::check_points(&logger.columns, &logger.point_meters)
            .map_err(|error| within(&field, error))?;
        if let Some(number) = &logger.missing_meter {
            known(format!("{field}.missingMeter"), &logger.site, number)?;
        }
        for device in &logger.devices {
            known(format!("{field}.devices"), &logger.site, &device.meter_number)?;
        }
        Ok(())
    });
}

/// Keeps the loggers from making meters until the transaction ends: whoever does holds its logger
/// before it changes the tree.
pub(super) async fn lock(db: &mut PgConnection, document: &Document) -> Result<(), Error> {
    let serials: BTreeSet<_> =
        document.loggers.iter().map(|logger| &logger.serial_number).collect();
    for serial in serials {
        tables::site_of_logger(db, serial).await?;
    }
    Ok(())
}

pub(super) async fn store(db: &mut PgConnection, document: &Document) -> Result<(), Error> {
    for broker in &document.brokers {
        store_broker(db, broker).await?;
    }
    for (i, logger) in document.loggers.iter().enumerate() {
        let site = storage::sites::by_slug(&mut *db, &logger.site).await?.map(|site| site.id);
        let stored = tables::site_of_logger(db, &logger.serial_number).await?;
        if stored.is_some() && stored != site {
            return Err(Error::conflict(
                "logger_exists",
                EntryRefusal::LoggerElsewhere { serial: logger.serial_number.to_string() },
            )
            .at(format!("loggers[{i}].site")));
        }
    }
    let loggers = rows(&document.loggers);
    tables::put_loggers(&mut *db, &loggers).await.map_err(named)?;
    tables::put_logger_devices(&mut *db, &loggers).await.map_err(named)
}

/// Stores a broker, with the password that is stored where its user and its address stay.
async fn store_broker(db: &mut PgConnection, entry: &BrokerEntry) -> Result<(), Error> {
    let address = brokers::checked(&new(entry))?;
    let stored = storage::devices::brokers::lock(&mut *db, &entry.name).await?;
    let kept = stored.filter(|row| {
        row.username == entry.username
            && Broker::parse(&row.url).is_ok_and(|old| old.same_address(&address))
    });
    let row = BrokerRow {
        name: entry.name.clone(),
        url: address.to_string(),
        username: entry.username.clone(),
        password: kept.and_then(|row| row.password),
        ca_certificate: entry.ca_certificate.clone(),
    };
    storage::devices::brokers::put(&mut *db, &row).await.map_err(named)
}

fn new(entry: &BrokerEntry) -> NewBroker {
    NewBroker {
        name: Some(entry.name.clone()),
        url: entry.url.clone(),
        username: entry.username.clone(),
        password: None,
        ca_certificate: entry.ca_certificate.clone(),
    }
}
