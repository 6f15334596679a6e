//! Telling people and programs: of alarms by a POST to a webhook or an e-mail, and letters with files.
//!
//! Each function here makes one attempt. What is told, to whom, how often it is tried and when it is
//! given up is decided in `service`.
//!
//! Every connection passes the outbound guard of `acquisition`, and webhooks use its HTTP client; apart
//! from these and `domain` this depends on no crate of the workspace.

mod letter;
mod mail;
mod message;
mod notice;
mod smtp;
mod webhook;

use acquisition::Outbound;
use acquisition::outbound::Client;
use domain::alarms::Undelivered;
use thiserror::Error;

pub use letter::{File, Letter};
pub use mail::is_mailbox;
pub use message::{About, Message, MeterNamed, SiteNamed};
pub use notice::Notice;
pub use smtp::{SmtpServer, SmtpUrlError};
pub use webhook::is_webhook;

/// Why a message was not delivered, for whoever looks after the receiver.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Failure(pub domain::message::Message);

impl From<Undelivered> for Failure {
    fn from(why: Undelivered) -> Self {
        Self(why.into())
    }
}

/// What sends messages; cheap to clone.
#[derive(Debug, Clone)]
pub struct Notifier {
    http: Client,
    outbound: Outbound,
    smtp: Option<SmtpServer>,
}

impl Notifier {
    /// Sends e-mail through this server; without one, webhooks alone are told.
    ///
    /// # Errors
    /// When the system's certificates cannot be used, in words.
    pub fn new(outbound: Outbound, smtp: Option<SmtpServer>) -> Result<Self, String> {
        let http = Client::new(outbound).map_err(|why| why.message)?;
        Ok(Self { http, outbound, smtp })
    }

    /// POSTs a message as JSON. `delivery` is the same at each attempt, for the receiver to tell a
    /// repetition from another message.
    ///
    /// # Errors
    /// Anything but an answer with a status of success.
    pub async fn webhook(
        &self,
        url: &str,
        delivery: i64,
        message: &Message,
    ) -> Result<(), Failure> {
        webhook::post(&self.http, url, delivery, message).await
    }

    /// POSTs a notice as JSON.
    ///
    /// # Errors
    /// Anything but an answer with a status of success.
    pub async fn notice_by_webhook(&self, url: &str, notice: &Notice) -> Result<(), Failure> {
        webhook::post(&self.http, url, notice.delivery(), &notice.body()).await
    }

    /// Sends a notice to a mailbox.
    ///
    /// # Errors
    /// There is no server to send it through, or that one does not take it.
    pub async fn notice_by_email(&self, mailbox: &str, notice: &Notice) -> Result<(), Failure> {
        let (subject, text) = (notice.subject(), notice.letter());
        mail::send(self.server()?, self.outbound, mailbox, (subject, text)).await
    }

    /// Sends a message to a mailbox.
    ///
    /// # Errors
    /// There is no server to send it through, or that one does not take it.
    pub async fn email(&self, mailbox: &str, message: &Message) -> Result<(), Failure> {
        let plain = (message.subject(), message.text());
        mail::send(self.server()?, self.outbound, mailbox, plain).await
    }

    /// Whether there is a server to send mail through.
    pub const fn has_mail(&self) -> bool {
        self.smtp.is_some()
    }

    /// Sends a subject and a text to a mailbox.
    ///
    /// # Errors
    /// There is no server to send it through, or that one does not take it.
    pub async fn text(&self, mailbox: &str, mail: (String, String)) -> Result<(), Failure> {
        mail::send(self.server()?, self.outbound, mailbox, mail).await
    }

    /// Sends a letter to a mailbox.
    ///
    /// # Errors
    /// There is no server to send it through, or that one does not take it.
    pub async fn letter(&self, mailbox: &str, letter: &Letter) -> Result<(), Failure> {
        mail::send_letter(self.server()?, self.outbound, mailbox, letter).await
    }

    fn server(&self) -> Result<&SmtpServer, Failure> {
        self.smtp.as_ref().ok_or_else(|| Undelivered::NoServer.into())
    }
}
