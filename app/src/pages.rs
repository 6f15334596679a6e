//! One module per page.

#[cfg(feature = "ssr")]
pub(crate) mod connections;
pub(crate) mod empty;
pub(crate) mod grid;
pub(crate) mod history;
#[cfg(feature = "ssr")]
pub(crate) mod kit;
pub(crate) mod meter;
pub(crate) mod meters;
#[cfg(feature = "ssr")]
pub(crate) mod my_energy;
pub(crate) mod overview;
pub(crate) mod server_page;
#[cfg(feature = "ssr")]
pub(crate) mod trades;

#[cfg(feature = "ssr")]
use service::{Error, Principal, Service, pages::Query};
#[cfg(feature = "ssr")]
use ui::drawing::act::Fields;
#[cfg(feature = "ssr")]
use ui::drawing::{Doing, Drawing};

/// The page of views at a path.
#[cfg(feature = "ssr")]
pub(crate) fn draw<'a>(
    service: &'a Service,
    who: &'a Principal,
    path: &'a [&'a str],
    query: &'a Query,
) -> Drawing<'a> {
    Box::pin(async move {
        Ok(Some(match path {
            ["energy"] => my_energy::draw(service, who, query).await?,
            ["trades"] => trades::draw(service, who, query).await?,
            ["connections"] => connections::draw(service, who, query).await?,
            ["kit"] if *who == Principal::Loopback => kit::draw(),
            _ => return Ok(None),
        }))
    })
}

/// Does what a form of these pages says; nothing where it is no form of theirs.
#[cfg(feature = "ssr")]
pub(crate) fn act<'a>(
    service: &'a Service,
    who: &'a Principal,
    name: &'a str,
    fields: &'a Fields,
) -> Doing<'a, Option<String>> {
    Box::pin(async move {
        let done: Result<String, Error> = match name {
            "trade" => trades::post(service, who, fields).await,
            "withdraw" => connections::withdraw(service, who, fields).await,
            _ => return Ok(None),
        };
        done.map(Some)
    })
}
