//! `/api/audit`.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::SiteSlug;
use domain::people::AuditEntry;
use domain::period::Moment;
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;
use service::people::audit::{self, AuditQuery};

use crate::answer::{Format, Item, Limit, List, Page};
use crate::error::ApiError;
use crate::extract::{Query, Who};

impl Item for AuditEntry {
    const COLUMNS: &'static str =
        "id,timestamp,who,userId,tokenId,address,site,action,subject,before,after,reason";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// Slug of a site; all that the caller administers unless stated.
    site: Option<SiteSlug>,
    /// Only changes by this user: the name or the id.
    user: Option<String>,
    /// Only changes of this kind, such as `tariff.update`.
    action: Option<String>,
    /// Only changes of this object, such as `meter:12` or `tariff:3`.
    subject: Option<String>,
    /// Only changes since: RFC 3339, or a date on the clock of the site, or of the default site.
    from: Option<Moment>,
    /// Only changes before.
    to: Option<Moment>,
    /// How many at most: 1 to 10,000.
    limit: Option<Limit>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// Form of the answer.
    format: Option<Format>,
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<ListQuery>,
) -> Result<List<AuditEntry>, ApiError> {
    let page = Page::new(query.limit, query.cursor, query.format);
    let asked = AuditQuery {
        site: query.site.as_ref(),
        user: query.user.as_deref(),
        action: query.action.as_deref(),
        subject: query.subject.as_deref(),
        from: query.from,
        to: query.to,
        before: page.after_row()?,
        limit: page.limit() + 1,
    };
    Ok(List::begun(audit::list(&service, &who, asked).await?, &page))
}

pub(crate) async fn csv(
    service: State<Service>,
    who: Who,
    Query(query): Query<ListQuery>,
) -> Result<Response, ApiError> {
    let query = ListQuery { format: Some(Format::Csv), ..query };
    let listed = list(service, who, Query(query)).await?;
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\"");
    Ok(([name], listed).into_response())
}
