//! The page of a link by which a user sets a password, and the document that shows a new link once.

use app::invitation::{self as page, SetPassword};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use service::Error;
use service::people::invitations;

use crate::error::ApiError;
use crate::extract::Id;
use crate::flash::Posted;
use crate::sign_in::{SignInPages, document, welcome};

/// The address under which people reach the installation, as an extension of requests.
#[derive(Debug, Clone)]
pub(crate) struct PublicUrl(pub(crate) Option<Uri>);

impl PublicUrl {
    /// The link of a token: a path where nobody knows the address.
    pub(crate) fn link(&self, token: &str) -> String {
        let start = self.0.as_ref().map(ToString::to_string).unwrap_or_default();
        format!("{}/invitation/{token}", start.trim_end_matches('/'))
    }
}

pub(crate) fn router(pages: SignInPages) -> Router {
    Router::new().route("/invitation/{token}", get(ask).post(accept)).with_state(pages)
}

async fn ask(
    State(pages): State<SignInPages>,
    Id(token): Id,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, _) = request.into_parts();
    match invitations::open(&pages.service, &token).await {
        Ok(name) => Ok(form(&pages, parts, &SetPassword { name, refused: None })),
        Err(error) => ended(&pages, parts, error),
    }
}

async fn accept(
    State(pages): State<SignInPages>,
    Id(token): Id,
    posted: Posted,
) -> Result<Response, ApiError> {
    let device = posted.parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let client = (posted.origin.address, device.unwrap_or_default());
    let pair = (token.as_str(), posted.text("password"));
    match invitations::accept(&pages.service, pair, client).await {
        Ok(begun) => Ok(welcome(&pages, &begun, None, posted.origin)),
        Err(Error::Invalid { message, .. }) => {
            let name = invitations::open(&pages.service, &token).await?;
            let drawn = SetPassword { name, refused: Some(message) };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form(&pages, posted.parts, &drawn))
                .into_response())
        }
        Err(error) => ended(&pages, posted.parts, error),
    }
}

fn form(pages: &SignInPages, parts: Parts, drawn: &SetPassword) -> Response {
    document(pages, parts, |style| page::form(drawn, style))
}

/// The page of a link that does not work: one text, whatever the reason.
fn ended(pages: &SignInPages, parts: Parts, error: Error) -> Result<Response, ApiError> {
    let status = match error {
        Error::NotFound { code: "invitation_ended", .. } => StatusCode::GONE,
        Error::NotFound { .. } => StatusCode::NOT_FOUND,
        error => return Err(error.into()),
    };
    Ok((status, document(pages, parts, page::ended)).into_response())
}
