//! A register that counts both ways: it rises by what is drawn and falls by what is returned.

/// What such a register drew and returned since it was first read, each as a register that only rises.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Net {
    /// Where the register stood last; none before its first reading.
    stood: Option<f64>,
    /// Where a register of export stood beside it.
    export: Option<f64>,
    drawn: f64,
    returned: f64,
}

impl Net {
    /// Takes the next reading, with that of a register of export where the meter has one; answers what
    /// was drawn and returned up to it.
    pub(super) fn follow(&mut self, value: f64, export: Option<f64>) -> (f64, f64) {
        let rise = value - self.stood.replace(value).unwrap_or(value);
        if rise > 0.0 {
            self.drawn += rise;
        } else {
            self.returned -= rise;
        }
        if let Some(export) = export {
            self.returned += export - self.export.replace(export).unwrap_or(export);
        }
        (self.drawn, self.returned)
    }
}
