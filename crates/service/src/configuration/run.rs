//! Documents that were sent by a page: each waits with what it would do, and is taken in beside the
//! page, which shows how far it is.

use std::sync::Arc;

use domain::configuration::DocumentId;
use domain::configuration::refusal::DocumentRefusal;
use domain::message::Message;
use parking_lot::Mutex;
use serde_json::Value;
use uuid::Uuid;

use super::import::import_with;
use super::import::progress::Progress;
use super::taken::Imported;
use super::taken::{State, Taken};
use super::{Document, Report, dry_run};
use crate::people::audit;
use crate::{Action, Core, Error, Named, Principal, Service};

/// Documents that are kept at most. The oldest makes room.
const MOST: usize = 4;

/// Keeps a document, with what it would do; answers what it is called.
pub async fn stage(service: &Service, who: &Principal, text: &[u8]) -> Result<Uuid, Error> {
    who.require(Action::Administer)?;
    let document: Value = serde_json::from_slice(text).map_err(|error| {
        let why = Box::new(Message::foreign(error.to_string()));
        Error::invalid("document", DocumentRefusal::NoJson { why })
    })?;
    let report = dry_run(service.pool(), service.vault(), who, &document).await?;
    let state = Mutex::new(State::Waits);
    let taken = Taken { document, report, progress: Progress::default(), state };
    let (id, mut waiting) = (Uuid::new_v4(), service.documents().0.lock());
    if waiting.len() == MOST {
        waiting.pop_front();
    }
    waiting.push_back((id, Arc::new(taken)));
    Ok(id)
}

/// A document that was sent; none where it had to make room for others.
pub fn staged(
    service: &Service,
    who: &Principal,
    id: DocumentId,
) -> Result<Option<Arc<Taken>>, Error> {
    who.require(Action::Administer)?;
    let waiting = service.documents().0.lock();
    Ok(waiting.iter().find(|(known, _)| *known == id.0).map(|(_, taken)| Arc::clone(taken)))
}

/// Takes a document in that waits, beside whoever asked for it.
pub fn apply(service: &Service, who: &Principal, id: DocumentId) -> Result<(), Error> {
    let taken = known(service, who, id)?;
    {
        let mut state = taken.state.lock();
        if *state != State::Waits {
            return Err(Error::conflict("document_taken", DocumentRefusal::Taken));
        }
        *state = State::Runs;
    }
    let (service, who, of) = (service.clone(), who.clone(), Arc::clone(&taken));
    let work = async move { import(&service, &who, &of.document, &of.progress).await };
    let work = tokio::spawn(audit::with_address(audit::address(), work));
    tokio::spawn(async move {
        *taken.state.lock() = match work.await {
            Ok(Ok(imported)) => State::Done(imported),
            Ok(Err(error)) => State::Failed(error.message()),
            Err(fell) => {
                tracing::error!("the taking in of a document fell: {fell}");
                State::Failed(DocumentRefusal::Fell.into())
            }
        };
    });
    Ok(())
}

/// Takes a document in at once.
pub async fn import_here(
    core: &Core,
    who: &Principal,
    document: &Value,
) -> Result<Imported, Error> {
    import(core, who, document, &Progress::default()).await
}

/// Takes a document in, and has everybody here look at what is new.
async fn import(
    core: &Core,
    who: &Principal,
    document: &Value,
    progress: &Progress,
) -> Result<Imported, Error> {
    let (pool, vault) = (core.pool(), core.vault());
    let imported = import_with(pool, vault, who, document, progress).await?;
    core.rules_changed();
    core.reload().await?;
    Ok(imported)
}

/// Everything that people entered, from the running server.
pub async fn export_here(core: &Core, who: &Principal) -> Result<Document, Error> {
    super::export(core.pool(), who).await
}

/// Says what a document would do here.
pub async fn dry_run_here(core: &Core, who: &Principal, document: &Value) -> Result<Report, Error> {
    dry_run(core.pool(), core.vault(), who, document).await
}

/// Has the taking in of a document end: nothing of it is kept.
pub fn cancel(service: &Service, who: &Principal, id: DocumentId) -> Result<(), Error> {
    known(service, who, id)?.progress.cancel();
    Ok(())
}

fn known(service: &Service, who: &Principal, id: DocumentId) -> Result<Arc<Taken>, Error> {
    staged(service, who, id)?.ok_or_else(|| DocumentId::unknown(id))
}

impl Named for DocumentId {
    fn unknown(_: impl std::fmt::Display) -> Error {
        Error::not_found("document_not_found", DocumentRefusal::MadeRoom)
    }
}
