//! Streams that are open: each holds a connection and what it has not sent yet, so that nobody may open any
//! number of them.

use std::collections::HashMap;
use std::sync::Arc;

use domain::operation::unable::Unable;
use parking_lot::Mutex;

use crate::{Error, Principal};

/// Streams of one principal: every screen of a control room, with some to spare.
const MOST: usize = 256;

/// How many each principal has open.
#[derive(Debug, Clone, Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<Principal, usize>>>);

/// A stream that is open, as long as this lives.
#[derive(Debug)]
pub struct Open {
    streams: Streams,
    who: Principal,
}

impl Streams {
    /// Opens a stream for somebody, unless that one has too many.
    pub(crate) fn open(&self, who: Principal) -> Result<Open, Error> {
        self.enter(who, MOST).ok_or_else(|| Error::Busy(Unable::TooManyStreams.into()))
    }

    fn enter(&self, who: Principal, most: usize) -> Option<Open> {
        let mut open = self.0.lock();
        let count = open.entry(who.clone()).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        drop(open);
        Some(Open { streams: self.clone(), who })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock();
        if let Some(count) = open.get_mut(&self.who) {
            *count -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_principal_has_so_many_streams_and_another_as_many() {
        let streams = Streams::default();
        let first = streams.enter(Principal::Loopback, 2).unwrap();
        let second = streams.enter(Principal::Loopback, 2).unwrap();
        assert!(streams.enter(Principal::Loopback, 2).is_none());
        assert!(streams.enter(Principal::Anonymous, 2).is_some());
        drop((first, second));
        assert!(streams.enter(Principal::Loopback, 2).is_some());
    }
}
