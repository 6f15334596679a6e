//! The API from the outside: over HTTP, against a real Postgres (`DATABASE_URL` names a server where
//! databases may be made).
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod account;
mod acquisuite;
mod alarms;
mod audit;
mod bad_input;
mod bills;
mod brokers;
mod channels;
mod client;
mod codes;
mod commissioning;
mod commissioning_lines;
mod configuration;
mod contract;
mod corrections;
mod demo;
mod device_changes;
mod device_settings;
mod devices;
mod energy_meters;
mod envelope;
mod factors;
mod figures;
mod forms;
mod grid;
mod guard;
mod history;
mod invitations;
mod live;
mod load;
mod losses;
mod matrix;
mod meters;
mod names;
mod negative;
mod outliers;
mod own_meters;
mod people;
mod portfolio;
mod profiles;
mod quarantine;
mod rated_power;
mod readings;
mod refused_names;
mod register_form;
mod register_rules;
mod reports;
mod rights;
mod rules;
mod series;
mod settings;
mod shared;
mod signs;
mod sites;
mod tariffs;
mod trades;
mod virtual_meters;
mod world;
mod years;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::middleware::from_fn;
use axum::routing::post;
use serde_json::Value;
use server::functions::gate;
use server::guard::{GuardSettings, protect};
use service::Tasks;
use service::operation::supervision::Supervision;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub(crate) use client::{Answer, Request};
use shared::{Own, in_one_world, one_after_another};

/// The pauses between looks at what is waited for, the first and the longest, and how long it may take.
const LOOK: Duration = Duration::from_millis(25);
const LONGEST: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server with its own empty database.
pub(crate) struct World {
    pub(crate) address: SocketAddr,
    pub(crate) pool: PgPool,
    /// The site that the current step has to itself.
    own: Mutex<Option<Own>>,
    supervision: Supervision,
    tasks: Tasks,
    stop: CancellationToken,
}

impl World {
    /// Starts it on connections that, as the program's, are not tried before each statement.
    pub(crate) async fn start(pool: &PgPool) -> Self {
        let untried = PgPoolOptions::new().max_connections(5).test_before_acquire(false);
        let pool = untried.connect_lazy_with((*pool.connect_options()).clone());
        let (service, tasks) =
            service::start_quick(pool.clone(), service::Vault::random()).await.unwrap();
        service::devices::commissioning::may_reach(
            &service,
            acquisition::Outbound::new(true).into(),
        );
        let stop = CancellationToken::new();
        let supervision = service.supervision().clone();
        let public_url = Some("https://plant.example".parse().unwrap());
        // The functions of pages stand behind their gate, as in the program, and do nothing.
        let functions = post(async || "called").route_layer(from_fn(gate));
        let router = protect(
            server::routes::router(service.clone(), Arc::default(), stop.clone())
                .route("/fn/{*name}", functions),
            &GuardSettings { public_url, ..GuardSettings::default() },
            service,
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = router.into_make_service_with_connect_info::<SocketAddr>();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(axum::serve(listener, app).with_graceful_shutdown(stopped).into_future());
        Self { address, pool, own: Mutex::default(), supervision, tasks, stop }
    }

    pub(crate) async fn end(self) {
        self.stop.cancel();
        self.tasks.stop().await;
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Request::new("GET", &self.on_own_site("GET", path)).send(self.address).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = self.for_own_site(method, path, body);
        let path = self.on_own_site(method, path);
        Request::new(method, &path).json(&body).send(self.address).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Request::new("DELETE", &self.on_own_site("DELETE", path)).send(self.address).await
    }

    /// Creates a meter and answers its id.
    pub(crate) async fn meter(&self, body: &Value) -> i64 {
        self.post("/api/Energy/meters", body).await.done()["id"].as_i64().unwrap()
    }

    /// Checks that a body is refused for each change of it, with a code and the field at fault.
    pub(crate) async fn refuses(
        &self,
        method: &str,
        path: &str,
        body: &Value,
        changes: &[(Value, &str, &str)],
    ) {
        for (change, code, field) in changes {
            let answer = self.send(method, path, &with(body, change)).await;
            answer.refused(422, code, Some(field));
        }
    }

    /// Keeps energy from being computed for as long as the answer lives.
    pub(crate) async fn hold_rollup(&self) -> storage::rollup::Turn {
        loop {
            match storage::rollup::take_turn(&self.pool).await.unwrap() {
                Some(turn) => break turn,
                None => tokio::task::yield_now().await,
            }
        }
    }

    /// Waits until an answer is as wanted; what is live follows a change a little later.
    pub(crate) async fn eventually(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let (begun, mut pause) = (Instant::now(), LOOK);
        loop {
            let found = self.get(path).await.json();
            if wanted(&found) {
                return found;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "{path} did not become as wanted within {PATIENCE:?}: {found}"
            );
            tokio::time::sleep(pause).await;
            pause = (pause * 5 / 4).min(LONGEST);
        }
    }
}

/// Checks that an answer has these fields with these values.
macro_rules! has {
    ($answer:expr, $fields:tt) => {
        for (name, value) in serde_json::json!($fields).as_object().unwrap() {
            assert_eq!(&$answer[name.as_str()], value, "{name} of {}", $answer);
        }
    };
}
use has;

/// A body with other fields, or more of them.
pub(crate) fn with(body: &Value, change: &Value) -> Value {
    let mut body = body.clone();
    body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    body
}
