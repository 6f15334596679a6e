//! The way from the server's snapshot to the live state.

use domain::live::Snapshot;
use leptos::html::Nav;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::Live;
use super::stream;
use crate::api::get_snapshot;
use crate::components::fetched::{Fetched, fetched};

/// Loads the snapshot once and builds the live state from it once, whoever asks first.
#[derive(Clone, Copy)]
pub struct LiveHandle {
    snapshot: Fetched<Snapshot>,
    /// The server draws the parts of a page side by side, where a signal that one part sets cannot be
    /// read by another: it would seem to be gone.
    #[cfg(feature = "ssr")]
    built: StoredValue<std::sync::Arc<std::sync::OnceLock<Live>>>,
    live: RwSignal<Option<Live>>,
    owner: StoredValue<Owner>,
}

impl LiveHandle {
    /// To be made once, below the router, where the application begins: its address says whose live
    /// state it is. The stream begins when the browser has taken over the last element of the frame:
    /// what changed before would no longer fit what the server drew.
    pub fn new(last: NodeRef<Nav>) -> Self {
        let location = use_location();
        let address = (location.pathname.get_untracked(), location.search.get_untracked());
        let handle = Self {
            snapshot: fetched(move || address.clone(), |(path, query)| get_snapshot(path, query)),
            #[cfg(feature = "ssr")]
            built: StoredValue::default(),
            live: RwSignal::new(None),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        };
        Effect::new(move |started: Option<bool>| {
            let live = handle.live.get().filter(|_| last.get().is_some());
            match live {
                Some(live) if started != Some(true) => {
                    handle.owner.with_value(|owner| owner.with(|| stream::follow(live)));
                    true
                }
                _ => started.unwrap_or(false),
            }
        });
        handle
    }

    /// The live state, as soon as the snapshot is there.
    pub async fn ready(self) -> Result<Live, ServerFnError> {
        let snapshot = self.snapshot.await?;
        let build = || self.owner.with_value(|owner| owner.with(|| Live::new(snapshot)));
        #[cfg(feature = "ssr")]
        let live = *self.built.get_value().get_or_init(build);
        #[cfg(not(feature = "ssr"))]
        let live = self.live.get_untracked().unwrap_or_else(|| {
            let live = build();
            self.live.set(Some(live));
            live
        });
        Ok(live)
    }

    /// How often the stream went on after a break. What runs inside an effect runs again then.
    pub(super) fn resumed(self) -> u32 {
        self.live.get().map_or(0, |live| live.status.resumed.get())
    }

    /// Tells whether what the stream does not carry could be fetched anew.
    pub(super) fn tried(self, is_fresh: bool) {
        if let Some(Some(live)) = self.live.try_get_untracked() {
            live.status.tried(is_fresh);
        }
    }

    /// Asks for the snapshot again after an error.
    pub fn retry(self) {
        self.snapshot.refetch();
    }
}
