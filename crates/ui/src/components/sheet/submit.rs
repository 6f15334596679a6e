//! A form that the script of a page sends: as the browser itself would, and without leaving the page.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, FormData, Headers, HtmlElement, HtmlFormElement, RequestInit, Response};

use super::REFUSED;
use super::place::elements;
use crate::json;
use texts::console::log_refusal;
use texts::words::frame as words;

const NOT_MARKED: &str = "a field is not marked";

/// The outcome of a form.
pub(super) enum Outcome {
    /// It was done: the notice, as HTML.
    Done(String),
    Refused(Refused),
}

/// Why a form was refused, and the field at fault.
#[derive(Deserialize)]
pub(super) struct Refused {
    #[serde(rename = "message")]
    pub(super) why: String,
    #[serde(default)]
    field: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    data: Option<Done>,
    #[serde(default)]
    error: Option<Refused>,
}

#[derive(Deserialize)]
struct Done {
    said: String,
}

/// A form that is being sent.
pub(super) struct Submission {
    form: HtmlFormElement,
    address: String,
    body: FormData,
    /// Id of the element that shows the answer; none of a form after which the sheet is drawn anew.
    pub(super) into: Option<String>,
}

impl Submission {
    /// None of a form that does nothing here.
    pub(super) fn of(event: &SubmitEvent) -> Option<Self> {
        let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
        let button = event.submitter();
        let of_button = |name: &str| button.as_ref().and_then(|button| button.get_attribute(name));
        of_button("data-act").or_else(|| form.get_attribute("data-act"))?;
        let address = of_button("formaction").or_else(|| form.get_attribute("action"))?;
        let into = of_button("data-into").or_else(|| form.get_attribute("data-into"));
        let body = FormData::new_with_form(&form).ok()?;
        if let Some((name, value)) = of_button("name").zip(of_button("value")) {
            body.append_with_str(&name, &value).ok()?;
        }
        Some(Self { form, address, body, into })
    }

    /// Whether it is on its way already.
    pub(super) fn is_sent(&self) -> bool {
        self.form.has_attribute("aria-busy")
    }

    pub(super) async fn send(&self) -> Outcome {
        let refused = |why: &str| Outcome::Refused(Refused { why: why.to_owned(), field: None });
        log_refusal(self.form.set_attribute("aria-busy", "true"), NOT_MARKED);
        let answer = self.fetch().await;
        log_refusal(self.form.remove_attribute("aria-busy"), NOT_MARKED);
        let Ok(text) = answer else { return refused(words::NO_ANSWER.get()) };
        match json::read(&text) {
            Ok(Answer { data: Some(Done { said }), .. }) => Outcome::Done(said),
            Ok(Answer { error: Some(why), .. }) => Outcome::Refused(why),
            _ => refused(words::OTHER_VERSION.get()),
        }
    }

    async fn fetch(&self) -> Result<String, JsValue> {
        let (init, headers) = (RequestInit::new(), Headers::new()?);
        headers.set("accept", "application/json")?;
        init.set_method("POST");
        init.set_headers(&headers);
        init.set_body(&self.body);
        let answer = JsFuture::from(window().fetch_with_str_and_init(&self.address, &init)).await?;
        let text = JsFuture::from(answer.dyn_into::<Response>()?.text()?).await?;
        Ok(text.as_string().unwrap_or_default())
    }

    /// Says why it was refused beside the field at fault; false where it has none that is shown. What was said there
    /// before goes.
    pub(super) fn mark(&self, refused: &Refused) -> bool {
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
