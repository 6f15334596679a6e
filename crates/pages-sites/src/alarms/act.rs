//! What the forms of alarms do.

use domain::alarms::{Kind, RuleId, RuleRefusal, Severity};
use serde_json::{Map, Value, json};
use service::alarms::{self, Acknowledgement, NewRecipient, NewRule};
use service::operation::set_aside;
use service::{Error, Principal, Service};

use texts::words::alarms::done as words;
use texts::words::energy::UNDO;
use ui::drawing::act::{Fields, no_act, notice_with_undo};

/// Does what a form of alarms says.
pub(crate) async fn act(
    service: &Service,
    who: &Principal,
    name: &str,
    fields: &Fields,
) -> Result<String, Error> {
    match name {
        "alarm-acknowledge" => {
            let note = fields.text("note").ok().map(str::to_owned);
            let said = Acknowledgement { note };
            alarms::acknowledge(service, who, fields.id("alarm")?, said).await?;
            Ok(words::ACKNOWLEDGED.into())
        }
        "alarm-again" => {
            let parts = if fields.text("schedule").is_ok() {
                set_aside::reports_again(service, who, fields.id("schedule")?).await?.parts
            } else {
                set_aside::again(service, who, &fields.meter()?).await?.parts
            };
            Ok(words::again(parts))
        }
        "alarm-switch" => switch(service, who, fields).await,
        "alarm-change" => change(service, who, fields).await,
        "alarm-remove" => {
            alarms::remove(service, who, fields.id("rule")?).await?;
            Ok(words::REMOVED.into())
        }
        "alarm-add" => add(service, who, fields).await,
        "alarm-tell" => tell(service, who, fields).await,
        "alarm-untell" => {
            alarms::remove_recipient(service, who, fields.id("recipient")?).await?;
            Ok(words::UNTOLD.into())
        }
        other => Err(no_act(other)),
    }
}

async fn switch(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    let (rule, is_on) = (fields.id::<RuleId>("rule")?, fields.text("enabled")? == "true");
    let patch = Map::from_iter([("enabled".to_owned(), is_on.into())]);
    alarms::update(service, who, rule, patch.into()).await?;
    let text = if is_on { words::SWITCHED_ON } else { words::SWITCHED_OFF };
    let back = vec![("rule", rule.to_string()), ("enabled", (!is_on).to_string())];
    Ok(notice_with_undo(text.get(), UNDO.get(), Some(("alarm-switch", back))))
}

fn seconds(fields: &Fields, name: &str) -> Result<i64, Error> {
    let wrong = |_| Error::invalid(name, RuleRefusal::PartOfASecond);
    fields.text(name)?.parse().map_err(wrong)
}

/// Limits and delays, as far as the form has them.
fn figures(fields: &Fields) -> Result<Map<String, Value>, Error> {
    let mut figures = Map::new();
    for name in ["raise", "clear"] {
        if fields.text(name).is_ok() {
            figures.insert(name.to_owned(), fields.number(name)?.into());
        }
    }
    figures.insert("delaySeconds".to_owned(), seconds(fields, "delay")?.into());
    if fields.text("clearDelay").is_ok() {
        figures.insert("clearDelaySeconds".to_owned(), seconds(fields, "clearDelay")?.into());
    }
    figures.insert("severity".to_owned(), fields.text("severity")?.into());
    Ok(figures)
}

async fn change(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    alarms::update(service, who, fields.id("rule")?, figures(fields)?.into()).await?;
    Ok(words::CHANGED.into())
}

async fn add(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    let mut rest = figures(fields)?;
    rest.insert("channel".to_owned(), fields.text("channel")?.into());
    rest.insert("direction".to_owned(), fields.text("direction")?.into());
    if let Ok(meter) = fields.text("meter") {
        rest.insert("meterId".to_owned(), meter.into());
    }
    let site = Some(fields.site()?);
    alarms::create(service, who, NewRule { site, kind: Kind::Threshold, rest }).await?;
    Ok(words::ADDED.into())
}

async fn tell(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    let new: NewRecipient = service::body::read(&json!({
        "site": fields.text("site")?,
        "kind": fields.text("kind")?,
        "address": fields.text("address")?,
        "minSeverity": Severity::parse(fields.text("severity")?),
    }))?;
    alarms::add(service, who, new).await?;
    Ok(words::TOLD.into())
}
