//! Plain HTML forms: what a browser posts, and what the page that follows shows of it.

use std::collections::BTreeMap;

use app::flash::{Flash, Outcome};
use app::language::Text;
use app::words::frame::TOO_LONG;
use axum::extract::{FromRequest, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use domain::devices::settings::{self, Setting};
use serde::{Deserialize, Serialize};
use service::{Error, Principal, Service, Vault};

use crate::client::Origin;
use crate::error::ApiError;
use crate::extract::{self, BodyLimit};
use crate::{cookies, sign_in};

/// Bytes of a form at most.
const FORM_LIMIT: usize = 16 << 10;
/// Bytes of a sealed cookie at most; browsers drop one of more than 4 kB.
const COOKIE_LIMIT: usize = 3_500;

/// The content of the cookie.
#[derive(Serialize, Deserialize)]
struct Kept {
    at: DateTime<Utc>,
    flash: Flash,
}

/// A form that a browser posted.
pub(crate) struct Posted {
    pub(crate) who: Principal,
    pub(crate) origin: Origin,
    pub(crate) parts: Parts,
    fields: BTreeMap<String, String>,
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = ApiError;

    async fn from_request(mut request: Request, _: &S) -> Result<Self, ApiError> {
        let extensions = request.extensions_mut();
        extensions.insert(BodyLimit(FORM_LIMIT));
        let who = extensions.get().cloned().unwrap_or(Principal::Anonymous);
        let origin = *extensions.get().ok_or_else(ApiError::no_such_path)?;
        let (parts, body) = request.into_parts();
        let body = extract::body(Request::from_parts(parts.clone(), body)).await?;
        let fields = form_urlencoded::parse(&body).into_owned().collect();
        service::body::without_nul(&serde_json::json!(fields))?;
        Ok(Self { who, origin, parts, fields })
    }
}

impl Posted {
    /// The field as it was typed; empty where it was not sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.fields.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The field without blanks around it, unless it is empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        Some(self.text(name).trim()).filter(|text| !text.is_empty())
    }

    /// Leads back to a page, which shows the notice, or the refusal with what was typed.
    pub(crate) fn answer(self, vault: &Vault, page: &str, done: Result<Text, Error>) -> Response {
        let outcome = match done {
            Ok(text) => told(text),
            Err(Error::Unauthorized { .. }) => return sign_in::redirect(page),
            // Notes a fault of ours in the log.
            Err(error) => refused(&ApiError::from(error), self.fields),
        };
        lead_on(vault, self.origin, page, Flash { form: self.parts.uri.path().to_owned(), outcome })
    }
}

fn told(Text(english, german): Text) -> Outcome {
    Outcome::Done(english.to_owned(), german.to_owned())
}

/// A refusal with what was typed, but for what nobody may see again.
pub(crate) fn refused(refused: &ApiError, mut typed: BTreeMap<String, String>) -> Outcome {
    typed.retain(|name, _| {
        !name.to_ascii_lowercase().contains("password")
            && !settings::named(name).is_some_and(Setting::is_secret)
    });
    Outcome::Refused {
        message: refused.message(),
        field: refused.field().map(str::to_owned),
        typed,
    }
}

/// Leads to a page, which shows the outcome.
pub(crate) fn lead_on(vault: &Vault, origin: Origin, page: &str, flash: Flash) -> Response {
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, page)]).into_response();
    if let Some(sealed) = seal(vault, flash) {
        cookies::keep_flash(response.headers_mut(), &sealed, origin.is_secure);
    }
    response
}

fn seal(vault: &Vault, flash: Flash) -> Option<String> {
    let mut kept = Kept { at: Utc::now(), flash };
    let sealed = vault.seal(&serde_json::to_string(&kept).ok()?);
    if sealed.len() <= COOKIE_LIMIT {
        return Some(sealed);
    }
    match &mut kept.flash.outcome {
        Outcome::Refused { typed, .. } => typed.clear(),
        Outcome::Answered(_) => kept.flash.outcome = told(TOO_LONG),
        Outcome::Done(..) => {}
    }
    Some(vault.seal(&serde_json::to_string(&kept).ok()?))
}

/// The flash of a cookie; none of an old one, which only a browser would have forgotten by itself.
fn open(vault: &Vault, sealed: &str) -> Option<Flash> {
    let kept: Kept = serde_json::from_str(&vault.open(sealed).ok()?).ok()?;
    let age = (Utc::now() - kept.at).abs();
    (age <= TimeDelta::seconds(cookies::FLASH_SECONDS.into())).then_some(kept.flash)
}

/// Opens the flash for the document that is asked for, and has the browser forget it.
pub(crate) async fn take(
    State(service): State<Service>,
    mut request: Request,
    next: Next,
) -> Response {
    let is_secure = request.extensions().get::<Origin>().is_some_and(|origin| origin.is_secure);
    let Some(sealed) = cookies::flash(request.headers(), is_secure) else {
        return next.run(request).await;
    };
    if let Some(flash) = open(service.vault(), sealed) {
        request.extensions_mut().insert(flash);
    }
    let mut response = next.run(request).await;
    cookies::forget_flash(response.headers_mut(), is_secure);
    response
}

#[cfg(test)]
mod tests {
    use domain::message::Message;

    use super::*;

    fn kept(outcome: Outcome) -> Outcome {
        let vault = Vault::random();
        let flash = Flash { form: "device-try".to_owned(), outcome };
        let sealed = seal(&vault, flash).unwrap();
        assert!(sealed.len() <= COOKIE_LIMIT);
        open(&vault, &sealed).unwrap().outcome
    }

    #[test]
    fn what_no_cookie_holds_is_left_out_or_said_to_be_there() {
        let short = kept(Outcome::Answered("<p>Read.</p>".to_owned()));
        assert!(matches!(short, Outcome::Answered(answer) if answer == "<p>Read.</p>"));
        let long = kept(Outcome::Answered("x".repeat(COOKIE_LIMIT)));
        assert!(matches!(long, Outcome::Done(english, _) if english == TOO_LONG.0));
        let typed = BTreeMap::from([("name".to_owned(), "x".repeat(COOKIE_LIMIT))]);
        let message = Message::foreign("no");
        let long = kept(Outcome::Refused { message, field: None, typed });
        assert!(matches!(long, Outcome::Refused { typed, .. } if typed.is_empty()));
    }

    #[test]
    fn a_refusal_keeps_what_was_typed_without_secrets() {
        let fields = ["name", "authToken", "newPassword", "password"];
        let typed = fields.map(|name| (name.to_owned(), "typed".to_owned())).into();
        let Outcome::Refused { typed, .. } = refused(&ApiError::no_such_path(), typed) else {
            panic!("it is refused");
        };
        assert_eq!(typed.into_keys().collect::<Vec<_>>(), ["name"]);
    }
}
