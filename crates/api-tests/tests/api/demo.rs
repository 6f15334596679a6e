//! The accounts that a demonstration can be seen as.

use std::net::{IpAddr, Ipv4Addr};

use domain::SiteSlug;
use domain::people::{Action, Role};
use serde_json::json;
use service::people::accounts::{self, NewRole};
use service::people::demo::{self, DemoAccount};
use service::people::sign_in::{self, Attempt, Sent};
use service::people::tokens;
use service::{Error, Principal, Vault};
use sqlx::PgPool;

use crate::people::PASSWORD;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn they_are_for_this_machine_and_gone_with_the_first_user(pool: PgPool) {
    let (service, tasks) = service::start(pool, Vault::random()).await.unwrap();
    let (service, admin) = (&service, &Principal::Loopback);
    let clerk = || DemoAccount {
        name: "clerk",
        display_name: "Utility clerk",
        role: NewRole { site: Some(SiteSlug::from("world")), role: Role::Utility },
        meters: Vec::new(),
    };
    demo::offer(service, &Principal::Anonymous, &[clerk()]).await.unwrap_err();
    demo::offer(service, admin, &[clerk()]).await.unwrap();
    assert_eq!(demo::offered(service), [("clerk", "Utility clerk")]);
    assert!(!sign_in::has_users(service).await);

    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let attempt = |name| Attempt { name, password: "", address, device: "desk", known: None };
    sign_in::sign_in(service, attempt("clerk")).await.unwrap_err();
    demo::look_as(service, attempt("nobody")).await.unwrap_err();
    let begun = demo::look_as(service, attempt("clerk")).await.unwrap();
    let who = async |session: Option<&str>, is_near| {
        let sent = Sent { session: session.map(str::to_owned), token: None, is_near };
        sign_in::who(service, &sent).await.unwrap()
    };
    let session = Some(&*begun.token);
    let clerk_here = who(session, true).await;
    assert_eq!(clerk_here.account().unwrap().name, "clerk");
    clerk_here.require_somewhere(Action::Bill).unwrap();
    clerk_here.require_somewhere(Action::Configure).unwrap_err();
    assert_eq!(who(session, false).await, Principal::Anonymous);
    assert_eq!(who(None, true).await, Principal::Loopback);
    let ends = chrono::Utc::now() + chrono::TimeDelta::days(1);
    let token = json!({"name": "program", "role": "utility", "site": "world", "expiresAt": ends});
    let token = serde_json::from_value(token).unwrap();
    let made = tokens::create(service, &clerk_here, token).await;
    assert!(matches!(made, Err(Error::Forbidden { .. })), "{made:?}");

    let new = json!({"name": "asha", "password": PASSWORD, "roles": [{"role": "admin"}]});
    let new = serde_json::from_value(new).unwrap();
    accounts::create_here(service, admin, new).await.unwrap();
    assert_eq!(who(session, true).await, Principal::Anonymous);
    demo::look_as(service, attempt("clerk")).await.unwrap_err();
    demo::offer(service, admin, &[clerk()]).await.unwrap();
    assert_eq!(demo::offered(service), []);
    tasks.stop().await;
}
