//! `/api/reports`, and to whom they are sent.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::SiteSlug;
use domain::language::Language;
use domain::reports::refusal::NoReport;
use domain::reports::{MonthTotal, Report};
use schemars::JsonSchema;
use serde::Deserialize;
use service::reports::{self, NewSchedule, ScheduleView};
use service::{Patch, Service, named};

use super::sites::SiteListQuery;
use crate::answer::{Created, Data, Item, List};
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, Query, Who};
use crate::report_letters;

impl Item for MonthTotal {
    const COLUMNS: &'static str = "month,isOver,total.days,total.energy.gridKwh,total.energy.solarKwh,\
        total.energy.dieselKwh,total.energy.batteryKwh,total.energy.estimatedKwh,\
        total.coverage,total.lost.kwh,total.lost.errorKwh,total.lost.cost,\
        total.lost.incomplete,lossPercent,saving.kwh,saving.cost,saving.co2Kg";

    fn key(&self) -> String {
        self.month.to_string()
    }
}

impl Item for ScheduleView {
    const COLUMNS: &'static str = "id,site,addresses,day,hour,language,enabled,nextMonth,nextAt,sentAt,sentMonth,\
        waiting,problem,version";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportQuery {
    /// Slug of the site; the default site unless stated.
    site: Option<SiteSlug>,
    /// Language of `.html` and `.svg`: `en` or `de`; English unless stated.
    language: Option<Language>,
    /// Which chart `.svg` is: `days`, `losses` or `months`; the days unless stated.
    #[serde(default)]
    chart: Chart,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Chart {
    #[default]
    Days,
    Losses,
    Months,
}

impl Chart {
    const fn name(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Losses => "losses",
            Self::Months => "months",
        }
    }
}

pub(crate) async fn months(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteListQuery>,
) -> Result<List<MonthTotal>, ApiError> {
    let months = reports::months(&service, &who, query.site.as_ref()).await?;
    List::of(months, &query.page())
}

/// `{month}` as JSON, `{month}.csv` its days, `{month}.svg` a chart, `{month}.html` as it is mailed.
pub(crate) async fn get(
    State(service): State<Service>,
    Who(who): Who,
    Id(path): Id,
    Query(query): Query<ReportQuery>,
) -> Result<Response, ApiError> {
    let (month, form) = path.rsplit_once('.').unwrap_or((&path, ""));
    if !["", "csv", "svg", "html"].contains(&form) {
        return Err(ApiError::no_such_path());
    }
    let parsed = month.parse().map_err(|refused| service::Error::invalid("month", refused))?;
    let page = reports::page(&service, &who, query.site.as_ref(), parsed).await?;
    let typed = |media_type: &'static str, content: String| {
        ([(header::CONTENT_TYPE, media_type)], content).into_response()
    };
    match form {
        "csv" => {
            let named = format!("attachment; filename=\"report-{}-{month}.csv\"", page.site.slug);
            let mut answer = typed("text/csv; charset=utf-8", report_letters::days(&page.report));
            if let Ok(named) = named.parse() {
                answer.headers_mut().insert(header::CONTENT_DISPOSITION, named);
            }
            Ok(answer)
        }
        "svg" | "html" => {
            let written = app::letter(&page, query.language.unwrap_or_default(), None);
            if form == "html" {
                return Ok(typed("text/html; charset=utf-8", written.html));
            }
            let chart = written.pictures.into_iter().find(|(name, _)| *name == query.chart.name());
            let (_, svg) = chart.ok_or_else(|| ApiError::from(no_chart(query.chart, month)))?;
            Ok(typed("image/svg+xml", svg))
        }
        _ => Ok(Data::<Report>(page.report).into_response()),
    }
}

fn no_chart(chart: Chart, month: &str) -> service::Error {
    service::Error::NotFound {
        code: "nothing_to_draw",
        message: NoReport::NothingToDraw { month: month.to_owned(), chart: chart.name() }.into(),
    }
}

pub(crate) async fn schedules(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteListQuery>,
) -> Result<List<ScheduleView>, ApiError> {
    let found = reports::schedules(&service, &who, query.site.as_ref()).await?;
    List::of(found, &query.page())
}

pub(crate) async fn create(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(new): JsonBody<NewSchedule>,
) -> Result<Created<ScheduleView>, ApiError> {
    Ok(Created(reports::create(&service, &who, new).await?))
}

pub(crate) async fn update(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    JsonBody(patch): JsonBody<Patch<NewSchedule>>,
) -> Result<Data<ScheduleView>, ApiError> {
    Ok(Data(reports::update(&service, &who, named(&id)?, patch).await?))
}

pub(crate) async fn remove(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<ScheduleView>, ApiError> {
    Ok(Data(reports::remove(&service, &who, named(&id)?).await?))
}

pub(crate) async fn send(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<ScheduleView>, ApiError> {
    Ok(Data(reports::send_now(&service, &who, named(&id)?).await?))
}
