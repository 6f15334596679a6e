//! Pages and their functions, for each role on its own site and on another.

use domain::people::{Action, Role};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use server::functions::RULES;
use server::routes::Rule;
use sqlx::PgPool;

use super::people::PASSWORD;
use super::{Program, client};

/// Of the site that none of them may see.
const FOREIGN: [&str; 2] = ["Secret hall", "S-901"];

const PAGES: [&str; 26] = [
    "",
    "meters",
    "losses",
    "carbon",
    "history",
    "alarms",
    "reports",
    "devices",
    "devices/brokers",
    "loggers",
    "grid",
    "connections",
    "simulator",
    "bills",
    "trades",
    "energy",
    "settings",
    "settings/people",
    "settings/system",
    "settings/tariffs",
    "settings/factors",
    "portfolio",
    "help",
    "find",
    "meters/{meter}",
    "meters/{meter}/delete",
];

/// The body of a call to a function about a site.
fn said(function: &str, query: &str, meter: i64) -> Value {
    match function {
        "/fn/map" => {
            let bounds = json!({"south": -90.0, "west": -180.0, "north": 90.0, "east": 180.0});
            json!({"query": query, "view": {"bounds": bounds, "zoom": 12.0}})
        }
        "/fn/meters" => json!({"query": query, "meters": [meter]}),
        _ => json!({"typed": FOREIGN[1], "path": "/losses", "query": query}),
    }
}

#[sqlx::test(migrations = false)]
async fn each_role_is_shown_its_own_site_and_nothing_of_another(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start_on(&pool, &folder.path().join("data"), &[]);
    client();
    let client = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let address = &program.address;
    let mut admin = String::new();
    let post = async |cookie: &str, path: &str, body: Value| {
        let asked = client.post(format!("{address}{path}")).header("origin", address);
        let asked = asked.header("content-type", "application/json").header("cookie", cookie);
        asked.body(body.to_string()).send().await.unwrap()
    };
    let meter = async |number: &str, name: &str, site: &str| {
        let body = json!({"meterNumber": number, "meterName": name, "meterType": "Main"});
        let made = post("", &format!("/api/Energy/meters?site={site}"), body).await;
        let made: Value = serde_json::from_slice(&made.bytes().await.unwrap()).unwrap();
        made["data"]["id"].as_i64().unwrap()
    };
    post("", "/api/sites", json!({"slug": "annexe", "name": "Annexe"})).await;
    let foreign = meter(FOREIGN[1], FOREIGN[0], "default").await;
    let own = meter("A-1", "Workshop", "annexe").await;
    let sign_in = async |name: &str| {
        let body = json!({"name": name, "password": PASSWORD});
        let signed_in = post("", "/api/session", body).await;
        let cookie = signed_in.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    };
    for (name, role, site) in [("asha", Role::Admin, None)]
        .into_iter()
        .chain(Role::ALL.into_iter().map(|role| (role.name(), role, Some("annexe"))))
    {
        let meters = match role {
            Role::Prosumer => json!([{"meterNumber": "A-1", "site": "annexe"}]),
            _ => json!([]),
        };
        let body = json!({"name": name, "password": PASSWORD, "meters": meters,
            "roles": [{"role": role, "site": site}]});
        let made = post(&admin, "/api/users", body).await;
        assert_eq!(made.status(), 201, "{}", made.text().await.unwrap());
        let cookie = sign_in(name).await;
        if site.is_none() {
            admin = cookie;
            continue;
        }
        for (of, slug) in [(own, "annexe"), (foreign, "default")] {
            let query = format!("site={slug}");
            for (function, rule) in RULES {
                let answer = post(&cookie, function, said(function, &query, of)).await;
                let (status, text) = (answer.status(), answer.text().await.unwrap());
                let told = format!("{name} {function} {query}: {status} {text}");
                assert!(FOREIGN.iter().all(|name| !text.contains(name)), "{told}");
                if let (Rule::Needs(action), true) = (rule, of == own) {
                    let may = role.allows(*action) && *function != "/fn/map";
                    assert_eq!(status == 200, may, "{told}");
                }
            }
            for action in app::ACTIONS {
                let url = format!("{address}/act/{}", action.name);
                // A form without fields says nothing that could be done.
                let form = client.post(url).header("cookie", &cookie).body("--X--\r\n");
                let form = form.header("content-type", "multipart/form-data; boundary=X");
                let status = form.send().await.unwrap().status().as_u16();
                let told = format!("{name} /act/{}: {status}", action.name);
                // Prosumers may do some of it to meters of their own.
                let is_closed = status == 403;
                assert!(role == Role::Prosumer || is_closed != role.allows(action.needs), "{told}");
            }
            for page in PAGES {
                let page = page.replace("{meter}", &of.to_string());
                let url = format!("{address}/{page}?{query}");
                let answer = client.get(url).header("cookie", &cookie).send().await.unwrap();
                let (status, text) = (answer.status(), answer.text().await.unwrap());
                let told = format!("{name} /{page}?{query}: {status}");
                assert!(status.as_u16() < 500, "{told}");
                assert!(FOREIGN.iter().all(|name| !text.contains(name)), "{told} {text}");
                if page == "losses" {
                    assert_eq!(status == 200, role.allows(Action::See) && of == own, "{told}");
                }
            }
        }
    }
}
