//! What the forms of alarms do.

use domain::alarms::{RuleId, RuleRefusal, Severity, Watch};
use domain::figures::thousandths;
use domain::readings::channel::Name;
use serde_json::{Map, Value, json};
use service::alarms::{self, Acknowledgement, NewRecipient, NewRule, RuleRecipient};
use service::operation::set_aside;
use service::{Error, Principal, Service};

use texts::words::alarms::done as words;
use texts::words::energy::UNDO;
use ui::drawing::act::{Answer, Fields, no_act, notice_with_undo};

pub(crate) async fn act(service: &Service, who: &Principal, name: &str, fields: &Fields) -> Answer {
    match name {
        "alarm-acknowledge" => {
            let said = Acknowledgement { note: fields.text("note").ok().map(str::to_owned) };
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

async fn switch(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let (rule, is_on) = (fields.id::<RuleId>("rule")?, fields.text("enabled")? == "true");
    let patch = Map::from_iter([("enabled".to_owned(), is_on.into())]);
    alarms::update(service, who, rule, patch.into()).await?;
    let text = if is_on { words::SWITCHED_ON } else { words::SWITCHED_OFF };
    let back = vec![("rule", rule.to_string()), ("enabled", (!is_on).to_string())];
    Ok(notice_with_undo(text.get(), UNDO.get(), Some(("alarm-switch", back))))
}

/// Limits and delays, as far as the form has them. What is typed in kW is in W in a rule on a channel.
fn figures(fields: &Fields, channel: Option<Name>) -> Result<Map<String, Value>, Error> {
    let mut figures = Map::new();
    for name in ["raise", "clear"] {
        if fields.text(name).is_ok() {
            let typed = fields.number(name)?;
            let limit = match channel.map_or(1.0, Name::scale) {
                1.0 => typed,
                scale => thousandths(typed * scale),
            };
            figures.insert(name.to_owned(), limit.into());
        }
    }
    if let Some(channel) = channel {
        figures.insert("channel".to_owned(), channel.as_str().into());
    }
    for name in ["delaySeconds", "clearDelaySeconds"] {
        if let Ok(text) = fields.text(name) {
            let wrong = |_| Error::invalid(name, RuleRefusal::PartOfASecond);
            figures.insert(name.to_owned(), text.parse::<i64>().map_err(wrong)?.into());
        }
    }
    figures.insert("severity".to_owned(), fields.text("severity")?.into());
    Ok(figures)
}

async fn change(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let channel = fields.text("channel").ok().and_then(Name::parse);
    alarms::update(service, who, fields.id("rule")?, figures(fields, channel)?.into()).await?;
    Ok(words::CHANGED.into())
}

async fn add(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let word = fields.text("kind")?;
    let unknown = || RuleRefusal::UnknownFigure { text: word.to_owned() };
    let watch = Watch::parse(word).ok_or_else(|| Error::invalid("kind", unknown()))?;
    let mut rest = figures(fields, watch.channel)?;
    for name in ["direction", "meterId"] {
        if let Ok(text) = fields.text(name) {
            rest.insert(name.to_owned(), text.into());
        }
    }
    let site = Some(fields.site()?);
    let new = NewRule { site, kind: watch.kind, rest };
    let recipients = recipients(fields)?;
    alarms::create_with_recipients(service, who, new, &recipients).await?;
    Ok(if recipients.is_empty() { words::ADDED } else { words::ADDED_AND_TOLD }.into())
}

fn recipients(fields: &Fields) -> Result<Vec<RuleRecipient>, Error> {
    let known = fields.text("recipient").is_ok().then(|| fields.id("recipient")).transpose()?;
    let mailbox = fields.text("address").ok().map(|it| RuleRecipient::Mailbox(it.to_owned()));
    Ok(known.map(RuleRecipient::Known).into_iter().chain(mailbox).collect())
}

async fn tell(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let new: NewRecipient = service::body::read(&json!({
        "site": fields.text("site")?,
        "kind": fields.text("kind")?,
        "address": fields.text("address")?,
        "minSeverity": Severity::parse(fields.text("severity")?),
    }))?;
    alarms::add(service, who, new).await?;
    Ok(words::TOLD.into())
}
