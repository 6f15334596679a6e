//! The server that e-mail is sent through.

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use reqwest::Url;
use thiserror::Error;

/// Why the address of a mail server is refused. It never repeats the address, which holds a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SmtpUrlError {
    /// It is no such address.
    #[error(
        "the address of the mail server is none: give smtp://user:password@mail.example:587, or \
         smtps:// for a server that speaks TLS from the start"
    )]
    Url,
    /// The sender is no mailbox.
    #[error("the sender of e-mail is no mailbox: give --smtp-from alarms@plant.example")]
    From,
}

/// A mail server, and how it is spoken to.
#[derive(Clone)]
pub struct SmtpServer {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) is_tls: bool,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) from: Mailbox,
}

/// Without the credentials.
impl std::fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpServer")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("is_tls", &self.is_tls)
            .finish_non_exhaustive()
    }
}

impl SmtpServer {
    /// Reads `smtp://` (TLS is begun where the server offers it, and before a password is sent in any
    /// case) or `smtps://` (TLS from the start), and the mailbox that messages come from.
    ///
    /// # Errors
    /// [`SmtpUrlError`] says which of the two is wrong.
    pub fn parse(url: &str, from: &str) -> Result<Self, SmtpUrlError> {
        let url: Url = url.parse().map_err(|_| SmtpUrlError::Url)?;
        let (is_tls, usual_port) = match url.scheme() {
            "smtp" => (false, 587),
            "smtps" => (true, 465),
            _ => return Err(SmtpUrlError::Url),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SmtpUrlError::Url)?;
        let credentials =
            url.password().map(|password| Credentials::new(plain(url.username()), plain(password)));
        Ok(Self {
            host: host.to_owned(),
            port: url.port().unwrap_or(usual_port),
            is_tls,
            credentials,
            from: from.parse().map_err(|_| SmtpUrlError::From)?,
        })
    }
}

/// A part of a URL without its escapes. A plus and an ampersand stand for themselves there.
fn plain(text: &str) -> String {
    let text = text.replace('+', "%2B").replace('&', "%26");
    form_urlencoded::parse(text.as_bytes()).map(|(name, _)| name.into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_the_server_is_spoken_to() {
        let from = "Wattlens <alarms@plant.example>";
        let server = SmtpServer::parse("smtp://a%40b:p%20+&s=@mail.example", from).unwrap();
        assert_eq!(
            (server.host.as_str(), server.port, server.is_tls),
            ("mail.example", 587, false)
        );
        let expected = Credentials::new("a@b".into(), "p +&s=".into());
        assert_eq!(server.credentials.as_ref(), Some(&expected));
        assert!(!format!("{server:?}").contains("p +&s"));
        assert_eq!(SmtpServer::parse("smtps://mail.example", from).unwrap().port, 465);
        let refused = |url: &str, from: &str| SmtpServer::parse(url, from).unwrap_err();
        assert_eq!(refused("mail.example:25", from), SmtpUrlError::Url);
        assert_eq!(refused("http://mail.example", from), SmtpUrlError::Url);
        assert_eq!(refused("smtp://mail.example", "nobody"), SmtpUrlError::From);
    }
}
