//! Typed actions of forms, and their outcomes.
//!
//! The fields of a form are those of a type that is a [`FormAction`]: a page draws the form from a value of it, and what
//! is posted is read into one.

use std::marker::PhantomData;

use domain::operation::request::FormRefusal;
use markup::html;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use service::{Action, Error, Named, Principal, Service, named};

use super::Doing;
use super::act::{Fields, Readable, notice_with_link};

/// An action that a form posts.
pub trait FormAction: Serialize + DeserializeOwned + Send + 'static {
    /// The end of the address to which it is posted.
    const NAME: &'static str;
    /// The right that its sender needs somewhere; the use case says whether here.
    const NEEDS: Action;

    fn act(self, service: &Service, who: &Principal) -> impl Future<Output = ActionResult> + Send;
}

/// The end of an action: what was done, or why it was not.
pub type ActionResult = Result<Done, Error>;

/// A field as it was typed, or as a page fills it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Typed<T> {
    text: String,
    #[serde(skip)]
    read: PhantomData<fn() -> T>,
}

impl<T> Default for Typed<T> {
    fn default() -> Self {
        Self { text: String::new(), read: PhantomData }
    }
}

impl<T> Typed<T> {
    /// The field, filled in.
    #[expect(clippy::needless_pass_by_value, reason = "a number is not borrowed to be written")]
    pub fn of(value: impl ToString) -> Self {
        Self { text: value.to_string(), read: PhantomData }
    }

    /// The text; none of a field that is empty.
    pub fn text(&self) -> Option<&str> {
        Some(self.text.trim()).filter(|text| !text.is_empty())
    }
}

impl<T: Readable> Typed<T> {
    /// The value that was typed into the `field`.
    ///
    /// # Errors
    /// It is empty, or cannot be read.
    pub fn read(&self, field: &str) -> Result<T, Error> {
        let missing = || Error::invalid(field, FormRefusal::Missing { name: field.to_owned() });
        T::read(self.text().ok_or_else(missing)?, field)
    }
}

impl<T: Named> Typed<T> {
    /// The id that a page has filled in.
    ///
    /// # Errors
    /// It is none.
    pub fn id(&self) -> Result<T, Error> {
        named(&self.text)
    }
}

/// An action with its fields as a page fills them in, to be drawn as a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionCall {
    pub name: &'static str,
    /// Those that are filled in.
    pub fields: Vec<(String, String)>,
}

impl<A: FormAction> From<A> for ActionCall {
    fn from(action: A) -> Self {
        let fields = match serde_json::to_value(action) {
            Ok(serde_json::Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        };
        let texts = fields.into_iter().filter_map(|(name, value)| match value {
            serde_json::Value::String(text) => Some((name, text)),
            _ => None,
        });
        Self { name: A::NAME, fields: texts.filter(|(_, text)| !text.is_empty()).collect() }
    }
}

/// An action as the server finds it.
#[derive(Clone, Copy)]
pub struct Entry {
    pub name: &'static str,
    pub needs: Action,
    /// Does it for a form, and answers what was done, as HTML.
    pub act: for<'a> fn(&'a Service, &'a Principal, &'a Fields) -> Doing<'a, String>,
}

impl Entry {
    pub const fn of<A: FormAction>() -> Self {
        Self {
            name: A::NAME,
            needs: A::NEEDS,
            act: |service, who, fields| Box::pin(act::<A>(service, who, fields)),
        }
    }
}

async fn act<A: FormAction>(
    service: &Service,
    who: &Principal,
    fields: &Fields,
) -> Result<String, Error> {
    who.require_somewhere_or_own(A::NEEDS)?;
    let fields = serde_json::to_value(&fields.0).and_then(serde_json::from_value);
    let action: A = fields
        .map_err(|why| Error::invalid("act", FormRefusal::NoForm { why: why.to_string() }))?;
    action.act(service, who).await.map(Done::draw)
}

/// The notice of what was done.
pub struct Done {
    said: String,
    /// The page that shows it now.
    href: Option<String>,
}

impl Done {
    pub fn new(said: impl Into<String>) -> Self {
        Self { said: said.into(), href: None }
    }

    #[must_use]
    pub fn at(self, href: String) -> Self {
        Self { href: Some(href), ..self }
    }

    fn draw(self) -> String {
        match self.href {
            Some(href) => notice_with_link(&self.said, &href),
            None => html! { <p>{self.said}</p> }.into_string(),
        }
    }
}
