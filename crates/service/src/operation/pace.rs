//! The pace at which tasks look for work.

use std::time::Duration;

/// A multiple of the pace of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace(u32);

impl Pace {
    /// That of the program.
    pub(crate) const USUAL: Self = Self(1);
    /// That of tests, which wait for one look after another.
    pub(crate) const QUICK: Self = Self(10);

    /// The pause of a task that rests this long in the program, or in proportion to this time.
    pub(crate) fn of(self, usual: Duration) -> Duration {
        usual / self.0
    }
}
