//! Who is told of the alarms of a site.

use domain::SiteSlug;
use domain::alarms::{
    AlarmRefusal, Recipient, RecipientId, RecipientKind, RecipientRefusal, Severity,
};
use domain::people::Difference;
use domain::sites::Site;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::patch::{Fixed, Patch, Patched};
use crate::people::audit::Change;
use crate::{Action, Core, Error, Named, Principal, sites};

/// A recipient to add, or the whole of what may be changed of one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRecipient {
    /// Slug of its site; the default site unless stated.
    pub site: Option<SiteSlug>,
    /// How it is told.
    pub kind: RecipientKind,
    /// `https://…` of a webhook, or a mailbox.
    pub address: String,
    /// The least grave alarm it is told of; warnings unless stated.
    pub min_severity: Option<Severity>,
    /// Whether it is told; it is unless stated.
    pub enabled: Option<bool>,
}

/// Refuses what is no address of its kind.
pub(crate) fn check_address(kind: RecipientKind, address: &str) -> Result<(), Error> {
    match kind {
        RecipientKind::Webhook if !notify::is_webhook(address) => {
            Err(Error::invalid("address", RecipientRefusal::NoWebhook))
        }
        RecipientKind::Email if !notify::is_mailbox(address) => {
            let address = address.to_owned();
            Err(Error::invalid("address", RecipientRefusal::NoMailbox { address }))
        }
        _ => Ok(()),
    }
}

impl Patched for NewRecipient {
    type Shown = Recipient;
    const FIXED: Fixed =
        Fixed { read_only: &["id", "site"], measured: &["waiting", "problem", "problemSaid"] };
}

impl NewRecipient {
    fn check(&self) -> Result<(), Error> {
        check_address(self.kind, &self.address)
    }

    fn over(self, before: Recipient) -> Recipient {
        Recipient {
            kind: self.kind,
            address: self.address,
            min_severity: self.min_severity.unwrap_or(Severity::Warning),
            enabled: self.enabled.unwrap_or(true),
            ..before
        }
    }
}

fn blank(site: &Site) -> Recipient {
    Recipient {
        id: 0,
        site_id: site.id,
        site: site.slug.clone(),
        kind: RecipientKind::Webhook,
        address: String::new(),
        min_severity: Severity::Warning,
        enabled: true,
        waiting: 0,
        problem: None,
        problem_said: None,
    }
}

/// A recipient that is named together with a new rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleRecipient {
    /// One that the site has.
    Known(RecipientId),
    /// The address of an e-mail recipient, which is added unless the site has it.
    Mailbox(String),
}

impl RuleRecipient {
    pub(super) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Known(_) => Ok(()),
            Self::Mailbox(address) => check_address(RecipientKind::Email, address),
        }
    }

    /// Sends it alarms of this severity from now on, as a part of another change.
    pub(super) async fn subscribe(
        &self,
        change: &mut Change,
        site: &Site,
        severity: Severity,
    ) -> Result<(), Error> {
        let before = match self {
            Self::Known(id) => {
                let found = storage::alarms::recipients::lock(&mut *change.db, id.0).await?;
                let found = found.filter(|found| found.site_id == site.id);
                found.ok_or_else(|| RecipientId::unknown(id))?
            }
            Self::Mailbox(address) => {
                let mailbox = (RecipientKind::Email, address.as_str());
                let db = &mut *change.db;
                let found = storage::alarms::recipients::lock_address(db, site.id, mailbox).await?;
                let Some(found) = found else {
                    return add_mailbox(change, site, address, severity).await;
                };
                found
            }
        };
        if before.receives(severity) {
            return Ok(());
        }
        let min_severity = before.min_severity.min(severity);
        let after = Recipient { min_severity, enabled: true, ..before.clone() };
        let stored = storage::alarms::recipients::update(&mut *change.db, &after).await?;
        let view = stored.ok_or_else(|| RecipientId::unknown(before.id))?;
        let difference = Difference::between(&before, &view);
        change.note("alarm_recipient.update", &subject(view.id), difference).await
    }
}

async fn add_mailbox(
    change: &mut Change,
    site: &Site,
    address: &str,
    severity: Severity,
) -> Result<(), Error> {
    let new = Recipient {
        kind: RecipientKind::Email,
        address: address.to_owned(),
        min_severity: severity,
        ..blank(site)
    };
    let view = storage::alarms::recipients::insert(&mut *change.db, &new).await?;
    change.note("alarm_recipient.create", &subject(view.id), Difference::created(&view)).await
}

/// The recipients of a site, in the order in which they were added. The address of a webhook can be as
/// good as a password, so that not everyone sees it.
pub async fn recipients(
    core: &Core,
    who: &Principal,
    site: Option<&SiteSlug>,
) -> Result<Vec<Recipient>, Error> {
    let site = sites::resolve(core, who, Action::Administer, site).await?;
    Ok(storage::alarms::recipients::list(core.pool(), site.id).await?)
}

/// Adds a recipient. It is told of what happens from now on.
pub async fn add(core: &Core, who: &Principal, new: NewRecipient) -> Result<Recipient, Error> {
    let site = sites::resolve(core, who, Action::Administer, new.site.as_ref()).await?;
    new.check()?;
    let mut change = Change::begin(core, who).await?.at(site.id);
    let new = new.over(blank(&site));
    let view = storage::alarms::recipients::insert(&mut *change.db, &new).await?;
    note(change, "alarm_recipient.create", view.id, Difference::created(&view)).await?;
    Ok(view)
}

/// Changes the fields that are given. What waits for it is delivered to its new address.
pub async fn update_recipient(
    core: &Core,
    who: &Principal,
    id: RecipientId,
    patch: Patch<NewRecipient>,
) -> Result<Recipient, Error> {
    let shown = named(core, who, id).await?;
    let mut change = Change::begin(core, who).await?.at(shown.site_id);
    let before = storage::alarms::recipients::lock(&mut *change.db, shown.id).await?;
    let before = before.ok_or_else(|| RecipientId::unknown(id))?;
    let new = patch.onto(&before)?;
    new.check()?;
    let after = new.over(before.clone());
    if !after.enabled {
        let dropped = storage::alarms::outbox::empty(&mut *change.db, after.id).await?;
        tracing::info!("recipient {id} is switched off: {dropped} waiting messages are dropped");
    }
    let stored = storage::alarms::recipients::update(&mut *change.db, &after).await?;
    let view = stored.ok_or_else(|| RecipientId::unknown(id))?;
    let difference = Difference::between(&before, &view);
    note(change, "alarm_recipient.update", view.id, difference).await?;
    Ok(view)
}

/// Removes a recipient. What waits for it is not delivered any more.
pub async fn remove_recipient(
    core: &Core,
    who: &Principal,
    id: RecipientId,
) -> Result<Recipient, Error> {
    let recipient = named(core, who, id).await?;
    let mut change = Change::begin(core, who).await?.at(recipient.site_id);
    if !storage::alarms::recipients::delete(&mut *change.db, recipient.id).await? {
        return Err(RecipientId::unknown(id));
    }
    let difference = Difference::removed(&recipient);
    note(change, "alarm_recipient.delete", recipient.id, difference).await?;
    Ok(recipient)
}

async fn note(change: Change, action: &str, id: i64, difference: Difference) -> Result<(), Error> {
    change.commit_difference(action, &subject(id), difference).await
}

/// The name of a recipient in the audit log.
fn subject(id: i64) -> String {
    format!("alarm_recipient:{id}")
}

impl Named for RecipientId {
    fn unknown(id: impl std::fmt::Display) -> Error {
        Error::not_found(
            "alarm_recipient_not_found",
            AlarmRefusal::NoRecipient { id: id.to_string() },
        )
    }
}

/// A recipient that may be changed.
async fn named(core: &Core, who: &Principal, id: RecipientId) -> Result<Recipient, Error> {
    who.require_somewhere(Action::Administer)?;
    let missing = || RecipientId::unknown(id);
    let found = storage::alarms::recipients::by_id(core.pool(), id.0).await?.ok_or_else(missing)?;
    who.require_on(Action::Administer, found.site_id, missing)?;
    Ok(found)
}
