//! Acts: the forms of pages, sent by a browser or by the script of a page.

mod once;

use std::collections::BTreeMap;
use std::sync::Arc;

use app::FormKey;
use app::flash::{Flash, Outcome};
use app::in_language;
use app::language::{Language, of_request};
use axum::extract::{Extension, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::operation::request::{BodyRefusal, QueryRefusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use service::{Error, Service};

use crate::answer::Data;
use crate::api::devices::form;
use crate::client::Origin;
use crate::error::ApiError;
use crate::extract::{Id, Query, Who, accepts_html};
use crate::multipart::{self, Part};
use crate::{flash, sign_in};

pub use once::SentForms;

/// Their addresses, up to the act.
const PATH: &str = "/act/";

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NextQuery {
    /// Path of the page that shows what became of it; the overview unless stated.
    next: Option<String>,
    /// Path of the page that a browser shows where it is refused; `next` unless stated.
    page: Option<String>,
    /// The time that the page of the form tells: a browser that sends it twice has it done once.
    sent: Option<String>,
}

impl NextQuery {
    fn pages(&self) -> (String, String) {
        let next = self.next.clone().unwrap_or_else(|| "/".to_owned());
        (self.page.clone().unwrap_or_else(|| next.clone()), next)
    }
}

/// The fields of the form, each as text.
pub(crate) type Fields = BTreeMap<String, String>;

/// The outcome of an act.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Done {
    /// HTML, with the form that undoes it where there is one.
    said: String,
}

/// A browser is led to the page that shows what was done, or why it was refused. The script of a page, as any other
/// program, reads it.
pub(crate) async fn send(
    State(service): State<Service>,
    State(forms): State<Arc<SentForms>>,
    Who(who): Who,
    Id(act): Id,
    Query(query): Query<NextQuery>,
    Extension(origin): Extension<Origin>,
    request: Request,
) -> Result<Response, ApiError> {
    let (page, next) = query.pages();
    for (field, path) in [("next", &next), ("page", &page)] {
        if !is_path(path) {
            return Err(ApiError::unprocessable("invalid_value", QueryRefusal::NoPage).at(field));
        }
    }
    let is_browser = accepts_html(request.headers());
    let language = of_request(request.headers(), who.language());
    let fields = fields(request).await?;
    // No page of this program tells anything but a time.
    let key = query.sent.map(|sent| FormKey(sent.parse().unwrap_or_default()));
    if !is_browser && key.is_none_or(|key| !forms.knows(key)) {
        let done = app::send(&service, &who, (&act, fields), (language, &next)).await;
        return match done.map_err(ApiError::from) {
            Ok(said) => Ok(Data(Done { said }).into_response()),
            Err(refused) => {
                let said = in_language(&refused.message(), language);
                Err(refused.saying(said))
            }
        };
    }
    let typed: Fields = fields.iter().cloned().collect();
    let doing = {
        let (service, who, act) = (service.clone(), who.clone(), act.clone());
        let (fields, typed, next) = (fields.clone(), typed.clone(), next.clone());
        async move {
            match app::send(&service, &who, (&act, fields), (language, &next)).await {
                Ok(answer) => Outcome::Answered(answer),
                Err(refused) => flash::refused(&ApiError::from(refused), typed),
            }
        }
    };
    let outcome = match key {
        Some(key) => forms.once(&who, (key, &act, &fields), doing).await,
        None => Ok(doing.await),
    };
    let outcome = outcome.unwrap_or_else(|outdated| {
        flash::refused(&ApiError::unprocessable("invalid_value", outdated), typed)
    });
    if !is_browser {
        return answer(outcome, language);
    }
    let page = if matches!(outcome, Outcome::Answered(_)) { next } else { page };
    let flash = Flash { form: act, outcome };
    Ok(flash::lead_on(service.vault(), origin, &page, flash))
}

/// The same for the script of a page.
fn answer(outcome: Outcome, language: Language) -> Result<Response, ApiError> {
    match outcome {
        Outcome::Answered(said) => Ok(Data(Done { said }).into_response()),
        Outcome::Done(english, german) => {
            Ok(Data(Done { said: language.of(&english, &german).clone() }).into_response())
        }
        Outcome::Refused { message, field, .. } => {
            let said = in_language(&message, language);
            let refused = ApiError::unprocessable("invalid_value", message).saying(said);
            Err(match field {
                Some(field) => refused.at(field),
                None => refused,
            })
        }
    }
}

/// The sender of a form with a file. A browser is led back to the page where it is refused.
pub(crate) struct Sender {
    is_browser: bool,
    origin: Option<Origin>,
}

impl Sender {
    pub(crate) fn of(request: &Request) -> Self {
        let origin = request.extensions().get().copied();
        let is_form = multipart::boundary(request.headers()).is_some();
        Self { is_browser: is_form && accepts_html(request.headers()), origin }
    }

    pub(crate) fn answer(
        self,
        service: &Service,
        page: &str,
        done: Result<Redirect, ApiError>,
    ) -> Result<Response, ApiError> {
        match (done, self.origin.filter(|_| self.is_browser)) {
            (Ok(on), _) => Ok(on.into_response()),
            (Err(refused), Some(origin)) if refused.status() != StatusCode::UNAUTHORIZED => {
                let outcome = flash::refused(&refused, BTreeMap::new());
                let flash = Flash { form: String::new(), outcome };
                Ok(flash::lead_on(service.vault(), origin, page, flash))
            }
            (Err(refused), _) => Err(refused),
        }
    }
}

async fn fields(request: Request) -> Result<Vec<(String, String)>, ApiError> {
    let text = |part: Part| {
        let value = String::from_utf8(part.bytes.to_vec());
        value.map(|value| (part.name, value)).map_err(|_| ApiError::malformed(BodyRefusal::NoUtf8))
    };
    form(request).await?.into_iter().map(text).collect()
}

/// Leads a browser whose session has ended to sign in, and back to the page of its form.
pub(crate) fn sign_in(request: &Request, refused: &Error) -> Option<Response> {
    let is_sent = request.uri().path().starts_with(PATH) && accepts_html(request.headers());
    let query = axum::extract::Query::<NextQuery>::try_from_uri(request.uri()).ok()?;
    let (page, _) = query.0.pages();
    let is_ended = is_sent && matches!(refused, Error::Unauthorized { .. });
    is_ended.then(|| sign_in::redirect(&page))
}

/// Whether it leads to one of our pages: the address of another server may not hide behind it.
pub(crate) fn is_path(next: &str) -> bool {
    let rest = next.strip_prefix('/').filter(|rest| !rest.starts_with(['/', '\\']));
    rest.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_graphic()))
}
