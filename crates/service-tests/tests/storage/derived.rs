use chrono::TimeDelta;
use domain::{Kwh, MeterId};
use sqlx::PgPool;
use storage::energy::derived;
use storage::meters::{NewMeter, virtual_meters};

use crate::world::{at, reading};

async fn meter(pool: &PgPool, number: &str) -> MeterId {
    let new = NewMeter::named(storage::sites::DEFAULT, number, number, "Main");
    storage::meters::insert(pool, &new).await.unwrap().id
}

/// What comes in between the reading of the inputs and the writing of the points is in neither.
pub(crate) async fn what_changes_of_an_input_while_points_are_computed_is_noted(pool: &PgPool) {
    let (input, sum) = (meter(pool, "IN").await, meter(pool, "SUM").await);
    let mut terms = pool.begin().await.unwrap();
    virtual_meters::put(&mut terms, sum, &[(input, 1.0)]).await.unwrap();
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

/// Points are stored a moment before it is noted that they are.
pub(crate) async fn new_terms_hold_from_their_instant_once_points_are_stored(pool: &PgPool) {
    let (old, new) = (meter(pool, "OLD").await, meter(pool, "NEW").await);
    let (silent, shown) = (meter(pool, "SILENT").await, meter(pool, "SHOWN").await);
    let point = reading(shown.0, "2026-11-20T09:00:00Z", 1.0, 1.0);
    let ten = at("2026-11-20T10:00:00Z");
    let mut db = pool.begin().await.unwrap();
    for meter in [silent, shown] {
        virtual_meters::put(&mut db, meter, &[(old, 1.0)]).await.unwrap();
    }
    db.commit().await.unwrap();
    storage::readings::insert(pool, &[point]).await.unwrap();
    let mut db = pool.begin().await.unwrap();
    for meter in [silent, shown] {
        virtual_meters::change(&mut db, meter, &[(new, 1.0)], ten).await.unwrap();
    }
    db.commit().await.unwrap();
    let known = virtual_meters::all(pool).await.unwrap();
    let since = |of| {
        let (_, versions) = known.iter().find(|(meter, _)| *meter == of).unwrap();
        versions.iter().map(|version| version.from).collect::<Vec<_>>()
    };
    assert_eq!(since(silent), [None], "what showed nothing is its terms for all time");
    assert_eq!(since(shown), [None, Some(ten)]);
}
