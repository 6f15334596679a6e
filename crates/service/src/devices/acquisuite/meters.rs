//! The meters behind a logger's devices, and the one that is computed from two of them.

mod placing;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::devices::logger::{DeviceAddress, PointNumber};
use domain::energy::derive::{STEP, Trio};
use domain::energy::floor;
use domain::meters::{ImportRegister, PlacedBy, check_name};
use serde_json::json;
use sqlx::PgConnection;
use storage::devices::loggers::{File, Logger};
use storage::meters::NewMeter;

use super::view;
use crate::meters::{self, virtual_meters};
use crate::people::audit::Change;
use crate::{Core, Error, Principal};

/// The source of a meter: a device, or one point of it.
pub(super) type Feed = (DeviceAddress, Option<PointNumber>);

/// The meter of a device or of a point, made and noted where it is new. One that was retired is taken up
/// again: what its logger sends is kept, and nowhere else.
pub(super) async fn of(
    core: &Core,
    (who, logger): (&Principal, &Logger),
    feed: Feed,
    name: Option<&str>,
) -> Result<MeterId, Error> {
    let devices = storage::devices::loggers::devices(core.pool(), &logger.serial).await?;
    let device = devices.iter().find(|device| (device.address, device.point) == feed);
    let known = core.registry().known();
    if let Some(device) = device.filter(|device| known.site_of(device.meter).is_some()) {
        return Ok(device.meter);
    }
    let (action, is) =
        if device.is_some() { ("meter.revive", "sends again") } else { ("meter.create", "is new") };
    let mut change = Change::begin(core, who).await?.at(logger.site);
    let meter = ensure(&mut change.db, logger, feed, name).await?;
    let number = json!({"meterNumber": number(logger, feed)});
    change.commit(action, &format!("meter:{meter}"), &number).await?;
    let address = feed.0;
    tracing::info!(logger = %logger.serial, "device {address} {is}: its meter is {meter}, place it");
    core.reload().await?;
    Ok(meter)
}

/// Makes the meters that the settings name; where they name two of the three, the third as well. From
/// `now` on it is computed from these; what it showed before stays as it is. All three get the types and
/// places of what they measure, unless a person gave them others.
pub(super) async fn settle(
    db: &mut PgConnection,
    logger: &mut Logger,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut trio = Trio::default();
    let roles = [
        (logger.utility, &mut trio.utility),
        (logger.load, &mut trio.load),
        (logger.solar, &mut trio.solar),
    ];
    for (address, meter) in roles {
        if let Some(address) = address {
            *meter = Some(ensure(db, logger, (address, None), None).await?);
        }
    }
    // Points of computed meters stand at whole minutes.
    let minute = floor(now, STEP).unwrap_or(now);
    let Some(terms) = trio.missing() else {
        let unneeded = logger.missing.take();
        placing::place(db, logger, trio, minute).await?;
        return drop_missing(db, unneeded, minute).await;
    };
    let missing = match logger.missing {
        Some(missing) => {
            storage::devices::loggers::revive(&mut *db, missing).await?;
            missing
        }
        None => missing_meter(db, logger).await?,
    };
    storage::meters::virtual_meters::change(db, missing, &terms, minute).await?;
    virtual_meters::refuse_cycle(db, missing).await?;
    logger.missing = Some(missing);
    placing::place(db, logger, trio.with(missing), minute).await
}

/// Gives the meters of devices their rated powers.
pub(super) async fn rate(
    db: &mut PgConnection,
    logger: &Logger,
    ratings: &BTreeMap<DeviceAddress, Option<f64>>,
) -> Result<(), Error> {
    if !ratings.is_empty() {
        storage::meters::lock_tree(&mut *db).await?;
    }
    for (address, rated) in ratings {
        let meter = ensure(db, logger, (*address, None), None).await?;
        storage::devices::loggers::rate(&mut *db, meter, *rated).await?;
    }
    Ok(())
}

/// Makes the meters of points that the settings name.
pub(super) async fn split(db: &mut PgConnection, logger: &Logger) -> Result<(), Error> {
    let files = storage::devices::loggers::files(&mut *db, &logger.serial).await?;
    for (address, point) in logger.point_meters.all() {
        let listed = view::listed(files.iter().map(File::named), address);
        let name = listed.iter().find(|listed| listed.number == point.number());
        let name = name.map(|listed| listed.name.as_str());
        ensure(db, logger, (address, Some(point)), name).await?;
    }
    Ok(())
}

/// Removes the computed meter where the settings do not name exactly two any more; one with readings is
/// retired and keeps its history.
async fn drop_missing(
    db: &mut PgConnection,
    missing: Option<MeterId>,
    minute: DateTime<Utc>,
) -> Result<(), Error> {
    if let Some(missing) = missing {
        storage::meters::virtual_meters::end(db, missing, minute).await?;
        meters::take_away(db, missing, minute).await?;
    }
    Ok(())
}

async fn ensure(
    db: &mut PgConnection,
    logger: &Logger,
    feed: Feed,
    name: Option<&str>,
) -> Result<MeterId, Error> {
    storage::devices::loggers::lock(&mut *db, &logger.serial).await?;
    let devices = storage::devices::loggers::devices(&mut *db, &logger.serial).await?;
    if let Some(device) = devices.iter().find(|device| (device.address, device.point) == feed) {
        storage::devices::loggers::revive(&mut *db, device.meter).await?;
        return Ok(device.meter);
    }
    let number = number(logger, feed);
    let known = storage::devices::loggers::meter_numbered(&mut *db, logger.site, &number).await?;
    let meter = if let Some(meter) = known {
        storage::devices::loggers::revive(&mut *db, meter).await?;
        meter
    } else {
        let usual = || match feed {
            (address, None) => format!("{} device {address}", logger.serial),
            (address, Some(point)) => format!("{} device {address} point {point}", logger.serial),
        };
        // A device without a name that a meter can have gets one: what it sends is not held up by it.
        let name = name.filter(|name| check_name(name).is_ok()).map_or_else(usual, str::to_owned);
        let meter = NewMeter {
            placed_by: PlacedBy::Nobody,
            ..NewMeter::named(logger.site, &number, &name, placing::METER_TYPE)
        };
        storage::meters::insert(&mut *db, &meter).await?.id
    };
    storage::devices::loggers::put_device(&mut *db, &logger.serial, feed, meter).await?;
    Ok(meter)
}

fn number(logger: &Logger, feed: Feed) -> String {
    match feed {
        (address, None) => logger.serial.meter_number(address),
        (address, Some(point)) => logger.serial.point_number(address, point),
    }
}

/// A meter for what is computed; one that was retired is taken up again.
async fn missing_meter(db: &mut PgConnection, logger: &Logger) -> Result<MeterId, Error> {
    let number = logger.serial.missing_meter_number();
    if let Some(meter) =
        storage::devices::loggers::meter_numbered(&mut *db, logger.site, &number).await?
    {
        storage::devices::loggers::revive(&mut *db, meter).await?;
        return Ok(meter);
    }
    let name = format!("{} computed meter", logger.serial);
    let meter = NewMeter {
        import_register: Some(ImportRegister::Import),
        placed_by: PlacedBy::Nobody,
        ..NewMeter::named(logger.site, &number, &name, placing::METER_TYPE)
    };
    Ok(storage::meters::insert(&mut *db, &meter).await?.id)
}
