//! Readings that are new, by COPY: Postgres stores them many at a time, and neither looks for repeats row by row nor
//! answers what it stored.

use domain::{Field, Reading};
use sqlx::PgPool;

use super::columns;
use super::insert::{Key, in_order};
use crate::{Error, rollup};

const COPY: &str = concat!("COPY meter_readings (", columns!(), ") FROM STDIN (FORMAT binary)");

/// See the chapter on COPY of the manual of Postgres: a signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// Stands in place of a row's number of columns behind the last row.
const END: i16 = -1;
/// Stands in place of a value's length where there is none.
const NULL: i32 = -1;
/// Columns of a row: its key, quality and source, and the values.
const COLUMNS: i16 = 32;
/// Bytes of a message: each connection keeps as much room as its largest one took.
const MESSAGE: usize = 60_000;
/// Timestamps are counted from the beginning of 2000, in microseconds.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// The fewest readings that are sooner copied than inserted. Over TCP the end of a COPY waits until the packet before it
/// is acknowledged, 40 ms where that is put off: in that time INSERT makes up what it lags behind with some 2,000.
pub fn fewest_copied(pool: &PgPool) -> usize {
    let options = pool.connect_options();
    let is_socket = options.get_socket().is_some() || options.get_host().starts_with('/');
    if is_socket { 1 } else { 2_000 }
}

/// Stores a batch in one transaction, and queues the quarter-hours that it touches; false, and nothing is stored, where
/// a reading of it is a repeat of another one of the batch, or of one that is stored. As with `insert`, nothing is
/// looked up or checked.
pub async fn insert_new(pool: &PgPool, readings: &[Reading]) -> Result<bool, Error> {
    let order = in_order(readings);
    if order.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Ok(false);
    }
    if order.is_empty() {
        return Ok(true);
    }
    let mut transaction = pool.begin().await?;
    rollup::hold_off_claims(&mut transaction).await?;
    let mut copy = transaction.copy_in_raw(COPY).await?;
    for part in rows(readings, &order).chunks(MESSAGE) {
        copy.send(part).await?;
    }
    let copied = copy.finish().await;
    match copied {
        Ok(_) => {}
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
            transaction.rollback().await?;
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    }
    // After the readings, as `insert` does: whoever runs side by side then takes the locks in one order.
    let mut buckets: Vec<Key> =
        order.iter().map(|&((meter, at), _)| (meter, rollup::bucket_start(at))).collect();
    buckets.dedup();
    rollup::queue_sorted(&mut transaction, &buckets).await?;
    transaction.commit().await?;
    Ok(true)
}

fn rows(readings: &[Reading], order: &[(Key, usize)]) -> Vec<u8> {
    // A row of 32 lengths, its key, two words and 18 values.
    let mut data = Vec::with_capacity(HEADER.len() + order.len() * 320);
    data.extend_from_slice(HEADER);
    for &((meter, at), index) in order {
        let reading = &readings[index];
        data.extend_from_slice(&COLUMNS.to_be_bytes());
        value(&mut data, &meter.0.to_be_bytes());
        value(&mut data, &(at.timestamp_micros() - EPOCH_MICROS).to_be_bytes());
        value(&mut data, reading.quality.as_str().as_bytes());
        value(&mut data, reading.source.as_str().as_bytes());
        for &field in Field::ALL {
            match reading.values.get(field) {
                Some(number) => value(&mut data, &number.to_be_bytes()),
                None => data.extend_from_slice(&NULL.to_be_bytes()),
            }
        }
    }
    data.extend_from_slice(&END.to_be_bytes());
    data
}

fn value(data: &mut Vec<u8>, bytes: &[u8]) {
    // No number or word is that long; Postgres would refuse it.
    let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
    data.extend_from_slice(&length.to_be_bytes());
    data.extend_from_slice(bytes);
}
