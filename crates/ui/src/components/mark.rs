//! Shapes that carry a state: never colour alone.

use chrono::{DateTime, Utc};
use domain::Quality;
use domain::alarms::Severity;
use domain::live::{MeterLive, Status};
use leptos::prelude::*;

use texts::language::Text;
use texts::time::duration;
use texts::words::state as words;

/// A shape and its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Good,
    /// ○ within error, derived, or not read yet.
    Ring,
    Loss,
    /// ▲ warning or negative.
    Warn,
    /// Hollow ▲ stale.
    Stale,
    Alarm,
}

impl Shape {
    pub const fn of_severity(severity: Severity) -> Self {
        match severity {
            Severity::Critical => Self::Alarm,
            Severity::Warning => Self::Warn,
            Severity::Info => Self::Ring,
        }
    }

    pub const fn class(self) -> &'static str {
        match self {
            Self::Good => "mark mark-good",
            Self::Ring => "mark mark-ring",
            Self::Loss => "mark mark-loss",
            Self::Warn => "mark mark-warn",
            Self::Stale => "mark mark-stale",
            Self::Alarm => "mark mark-alarm",
        }
    }

    pub const fn path(self) -> &'static str {
        match self {
            Self::Good => "M6 2.5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 1 1 0-7Z",
            Self::Ring => "M6 3a3 3 0 1 1 0 6a3 3 0 1 1 0-6Z",
            Self::Loss => "M6 1.5L10.5 6L6 10.5L1.5 6Z",
            Self::Warn => "M6 1.8L10.8 10H1.2Z",
            Self::Stale => "M6 2.6L10 9.4H2Z",
            Self::Alarm => "M2 2H10V10H2Z",
        }
    }
}

/// The shape; what it means stands beside it or in `label`.
#[component]
pub fn Mark(#[prop(into)] shape: Signal<Shape>) -> impl IntoView {
    view! {
        <svg class=Signal::derive(move || shape.get().class()) width="12" height="12" aria-hidden="true">
            <path d=Signal::derive(move || shape.get().path()) />
        </svg>
    }
}

/// The state of a meter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterState {
    pub shape: Shape,
    pub word: Text,
}

impl MeterState {
    /// What the newest reading and the connection say.
    pub fn of(meter: &MeterLive) -> Self {
        let (shape, word) = match (meter.status, meter.quality) {
            (Status::Offline, _) => (Shape::Alarm, words::OFFLINE),
            (Status::Error, _) | (_, Quality::Error) => (Shape::Alarm, words::ERROR),
            (Status::None, _) => (Shape::Ring, words::UNREAD),
            (Status::Stale, _) | (_, Quality::Stale) => (Shape::Stale, words::STALE),
            (Status::Online, quality) => Self::of_quality(quality),
        };
        Self { shape, word }
    }

    /// The shape and word of a value's quality.
    pub const fn of_quality(quality: Quality) -> (Shape, Text) {
        match quality {
            Quality::Good => (Shape::Good, words::GOOD),
            Quality::Derived => (Shape::Ring, words::DERIVED),
            Quality::Corrected => (Shape::Ring, words::CORRECTED),
            Quality::Estimated => (Shape::Ring, words::ESTIMATED),
            Quality::Stale => (Shape::Stale, words::STALE),
            Quality::Error => (Shape::Alarm, words::ERROR),
        }
    }

    /// Whether someone should look after the meter.
    pub fn is_trouble(&self) -> bool {
        matches!(self.shape, Shape::Alarm | Shape::Stale)
    }
}

/// How long ago something was, as words; a dash for never.
pub fn age(at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    at.map_or_else(|| super::figure::UNKNOWN.to_owned(), |at| duration(now - at))
}
