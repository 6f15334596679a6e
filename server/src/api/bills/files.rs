//! One bill, as JSON or as a file: the end of its address says which.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use service::Service;
use service::bills;

use crate::answer::Data;
use crate::api::meters::SiteQuery;
use crate::csv;
use crate::error::ApiError;
use crate::extract::{Id, Query, Who};

const COLUMNS: &str = "number,meterNumber,month,line,quantity,unit,price,amount,currency,credits";

/// `{id}` as JSON, `{id}.csv` its lines, `{id}.xml` its usage as Green Button, `{id}.svg` its shape.
pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Id(path): Id,
    Query(query): Query<SiteQuery>,
) -> Result<Response, ApiError> {
    let (reference, form) = path.rsplit_once('.').unwrap_or((&path, ""));
    let (service, who, bill) = (&service, &who, &query.bill(reference));
    match form {
        "" => Ok(Data(bills::by_address(service, who, bill).await?).into_response()),
        "csv" => {
            let rows = bills::csv(service, who, bill).await?;
            Ok(file(&path, "text/csv; charset=utf-8", csv::table(COLUMNS, &rows)))
        }
        "xml" => {
            let feed = bills::espi(service, who, bill).await?;
            Ok(file(&path, "application/atom+xml; charset=utf-8", feed))
        }
        "svg" => {
            let picture = bills::svg(service, who, bill).await?;
            Ok(([(header::CONTENT_TYPE, "image/svg+xml")], picture).into_response())
        }
        _ => Err(ApiError::no_such_path()),
    }
}

/// A file to be kept under a name, which is a number or UUID and an ending.
fn file(name: &str, media_type: &'static str, content: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers =
        [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, content).into_response()
}
