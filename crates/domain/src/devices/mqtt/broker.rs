//! Which broker a meter's topics are on.

use std::fmt;

use serde_json::Value;

use super::super::refusal::mqtt::BrokerRefusal;
use super::super::{SettingError, in_range, strict};
use super::Raw;

/// The broker of meters that name none.
pub const DEFAULT_BROKER: &str = "default";
const PORT: u16 = 1883;
const TLS_PORT: u16 = 8883;

/// Which broker a meter's topics are on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BrokerRef {
    /// One of the brokers known by name.
    Named(String),
    /// One that needs no name.
    Direct(Broker),
}

impl BrokerRef {
    /// The broker alone, from settings that may lack topics: enough to hear what is announced on it.
    ///
    /// # Errors
    /// The first setting that is unknown, of the wrong type or out of range.
    pub fn parse(settings: &Value) -> Result<Self, SettingError> {
        parse(strict::<Raw>(settings)?)
    }
}

impl fmt::Display for BrokerRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Direct(broker) => write!(f, "{}:{}", broker.host, broker.port),
        }
    }
}

/// A broker, and how it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Broker {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Whether the connection is encrypted.
    pub tls: bool,
    /// Who connects; anonymous without.
    pub login: Option<Login>,
    /// Whom to trust to vouch for the broker, as PEM; whom the system trusts without.
    pub ca_certificate: Option<String>,
}

/// Leaves the login out: addresses end up in messages.
impl fmt::Display for Broker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "mqtts" } else { "mqtt" };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

impl Broker {
    /// A broker on this machine.
    pub fn local() -> Self {
        let host = "127.0.0.1".to_owned();
        Self { host, port: PORT, tls: false, login: None, ca_certificate: None }
    }

    /// Whether a password that one was given would go to the other's address.
    #[must_use]
    pub fn same_address(&self, other: &Self) -> bool {
        (self.tls, self.port, &self.host) == (other.tls, other.port, &other.host)
    }

    /// Reads `mqtt://[user[:password]@]host[:port]`, or the same with `mqtts` for TLS. Without a port
    /// it is 1883, or 8883 with TLS.
    ///
    /// # Errors
    /// What an address looks like.
    pub fn parse(url: &str) -> Result<Self, BrokerRefusal> {
        let wrong = || BrokerRefusal::Address;
        let (scheme, rest) = url.trim().split_once("://").ok_or_else(wrong)?;
        let tls = match scheme.to_ascii_lowercase().as_str() {
            "mqtt" => false,
            "mqtts" => true,
            _ => return Err(wrong()),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (login, place) = match rest.rsplit_once('@') {
            None => (None, rest),
            Some((login, place)) => {
                let (user, password) = login.split_once(':').unwrap_or((login, ""));
                let (username, password) = (user.to_owned(), password.to_owned());
                (Some(Login { username, password }), place)
            }
        };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().ok().filter(|&port| port > 0).ok_or_else(wrong)?)
            }
            _ => (place, if tls { TLS_PORT } else { PORT }),
        };
        let odd = |c: char| c.is_whitespace() || c.is_control() || "/?#\\".contains(c);
        if host.is_empty() || host.contains(odd) {
            return Err(wrong());
        }
        Ok(Self { host: host.to_ascii_lowercase(), port, tls, login, ca_certificate: None })
    }
}

/// User and password.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Login {
    /// User.
    pub username: String,
    /// Password; empty where the broker asks for none.
    pub password: String,
}

/// Leaves the password out: settings end up in log lines.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("username", &self.username).finish_non_exhaustive()
    }
}

pub(super) fn parse(raw: Raw) -> Result<BrokerRef, SettingError> {
    let Some(host) = raw.host else {
        let belongs = [
            ("port", raw.port.is_some()),
            ("tls", raw.tls.is_some()),
            ("username", raw.username.is_some()),
            ("password", raw.password.is_some()),
        ];
        if let Some((name, _)) = belongs.iter().find(|(_, given)| *given) {
            return Err(SettingError::new(name, BrokerRefusal::OfHost { name }));
        }
        return Ok(BrokerRef::Named(raw.broker.unwrap_or_else(|| DEFAULT_BROKER.to_owned())));
    };
    if raw.broker.is_some() {
        return Err(SettingError::new("broker", BrokerRefusal::NamedAndGiven));
    }
    if host.trim().is_empty() {
        return Err(SettingError::new("host", BrokerRefusal::EmptyHost));
    }
    let tls = raw.tls.unwrap_or(false);
    let port = match raw.port {
        None if tls => TLS_PORT,
        None => PORT,
        Some(port) => in_range("port", &port.into(), 1, u16::MAX)?,
    };
    Ok(BrokerRef::Direct(Broker {
        host: host.trim().to_ascii_lowercase(),
        port,
        tls,
        login: login(raw.username, raw.password)?,
        ca_certificate: None,
    }))
}

fn login(
    username: Option<String>,
    password: Option<String>,
) -> Result<Option<Login>, SettingError> {
    match (username, password) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(SettingError::new("username", BrokerRefusal::NoUser)),
        (Some(username), password) => {
            Ok(Some(Login { username, password: password.unwrap_or_default() }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_and_without_port_and_login() {
        let shown = |url| Broker::parse(url).map(|broker| broker.to_string());
        assert_eq!(shown("mqtt://broker"), Ok("mqtt://broker:1883".to_owned()));
        assert_eq!(shown("mqtts://Broker"), Ok("mqtts://broker:8883".to_owned()));
        assert_eq!(shown("mqtt://127.0.0.1:2883/"), Ok("mqtt://127.0.0.1:2883".to_owned()));
        assert_eq!(shown("mqtt://[::1]:2883"), Ok("mqtt://[::1]:2883".to_owned()));
        assert_eq!(shown("mqtt://[::1]"), Ok("mqtt://[::1]:1883".to_owned()));
        let login = Broker::parse("mqtt://anna:s:ecret@broker:1883").unwrap();
        let (username, password) = ("anna".to_owned(), "s:ecret".to_owned());
        assert_eq!(login.login, Some(Login { username, password }));
        assert_eq!(login.to_string(), "mqtt://broker:1883");
        for wrong in [
            "broker:1883",
            "mqtt://",
            "mqtt://b:0",
            "mqtt://b:x",
            "http://b",
            "mqtt://a b",
            "mqtt://b/x",
        ] {
            assert!(Broker::parse(wrong).is_err(), "{wrong}");
        }
    }
}
