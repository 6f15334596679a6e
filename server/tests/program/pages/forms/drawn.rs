//! A form as it was drawn, sent as it is.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::encoded;
use super::{Visitor, html, led, post, said, tags, value};

/// A form of a page with all that a browser would send of it.
pub(crate) struct DrawnForm {
    action: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    value: String,
    is_hidden: bool,
}

impl DrawnForm {
    /// Whether it has all of these fields.
    pub(crate) fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.fields.iter().any(|field| field.name == *name))
    }

    /// The address for which it asks from a page, once somebody has typed.
    pub(crate) fn asks(self, page: &str, typed: &[(&str, &str)]) -> String {
        let (action, fields) = self.filled(typed);
        let path = if action.is_empty() { page } else { action.as_str() };
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let query = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        format!("{path}?{}", query.collect::<Vec<_>>().join("&"))
    }

    /// The act, and the names of its fields: forms with the same are drawn alike.
    pub(super) fn kind(&self) -> String {
        let names = self.fields.iter().map(|field| field.name.as_str());
        std::iter::once(self.act()).chain(names).collect::<Vec<_>>().join(" ")
    }

    fn act(&self) -> &str {
        self.action.trim_start_matches("/act/").split('?').next().unwrap_or_default()
    }

    /// Whether there is less to see once it was sent.
    pub(super) fn removes(&self) -> bool {
        let words = ["delete", "import", "no", "remove", "undo", "untell", "withdraw"];
        self.act().split('-').any(|word| words.contains(&word))
    }

    /// The same from a page that tells no time: it is done whatever was sent before.
    pub(super) fn untimed(mut self) -> Self {
        let end = self.action.find("&sent=").unwrap_or(self.action.len());
        self.action.truncate(end);
        self
    }

    /// Whether it does this.
    pub(crate) fn does(&self, act: &str) -> bool {
        self.action.starts_with(&format!("/act/{act}?"))
    }

    fn pairs(&self) -> Vec<(&str, &str)> {
        self.fields.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect()
    }

    /// Its address and its fields once somebody has typed: each text goes into a field that is there.
    pub(crate) fn filled(mut self, typed: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
        for (name, text) in typed {
            let field = self.fields.iter_mut().find(|field| field.name == *name);
            let field = field.unwrap_or_else(|| panic!("{} has no field {name}", self.action));
            (*text).clone_into(&mut field.value);
        }
        (self.action, self.fields.into_iter().map(|field| (field.name, field.value)).collect())
    }
}

pub(crate) fn forms(page: &str) -> impl Iterator<Item = &str> {
    let begins = page.match_indices("<form").map(|(at, _)| &page[at..]);
    begins.filter_map(|form| form.split("</form>").next())
}

/// The forms of a page that ask for another page.
pub(crate) fn questions(page: &str) -> impl Iterator<Item = DrawnForm> {
    forms(page).filter_map(|form| {
        let (tag, _) = form.split_once('>')?;
        let action = value(tag, "action").map(html::decoded).unwrap_or_default();
        (value(tag, "method") == Some("get")).then(|| DrawnForm { action, fields: fields(form) })
    })
}

/// The forms of a page that have an act, once for each button that sends them elsewhere. Those with a file are left
/// out.
pub(crate) fn of_page(page: &str) -> Vec<DrawnForm> {
    let forms: Vec<_> = forms(page).filter(|form| !form.contains("type=\"file\"")).collect();
    let inside = forms.iter().flat_map(|form| tags(form).map(move |(_, tag)| (tag, form)));
    let outside = tags(page).filter_map(|(_, tag)| {
        let begin = format!("<form id=\"{}\"", value(tag, "form")?);
        Some((tag, forms.iter().find(|form| form.starts_with(&begin))?))
    });
    let drawn = inside.chain(outside).filter_map(|(tag, form)| {
        let action = value(tag, "formaction").or_else(|| value(tag, "action"))?;
        Some(DrawnForm { action: html::decoded(action), fields: fields(form) })
    });
    drawn.collect()
}

fn fields(form: &str) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    // Proposals are no choice.
    let mut chosen = Some(String::new());
    for (tag, text) in form.split('<').filter_map(|part| part.split_once('>')) {
        let of = |name: &str| value(tag, name).map(html::decoded);
        let is = |name: &str| tag.split(' ').any(|word| word == name);
        let kind = of("type").unwrap_or_default();
        let mut add = |value: String, is_hidden| {
            fields.extend(of("name").map(|name| Field { name, value, is_hidden }));
        };
        match tag.split(' ').next().unwrap_or_default() {
            "input" if ["checkbox", "radio"].contains(&&*kind) && !is("checked") => {}
            "input" => add(of("value").unwrap_or_default(), kind == "hidden"),
            "textarea" => add(html::decoded(text), false),
            "select" => {
                add(String::new(), false);
                chosen = None;
            }
            "datalist" => chosen = Some(String::new()),
            "option" if is("selected") || chosen.is_none() => {
                chosen = of("value");
                if let (Some(field), Some(value)) = (fields.last_mut(), &chosen) {
                    field.value.clone_from(value);
                }
            }
            _ => {}
        }
    }
    fields
}

/// Sends forms as a browser does, and those that undo what was done; answers their acts, and which of them are refused
/// though a person would have had nothing to fill in or to change.
pub(super) async fn send(
    visitor: &Visitor,
    forms: Vec<(&'static str, DrawnForm)>,
) -> (BTreeSet<String>, Vec<String>) {
    let (mut acts, mut wrong) = (BTreeSet::new(), Vec::new());
    for (language, form) in forms {
        acts.insert(form.act().to_owned());
        let (_, shown) = led(visitor, &form.action, &form.pairs(), language).await;
        let said = said(&shown);
        if !said.contains(" class=\"form-done\"") {
            wrong.extend(refused(visitor, &form.untimed(), language).await);
            continue;
        }
        for undo in of_page(said) {
            acts.insert(undo.act().to_owned());
            led(visitor, &undo.action, &undo.pairs(), language).await;
        }
    }
    (acts, wrong)
}

/// The reason why a form should not have been refused: its script is told more than the browser. What another form has
/// removed meanwhile may be gone.
async fn refused(visitor: &Visitor, form: &DrawnForm, language: &str) -> Option<String> {
    let sent = form.pairs();
    let answer = post(visitor, &form.action, &sent, &[("accept-language", language)]).await;
    let (status, said) = (answer.status().as_u16(), answer.text().await.unwrap());
    let said: Value = serde_json::from_str(&said).unwrap_or_default();
    let at = said["error"]["field"].as_str();
    let field = form.fields.iter().find(|field| Some(field.name.as_str()) == at);
    // A world's clock goes on while its form is looked at.
    let went_on = said["error"]["code"] == "time_goes_forward";
    let is_right = match (status, at) {
        _ if went_on => true,
        (404 | 409, _) | (422, None) => true,
        (422, Some(_)) => field.is_some_and(|field| !field.is_hidden && field.value.is_empty()),
        _ => false,
    };
    let told = || format!("{language} {} {sent:?}: {status} {}", form.action, said["error"]);
    (!is_right).then(told)
}
