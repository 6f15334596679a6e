//! Encrypted connections to brokers.
//!
//! The client speaks plain MQTT to a socket in a folder that only this user can enter; what passes
//! through it is encrypted here. Its own encryption would bring along an outdated library that checks
//! certificates.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use domain::devices::reason::mqtt::Unheard;
use domain::devices::refusal::mqtt::BrokerRefusal;
use domain::message::Message;
use rumqttc::{MqttOptions, Transport};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore, crypto};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixListener};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::outbound;

/// Greetings take no longer than this.
const LIMIT: Duration = Duration::from_secs(5);

/// Checks a certificate for [`Broker::ca_certificate`](domain::devices::mqtt::Broker::ca_certificate).
///
/// # Errors
/// What is wrong with it.
pub fn check_certificate(pem: &str) -> Result<(), BrokerRefusal> {
    roots(pem).map(|_| ())
}

fn roots(pem: &str) -> Result<RootCertStore, BrokerRefusal> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate =
            certificate.map_err(|error| BrokerRefusal::NoPem { why: error.to_string() })?;
        roots
            .add(certificate)
            .map_err(|error| BrokerRefusal::Certificate { why: error.to_string() })?;
    }
    if roots.is_empty() {
        return Err(BrokerRefusal::NoCertificate);
    }
    Ok(roots)
}

/// How encrypted connections to one broker are made.
pub(super) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
    folder: TempDir,
}

impl Tls {
    /// Trusts whoever `ca` vouches for, or whom the system trusts.
    ///
    /// # Errors
    /// When there is nobody to trust.
    pub(super) fn new(host: &str, ca: Option<&str>) -> Result<Self, Message> {
        let provider = Arc::new(crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Message::foreign(error.to_string()))?;
        let builder = match ca {
            Some(pem) => builder.with_root_certificates(roots(pem)?),
            None => builder
                .with_platform_verifier()
                .map_err(|error| Message::foreign(error.to_string()))?,
        };
        let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self {
            connector: TlsConnector::from(Arc::new(builder.with_no_client_auth())),
            name: ServerName::try_from(name)
                .map_err(|_| Unheard::NoHost { host: host.to_owned() })?,
            folder: TempDir::with_prefix("wattlens-").map_err(|error| outbound::said(&error))?,
        })
    }

    /// Greets the broker and makes the socket through which the client reaches it.
    ///
    /// # Errors
    /// When the broker cannot be greeted, for example because its certificate is not trusted.
    pub(super) async fn open(&self, tcp: TcpStream) -> io::Result<Socket> {
        let greeting = self.connector.connect(self.name.clone(), tcp);
        let broker = timeout(LIMIT, greeting).await.map_err(|_| io::ErrorKind::TimedOut)??;
        let path = self.folder.path().join("socket");
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        tokio::spawn(async move {
            // Whoever made the socket connects at once, or has given up.
            if let Ok(Ok((client, _))) = timeout(LIMIT, listener.accept()).await {
                carry(client, broker).await.ok();
            }
        });
        Ok(Socket(path.to_string_lossy().into_owned()))
    }
}

/// Where the client connects to.
pub(super) struct Socket(String);

impl Socket {
    pub(super) fn options(&self, client_id: &str) -> MqttOptions {
        let mut options = MqttOptions::new(client_id, self.0.clone(), 0);
        options.set_transport(Transport::unix());
        options
    }
}

/// Carries bytes both ways until one side ends.
async fn carry(
    client: impl AsyncRead + AsyncWrite,
    broker: TlsStream<TcpStream>,
) -> io::Result<()> {
    let (mut from_client, mut to_client) = tokio::io::split(client);
    let (mut from_broker, mut to_broker) = tokio::io::split(broker);
    tokio::select! {
        sent = tokio::io::copy(&mut from_client, &mut to_broker) => sent?,
        received = tokio::io::copy(&mut from_broker, &mut to_client) => received?,
    };
    to_client.shutdown().await?;
    to_broker.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_refused_in_words() {
        for wrong in
            ["", "a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
        {
            assert!(
                check_certificate(wrong).unwrap_err().to_string().contains("certificate"),
                "{wrong}"
            );
        }
    }
}
