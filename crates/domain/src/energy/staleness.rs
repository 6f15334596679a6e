//! How long a meter may be silent before that says something.

use chrono::{DateTime, TimeDelta, Utc};

use crate::energy::QUARTER;

/// How often a meter that programs or SQL feed is taken to be read.
pub const POLL_WITHOUT_DEVICE: TimeDelta = TimeDelta::minutes(5);
/// Polls that may be missed.
const POLLS: i32 = 3;
/// The shortest silence that counts, so that a fast poll does not flicker.
const SHORTEST: TimeDelta = TimeDelta::seconds(15);

/// As long as all the polls take that a meter may miss.
pub fn patience(poll: TimeDelta) -> TimeDelta {
    poll * POLLS
}

/// What is older than this is stale; `poll` is none where a meter has no device.
pub fn stale_after(poll: Option<TimeDelta>) -> TimeDelta {
    patience(poll.unwrap_or(POLL_WITHOUT_DEVICE)).max(SHORTEST)
}

/// Silence longer than this is a gap: where in it energy lies is not known.
pub fn gap_limit(poll: TimeDelta) -> TimeDelta {
    patience(poll).max(QUARTER)
}

/// Longest that a meter may lack what others of its balance are known for, however seldom it is read: a
/// quarter-hour, and five minutes for it to arrive from a logger that reports each quarter-hour.
const LONGEST_LAG: TimeDelta = TimeDelta::minutes(20);

/// A meter that lacks more than this of what others of its balance are known for is silent there: what
/// it counted meanwhile is no loss.
pub fn lag_limit(poll: TimeDelta) -> TimeDelta {
    gap_limit(poll).min(LONGEST_LAG)
}

/// A register that was not read for longer than this is taken to be read no more.
pub const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(31);

/// Until when a meter tells what passed it in both directions, where its import is known up to `to` and its
/// export register was read at another instant at last: what it delivered since is counted when that is
/// read again, and until then nobody knows of it. `export_read` is none where no export is awaited.
pub fn told_to(to: DateTime<Utc>, export_read: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let awaited = export_read.filter(|at| to - *at <= FORGOTTEN_AFTER);
    awaited.map_or(to, |at| at.min(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_delivered_is_told_up_to_the_last_reading_of_its_register() {
        let at = |hours: i64| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        assert_eq!(told_to(at(10), None), at(10));
        assert_eq!(told_to(at(10), Some(at(9))), at(9));
        assert_eq!(told_to(at(10), Some(at(11))), at(10));
        assert_eq!(told_to(at(800), Some(at(9))), at(800), "it is read no more");
    }

    #[test]
    fn three_polls_may_be_missed_and_fast_ones_are_granted_more() {
        assert_eq!(stale_after(Some(TimeDelta::seconds(30))), TimeDelta::seconds(90));
        assert_eq!(stale_after(Some(TimeDelta::seconds(1))), TimeDelta::seconds(15));
        assert_eq!(stale_after(None), TimeDelta::minutes(15));
        assert_eq!(gap_limit(TimeDelta::seconds(30)), TimeDelta::minutes(15));
        assert_eq!(gap_limit(TimeDelta::minutes(10)), TimeDelta::minutes(30));
    }

    #[test]
    fn a_meter_that_is_read_seldom_is_granted_no_lag_of_hours() {
        assert_eq!(lag_limit(TimeDelta::seconds(30)), TimeDelta::minutes(15));
        assert_eq!(lag_limit(TimeDelta::minutes(15)), TimeDelta::minutes(20));
        assert_eq!(lag_limit(TimeDelta::hours(1)), TimeDelta::minutes(20));
    }
}
