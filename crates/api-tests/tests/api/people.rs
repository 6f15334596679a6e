//! Signing in, roles, and the end of a session.

use std::sync::Arc;

use domain::SiteId;
use domain::people::{Grant, Role, UserId};
use futures::StreamExt as _;
use serde_json::{Value, json};
use service::bills::page;
use service::pages::Query;
use service::people::accounts::{self, NewRole, NewUser};
use service::people::principal::{Account, SignedIn};
use service::{Error, Principal};
use sqlx::PgPool;
use sqlx::types::Uuid;
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use crate::{Answer, Request, World};

pub(super) const PASSWORD: &str = "turbine lamp 4 river";

pub(super) async fn create(
    pool: &PgPool,
    name: &str,
    role: Role,
    site: Option<&str>,
) -> Result<(), Error> {
    let roles = vec![NewRole { site: site.map(domain::SiteSlug::from), role }];
    let (name, password) = (name.to_owned(), PASSWORD.to_owned());
    let (display_name, email, password) = (None, None, Some(password));
    let new = NewUser { name, display_name, email, password, roles, meters: Vec::new() };
    accounts::create(pool, &Principal::Loopback, new).await.map(|_| ())
}

pub(super) async fn sign_in(world: &World, name: &str, password: &str) -> Answer {
    let body = json!({"name": name, "password": password});
    Request::new("POST", "/api/session").json(&body).send(world.address).await
}

/// Waits until the machine is not open any more to whoever sits at it: another process may create users, so
/// that they are looked for every few seconds.
pub(super) async fn closed(world: &World) {
    while world.get("/api/sites").await.status == 200 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// The cookies that an answer has the browser keep.
pub(super) fn cookies(answer: &Answer) -> String {
    let kept = answer.cookies.iter().filter_map(|cookie| cookie.split(';').next());
    kept.collect::<Vec<_>>().join("; ")
}

pub(super) async fn ask(
    world: &World,
    cookies: &str,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> Answer {
    let request = Request::new(method, path).header("Cookie", cookies);
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    request.send(world.address).await
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn from_the_first_user_on_everybody_signs_in_and_may_do_what_their_role_says(pool: PgPool) {
    let world = World::start(&pool).await;
    assert_eq!(world.get("/api/me").await.done()["roles"], json!(["admin"]));
    sign_in(&world, "asha", PASSWORD).await.refused(401, "sign_in_failed", None);
    let refused = create(&pool, "asha", Role::Viewer, None).await.unwrap_err();
    assert!(refused.to_string().contains("--role admin"), "{refused}");
    create(&pool, "asha", Role::Admin, None).await.unwrap();
    create(&pool, "Ravi", Role::Viewer, None).await.unwrap();
    create(&pool, "mina", Role::Operator, Some("world")).await.unwrap();
    let unknown = accounts::set_password(&pool, &Principal::Loopback, ("nobody", PASSWORD)).await;
    assert!(matches!(unknown, Err(Error::NotFound { code: "user_not_found", .. })), "{unknown:?}");
    for name in ["ASHA", "a", "\u{430}sha"] {
        create(&pool, name, Role::Admin, None).await.unwrap_err();
    }
    closed(&world).await;
    world.get("/api/sites").await.refused(401, "unauthorized", None);
    assert_eq!(
        world.get("/api/me").await.done(),
        json!({"user": null, "roles": [], "actions": [], "meters": []})
    );

    sign_in(&world, "asha", "turbine lamp 5 river").await.refused(401, "sign_in_failed", None);
    sign_in(&world, "nobody", PASSWORD).await.refused(401, "sign_in_failed", None);
    let admin = sign_in(&world, " Asha ", PASSWORD).await;
    assert_eq!(admin.data()["user"]["name"], "asha");
    assert!(admin.cookies.iter().all(|it| it.contains("HttpOnly") && it.contains("SameSite=Lax")));
    let (admin, viewer) = (cookies(&admin), cookies(&sign_in(&world, "ravi", PASSWORD).await));
    let new = || Some(json!({"slug": "annexe", "name": "Annexe"}));
    ask(&world, &viewer, "POST", "/api/sites", new()).await.refused(403, "forbidden", None);
    ask(&world, &admin, "POST", "/api/sites", new()).await.is(201);
    assert_eq!(
        ask(&world, &viewer, "GET", "/api/sites", None).await.done().as_array().unwrap().len(),
        3
    );
    ask(&world, &viewer, "GET", "/api/audit", None).await.refused(403, "forbidden", None);
    let name = Some(json!({"name": "Works"}));
    ask(&world, &admin, "PATCH", "/api/sites/default", name).await.is(200);
    let log = ask(&world, &admin, "GET", "/api/audit", None).await.done();
    let noted = |action: &str| {
        log.as_array().unwrap().iter().any(|it| it["action"] == action && it["who"] == "asha")
    };
    assert!(noted("session.begin") && noted("site.update"), "{log}");
    assert!(!log.to_string().contains("argon2"));

    // On one site alone: the others are not there.
    let operator = cookies(&sign_in(&world, "mina", PASSWORD).await);
    let sites = ask(&world, &operator, "GET", "/api/sites", None).await.done();
    assert_eq!(sites.as_array().unwrap().len(), 1, "{sites}");
    let other = ask(&world, &operator, "GET", "/api/sites/default", None).await;
    other.refused(404, "site_not_found", None);
    let meters = ask(&world, &operator, "GET", "/api/Energy/meters/1", None).await;
    assert!([403, 404].contains(&meters.status), "{}", meters.text);

    ask(&world, &viewer, "DELETE", "/api/session", None).await.is(200);
    ask(&world, &viewer, "GET", "/api/sites", None).await.refused(401, "unauthorized", None);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_stream_ends_with_its_session(pool: PgPool) {
    create(&pool, "asha", Role::Admin, None).await.unwrap();
    let world = World::start(&pool).await;
    let kept = cookies(&sign_in(&world, "asha", PASSWORD).await);
    let mut asked = format!("ws://{}/api/live/ws", world.address).into_client_request().unwrap();
    asked.headers_mut().insert("cookie", kept.parse().unwrap());
    let stream = TcpStream::connect(world.address).await.unwrap();
    let mut socket = client_async(asked, stream).await.unwrap().0;
    socket.next().await.unwrap().unwrap();
    ask(&world, &kept, "DELETE", "/api/session", None).await.is(200);
    let rest = async { while let Some(Ok(_)) = socket.next().await {} };
    tokio::time::timeout(std::time::Duration::from_mins(1), rest).await.unwrap();
    ask(&world, &kept, "GET", "/api/live", None).await.refused(401, "unauthorized", None);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_session_ends_with_its_password_and_a_cookie_that_is_none_is_nobody(pool: PgPool) {
    create(&pool, "asha", Role::Admin, None).await.unwrap();
    let world = World::start(&pool).await;
    let session = sign_in(&world, "asha", PASSWORD).await;
    let kept = cookies(&session);
    ask(&world, &kept, "GET", "/api/sites", None).await.is(200);
    for wrong in ["wattlens=", "wattlens=x", "wattlens=%00", &kept[..kept.len() / 3], "wattlens"] {
        ask(&world, wrong, "GET", "/api/sites", None).await.refused(401, "unauthorized", None);
    }
    // The protocol has no such character.
    let broken = Request::new("GET", "/api/sites").header("Cookie", "wattlens=\0");
    assert_eq!(broken.opens(world.address).await, 400);
    // By another process, such as the command line: seen a few seconds later.
    let pair = ("asha", "another lamp 4 river");
    accounts::set_password(&pool, &Principal::Loopback, pair).await.unwrap();
    let changed = std::time::Instant::now();
    while ask(&world, &kept, "GET", "/api/sites", None).await.status == 200 {
        assert!(changed.elapsed().as_secs() < 5, "the session goes on");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    sign_in(&world, "asha", PASSWORD).await.refused(401, "sign_in_failed", None);
    sign_in(&world, "asha", pair.1).await.is(200);
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn sessions_and_tokens_end_by_themselves(pool: PgPool) {
    create(&pool, "asha", Role::Admin, None).await.unwrap();
    let world = World::start(&pool).await;
    let mut kept = Vec::new();
    for _ in 0..3 {
        kept.push(cookies(&sign_in(&world, "asha", PASSWORD).await));
    }
    let ends = chrono::Utc::now() + chrono::TimeDelta::days(1);
    let token = json!({"name": "program", "role": "viewer", "expiresAt": ends});
    let token = ask(&world, &kept[2], "POST", "/api/tokens", Some(token)).await.done();
    let token = format!("Bearer {}", token["token"].as_str().unwrap());
    for aged in [
        "UPDATE tokens SET created_at = now() - interval '2 days', expires_at = now()",
        "UPDATE sessions SET created_at = now() - interval '30 days' \
         WHERE id = (SELECT id FROM sessions ORDER BY created_at LIMIT 1)",
        "UPDATE sessions SET used_at = now() - interval '7 days' \
         WHERE id = (SELECT id FROM sessions ORDER BY created_at OFFSET 1 LIMIT 1)",
    ] {
        sqlx::query(aged).execute(&pool).await.unwrap();
    }
    let program = Request::new("GET", "/api/sites").header("Authorization", &token);
    program.send(world.address).await.refused(401, "sign_in_failed", None);
    // A session is looked up anew after some seconds.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    for (session, expected) in kept.iter().zip([401, 401, 200]) {
        ask(&world, session, "GET", "/api/sites", None).await.is(expected);
    }
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn whoever_guesses_waits_and_keeps_nobody_out_who_was_here_before(pool: PgPool) {
    create(&pool, "asha", Role::Admin, None).await.unwrap();
    let world = World::start(&pool).await;
    let device = cookies(&sign_in(&world, "asha", PASSWORD).await);
    let from = |n: usize| format!("198.51.{}.{}", n / 250, n % 250);
    let mut waits = 0;
    for n in 0..1_000 {
        let body = json!({"name": "asha", "password": format!("guess number {n}")});
        let guess = Request::new("POST", "/api/session").header("X-Forwarded-For", &from(n));
        let answer = guess.json(&body).send(world.address).await;
        assert!([401, 429].contains(&answer.status), "{}", answer.text);
        waits += u32::from(answer.status == 429);
    }
    assert!(waits > 900, "{waits} of 1000 had to wait");
    let body = json!({"name": "asha", "password": PASSWORD});
    let stranger = Request::new("POST", "/api/session").json(&body).send(world.address).await;
    stranger.refused(429, "too_many_requests", None);
    let owner = ask(&world, &device, "POST", "/api/session", Some(body)).await;
    assert_eq!(owner.done()["user"]["name"], "asha");
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn of_a_crowd_that_signs_in_at_once_some_are_sent_away_and_the_owner_is_not(pool: PgPool) {
    create(&pool, "asha", Role::Admin, None).await.unwrap();
    let world = World::start(&pool).await;
    let device = cookies(&sign_in(&world, "asha", PASSWORD).await);
    let stranger = async |n: usize| {
        let body = json!({"name": format!("stranger-{n}"), "password": PASSWORD});
        let from = format!("203.0.113.{n}");
        let sent = Request::new("POST", "/api/session").header("X-Forwarded-For", &from);
        sent.json(&body).send(world.address).await
    };
    let crowd = futures::future::join_all((0..80).map(stranger));
    let body = json!({"name": "asha", "password": PASSWORD});
    let owner = ask(&world, &device, "POST", "/api/session", Some(body));
    let (crowd, owner) = tokio::join!(crowd, owner);
    owner.is(200);
    let away: Vec<_> = crowd.iter().filter(|answer| answer.status == 429).collect();
    assert!(away.len() > 16 && crowd.len() > away.len() + 8, "{} were sent away", away.len());
    for answer in away {
        answer.refused(429, "too_many_requests", None);
    }
    world.end().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_map_finds_meters_of_ones_own_sites_alone(pool: PgPool) {
    let world = "SELECT id FROM sites WHERE slug = 'world'";
    let world = sqlx::query_scalar(world).fetch_one(&pool).await.unwrap();
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let meter = json!({"meterNumber": "M-1", "meterName": "Secret hall", "meterType": "Main",
        "latitude": 48.1, "longitude": 11.5});
    let admin = &Principal::Loopback;
    let meter = serde_json::from_value(meter).unwrap();
    service::meters::create(&service, admin, None, meter).await.unwrap();
    let query = Query::parse("place=Secret hall");
    let found = async |who: &Principal| {
        let page = service::grid::page::grid(&service, who, &query).await.unwrap();
        format!("{:?}", page.found).contains("48.1")
    };
    while !found(admin).await {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(!found(&with(&[Role::Viewer], Some(SiteId(world)))).await);
    tasks.stop().await;
}

/// Somebody with these roles on one site or on all.
pub(super) fn with(roles: &[Role], site: Option<SiteId>) -> Principal {
    Principal::User(Arc::new(SignedIn {
        account: Account {
            user: UserId(1),
            name: "ravi".to_owned(),
            display_name: "Ravi".to_owned(),
            grants: roles.iter().map(|role| Grant { role: *role, site }).collect(),
            own: Vec::new(),
        },
        language: None,
        is_demo: false,
        session: Uuid::nil(),
        token: [0; 32],
    }))
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_prosumer_without_a_meter_is_told_whom_to_ask(pool: PgPool) {
    let (service, tasks) = service::start(pool, service::Vault::random()).await.unwrap();
    let (who, query) = (with(&[Role::Prosumer], Some(SiteId(1))), Query::parse("site=world"));
    for refused in [
        page::bills(&service, &who, &query).await.map(drop),
        page::my_energy::my_energy(&service, &who, &query).await.map(drop),
        page::trades::trades(&service, &who, &query).await.map(drop),
    ] {
        let Err(Error::NotFound { code: "meter_not_found", message }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(message.code, "account.no_meter");
    }
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn an_administrator_creates_changes_and_erases_users(pool: PgPool) {
    let world = World::start(&pool).await;
    let new =
        |name: &str, roles: Value| json!({"name": name, "password": PASSWORD, "roles": roles});
    let everywhere = || json!([{"role": "admin"}]);
    let viewer = new("ravi", json!([{"site": "world", "role": "viewer"}]));
    world.post("/api/users", &viewer).await.refused(422, "invalid_value", Some("roles"));
    let admin = world.post("/api/users", &new("asha", everywhere())).await.done();
    world.get("/api/users").await.refused(401, "unauthorized", None);
    let kept = cookies(&sign_in(&world, "asha", PASSWORD).await);
    let asha = format!("/api/users/{}", admin["id"]);
    let ravi = ask(&world, &kept, "POST", "/api/users", Some(viewer.clone())).await.done();
    assert_eq!(ravi["roles"], json!([{"site": "world", "role": "viewer"}]));
    let again = ask(&world, &kept, "POST", "/api/users", Some(viewer)).await;
    again.refused(409, "name_taken", Some("name"));
    for (wrong, field) in [
        (json!({"name": "x y"}), "name"),
        (json!({"password": "short"}), "password"),
        (json!({"password": "mina12345678"}), "password"),
        (json!({"displayName": " "}), "displayName"),
    ] {
        let mut body = new("mina", json!([]));
        body.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        ask(&world, &kept, "POST", "/api/users", Some(body)).await.invalid(field);
    }
    let nowhere = new("mina", json!([{"site": "nowhere", "role": "viewer"}]));
    ask(&world, &kept, "POST", "/api/users", Some(nowhere)).await.is(404);

    let ravis = cookies(&sign_in(&world, "ravi", PASSWORD).await);
    ask(&world, &ravis, "GET", "/api/sites/world", None).await.is(200);
    ask(&world, &ravis, "GET", "/api/users", None).await.refused(403, "forbidden", None);
    let path = format!("/api/users/{}", ravi["id"]);
    let roles =
        json!({"roles": [{"site": "default", "role": "operator"}], "displayName": "Ravi K"});
    let changed = ask(&world, &kept, "PATCH", &path, Some(roles)).await.done();
    assert_eq!(
        (changed["displayName"].as_str(), &changed["roles"][0]["site"]),
        (Some("Ravi K"), &json!("default"))
    );
    ask(&world, &ravis, "GET", "/api/sites/world", None).await.refused(401, "unauthorized", None);
    let ravis = cookies(&sign_in(&world, "ravi", PASSWORD).await);
    ask(&world, &ravis, "GET", "/api/sites/world", None).await.is(404);
    let disable = || Some(json!({"isDisabled": true}));
    assert_eq!(ask(&world, &kept, "PATCH", &path, disable()).await.done()["isDisabled"], true);
    ask(&world, &ravis, "GET", "/api/me", None).await.is(200);
    ask(&world, &ravis, "GET", "/api/sites", None).await.refused(401, "unauthorized", None);
    sign_in(&world, "ravi", PASSWORD).await.refused(401, "sign_in_failed", None);
    let set = accounts::set_password(&pool, &Principal::Loopback, ("ravi", PASSWORD)).await;
    assert!(matches!(set, Err(Error::Conflict { code: "user_disabled", .. })), "{set:?}");

    // One who has only been invited cannot manage users yet.
    let invited = Some(json!({"name": "invited", "roles": [{"role": "admin"}]}));
    ask(&world, &kept, "POST", "/api/users", invited).await.is(201);
    for (method, body) in
        [("PATCH", disable()), ("PATCH", Some(json!({"roles": []}))), ("DELETE", None)]
    {
        ask(&world, &kept, method, &asha, body).await.refused(409, "last_admin", None);
    }
    ask(&world, &kept, "DELETE", &path, None).await.is(200);
    let left = ask(&world, &kept, "GET", &path, None).await.done();
    assert!(!left.to_string().contains("avi") && left["isDisabled"] == true, "{left}");
    ask(&world, &kept, "GET", "/api/users/99", None).await.refused(404, "user_not_found", None);
    let log = ask(&world, &kept, "GET", "/api/audit", None).await.text;
    assert!(
        log.contains("user.erase") && !log.contains(PASSWORD) && !log.contains("argon2"),
        "{log}"
    );
    world.end().await;
}
