//! What the forms of these pages do: each calls one use case and says what was done, with a form that
//! undoes it.

use crate::reports::act as schedules;
use chrono::{SecondsFormat, TimeDelta};
use domain::MeterId;
use domain::energy::interval::Decision;
use domain::meters::refusal::PlaceRefusal;
use domain::operation::request::FormRefusal;
use serde_json::{Map, json};
use service::energy::outliers::{self, Decided, NewDecision};
use service::energy::quarantine;
use service::meters::exchanges::NewExchange;
use service::meters::{self, MeterRef, exchanges};
use service::readings::corrections::{self, NewCorrection};
use service::{Error, Principal, Service, reports};
use texts::language::Text;
use texts::words::energy::{UNDO, done as words};
use texts::words::reports::done as of_reports;
use ui::drawing::Doing;
use ui::drawing::act::{Answer, Fields, Undo, notice_with_undo};

/// Does what a form of this crate says; nothing where it is no form of these.
pub fn act<'a>(
    service: &'a Service,
    who: &'a Principal,
    name: &'a str,
    fields: &'a Fields,
) -> Doing<'a, Option<String>> {
    Box::pin(async move {
        let done = match name {
            "exchange" => exchange(service, who, fields).await?,
            "correct" => correct(service, who, fields).await?,
            "undo-exchange" => {
                exchanges::undo(service, who, &fields.meter()?, fields.text("n")?).await?;
                done(words::UNDONE, None)
            }
            "undo-correction" => {
                corrections::undo(service, who, &fields.meter()?, fields.text("n")?).await?;
                done(words::UNDONE, None)
            }
            "accept" => {
                quarantine::accept(service, who, fields.id("n")?).await?;
                answered("reject", fields)?
            }
            "reject" => {
                quarantine::reject(service, who, fields.id("n")?).await?;
                answered("accept", fields)?
            }
            "count-reading" => decide(service, who, fields, Decision::Accept).await?,
            "leave-out-reading" => decide(service, who, fields, Decision::Reject).await?,
            "undo-reading" => {
                let (meter, decided) = (fields.meter()?, decided(service, who, fields)?);
                outliers::undo(service, who, &meter, &decided).await?;
                done(words::UNDECIDED, None)
            }
            "feeds" | "move" => change(service, who, name, fields).await?,
            "report-add" => schedules::add(service, who, fields).await?,
            "report-change" => schedules::change(service, who, fields).await?,
            "report-switch" => schedules::switch(service, who, fields).await?,
            "report-remove" => {
                reports::remove(service, who, fields.id("schedule")?).await?;
                of_reports::REMOVED.into()
            }
            "report-send" => {
                reports::send_now(service, who, fields.id("schedule")?).await?;
                of_reports::SENT.into()
            }
            _ => return Ok(None),
        };
        Ok(Some(done))
    })
}

async fn exchange(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let meter = fields.meter()?;
    let new = NewExchange {
        timestamp: fields.instant(service, who)?,
        old_final_kwh: fields.number("old")?,
        new_initial_kwh: fields.number("new")?,
        import_register: None,
        reason: fields.text("reason")?.to_owned(),
    };
    let entered = exchanges::create(service, who, &meter, new).await?;
    let back = vec![("meter", meter.to_string()), ("n", entered.n.to_string())];
    Ok(done(words::EXCHANGE, Some(("undo-exchange", back))))
}

async fn correct(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let meter = fields.text("meter")?;
    let at = fields.instant(service, who)?;
    // A field for times shows whole seconds; the reading of that second is meant.
    let id: MeterId = meter.parse().map_err(|_| Error::no_meter(meter))?;
    let end = at + TimeDelta::seconds(1);
    let exact = meters::page::reading_within(service, who, id, (at, end)).await?;
    let new = NewCorrection {
        timestamp: exact.unwrap_or(at),
        field: fields.text("field")?.to_owned(),
        value: if fields.text("value").is_ok() { Some(fields.number("value")?) } else { None },
        reason: fields.text("reason")?.to_owned(),
    };
    let entered = corrections::create(service, who, &id.into(), new).await?;
    let back = vec![("meter", meter.to_owned()), ("n", entered.n.to_string())];
    Ok(done(words::CORRECTION, Some(("undo-correction", back))))
}

/// Says that the answer to a question is stored; `undo` gives the other one.
fn answered(undo: &'static str, fields: &Fields) -> Answer {
    let n = fields.text("n")?.to_owned();
    Ok(done(words::ANSWERED, Some((undo, vec![("n", n)]))))
}

/// The reading that a form is about, with the figure that its page showed.
fn decided(service: &Service, who: &Principal, fields: &Fields) -> Result<Decided, Error> {
    let (timestamp, field) = (fields.instant(service, who)?, fields.text("field")?.to_owned());
    let text = fields.text("value")?;
    let value = text.parse();
    let value = value
        .map_err(|_| Error::invalid("value", FormRefusal::NoNumber { text: text.to_owned() }))?;
    Ok(Decided { timestamp, field, value })
}

async fn decide(service: &Service, who: &Principal, fields: &Fields, decision: Decision) -> Answer {
    let meter = fields.text("meter")?;
    let id: MeterId = meter.parse().map_err(|_| Error::no_meter(meter))?;
    let Decided { timestamp, field, value } = decided(service, who, fields)?;
    let new = NewDecision {
        meter_id: Some(MeterRef::Id(id.0)),
        meter_number: None,
        timestamp,
        field,
        value: Some(value),
        decision,
    };
    let decided = outliers::decide(service, who, None, new).await?;
    let at = decided.timestamp.to_rfc3339_opts(SecondsFormat::Micros, true);
    let (meter, value) = (decided.meter_id.to_string(), decided.value.to_string());
    let back = vec![("meter", meter), ("at", at), ("field", decided.field), ("value", value)];
    let text = match decision {
        Decision::Accept => words::COUNTED,
        Decision::Reject => words::LEFT_OUT,
    };
    Ok(done(text, Some(("undo-reading", back))))
}

async fn change(service: &Service, who: &Principal, name: &str, fields: &Fields) -> Answer {
    let (meter, from) = (fields.meter()?, fields.text("from")?);
    let before = meters::get(service, who, &meter).await?;
    let mut patch = Map::new();
    patch.insert("effectiveFrom".to_owned(), from.into());
    let (act, back) = if name == "feeds" {
        patch.insert("feedsParent".to_owned(), (fields.text("feeds")? == "true").into());
        ("feeds", ("feeds", before.feeds_parent.to_string()))
    } else {
        let parent = fields.text("parent")?.parse::<i64>();
        let parent = parent.map_err(|_| Error::invalid("parent", PlaceRefusal::NoParentChosen))?;
        patch.insert("parentMeterId".to_owned(), json!(parent));
        let parent = before.parent_meter_id.map(|id| id.to_string());
        ("move", ("parent", parent.unwrap_or_default()))
    };
    meters::update(service, who, &meter, patch.into()).await?;
    let back = vec![("meter", meter.to_string()), ("from", from.to_owned()), back];
    Ok(done(words::CHANGED, Some((act, back))))
}

fn done(text: Text, undo: Option<Undo>) -> String {
    notice_with_undo(text.get(), UNDO.get(), undo)
}
