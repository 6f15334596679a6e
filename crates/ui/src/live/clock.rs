//! The server's time in the browser, whose own clock may be wrong.

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;

/// How far the browser's clock is from the server's.
#[derive(Clone, Copy)]
pub(super) struct Skew(StoredValue<TimeDelta>);

impl Skew {
    pub(super) fn measure(server: DateTime<Utc>) -> Self {
        Self(StoredValue::new(server - browser_now()))
    }

    pub(super) fn update(self, server: DateTime<Utc>) {
        self.0.set_value(server - browser_now());
    }

    pub(super) fn server_now(self) -> DateTime<Utc> {
        browser_now() + self.0.get_value()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
fn browser_now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}
