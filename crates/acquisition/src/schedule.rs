//! When a device is due.

use std::time::Duration;

use tokio::time::Instant;

/// The next time a device is due that was due at `due` and has been read until `now`. It keeps its
/// beat; what was missed meanwhile is left out, since a late poll shows the present, not the past.
pub(crate) fn next_due(due: Instant, every: Duration, now: Instant) -> Instant {
    let late = now.saturating_duration_since(due);
    let beats = late.as_nanos() / every.as_nanos().max(1) + 1;
    due + every.saturating_mul(u32::try_from(beats).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_keeps_its_beat_and_leaves_out_what_it_missed() {
        let (due, every) = (Instant::now(), Duration::from_secs(5));
        let after = |seconds| next_due(due, every, due + Duration::from_secs(seconds)) - due;
        assert_eq!(after(0), Duration::from_secs(5));
        assert_eq!(after(4), Duration::from_secs(5));
        assert_eq!(after(5), Duration::from_secs(10));
        assert_eq!(after(62), Duration::from_secs(65));
    }
}
