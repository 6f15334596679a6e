//! `/api/Energy/meters/{id}/readings`.

pub(crate) mod channels;
pub(crate) mod corrections;
pub(crate) mod outliers;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::DateTime;
use domain::meters::MeterAddress;
use domain::period::Moment;
use domain::{NewReading, SiteSlug};
use schemars::JsonSchema;
use serde::Deserialize;
use service::Service;
use service::energy::series::IntervalView;
use service::readings::{self, ReadingView, ReadingsQuery, Rows, Stored};

use super::meters::SiteQuery;
use crate::answer::{Created, Flag, Format, Item, Limit, List, Page};
use crate::error::ApiError;
use crate::extract::{Id, Query, RawJson, Who};

impl Item for ReadingView {
    const COLUMNS: &'static str = "timestamp,activePowerKw,activePowerL1Kw,activePowerL2Kw,activePowerL3Kw,\
        reactivePowerKvar,reactivePowerL1Kvar,reactivePowerL2Kvar,reactivePowerL3Kvar,\
        apparentPowerKva,powerFactor,frequencyHz,rocofHzS,voltageL1,voltageL2,voltageL3,\
        voltageL12,voltageL23,voltageL31,currentL1,currentL2,currentL3,totalEnergyKwh,\
        energyImportKwh,energyExportKwh,reactiveEnergyImportKvarh,reactiveEnergyExportKvarh,\
        dieselConsumptionLiters,runtimeHours,quality,source";

    fn key(&self) -> String {
        self.timestamp.timestamp_micros().to_string()
    }
}

impl Item for IntervalView {
    const COLUMNS: &'static str = "start,end,importKwh,exportKwh,reactiveImportKvarh,reactiveExportKvarh,dieselL,\
        runtimeHours,starts,maxDemandKw,minPowerKw,maxPowerKw,minVoltage,meanVoltage,\
        maxVoltage,powerFactor,coverage,estimatedKwh,quality,flags,partial";

    fn key(&self) -> String {
        self.start.timestamp_micros().to_string()
    }
}

/// Readings as stored, or step by step.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes an answer of one kind or the other")]
pub(crate) enum ReadingOrInterval {
    /// A reading as stored, of `resolution=raw`.
    Reading(Box<ReadingView>),
    /// A step, of the other resolutions.
    Interval(Box<IntervalView>),
}

/// One reading or a list of at most 10,000.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes a body that the use case reads line by line")]
pub(crate) enum OneOrMany {
    /// One.
    One(Box<NewReading>),
    /// A list.
    Many(#[schemars(length(min = 1, max = 10_000))] Vec<NewReading>),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListQuery {
    /// Slug of the site, where the meter is named by its number.
    site: Option<SiteSlug>,
    /// Begin of the window: RFC 3339, or a date in the site's zone; the first reading unless stated.
    from: Option<Moment>,
    /// End of the window, itself not in it; after the last reading unless stated.
    to: Option<Moment>,
    /// Readings as stored, `raw`, or what they add up to: `15m`, `1h`, `1d` or `1mo`. A step that begins
    /// before the window or ends after it is answered as far as it lies in it, with `partial`.
    resolution: Option<String>,
    /// How many at most: 1 to 10,000.
    limit: Option<Limit>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// Form of the answer.
    format: Option<Format>,
    /// Whether each step says what it was computed from; of the first hundred.
    #[serde(default)]
    explain: Flag,
}

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<ListQuery>,
) -> Result<Response, ApiError> {
    let page = Page::new(query.limit, query.cursor, query.format);
    let after = page.after()?.map(|key| {
        let micros = key.parse().ok().and_then(DateTime::from_timestamp_micros);
        micros.ok_or_else(|| page.changed_cursor())
    });
    let asked = ReadingsQuery {
        from: query.from,
        to: query.to,
        resolution: query.resolution.as_deref(),
        after: after.transpose()?,
        limit: page.limit() + 1,
        explain: query.explain.0,
    };
    let meter = MeterAddress::new(id, query.site);
    Ok(match readings::page(&service, &who, &meter, asked).await? {
        Rows::Raw(rows) => List::begun(rows, &page).into_response(),
        Rows::Steps(rows) => List::begun(rows, &page).into_response(),
    })
}

pub(crate) async fn create(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    Query(query): Query<SiteQuery>,
    RawJson(body): RawJson,
) -> Result<Created<Stored>, ApiError> {
    let stored = readings::post(&service, &who, &query.meter(id), &body).await?;
    Ok(Created(stored))
}
