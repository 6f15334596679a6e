//! The devices that drivers should read.

use domain::device::{Communication, Device};
use tokio::sync::watch;

use crate::{Error, Service};

/// Every device that is switched on. One whose stored settings cannot be read any more is left out
/// and named in the log.
pub async fn to_read(service: &Service) -> Result<Vec<Device>, Error> {
    let rows = storage::devices::list(service.pool()).await?;
    Ok(rows.into_iter().filter(|row| row.enabled).filter_map(device).collect())
}

/// Counts changes of sites, meters and devices; whoever follows it reads the devices again.
pub fn changes(service: &Service) -> watch::Receiver<u64> {
    service.registry().changes()
}

fn device(row: storage::devices::DeviceRow) -> Option<Device> {
    match Communication::parse(row.protocol, &row.communication) {
        Ok(communication) => Some(Device {
            id: row.id,
            site: row.site,
            meter: row.meter,
            meter_name: row.meter_name,
            poll: row.poll,
            communication,
        }),
        Err(error) => {
            tracing::error!("{} is not read: {}: {error}", row.meter_name, error.field);
            None
        }
    }
}
