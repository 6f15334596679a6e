//! Why the server cannot start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use notify::SmtpUrlError;
use thiserror::Error;

/// Why the server cannot start, in one line that says how to mend it.
#[derive(Debug, Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {error}; stop what uses it or choose another --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// Anyone on the network would be administrator.
    #[error(
        "{0} can be reached from other machines, and there is nobody yet who can sign in: create an \
         administrator with `wattlens create-user --name YOU --role admin` and the same --data-dir or \
         --database-url, or listen on 127.0.0.1 without \
         --public-url"
    )]
    NoUsers(String),
    /// An account is refused.
    #[error("nobody was created or changed: {0}")]
    Account(service::Error),
    /// The password cannot be asked for.
    #[error("the password cannot be read: {0}; give it on standard input with --password-stdin")]
    Password(io::Error),
    /// The private database cannot be used.
    #[error("{0}")]
    Cluster(cluster::Error),
    /// The database that was named cannot be used.
    #[error("the database named by --database-url or DATABASE_URL cannot be used: {0}")]
    DatabaseUrl(storage::Error),
    /// The web assets are missing.
    #[error("no web assets in {}: name the folder that `cargo xtask build` makes, target/site", .0.display())]
    NoAssets(PathBuf),
    /// The program was built before them.
    #[error(
        "this program was built without its web assets: build it with `cargo xtask build`, or name \
         their folder with --site-root"
    )]
    NothingInside,
    /// The database failed.
    #[error("the database failed: {0}")]
    Storage(#[from] storage::Error),
    /// The key of the devices' secrets cannot be used.
    #[error("{0}")]
    Vault(service::vault::VaultError),
    /// A use case failed.
    #[error("{0}")]
    Service(#[from] service::Error),
    /// The certificate cannot be used.
    #[error("--tls-cert and --tls-key cannot be used: {0}")]
    Tls(io::Error),
    /// The mail server or the sender of e-mail is stated wrongly.
    #[error("--smtp-url or WATTLENS_SMTP_URL cannot be used: {0}")]
    Smtp(#[from] SmtpUrlError),
    /// The system's certificates cannot be read.
    #[error("nobody can be told of alarms: {0}")]
    Notifier(String),
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A configuration cannot be taken in.
    #[error("the configuration was not taken in, and nothing changed: {0}")]
    Document(String),
    /// A backup would be mixed with what is there.
    #[error(
        "there is something in the database already: restore into an empty one, or a new --data-dir"
    )]
    NotEmpty,
    /// There is nothing to copy.
    #[error(
        "there is nothing in the database: name another one, or its data folder with --data-dir"
    )]
    Empty,
    /// There is no installation where one was named.
    #[error(
        "there is no Wattlens data in {}: name the data folder of the installation with --data-dir, or \
         its database with --database-url", .0.display()
    )]
    NoData(PathBuf),
    /// It was stopped while another process worked on the database.
    #[error("stopped before it had anything to do: another process works on the database")]
    Stopped,
    /// Another process works on the database now.
    #[error("{0} works on the database now, so that this process has stopped")]
    Replaced(String),
    /// The demonstration plant cannot run.
    #[error("{0}")]
    Demo(Box<simulator::devices::StartError>),
    /// Serving ended with an error of the system.
    #[error("serving ended: {0}")]
    Serve(io::Error),
    /// The asynchronous runtime is missing or ended early.
    #[error("the program was interrupted while it started")]
    Interrupted,
}

impl StartError {
    /// 2 where a setting is to be changed, 1 for a fault while running.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Listen { .. }
            | Self::NoUsers(_)
            | Self::Account(_)
            | Self::Password(_)
            | Self::Cluster(_)
            | Self::DatabaseUrl(_)
            | Self::Vault(_)
            | Self::NoAssets(_)
            | Self::NothingInside
            | Self::Tls(_)
            | Self::Smtp(_)
            | Self::File { .. }
            | Self::Document(_)
            | Self::NotEmpty
            | Self::Empty
            | Self::NoData(_) => 2,
            _ => 1,
        }
    }
}
