//! What the table of tasks says of the database is there.

use std::collections::HashSet;

use service::tasks::TABLE;
use sqlx::PgPool;

pub(crate) async fn tables_that_tasks_own_and_change_exist(pool: &PgPool) {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
            .fetch_all(pool)
            .await
            .unwrap();
    let there: HashSet<String> = rows.into_iter().map(|(name,)| name).collect();
    for entry in TABLE {
        for table in entry.owns.iter().chain(entry.changes) {
            assert!(there.contains(*table), "{:?} names {table}, which is no table", entry.task);
        }
    }
}
