//! Gathers the statements that are sent to the database, as sqlx logs them: of a transaction its end, not its beginning.

use std::fmt::Debug;
use std::sync::Arc;

use parking_lot::Mutex;
use tracing::field::Field;
use tracing::instrument::WithSubscriber as _;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry;

/// Does something, and answers its statements without those of tasks beside it.
pub(super) async fn of<T>(work: impl Future<Output = T>) -> (T, Vec<String>) {
    let gathered = Statements::default();
    let done = work.with_subscriber(registry().with(gathered.clone())).await;
    (done, gathered.0.lock().clone())
}

/// Does something, and answers the statements of all tasks meanwhile: a test has one thread.
pub(super) async fn during<T>(work: impl Future<Output = T>) -> (T, Vec<String>) {
    let gathered = Statements::default();
    let _gathering = tracing::subscriber::set_default(registry().with(gathered.clone()));
    (work.await, gathered.0.lock().clone())
}

/// The statement that was sent most often.
pub(super) fn most_often(mut statements: Vec<String>) -> String {
    statements.sort_unstable();
    let most = statements.chunk_by(|one, next| one == next).max_by_key(|same| same.len());
    most.map(|same| format!("{} ×{}", same.len(), same[0])).unwrap_or_default()
}

#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for Statements {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut text = String::new();
        event.record(&mut |field: &Field, value: &dyn Debug| {
            if ["summary", "db.statement"].contains(&field.name()) {
                text = format!("{text} {value:?}");
            }
        });
        self.0.lock().push(text);
    }
}
