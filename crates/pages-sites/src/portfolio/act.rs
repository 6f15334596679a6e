//! What the forms of sites do.

use serde_json::{Map, Value};
use service::sites::{self, NewSite};
use service::{Error, Principal, Service, body};

use texts::words::portfolio::form as words;
use ui::drawing::act::{Answer, Fields, notice_with_link};

pub(crate) async fn add(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let mut new = settings(fields)?;
    let slug = match fields.text("slug") {
        Ok(slug) => slug.to_owned(),
        Err(_) => sites::slug_of(fields.text("name")?),
    };
    new.insert("slug".to_owned(), slug.into());
    for name in ["gridCapacityKw", "latitude", "longitude"] {
        if fields.text(name).is_ok() {
            new.insert(name.to_owned(), fields.number(name)?.into());
        }
    }
    let new: NewSite = body::read(&Value::Object(new))?;
    let added = sites::create(service, who, new).await?;
    Ok(notice_with_link(&words::added(&added.name), &format!("/start?site={}", added.slug)))
}

pub(crate) async fn name(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let named = sites::update(service, who, &fields.site()?, settings(fields)?.into()).await?;
    Ok(words::saved(&named.name))
}

/// What both forms ask for; a blank price means none.
fn settings(fields: &Fields) -> Result<Map<String, Value>, Error> {
    // A price may have a comma before its cents.
    let price = fields.text("pricePerKwh").map(|price| price.replace(',', "."));
    let price = price.map_or(Value::Null, Value::from);
    let mut settings = Map::new();
    for name in ["name", "timeZone", "currency"] {
        settings.insert(name.to_owned(), fields.text(name)?.into());
    }
    settings.insert("pricePerKwh".to_owned(), price);
    Ok(settings)
}
