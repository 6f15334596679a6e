//! What a form does, and what became of it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::json::Json;

/// What became of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormOutcome {
    /// It was done: what was done, with the way back where there is one.
    Done(String),
    /// What was typed cannot be: why, and how to mend it. To the browser that is an answer, no failure.
    Refused(String),
}

/// Does what a form of a sheet says.
#[server(prefix = "/fn", endpoint = "act", input = Json, output = Json)]
pub async fn act(
    /// The act, such as `exchange`.
    name: String,
    /// The fields of the form.
    fields: Vec<(String, String)>,
) -> Result<FormOutcome, ServerFnError> {
    use service::Error as E;
    let (service, who) = super::acting()?;
    match super::pages()?.act(&service, &who, &name, fields).await {
        Ok(said) => Ok(FormOutcome::Done(said)),
        Err(error @ (E::Storage(_) | E::Panicked(_) | E::Unavailable)) => {
            Err(super::refused(&error))
        }
        Err(error) => Ok(FormOutcome::Refused(super::why(&error))),
    }
}
