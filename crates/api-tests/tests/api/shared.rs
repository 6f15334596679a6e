//! One world for several tests: each is a step that has a site to itself.

use serde_json::Value;

use crate::World;
use crate::contract;

/// A test of several steps in one world, each on a site of its own.
macro_rules! in_one_world {
    ($test:ident: $($step:path),+ $(,)?) => {
        #[sqlx::test(migrator = "storage::MIGRATOR")]
        async fn $test(pool: sqlx::PgPool) {
            let world = $crate::World::start(&pool).await;
            $(
                world.enter(stringify!($step)).await;
                Box::pin($step(&world)).await;
            )+
            world.end().await;
        }
    };
}
pub(crate) use in_one_world;

/// A test of several steps in one world, each of which goes on where the one before it ended.
macro_rules! one_after_another {
    ($test:ident: $($step:path),+ $(,)?) => {
        #[sqlx::test(migrator = "storage::MIGRATOR")]
        async fn $test(pool: sqlx::PgPool) {
            let world = $crate::World::start(&pool).await;
            $( Box::pin($step(&world)).await; )+
            world.end().await;
        }
    };
}
pub(crate) use one_after_another;

/// Steps begin by creating sites and meters.
const NOT_OF_THE_SET_UP: &str = "action NOT IN ('site.create', 'meter.create')";

/// The site of a step, and what the audit log had when the step began.
#[derive(Clone)]
pub(crate) struct Own {
    slug: String,
    id: i64,
    noted_before: i64,
}

impl World {
    /// Begins a step: what it asks for and makes is of a new site from now on, wherever it names none.
    pub(crate) async fn enter(&self, step: &str) {
        let slug = step.replace("::", "-").replace('_', "-");
        *self.own.lock().unwrap() = None;
        let site = serde_json::json!({"slug": slug, "name": "Default site"});
        self.post("/api/sites", &site).await.done();
        let (id, noted_before) = sqlx::query_as(
            "SELECT id, (SELECT coalesce(max(id), 0) FROM audit_log) FROM sites WHERE slug = $1",
        )
        .bind(&slug)
        .fetch_one(&self.pool)
        .await
        .unwrap();
        *self.own.lock().unwrap() = Some(Own { slug, id, noted_before });
    }

    fn own(&self) -> Option<Own> {
        self.own.lock().unwrap().clone()
    }

    /// The slug of the step's site.
    pub(crate) fn site(&self) -> String {
        self.own().map_or_else(|| "default".to_owned(), |own| own.slug)
    }

    /// The id of the step's site.
    pub(crate) fn site_id(&self) -> i64 {
        self.own().map_or(1, |own| own.id)
    }

    /// The address that asks the same of the step's site.
    pub(crate) fn on_own_site(&self, method: &str, address: &str) -> String {
        let Some(own) = self.own() else { return address.to_owned() };
        let default = "/api/sites/default";
        let address = address.replacen(default, &format!("/api/sites/{}", own.slug), 1);
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        let names_one = query.split('&').any(|pair| pair.starts_with("site="));
        if names_one || !contract::asks_for_a_site(method, path) {
            return address;
        }
        let mark = if address.contains('?') { '&' } else { '?' };
        format!("{address}{mark}site={}", own.slug)
    }

    /// The body with the step's site, where it may name one and does not.
    pub(crate) fn for_own_site(&self, method: &str, address: &str, body: &Value) -> Value {
        let mut body = body.clone();
        let path = address.split('?').next().unwrap_or_default();
        if let (Some(own), Some(fields)) = (self.own(), body.as_object_mut())
            && method == "POST"
            && contract::takes_a_site(path)
        {
            fields.entry("site").or_insert_with(|| own.slug.into());
        }
        body
    }

    /// How many rows a table has of the step's site, where its rows are of sites.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        let columns: Vec<String> = sqlx::query_scalar(
            "SELECT column_name::text FROM information_schema.columns WHERE table_name = $1",
        )
        .bind(table)
        .fetch_all(&self.pool)
        .await
        .unwrap();
        let has = |name: &str| columns.iter().any(|column| column == name);
        let rows = match self.own() {
            own if table == "audit_log" => {
                let before = own.map_or(0, |own| own.noted_before);
                format!("id > {before} AND {NOT_OF_THE_SET_UP}")
            }
            Some(own) if has("site_id") => format!("site_id = {}", own.id),
            Some(_) if has("meter_id") => format!("meter_id IN ({})", self.meters()),
            _ => "true".to_owned(),
        };
        let statement = format!("SELECT count(*) FROM {table} WHERE {rows}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(statement)).fetch_one(&self.pool).await.unwrap()
    }

    /// The query of the meters of the step's site.
    pub(crate) fn meters(&self) -> String {
        format!("SELECT id FROM energy_meters WHERE site_id = {}", self.site_id())
    }

    /// What was noted since the step began, oldest first.
    pub(crate) async fn noted(&self) -> Vec<String> {
        let before = self.own().map_or(0, |own| own.noted_before);
        let statement = format!(
            "SELECT action FROM audit_log WHERE id > {before} AND {NOT_OF_THE_SET_UP} ORDER BY id"
        );
        sqlx::query_scalar(sqlx::AssertSqlSafe(statement)).fetch_all(&self.pool).await.unwrap()
    }
}
