//! The limits of a meter's registers.

use chrono::{DateTime, Utc};

use super::super::{Carry, Register, Rules};
use super::{Counts, Limits};

impl Rules {
    /// Whether a register also falls, by what is returned.
    pub(in crate::energy::interval) fn is_net(&self, register: Register) -> bool {
        self.net && register == Register::Total
    }

    /// How a reading of a register is judged, with the power beside it.
    pub(in crate::energy::interval) fn limits(
        &self,
        register: Register,
        known: &Carry,
        at: DateTime<Utc>,
        power: Option<f64>,
        is_trusted: bool,
    ) -> Limits<'_> {
        let energy = register.is_energy();
        let measured =
            energy || matches!(register, Register::ReactiveImport | Register::ReactiveExport);
        let counts = match register {
            Register::Runtime => Counts::Hours,
            _ if energy => Counts::Energy,
            _ => Counts::Other,
        };
        Limits {
            field: register.field(),
            counts,
            net: self.is_net(register),
            is_trusted,
            step: if measured { self.step_kwh } else { 0.0 },
            step_is_stated: measured && self.step_is_stated,
            modulus: self.modulus_kwh.filter(|_| measured),
            rated: self.rated.filter(|_| energy),
            power: power.map(f64::abs).filter(|_| energy),
            third_power: known.powers.get(2).copied().filter(|_| energy),
            peak: known.peak.map(|peak| peak.highest()),
            cadence: self.poll_at(at),
            exchanges: if measured { &self.exchanges } else { &[] },
            decisions: &self.decisions,
        }
    }
}
