//! Secrets of devices: sealed in the database, opened for the drivers.

use std::time::Duration;

use domain::devices::Communication;
use serde_json::{Value, json};
use service::meters::energy_meters::{Connection, create, get, update};
use service::{Principal, Service, Vault, devices};
use sqlx::PgPool;
use tokio::time::timeout;

const ADMIN: &Principal = &Principal::Loopback;

/// Connects an HTTP meter with a token, and answers its id.
async fn connect(service: &Service) -> String {
    let new = json!({"name": "M", "protocol": "http", "meterType": "grid", "communication": {
        "url": "http://10.0.0.5/", "authToken": "geheim", "headers": {"X-Api-Key": "auch"}}});
    create(service, ADMIN, None, serde_json::from_value(new).unwrap()).await.unwrap().id
}

async fn stored(pool: &PgPool) -> String {
    let text = "SELECT communication::text FROM devices";
    sqlx::query_scalar(text).fetch_one(pool).await.unwrap()
}

/// The tokens that drivers get.
async fn tokens(service: &Service) -> Vec<Option<String>> {
    let token = |of: Communication| match of {
        Communication::Http(http) => http.request.auth_token,
        _ => None,
    };
    let devices = devices::to_read(service).await.unwrap();
    devices.into_iter().map(|device| token(device.communication)).collect()
}

async fn change(service: &Service, id: &str, patch: Value) -> Result<(), service::Error> {
    let Value::Object(patch) = patch else { panic!("no object") };
    update(service, ADMIN, id, patch.into()).await.map(drop)
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn drivers_get_what_the_database_does_not_tell(pool: PgPool) {
    let (service, tasks) = service::start(pool.clone(), Vault::random()).await.unwrap();
    let id = connect(&service).await;
    let row = stored(&pool).await;
    assert!(!row.contains("geheim") && !row.contains("auch"), "{row}");
    assert_eq!(tokens(&service).await, [Some("geheim".to_owned())]);

    let mut changes = devices::changes(&service);
    changes.mark_unchanged();
    let other = json!({"communication": {"authToken": "anders", "method": "POST"}});
    change(&service, &id, other).await.unwrap();
    timeout(Duration::from_secs(1), changes.changed()).await.unwrap().unwrap();
    assert_eq!(tokens(&service).await, [Some("anders".to_owned())]);
    assert!(!stored(&pool).await.contains("anders"));
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn secrets_from_before_there_was_a_vault_are_sealed_at_the_start(pool: PgPool) {
    let vault = Vault::random();
    let (service, tasks) = service::start(pool.clone(), vault.clone()).await.unwrap();
    connect(&service).await;
    tasks.stop().await;
    let plain = json!({"url": "http://10.0.0.5/", "authToken": "v1:plain"});
    sqlx::query("UPDATE devices SET communication = $1").bind(plain).execute(&pool).await.unwrap();

    let (service, tasks) = service::start(pool.clone(), vault.clone()).await.unwrap();
    let row = stored(&pool).await;
    assert!(!row.contains("v1:plain"), "{row}");
    assert_eq!(tokens(&service).await, [Some("v1:plain".to_owned())]);
    tasks.stop().await;

    let (_service, tasks) = service::start(pool.clone(), vault).await.unwrap();
    assert_eq!(stored(&pool).await, row, "sealed once");
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn with_another_key_a_device_says_what_to_do(pool: PgPool) {
    let (service, tasks) = service::start(pool.clone(), Vault::random()).await.unwrap();
    let id = connect(&service).await;
    tasks.stop().await;

    let (service, tasks) = service::start(pool.clone(), Vault::random()).await.unwrap();
    assert_eq!(tokens(&service).await, []);
    let told = async {
        loop {
            let seen = get(&service, ADMIN, &id).await.unwrap();
            if seen.status == Connection::Error {
                return seen.status_reason.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    };
    let reason = timeout(Duration::from_secs(10), told).await.unwrap();
    assert!(reason.message.contains("secret.key"), "{reason}");

    change(&service, &id, json!({"pollInterval": 10_000})).await.unwrap();
    let refused = change(&service, &id, json!({"communication": {"method": "POST"}})).await;
    assert!(matches!(refused, Err(service::Error::Conflict { code: "secret_unreadable", .. })));
    let again = json!({"communication": {"authToken": "neu", "headers": {"X-Api-Key": "neu"}}});
    change(&service, &id, again).await.unwrap();
    assert_eq!(tokens(&service).await, [Some("neu".to_owned())]);
    tasks.stop().await;
}
