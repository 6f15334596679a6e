//! The store against a real Postgres server: `DATABASE_URL` names one where databases may be made.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod accounts;
mod adoption;
mod bills;
mod derived;
mod devices;
mod guide;
mod insert;
mod lease;
mod loggers;
mod meters;
mod partitions;
mod pool;
mod refusals;
mod refused;
mod registers;
mod rollup;
mod rows;
mod sites;
mod world;

use sqlx::PgPool;

/// The registry beside its meters: what is stored of each comes back, and each rule refuses by its name.
#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn sites_devices_and_loggers_are_kept(pool: PgPool) {
    guide::the_statements_of_the_guide_run_as_written(&pool).await;
    sites::a_fresh_database_has_the_default_site_and_the_simulated_world(&pool).await;
    sites::a_site_comes_back_as_it_was_stored(&pool).await;
    sites::a_site_that_makes_no_sense_is_refused_by_the_name_of_the_rule(&pool).await;
    devices::a_device_comes_back_as_it_was_stored(&pool).await;
    devices::a_meter_has_one_device_which_goes_with_it(&pool).await;
    loggers::a_logger_is_known_where_it_was_heard_last_for_thirty_days(&pool).await;
    derived::what_changes_of_an_input_while_points_are_computed_is_noted(&pool).await;
    derived::new_terms_hold_from_their_instant_once_points_are_stored(&pool).await;
    refusals::refusals_add_up_by_hour_and_keep_the_latest_message(&pool).await;
    refused::each_rule_gives_the_program_what_stands_in_its_sentence(&pool).await;
}
