//! Delivers what is to be told of alarms: each message until it is taken, or has waited for a day.

pub(crate) mod disk;

use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::alarms::{Alarm, Change, RecipientKind, Undelivered};
use notify::{About, Failure, Message, MeterNamed, Notifier, SiteNamed};
use storage::alarms::outbox::{self, Due};
use tokio_util::sync::CancellationToken;

use crate::alarms::deliver::disk::Teller;
use crate::operation::failures::caught;
use crate::operation::supervision::Pulse;
use crate::{Core, Error, Service};

/// Messages are looked for this often while there are none.
const LOOK: Duration = Duration::from_secs(1);
/// Recipients that are told at the same time.
const AT_ONCE: i64 = 16;
/// A message that is under way for longer than this was taken by a process that was killed.
const LEASE: Duration = Duration::from_mins(1);
/// The wait after the first failure; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// Nobody wants to hear of an alarm any later than a day: the waits of so many attempts add up to that. It is
/// not told by the clock, which may leap.
const MOST_ATTEMPTS: u32 = 36;

/// Delivers messages until it is told to stop. `pages` is the address of the pages, where it is known,
/// for messages to link to.
pub async fn tell(
    service: Service,
    notifier: Notifier,
    pages: Option<String>,
    stop: CancellationToken,
    pulse: Pulse,
) {
    service.kept.has_mail.store(notifier.has_mail(), Ordering::Relaxed);
    let all = async {
        loop {
            match some(&service, &notifier, pages.as_deref()).await {
                Ok(0) => pulse.beat(),
                Ok(_) => {
                    pulse.beat();
                    continue;
                }
                Err(error) => {
                    tracing::warn!(%error, "nobody is told of alarms until this works again");
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    // Beside the messages, which wait for no receiver of a notice.
    let notices = async {
        let mut teller = Teller::default();
        loop {
            teller.tell(&service, &service.kept.disk, &notifier, pages.as_deref()).await;
            tokio::time::sleep(LOOK).await;
        }
    };
    stop.run_until_cancelled(async { tokio::join!(all, notices) }).await;
}

/// Makes one attempt with the messages that are due; how many there were.
async fn some(core: &Core, notifier: &Notifier, pages: Option<&str>) -> Result<usize, Error> {
    let due = outbox::take(core.pool(), AT_ONCE, LEASE).await?;
    let attempts = due.iter().map(|due| caught(attempt(core, notifier, pages, due)));
    let mut told = Ok(due.len());
    for (due, done) in due.iter().zip(futures::future::join_all(attempts).await) {
        match done {
            Err(error) if !error.is_passing() => {
                later(core, due, &Failure(error.cause_told())).await?;
            }
            done => told = done.and(told),
        }
    }
    told
}

async fn attempt(
    core: &Core,
    notifier: &Notifier,
    pages: Option<&str>,
    due: &Due,
) -> Result<(), Error> {
    let pool = core.pool();
    let Some(alarm) = storage::alarms::by_id(pool, due.alarm).await? else { return Ok(()) };
    let Some(site) = storage::sites::by_id(pool, alarm.site_id).await? else { return Ok(()) };
    let site = SiteNamed { slug: site.slug, name: site.name, zone: site.zone };
    let message = message(alarm, due.event, site, pages);
    let sent = match due.kind {
        RecipientKind::Webhook => notifier.webhook(&due.address, due.id, &message).await,
        RecipientKind::Email => notifier.email(&due.address, &message).await,
    };
    match sent {
        Ok(()) => outbox::delivered(pool, due.id).await?,
        Err(failure) => later(core, due, &failure).await?,
    }
    Ok(())
}

/// Tries a message again later, or gives it up.
async fn later(core: &Core, due: &Due, failure: &Failure) -> Result<(), Error> {
    let (pool, kind, alarm) = (core.pool(), due.kind.as_str(), due.alarm);
    if due.attempt >= MOST_ATTEMPTS {
        tracing::error!(alarm, "a message by {kind} is given up after a day: {failure}");
        let said = Undelivered::GivenUp { why: Box::new(failure.0.clone()) };
        outbox::give_up(pool, due.id, &said.into()).await?;
        return Ok(());
    }
    if due.attempt == 1 {
        tracing::warn!(alarm, "a message by {kind} is tried again: {failure}");
    }
    outbox::again(pool, due.id, &failure.0, wait(due.attempt)).await?;
    Ok(())
}

/// How long to wait after the attempt of this number, from 1.
pub(crate) fn wait(attempt: u32) -> Duration {
    FIRST_WAIT.saturating_mul(1 << attempt.saturating_sub(1).min(20)).min(LONGEST_WAIT)
}

fn message(alarm: Alarm, event: Change, site: SiteNamed, pages: Option<&str>) -> Message {
    let slug = &site.slug;
    Message {
        event,
        url: pages.map(|pages| format!("{}/alarms?site={slug}", pages.trim_end_matches('/'))),
        meter: MeterNamed {
            id: alarm.meter_id,
            number: alarm.meter_number,
            name: alarm.meter_name,
        },
        alarm: About {
            id: alarm.id,
            rule_id: alarm.rule_id,
            kind: alarm.kind,
            severity: alarm.severity,
            text: alarm.about.into(),
            value: alarm.value,
            unit: alarm.unit,
            raised_at: alarm.raised_at,
            // What happened after the event of the message is told by another one.
            cleared_at: alarm.cleared_at.filter(|_| event == Change::Cleared),
        },
        site,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_for_a_day() {
        let hours =
            (1..MOST_ATTEMPTS).map(|attempt| wait(attempt).as_secs_f64()).sum::<f64>() / 3600.0;
        assert!((24.0..26.0).contains(&hours), "{hours}");
    }

    #[test]
    fn waits_double_up_to_an_hour() {
        assert_eq!([1, 2, 5].map(wait), [1, 2, 16].map(Duration::from_secs));
        assert_eq!([13, 4_000_000_000].map(wait), [LONGEST_WAIT; 2]);
    }
}
