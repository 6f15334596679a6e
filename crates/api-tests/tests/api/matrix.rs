//! Every route against every role, by cookie and by token, on what is theirs and what is not.
//!
//! `routes.txt` says of each route who may use it, `roles.txt` what each role may do. Both are to be read, line by
//! line, when they change.

use domain::people::{Action, Role};
use serde_json::{Value, json};
use server::functions::RULES;
use server::routes::{Rule, table};
use sqlx::PgPool;

use crate::people::{PASSWORD, ask, closed, cookies, create, sign_in};
use crate::{Answer, Request, World};

const ROUTES: &str = include_str!("matrix/routes.txt");
const ROLES: &str = include_str!("matrix/roles.txt");
/// The page that tells administrators what the roles are.
const PEOPLE: &str = include_str!("../../../../docs/people.md");

/// A route, and who may use it.
struct Line {
    method: String,
    path: &'static str,
    rule: Rule,
}

/// Every route and every function of pages.
fn lines() -> Vec<Line> {
    let routes = table().into_iter().map(|route| Line {
        method: route.method.to_string(),
        path: route.path,
        rule: route.rule,
    });
    let functions =
        RULES.iter().map(|(path, rule)| Line { method: "POST".to_owned(), path, rule: *rule });
    routes.chain(functions).collect()
}

fn word(rule: Rule) -> String {
    match rule {
        Rule::Public => "public".to_owned(),
        Rule::SignedIn => "signed in".to_owned(),
        Rule::Needs(action) => action.name().to_owned(),
        Rule::NeedsOrOwn(action) => format!("{} or own", action.name()),
    }
}

#[test]
fn each_route_and_each_action_has_the_line_that_was_read() {
    let mut routes: Vec<_> = lines()
        .iter()
        .map(|line| format!("{} {}: {}", line.method, line.path, word(line.rule)))
        .collect();
    routes.sort();
    let mut roles = Vec::new();
    for action in Action::ALL {
        let allowed = Role::ALL.into_iter().filter(|role| role.allows(action)).map(Role::name);
        roles.push(format!("{}: {}", action.name(), allowed.collect::<Vec<_>>().join(" ")));
    }
    for action in Action::ALL {
        let cell = |role: Role| match role {
            Role::Prosumer if Action::OF_OWNERS.contains(&action) => "own meters",
            role if role.allows(action) => "yes",
            _ => "",
        };
        let cells: Vec<_> = Role::ALL.into_iter().map(cell).collect();
        let row = format!("| `{}` | {action} | {} |", action.name(), cells.join(" | "));
        assert!(PEOPLE.contains(&row), "docs/people.md has no line {row}");
    }
    for (read, is) in [(ROUTES, routes), (ROLES, roles)] {
        let read: Vec<_> = read.lines().collect();
        let new: Vec<_> = is.iter().filter(|line| !read.contains(&line.as_str())).collect();
        assert!(new.is_empty(), "not read yet: {new:#?}");
        assert_eq!(read.len(), is.len(), "a line is of nothing");
    }
}

/// The path of a route, about a meter of the default site.
fn about_the_default_site(path: &str, meter: i64) -> String {
    let path = path.replace("{id}", &meter.to_string()).replace("{slug}", "default");
    let path = path
        .replace("{meter}", &meter.to_string())
        .replace("{n}", "1")
        .replace("{month}", "2026-05")
        .replace("{name}", "default");
    match path.as_str() {
        "/api/alarms" | "/api/live" | "/api/live/ws" => format!("{path}?meter={meter}"),
        "/api/bill" | "/bill" => format!("{path}?meter_id={meter}&month=2026-05"),
        _ if path.contains("stream") => format!("{path}?meter_id=W-1"),
        _ => path,
    }
}

/// Headers with which streams are asked for, over a WebSocket or not.
const FOR_STREAMS: [(&str, &str); 5] = [
    ("Accept", "text/event-stream"),
    ("Connection", "Upgrade"),
    ("Upgrade", "websocket"),
    ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

/// By which a request says who sends it.
enum Sender {
    Cookie(String),
    Token(String),
}

impl Sender {
    fn request(&self, method: &str, path: &str) -> Request {
        match self {
            Self::Cookie(kept) => Request::new(method, path).header("Cookie", kept),
            Self::Token(token) => {
                Request::new(method, path).header("Authorization", &format!("Bearer {token}"))
            }
        }
    }

    async fn ask(&self, world: &World, method: &str, path: &str) -> Answer {
        let request = self.request(method, path);
        let request = if method == "GET" { request } else { request.json(&json!({})) };
        request.send(world.address).await
    }
}

/// Somebody of a role on one site or all, with a meter of their own where that is the role, and a token of theirs.
async fn senders(
    world: &World,
    admin: &str,
    (role, site): (Role, Option<&str>),
    meter: &Value,
) -> [Sender; 2] {
    let name = format!("{}-{}", role.name(), site.unwrap_or("all"));
    let meters = if role == Role::Prosumer { json!([meter]) } else { json!([]) };
    let body = json!({"name": name, "password": PASSWORD, "meters": meters,
        "roles": [{"role": role, "site": site}]});
    ask(world, admin, "POST", "/api/users", Some(body)).await.is(201);
    let kept = cookies(&sign_in(world, &name, PASSWORD).await);
    let ends = chrono::Utc::now() + chrono::TimeDelta::days(1);
    let body = json!({"name": "program", "role": role, "expiresAt": ends, "site": site});
    let made = ask(world, &kept, "POST", "/api/tokens", Some(body)).await.is(201).json();
    [Sender::Cookie(kept), Sender::Token(made["data"]["token"].as_str().unwrap().to_owned())]
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn each_role_is_let_through_to_its_routes_alone(pool: PgPool) {
    let world = World::start(&pool).await;
    let meter = json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main"});
    world.meter(&meter).await;
    world.post("/api/admin/meter", &json!({"meter_id": "W-1"})).await.is(201);
    create(&pool, "asha", Role::Admin, None).await.unwrap();
    closed(&world).await;
    let admin = cookies(&sign_in(&world, "asha", PASSWORD).await);
    for role in Role::ALL {
        for sender in senders(&world, &admin, (role, None), &json!({"meterNumber": "M-1"})).await {
            let is_token = matches!(sender, Sender::Token(_));
            for line in lines() {
                let (action, is_own) = match line.rule {
                    Rule::Needs(action) => (action, false),
                    Rule::NeedsOrOwn(action) => (action, role == Role::Prosumer),
                    Rule::Public | Rule::SignedIn => continue,
                };
                let is_for_people = is_token && action == Action::ManagePeople;
                let may = (role.allows(action) && !is_for_people) || is_own;
                let path = about_the_default_site(line.path, 1);
                // An empty body is no reason to change something; functions do nothing here.
                if may && line.method != "GET" && !line.path.starts_with("/fn/") {
                    continue;
                }
                if may && (line.path.contains("live") || line.path.contains("stream")) {
                    let request = sender.request("GET", &path);
                    let request = FOR_STREAMS.iter().fold(request, |it, (n, v)| it.header(n, v));
                    let opened = request.opens(world.address).await;
                    let expected = if line.path.ends_with("/ws") { 101 } else { 200 };
                    assert_eq!(opened, expected, "{} {path}", role.name());
                    continue;
                }
                let answer = sender.ask(&world, &line.method, &path).await;
                let told = format!("{} {} {path}: {}", role.name(), line.method, answer.text);
                assert_eq!(answer.status == 403, !may, "{told}");
            }
        }
    }
    world.end().await;
}

/// Routes that show what belongs to no site: brokers, types of meters, one's own sites, their changes, and tokens.
const OF_NO_SITE: [&str; 10] = [
    "/api/mqtt/brokers",
    "/api/mqtt/brokers/{name}",
    "/api/profiles",
    "/api/sites",
    "/api/portfolio",
    "/api/me",
    "/api/audit",
    "/api/audit.csv",
    "/api/tokens",
    "/api/tokens/{id}",
];

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn nothing_of_another_site_is_there_for_any_role(pool: PgPool) {
    let world = World::start(&pool).await;
    world.post("/api/sites", &json!({"slug": "annexe", "name": "Annexe"})).await.is(201);
    let meter = json!({"meterNumber": "M-1", "meterName": "Main", "meterType": "Main"});
    let id = world.meter(&meter).await;
    world.post("/api/admin/meter", &json!({"meter_id": "W-1"})).await.is(201);
    let annexe = json!({"meterNumber": "A-1", "meterName": "Other", "meterType": "Main"});
    let own = world.post("/api/Energy/meters?site=annexe", &annexe).await.done();
    create(&pool, "asha", Role::Admin, None).await.unwrap();
    closed(&world).await;
    let admin = cookies(&sign_in(&world, "asha", PASSWORD).await);
    let of_annexe = json!({"meterNumber": "A-1", "site": "annexe"});
    for role in Role::ALL {
        for sender in senders(&world, &admin, (role, Some("annexe")), &of_annexe).await {
            for line in lines().into_iter().filter(|line| line.rule != Rule::Public) {
                // Another site's answers of functions are asked of a running program, in a test of its own.
                let is_function = line.path.starts_with("/fn/");
                if is_function || OF_NO_SITE.contains(&line.path) || line.path == "/api/session" {
                    continue;
                }
                // What lists is about all sites: of those only one's own are shown.
                let path = about_the_default_site(line.path, id);
                let answer = sender.ask(&world, &line.method, &path).await;
                let told = format!(
                    "{} {} {path}: {} {}",
                    role.name(),
                    line.method,
                    answer.status,
                    answer.text
                );
                let is_list_of_own =
                    line.path.starts_with("/api/bills") || line.path.contains("p2p-trade");
                let refused = [400, 403, 404, 409, 415, 422].contains(&answer.status);
                assert!(refused || (role == Role::Prosumer && is_list_of_own), "{told}");
                assert!(!answer.text.contains("Main"), "{told}");
            }
        }
    }
    let operator = cookies(&sign_in(&world, "operator-annexe", PASSWORD).await);
    let sites = ask(&world, &operator, "GET", "/api/portfolio", None).await;
    assert!(sites.text.contains("annexe") && !sites.text.contains("default"), "{}", sites.text);
    let path = format!("/api/Energy/meters/{}", own["id"]);
    let changed = ask(&world, &operator, "PATCH", &path, Some(json!({"meterName": "Mine"}))).await;
    assert_eq!(changed.done()["meterName"], "Mine");
    ask(&world, &operator, "GET", "/api/Energy/meters/hierarchy?site=annexe", None).await.is(200);
    world.end().await;
}
