//! `wattlens backup` and `restore`: the whole database as one file, readings included.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cluster::{Cluster, Step, Tools};
use service::operation::supervision::Supervision;
use service::vault::KEY_FILE;
use tokio::task::spawn_blocking;

use crate::config::CopySettings;
use crate::database::{self, Database, Schema};
use crate::start::{StartError, beside_program};

/// How often it is said how far a copy is.
const TOLD_EVERY: Duration = Duration::from_secs(1);

/// Writes the database into a file, while a server may go on working on it.
pub(crate) async fn backup(settings: CopySettings) -> Result<(), StartError> {
    let mut from = settings.database.clone();
    if from.database_url.is_none() {
        match Cluster::running_url(&from.data_dir) {
            Ok(url) => from.database_url = Some(url),
            Err(error) if !from.data_dir.exists() => return Err(StartError::Cluster(error)),
            Err(_) => {}
        }
    }
    let database = database::open(&from, &Supervision::default(), Schema::Untouched).await?;
    let written = write(&database, settings.file.clone()).await;
    database.close().await?;
    let (tables, bytes) = written?;
    println!(
        "{tables} tables in {}, {:.1} MB. The secrets of devices in it are sealed: keep {KEY_FILE}, or \
         WATTLENS_SECRET_KEY, in another place",
        settings.file.display(),
        megabytes(bytes),
    );
    Ok(())
}

async fn write(database: &Database, file: PathBuf) -> Result<(usize, u64), StartError> {
    let found = storage::operation::backup::look(&database.pool).await?;
    if found.tables == 0 {
        return Err(StartError::Empty);
    }
    let tools = tools(found.major)?;
    let url = database.url.clone();
    blocking(move || {
        let mut progress = Progress::new("written", found.tables);
        let bytes = tools.dump(&url, &file, |step| progress.tell(step))?;
        progress.end();
        Ok((found.tables, bytes))
    })
    .await
}

/// Brings a file's contents into an empty database, and that to this version's schema.
pub(crate) async fn restore(settings: CopySettings) -> Result<(), StartError> {
    if let Err(error) = std::fs::File::open(&settings.file) {
        return Err(StartError::File { path: settings.file, error });
    }
    let supervision = Supervision::default();
    let database = database::open(&settings.database, &supervision, Schema::Untouched).await?;
    let restored = read(&database, settings.file.clone()).await;
    database.close().await?;
    let (tables, has_users) = restored?;
    println!("{tables} tables from {}", settings.file.display());
    if has_users {
        println!(
            "everybody has to sign in again; tokens, passwords and roles are those of the backup, also such as were \
             ended or changed since"
        );
    }
    if settings.database.secret_key.is_none() && !has_key(&settings.database.data_dir) {
        println!(
            "put the {KEY_FILE} that belongs to them into {}, or enter the secrets of the devices anew",
            settings.database.data_dir.display()
        );
    }
    Ok(())
}

/// How many tables were read, and whether there are users.
async fn read(database: &Database, file: PathBuf) -> Result<(usize, bool), StartError> {
    let found = storage::operation::backup::look(&database.pool).await?;
    if found.tables > 0 {
        return Err(StartError::NotEmpty);
    }
    let tools = tools(found.major)?;
    let url = database.url.clone();
    let tables = blocking(move || {
        let tables = tools.tables_in(&file)?;
        let mut progress = Progress::new("restored", tables);
        tools.restore(&file, &url, |step| progress.tell(step))?;
        progress.end();
        Ok(tables)
    })
    .await?;
    storage::migrate(&database.pool).await?;
    Ok((tables, storage::operation::backup::end_sessions(&database.pool).await?))
}

fn tools(major: u32) -> Result<Tools, StartError> {
    Tools::find(&beside_program(), major).map_err(StartError::Cluster)
}

fn has_key(data_dir: &Path) -> bool {
    data_dir.join(KEY_FILE).exists()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, cluster::Error> + Send + 'static,
) -> Result<T, StartError> {
    let done = spawn_blocking(work).await.map_err(|_| StartError::Interrupted)?;
    done.map_err(StartError::Cluster)
}

#[expect(clippy::cast_precision_loss, reason = "said with one decimal")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Says how far a copy is: on a terminal in one line that changes, else in lines of their own.
struct Progress {
    done: &'static str,
    tables: usize,
    told: Option<Instant>,
    same_line: bool,
}

impl Progress {
    fn new(done: &'static str, tables: usize) -> Self {
        Self { done, tables, told: None, same_line: stderr().is_terminal() }
    }

    fn tell(&mut self, step: &Step) {
        if self.told.is_some_and(|told| told.elapsed() < TOLD_EVERY) {
            return;
        }
        self.told = Some(Instant::now());
        let line =
            format!("{} of {} tables {}, now {}", step.nth - 1, self.tables, self.done, step.table);
        // Nobody who looks is no reason to stop.
        let _ = if self.same_line {
            write!(stderr(), "\r\x1b[2K{line}")
        } else {
            writeln!(stderr(), "{line}")
        };
    }

    fn end(&self) {
        if self.same_line {
            let _ = write!(stderr(), "\r\x1b[2K");
        }
    }
}
