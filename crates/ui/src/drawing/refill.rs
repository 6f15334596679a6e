//! A form that was refused, on the page that follows: what was typed stands in its fields again, and why it was
//! refused beside the field at fault.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use domain::message::Message;
use markup::{Html, Value, html};
use texts::messages::told;

use crate::components::island::REFUSED;

/// A form that was refused.
pub struct RefusedForm<'a> {
    /// Its act, or the path to which it is posted.
    pub form: &'a str,
    pub typed: &'a BTreeMap<String, String>,
    pub message: &'a Message,
    pub field: Option<&'a str>,
}

impl RefusedForm<'_> {
    /// Fills the form in again where it stands on a page: of several with the same act the one with the same hidden
    /// fields. The sections that hold it are opened.
    pub fn refill(&self, page: &str) -> String {
        let tags: Vec<_> = tags(page).collect();
        let Some(form) = self.find(&tags) else { return page.to_owned() };
        let mut edits = Vec::new();
        for place in around(&tags, form.start) {
            edits.push((tags[place].end - 1..tags[place].end - 1, " open".to_owned()));
        }
        self.fill(page, &tags[form], &mut edits);
        edits.sort_by_key(|(place, _)| place.start);
        let mut filled = String::with_capacity(page.len() + 256);
        let mut copied = 0;
        for (place, text) in edits {
            filled.push_str(&page[copied..place.start]);
            filled.push_str(&text);
            copied = place.end;
        }
        filled + &page[copied..]
    }

    /// The tags of the form.
    fn find(&self, tags: &[Tag<'_>]) -> Option<Range<usize>> {
        let begins = tags.iter().enumerate().filter(|(_, tag)| tag.name() == "form");
        let mut forms = begins.map(|(begin, _)| {
            let rest = tags[begin..].iter().position(|tag| tag.name() == "/form");
            begin..rest.map_or(tags.len(), |length| begin + length)
        });
        let is_same = |tag: &Tag<'_>| {
            let name = tag.value("name").unwrap_or_default();
            self.typed
                .get(&*name)
                .is_some_and(|typed| *typed == tag.value("value").unwrap_or_default())
        };
        forms.find(|form| {
            let mut tags = tags[form.clone()].iter();
            tags.clone().any(|tag| {
                ["data-act", "action"]
                    .iter()
                    .any(|of| tag.value(of).is_some_and(|it| it == self.form))
            }) && tags.all(|tag| !tag.is_hidden() || is_same(tag))
        })
    }

    fn fill(&self, page: &str, tags: &[Tag<'_>], edits: &mut Vec<(Range<usize>, String)>) {
        let mut chosen = None;
        for (n, tag) in tags.iter().enumerate() {
            let name = tag.value("name").unwrap_or_default();
            let typed = self.typed.get(&*name);
            let is_refused = !name.is_empty() && self.field == Some(&*name) && !tag.is_hidden();
            let mut attributes = match tag.name() {
                "option" => chosen.map(|chosen: &String| {
                    let is_chosen = tag.value("value").is_some_and(|value| value == *chosen);
                    tag.with("selected", is_chosen)
                }),
                "input" if tag.is_one_of(&["file", "hidden", "password", "submit"]) => None,
                "input" if tag.is_one_of(&["checkbox", "radio"]) => {
                    let value = tag.value("value").unwrap_or(Cow::Borrowed("on"));
                    Some(tag.with("checked", typed.is_some_and(|typed| *typed == value)))
                }
                "input" => typed.map(|typed| tag.with("value", typed.as_str())),
                "select" => {
                    chosen = typed;
                    None
                }
                "textarea" => {
                    if let (Some(typed), Some(end)) = (typed, tags.get(n + 1)) {
                        edits.push((tag.end..end.start, html! { {typed} }.into_string()));
                    }
                    None
                }
                _ => None,
            };
            if is_refused && ["input", "select", "textarea"].contains(&tag.name()) {
                let text = attributes.unwrap_or_else(|| tag.text.to_owned());
                let (text, end) = text.strip_suffix(" /").map_or((&*text, ""), |text| (text, " /"));
                attributes = Some(format!(
                    "{text} aria-invalid=\"true\" aria-describedby=\"{REFUSED}\"{end}"
                ));
                let after = after(page, tag, &tags[n + 1..]);
                edits.push((after..after, self.why()));
            }
            if let Some(text) = attributes {
                edits.push((tag.start + 1..tag.end - 1, text));
            }
        }
    }

    fn why(&self) -> String {
        html! { <p id=REFUSED class="refused">{told(self.message)}</p> }.into_string()
    }
}

/// The end of a field: of its label where it stands in one.
fn after(page: &str, field: &Tag<'_>, rest: &[Tag<'_>]) -> usize {
    let end = match field.name() {
        "input" => field.end,
        name => rest
            .iter()
            .find(|tag| tag.name().strip_prefix('/') == Some(name))
            .map_or(page.len(), |tag| tag.end),
    };
    let labels =
        |tag: &&Tag<'_>| tag.start >= end && ["label", "/label", "/form"].contains(&tag.name());
    let label = rest.iter().find(labels).filter(|tag| tag.name() == "/label");
    label.map_or(end, |label| label.end)
}

/// The closed sections that are open around a tag.
fn around(tags: &[Tag<'_>], inner: usize) -> Vec<usize> {
    let mut open = Vec::new();
    for (n, tag) in tags[..inner].iter().enumerate() {
        match tag.name() {
            "details" => open.push(n),
            "/details" => drop(open.pop()),
            _ => {}
        }
    }
    open.retain(|n| !tags[*n].has("open"));
    open
}

/// A tag of markup that `html!` wrote.
#[derive(Clone, Copy)]
struct Tag<'a> {
    /// Between `<` and `>`.
    text: &'a str,
    start: usize,
    end: usize,
}

fn tags(page: &str) -> impl Iterator<Item = Tag<'_>> {
    page.match_indices('<').filter_map(|(start, _)| {
        let length = page[start..].find('>')?;
        Some(Tag { text: &page[start + 1..start + length], start, end: start + length + 1 })
    })
}

impl<'a> Tag<'a> {
    fn name(&self) -> &'a str {
        self.text.split([' ', '\n']).next().unwrap_or_default()
    }

    fn place(&self, attribute: &str) -> Option<Range<usize>> {
        let begin = self.text.find(&format!(" {attribute}=\""))?;
        let value = begin + attribute.len() + 3;
        let length = self.text[value..].find('"')?;
        Some(begin..value + length + 1)
    }

    fn value(&self, attribute: &str) -> Option<Cow<'a, str>> {
        let place = self.place(attribute)?;
        let value = &self.text[place.start + attribute.len() + 3..place.end - 1];
        if !value.contains('&') {
            return Some(Cow::Borrowed(value));
        }
        let plain = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        Some(Cow::Owned(plain.replace("&amp;", "&")))
    }

    fn has(&self, attribute: &str) -> bool {
        self.text.split(' ').any(|part| part == attribute)
    }

    fn is_hidden(&self) -> bool {
        self.name() == "input" && self.is_one_of(&["hidden"])
    }

    fn is_one_of(&self, types: &[&str]) -> bool {
        self.value("type").is_some_and(|kind| types.contains(&&*kind))
    }

    /// The same with another value of an attribute.
    fn with(&self, attribute: &str, value: impl Value) -> String {
        let plain = match self.place(attribute) {
            Some(place) => [&self.text[..place.start], &self.text[place.end..]].concat(),
            None => {
                self.text.replacen(&format!(" {attribute}"), "", usize::from(self.has(attribute)))
            }
        };
        let (text, end) = plain.strip_suffix(" /").map_or((&*plain, ""), |text| (text, " /"));
        let mut written = Html::default();
        value.write(&format!(" {attribute}"), &mut written);
        [text, &written.into_string(), end].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refill(page: Html, typed: &[(&str, &str)], field: Option<&str>) -> String {
        let typed = typed.iter().map(|(name, typed)| ((*name).to_owned(), (*typed).to_owned()));
        let (typed, message) = (typed.collect(), Message::foreign("It is <taken>."));
        let refused = RefusedForm { form: "add", typed: &typed, message: &message, field };
        refused.refill(&page.into_string())
    }

    #[test]
    fn what_was_typed_stands_in_the_fields_and_why_beside_the_one_at_fault() {
        let page = html! {
            <details class="more">
                <form data-act="add">
                    <input type="hidden" name="n" value="1" />
                    <input name="name" value="old" />
                </form>
                <form data-act="add">
                    <input type="hidden" name="n" value="2" />
                    <label>"Name" <input name="name" value="old" required=true /></label>
                    <select name="kind">
                        <option value="a" selected=true>"A"</option>
                        <option value="b">"B"</option>
                    </select>
                    <input type="checkbox" name="on" checked=true />
                    <input type="checkbox" name="off" value="yes" />
                    <textarea name="note">"old"</textarea>
                    <input type="password" name="password" value="" />
                </form>
            </details>
        };
        let typed = [
            ("n", "2"),
            ("name", "<\"new\" & odd>"),
            ("kind", "b"),
            ("off", "yes"),
            ("note", "a<b"),
        ];
        let filled = refill(page, &typed, Some("name"));
        for part in [
            "<details class=\"more\" open>",
            "<input name=\"name\" value=\"old\">",
            " value=\"&lt;&quot;new&quot; &amp; odd&gt;\" aria-invalid=\"true\" aria-describedby=\"refused-here\">\
             </label><p id=\"refused-here\" class=\"refused\">It is &lt;taken&gt;.</p>",
            "<option value=\"a\">",
            "<option value=\"b\" selected>",
            "<input type=\"checkbox\" name=\"on\">",
            "<input type=\"checkbox\" name=\"off\" value=\"yes\" checked>",
            "<textarea name=\"note\">a&lt;b</textarea>",
            "<input type=\"password\" name=\"password\" value=\"\">",
        ] {
            assert!(filled.contains(part), "no {part} in {filled}");
        }
    }

    #[test]
    fn a_form_that_is_not_on_the_page_leaves_it_as_it_is() {
        let page =
            || html! { <form data-act="add"><input type="hidden" name="n" value="1" /></form> };
        for typed in [&[("n", "2")][..], &[]] {
            assert_eq!(refill(page(), typed, Some("n")), page().into_string());
        }
    }

    #[test]
    fn a_field_outside_of_a_label_and_a_choice_are_marked_where_they_end() {
        let page = html! {
            <form data-act="add">
                <select name="kind"><option value="a">"A"</option></select>
                <label>"Name" <input name="name" /></label>
            </form>
        };
        let filled = refill(page, &[("name", "")], Some("kind"));
        assert!(filled.contains("</select><p id=\"refused-here\""), "{filled}");
    }
}
