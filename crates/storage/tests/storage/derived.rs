use chrono::TimeDelta;
use domain::{Kwh, MeterId};
use sqlx::PgPool;
use storage::energy::derived;
use storage::meters::NewMeter;

use crate::world::at;

async fn meter(pool: &PgPool, number: &str) -> MeterId {
    let new = NewMeter::named(storage::sites::DEFAULT, number, number, "Main");
    storage::meters::insert(pool, &new).await.unwrap().id
}

/// What comes in between the reading of the inputs and the writing of the points is in neither.
pub(crate) async fn what_changes_of_an_input_while_points_are_computed_is_noted(pool: &PgPool) {
    let (input, sum) = (meter(pool, "IN").await, meter(pool, "SUM").await);
    let mut terms = pool.begin().await.unwrap();
    storage::meters::virtual_meters::put(&mut terms, sum, &[(input, 1.0)]).await.unwrap();
    terms.commit().await.unwrap();
    let mut db = pool.acquire().await.unwrap();
    let ten = at("2026-11-20T10:00:00Z");
    let hours = |hours| ten + TimeDelta::hours(hours);
    let noted = async || derived::cursors(pool, &[sum]).await.unwrap()[&sum];

    derived::begin_until(pool, sum, hours(3)).await.unwrap();
    derived::inputs_changed(&mut db, &[(input, hours(4))]).await.unwrap();
    assert_eq!(noted().await.changed_from, None, "what is not derived yet is no change");
    derived::inputs_changed(&mut db, &[(input, hours(1))]).await.unwrap();
    let (import, export) = (Kwh(1.0), Kwh::ZERO);
    let last = derived::Stand { at: hours(2), import, export };
    derived::advance(pool, sum, last).await.unwrap();
    assert_eq!(noted().await, derived::Cursor { to: Some(hours(2)), changed_from: Some(hours(1)) });
}
