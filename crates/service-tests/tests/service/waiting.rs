//! Documents and tables that wait until somebody applies them: once.

use domain::configuration::DocumentId;
use domain::devices::TableId;
use serde_json::json;
use service::{Error, Principal, configuration, devices};
use sqlx::PgPool;

const WHO: &Principal = &Principal::Loopback;

fn code(refused: Result<impl Sized, Error>) -> &'static str {
    match refused {
        Err(Error::NotFound { code, .. } | Error::Conflict { code, .. }) => code,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was not refused"),
    }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_document_is_taken_in_once(pool: PgPool) {
    let (service, tasks) = service::start(pool.clone(), service::Vault::random()).await.unwrap();
    let unknown = DocumentId(uuid::Uuid::new_v4());
    assert_eq!(code(configuration::apply(&service, WHO, unknown)), "document_not_found");
    let document = configuration::export(&pool, WHO).await.unwrap();
    let text = serde_json::to_vec(&json!(document)).unwrap();
    let id = DocumentId(configuration::stage(&service, WHO, &text).await.unwrap());
    configuration::apply(&service, WHO, id).unwrap();
    assert_eq!(code(configuration::apply(&service, WHO, id)), "document_taken");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_table_of_devices_that_had_to_make_room_is_sent_again(pool: PgPool) {
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let unknown = TableId(uuid::Uuid::new_v4());
    assert_eq!(code(devices::apply(&service, WHO, unknown).await), "table_not_found");
    tasks.stop().await;
}
