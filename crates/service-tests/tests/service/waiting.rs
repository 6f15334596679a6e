//! Documents and tables that wait until somebody applies them: once.

use domain::configuration::DocumentId;
use domain::devices::TableId;
use serde_json::json;
use service::{Error, configuration, devices};
use sqlx::PgPool;

use crate::bench::{Bench, WHO};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn documents_and_tables_are_applied_once(pool: PgPool) {
    let bench = Bench::start(pool).await;
    a_document_is_taken_in_once(&bench).await;
    a_table_of_devices_that_had_to_make_room_is_sent_again(&bench).await;
    bench.stop().await;
}

fn code(refused: Result<impl Sized, Error>) -> &'static str {
    match refused {
        Err(Error::NotFound { code, .. } | Error::Conflict { code, .. }) => code,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was not refused"),
    }
}

async fn a_document_is_taken_in_once(bench: &Bench) {
    let unknown = DocumentId(uuid::Uuid::new_v4());
    assert_eq!(code(configuration::apply(&bench.service, WHO, unknown)), "document_not_found");
    let document = configuration::export(&bench.pool, WHO).await.unwrap();
    let text = serde_json::to_vec(&json!(document)).unwrap();
    let id = DocumentId(configuration::stage(&bench.service, WHO, &text).await.unwrap());
    configuration::apply(&bench.service, WHO, id).unwrap();
    assert_eq!(code(configuration::apply(&bench.service, WHO, id)), "document_taken");
}

async fn a_table_of_devices_that_had_to_make_room_is_sent_again(bench: &Bench) {
    let unknown = TableId(uuid::Uuid::new_v4());
    assert_eq!(code(devices::apply(&bench.service, WHO, unknown).await), "table_not_found");
}
