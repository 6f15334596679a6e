//! The database: a given one, or the private cluster in the data folder.

use std::time::Duration;

use cluster::{Cluster, Options};
use service::vault::{KEY_FILE, Vault, VaultError};
use storage::PgPool;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;

use crate::config::DatabaseSettings;
use crate::start::StartError;

/// How often the private cluster is looked at; it is started again when it is gone.
const LOOK_AFTER: Duration = Duration::from_millis(500);

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
        error => StartError::Vault(error),
    })
}

/// The database in use.
pub(crate) struct Database {
    pub(crate) pool: PgPool,
    keeper: Option<JoinHandle<()>>,
    stop: CancellationToken,
}

/// Connects to the database, starting the private cluster where none is given, and brings its
/// schema up to date.
pub(crate) async fn open(settings: &DatabaseSettings) -> Result<Database, StartError> {
    let stop = CancellationToken::new();
    let (url, keeper) = if let Some(url) = &settings.database_url {
        (url.clone(), None)
    } else {
        let cluster = private(settings).await?;
        (cluster.url(), Some(tokio::spawn(keep(cluster, stop.clone()))))
    };
    let given = settings.database_url.is_some();
    let opened = async {
        let pool = storage::connect(&url).await?;
        storage::migrate(&pool).await?;
        Ok(pool)
    };
    match opened.await {
        Ok(pool) => Ok(Database { pool, keeper, stop }),
        Err(error) => {
            stop.cancel();
            if let Some(keeper) = keeper {
                keeper.await.ok();
            }
            Err(if given { StartError::DatabaseUrl(error) } else { StartError::Storage(error) })
        }
    }
}

impl Database {
    /// Closes the connections and stops the private cluster.
    pub(crate) async fn close(self) {
        self.pool.close().await;
        self.stop.cancel();
        if let Some(keeper) = self.keeper
            && let Err(error) = keeper.await
        {
            tracing::error!("the private database's keeper ended badly: {error}");
        }
    }
}

async fn private(settings: &DatabaseSettings) -> Result<Cluster, StartError> {
    let data_dir = settings.data_dir.clone();
    let options = Options { search: crate::start::beside_program(), settings: Vec::new() };
    let started = spawn_blocking(move || Cluster::start(&data_dir, &options)).await;
    let cluster = started.map_err(|_| StartError::Interrupted)?.map_err(StartError::Cluster)?;
    tracing::info!(
        "database: PostgreSQL {} in {}",
        cluster.binaries().major(),
        cluster.folder().display()
    );
    Ok(cluster)
}

/// Looks after the cluster until the stop signal, then stops it.
async fn keep(cluster: Cluster, stop: CancellationToken) {
    let mut kept = Some(cluster);
    while let Some(mut cluster) = kept.take() {
        let stopped = tokio::select! {
            () = tokio::time::sleep(LOOK_AFTER) => false,
            () = stop.cancelled() => true,
        };
        let looked = spawn_blocking(move || {
            if stopped {
                return cluster.stop().map(|()| None);
            }
            cluster.revive().map(|_| Some(cluster))
        });
        match looked.await {
            Ok(Ok(cluster)) => kept = cluster,
            Ok(Err(error)) => tracing::error!("the private database: {error}"),
            Err(error) => tracing::error!("the private database's keeper ended badly: {error}"),
        }
    }
}
