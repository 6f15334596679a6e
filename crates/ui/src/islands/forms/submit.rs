//! A form that the script of a page sends: as the browser itself would, and without leaving the page.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::UrlSearchParams;
use web_sys::{Element, FormData, HtmlElement, HtmlFormElement};

use super::super::place::elements;
use crate::components::island::REFUSED;
use crate::fetch::post;
use crate::json::Part;
use texts::console::log_refusal;
use texts::words::frame as words;

const NOT_MARKED: &str = "a field is not marked";

/// The outcome of a form: the notice of what was done, as HTML.
type Outcome = Result<String, Refused>;

/// Why a form was refused, and the field at fault.
pub(crate) struct Refused {
    pub(crate) why: String,
    field: Option<String>,
}

pub(crate) struct Submission {
    form: HtmlFormElement,
    address: String,
    body: FormData,
    /// Id of the element that shows the answer; none of a form after which the sheet is drawn anew.
    pub(crate) into: Option<String>,
}

impl Submission {
    /// None of a form that does nothing here.
    pub(crate) fn of(event: &SubmitEvent) -> Option<Self> {
        let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
        let button = event.submitter();
        let of_button = |name: &str| button.as_ref().and_then(|button| button.get_attribute(name));
        of_button("data-act").or_else(|| form.get_attribute("data-act"))?;
        let address = of_button("formaction").or_else(|| form.get_attribute("action"))?;
        let into = of_button("data-into").or_else(|| form.get_attribute("data-into"));
        // Its page is not drawn anew: sent again it is another form.
        let address = match &into {
            Some(_) => {
                address.rsplit_once("&sent=").map_or(address.clone(), |(path, _)| path.to_owned())
            }
            None => address,
        };
        let body = FormData::new_with_form(&form).ok()?;
        if let Some((name, value)) = of_button("name").zip(of_button("value")) {
            body.append_with_str(&name, &value).ok()?;
        }
        Some(Self { form, address, body, into })
    }

    pub(crate) fn is_sent(&self) -> bool {
        self.form.has_attribute("aria-busy")
    }

    pub(crate) async fn send(&self) -> Outcome {
        let refused = |why: &str| Err(Refused { why: why.to_owned(), field: None });
        log_refusal(self.form.set_attribute("aria-busy", "true"), NOT_MARKED);
        let answer = post(&self.address, &self.body, &[("accept", "application/json")]).await;
        log_refusal(self.form.remove_attribute("aria-busy"), NOT_MARKED);
        let Ok((_, text)) = answer else { return refused(words::NO_ANSWER.get()) };
        read(&text).unwrap_or_else(|| refused(words::OTHER_VERSION.get()))
    }

    /// The page that it leads to when it is done, where that is another one.
    pub(crate) fn next(&self) -> Option<String> {
        let (_, query) = self.address.split_once('?')?;
        let next = UrlSearchParams::new_with_str(query).ok()?.get("next")?;
        let here = window().location().pathname().ok()?;
        (next.split(['?', '#']).next() != Some(here.as_str())).then_some(next)
    }

    /// Empties what was typed, and closes the section that is opened for it.
    pub(crate) fn reset(&self) {
        self.form.reset();
        if let Ok(Some(section)) = self.form.closest("details[open]") {
            log_refusal(section.remove_attribute("open"), "a section stays open");
        }
    }

    /// Says why it was refused beside the field at fault; false where it has none that is shown. What was said there
    /// before goes.
    pub(crate) fn mark(&self, refused: &Refused) -> bool {
        for field in elements(&self.form, "[aria-invalid]") {
            log_refusal(field.remove_attribute("aria-invalid"), NOT_MARKED);
            log_refusal(field.remove_attribute("aria-describedby"), NOT_MARKED);
        }
        if let Some(before) = document().get_element_by_id(REFUSED) {
            before.remove();
        }
        let is_at_fault = |field: &Element| field.get_attribute("name") == refused.field;
        let fields = elements(&self.form, "[name]:not([type=hidden])");
        fields.into_iter().find(is_at_fault).is_some_and(|field| mark(&field, &refused.why).is_ok())
    }
}

fn read(text: &str) -> Option<Outcome> {
    let answer = Part::parse(text)?;
    if let Some(done) = answer.field("data") {
        return Some(Ok(done.field("said")?.text()?));
    }
    let refused = answer.field("error")?;
    let field = refused.field("field").and_then(|field| field.text());
    Some(Err(Refused { why: refused.field("message")?.text()?, field }))
}

fn mark(field: &Element, why: &str) -> Result<(), JsValue> {
    let said = document().create_element("p")?;
    said.set_id(REFUSED);
    said.set_class_name("refused");
    said.set_text_content(Some(why));
    field.set_attribute("aria-invalid", "true")?;
    field.set_attribute("aria-describedby", REFUSED)?;
    let label = field.closest("label")?;
    label.as_ref().unwrap_or(field).after_with_node_1(&said)?;
    field.dyn_ref::<HtmlElement>().map_or(Ok(()), HtmlElement::focus)
}
