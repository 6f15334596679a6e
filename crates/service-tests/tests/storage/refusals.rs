use domain::message::Message;
use domain::{MeterId, Source};
use sqlx::PgPool;
use storage::readings::refused::{self, RefusedReading};

use crate::world::at;

fn refusal(meter: Option<i64>, at_text: &str, detail: &str, count: u32) -> RefusedReading {
    RefusedReading {
        meter: meter.map(MeterId),
        at: at(at_text),
        source: Source::Mqtt,
        reason: "future_timestamp".into(),
        detail: Message::foreign(detail),
        count,
    }
}

pub(crate) async fn refusals_add_up_by_hour_and_keep_the_latest_message(pool: &PgPool) {
    refused::add(pool, &[]).await.unwrap();
    assert_eq!(refused::list(pool, 10).await.unwrap(), []);
    refused::add(
        pool,
        &[
            refusal(Some(1), "2026-11-20T10:05:00Z", "first", 2),
            refusal(None, "2026-11-20T10:06:00Z", "no such meter", 1),
            refusal(Some(1), "2026-11-20T10:07:00Z", "second", 3),
        ],
    )
    .await
    .unwrap();
    refused::add(pool, &[refusal(Some(1), "2026-11-20T10:59:00Z", "third", 4)]).await.unwrap();
    refused::add(pool, &[refusal(Some(1), "2026-11-20T11:00:00Z", "fourth", 1)]).await.unwrap();
    let expected = [
        refusal(Some(1), "2026-11-20T11:00:00Z", "fourth", 1),
        refusal(Some(1), "2026-11-20T10:59:00Z", "third", 9),
        refusal(None, "2026-11-20T10:06:00Z", "no such meter", 1),
    ];
    assert_eq!(refused::list(pool, 10).await.unwrap(), expected);
    assert_eq!(refused::list(pool, 1).await.unwrap(), expected[..1]);
}
