//! Rights that are taken away while something is under way.

use domain::people::Role;
use serde_json::json;
use sqlx::PgPool;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::World;
use crate::people::{PASSWORD, ask, cookies, create, sign_in};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn who_loses_a_role_during_a_request_changes_nothing_by_it(pool: PgPool) {
    create(&pool, "asha", Role::Admin, None).await.unwrap();
    create(&pool, "ravi", Role::Admin, None).await.unwrap();
    let world = World::start(&pool).await;
    let [asha, ravi] =
        [sign_in(&world, "asha", PASSWORD).await, sign_in(&world, "ravi", PASSWORD).await];
    let [asha, ravi] = [cookies(&asha), cookies(&ravi)];
    let site = json!({"slug": "late", "name": "Late", "timeZone": "UTC", "currency": "EUR"});
    let body = site.to_string();
    let (first, rest) = body.split_at(9);
    let mut slow = TcpStream::connect(world.address).await.unwrap();
    let head = format!(
        "POST /api/sites HTTP/1.1\r\nHost: {}\r\nCookie: {ravi}\r\nContent-Type: application/json\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{first}",
        world.address,
        first.len() + rest.len()
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    // The server has read who asks once it has answered somebody who came later.
    let users = ask(&world, &asha, "GET", "/api/users", None).await.data();
    let id =
        users.as_array().unwrap().iter().find(|user| user["name"] == "ravi").unwrap()["id"].clone();
    let roles = json!({"roles": [{"role": "viewer"}]});
    ask(&world, &asha, "PATCH", &format!("/api/users/{id}"), Some(roles)).await.is(200);
    slow.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    ask(&world, &asha, "GET", "/api/sites/late", None).await.is(404);
    world.end().await;
}
