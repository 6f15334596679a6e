//! A database of the benchmark's own.

use benchmark::Result;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgPool};

/// Makes a database for this benchmark beside the one that `DATABASE_URL` names, so that each run starts from nothing,
/// with this version's schema.
pub(crate) async fn fresh(benchmark: &str) -> Result<PgPool> {
    let url = std::env::var("DATABASE_URL")
        .map_err(|_| "DATABASE_URL names no database server; `cargo xtask bench` starts one")?;
    let name = format!("wattlens_bench_{benchmark}");
    let beside = storage::connect(&url).await?;
    let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&beside).await?;
    let create = format!("CREATE DATABASE {name}");
    sqlx::query(sqlx::AssertSqlSafe(create)).execute(&beside).await?;
    beside.close().await;
    let options: PgConnectOptions = url.parse()?;
    let pool = storage::connect(options.database(&name).to_url_lossy().as_str()).await?;
    storage::migrate(&pool).await?;
    Ok(pool)
}
