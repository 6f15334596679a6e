//! A browser that runs no script: it follows links, fills in forms and sends them.

use super::forms::drawn::{self, DrawnForm};
use super::forms::{sent, value};
use super::{Visitor, html};

/// The browser with the page that it shows.
pub(crate) struct Browser<'a> {
    visitor: &'a Visitor,
    language: &'static str,
    pub(crate) path: String,
    pub(crate) page: String,
    /// Links followed and forms sent since it was opened.
    clicks: usize,
}

impl<'a> Browser<'a> {
    pub(crate) async fn open(visitor: &'a Visitor, language: &'static str, path: &str) -> Self {
        let (nowhere, nothing) = (String::new(), String::new());
        let mut browser = Self { visitor, language, path: nowhere, page: nothing, clicks: 0 };
        browser.go(path).await;
        browser
    }

    pub(crate) async fn go(&mut self, path: &str) {
        let page = self.visitor.in_language(path, self.language).await;
        assert_eq!(page.status, 200, "{path}");
        (self.path, self.page) = (path.to_owned(), page.text);
    }

    /// The page without its frame.
    pub(crate) fn content(&self) -> &str {
        self.page.split_once("<main").map_or("", |(_, content)| content)
    }

    pub(crate) fn has(&self, words: &str) -> bool {
        html::words(self.content()).contains(words)
    }

    /// Asserts that the page has all of these words in it.
    #[track_caller]
    pub(crate) fn says(&self, all: &[&str]) {
        let missing: Vec<_> = all.iter().filter(|words| !self.has(words)).collect();
        assert!(missing.is_empty(), "{} does not say {missing:?}", self.path);
    }

    /// Asserts that the address has this in it.
    #[track_caller]
    pub(crate) fn is_at(&self, part: &str) {
        assert!(self.path.contains(part), "{} is not at {part}", self.path);
    }

    /// Asserts that it took no more clicks than these to get here.
    #[track_caller]
    pub(crate) fn took_at_most(&self, clicks: usize) {
        assert!(self.clicks <= clicks, "{} took {} clicks, not {clicks}", self.path, self.clicks);
    }

    /// The first row of a table with these words.
    pub(crate) fn row(&self, words: &str) -> Option<&str> {
        let rows = self.content().split("<tr").skip(1).filter_map(|row| row.split("</tr>").next());
        rows.into_iter().find(|row| html::words(&format!("<tr{row}")).contains(words))
    }

    /// Follows the first link of the page, or else of its frame, that has this in its words or its label.
    pub(crate) async fn follow(&mut self, name: &str) {
        let leads = link(self.content(), name).or_else(|| link(&self.page, name));
        let leads = leads.unwrap_or_else(|| panic!("{} has no link “{name}”", self.path));
        self.clicks += 1;
        self.go(&leads).await;
    }

    /// Types into the first form with such fields that asks for a page, and asks for it.
    pub(crate) async fn ask(&mut self, typed: &[(&str, &str)]) {
        let names: Vec<_> = typed.iter().map(|(name, _)| *name).collect();
        let form = drawn::questions(&self.page).find(|form| form.has(&names));
        let form = form.unwrap_or_else(|| panic!("{} asks for no {names:?}", self.path));
        let asked = form.asks(&self.path, typed);
        self.clicks += 1;
        self.go(&asked).await;
    }

    /// Types into the first form with this act, and sends it.
    pub(crate) async fn send(&mut self, act: &str, typed: &[(&str, &str)]) {
        let form = drawn::of_page(&self.page).into_iter().find(|form| form.does(act));
        self.post(form, act, typed).await;
    }

    /// Sends the form with this act in the row with these words.
    pub(crate) async fn send_in_row(&mut self, words: &str, act: &str) {
        let row = self.row(words).unwrap_or_default();
        let form = drawn::of_page(row).into_iter().find(|form| form.does(act));
        self.post(form, act, &[]).await;
    }

    async fn post(&mut self, form: Option<DrawnForm>, act: &str, typed: &[(&str, &str)]) {
        let form = form.unwrap_or_else(|| panic!("{} has no form for {act}", self.path));
        let (action, fields) = form.filled(typed);
        let fields: Vec<_> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let (path, [shown, _]) = sent(self.visitor, &action, &fields, self.language).await;
        (self.path, self.page, self.clicks) = (path, shown, self.clicks + 1);
    }
}

/// The address of the first link that has this in its words or its label.
pub(crate) fn link(page: &str, name: &str) -> Option<String> {
    page.split("<a").skip(1).find_map(|link| {
        let (tag, inner) = link.split_once('>')?;
        let leads = value(tag, "href")?;
        let is_labelled = value(tag, "aria-label").is_some_and(|label| label.contains(name));
        let words = html::words(inner.split("</a>").next()?);
        (is_labelled || words.contains(name)).then(|| html::decoded(leads))
    })
}
