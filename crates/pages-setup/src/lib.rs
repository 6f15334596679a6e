//! The pages of set-up as the server draws them: devices, loggers, settings.
//!
//! `draw` knows the pages of this crate by their path, `act` what their forms do. Models come from
//! the `page` of an area in `service`, texts from `texts`, common pieces from `ui::drawing`.
//!
//! Not here: what a device may be asked is decided in `service`.

mod devices;
mod fields;
mod loggers;
mod settings;

use service::devices::{acquisuite, page};
use service::pages::Query;
use service::{Principal, Service};
use ui::drawing::act::Fields;
use ui::drawing::{Doing, Drawing};

/// The page at a path, of those of this crate.
pub fn draw<'a>(
    service: &'a Service,
    who: &'a Principal,
    path: &'a [&'a str],
    query: &'a Query,
) -> Drawing<'a> {
    Box::pin(async move {
        Ok(Some(match path {
            ["loggers"] => loggers::draw(&acquisuite::page::loggers(service, who, query).await?),
            ["devices"] => devices::draw(&page::devices(service, who, query).await?),
            ["devices", "new"] => {
                let page = page::new(service, who, query).await?;
                let probed = page::probe::asked(service, who, &page, query).await?;
                devices::new::draw(&page, probed.as_ref())
            }
            ["devices", "import"] => devices::import::draw(&page::import(service, who, query)?),
            ["devices", id] => match page::device(service, who, id, query).await? {
                Some(page) => devices::one::draw(&page),
                None => return Ok(None),
            },
            ["settings"] => return settings::draw(service, who, "", query).await,
            ["settings", place] => return settings::draw(service, who, place, query).await,
            _ => return Ok(None),
        }))
    })
}

/// Does what a form of this crate says; nothing where it is no form of these.
pub fn act<'a>(
    service: &'a Service,
    who: &'a Principal,
    name: &'a str,
    fields: &'a Fields,
) -> Doing<'a, Option<String>> {
    Box::pin(async move {
        Ok(Some(match name {
            "add-logger" => loggers::act::add(service, who, fields).await?,
            "change-logger" => loggers::act::change(service, who, fields).await?,
            "remove-logger" => loggers::act::remove(service, who, fields).await?,
            name if name.starts_with("device") => {
                devices::act::act(service, who, name, fields).await?
            }
            name if name.starts_with("settings-") => {
                settings::act::act(service, who, name, fields).await?
            }
            _ => return Ok(None),
        }))
    })
}
