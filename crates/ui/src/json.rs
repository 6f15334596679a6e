//! JSON between the server and the browser, which reads it with the parser that it has: another one in
//! what a visitor downloads, with what each type needs for it, would be a twentieth of that.

use bytes::Bytes;
use leptos::server_fn::codec::Post;
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// How server functions are asked and answer: the arguments and the result in the body of a POST.
pub type Json = Post<JsonText>;

/// JSON as text.
pub struct JsonText;

/// Reads it.
#[cfg(feature = "hydrate")]
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let value = js_sys::JSON::parse(text).map_err(|error| format!("{error:?}"))?;
    serde_wasm_bindgen::from_value(value).map_err(|error| error.to_string())
}

/// Reads it.
#[cfg(not(feature = "hydrate"))]
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Writes it.
#[cfg(feature = "hydrate")]
pub fn write(value: &impl Serialize) -> Result<String, String> {
    let value = serde_wasm_bindgen::to_value(value).map_err(|error| error.to_string())?;
    js_sys::JSON::stringify(&value).map(String::from).map_err(|error| format!("{error:?}"))
}

/// Writes it.
#[cfg(not(feature = "hydrate"))]
pub fn write(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(value).map_err(|error| error.to_string())
}

impl ContentType for JsonText {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for JsonText {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for JsonText {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, serde_json::Error> {
        serde_json::to_vec(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for JsonText {
    type Error = String;

    fn decode(bytes: Bytes) -> Result<T, String> {
        read(std::str::from_utf8(&bytes).map_err(|error| error.to_string())?)
    }
}

/// A part of a small answer, as the browser read it: of what islands read, a type that serde knows how to make would be
/// a third of what they are.
pub(crate) struct Part(JsValue);

impl Part {
    /// The whole; none where it is no JSON.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        js_sys::JSON::parse(text).ok().map(Self)
    }

    /// The field of an object; none where it has none of this name.
    pub(crate) fn field(&self, name: &str) -> Option<Self> {
        let value = js_sys::Reflect::get(&self.0, &name.into()).ok()?;
        (!value.is_undefined() && !value.is_null()).then_some(Self(value))
    }

    pub(crate) fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    /// A whole number; none where it has no room in its type.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole numbers of an answer are below 2^53"
    )]
    pub(crate) fn whole<T: TryFrom<i64>>(&self) -> Option<T> {
        T::try_from(self.0.as_f64()? as i64).ok()
    }
}
