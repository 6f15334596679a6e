//! What the settings of a logger say that its meters measure, and so where they hang.

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::derive::{Part, Trio};
use domain::meters::{LoadRole, Meter, MeterType, PlacedBy};
use sqlx::PgConnection;
use storage::devices::loggers::Logger;

use crate::Error;

/// Type of a meter of a logger, until the settings or somebody give it another.
pub(super) const METER_TYPE: &str = "Other";

/// Gives the three meters their types and places, and takes those away that the settings gave to others
/// and do not name any more. What a person said of a meter stays. Where the settings had placed meters
/// before and these have counted, the time before `minute` stays as it was, for all of them: a new one
/// was not there then.
pub(super) async fn place(
    db: &mut PgConnection,
    logger: &Logger,
    trio: Trio,
    minute: DateTime<Utc>,
) -> Result<(), Error> {
    storage::meters::lock_tree(&mut *db).await?;
    let devices = storage::devices::loggers::devices(&mut *db, &logger.serial).await?;
    let named: Vec<MeterId> = trio.parts().map(|(_, id)| id).collect();
    let mut all: Vec<MeterId> = devices.iter().map(|device| device.meter).collect();
    all.extend(&named);
    let since = have_counted(db, &all).await?.then_some(minute);
    let mut utility = None;
    for (part, id) in trio.parts() {
        let meter = storage::meters::lock(&mut *db, id).await?;
        let meter = meter.ok_or_else(|| Error::no_meter(id))?;
        let placed = if is_free(&meter) {
            let wanted = Part::of(part, &meter, utility.as_ref());
            let placed = put(db, &meter, &wanted, since).await?;
            storage::devices::loggers::placed(&mut *db, id).await?;
            placed
        } else {
            meter
        };
        if part == Part::Utility {
            utility = Some(placed);
        }
    }
    for device in devices.iter().filter(|device| !named.contains(&device.meter)) {
        let meter = storage::meters::lock(&mut *db, device.meter).await?;
        let by_logger = |meter: &Meter| meter.placed_by == PlacedBy::Logger;
        if let Some(meter) = meter.filter(by_logger) {
            put(db, &meter, &as_made(&meter), since).await?;
            storage::devices::loggers::unplaced(&mut *db, meter.id).await?;
        }
    }
    Ok(())
}

/// Whether any of the meters counted where the settings had placed it.
async fn have_counted(db: &mut PgConnection, meters: &[MeterId]) -> Result<bool, Error> {
    for &id in meters {
        let meter = storage::meters::lock(&mut *db, id).await?;
        let is_placed = meter.is_some_and(|meter| meter.placed_by == PlacedBy::Logger);
        if is_placed && storage::meters::was_read(&mut *db, id).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the settings may say what a meter is: nobody else did.
fn is_free(meter: &Meter) -> bool {
    meter.placed_by == PlacedBy::Logger || as_made(meter) == *meter
}

fn as_made(meter: &Meter) -> Meter {
    Meter {
        meter_type: MeterType::from(METER_TYPE),
        load_role: LoadRole::None,
        feeds_parent: false,
        parent: None,
        level: 0,
        ..meter.clone()
    }
}

async fn put(
    db: &mut PgConnection,
    meter: &Meter,
    wanted: &Meter,
    since: Option<DateTime<Utc>>,
) -> Result<Meter, Error> {
    if meter == wanted {
        return Ok(meter.clone());
    }
    let stored = storage::meters::update(&mut *db, wanted, since).await?;
    if let Some(since) = since {
        storage::meters::placements::keep(&mut *db, meter.id, since, meter.is_placed()).await?;
    }
    stored.ok_or_else(|| Error::no_meter(meter.id))
}
