use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// Does what a form of a sheet says, and answers what was done, with the way back where there is one.
#[server(prefix = "/fn", endpoint = "act", input = Json, output = Json)]
pub async fn act(
    /// The act, such as `exchange`.
    name: String,
    /// The fields of the form.
    fields: Vec<(String, String)>,
) -> Result<String, ServerFnError> {
    let (service, who) = super::acting()?;
    crate::sheets::act(&service, &who, &name, fields).await.map_err(ServerFnError::new)
}
