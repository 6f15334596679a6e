//! The database: a given one, or the private cluster in the data folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use acquisition::Backoff;
use cluster::{Cluster, Options};
use domain::operation::task::Task;
use parking_lot::Mutex;
use service::operation::supervision::{Pulse, Supervision};
use service::vault::{KEY_FILE, Vault, VaultError};
use storage::PgPool;
use storage::operation::lease::Holder;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;

use crate::config::DatabaseSettings;
use crate::lease::{self, Held};
use crate::listen::tls::Certificate;
use crate::standby::StandBy;
use crate::start::StartError;

/// How often the private cluster is looked at; it is started again when it is gone …
const LOOK_AFTER: Duration = Duration::from_millis(500);
/// … and where that fails, after pauses that grow to this.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// The vault of the devices' secrets: with the key that is given, else with the one in the data
/// folder.
pub(crate) fn vault(settings: &DatabaseSettings) -> Result<Vault, StartError> {
    let file = settings.data_dir.join(KEY_FILE);
    let vault = match &settings.secret_key {
        Some(key) => Vault::of(key),
        None => Vault::open_or_create(&file),
    };
    vault.map_err(|error| match error {
        VaultError::File(error) => StartError::File { path: file, error },
        error @ VaultError::NoKey => StartError::Vault(error),
    })
}

/// A private database that a server runs already is used beside it.
pub(crate) fn beside_server(settings: DatabaseSettings) -> DatabaseSettings {
    if settings.database_url.is_some() {
        return settings;
    }
    let database_url = Cluster::running_url(&settings.data_dir).ok();
    DatabaseSettings { database_url, ..settings }
}

/// The same, where there is a database already: a folder whose name was mistyped is not made.
pub(crate) fn existing(settings: DatabaseSettings) -> Result<DatabaseSettings, StartError> {
    let settings = beside_server(settings);
    let folder = absolute(&settings.data_dir);
    if settings.database_url.is_some() || Cluster::is_made(&folder).map_err(StartError::Cluster)? {
        return Ok(settings);
    }
    Err(StartError::NoData(folder))
}

/// A path that says where it is, whatever folder one is in.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The database in use.
pub(crate) struct Database {
    pub(crate) pool: PgPool,
    /// How others reach it.
    pub(crate) url: String,
    /// Where it lies, if it is private.
    pub(crate) folder: Option<PathBuf>,
    keeper: Option<JoinHandle<()>>,
    stop: CancellationToken,
    /// Of a process that serves: the right to work on it.
    held: Option<Held>,
}

/// What becomes of the schema of a database that is opened.
#[derive(Clone, Copy)]
pub(crate) enum Schema<'a> {
    /// It is brought up to date.
    Migrated,
    /// It is brought up to date once this process is the one that works on it; while another one does, or keeps
    /// the private cluster, it stands by on a listener, unless it is stopped.
    Led(&'a TcpListener, Option<&'a Arc<Certificate>>, &'a CancellationToken),
    /// It stays what it is, unless there is none yet: a server may be at work on the database.
    AsItIs,
    /// It stays what it is, even none.
    Untouched,
}

/// Connects to the database, starting the private cluster where none is given; the schema of a private one
/// that is started here is brought up to date all the same, unless it is to stay untouched.
pub(crate) async fn open(
    settings: &DatabaseSettings,
    supervision: &Supervision,
    schema: Schema<'_>,
) -> Result<Database, StartError> {
    let stop = CancellationToken::new();
    let mut stand_by = match schema {
        Schema::Led(listener, certificate, stop) => Some(StandBy::new(listener, certificate, stop)),
        Schema::Migrated | Schema::AsItIs | Schema::Untouched => None,
    };
    let (url, folder, keeper) = if let Some(url) = &settings.database_url {
        (url.clone(), None, None)
    } else {
        let cluster = private(settings, stand_by.as_mut()).await?;
        let (url, folder) = (cluster.url(), cluster.folder().to_owned());
        (url, Some(folder), Some(tokio::spawn(look_after(cluster, supervision, &stop))))
    };
    let given = settings.database_url.is_some();
    match prepared(&url, given, schema, stand_by).await {
        Ok((pool, held)) => Ok(Database { pool, url, folder, keeper, stop, held }),
        Err(error) => {
            stop.cancel();
            if let Some(keeper) = keeper {
                keeper.await.ok();
            }
            Err(error)
        }
    }
}

/// The database behind a URL, with its schema as it is wanted.
async fn prepared(
    url: &str,
    given: bool,
    schema: Schema<'_>,
    stand_by: Option<StandBy<'_>>,
) -> Result<(PgPool, Option<Held>), StartError> {
    let at_fault = if given { StartError::DatabaseUrl } else { StartError::Storage };
    let pool = storage::connect(url).await.map_err(at_fault)?;
    let held = match stand_by {
        Some(mut stand_by) => {
            let held = lease::wait(&pool, &mut stand_by).await?;
            stand_by.end().await;
            Some(held.ok_or(StartError::Stopped)?)
        }
        None => None,
    };
    let migrated = match schema {
        Schema::Untouched => Ok(()),
        Schema::AsItIs if given => storage::migrate_if_empty(&pool).await,
        _ => storage::migrate(&pool).await,
    };
    migrated.map_err(at_fault)?;
    Ok((pool, held))
}

impl Database {
    /// Closes the connections, lets others work on it, and stops the private cluster; an error where
    /// another process had taken its place.
    pub(crate) async fn close(self) -> Result<(), StartError> {
        self.pool.close().await;
        let released = match self.held {
            Some(held) => held.release().await,
            None => Ok(()),
        };
        self.stop.cancel();
        if let Some(keeper) = self.keeper
            && let Err(error) = keeper.await
        {
            tracing::error!("the private database's keeper ended badly: {error}");
        }
        released
    }
}

/// The private cluster. While another process keeps it one that is to serve stands by, and any other ends.
async fn private(
    settings: &DatabaseSettings,
    mut stand_by: Option<&mut StandBy<'_>>,
) -> Result<Cluster, StartError> {
    let cluster = loop {
        match (started(settings).await?, stand_by.as_deref_mut()) {
            (Ok(cluster), _) => break cluster,
            (Err(cluster::Error::InUse { by, since, .. }), Some(stand_by)) => {
                let holder = Holder { name: by, since: since.into() };
                if !stand_by.behind(holder).await? {
                    return Err(StartError::Stopped);
                }
            }
            (Err(error), _) => return Err(StartError::Cluster(error)),
        }
    };
    tracing::info!(
        "database: PostgreSQL {} in {}",
        cluster.binaries().major(),
        cluster.folder().display()
    );
    Ok(cluster)
}

async fn started(
    settings: &DatabaseSettings,
) -> Result<Result<Cluster, cluster::Error>, StartError> {
    let data_dir = settings.data_dir.clone();
    let options = Options {
        search: crate::start::beside_program(),
        name: lease::name().to_owned(),
        ..Options::default()
    };
    let started = spawn_blocking(move || Cluster::start(&data_dir, &options)).await;
    started.map_err(|_| StartError::Interrupted)
}

/// Looks after the cluster until the stop signal, then stops it.
fn look_after(
    cluster: Cluster,
    supervision: &Supervision,
    stop: &CancellationToken,
) -> impl Future<Output = ()> + Send + 'static {
    let cluster = Arc::new(Mutex::new(Some(cluster)));
    let (kept, until) = (Arc::clone(&cluster), stop.clone());
    let keeping = supervision.clone().keep(Task::Postgres, stop.clone(), move |pulse| {
        revive(Arc::clone(&kept), until.clone(), pulse)
    });
    async move {
        keeping.await;
        let stopped =
            spawn_blocking(move || cluster.lock().take().map_or(Ok(()), Cluster::stop)).await;
        match stopped {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!("the private database: {error}"),
            Err(error) => tracing::error!("the private database's keeper ended badly: {error}"),
        }
    }
}

/// Starts the cluster again whenever it is gone. While that fails it is tried for ever, less and less often.
async fn revive(cluster: Arc<Mutex<Option<Cluster>>>, stop: CancellationToken, pulse: Pulse) {
    let mut backoff = Backoff::new(LOOK_AFTER, LONGEST_PAUSE);
    let mut pause = LOOK_AFTER;
    while stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
        let cluster = Arc::clone(&cluster);
        let looked =
            spawn_blocking(move || cluster.lock().as_mut().map_or(Ok(false), Cluster::revive));
        pause = match looked.await {
            Ok(Ok(_)) => {
                pulse.beat();
                backoff.succeed();
                LOOK_AFTER
            }
            Ok(Err(error)) => {
                let pause = backoff.fail();
                let seconds = pause.as_secs_f64();
                tracing::error!("the private database, tried again in {seconds:.1} s: {error}");
                pause
            }
            Err(error) => {
                tracing::error!("the private database's keeper ended badly: {error}");
                backoff.fail()
            }
        };
    }
}
