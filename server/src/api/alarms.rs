//! `/api/alarms`, their rules, and who is told of them.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use domain::SiteSlug;
use domain::alarms::{Alarm, Recipient};
use domain::meters::MeterAddress;
use domain::period::Moment;
use futures::{StreamExt as _, stream};
use schemars::JsonSchema;
use serde::Deserialize;
use service::alarms::{
    self, Acknowledgement, AlarmState, AlarmsRequest, NewRecipient, NewRule, RuleChanges, RuleView,
};
use service::{Patch, Principal, Service, named};

use super::sites::SiteListQuery;
use crate::answer::{Created, Data, Format, Item, Limit, List, Page};
use crate::csv;
use crate::error::ApiError;
use crate::extract::{Id, JsonBody, OptionalBody, Query, Who};

impl Item for Alarm {
    const COLUMNS: &'static str = "id,site,ruleId,meterId,meterNumber,meterName,kind,severity,text,value,unit,raisedAt,\
        clearedAt,acknowledgedAt,acknowledgedBy,note";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

impl Item for RuleView {
    const COLUMNS: &'static str = "id,site,kind,meterId,channel,direction,raise,clear,unit,nominal,tankLitres,filledAt,\
        delaySeconds,clearDelaySeconds,severity,enabled,title";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

impl Item for Recipient {
    const COLUMNS: &'static str = "id,site,kind,address,minSeverity,enabled,waiting,problem";

    fn key(&self) -> String {
        self.id.to_string()
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlarmsQuery {
    /// Slug of the site; the default site unless stated, or the site of the meter.
    site: Option<SiteSlug>,
    /// `open` ones, which is usual, or `all`.
    #[serde(default)]
    state: AlarmState,
    /// Those of one meter: its id, or its meter number.
    meter: Option<String>,
    /// Those that were not over before this: RFC 3339, or a date on the site's clock.
    from: Option<Moment>,
    /// Those that were raised before this.
    to: Option<Moment>,
    /// How many at most: 1 to 10,000; without, 1,000, or all of them where the answer is CSV.
    limit: Option<Limit>,
    /// `nextCursor` of the page before.
    cursor: Option<String>,
    /// Form of the answer.
    format: Option<Format>,
}

impl AlarmsQuery {
    fn meter(&self) -> Option<MeterAddress> {
        let meter = self.meter.as_deref()?;
        Some(MeterAddress::new(meter, self.site.clone()))
    }

    fn asked<'a>(
        &'a self,
        meter: Option<&'a MeterAddress>,
        before: Option<i64>,
        limit: u32,
    ) -> AlarmsRequest<'a> {
        AlarmsRequest {
            site: self.site.as_ref(),
            state: self.state,
            meter,
            from: self.from,
            to: self.to,
            before,
            limit,
        }
    }
}

/// Alarms of a table that are in memory at a time.
const PIECE: u32 = 1_000;

pub(crate) async fn list(
    State(service): State<Service>,
    Who(who): Who,
    Query(mut query): Query<AlarmsQuery>,
) -> Result<Response, ApiError> {
    let page = Page::new(query.limit, query.cursor.take(), query.format);
    if page.format == Format::Csv && query.limit.is_none() {
        return table(service, who, query, page.after_row()?).await;
    }
    let meter = query.meter();
    let asked = query.asked(meter.as_ref(), page.after_row()?, page.limit());
    let (listed, more) = alarms::list(&service, &who, asked).await?;
    Ok(List::picked(listed, more, page.format).into_response())
}

/// Every alarm that is asked for, piece by piece. Where a later piece cannot be read the answer breaks
/// off, so that nobody takes it for whole.
async fn table(
    service: Service,
    who: Principal,
    query: AlarmsQuery,
    before: Option<i64>,
) -> Result<Response, ApiError> {
    let (first, after) = piece(&service, &who, &query, before).await?;
    let head = csv::table(Alarm::COLUMNS, &first);
    let rest =
        stream::try_unfold((service, who, query, after), async |(service, who, query, after)| {
            if after.is_none() {
                return Ok(None);
            }
            let read = piece(&service, &who, &query, after).await;
            let (alarms, after) = read.inspect_err(|error| {
                tracing::error!("a table of alarms breaks off: {error}");
            })?;
            Ok(Some((csv::lines(Alarm::COLUMNS, &alarms), (service, who, query, after))))
        });
    let whole = stream::once(async { Ok::<_, service::Error>(head) }).chain(rest);
    Ok(([(CONTENT_TYPE, "text/csv; charset=utf-8")], Body::from_stream(whole)).into_response())
}

/// Some of the alarms that are asked for, and after which one the others follow.
async fn piece(
    service: &Service,
    who: &Principal,
    query: &AlarmsQuery,
    before: Option<i64>,
) -> Result<(Vec<Alarm>, Option<i64>), service::Error> {
    let meter = query.meter();
    let asked = query.asked(meter.as_ref(), before, PIECE);
    let (alarms, more) = alarms::list(service, who, asked).await?;
    let after = alarms.last().filter(|_| more).map(|alarm| alarm.id);
    Ok((alarms, after))
}

pub(crate) async fn acknowledge(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    OptionalBody(said): OptionalBody<Acknowledgement>,
) -> Result<Data<Alarm>, ApiError> {
    Ok(Data(alarms::acknowledge(&service, &who, named(&id)?, said).await?))
}

pub(crate) async fn rules(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteListQuery>,
) -> Result<List<RuleView>, ApiError> {
    let rules = alarms::rules(&service, &who, query.site.as_ref()).await?;
    List::of(rules, &query.page())
}

pub(crate) async fn create_rule(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(new): JsonBody<NewRule>,
) -> Result<Created<RuleView>, ApiError> {
    Ok(Created(alarms::create(&service, &who, new).await?))
}

pub(crate) async fn update_rule(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    JsonBody(patch): JsonBody<Patch<RuleChanges>>,
) -> Result<Data<RuleView>, ApiError> {
    Ok(Data(alarms::update(&service, &who, named(&id)?, patch).await?))
}

pub(crate) async fn remove_rule(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<RuleView>, ApiError> {
    Ok(Data(alarms::remove(&service, &who, named(&id)?).await?))
}

pub(crate) async fn recipients(
    State(service): State<Service>,
    Who(who): Who,
    Query(query): Query<SiteListQuery>,
) -> Result<List<Recipient>, ApiError> {
    let found = alarms::recipients(&service, &who, query.site.as_ref()).await?;
    List::of(found, &query.page())
}

pub(crate) async fn add_recipient(
    State(service): State<Service>,
    Who(who): Who,
    JsonBody(new): JsonBody<NewRecipient>,
) -> Result<Created<Recipient>, ApiError> {
    Ok(Created(alarms::add(&service, &who, new).await?))
}

pub(crate) async fn update_recipient(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
    JsonBody(patch): JsonBody<Patch<NewRecipient>>,
) -> Result<Data<Recipient>, ApiError> {
    Ok(Data(alarms::update_recipient(&service, &who, named(&id)?, patch).await?))
}

pub(crate) async fn remove_recipient(
    State(service): State<Service>,
    Who(who): Who,
    Id(id): Id,
) -> Result<Data<Recipient>, ApiError> {
    Ok(Data(alarms::remove_recipient(&service, &who, named(&id)?).await?))
}
