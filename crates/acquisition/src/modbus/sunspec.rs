//! Finding a meter by its `SunSpec` models, and what their registers mean.
//!
//! A device marks the begin of its models with `SunS` and lines them up, each with its number and
//! its length, until one numbered 0xFFFF. Meters are the models 201 to 204 (whole numbers with a
//! power of ten beside them) and 211 to 214 (floating point): single phase, split phase, star and
//! delta. Layout: <https://github.com/sunspec/models>, `json/model_201.json` to `model_214.json`.
//!
//! Power is positive where the meter imports; makers differ, which `invert` is for. Not taken are
//! the power factor, which some makers give in per cent and some as a ratio (it follows from active
//! and apparent power), and reactive energy, which is counted by quadrant.

use domain::Field;
use domain::devices::reason::Trouble;
use domain::devices::reason::modbus::{NoSunspec, Unanswered};
use domain::devices::{Function, NumberType, Point};
use domain::message::{Message, Sentences};
use tokio_modbus::ExceptionCode;

use super::exception::said;
use super::link::{Link, ReadError};
use super::map::is_absence;

/// Where the models may begin, in the order of how common it is.
const BASES: [u16; 3] = [40_000, 50_000, 0];
/// `SunS`.
const MARKER: [u16; 2] = [0x5375, 0x6E53];
/// The number that ends the line of models.
const END: u16 = 0xFFFF;
/// More models than any device has; a line without an end is left after these.
const MOST_MODELS: usize = 64;

/// Points of a meter, by offsets from the register with the model's number.
struct Layout {
    number: NumberType,
    /// What a point says that has no value; a floating one is not a number.
    not_available: Option<u64>,
    /// Registers after number and length.
    length: u16,
    points: &'static [(Field, u16, Option<u16>)],
}

/// Models 201 to 204: field, offset, offset of the power of ten.
const WHOLE: Layout = Layout {
    number: NumberType::I16,
    not_available: Some(0x8000),
    length: 105,
    points: &[
        (Field::CurrentL1, 3, Some(6)),
        (Field::CurrentL2, 4, Some(6)),
        (Field::CurrentL3, 5, Some(6)),
        (Field::VoltageL1, 8, Some(15)),
        (Field::VoltageL2, 9, Some(15)),
        (Field::VoltageL3, 10, Some(15)),
        (Field::VoltageL12, 12, Some(15)),
        (Field::VoltageL23, 13, Some(15)),
        (Field::VoltageL31, 14, Some(15)),
        (Field::FrequencyHz, 16, Some(17)),
        (Field::ActivePowerKw, 18, Some(22)),
        (Field::ActivePowerL1Kw, 19, Some(22)),
        (Field::ActivePowerL2Kw, 20, Some(22)),
        (Field::ActivePowerL3Kw, 21, Some(22)),
        (Field::ApparentPowerKva, 23, Some(27)),
        (Field::ReactivePowerKvar, 28, Some(32)),
        (Field::ReactivePowerL1Kvar, 29, Some(32)),
        (Field::ReactivePowerL2Kvar, 30, Some(32)),
        (Field::ReactivePowerL3Kvar, 31, Some(32)),
        (Field::EnergyExportKwh, 38, Some(54)),
        (Field::EnergyImportKwh, 46, Some(54)),
    ],
};

/// Models 211 to 214: field and offset.
const FLOATING: Layout = Layout {
    number: NumberType::F32,
    not_available: None,
    length: 124,
    points: &[
        (Field::CurrentL1, 4, None),
        (Field::CurrentL2, 6, None),
        (Field::CurrentL3, 8, None),
        (Field::VoltageL1, 12, None),
        (Field::VoltageL2, 14, None),
        (Field::VoltageL3, 16, None),
        (Field::VoltageL12, 20, None),
        (Field::VoltageL23, 22, None),
        (Field::VoltageL31, 24, None),
        (Field::FrequencyHz, 26, None),
        (Field::ActivePowerKw, 28, None),
        (Field::ActivePowerL1Kw, 30, None),
        (Field::ActivePowerL2Kw, 32, None),
        (Field::ActivePowerL3Kw, 34, None),
        (Field::ApparentPowerKva, 36, None),
        (Field::ReactivePowerKvar, 44, None),
        (Field::ReactivePowerL1Kvar, 46, None),
        (Field::ReactivePowerL2Kvar, 48, None),
        (Field::ReactivePowerL3Kvar, 50, None),
        (Field::EnergyExportKwh, 60, None),
        (Field::EnergyImportKwh, 68, None),
    ],
};

/// Looks for a unit's meter, the first, second and so on of the models in their line.
///
/// # Errors
/// Outside, when the link must be dropped; inside, why there is no such meter.
pub(super) async fn discover(
    link: &mut Link,
    unit: u8,
    meter: u16,
) -> Result<Result<Vec<Point>, Message>, ReadError> {
    let base = match find_marker(link, unit).await? {
        Ok(base) => base,
        Err(problem) => return Ok(Err(problem)),
    };
    let (mut at, mut seen, mut meters) = (base + 2, Vec::new(), 0);
    while seen.len() < MOST_MODELS {
        let (model, length) = match read_pair(link, unit, at).await? {
            Ok([END, _]) => break,
            Ok([model, length]) => (model, length),
            Err(exception) => {
                let why = Box::new(said(exception).into());
                return Ok(Err(NoSunspec::At { address: at, why }.into()));
            }
        };
        if let Some(layout) = layout(model).filter(|layout| length >= layout.length) {
            meters += 1;
            if meters == meter {
                return Ok(Ok(layout.points_of(model, at)));
            }
        }
        seen.push(model.to_string());
        let Some(next) = length.checked_add(2).and_then(|step| at.checked_add(step)) else { break };
        at = next;
    }
    let models = NoSunspec::Models { models: seen.join(", ") };
    let fewer = match meters {
        0 => NoSunspec::NoMeter,
        has => NoSunspec::Fewer { has, wanted: meter },
    };
    Ok(Err(Trouble::Several { all: Sentences(vec![fewer.into(), models.into()]) }.into()))
}

async fn find_marker(link: &mut Link, unit: u8) -> Result<Result<u16, Message>, ReadError> {
    for base in BASES {
        match read_pair(link, unit, base).await? {
            Ok(MARKER) => return Ok(Ok(base)),
            Err(exception) if is_absence(exception) => return Ok(Err(said(exception).into())),
            Ok(_) | Err(_) => {}
        }
    }
    let [first, second, third] = BASES;
    Ok(Err(NoSunspec::NoMarker { first, second, third }.into()))
}

/// Two registers, or the exception that stood in their place.
async fn read_pair(
    link: &mut Link,
    unit: u8,
    at: u16,
) -> Result<Result<[u16; 2], ExceptionCode>, ReadError> {
    match link.read(unit, Function::Holding, at, 2).await {
        Ok(words) => match words.as_slice() {
            [first, second] => Ok(Ok([*first, *second])),
            _ => Err(ReadError::Wrong(Unanswered::Count { got: words.len(), asked: 2 }.into())),
        },
        Err(ReadError::Exception(exception)) => Ok(Err(exception)),
        Err(error) => Err(error),
    }
}

const fn layout(model: u16) -> Option<&'static Layout> {
    match model {
        201..=204 => Some(&WHOLE),
        211..=214 => Some(&FLOATING),
        _ => None,
    }
}

impl Layout {
    fn points_of(&self, model: u16, at: u16) -> Vec<Point> {
        self.points
            .iter()
            .filter(|(field, ..)| has(model, *field))
            .filter_map(|&(field, offset, scale_factor)| {
                let point = Point::plain(field, at.checked_add(offset)?);
                let scale_factor =
                    scale_factor.map_or(Some(None), |offset| at.checked_add(offset).map(Some))?;
                let counter = matches!(field, Field::EnergyExportKwh | Field::EnergyImportKwh);
                // A counter (`acc32`) of a whole-number model says 0 when it counts nothing.
                let (number, not_available) = match self.number {
                    NumberType::I16 if counter => (NumberType::U32, Some(0)),
                    number => (number, self.not_available),
                };
                let scale = if is_thousandfold(field) { 0.001 } else { 1.0 };
                let not_available = not_available.into_iter().collect();
                Some(Point { number, scale, scale_factor, not_available, ..point })
            })
            .collect()
    }
}

/// Whether a meter of this model has a value: the models of one or two phases have the registers of
/// three, and a delta has no neutral.
fn has(model: u16, field: Field) -> bool {
    use Field as F;
    let second = matches!(
        field,
        F::CurrentL2 | F::VoltageL2 | F::VoltageL12 | F::ActivePowerL2Kw | F::ReactivePowerL2Kvar
    );
    let third = matches!(
        field,
        F::CurrentL3
            | F::VoltageL3
            | F::VoltageL23
            | F::VoltageL31
            | F::ActivePowerL3Kw
            | F::ReactivePowerL3Kvar
    );
    match model % 10 {
        1 => !second && !third,
        2 => !third,
        4 => !matches!(field, F::VoltageL1 | F::VoltageL2 | F::VoltageL3),
        _ => true,
    }
}

/// W, VA, var and Wh stand in the models where a reading has thousands of them.
fn is_thousandfold(field: Field) -> bool {
    field.unit().starts_with('k')
}
