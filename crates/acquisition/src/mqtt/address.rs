//! Which broker a meter's topics are on.

use std::fmt;

use domain::device::MqttSettings;

/// The broker that meters use which name none.
const DEFAULT_NAME: &str = "default";
const DEFAULT_PORT: u16 = 1883;

/// A broker.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Address {
    /// Name or address.
    pub(super) host: String,
    /// TCP port.
    pub(super) port: u16,
    /// User and password.
    pub(super) login: Option<(String, String)>,
}

/// Leaves the login out: addresses end up in messages.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "mqtt://{}:{}", self.host, self.port)
    }
}

impl Address {
    /// The broker of a meter; `default` is the installation's.
    ///
    /// # Errors
    /// When there is no such broker, in words.
    pub(crate) fn of(settings: &MqttSettings, default: &str) -> Result<Self, String> {
        match &settings.host {
            Some(host) => Ok(Self { host: host.clone(), port: settings.port, login: None }),
            None if settings.broker == DEFAULT_NAME => Self::parse(default),
            None => Err(format!(
                "there is no broker named `{}`: use `{DEFAULT_NAME}`, or give its host",
                settings.broker
            )),
        }
    }

    /// Reads `mqtt://[user:password@]host[:port]`.
    fn parse(url: &str) -> Result<Self, String> {
        let wrong = || "the default broker's address must look like mqtt://host:1883".to_owned();
        let rest = url.strip_prefix("mqtt://").ok_or_else(wrong)?.trim_end_matches('/');
        let (login, place) = match rest.rsplit_once('@') {
            None => (None, rest),
            Some((login, place)) => {
                let (user, password) = login.split_once(':').unwrap_or((login, ""));
                (Some((user.to_owned(), password.to_owned())), place)
            }
        };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| wrong())?)
            }
            _ => (place, DEFAULT_PORT),
        };
        if host.is_empty() || port == 0 {
            return Err(wrong());
        }
        Ok(Self { host: host.to_owned(), port, login })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_with_and_without_port_and_login() {
        let shown = |url| Address::parse(url).map(|address| address.to_string());
        assert_eq!(shown("mqtt://broker"), Ok("mqtt://broker:1883".to_owned()));
        assert_eq!(shown("mqtt://127.0.0.1:2883/"), Ok("mqtt://127.0.0.1:2883".to_owned()));
        assert_eq!(shown("mqtt://[::1]:2883"), Ok("mqtt://[::1]:2883".to_owned()));
        assert_eq!(shown("mqtt://[::1]"), Ok("mqtt://[::1]:1883".to_owned()));
        let login = Address::parse("mqtt://anna:s:ecret@broker:1883").unwrap();
        assert_eq!(login.login, Some(("anna".to_owned(), "s:ecret".to_owned())));
        assert_eq!(login.to_string(), "mqtt://broker:1883");
        for wrong in ["broker:1883", "mqtt://", "mqtt://broker:0", "mqtt://broker:x"] {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_broker_that_is_not_known_by_name_is_refused() {
        let settings =
            MqttSettings { broker: "roof".to_owned(), host: None, port: 1883, topics: Vec::new() };
        let reason = Address::of(&settings, "mqtt://broker").err().unwrap();
        assert!(reason.contains("roof"), "{reason}");
    }
}
