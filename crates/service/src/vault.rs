//! The vault: secrets of devices and brokers, encrypted before they are stored.
//!
//! A secret is sealed with XChaCha20-Poly1305 under one key, which is kept outside the database: whoever
//! reads a dump of the database reads no password. Nonces are random, 192 bits long, and so never
//! repeat.

use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, Generate as _, KeyInit as _};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use domain::devices::refusal::SecretRefusal;
use thiserror::Error;

/// Name of the key's file in the data folder.
pub const KEY_FILE: &str = "secret.key";

/// What sealed texts begin with; it names the way they were sealed.
const VERSION: &str = "v1:";
const NONCE_LENGTH: usize = 24;
const KEY_LENGTH: usize = 32;

/// Seals and opens secrets; cheap to clone.
#[derive(Clone)]
pub struct Vault {
    cipher: Arc<XChaCha20Poly1305>,
}

/// Why the key cannot be used.
#[derive(Debug, Error)]
pub enum VaultError {
    /// The key is not 32 bytes in base64.
    #[error(
        "the secret key is not 32 bytes in base64: put back the one that was there, or make a new one \
         with `openssl rand -base64 32` and enter the devices' secrets again"
    )]
    NoKey,
    /// The key's file cannot be read or written.
    #[error("{0}")]
    File(#[from] io::Error),
}

impl Vault {
    /// The vault of a key in base64, as databases with several servers share it.
    ///
    /// # Errors
    /// [`VaultError::NoKey`].
    pub fn of(key: &str) -> Result<Self, VaultError> {
        let bytes = STANDARD.decode(key.trim()).map_err(|_| VaultError::NoKey)?;
        let bytes = <[u8; KEY_LENGTH]>::try_from(bytes).map_err(|_| VaultError::NoKey)?;
        Ok(Self::with(&bytes.into()))
    }

    /// The vault whose key is in `file`, which is made where it is missing; only its owner may read it.
    ///
    /// # Errors
    /// The file cannot be read or written, or holds no key.
    pub fn open_or_create(file: &Path) -> Result<Self, VaultError> {
        let key = match std::fs::read_to_string(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create(file)?;
                std::fs::read_to_string(file)?
            }
            read => read?,
        };
        let mode = std::fs::metadata(file)?.permissions().mode();
        if mode & 0o077 != 0 {
            tracing::warn!("others can read {0}: chmod 600 {0}", file.display());
        }
        Self::of(&key)
    }

    /// A vault whose key nobody keeps: what it seals cannot be opened once it is gone.
    pub fn random() -> Self {
        Self::with(&Key::generate())
    }

    fn with(key: &Key) -> Self {
        Self { cipher: Arc::new(XChaCha20Poly1305::new(key)) }
    }

    /// Encrypts a secret.
    pub fn seal(&self, secret: &str) -> String {
        let nonce = XNonce::generate();
        // Refused for texts of 256 GiB alone.
        let sealed = self.cipher.encrypt(&nonce, secret.as_bytes()).unwrap_or_default();
        format!("{VERSION}{}", STANDARD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Decrypts what [`Vault::seal`] gave.
    ///
    /// # Errors
    /// [`SecretRefusal::OtherKey`] or [`SecretRefusal::Unknown`].
    pub fn open(&self, sealed: &str) -> Result<String, SecretRefusal> {
        let text = sealed.strip_prefix(VERSION).ok_or(SecretRefusal::Unknown)?;
        let bytes = STANDARD.decode(text).map_err(|_| SecretRefusal::Unknown)?;
        let (nonce, sealed) =
            bytes.split_first_chunk::<NONCE_LENGTH>().ok_or(SecretRefusal::Unknown)?;
        let opened = self
            .cipher
            .decrypt(&XNonce::from(*nonce), sealed)
            .map_err(|_| SecretRefusal::OtherKey)?;
        String::from_utf8(opened).map_err(|_| SecretRefusal::Unknown)
    }
}

/// Writes a new key to `file`, unless another process was quicker: then that one's is as good. The
/// file appears with its content, never half written.
fn create(file: &Path) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(new, "{}", STANDARD.encode(Key::generate()))?;
    new.as_file().sync_all()?;
    match new.persist_noclobber(file) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_back_and_looks_different_each_time() {
        let vault = Vault::random();
        let (one, other) = (vault.seal("geheim ✓"), vault.seal("geheim ✓"));
        assert_ne!(one, other);
        assert!(one.starts_with("v1:") && !one.contains("geheim"));
        assert_eq!(vault.open(&one).unwrap(), "geheim ✓");
        assert_eq!(vault.open(&vault.seal("")).unwrap(), "");
    }

    #[test]
    fn another_key_and_a_changed_text_are_refused_with_what_to_do() {
        let vault = Vault::random();
        let sealed = vault.seal("secret");
        let refused = Vault::random().open(&sealed).unwrap_err().to_string();
        assert!(refused.contains("secret.key") && refused.contains("send the secret again"));
        let mut bytes = STANDARD.decode(&sealed[3..]).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        let changed = format!("v1:{}", STANDARD.encode(bytes));
        assert!(matches!(vault.open(&changed), Err(SecretRefusal::OtherKey)));
        for text in ["secret", "v1:", "v1:!", "v1:AAAA", "v2:AAAA"] {
            assert!(matches!(vault.open(text), Err(SecretRefusal::Unknown)), "{text}");
        }
    }

    #[test]
    fn the_key_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data").join(KEY_FILE);
        let sealed = Vault::open_or_create(&file).unwrap().seal("secret");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Vault::open_or_create(&file).unwrap().open(&sealed).unwrap(), "secret");
        let key = std::fs::read_to_string(&file).unwrap();
        assert_eq!(Vault::of(&key).unwrap().open(&sealed).unwrap(), "secret");
        std::fs::write(&file, "not a key").unwrap();
        assert!(matches!(Vault::open_or_create(&file), Err(VaultError::NoKey)));
    }
}
