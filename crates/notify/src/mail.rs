//! E-mail over SMTP.

use std::time::Duration;

use acquisition::Outbound;
use domain::alarms::Undelivered;
use domain::message::Message;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Body, Mailbox, MessageBuilder, MultiPart};
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

use crate::{Failure, Letter, SmtpServer};

/// For each step of the exchange.
const STEP_LIMIT: Duration = Duration::from_secs(10);
/// For the whole exchange.
const LIMIT: Duration = Duration::from_secs(30);

/// Whether a text is a mailbox that messages can be sent to.
pub fn is_mailbox(text: &str) -> bool {
    text.parse::<lettre::Address>().is_ok()
}

/// Sends a subject and a text.
pub(crate) async fn send(
    server: &SmtpServer,
    outbound: Outbound,
    mailbox: &str,
    (subject, text): (String, String),
) -> Result<(), Failure> {
    let email = envelope(server, mailbox, subject)?
        .header(ContentType::TEXT_PLAIN)
        .body(text)
        .map_err(|error| unwritten(&error))?;
    post(server, outbound, &email).await
}

/// Sends a letter: its HTML beside its text, and what is attached.
pub(crate) async fn send_letter(
    server: &SmtpServer,
    outbound: Outbound,
    mailbox: &str,
    letter: &Letter,
) -> Result<(), Failure> {
    let read = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
    let mut parts = MultiPart::mixed().multipart(read);
    for file in &letter.files {
        let media_type = ContentType::parse(file.media_type).map_err(|error| {
            Undelivered::Unattached { file: file.name.clone(), why: Box::new(foreign(&error)) }
        })?;
        let body = Body::new(file.content.clone());
        parts = parts.singlepart(Attachment::new(file.name.clone()).body(body, media_type));
    }
    let email = envelope(server, mailbox, letter.subject.clone())?
        .multipart(parts)
        .map_err(|error| unwritten(&error))?;
    post(server, outbound, &email).await
}

fn envelope(
    server: &SmtpServer,
    mailbox: &str,
    subject: String,
) -> Result<MessageBuilder, Failure> {
    let to: lettre::Address = mailbox.parse().map_err(|_| Undelivered::NoMailbox)?;
    Ok(lettre::Message::builder()
        .from(server.from.clone())
        .to(Mailbox::new(None, to))
        .subject(subject))
}

/// What somebody else's code says.
fn foreign(error: &impl ToString) -> Message {
    Message::foreign(error.to_string())
}

fn unwritten(error: &lettre::error::Error) -> Undelivered {
    Undelivered::Unwritten { why: Box::new(foreign(error)) }
}

async fn post(
    server: &SmtpServer,
    outbound: Outbound,
    email: &lettre::Message,
) -> Result<(), Failure> {
    match tokio::time::timeout(LIMIT, exchange(server, outbound, email)).await {
        Ok(sent) => sent,
        Err(_) => Err(Undelivered::Slow { seconds: LIMIT.as_secs() }.into()),
    }
}

async fn exchange(
    server: &SmtpServer,
    outbound: Outbound,
    email: &lettre::Message,
) -> Result<(), Failure> {
    let said = |error: lettre::transport::smtp::Error| Undelivered::Server {
        why: Box::new(foreign(&error)),
    };
    let addresses = outbound.resolve(&server.host, server.port).await;
    let addresses =
        addresses.map_err(|error| Undelivered::Server { why: Box::new(foreign(&error)) })?;
    let tls = TlsParameters::new_rustls(server.host.clone()).map_err(said)?;
    let hello = ClientId::default();
    let at_once = server.is_tls.then(|| tls.clone());
    let mut connection = AsyncSmtpConnection::connect_tokio1(
        &addresses[..],
        Some(STEP_LIMIT),
        &hello,
        at_once,
        None,
    )
    .await
    .map_err(said)?;
    if !server.is_tls && connection.can_starttls() {
        connection.starttls(tls, &hello).await.map_err(said)?;
    }
    if let Some(credentials) = &server.credentials {
        if !connection.is_encrypted() {
            connection.abort().await;
            return Err(Undelivered::NoTls.into());
        }
        connection.auth(DEFAULT_MECHANISMS, credentials).await.map_err(said)?;
    }
    connection.send(email.envelope(), &email.formatted()).await.map_err(said)?;
    // The message is with the server: how the goodbye went is of no matter.
    connection.quit().await.ok();
    Ok(())
}
