//! JSON between the server and the browser, which reads it with the parser that it has: another one in
//! what a visitor downloads, with what each type needs for it, would be a twentieth of that.

use bytes::Bytes;
use leptos::server::codee::{Decoder, Encoder};
use leptos::server_fn::codec::Post;
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;

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

impl<T: Serialize> Encoder<T> for JsonText {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for JsonText {
    type Error = String;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, String> {
        read(text)
    }
}
