//! The page that gives the configuration out and takes one in.

pub mod settings;

use std::sync::Arc;

use crate::configuration::page::settings::About;
use crate::configuration::{self, Taken};
use crate::pages::Query;
use crate::{Error, Principal, Service};

/// The page of the configuration.
#[derive(Debug, Clone)]
pub struct ConfigurationPage {
    pub about: About,
    /// The document that was sent, and what it is called.
    pub document: Option<(String, Arc<Taken>)>,
    /// Whether a document is asked for that is not kept any more.
    pub is_gone: bool,
    /// Whether a file was sent that is no document.
    pub is_unreadable: bool,
}

/// The configuration.
pub async fn configuration(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<ConfigurationPage, Error> {
    let about = About::load(service, who, query).await?;
    let asked = query.get("document").filter(|_| about.is_admin);
    let document = match asked {
        None => None,
        Some(id) => match id.parse() {
            Ok(document) => {
                configuration::staged(service, who, document)?.map(|taken| (id.to_owned(), taken))
            }
            Err(_) => None,
        },
    };
    Ok(ConfigurationPage {
        is_gone: asked.is_some() && document.is_none(),
        is_unreadable: query.get("unreadable").is_some(),
        about,
        document,
    })
}
