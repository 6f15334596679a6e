//! What the forms of settings do.

use domain::message::Message;
use domain::meters::settings::{Form, of_form};
use domain::operation::request::FormRefusal;
use domain::{MeterId, SiteSlug};
use serde_json::{Map, Value, json};
use service::bills::page::prices::Draft;
use service::bills::tariffs;
use service::carbon::factors;
use service::configuration::page::settings::{RETENTION, number_or_text};
use service::meters::{self, Arranged, Arrangement, MeterChange};
use service::retention::clock;
use service::{Error, Patch, Principal, Service, configuration, sites};

use super::meters::rules;
use super::site::FIELDS as OF_SITE;
use crate::fields;
use texts::words::energy::UNDO;
use texts::words::settings::done as words;
use ui::drawing::act::{Answer, Fields, Undo, no_act, notice_with_undo};

pub(crate) async fn act(service: &Service, who: &Principal, name: &str, fields: &Fields) -> Answer {
    match name {
        "settings-site" => site(service, who, fields).await,
        "settings-zone" => {
            let zone = fields.text("timeZone")?.into();
            update(service, who, fields, ("timeZone", zone)).await?;
            Ok(words::ZONE.into())
        }
        "settings-retention" => {
            let keeps = RETENTION.map(|name| {
                (name.to_owned(), number_or_text(fields.text(name).unwrap_or_default()))
            });
            update(service, who, fields, ("retention", Map::from_iter(keeps).into())).await?;
            Ok(words::RETENTION.into())
        }
        "settings-clock" => {
            clock::confirm(service, who).await?;
            Ok(words::CLOCK.into())
        }
        "settings-tariff" => {
            let draft = Draft::read(|name| fields.text(name).ok());
            tariffs::create(service, who, draft.version(fields.text("site")?)?).await?;
            Ok(words::TARIFF.into())
        }
        "settings-no-tariff" => {
            tariffs::remove(service, who, fields.id("tariff")?).await?;
            Ok(words::NO_TARIFF.into())
        }
        "settings-factor" => factor(service, who, fields).await,
        "settings-no-factor" => {
            factors::remove(service, who, fields.id("factor")?).await?;
            Ok(words::NO_FACTOR.into())
        }
        "settings-meter" => meter(service, who, ("settings-meter", Form::Meter), fields).await,
        "settings-no-meter" => {
            let removed = meters::remove(service, who, &fields.meter()?).await?;
            Ok(if removed.retired { words::METER_RETIRED } else { words::METER_DELETED }.into())
        }
        "settings-rules" => meter(service, who, ("settings-rules", Form::Counting), fields).await,
        "settings-arrange" => {
            let changes: Value = json(fields, "changes")?;
            let changes = service::body::read(&json!({"changes": changes}))?;
            arrange(service, who, &fields.site()?, changes).await
        }
        "settings-area" => area(service, who, fields).await,
        "settings-import" => {
            configuration::apply(service, who, fields.id("document")?)?;
            Ok(words::IMPORT.into())
        }
        "settings-stop" => {
            configuration::cancel(service, who, fields.id("document")?)?;
            Ok(words::STOP.into())
        }
        other => Err(no_act(other)),
    }
}

fn json(fields: &Fields, name: &str) -> Result<Value, Error> {
    serde_json::from_str(fields.text(name)?).map_err(|error| {
        let why = Box::new(Message::foreign(error.to_string()));
        Error::invalid(name, FormRefusal::NoJson { why })
    })
}

/// Changes a field of the site, unless somebody else has done so in between.
async fn update(
    service: &Service,
    who: &Principal,
    fields: &Fields,
    (name, value): (&str, Value),
) -> Result<(), Error> {
    let patch = [(name, value), ("expected", json(fields, "expected")?)];
    let patch = patch.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
    sites::update(service, who, &fields.site()?, patch).await?;
    Ok(())
}

/// What a line says: nothing, a number or a text.
pub(super) fn typed(fields: &Fields, name: &str, is_number: bool) -> Result<Value, Error> {
    match fields.text(name) {
        Err(_) => Ok(Value::Null),
        Ok(_) if is_number => Ok(fields.number(name)?.into()),
        // A price may have a comma before its cents.
        Ok(text) if name == "pricePerKwh" => Ok(text.replace(',', ".").into()),
        Ok(text) => Ok(text.into()),
    }
}

/// The values of a form with those that it was filled in from, and the form that brings these back.
fn patch(
    fields: &Fields,
    act: &'static str,
    names: impl Iterator<Item = (&'static str, bool)>,
    whose: (&'static str, String),
) -> Result<(Map<String, Value>, Undo), Error> {
    let seen = json(fields, "expected")?;
    let (mut set, mut back) = (Map::new(), Vec::new());
    for (name, is_number) in names {
        set.insert(name.to_owned(), typed(fields, name, is_number)?);
        back.push((name, fields::typed(&seen[name])));
    }
    back.extend([whose, ("expected", Value::Object(set.clone()).to_string())]);
    set.insert("expected".to_owned(), seen);
    Ok((set, (act, back)))
}

async fn site(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let site = fields.site()?;
    let is_number = |name: &str| matches!(name, "gridCapacityKw" | "latitude" | "longitude");
    let names = OF_SITE.into_iter().map(|(name, _)| (name, is_number(name)));
    let (set, undo) = patch(fields, "settings-site", names, ("site", site.to_string()))?;
    sites::update(service, who, &site, set.into()).await?;
    Ok(notice_with_undo(&words::SITE, UNDO.get(), Some(undo)))
}

async fn meter(
    service: &Service,
    who: &Principal,
    (act, form): (&'static str, Form),
    fields: &Fields,
) -> Answer {
    let meter = fields.meter()?;
    let names = of_form(form).map(|setting| (setting.name, setting.is_number()));
    let (set, undo) = patch(fields, act, names, ("meter", meter.to_string()))?;
    let changed = meters::update(service, who, &meter, set.into()).await?;
    let kept = changed.kept.as_ref().map(rules::said).unwrap_or_default();
    let told: Vec<String> = std::iter::once(words::METER.into()).chain(kept).collect();
    Ok(notice_with_undo(&told.join(" "), UNDO.get(), Some(undo)))
}

async fn factor(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let kind = fields.text("kind")?;
    let unit = domain::carbon::FactorKind::parse(kind).map(domain::carbon::FactorKind::unit);
    let meter: Option<i64> = fields.text("meter").ok().and_then(|id| id.parse().ok());
    let new = service::body::read(&json!({
        "site": fields.text("site")?,
        "kind": kind,
        "meterId": meter,
        "value": fields.number("value")?,
        "unit": unit,
        "source": fields.text("source")?,
        "validFrom": fields.text("validFrom")?,
    }))?;
    let added = factors::create(service, who, new).await?;
    let undo = added.id.map(|id| ("settings-no-factor", vec![("factor", id.to_string())]));
    Ok(notice_with_undo(&words::FACTOR, UNDO.get(), undo))
}

async fn area(service: &Service, who: &Principal, fields: &Fields) -> Answer {
    let ids: Vec<i64> = service::body::read(&json(fields, "meters")?)?;
    let (before, name) = (fields.text("area")?, fields.text("name")?);
    let set = Patch::from_iter([
        ("area".to_owned(), name.into()),
        ("expected".to_owned(), json!({"area": before})),
    ]);
    let change = |id| MeterChange { id: MeterId(id), set: set.clone() };
    let changes = Arrangement { changes: ids.into_iter().map(change).collect() };
    arrange(service, who, &fields.site()?, changes).await
}

/// Changes meters together, with the way back.
async fn arrange(
    service: &Service,
    who: &Principal,
    site: &SiteSlug,
    changes: Arrangement,
) -> Answer {
    let since = changes.changes.first().and_then(|first| first.set.get("effectiveFrom").cloned());
    let done = meters::arrange(service, who, Some(site), changes, false).await?;
    let fields = vec![
        ("site", site.to_string()),
        ("changes", Value::from(inverse(&done, since.as_ref())).to_string()),
    ];
    let undo = (!done.meters.is_empty()).then_some(("settings-arrange", fields));
    Ok(notice_with_undo(&words::meters(done.meters.len()), UNDO.get(), undo))
}

/// The changes that bring back what was, from the same time on.
fn inverse(done: &Arranged, since: Option<&Value>) -> Vec<Value> {
    let changes = done.meters.iter().map(|meter| {
        let (mut set, mut seen) = (Map::new(), Map::new());
        // A level follows the parent.
        for change in meter.changes.iter().filter(|change| change.field != "level") {
            set.insert(change.field.clone(), change.before.clone());
            seen.insert(change.field.clone(), change.after.clone());
        }
        if set.contains_key("parentMeterId") || set.contains_key("feedsParent") {
            set.extend(since.map(|since| ("effectiveFrom".to_owned(), since.clone())));
        }
        set.insert("expected".to_owned(), seen.into());
        json!({"id": meter.id, "set": set})
    });
    changes.collect()
}
