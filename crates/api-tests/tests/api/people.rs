//! Signing in, roles, and the end of a session.

use domain::people::Role;
use serde_json::{Value, json};
use service::people::accounts::{self, NewAccount};
use service::{Error, Principal};
use sqlx::PgPool;

use crate::{Answer, Request, World};

const PASSWORD: &str = "turbine lamp 4 river";

async fn create(pool: &PgPool, name: &str, role: Role, site: Option<&str>) -> Result<(), Error> {
    let site = site.map(domain::SiteSlug::from);
    let new =
        NewAccount { name, display_name: None, password: PASSWORD, role, site: site.as_ref() };
    accounts::create(pool, &Principal::Loopback, new).await.map(|_| ())
}

async fn sign_in(world: &World, name: &str, password: &str) -> Answer {
    let body = json!({"name": name, "password": password});
    Request::new("POST", "/api/session").json(&body).send(world.address).await
}

/// The cookies that an answer has the browser keep.
fn cookies(answer: &Answer) -> String {
    let kept = answer.cookies.iter().filter_map(|cookie| cookie.split(';').next());
    kept.collect::<Vec<_>>().join("; ")
}

async fn ask(
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
    // What was open to whoever sat at the machine is not any more; at once for this process would be too soon:
    // another one may have created the user.
    while world.get("/api/sites").await.status == 200 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    world.get("/api/sites").await.refused(401, "unauthorized", None);
    assert_eq!(
        world.get("/api/me").await.done(),
        json!({"user": null, "roles": [], "actions": []})
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
async fn a_session_ends_with_its_password_and_a_cookie_that_is_none_is_nobody(pool: PgPool) {
    create(&pool, "asha", Role::Admin, None).await.unwrap();
    let world = World::start(&pool).await;
    let session = sign_in(&world, "asha", PASSWORD).await;
    let kept = cookies(&session);
    ask(&world, &kept, "GET", "/api/sites", None).await.is(200);
    for wrong in ["wattlens=", "wattlens=x", "wattlens=%00", &kept[..kept.len() / 3], "wattlens"] {
        ask(&world, wrong, "GET", "/api/sites", None).await.refused(401, "unauthorized", None);
    }
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
async fn whoever_guesses_waits_and_keeps_nobody_out_who_was_here_before(pool: PgPool) {
    create(&pool, "asha", Role::Admin, None).await.unwrap();
    let world = World::start(&pool).await;
    let device = cookies(&sign_in(&world, "asha", PASSWORD).await);
    let from = |n: usize| format!("198.51.{}.{}", n / 250, n % 250);
    let mut waits = 0;
    for n in 0..40 {
        let body = json!({"name": "asha", "password": format!("guess number {n}")});
        let guess = Request::new("POST", "/api/session").header("X-Forwarded-For", &from(n));
        let answer = guess.json(&body).send(world.address).await;
        assert!([401, 429].contains(&answer.status), "{}", answer.text);
        waits += u32::from(answer.status == 429);
    }
    assert!(waits > 20, "{waits} of 40 had to wait");
    let body = json!({"name": "asha", "password": PASSWORD});
    let stranger = Request::new("POST", "/api/session").json(&body).send(world.address).await;
    stranger.refused(429, "too_many_requests", None);
    let owner = ask(&world, &device, "POST", "/api/session", Some(body)).await;
    assert_eq!(owner.done()["user"]["name"], "asha");
    world.end().await;
}
