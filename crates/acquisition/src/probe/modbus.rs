//! Looking at a Modbus unit: its values as a map reads them, its registers as they are, and which
//! units of a line answer at all.
//!
//! A look takes its turn on the line with the task that polls it, which waits meanwhile. All may be
//! given up by dropping the future.

use std::ops::RangeInclusive;
use std::time::Duration;

use domain::devices::reason::modbus::{Exception, Unanswered};
use domain::devices::{Function, LARGEST_READ, Line, ModbusSettings, Station};
use domain::message::Message;
use domain::{Field, Values};
use tokio::time::{Instant, timeout_at};

pub use crate::modbus::{
    ConnectPolicy, Hint, Interpretation, interpretations, interpretations_for,
};
use crate::modbus::{Link, Look, Map, ReadError, is_absence, said};

/// What reading all values of a map once gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The values as they would be stored.
    pub values: Values,
    /// The registers behind each, in the order of the map.
    pub points: Vec<PointProbe>,
    /// What was wrong.
    pub problems: Vec<Message>,
    /// How long all answers together took.
    pub latency: Duration,
}

/// One value of a map and its registers.
#[derive(Debug, Clone, PartialEq)]
pub struct PointProbe {
    /// What it means.
    pub field: Field,
    /// Table.
    pub function: Function,
    /// First register.
    pub address: u16,
    /// The registers as they were read; none where the device refused them.
    pub words: Vec<u16>,
    /// The value, scaled and with its sign; none where the device has none.
    pub value: Option<f64>,
    /// What the registers could mean besides.
    pub interpretations: Vec<Interpretation>,
}

/// Registers as they were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registers {
    /// In the order of their addresses.
    pub words: Vec<u16>,
    /// How long the answer took.
    pub latency: Duration,
}

/// Which units of a line answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scan {
    /// Units that answered.
    pub found: Vec<FoundUnit>,
    /// The unit to go on with, when time ran out before all were asked.
    pub next: Option<u8>,
}

/// A unit that answered.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundUnit {
    /// Its address.
    pub unit: u8,
    /// The exception it answered with; none when it gave the register asked for.
    pub exception: Option<Exception>,
}

/// A refused block is halved until it holds one value, of which a read has 125 at most, and that one
/// is read in its parts.
const MOST_LOOKS: usize = 9;
/// A unit that is there answers a single register within this, also through a gateway.
const SCAN_PATIENCE: Duration = Duration::from_secs(1);
const SCAN_PATIENCE_SERIAL: Duration = Duration::from_millis(300);

/// Reads all values of a map once.
///
/// # Errors
/// When the line cannot be reached, the unit does not answer, or not to what was asked.
pub async fn test_read(settings: &ModbusSettings, reach: &ConnectPolicy) -> Result<Probe, Message> {
    let mut link = Link::connect(&settings.station.line, reach).await?;
    let mut map = Map::new(settings.clone());
    let mut begun = Instant::now();
    let mut look = map.poll(&mut link).await.map_err(|error| failed(&settings.station, &error))?;
    for _ in 1..MOST_LOOKS {
        if !look.split {
            break;
        }
        begun = Instant::now();
        look = map.poll(&mut link).await.map_err(|error| failed(&settings.station, &error))?;
    }
    let latency = begun.elapsed();
    Ok(Probe {
        points: points(&map, &look),
        latency,
        values: look.sample.values,
        problems: look.sample.problems,
    })
}

fn points(map: &Map, look: &Look) -> Vec<PointProbe> {
    let probe = |point: &domain::devices::Point| {
        let words = map.words(point, look).map(|words| words.in_order()).unwrap_or_default();
        PointProbe {
            field: point.field,
            function: point.function,
            address: point.address,
            value: look.sample.values.get(point.field),
            interpretations: interpretations_for(&words, point.field, point.scale),
            words,
        }
    };
    map.points().iter().map(probe).collect()
}

/// Reads 1 to 125 registers of a unit.
///
/// # Errors
/// When the registers cannot be, or for any reason the unit does not give them.
pub async fn read_raw(
    station: &Station,
    function: Function,
    start: u16,
    count: u16,
    reach: &ConnectPolicy,
) -> Result<Registers, Message> {
    let last = u32::from(start) + u32::from(count);
    if !(1..=LARGEST_READ).contains(&count) || last > 65_536 {
        return Err(Unanswered::NotReadable { count, start, most: LARGEST_READ }.into());
    }
    let mut link = Link::connect(&station.line, reach).await?;
    let begun = Instant::now();
    let read = link.read(station.unit, function, start, count).await;
    let words = read.map_err(|error| failed(station, &error))?;
    Ok(Registers { words, latency: begun.elapsed() })
}

/// Asks unit after unit of a line for its first holding register, until all were asked or `limit` is
/// over; then [`Scan::next`] says where to go on. Between two units, others get their turn.
///
/// # Errors
/// When the line cannot be reached.
pub async fn scan_units(
    line: &Line,
    units: RangeInclusive<u8>,
    limit: Duration,
    reach: &ConnectPolicy,
) -> Result<Scan, Message> {
    let patience = match line {
        Line::Serial(_) => SCAN_PATIENCE_SERIAL,
        Line::Tcp { .. } | Line::RtuOverTcp(_) => SCAN_PATIENCE,
    };
    let until = Instant::now() + limit;
    let mut scan = Scan::default();
    for unit in units {
        let Ok(answer) = timeout_at(until, ask(line, unit, patience, reach)).await else {
            scan.next = Some(unit);
            break;
        };
        scan.found.extend(answer?);
    }
    Ok(scan)
}

async fn ask(
    line: &Line,
    unit: u8,
    patience: Duration,
    reach: &ConnectPolicy,
) -> Result<Option<FoundUnit>, Message> {
    let mut connection = Link::connect(line, reach).await?.patient_for(patience);
    Ok(match connection.read(unit, Function::Holding, 0, 1).await {
        Ok(_) => Some(FoundUnit { unit, exception: None }),
        Err(ReadError::Exception(exception)) if !is_absence(exception) => {
            Some(FoundUnit { unit, exception: Some(said(exception)) })
        }
        Err(_) => None,
    })
}

fn failed(station: &Station, error: &ReadError) -> Message {
    let (unit, line) = (station.unit, station.line.name());
    Unanswered::At { unit, line, why: Box::new(error.into()) }.into()
}
