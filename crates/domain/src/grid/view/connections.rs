//! The page of connections: every request, with what became of it.

use crate::grid::RequestState;
use crate::grid::view::Request;
use crate::view::PeriodContext;

/// The page of connections.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionsPage {
    /// The site and its time.
    pub shown: PeriodContext,
    /// The state that is shown alone; none for all.
    pub only: Option<RequestState>,
    /// How many requests are in each state.
    pub counts: Vec<(RequestState, usize)>,
    /// The requests, newest first.
    pub requests: Vec<Request>,
    /// Where the list goes on.
    pub next: Option<String>,
    /// Whether this is a later part of the list.
    pub is_later: bool,
}

impl ConnectionsPage {
    /// How many requests are in a state.
    pub fn count(&self, state: RequestState) -> usize {
        self.counts.iter().filter(|(of, _)| *of == state).map(|(_, count)| count).sum()
    }

    /// How many requests there are.
    pub fn total(&self) -> usize {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}
