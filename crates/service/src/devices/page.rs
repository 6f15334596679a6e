//! The pages of devices.

mod new;
pub mod probe;

use std::sync::Arc;

use domain::devices::TableId;
use domain::devices::view::{Condition, DevicePage, DeviceRow, DevicesPage};
use domain::meters::MeterAddress;
use uuid::Uuid;

pub use new::new;

use crate::devices::{self, ImportReport};
use crate::operation::clock;
use crate::pages::{Query, site};
use crate::readings::channels;
use crate::{Action, Error, Principal, Service};

/// Devices that a page shows at most.
const SHOWN: usize = 500;

/// All devices of a site: those of one condition, or with a text in their names.
pub async fn devices(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<DevicesPage, Error> {
    let rows = devices::list(service, who, query.site().as_ref()).await?;
    let site = site(service, who, Action::See, query).await?;
    let count = |condition| rows.iter().filter(|row| row.state == condition).count();
    let counts = Condition::ALL.map(|condition| (condition, count(condition)));
    let only = query.get("state").and_then(Condition::parse);
    let text = query.get("q").unwrap_or_default().trim().to_owned();
    let wanted = text.to_lowercase();
    let mut rows = rows;
    rows.retain(|row| only.is_none_or(|only| row.state == only) && has(row, &wanted));
    let found = rows.len();
    if !query.is_for_file() {
        rows.truncate(SHOWN);
    }
    let slug = query.get("site").map(str::to_owned);
    let now = clock::now(service, &site);
    Ok(DevicesPage { slug, now, counts: counts.into(), only, text, rows, found, site })
}

/// Whether a text stands in what a person would look for.
fn has(row: &DeviceRow, text: &str) -> bool {
    let profile = row.profile.as_deref().unwrap_or_default();
    [&row.meter_number, &row.meter_name, &row.peer, profile, row.protocol.as_str()]
        .iter()
        .any(|name| name.to_lowercase().contains(text))
}

/// The device of a meter; none where there is no such meter, or nothing reads it.
pub async fn device(
    service: &Service,
    who: &Principal,
    id: &str,
    query: &Query,
) -> Result<Option<DevicePage>, Error> {
    let meter = MeterAddress::new(id, query.site());
    let detail = match devices::get(service, who, &meter).await {
        Ok(detail) => detail,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let site = site(service, who, Action::See, query).await?;
    let slug = query.get("site").map(str::to_owned);
    Ok(Some(DevicePage {
        slug,
        now: clock::now(service, &site),
        channels: channels::of_meter(service, service.live(), detail.device.id),
        detail,
        site,
    }))
}

/// The page that takes a table of devices.
#[derive(Debug, Clone)]
pub struct ImportPage {
    /// The site's name in addresses; none of the site that is meant where none is named.
    pub slug: Option<String>,
    /// The table that waits, and what it would do.
    pub waiting: Option<(Uuid, Arc<ImportReport>)>,
    /// Whether a table is asked for that does not wait any more.
    pub is_gone: bool,
}

/// The table that waits, where one does.
pub fn import(service: &Service, who: &Principal, query: &Query) -> Result<ImportPage, Error> {
    who.require_somewhere(Action::Configure)?;
    let asked = query.get("table");
    let waiting = asked.and_then(|id| {
        let table: TableId = id.parse().ok()?;
        let staged = devices::staged(service.tables(), table)?;
        let known = service.registry().known();
        let site = known.sites.values().find(|site| staged.site.as_str() == site.slug)?;
        who.may(Action::Configure, site.id).then_some((table.0, staged.report))
    });
    let slug = query.get("site").map(str::to_owned);
    Ok(ImportPage { slug, is_gone: asked.is_some() && waiting.is_none(), waiting })
}
