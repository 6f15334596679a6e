//! `wattlens export-config` and `import-config`: what people entered, as one JSON document.

use std::io::{Read as _, Write as _};
use std::path::Path;

use serde_json::Value;
use service::operation::supervision::Supervision;
use service::{Principal, Vault};
use storage::PgPool;

use crate::config::{ExportSettings, ImportSettings};
use crate::database::{self, Schema, beside_server};
use crate::start::StartError;

/// Stands for standard input and output.
const STANDARD: &str = "-";

/// Writes the document to a file, or to standard output.
pub async fn export(settings: ExportSettings) -> Result<(), StartError> {
    let database =
        database::open(&beside_server(settings.database), &Supervision::default(), Schema::AsItIs)
            .await?;
    let exported = service::configuration::export(&database.pool, &Principal::Loopback).await;
    database.close().await?;
    let document = exported.map_err(refused)?;
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    let written = if settings.file == Path::new(STANDARD) {
        std::io::stdout().write_all(text.as_bytes())
    } else {
        std::fs::write(&settings.file, text)
    };
    written.map_err(|error| StartError::File { path: settings.file, error })
}

/// Takes in a document from a file, or from standard input.
pub async fn import(settings: ImportSettings) -> Result<(), StartError> {
    let document = document(&settings.file)?;
    let vault = database::vault(&settings.database)?;
    let database =
        database::open(&beside_server(settings.database), &Supervision::default(), Schema::AsItIs)
            .await?;
    let imported = take_in(&database.pool, &vault, &document).await;
    database.close().await?;
    imported
}

async fn take_in(pool: &PgPool, vault: &Vault, document: &Value) -> Result<(), StartError> {
    let who = &Principal::Loopback;
    let imported = service::configuration::import(pool, vault, who, document).await;
    let taken = imported.map_err(refused)?;
    tracing::info!(
        entries = %serde_json::to_string(&taken).unwrap_or_default(),
        "the configuration was taken in; secrets of what is new are to be entered again: of devices, \
         brokers and loggers"
    );
    Ok(())
}

fn document(path: &Path) -> Result<Value, StartError> {
    let mut text = String::new();
    let read = if path == Path::new(STANDARD) {
        std::io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|error| StartError::File { path: path.to_owned(), error })?;
    serde_json::from_str(&text).map_err(|error| StartError::Document(format!("no JSON: {error}")))
}

/// A refusal with the place in the document that it is about.
fn refused(error: service::Error) -> StartError {
    match &error {
        service::Error::Invalid { field, message, .. }
        | service::Error::Conflict { field, message, .. } => {
            let field = field.as_ref().map(|field| format!("{field}: ")).unwrap_or_default();
            StartError::Document(format!("{field}{message}"))
        }
        _ => StartError::Service(error),
    }
}
