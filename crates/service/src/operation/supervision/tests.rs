use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use tokio::time::sleep;

use super::*;

/// A task that panics at its first two starts, and goes on from then on.
async fn falls_twice(starts: &AtomicU32, pulse: Pulse) {
    assert_eq!(pulse.is_again(), starts.load(SeqCst) > 0);
    assert!(starts.fetch_add(1, SeqCst) >= 2, "nobody expected {} starts", starts.load(SeqCst));
    loop {
        pulse.beat();
        sleep(Duration::from_millis(10)).await;
    }
}

async fn until(supervision: &Supervision, is: impl Fn(&Report) -> bool) -> Report {
    loop {
        if let Some(report) = supervision.reports().into_iter().find(&is) {
            return report;
        }
        sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_task_that_falls_is_counted_and_begins_again() {
    let (supervision, stop) = (Supervision::default(), CancellationToken::new());
    let starts = Arc::new(AtomicU32::new(0));
    let kept = tokio::spawn(supervision.clone().keep(Task::Writer, stop.clone(), move |pulse| {
        let starts = Arc::clone(&starts);
        async move { falls_twice(&starts, pulse).await }
    }));
    let down = until(&supervision, |report| report.condition == Condition::Down).await;
    assert_eq!((down.task, down.restarts), (Task::Writer, 1));
    assert_eq!(down.cause.unwrap(), "it panicked: nobody expected 1 starts");
    assert_eq!(supervision.behind().len(), 1);

    let back = until(&supervision, |report| report.restarts == 2 && report.cause.is_some()).await;
    assert_eq!(back.task, Task::Writer);
    until(&supervision, |report| report.condition == Condition::Running).await;
    assert_eq!(supervision.behind(), []);
    kept.abort();
}

#[tokio::test]
async fn a_task_that_ends_unasked_has_fallen_and_one_that_was_asked_has_not() {
    let (supervision, stop) = (Supervision::default(), CancellationToken::new());
    let keep = supervision.clone().keep(Task::Alarms, stop.clone(), |_| async {});
    let kept = tokio::spawn(keep);
    let down = until(&supervision, |report| report.condition == Condition::Down).await;
    assert_eq!(down.cause.unwrap(), "it ended though nobody asked it to");
    stop.cancel();
    kept.await.unwrap();
}

#[tokio::test]
async fn a_task_of_which_a_part_fell_goes_on_and_says_so_for_a_while() {
    let (supervision, stop) = (Supervision::default(), CancellationToken::new());
    let keep = supervision.clone().keep(Task::Live, stop.clone(), |pulse| async move {
        pulse.beat();
        std::future::pending::<()>().await;
    });
    let kept = tokio::spawn(keep);
    until(&supervision, |report| report.condition == Condition::Running).await;
    supervision.stumbled(Task::Live, "one site fell".to_owned());
    let partly = until(&supervision, |report| report.condition == Condition::Partly).await;
    assert_eq!((partly.restarts, partly.cause.as_deref()), (1, Some("one site fell")));
    let now = Instant::now();
    let stumbled = Some(now);
    let post = Post { beat: now + STUMBLED, restarts: 1, is_down: false, stumbled, cause: None };
    assert_eq!(post.condition(Task::Live, now + STUMBLED), Condition::Running);
    kept.abort();
}

#[test]
fn a_task_without_a_beat_for_longer_than_it_may_is_late() {
    let beat = Instant::now();
    let post = Post { beat, restarts: 0, is_down: false, stumbled: None, cause: None };
    let after = |seconds| post.condition(Task::Live, beat + Duration::from_secs(seconds));
    assert_eq!((after(30), after(31)), (Condition::Running, Condition::Late));
    let down = Post { is_down: true, ..post.clone() };
    assert_eq!(down.condition(Task::Live, beat), Condition::Down);
}
