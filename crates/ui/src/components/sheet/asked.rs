//! What a sheet is asked for by, and the asking.

use futures::future::{AbortHandle, Aborted, abortable};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::api::{Sheet, ask_sheet};
use crate::components::fetched::{Fetched, fetched};
use crate::components::waiting::PendingCount;

/// A path, and what follows after `?`.
pub type Address = (String, String);

/// The current address, as long as `is_here` knows its path: a page stands a moment longer than its
/// address while the next one loads.
pub fn address(is_here: fn(&str) -> bool) -> Memo<Address> {
    let location = use_location();
    Memo::new(move |before: Option<&Address>| {
        let path = location.pathname.get();
        match before {
            Some(before) if !is_here(&path) => before.clone(),
            _ => (path, location.search.get()),
        }
    })
}

/// The sheet of the current address, which the content waits for.
pub fn fetch(is_here: fn(&str) -> bool) -> Fetched<Option<Sheet>> {
    let address = address(is_here);
    newest(address, address, Some(expect_context()))
}

/// The sheet of the `address`, asked for again whenever `key` changes. A resource waits for one answer
/// after the other; here one that is no longer wanted is not waited for.
pub fn newest(
    key: Memo<Address>,
    address: Memo<Address>,
    awaited: Option<PendingCount>,
) -> Fetched<Option<Sheet>> {
    let last = StoredValue::new(None::<(Address, AbortHandle)>);
    Effect::new(move |_| {
        let wanted = key.get();
        last.with_value(|last| {
            if let Some((asked, abort)) = last
                && *asked != wanted
            {
                abort.abort();
            }
        });
    });
    let ask = move |key| {
        let (path, query) = address.get_untracked();
        let (answer, abort) = abortable(ask_sheet(path, query));
        last.try_set_value(Some((key, abort)));
        let awaits = awaited.map(PendingCount::one);
        async move {
            let answer = answer.await;
            drop(awaits);
            // Nobody sees this: the next answer is asked for at once.
            answer.unwrap_or_else(|Aborted| Err(ServerFnError::Request(String::new())))
        }
    };
    fetched(move || key.get(), ask)
}
