//! The change of a loss against that of another period.

use super::{AreaLoss, Loss};
use crate::view::COMPARABLE;

/// A loss less that of another period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossChange {
    /// More is lost above zero, kWh.
    pub kwh: f64,
    /// Half the error band of the difference, kWh: the errors of two periods are independent.
    pub error_kwh: f64,
}

impl LossChange {
    fn new((kwh, error): (f64, f64), (before_kwh, before_error): (f64, f64)) -> Self {
        Self { kwh: kwh - before_kwh, error_kwh: error.hypot(before_error) }
    }

    /// Whether it may be no change at all.
    pub fn is_within_error(self) -> bool {
        self.kwh.abs() <= self.error_kwh
    }
}

impl Loss {
    /// Its change against another period; none where either is not known, leaves nodes out, or was read
    /// for too little.
    pub fn change_from(&self, before: &Self) -> Option<LossChange> {
        let is_whole = |loss: &Self| loss.coverage >= COMPARABLE && loss.left_out.is_empty();
        let both = self.kwh.zip(before.kwh).filter(|_| is_whole(self) && is_whole(before));
        let change =
            |(kwh, earlier)| LossChange::new((kwh, self.error_kwh), (earlier, before.error_kwh));
        both.map(change)
    }
}

impl AreaLoss {
    /// Its change against another period; none where either is not known, has other nodes, or was read
    /// for too little.
    pub fn change_from(&self, before: &Self) -> Option<LossChange> {
        let is_read = self.coverage >= COMPARABLE && before.coverage >= COMPARABLE;
        let is_same = is_read && self.nodes == before.nodes;
        let both = self.kwh.zip(before.kwh).filter(|_| is_same);
        let change =
            |(kwh, earlier)| LossChange::new((kwh, self.error_kwh), (earlier, before.error_kwh));
        both.map(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_compared_while_it_has_the_same_nodes_and_was_read() {
        let area = |nodes, kwh, coverage| AreaLoss {
            name: None,
            nodes,
            kwh,
            metering_kwh: 0.0,
            error_kwh: 3.0,
            cost: None,
            saving: None,
            coverage,
        };
        let before = area(2, Some(10.0), 1.0);
        let cases = [
            ("as before", area(2, Some(13.0), 1.0), Some((3.0, true))),
            ("much more", area(2, Some(20.0), 1.0), Some((10.0, false))),
            ("another node", area(3, Some(13.0), 1.0), None),
            ("not known", area(2, None, 1.0), None),
            ("read in part", area(2, Some(13.0), 0.5), None),
        ];
        for (name, area, expected) in cases {
            let change = area.change_from(&before);
            assert_eq!(change.map(|it| (it.kwh, it.is_within_error())), expected, "{name}");
        }
    }
}
