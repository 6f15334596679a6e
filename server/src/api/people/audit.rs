//! `/api/audit`.

use axum::extract::State;
use domain::people::AuditEntry;
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;
use service::people::audit::{self, AuditQuery};

use crate::answer::{Format, Item, Limit, List, Page};
use crate::error::ApiError;
use crate::extract::{Query, Who};

impl Item for AuditEntry {
    const COLUMNS: &'static str =
        "id,timestamp,who,userId,address,site,action,subject,before,after,reason";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// Only changes of this, such as `meter:12` or `tariff:3`.
    subject: Option<String>,
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
    let limit = page.limit();
    let asked = AuditQuery {
        subject: query.subject.as_deref(),
        before: page.after_row()?,
        limit: limit + 1,
    };
    let mut entries = audit::list(&service, &who, asked).await?;
    let more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    Ok(List::picked(entries, more, page.format))
}
