//! The actions that whoever asks for a page may do on its site: a page shows no button for another.

use leptos::prelude::{provide_context, use_context};
use service::pages::{self, Query};
use service::{Action, Principal, Service};

#[derive(Clone)]
struct Rights(Vec<Action>);

/// Keeps the rights of somebody on the site of an address, for the page that is drawn next.
pub fn keep(service: &Service, who: &Principal, query: &Query) {
    provide_context(Rights(pages::rights(service, who, query)));
}

/// Whether whoever asks may do this on the site of the page.
pub fn may(action: Action) -> bool {
    use_context::<Rights>().is_none_or(|rights| rights.0.contains(&action))
}
