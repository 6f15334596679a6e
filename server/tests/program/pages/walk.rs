//! A walk from page to page, along links and through forms that ask for a page, as a browser takes it that runs no
//! script.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;

use super::forms::{self, drawn, value};
use super::{Page, Visitor, html};

/// So many pages of a site at one path are looked at, each of another kind. Of a file, one.
const OF_A_PATH: usize = 3;
/// Parameters of the period, which are alike on all pages.
const PERIOD: [&str; 5] = ["period", "at", "from", "to", "compare"];
/// Pages that are asked for at a time.
const AT_ONCE: usize = 4;
/// Forms that are no acts, by the begin of their address: of accounts (`people`, `account`), and with a file.
const POSTED: [&str; 6] = [
    "/account/",
    "/settings/people/",
    "/look-as",
    "/sign-out",
    "/api/configuration/staged",
    "/api/devices/import/staged",
];

/// All that was seen on the way.
#[derive(Default)]
pub(crate) struct Walk {
    /// Addresses of documents, with their markup.
    pub(crate) pages: Vec<(String, String)>,
    /// The acts of their forms.
    pub(crate) acts: BTreeSet<String>,
    /// Links that lead nowhere, and forms that cannot be sent.
    pub(crate) wrong: Vec<String>,
    /// The kinds that were seen at each path.
    kinds: BTreeMap<String, BTreeSet<String>>,
}

/// An address, with the page that leads to it, and whether that asks for it by a form.
type Lead = (String, String, bool);

impl Walk {
    pub(crate) async fn from(visitor: &Visitor, starts: &[String]) -> Self {
        let mut walk = Self::default();
        for start in starts {
            walk.is_new(start);
        }
        let mut due: Vec<Lead> =
            starts.iter().map(|start| (start.clone(), String::new(), false)).collect();
        while !due.is_empty() {
            let mut leads = Vec::new();
            for some in due.chunks(AT_ONCE) {
                let pages = join_all(some.iter().map(|(path, ..)| visitor.get(path))).await;
                for (lead, page) in some.iter().zip(pages) {
                    if page.status != 404 || leads_still(visitor, lead).await {
                        leads.extend(walk.look(lead, page));
                    }
                }
            }
            due = leads.into_iter().filter(|(path, ..)| walk.is_new(path)).collect();
        }
        let known = forms::known();
        let unknown: Vec<_> = walk.acts.difference(&known).cloned().collect();
        walk.wrong.extend(unknown.into_iter().map(|act| format!("{act} is done by nothing")));
        walk
    }

    /// Looks at a page, and answers whereto it leads.
    fn look(&mut self, (path, from, is_asked): &Lead, Page { status, text }: Page) -> Vec<Lead> {
        // A form may be refused: nobody filled it in.
        let is_right = match status {
            200 | 303 => true,
            409 | 422 => *is_asked,
            _ => false,
        };
        if !is_right {
            self.wrong.push(format!("{from} leads to {path}: {status}"));
        }
        if path.starts_with("/api/") || !text.trim_start().starts_with("<!DOCTYPE") {
            return Vec::new();
        }
        self.acts.extend(forms::acts(path, &text, &mut self.wrong));
        self.wrong.extend(dead(path, &text));
        let asked = drawn::questions(&text).map(|form| (form.asks(path, &[]), true));
        let leads = asked.chain(links(path, &text).into_iter().map(|link| (link, false)));
        let leads = leads.map(|(lead, is_asked)| (lead, path.clone(), is_asked)).collect();
        self.pages.push((path.clone(), text));
        leads
    }

    /// Whether an address is of a kind that was not seen yet. Pages differ by the names in their queries and by words
    /// such as `view=map`, not by ids, days and numbers.
    fn is_new(&mut self, address: &str) -> bool {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let has_digit = |part: &str| part.bytes().any(|byte| byte.is_ascii_digit());
        let parts = path.split('/').map(|part| if has_digit(part) { "#" } else { part });
        let mut place = parts.collect::<Vec<_>>().join("/");
        let mut kind = BTreeSet::new();
        let mut is_file = path.starts_with("/api/");
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if ["site", "file"].contains(&name) {
                place.extend(["?", pair]);
                is_file |= name == "file";
            } else if PERIOD.contains(&name) {
                kind.insert("period");
            } else {
                let is_word = value.bytes().all(|byte| byte.is_ascii_lowercase());
                kind.insert(if is_word { pair } else { name });
            }
        }
        let kinds = self.kinds.entry(place).or_default();
        let most = if is_file { 1 } else { OF_A_PATH };
        kinds.len() < most && kinds.insert(kind.into_iter().collect::<Vec<_>>().join("&"))
    }
}

/// Whether a page still leads to an address: a table of a time that is under way may be gone.
async fn leads_still(visitor: &Visitor, (path, from, is_asked): &Lead) -> bool {
    *is_asked || from.is_empty() || links(from, &visitor.get(from).await.text).contains(path)
}

/// The addresses within the program to which the links of a page lead.
fn links(path: &str, page: &str) -> Vec<String> {
    let tags = page.split("<a").skip(1).filter_map(|link| link.split('>').next());
    let leads = tags.filter_map(|tag| value(tag, "href")).map(html::decoded);
    let within = leads.filter_map(|lead| {
        let lead = lead.split('#').next().unwrap_or_default();
        match lead.as_bytes() {
            [b'/', b'/', ..] => None,
            [b'/', ..] => Some(lead.to_owned()),
            [b'?', ..] => Some(format!("{}{lead}", path.split('?').next().unwrap_or_default())),
            _ => None,
        }
    });
    within.collect()
}

/// Forms that a browser alone sends nowhere, and links to places that a page has not.
fn dead(path: &str, page: &str) -> Vec<String> {
    let mut dead = Vec::new();
    for form in drawn::forms(page) {
        let tag = form.split('>').next().unwrap_or_default();
        let action = value(tag, "action").unwrap_or_default();
        let is_sent = match value(tag, "method") {
            None | Some("get") => true,
            Some("post") => {
                action.starts_with("/act/") || POSTED.iter().any(|known| action.starts_with(known))
            }
            Some(_) => false,
        };
        if !is_sent {
            dead.push(format!("{path}: {tag}> is sent nowhere"));
        }
    }
    let places = page.split("<a").skip(1).filter_map(|link| {
        let href = value(link.split('>').next()?, "href")?;
        href.strip_prefix('#').filter(|place| !place.is_empty())
    });
    let missing = places.filter(|place| !page.contains(&format!(" id=\"{place}\"")));
    dead.extend(missing.map(|place| format!("{path} has no #{place}")));
    dead
}
