//! Meters of somebody's own.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::energy::window::Window;
use crate::ids::{MeterId, SiteId};
use crate::month::Month;
use crate::sites::Site;

/// A meter of somebody's own, on the days of its site from which and until which it is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "sqlx", derive(sqlx::FromRow))]
pub struct OwnMeter {
    /// The meter.
    #[cfg_attr(feature = "sqlx", sqlx(rename = "meter_id"))]
    pub meter: MeterId,
    /// Its site.
    #[cfg_attr(feature = "sqlx", sqlx(rename = "site_id"))]
    pub site: SiteId,
    /// The first day; ever since without one.
    pub valid_from: Option<NaiveDate>,
    /// The day after the last one; for good without one.
    pub valid_to: Option<NaiveDate>,
}

/// The time of a meter's figures that somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// All of it.
    Always,
    /// As long as the meter is theirs.
    While(OwnMeter),
}

impl Seen {
    /// The part of a window that may be seen; none where they have nothing in common.
    pub fn part_of(self, site: &Site, window: Window) -> Option<Window> {
        let Self::While(own) = self else { return Some(window) };
        let from = own.valid_from.map_or(window.from, |day| site.day_start(day).max(window.from));
        let to = own.valid_to.map_or(window.to, |day| site.day_start(day).min(window.to));
        (from < to).then_some(Window { from, to })
    }

    /// The end of what may be seen; none where that goes on.
    pub fn until(self, site: &Site) -> Option<DateTime<Utc>> {
        match self {
            Self::Always => None,
            Self::While(own) => own.valid_to.map(|day| site.day_start(day)),
        }
    }

    /// Whether an instant may be seen.
    pub fn has(self, site: &Site, at: DateTime<Utc>) -> bool {
        self.part_of(site, Window { from: at, to: at + TimeDelta::microseconds(1) }).is_some()
    }

    /// Whether a whole month may be seen, and its bill with it: the bill of a month in which the meter passed on
    /// would tell each side what the other used.
    pub fn is_whole(self, month: Month) -> bool {
        match self {
            Self::Always => true,
            Self::While(own) => {
                own.valid_from.is_none_or(|from| from <= month.first())
                    && own.valid_to.is_none_or(|to| to >= month.next().first())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_month_in_which_a_meter_passes_on_is_seen_by_neither_side() {
        let own = |valid_from, valid_to| {
            Seen::While(OwnMeter { meter: MeterId(1), site: SiteId(1), valid_from, valid_to })
        };
        let (old, new) = (own(None, Some(day("2026-05-12"))), own(Some(day("2026-05-12")), None));
        let seen = |month: &str| {
            let month = month.parse().unwrap();
            (old.is_whole(month), new.is_whole(month))
        };
        assert_eq!(seen("2026-04"), (true, false));
        assert_eq!(seen("2026-05"), (false, false));
        assert_eq!(seen("2026-06"), (false, true));
        let first = own(Some(day("2026-05-01")), Some(day("2026-06-01")));
        assert!(first.is_whole("2026-05".parse().unwrap()));
        assert!(!first.is_whole("2026-06".parse().unwrap()));
    }
}
