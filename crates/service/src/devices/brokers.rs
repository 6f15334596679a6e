//! MQTT brokers that meters name.

use std::collections::HashMap;
use std::sync::OnceLock;

use domain::devices::mqtt::{Broker, DEFAULT_BROKER, Login};
use domain::devices::refusal::SecretRefusal;
use domain::devices::refusal::mqtt::BrokerRefusal;
use domain::message::{English, Message};
use domain::operation::request::ChangeRefusal;
use domain::people::Difference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use storage::devices::brokers::BrokerRow;

use crate::body;
use crate::patch::{Fixed, Patch, Patched};
use crate::people::audit::Change;
use crate::{Action, Core, Error, Principal, Service};

/// A broker.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BrokerView {
    /// The name by which meters choose it; `default` is the one of meters that name none.
    pub name: String,
    /// Its address, such as `mqtt://10.0.0.5:1883`, or `mqtts://` for an encrypted connection.
    pub url: String,
    /// Who connects; anonymous without.
    pub username: Option<String>,
    /// Whether a password is stored. It is never shown.
    pub password_set: bool,
    /// PEM of whom to trust to vouch for the broker; whom the system trusts without.
    pub ca_certificate: Option<String>,
    /// What a change did beyond what was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<English>,
}

/// A broker as it should be.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewBroker {
    /// The name in the path again, or nothing.
    pub name: Option<String>,
    /// Its address: `mqtt://host:1883`, or `mqtts://host:8883` for an encrypted connection.
    pub url: String,
    /// Who connects; anonymous without.
    pub username: Option<String>,
    /// The password; kept when it is left out and the address stays the same.
    pub password: Option<String>,
    /// PEM of whom to trust to vouch for the broker; whom the system trusts without.
    pub ca_certificate: Option<String>,
}

impl Patched for NewBroker {
    type Shown = BrokerView;
    const FIXED: Fixed = Fixed { read_only: &["passwordSet"], measured: &["warnings"] };
}

/// The broker of meters that name none, until someone changes it: another one than on this machine
/// where the server was started so. Is without effect the second time.
pub fn begin_with(service: &Service, default: Broker) {
    service.first_broker().set(default).ok();
}

/// The name by which brokers know the sessions of this installation.
pub async fn client_name(core: &Core) -> Result<String, Error> {
    Ok(storage::devices::brokers::client_name(core.pool()).await?)
}

/// Every broker by its name, for the drivers. One whose password cannot be opened says so in its
/// place.
pub async fn to_follow(
    service: &Service,
) -> Result<HashMap<String, Result<Broker, Message>>, Error> {
    let rows = all(service, service.first_broker()).await?;
    Ok(rows.into_iter().map(|row| (row.name.clone(), opened(service, row))).collect())
}

/// One broker, ready to be connected to.
///
/// # Errors
/// There is no broker of this name, or its password cannot be opened.
pub(crate) async fn ready(
    core: &Core,
    default: &OnceLock<Broker>,
    name: &str,
) -> Result<Broker, Error> {
    let row = all(core, default).await?.into_iter().find(|row| row.name == name);
    let row = row.ok_or_else(|| missing(name))?;
    opened(core, row).map_err(|why| Error::invalid("communication.broker", why))
}

/// Every broker: the default one, then by name.
pub async fn list(service: &Service, who: &Principal) -> Result<Vec<BrokerView>, Error> {
    who.require_somewhere(Action::See)?;
    Ok(all(service, service.first_broker()).await?.into_iter().map(BrokerView::from).collect())
}

/// One broker.
pub async fn get(service: &Service, who: &Principal, name: &str) -> Result<BrokerView, Error> {
    who.require_somewhere(Action::See)?;
    let row = all(service, service.first_broker()).await?.into_iter().find(|row| row.name == name);
    row.map(BrokerView::from).ok_or_else(|| missing(name))
}

/// Adds a broker, or changes what is given of the one that is there. Another address does not get the
/// old one's password: unless it is sent again, it is removed, and a warning says so.
pub async fn put(
    service: &Service,
    who: &Principal,
    name: &str,
    mut patch: Patch<NewBroker>,
) -> Result<BrokerView, Error> {
    // All sites read by them.
    who.require(Action::Configure)?;
    let mut change = Change::begin(service, who).await?;
    let stored = storage::devices::brokers::lock(&mut *change.db, name).await?;
    let current = match stored {
        None if name == DEFAULT_BROKER => Some(first(service, service.first_broker())),
        stored => stored,
    };
    let before = current.as_ref().map(noted);
    refuse_other_name(&mut patch, name)?;
    let resent = patch.sets("password");
    let new: NewBroker = match &current {
        None => body::read(&Value::Object(patch.fields))?,
        Some(row) => patch.onto(&BrokerView::from(row.clone()))?,
    };
    let address = checked(&new)?;
    let kept = current.and_then(|row| Some((Broker::parse(&row.url).ok()?, row.password?)));
    let (password, warnings) = match (new.password, kept) {
        (Some(password), _) => (Some(service.vault().seal(&password)), Vec::new()),
        (None, Some((old, _))) if !resent && !old.same_address(&address) => {
            (None, vec![SecretRefusal::PasswordRemoved.into()])
        }
        (None, Some((_, sealed))) if !resent => {
            (Some(sealed).filter(|_| new.username.is_some()), Vec::new())
        }
        _ => (None, Vec::new()),
    };
    let row = BrokerRow {
        name: name.to_owned(),
        url: address.to_string(),
        username: new.username,
        password,
        ca_certificate: new.ca_certificate,
    };
    storage::devices::brokers::put(&mut *change.db, &row).await?;
    let difference = match &before {
        Some(before) => Difference::between(before, &noted(&row)),
        None => Difference::created(&noted(&row)),
    };
    change.commit_difference("mqtt_broker.put", &format!("mqtt_broker:{name}"), difference).await?;
    let view = BrokerView { warnings, ..BrokerView::from(row) };
    service.registry_changed();
    Ok(view)
}

/// A broker in the log of changes, which hides the sealed password.
fn noted(row: &BrokerRow) -> Value {
    json!({
        "url": row.url,
        "username": row.username,
        "password": row.password,
        "caCertificate": row.ca_certificate,
    })
}

/// The name stands in the path; in the body it may be repeated.
fn refuse_other_name(patch: &mut Patch<NewBroker>, name: &str) -> Result<(), Error> {
    match patch.take("name") {
        Some(sent) if sent != name => Err(Error::refused(
            "read_only",
            ChangeRefusal::ReadOnly { name: "name".to_owned(), now: format!("\"{name}\"") },
        )
        .at("name")),
        _ => Ok(()),
    }
}

/// Its address, once all of it keeps the rules.
pub(crate) fn checked(new: &NewBroker) -> Result<Broker, Error> {
    let address = Broker::parse(&new.url).map_err(|why| Error::invalid("url", why))?;
    if address.login.is_some() {
        return Err(Error::invalid("url", BrokerRefusal::Login));
    }
    if new.username.as_ref().is_some_and(String::is_empty) {
        return Err(Error::invalid("username", BrokerRefusal::EmptyUser));
    }
    if new.password.is_some() && new.username.is_none() {
        return Err(Error::invalid("username", BrokerRefusal::NoUser));
    }
    if let Some(pem) = &new.ca_certificate {
        if !address.tls {
            return Err(Error::invalid("caCertificate", BrokerRefusal::Plain));
        }
        acquisition::check_certificate(pem).map_err(|why| Error::invalid("caCertificate", why))?;
    }
    Ok(address)
}

fn missing(name: &str) -> Error {
    Error::not_found("broker_not_found", BrokerRefusal::NotThere { name: name.to_owned() })
}

/// The default broker, then the others by name.
async fn all(core: &Core, default: &OnceLock<Broker>) -> Result<Vec<BrokerRow>, Error> {
    let mut rows = storage::devices::brokers::list(core.pool()).await?;
    let stored = rows.iter().position(|row| row.name == DEFAULT_BROKER);
    let default = stored.map_or_else(|| first(core, default), |place| rows.remove(place));
    rows.insert(0, default);
    Ok(rows)
}

/// The default broker as the server was started, for as long as nobody changed it.
fn first(core: &Core, default: &OnceLock<Broker>) -> BrokerRow {
    let broker = default.get_or_init(Broker::local);
    BrokerRow {
        name: DEFAULT_BROKER.to_owned(),
        url: broker.to_string(),
        username: broker.login.as_ref().map(|login| login.username.clone()),
        password: broker.login.as_ref().map(|login| core.vault().seal(&login.password)),
        ca_certificate: broker.ca_certificate.clone(),
    }
}

fn opened(core: &Core, row: BrokerRow) -> Result<Broker, Message> {
    let password = row.password.map(|sealed| core.vault().open(&sealed)).transpose();
    let password = password.map_err(|why| {
        let (name, why) = (row.name.clone(), Box::new(why.into()));
        BrokerRefusal::Closed { name, why }
    })?;
    let login =
        row.username.map(|username| Login { username, password: password.unwrap_or_default() });
    Ok(Broker { login, ca_certificate: row.ca_certificate, ..Broker::parse(&row.url)? })
}

impl From<BrokerRow> for BrokerView {
    fn from(row: BrokerRow) -> Self {
        Self {
            name: row.name,
            url: row.url,
            username: row.username,
            password_set: row.password.is_some(),
            ca_certificate: row.ca_certificate,
            warnings: Vec::new(),
        }
    }
}
