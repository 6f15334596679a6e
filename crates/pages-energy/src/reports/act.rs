//! What the forms of reports do.

use domain::operation::typed::TypedRefusal;
use domain::reports::ScheduleId;
use serde_json::{Map, Value, json};
use service::reports::{self, NewSchedule};
use service::{Error, Principal, Service};
use texts::words::energy::UNDO;
use texts::words::reports::done as words;
use ui::drawing::act::{Answer, Fields, notice_with_undo};

fn whole(fields: &Fields, name: &str) -> Result<i64, Error> {
    let text = fields.text(name)?;
    let refused = |_| Error::invalid(name, TypedRefusal::NotWhole { text: text.to_owned() });
    text.parse().map_err(refused)
}

/// What a schedule is set to, by the names of the API.
fn terms(fields: &Fields) -> Result<Map<String, Value>, Error> {
    let addresses = fields.text("addresses")?.split([',', ';']).map(str::trim);
    let addresses: Vec<&str> = addresses.filter(|address| !address.is_empty()).collect();
    Ok(Map::from_iter([
        ("addresses".to_owned(), json!(addresses)),
        ("day".to_owned(), whole(fields, "day")?.into()),
        ("hour".to_owned(), whole(fields, "hour")?.into()),
        ("language".to_owned(), fields.text("language")?.into()),
    ]))
}

pub(crate) async fn add(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let mut new = terms(fields)?;
    new.insert("site".to_owned(), fields.text("site")?.into());
    let new: NewSchedule = service::body::read(&Value::Object(new))?;
    reports::create(service, who, new).await?;
    Ok(words::ADDED.into())
}

pub(crate) async fn change(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let mut patch = terms(fields)?;
    patch.insert("version".to_owned(), whole(fields, "version")?.into());
    reports::update(service, who, fields.id("schedule")?, patch.into()).await?;
    Ok(words::CHANGED.into())
}

pub(crate) async fn switch(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let (schedule, is_on) =
        (fields.id::<ScheduleId>("schedule")?, fields.text("enabled")? == "true");
    let patch = Map::from_iter([("enabled".to_owned(), is_on.into())]);
    reports::update(service, who, schedule, patch.into()).await?;
    let text = if is_on { words::SWITCHED_ON } else { words::SWITCHED_OFF };
    let back = vec![("schedule", schedule.to_string()), ("enabled", (!is_on).to_string())];
    Ok(notice_with_undo(text.get(), UNDO.get(), Some(("report-switch", back))))
}
