//! What people entered, as one document: to keep, to review, and to set up another database.
//!
//! The document names things by their natural keys: sites by slug, meters by number. Secrets are left
//! out: those of devices, the passwords of brokers and loggers, the addresses of webhooks. Taking a
//! document in keeps those that are stored.

pub mod bulk_registration;
mod document;
mod import;
pub mod page;
mod report;
mod run;
pub(crate) mod taken;

use domain::configuration::refusal::DocumentRefusal;
use domain::strict;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use storage::configuration as tables;

pub use document::Document;
pub use import::{dry_run, import};
pub use report::{Entry, Fault, Outcome, Report, Section};
pub use run::{apply, cancel, dry_run_here, export_here, import_here, stage, staged};
pub use taken::{Imported, State, Taken};

use crate::meters::energy_meters;
use crate::{Action, Error, Principal};

/// The version of the document that this program writes and reads.
pub const VERSION: u32 = 1;

/// Everything that people entered.
pub async fn export(pool: &PgPool, who: &Principal) -> Result<Document, Error> {
    who.require(Action::Administer)?;
    let mut snapshot = tables::snapshot(pool).await?;
    let webhooks = tables::alarms::webhooks(&mut *snapshot).await?;
    if webhooks > 0 {
        tracing::warn!("{webhooks} webhooks of alarms are left out: enter their addresses again");
    }
    whole(&mut snapshot).await
}

/// The document of what a connection sees.
async fn whole(snapshot: &mut PgConnection) -> Result<Document, Error> {
    let rules = tables::alarms::rules(&mut *snapshot).await?;
    let mut document = Document {
        version: VERSION,
        sites: rows(&tables::sites(&mut *snapshot).await?)?,
        meters: rows(&tables::meters(&mut *snapshot).await?)?,
        devices: rows(&tables::devices(&mut *snapshot).await?)?,
        tariffs: rows(&tables::tariffs(&mut *snapshot).await?)?,
        meter_tariffs: rows(&tables::meter_tariffs(&mut *snapshot).await?)?,
        emission_factors: rows(&tables::factors(&mut *snapshot).await?)?,
        virtual_meters: rows(&tables::virtual_meters(&mut *snapshot).await?)?,
        unmetered_loads: rows(&tables::unmetered_loads(&mut *snapshot).await?)?,
        brokers: rows(&tables::sources::brokers(&mut *snapshot).await?)?,
        loggers: rows(&tables::sources::loggers(&mut *snapshot).await?)?,
        alarm_rules: Some(rows(&rules.into_iter().map(|(_, rule)| rule).collect::<Vec<_>>())?),
        alarm_recipients: rows(&tables::alarms::mailboxes(&mut *snapshot).await?)?,
        report_schedules: rows(&tables::reports::schedules(&mut *snapshot).await?)?,
        meter_exchanges: rows(&tables::changes::exchanges(&mut *snapshot).await?)?,
        reading_corrections: rows(&tables::changes::corrections(&mut *snapshot).await?)?,
    };
    for device in &mut document.devices {
        device.communication = energy_meters::settings::shown(device.communication.take());
    }
    Ok(document)
}

fn rows<T: DeserializeOwned>(rows: &[Value]) -> Result<Vec<T>, Error> {
    rows.iter().map(row).collect()
}

fn row<T: DeserializeOwned>(row: &Value) -> Result<T, Error> {
    strict::read(row).map_err(|fault| {
        Error::refused(
            "unreadable",
            DocumentRefusal::RowUnreadable { why: Box::new(fault.message) },
        )
    })
}
