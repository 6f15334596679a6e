//! The own account: profile, password and sessions.

use std::net::IpAddr;

use domain::language::Language;
use domain::people::Role;
use service::people::account;
use service::people::accounts::{self, NewRole, NewUser};
use service::people::sign_in::{self, Attempt, Begun, Sent};
use service::{Error, Principal, Service, Vault};
use sqlx::PgPool;

const PASSWORD: &str = "turbine lamp 4 river";
const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 7));

async fn begin(service: &Service, password: &str, device: &str) -> Begun {
    let attempt = Attempt { name: "asha", password, address: HERE, device, known: None };
    sign_in::sign_in(service, attempt).await.unwrap()
}

fn refused_at(refused: Result<(), Error>) -> Option<String> {
    match refused.unwrap_err() {
        Error::Invalid { code: "invalid_value", field, .. } => field,
        other => panic!("{other:?}"),
    }
}

fn sent(session: &str) -> Sent {
    Sent { session: Some(session.to_owned()), ..Sent::default() }
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn users_change_their_profile_password_and_sessions_themselves(pool: PgPool) {
    let (service, tasks) = service::start(pool, Vault::random()).await.unwrap();
    let service = &service;
    for nobody in [Principal::Loopback, Principal::Anonymous] {
        account::set_profile(service, &nobody, "Asha", None).await.unwrap_err();
    }
    let new = NewUser {
        name: "asha".to_owned(),
        display_name: None,
        email: None,
        password: Some(PASSWORD.to_owned()),
        roles: vec![NewRole { site: None, role: Role::Admin }],
        meters: Vec::new(),
    };
    accounts::create_here(service, &Principal::Loopback, new).await.unwrap();
    let (desk, phone) =
        (begin(service, PASSWORD, "desk").await, begin(service, PASSWORD, "phone").await);
    let is_known =
        async |begun: &Begun| sign_in::who(service, &sent(&begun.token)).await.unwrap().is_known();
    let who = &desk.who;

    let unnamed = account::set_profile(service, who, " ", None).await;
    assert_eq!(refused_at(unnamed).as_deref(), Some("displayName"));
    account::set_profile(service, who, "Asha Rao", Some(Language::De)).await.unwrap();
    let now = sign_in::who(service, &sent(&desk.token)).await.unwrap();
    let user = now.signed_in().unwrap();
    assert_eq!(
        (user.account.display_name.as_str(), user.language),
        ("Asha Rao", Some(Language::De))
    );

    let other = "another lamp 4 river";
    let change = async |pair| account::change_password(service, who, pair).await;
    assert_eq!(refused_at(change(("a guess", other)).await).as_deref(), Some("password"));
    assert_eq!(refused_at(change((PASSWORD, "short")).await).as_deref(), Some("newPassword"));
    // Whoever guesses at the same address keeps nobody waiting who has signed in.
    let guess = Attempt {
        name: "asha",
        password: "a guess",
        address: HERE,
        device: "stranger",
        known: None,
    };
    for _ in 0..6 {
        sign_in::sign_in(service, guess).await.unwrap_err();
    }
    change((PASSWORD, other)).await.unwrap();
    assert!(is_known(&desk).await && !is_known(&phone).await);
    for _ in 0..5 {
        change(("a guess", other)).await.unwrap_err();
    }
    // One's own mistakes count.
    assert!(matches!(change((other, PASSWORD)).await, Err(Error::Busy(_))));

    let known = Some(desk.known.as_str());
    let again = Attempt { name: "asha", password: other, address: HERE, device: "phone", known };
    let phone = sign_in::sign_in(service, again).await.unwrap();
    let sessions = account::list_sessions(service, who).await.unwrap();
    let of_phone = sessions.iter().find(|session| session.device == "phone").unwrap();
    assert_eq!((sessions.len(), of_phone.address.as_str()), (2, "203.0.113.7"));
    account::end_session(service, who, of_phone.id).await.unwrap();
    assert!(is_known(&desk).await && !is_known(&phone).await);
    account::sign_out_everywhere(service, who).await.unwrap();
    assert!(!is_known(&desk).await);
    tasks.stop().await;
}
