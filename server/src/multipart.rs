//! Forms as browsers and loggers post them: `multipart/form-data`.

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use domain::message::Message;
use domain::operation::request::BodyRefusal;
use futures::stream;
use multer::Multipart;

/// Parts of a form: loggers send some twenty fields, a table of registers six for each channel.
const MOST_PARTS: usize = 512;

/// A part of a form.
pub(crate) struct Part {
    /// Name of the field.
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    /// Its content.
    pub(crate) bytes: Bytes,
}

/// What parts the form of a request, by its headers; none where they state no form.
pub(crate) fn boundary(headers: &HeaderMap) -> Option<String> {
    multer::parse_boundary(headers.get(header::CONTENT_TYPE)?.to_str().ok()?).ok()
}

/// The parts of a form, in order.
pub(crate) async fn parts(body: Bytes, boundary: String) -> Result<Vec<Part>, BodyRefusal> {
    let whole = stream::once(async move { Ok::<_, std::io::Error>(body) });
    let mut form = Multipart::new(whole, boundary);
    let mut parts = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|error| no_form(&error))? {
        if parts.len() == MOST_PARTS {
            return Err(BodyRefusal::TooManyParts { most: MOST_PARTS });
        }
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        parts.push(Part {
            name,
            file_name,
            bytes: field.bytes().await.map_err(|error| no_form(&error))?,
        });
    }
    Ok(parts)
}

fn no_form(error: &multer::Error) -> BodyRefusal {
    BodyRefusal::Form { why: Box::new(Message::foreign(error.to_string())) }
}
