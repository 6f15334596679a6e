//! What the forms of loggers do.

use domain::operation::typed::TypedRefusal;
use serde_json::{Map, Value};
use service::devices::acquisuite;
use service::{Error, Principal, Service};

use texts::words::loggers::done as words;
use ui::drawing::act::{Answer, Fields};

pub(crate) async fn add(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let mut new = settings(fields)?;
    new.insert("serialNumber".to_owned(), fields.text("serial")?.into());
    new.insert("password".to_owned(), fields.secret("password").unwrap_or_default().into());
    new.insert("site".to_owned(), fields.text("site")?.into());
    let added = acquisuite::create(service, who, new).await?;
    Ok(words::added(added.serial_number.as_str()))
}

pub(crate) async fn change(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let serial = fields.text("serial")?;
    let mut patch = settings(fields)?;
    let stated = acquisuite::get(service, who, serial).await?.rated_power_kw;
    if let Some(Value::Object(rated)) = patch.get_mut("ratedPowerKw") {
        for address in stated.keys().map(ToString::to_string) {
            // What was taken out of the line is stated no longer.
            rated.entry(address).or_insert(Value::Null);
        }
    }
    // A blank one stays.
    if let Some(password) = fields.secret("password") {
        patch.insert("password".to_owned(), password.into());
    }
    acquisuite::update(service, who, serial, patch.into()).await?;
    Ok(words::changed(serial))
}

pub(crate) async fn remove(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let serial = fields.text("serial")?;
    acquisuite::remove(service, who, serial).await?;
    Ok(words::removed(serial))
}

/// What both forms ask for; a blank field means none.
fn settings(fields: &Fields) -> Result<Map<String, Value>, Error> {
    let typed = |name: &str, refused: TypedRefusal| match fields.text(name) {
        Ok(text) => serde_json::from_str(text).map_err(|_| Error::invalid(name, refused)),
        Err(_) => Ok(Value::Object(Map::new())),
    };
    let columns = TypedRefusal::NoColumns { such_as: r#"{"7": {"ActivePower": 1}}"# };
    let points = TypedRefusal::NoPointMeters { such_as: r#"{"7": {"0": "EnergyImport"}}"# };
    let rated = TypedRefusal::NoRatedPowers { such_as: r#"{"7": 63}"# };
    let address = |name: &str| fields.text(name).map_or(Value::Null, Value::from);
    let settings = [
        ("utilityMeterId", address("utility")),
        ("loadMeterId", address("load")),
        ("solarMeterId", address("solar")),
        ("columns", typed("columns", columns)?),
        ("pointMeters", typed("pointMeters", points)?),
        ("ratedPowerKw", typed("ratedPowerKw", rated)?),
    ];
    Ok(settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
