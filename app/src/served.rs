//! Which crate draws a page, and which does what a form says: the first that knows it.

use leptos::prelude::{Owner, provide_context};
use leptos::reactive::computed::ScopedFuture;
use service::pages::{self, Query};
use service::{Error, Principal, Service};
use texts::language::Language;
use ui::drawing::act::{Fields, no_act};
use ui::drawing::files;
use ui::drawing::{Doing, Drawing, Sheet, address, form, rights, sending};

/// Ends the query of a document that is drawn anew.
pub(crate) const AGAIN: &str = "&again";

/// The parameters that ask for something that takes long, such as a preview, or for a file: what is drawn anew does not
/// do it again, nor does the page to which a form leads back.
const ONCE: [&str; 2] = ["preview=", "file="];

/// What a crate of pages offers: to draw those that it knows, and to do what their forms say.
type Draw = for<'a> fn(&'a Service, &'a Principal, &'a [&'a str], &'a Query) -> Drawing<'a>;
type Act = for<'a> fn(&'a Service, &'a Principal, &'a str, &'a Fields) -> Doing<'a, Option<String>>;

/// Draws what stands at a path; none where nothing does.
pub(crate) async fn draw(
    service: &Service,
    who: &Principal,
    path: &str,
    search: &str,
) -> Result<Option<Sheet>, Error> {
    let again = search.strip_suffix(AGAIN);
    let lasting = without_once(again.unwrap_or(search));
    let query = if again.is_some() { &lasting } else { search };
    let query = pages::address(service, who, path, query);
    rights::keep(service, who, &query);
    files::ask(query.get(files::PARAMETER));
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
