//! TLS, with a certificate in files that are read again when they change.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use parking_lot::Mutex;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// The files are looked at so often at most.
const LOOK_AFTER: Duration = Duration::from_secs(10);

/// A certificate with its key, as it stands in two files.
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    current: Mutex<Current>,
}

struct Current {
    config: Arc<ServerConfig>,
    written: Option<(SystemTime, SystemTime)>,
    looked: Instant,
}

impl Certificate {
    /// Reads a chain of certificates, the server's own first, and its private key, both as PEM.
    ///
    /// # Errors
    /// A file cannot be read, or holds no such thing, or the two do not belong together.
    pub fn read(chain: &Path, key: &Path) -> io::Result<Self> {
        let current = Current {
            config: config(chain, key)?,
            written: written(chain, key),
            looked: Instant::now(),
        };
        Ok(Self { chain: chain.to_owned(), key: key.to_owned(), current: Mutex::new(current) })
    }

    /// Accepts a connection.
    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        TlsAcceptor::from(self.current()).accept(stream).await
    }

    /// The configuration in use. A pair of files that cannot be used, such as one that is written just now, is told of,
    /// and the one before stays.
    fn current(&self) -> Arc<ServerConfig> {
        let mut current = self.current.lock();
        if current.looked.elapsed() >= LOOK_AFTER {
            current.looked = Instant::now();
            let written = written(&self.chain, &self.key);
            if written != current.written {
                match config(&self.chain, &self.key) {
                    Ok(config) => {
                        *current = Current { config, written, looked: current.looked };
                        tracing::info!("the certificate was read again");
                    }
                    Err(error) => tracing::warn!("the new certificate is not used: {error}"),
                }
            }
        }
        Arc::clone(&current.config)
    }
}

fn written(chain: &Path, key: &Path) -> Option<(SystemTime, SystemTime)> {
    let written = |file: &Path| file.metadata().and_then(|about| about.modified()).ok();
    Some((written(chain)?, written(key)?))
}

fn config(chain: &Path, key: &Path) -> io::Result<Arc<ServerConfig>> {
    let named = |file: &Path, error: &dyn std::fmt::Display| {
        io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", file.display()))
    };
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| named(chain, &error))?;
    if certificates.is_empty() {
        return Err(named(chain, &"no certificate in it: give the PEM file of the chain"));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| named(key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|it| it.with_no_client_auth().with_single_cert(certificates, private))
        .map_err(|error| named(key, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path) -> (PathBuf, PathBuf) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let (chain, key) = (folder.join("chain.pem"), folder.join("key.pem"));
        std::fs::write(&chain, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        (chain, key)
    }

    #[test]
    fn a_renewed_certificate_is_taken_and_half_a_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (chain, key) = write(folder.path());
        let certificate = Certificate::read(&chain, &key).unwrap();
        let now = || {
            certificate.current.lock().looked -= LOOK_AFTER;
            certificate.current()
        };
        let first = now();
        assert!(Arc::ptr_eq(&first, &now()));
        std::fs::write(&chain, "half of it").unwrap();
        assert!(Arc::ptr_eq(&first, &now()));
        write(folder.path());
        assert!(!Arc::ptr_eq(&first, &now()));
    }

    #[test]
    fn files_that_are_no_certificate_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let (chain, key) = write(folder.path());
        let said = |chain: &Path, key: &Path| {
            Certificate::read(chain, key).map(|_| ()).unwrap_err().to_string()
        };
        assert!(said(&folder.path().join("none"), &key).contains("none"));
        assert!(said(&key, &key).contains("no certificate"));
        assert!(said(&chain, &chain).contains("chain.pem"));
    }
}
