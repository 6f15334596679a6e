//! Readings that do not fit, and decisions about readings.

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::energy::interval::Outlier;
use domain::meters::MeterAddress;
use domain::period::Moment;
use domain::{Field, MeterId, SiteSlug};
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;
use service::energy::outliers::{self, Decided, NewDecision, OutlierView};

use crate::answer::{Data, Figure, Format, Item, Limit, List, Page};
use crate::api::meters::SiteQuery;
use crate::error::ApiError;
use crate::extract::{JsonBody, Query, Who};

impl Item for OutlierView {
    const COLUMNS: &'static str = "meterId,meterNumber,timestamp,field,value,decision,decidedAt";

    fn key(&self) -> String {
        let Self { meter_id, timestamp, field, value, .. } = self;
        format!("{} {meter_id} {field} {value}", timestamp.timestamp_micros())
    }
}

/// The reading that a cursor goes on after.
fn of_key(key: &str) -> Option<(MeterId, Outlier)> {
    let mut parts = key.split(' ');
    let at = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
    let meter = MeterId(parts.next()?.parse().ok()?);
    let field = Field::parse(parts.next()?)?;
    let value = parts.next()?.parse().ok()?;
    Some((meter, Outlier { at, field, value }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutliersQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<SiteSlug>,
    /// One meter: its id, or its meter number; every meter unless stated.
    meter: Option<String>,
    /// Begin of the window: RFC 3339, or a date in the site's zone; the first reading unless stated.
    from: Option<Moment>,
    /// End of the window, itself not in it; after the last reading unless stated.
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
    Query(query): Query<OutliersQuery>,
) -> Result<List<OutlierView>, ApiError> {
    let page = Page::new(query.limit, query.cursor, query.format);
    let after = page.after()?.map(|key| of_key(&key).ok_or_else(|| page.changed_cursor()));
    let site = query.site.as_ref();
    let meter = query.meter.map(|meter| MeterAddress::new(meter, site.cloned()));
    let asked = outliers::OutliersQuery {
        site,
        meter: meter.as_ref(),
        from: query.from,
        to: query.to,
        after: after.transpose()?,
        limit: page.limit(),
    };
    let (listed, more) = outliers::list(&service, &who, asked).await?;
    Ok(List::picked(listed, more, page.format))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecidedQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<SiteSlug>,
    /// The meter: its id, or its meter number.
    meter: String,
    /// When the reading was taken.
    timestamp: DateTime<Utc>,
    /// The register, by its field, such as `totalEnergyKwh`.
    field: String,
    /// The figure that the decision is about.
    value: Figure,
}

pub(crate) async fn undo(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<DecidedQuery>,
) -> Result<Data<OutlierView>, ApiError> {
    let DecidedQuery { site, meter, timestamp, field, value } = query;
    let decided = Decided { timestamp, field, value: value.0 };
    Ok(Data(outliers::undo(&service, &who, &MeterAddress::new(meter, site), &decided).await?))
}

pub(crate) async fn decide(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteQuery>,
    JsonBody(new): JsonBody<NewDecision>,
) -> Result<Data<OutlierView>, ApiError> {
    Ok(Data(outliers::decide(&service, &who, query.site, new).await?))
}
