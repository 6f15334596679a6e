use sqlx::PgPool;
use storage::operation::lease::{Lease, LeaseAnswer};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_database_is_held_by_one_process(pool: PgPool) {
    one_process_at_a_time_holds_a_database_and_is_named(&pool).await;
    a_session_that_the_database_still_holds_is_no_other_process(&pool).await;
}

async fn one_process_at_a_time_holds_a_database_and_is_named(pool: &PgPool) {
    let LeaseAnswer::Held(mut first) = Lease::ask(pool, "wattlens on a").await.unwrap() else {
        panic!("nobody else is there");
    };
    first.hold().await.unwrap();
    let LeaseAnswer::By(holder) = Lease::ask(pool, "wattlens on b").await.unwrap() else {
        panic!("it is held");
    };
    assert_eq!(holder.name, "wattlens on a");

    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE application_name = 'wattlens on a'",
    )
    .execute(pool)
    .await
    .unwrap();
    assert!(first.hold().await.is_err(), "its session is gone");
    let second = Lease::ask(pool, "wattlens on b").await.unwrap();
    let LeaseAnswer::Held(second) = second else { panic!("the first is gone: {second:?}") };
    second.release().await;
}

async fn a_session_that_the_database_still_holds_is_no_other_process(pool: &PgPool) {
    let first = Lease::ask(pool, "wattlens on a").await.unwrap();
    assert!(matches!(first, LeaseAnswer::Held(_)));
    let again = Lease::ask(pool, "wattlens on a").await.unwrap();
    assert!(matches!(again, LeaseAnswer::HeldBefore), "{again:?}");
}
