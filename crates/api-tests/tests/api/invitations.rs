//! Links by which users set their password, and their sessions as administrators see them.

use std::net::{IpAddr, Ipv4Addr};

use domain::people::UserId;
use serde_json::{Value, json};
use service::people::accounts::{self, NewUser, UserChanges};
use service::people::invitations;
use service::people::sign_in::{self, Attempt, Sent};
use service::{Error, Principal, Vault};
use sqlx::PgPool;

use crate::people::{ask, cookies, sign_in as sign_in_over_http};
use crate::{Answer, World};

const PASSWORD: &str = "turbine lamp 4 river";
const CLIENT: (IpAddr, &str) = (IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)), "desk");

fn new(name: &str, password: Option<&str>) -> NewUser {
    let body = json!({"name": name, "password": password, "roles": [{"role": "admin"}]});
    serde_json::from_value(body).unwrap()
}

fn sent(session: &str) -> Sent {
    Sent { session: Some(session.to_owned()), ..Sent::default() }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_link_sets_a_password_once_within_a_day_and_ends_all_sessions(pool: PgPool) {
    let (service, tasks) = service::start(pool.clone(), Vault::random()).await.unwrap();
    let (service, admin) = (&service, &Principal::Loopback);
    accounts::create_here(service, admin, new("asha", Some(PASSWORD))).await.unwrap();
    let ended = async |token: &str, ended: &str| {
        for refused in [
            invitations::open(service, token).await.unwrap_err(),
            invitations::accept(service, (token, PASSWORD), CLIENT).await.unwrap_err(),
        ] {
            assert!(
                matches!(&refused, Error::NotFound { code, .. } if *code == ended),
                "{refused:?}"
            );
        }
    };
    let (ravi, token) = accounts::create_here(service, admin, new("ravi", None)).await.unwrap();
    let token = token.unwrap();
    assert!(!ravi.has_password);
    assert_eq!(invitations::open(service, &token).await.unwrap(), "ravi");
    let weak = invitations::accept(service, (&token, "ravi12345678"), CLIENT).await;
    assert!(matches!(weak, Err(Error::Invalid { field: Some(field), .. }) if field == "password"));
    let begun = invitations::accept(service, (&token, PASSWORD), CLIENT).await.unwrap();
    let is_known =
        async |token: &str| sign_in::who(service, &sent(token)).await.unwrap().is_known();
    assert!(is_known(&begun.token).await);
    ended(&token, "invitation_ended").await;
    for unknown in ["", "x", &token[1..], &begun.token] {
        ended(unknown, "invitation_not_found").await;
    }

    let first = accounts::invite(service, admin, ravi.id).await.unwrap();
    let second = accounts::invite(service, admin, ravi.id).await.unwrap();
    ended(&first, "invitation_not_found").await;
    let again = "another lamp 4 river";
    let both = tokio::join!(
        invitations::accept(service, (&second, again), CLIENT),
        invitations::accept(service, (&second, again), CLIENT),
    );
    assert!(both.0.is_ok() != both.1.is_ok(), "a link works once");
    assert!(!is_known(&begun.token).await);
    let (address, device) = CLIENT;
    let old = Attempt { name: "ravi", password: PASSWORD, address, device, known: None };
    assert!(matches!(sign_in::sign_in(service, old).await, Err(Error::NotSignedIn(_))));

    let old = accounts::invite(service, admin, ravi.id).await.unwrap();
    let later = "UPDATE invitations SET created_at = now() - interval '24 hours'";
    sqlx::query(later).execute(&pool).await.unwrap();
    ended(&old, "invitation_ended").await;
    // Neither a disabled user, even once enabled again, nor one whose password or address was changed meanwhile comes
    // in by a link; one whose name was changed does.
    let none = UserChanges::default;
    let named = UserChanges {
        display_name: Some("Ravi K".to_owned()),
        email: Some(String::new()),
        ..none()
    };
    let mut open = accounts::invite(service, admin, ravi.id).await.unwrap();
    accounts::update(service, admin, ravi.id, named).await.unwrap();
    invitations::open(service, &open).await.unwrap();
    let changed = UserChanges { password: Some(PASSWORD.to_owned()), ..none() };
    let moved = UserChanges { email: Some("ravi@example.org".to_owned()), ..none() };
    let disabled = UserChanges { is_disabled: Some(true), ..none() };
    for changes in [changed, moved, disabled] {
        open = accounts::invite(service, admin, ravi.id).await.unwrap();
        accounts::update(service, admin, ravi.id, changes).await.unwrap();
        ended(&open, "invitation_ended").await;
    }
    let enabled = UserChanges { is_disabled: Some(false), ..none() };
    accounts::update(service, admin, ravi.id, enabled).await.unwrap();
    ended(&open, "invitation_ended").await;
    for (who, id) in [(&Principal::Anonymous, ravi.id), (admin, UserId(99))] {
        accounts::invite(service, who, id).await.unwrap_err();
        accounts::end_sessions(service, who, id).await.unwrap_err();
        accounts::list_sessions(service, who, id).await.unwrap_err();
    }
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_administrator_invites_users_and_ends_their_sessions(pool: PgPool) {
    let world = World::start(&pool).await;
    let link = |answer: &Value| {
        let link = answer["invitation"].as_str().unwrap();
        let token = link.strip_prefix("https://plant.example/invitation/").unwrap();
        assert_eq!(token.len(), 43, "{link}");
        token.to_owned()
    };
    let admin = json!({"name": "asha", "password": PASSWORD, "roles": [{"role": "admin"}]});
    let admin = world.post("/api/users", &admin).await.done();
    assert_eq!((&admin["hasPassword"], &admin["invitation"]), (&json!(true), &Value::Null));
    let kept = cookies(&sign_in_over_http(&world, "asha", PASSWORD).await);
    let call =
        async |method, path: &str, body| -> Answer { ask(&world, &kept, method, path, body).await };

    let mut ravi = json!({"name": "ravi", "email": "ravi at example", "roles": []});
    call("POST", "/api/users", Some(ravi.clone())).await.invalid("email");
    ravi["email"] = "ravi@example.org".into();
    let ravi = call("POST", "/api/users", Some(ravi)).await.done();
    assert_eq!((&ravi["hasPassword"], &ravi["email"]), (&json!(false), &json!("ravi@example.org")));
    let path = format!("/api/users/{}", ravi["id"]);
    let again = call("POST", &format!("{path}/invitation"), None).await.is(201).data();
    assert_ne!(link(&again), link(&ravi));
    let changes = json!({"email": "", "isDisabled": true});
    let disabled = call("PATCH", &path, Some(changes)).await.done();
    assert_eq!(disabled["email"], Value::Null);
    let refused = call("POST", &format!("{path}/invitation"), None).await;
    refused.refused(409, "user_disabled", None);
    call("POST", "/api/users/99/invitation", None).await.refused(404, "user_not_found", None);

    let sessions = format!("/api/users/{}/sessions", admin["id"]);
    let listed = call("GET", &sessions, None).await.done();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["address"]), (1, &json!("127.0.0.1")));
    assert_eq!(call("DELETE", &sessions, None).await.done()["name"], "asha");
    call("GET", &sessions, None).await.refused(401, "unauthorized", None);
    world.end().await;
}
