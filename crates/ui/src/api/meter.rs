//! What the page of one meter shows.

use domain::meters::view::meter::MeterPage;
use leptos::prelude::*;

use crate::json::Json;

/// What the page of one meter shows; none where there is no such meter.
#[server(prefix = "/fn", endpoint = "meter", input = Json, output = Json)]
pub async fn get_meter(
    /// Its id.
    id: i64,
) -> Result<Option<MeterPage>, ServerFnError> {
    let (service, who) = super::acting()?;
    service::meters::page::head(&service, &who, domain::MeterId(id), texts::language::now())
        .await
        .map_err(|error| super::refused(&error))
}
