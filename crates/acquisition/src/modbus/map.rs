//! What to ask a unit for, and what its answers mean.

use std::collections::BTreeMap;

use domain::Field;
use domain::devices::reason::answer::NoValue;
use domain::devices::reason::modbus::Unanswered;
use domain::devices::{ModbusSettings, Point};
use domain::message::Message;
use tokio_modbus::ExceptionCode;

use super::decode::{Words, decode};
use super::exception::said;
use super::link::{Link, ReadError};
use super::plan::{Breaks, Read, plan};
use super::sunspec;
use crate::sample::ChannelSample;

/// What to ask a unit for, and what its answers mean.
pub(crate) struct Map {
    settings: ModbusSettings,
    /// Those of the settings, and those found by `SunSpec` models.
    points: Vec<Point>,
    breaks: Breaks,
    reads: Vec<Read>,
    /// The link on which the models were found: behind a new one there may be another device.
    found_on: Option<u64>,
}

/// What one look at a unit gave.
#[derive(Default)]
pub(crate) struct Look {
    pub(crate) sample: ChannelSample,
    /// Whether the unit is not there, or not what it should be: asking again soon is no use.
    pub(crate) absent: bool,
    /// Whether the device refused to give registers together, so that the next look reads others.
    pub(crate) split: bool,
    /// Fields of which the device says that it has no value.
    absent_values: Vec<Field>,
    /// The words of each read, where they were given.
    answers: Vec<Option<Vec<u16>>>,
}

impl Map {
    pub(crate) fn new(settings: ModbusSettings) -> Self {
        let mut map = Self {
            points: settings.points.clone(),
            settings,
            breaks: Breaks::new(),
            reads: Vec::new(),
            found_on: None,
        };
        map.plan();
        map
    }

    /// Asks for all values. An exception costs the values it concerns.
    ///
    /// # Errors
    /// Any error but an exception ends the look, and the link with it.
    pub(crate) async fn poll(&mut self, link: &mut Link) -> Result<Look, ReadError> {
        let mut look = Look::default();
        if let Some(problem) = self.find_models(link).await? {
            look.sample.problems.push(problem);
            look.absent = true;
            return Ok(look);
        }
        self.ask(link, &mut look).await?;
        // A sum is none where one of its parts is.
        let mut sums: BTreeMap<Field, Option<f64>> = BTreeMap::new();
        for point in &self.points {
            let value = match self.words(point, &look).map(|words| decode(point, &words)) {
                Some(Ok(Some(value))) => Some(value),
                Some(Ok(None)) => {
                    look.absent_values.push(point.field);
                    None
                }
                Some(Err(why)) => {
                    look.sample.put(point.field, Err(why.of(point.field)));
                    None
                }
                None => None,
            };
            if point.is_addend {
                let sum = sums.entry(point.field).or_insert(Some(0.0));
                *sum = sum.zip(value).map(|(sum, value)| sum + value);
            } else if let Some(value) = value {
                look.sample.put(point.field, Ok(value));
            }
        }
        for (field, sum) in sums {
            // As many digits as devices state.
            if let Some(sum) = sum {
                look.sample.put(field, Ok((sum * 1e6).round() / 1e6));
            }
        }
        for sum in self.settings.turning.mend_sums(&mut look.sample.values) {
            look.sample.problems.push(NoValue::Turned { field: sum.json() }.into());
        }
        if look.sample.is_empty() && look.sample.problems.is_empty() {
            look.sample.problems.push(Unanswered::NoneAvailable.into());
        } else if !look.absent_values.is_empty() {
            let names: Vec<_> = look.absent_values.iter().map(|field| field.json()).collect();
            look.sample.remarks.push(Unanswered::Absent { fields: names.join(", ") }.into());
        }
        if look.split {
            self.plan();
        }
        Ok(look)
    }

    /// The values it looks for.
    pub(crate) fn points(&self) -> &[Point] {
        &self.points
    }

    /// The words of a point, as long as the look did not split reads.
    pub(crate) fn words<'a>(&self, point: &Point, look: &'a Look) -> Option<Words<'a>> {
        let find = |address, width| {
            self.reads.iter().zip(&look.answers).find_map(|(read, words)| {
                let place = read.place(point.function, address, width)?;
                words.as_ref()?.get(place)
            })
        };
        let single = |address: Option<u16>| match address {
            None => Some(None),
            Some(address) => find(address, 1)?.first().copied().map(Some),
        };
        Some(Words {
            value: find(point.address, point.width())?,
            high: single(point.high)?,
            scale_factor: single(point.scale_factor)?,
        })
    }

    async fn ask(&mut self, link: &mut Link, look: &mut Look) -> Result<(), ReadError> {
        let unit = self.settings.station.unit;
        for read in &self.reads {
            match link.read(unit, read.function, read.start, read.count).await {
                Ok(words) => look.answers.push(Some(words)),
                Err(ReadError::Exception(exception)) => {
                    let is_unknown = exception == ExceptionCode::IllegalDataAddress;
                    if !(is_unknown && read.is_optional()) {
                        let (start, why) = (read.start, said(exception));
                        look.sample.problems.push(Unanswered::Registers { start, why }.into());
                    }
                    look.answers.push(None);
                    if is_too_much(exception) {
                        let before = self.breaks.len();
                        self.breaks.extend(read.split());
                        look.split |= self.breaks.len() > before;
                    }
                    look.absent = is_absence(exception);
                    if look.absent {
                        break;
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Finds the unit's `SunSpec` meter, once for each link. Answers why there is none.
    async fn find_models(&mut self, link: &mut Link) -> Result<Option<Message>, ReadError> {
        let Some(meter) = self.settings.sunspec else { return Ok(None) };
        if self.found_on == Some(link.id) {
            return Ok(None);
        }
        let found = match sunspec::discover(link, self.settings.station.unit, meter).await? {
            Ok(found) => found,
            Err(problem) => return Ok(Some(problem)),
        };
        let mut points = self.settings.points.clone();
        for mut point in found {
            if !points.iter().any(|known| known.field == point.field) {
                point.invert ^= self.settings.turning.turns(point.field);
                points.push(point);
            }
        }
        self.points = points;
        self.found_on = Some(link.id);
        self.plan();
        Ok(None)
    }

    fn plan(&mut self) {
        self.reads = plan(&self.points, &self.breaks, self.settings.largest_read);
    }
}

/// Whether a device may say with this that it does not give so many registers, or these, together: which of the three
/// it says differs from one to the next.
const fn is_too_much(exception: ExceptionCode) -> bool {
    matches!(
        exception,
        ExceptionCode::IllegalFunction
            | ExceptionCode::IllegalDataAddress
            | ExceptionCode::IllegalDataValue
    )
}

/// Whether a gateway says with this that the unit behind it does not answer. Finding that out took
/// it time that the other units lack.
pub(crate) const fn is_absence(exception: ExceptionCode) -> bool {
    matches!(exception, ExceptionCode::GatewayPathUnavailable | ExceptionCode::GatewayTargetDevice)
}
