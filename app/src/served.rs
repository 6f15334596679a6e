//! Which crate draws a page, and which does what a form says: the first that knows it.

use domain::overview::view::HotspotsPage;
use leptos::prelude::{Owner, provide_context};
use leptos::reactive::computed::ScopedFuture;
use service::pages::{self, Query};
use service::{Error, Principal, Service};
use texts::language::Language;
use ui::api::{Hotspot, Pages, Sheet};
use ui::components::layout::Parts;
use ui::components::sheet::AGAIN;
use ui::drawing::act::{Fields, no_act};
use ui::drawing::{Doing, Drawing, address, form, rights, sending, sheet};

/// The parameters that ask for something that takes long, such as a preview: what is drawn anew does not do
/// it again, nor does the page to which a form leads back.
const ONCE: [&str; 1] = ["preview="];

/// What a crate of pages offers: to draw those that it knows, and to do what their forms say.
type Draw = for<'a> fn(&'a Service, &'a Principal, &'a [&'a str], &'a Query) -> Drawing<'a>;
type Act = for<'a> fn(&'a Service, &'a Principal, &'a str, &'a Fields) -> Doing<'a, Option<String>>;

/// Every page that the server draws, for the server functions to find them.
#[derive(Debug, Clone, Copy)]
pub struct Served;

impl Pages for Served {
    fn draw<'a>(
        &self,
        service: &'a Service,
        who: &'a Principal,
        path: &'a str,
        query: &'a str,
    ) -> Drawing<'a> {
        Box::pin(draw(service, who, path, query))
    }

    fn frame(&self, service: &Service, who: &Principal, path: &str, search: &str) -> Parts {
        pages_sites::layout::draw(service, who, path, search)
    }

    fn hotspots(&self, page: &HotspotsPage) -> Vec<Hotspot> {
        pages_sites::hotspots(page)
    }
}

/// Draws what stands at a path; none where nothing does.
pub(crate) async fn draw(
    service: &Service,
    who: &Principal,
    path: &str,
    search: &str,
) -> Result<Option<Sheet>, Error> {
    if let Some(path) = path.strip_prefix("/frame") {
        let parts = pages_sites::layout::draw(service, who, path, search);
        return Ok(Some(sheet("", pages_sites::layout::whole(parts))));
    }
    if let Some(path) = path.strip_prefix("/found") {
        rights::keep(service, who, &pages::address(service, who, path, search));
        return pages_sites::found(service, who, path, search).await.map(Some);
    }
    let again = search.strip_suffix(AGAIN);
    let lasting = without_once(again.unwrap_or(search));
    let query = if again.is_some() { &lasting } else { search };
    let query = pages::address(service, who, path, query);
    rights::keep(service, who, &query);
    sending::keep(address(path, &Query::parse(&lasting).without(&[])));
    let parts: Vec<_> = path.trim_matches('/').split('/').collect();
    if parts == ["find"] {
        return pages_sites::find(service, who, search, &query).await.map(Some);
    }
    let crates: [Draw; 5] = [
        crate::pages::draw,
        pages_sites::draw,
        pages_energy::draw,
        pages_setup::draw,
        pages_utility::draw,
    ];
    for draw in crates {
        if let Some(drawn) = draw(service, who, &parts, &query).await? {
            return Ok(Some(Sheet { html: form::refilled(drawn.html), ..drawn }));
        }
    }
    Ok(None)
}

/// Does what a form says that a browser without script has sent: in its language, and with forms in the answer that
/// lead to the page `next`.
pub async fn send(
    service: &Service,
    who: &Principal,
    (name, fields): (&str, Vec<(String, String)>),
    (language, next): (Language, &str),
) -> Result<String, Error> {
    let owner = Owner::new();
    let doing = owner.with(|| {
        provide_context(language);
        sending::keep(next.to_owned());
        ScopedFuture::new(submit(service, who, name, fields))
    });
    doing.await
}

/// Does what a form of a page says, and answers what was done.
async fn submit(
    service: &Service,
    who: &Principal,
    name: &str,
    fields: Vec<(String, String)>,
) -> Result<String, Error> {
    let fields = Fields(fields.into_iter().collect());
    let crates: [Act; 5] = [
        crate::pages::act,
        pages_sites::act,
        pages_energy::act,
        pages_setup::act,
        pages_utility::act,
    ];
    for act in crates {
        if let Some(done) = act(service, who, name, &fields).await? {
            return Ok(done);
        }
    }
    Err(no_act(name))
}

/// The query of an address, without what is done once.
fn without_once(query: &str) -> String {
    let goes_on = |part: &&str| !ONCE.iter().any(|once| part.starts_with(once));
    let query = query.strip_prefix('?').unwrap_or(query);
    query.split('&').filter(goes_on).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_once_is_left_out() {
        assert_eq!(without_once("?preview=1&site=twin"), "site=twin");
        assert_eq!(without_once("apreview=1"), "apreview=1");
        assert_eq!(without_once(""), "");
    }
}
