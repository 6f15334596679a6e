//! Messages that nobody took for a day.

use domain::alarms::{Recipient, RecipientId};
use service::Patch;
use service::alarms::update_recipient;

use super::*;

async fn becomes(service: &Service, wanted: impl Fn(&Recipient) -> bool) -> Recipient {
    for _ in 0..600 {
        let found = recipients(service, WHO, None).await.unwrap().remove(0);
        if wanted(&found) {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("did not become as wanted: {:?}", recipients(service, WHO, None).await.unwrap());
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_message_that_is_given_up_is_told_beside_its_recipient_until_one_is_delivered(
    pool: PgPool,
) {
    hasten(&pool).await;
    let grid = meter(&pool, "GRID-001", "Grid", None).await;
    let (service, tasks) = start(&pool).await;
    recipient(&service, "webhook", "http://127.0.0.1:1/", "info").await;
    show(&tasks, grid, UNEVEN).await;
    becomes(&service, |recipient| recipient.waiting == 1).await;
    // As if a day had passed.
    sqlx::query("UPDATE alarm_outbox SET attempts = 35").execute(&pool).await.unwrap();
    let (stop, task) = telling(&service, None);
    let given_up = becomes(&service, |recipient| recipient.waiting == 0).await;
    let problem = given_up.problem.unwrap_or_default();
    assert!(problem.starts_with("a message of an alarm was given up after a day: "), "{problem}");

    let mut hook = Hook::listen(0).await;
    let moved = Patch::from_iter([("address".to_owned(), hook.url.clone().into())]);
    update_recipient(&service, WHO, RecipientId(given_up.id), moved).await.unwrap();
    show(&tasks, grid, EVEN).await;
    open(&service, "the alarm is over", <[_]>::is_empty).await;
    hook.next().await;
    becomes(&service, |recipient| recipient.waiting == 0 && recipient.problem.is_none()).await;
    stop.cancel();
    task.await;
    tasks.stop().await;
}
