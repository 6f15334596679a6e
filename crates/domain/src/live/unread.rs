//! The live state of a meter of which nothing is known yet.

use super::{MeterLive, Status};
use crate::readings::unread::Unread;
use crate::{MeterId, Quality};

impl MeterLive {
    /// A meter that was never read.
    pub fn unread(id: MeterId) -> Self {
        Self {
            id,
            power_kw: None,
            mean_kw: None,
            returned_kw: None,
            today_kwh: None,
            today_returned_kwh: None,
            at: None,
            status: Status::None,
            reason: Some(Unread::Never.into()),
            quality: Quality::default(),
        }
    }
}
