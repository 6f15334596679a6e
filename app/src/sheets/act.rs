//! What the forms of sheets do: each calls one use case and says what was done, with a form that
//! undoes it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use domain::MeterId;
use leptos::prelude::*;
use serde_json::{Map, json};
use service::corrections::NewCorrection;
use service::exchanges::NewExchange;
use service::{Error, Principal, Service, corrections, exchanges, meters, pages, quarantine};

use super::losses::found::hidden;
use super::{alarms, bills, devices, grid, loggers, portfolio, reports, settings, simulator};
use crate::language;
use crate::words::energy::UNDO;
use crate::words::energy::done as words;

/// The fields of a form.
pub(super) struct Fields(HashMap<String, String>);

impl Fields {
    pub(super) fn text(&self, name: &str) -> Result<&str, Error> {
        let value = self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
        value.ok_or_else(|| Error::invalid(name, format!("{name} is missing: fill it in")))
    }

    /// A secret, with the blanks that may belong to it.
    pub(super) fn secret(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn number(&self, name: &str) -> Result<f64, Error> {
        let text = self.text(name)?;
        language::now().number(text).ok_or_else(|| {
            Error::invalid(name, format!("{text:?} is no number: write it as 48317.5"))
        })
    }

    /// An instant: RFC 3339, or as the site's clock shows it.
    fn instant(&self, service: &Service, who: Principal) -> Result<DateTime<Utc>, Error> {
        let text = self.text("at")?;
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(at.with_timezone(&Utc));
        }
        let forms = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"];
        let local = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        let site = pages::period(service, &who, &pages::Query::default())?.site;
        let at = local.and_then(|local| site.zone.from_local_datetime(&local).earliest());
        at.map(|at| at.with_timezone(&Utc)).ok_or_else(|| {
            let message = format!("{text:?} is no time of the site's clock: choose another");
            Error::invalid("at", message)
        })
    }
}

/// Does what a form says.
pub async fn act(
    service: &Service,
    who: &Principal,
    name: &str,
    fields: Vec<(String, String)>,
) -> Result<String, Error> {
    let fields = Fields(fields.into_iter().collect());
    match name {
        "exchange" => exchange(service, who, &fields).await,
        "correct" => correct(service, who, &fields).await,
        "undo-exchange" => {
            exchanges::undo(service, who, None, fields.text("meter")?, fields.text("n")?).await?;
            Ok(said(words::UNDONE.get(), UNDO.get(), None))
        }
        "undo-correction" => {
            corrections::undo(service, who, None, fields.text("meter")?, fields.text("n")?).await?;
            Ok(said(words::UNDONE.get(), UNDO.get(), None))
        }
        "accept" => {
            quarantine::accept(service, who, fields.text("n")?).await?;
            let n = fields.text("n")?.to_owned();
            Ok(said(words::ACCEPTED.get(), UNDO.get(), Some(("reject", vec![("n", n)]))))
        }
        "reject" => {
            quarantine::reject(service, who, fields.text("n")?).await?;
            let n = fields.text("n")?.to_owned();
            Ok(said(words::REJECTED.get(), UNDO.get(), Some(("accept", vec![("n", n)]))))
        }
        "connect" => grid::act::connect(service, who, &fields).await,
        "withdraw" => grid::act::withdraw(service, who, &fields).await,
        "issue-bill" => bills::act::issue(service, who, &fields).await,
        "store-bill" => bills::act::store(service, who, &fields).await,
        "credit-bill" => bills::act::credit(service, who, &fields).await,
        "run-bills" => bills::act::run(service, who, &fields).await,
        "cancel-run" => bills::act::cancel(service, who, &fields).await,
        "trade" => bills::act::trade(service, who, &fields).await,
        "add-logger" => loggers::act::add(service, who, &fields).await,
        "change-logger" => loggers::act::change(service, who, &fields).await,
        "remove-logger" => loggers::act::remove(service, who, &fields).await,
        "site-add" => portfolio::act::add(service, who, &fields).await,
        "site-name" => portfolio::act::name(service, who, &fields).await,
        name if name.starts_with("alarm-") => alarms::act::act(service, who, name, &fields).await,
        name if name.starts_with("device") => devices::act::act(service, who, name, &fields).await,
        name if name.starts_with("report-") => reports::act::act(service, who, name, &fields).await,
        name if name.starts_with("settings-") => {
            settings::act::act(service, who, name, &fields).await
        }
        name if name.starts_with("world-") => {
            simulator::act::act(service, who, name, &fields).await
        }
        "feeds" | "move" => change(service, who, name, &fields).await,
        other => Err(Error::invalid("act", format!("nothing is called {other:?} here"))),
    }
}

async fn exchange(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    let meter = fields.text("meter")?;
    let new = NewExchange {
        timestamp: fields.instant(service, *who)?,
        old_final_kwh: fields.number("old")?,
        new_initial_kwh: fields.number("new")?,
        reason: fields.text("reason")?.to_owned(),
    };
    let entered = exchanges::create(service, who, None, meter, new).await?;
    let back = vec![("meter", meter.to_owned()), ("n", entered.n.to_string())];
    Ok(said(words::EXCHANGE.get(), UNDO.get(), Some(("undo-exchange", back))))
}

async fn correct(service: &Service, who: &Principal, fields: &Fields) -> Result<String, Error> {
    let meter = fields.text("meter")?;
    let at = fields.instant(service, *who)?;
    // A field for times shows whole seconds; the reading of that second is meant.
    let id = meter.parse().map(MeterId).map_err(|_| Error::no_meter(meter))?;
    let end = at + TimeDelta::seconds(1);
    let exact = pages::meter::reading_within(service, who, id, (at, end)).await?;
    let new = NewCorrection {
        timestamp: exact.unwrap_or(at),
        field: fields.text("field")?.to_owned(),
        value: if fields.text("value").is_ok() { Some(fields.number("value")?) } else { None },
        reason: fields.text("reason")?.to_owned(),
    };
    let entered = corrections::create(service, who, None, meter, new).await?;
    let back = vec![("meter", meter.to_owned()), ("n", entered.n.to_string())];
    Ok(said(words::CORRECTION.get(), UNDO.get(), Some(("undo-correction", back))))
}

/// Another direction or parent of a meter, from an instant on.
async fn change(
    service: &Service,
    who: &Principal,
    name: &str,
    fields: &Fields,
) -> Result<String, Error> {
    let (meter, from) = (fields.text("meter")?, fields.text("from")?);
    let before = meters::get(service, who, None, meter).await?;
    let mut patch = Map::new();
    patch.insert("effectiveFrom".to_owned(), from.into());
    let common = [("meter", meter.to_owned()), ("from", from.to_owned())];
    let back = if name == "feeds" {
        patch.insert("feedsParent".to_owned(), (fields.text("feeds")? == "true").into());
        ("feeds", before.feeds_parent.to_string())
    } else {
        let parent = fields.text("parent")?.parse::<i64>();
        let parent =
            parent.map_err(|_| Error::invalid("parent", "choose a meter as the parent"))?;
        patch.insert("parentMeterId".to_owned(), json!(parent));
        ("parent", before.parent_meter_id.map(|id| id.to_string()).unwrap_or_default())
    };
    meters::update(service, who, None, meter, patch).await?;
    let undo = common.into_iter().chain([back]).collect();
    Ok(said(
        words::CHANGED.get(),
        UNDO.get(),
        Some((if name == "feeds" { "feeds" } else { "move" }, undo)),
    ))
}

/// A form that takes something back: its act and its fields.
pub(super) type Undo = (&'static str, Vec<(&'static str, String)>);

/// What was done, and the form that undoes it with a button of this `name`.
pub(super) fn said(text: &str, name: &'static str, undo: Option<Undo>) -> String {
    let undo = undo.map(|(act, fields)| {
        view! {
            <form method="dialog" data-act=act>
                {fields.into_iter().map(|(name, value)| hidden(name, value)).collect_view()}
                <button type="submit" class="button-undo">
                    {name}
                </button>
            </form>
        }
    });
    view! {
        <p>{text.to_owned()}</p>
        {undo}
    }
    .into_view()
    .into_inner()
    .to_html()
}

/// What was done, and where it stands now.
pub(super) fn plainly(text: &str, href: &str) -> String {
    view! {
        <p>
            <a href=href.to_owned()>{text.to_owned()}</a>
        </p>
    }
    .into_view()
    .into_inner()
    .to_html()
}
