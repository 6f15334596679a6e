//! Current transformers that are mounted the wrong way round.

use crate::devices::refusal::modbus::ModbusRefusal;
use crate::devices::{Point, SettingError};
use crate::{Field, Values};

/// Which values have their sign turned: all that have a direction, those of single phases, or both,
/// which turns such a phase twice and leaves it as it is.
///
/// A device with a single reversed transformer also sums wrongly. Its sums of power are put right
/// from the phases; its power factor and its energy registers cannot be, so the first is left out
/// and the second show what the device counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PhaseInversion {
    all: bool,
    phases: [bool; 3],
}

const ACTIVE: [Field; 3] = [Field::ActivePowerL1Kw, Field::ActivePowerL2Kw, Field::ActivePowerL3Kw];
const REACTIVE: [Field; 3] =
    [Field::ReactivePowerL1Kvar, Field::ReactivePowerL2Kvar, Field::ReactivePowerL3Kvar];
const SUMS: [(Field, [Field; 3]); 2] =
    [(Field::ActivePowerKw, ACTIVE), (Field::ReactivePowerKvar, REACTIVE)];

impl PhaseInversion {
    pub(super) fn parse(all: bool, names: &[String]) -> Result<Self, SettingError> {
        let mut phases = [false; 3];
        for name in names {
            let phase = ["L1", "L2", "L3"].iter().position(|known| known == name);
            let turned = phase.and_then(|phase| phases.get_mut(phase)).ok_or_else(|| {
                SettingError::new("invertPhases", ModbusRefusal::Phase { name: name.clone() })
            })?;
            *turned = true;
        }
        Ok(Self { all, phases })
    }

    /// Refuses a map that reads a sum of power without the turned phases it would be corrected by.
    pub(super) fn check(self, points: &[Point]) -> Result<(), SettingError> {
        let has = |field| points.iter().any(|point| point.field == field);
        for (sum, phases) in SUMS {
            let lacking = self.turned(phases).find(|&phase| has(sum) && !has(phase));
            if let Some(phase) = lacking {
                let (sum, phase) = (sum.json(), phase.json());
                return Err(SettingError::new(
                    "invertPhases",
                    ModbusRefusal::Turned { sum, phase },
                ));
            }
        }
        Ok(())
    }

    /// Whether a value of `field` has its sign turned.
    pub fn turns(self, field: Field) -> bool {
        let of_phase = |fields: [Field; 3]| self.turned(fields).any(|phase| phase == field);
        (self.all && is_directed(field)) ^ (of_phase(ACTIVE) || of_phase(REACTIVE))
    }

    /// Puts the sums right that a device formed with a reversed phase, given the values after
    /// turning: sum + 2 × phase for each, since the device took the phase off where it should have
    /// added it. Names the sums that cannot be put right because a phase is absent; they are removed.
    pub fn mend_sums(self, values: &mut Values) -> Vec<Field> {
        let mut lost = Vec::new();
        for (sum, phases) in SUMS {
            let Some(wrong) = values.get(sum) else { continue };
            let mended = self
                .turned(phases)
                .map(|phase| values.get(phase))
                .try_fold(wrong, |sum, phase| phase.map(|phase| sum + 2.0 * phase));
            if mended.is_none() {
                lost.push(sum);
            }
            values.set(sum, mended);
        }
        if self.phases.contains(&true) {
            values.set(Field::PowerFactor, None);
        }
        lost
    }

    fn turned(self, fields: [Field; 3]) -> impl Iterator<Item = Field> {
        fields.into_iter().zip(self.phases).filter_map(|(field, turned)| turned.then_some(field))
    }
}

/// Values that change their sign with the direction of the energy.
pub(in crate::devices) fn is_directed(field: Field) -> bool {
    field == Field::PowerFactor
        || SUMS.iter().any(|(sum, phases)| *sum == field || phases.contains(&field))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turning(all: bool, phases: &[&str]) -> PhaseInversion {
        let names: Vec<_> = phases.iter().map(|&name| name.to_owned()).collect();
        PhaseInversion::parse(all, &names).unwrap()
    }

    fn measured(phases: [f64; 3]) -> Values {
        let mut values = Values::default();
        for (field, value) in ACTIVE.into_iter().zip(phases) {
            values.set(field, Some(value));
        }
        values.set(Field::ActivePowerKw, Some(phases.iter().sum()));
        values
    }

    /// What the driver does with measured values: each is turned, then the sums are mended.
    fn corrected(turning: PhaseInversion, mut values: Values) -> Values {
        for (field, value) in values.clone().present() {
            values.set(field, Some(if turning.turns(field) { -value } else { value }));
        }
        assert_eq!(turning.mend_sums(&mut values), []);
        values
    }

    #[test]
    fn a_reversed_phase_is_put_right_in_the_sum_too() {
        let values = corrected(turning(false, &["L2"]), measured([5.0, -3.0, 2.0]));
        assert_eq!(values, measured([5.0, 3.0, 2.0]));
    }

    #[test]
    fn a_reversed_phase_of_a_reversed_meter_is_put_right_too() {
        let values = corrected(turning(true, &["L1"]), measured([5.0, -3.0, -2.0]));
        assert_eq!(values, measured([5.0, 3.0, 2.0]));
    }

    #[test]
    fn a_sum_without_its_turned_phase_is_given_up() {
        let mut values = measured([5.0, -3.0, 2.0]);
        values.active_power_kw_l2 = None;
        assert_eq!(turning(false, &["L2"]).mend_sums(&mut values), [Field::ActivePowerKw]);
        assert_eq!(values.active_power_kw, None);
        let map = [Point::plain(Field::ActivePowerKw, 0)];
        let refused = turning(false, &["L2"]).check(&map).unwrap_err();
        assert!(refused.to_string().contains("activePowerL2Kw"), "{refused}");
        assert_eq!(turning(true, &[]).check(&map), Ok(()));
    }

    #[test]
    fn voltages_and_registers_have_no_direction() {
        for field in [Field::VoltageL1, Field::CurrentL1, Field::EnergyImportKwh] {
            assert!(!turning(true, &["L1"]).turns(field), "{field:?}");
        }
        assert!(PhaseInversion::parse(false, &["l1".to_owned()]).is_err());
    }
}
