//! Tells everybody who hears of alarms that the disk is almost full, and that it is not any more.
//!
//! Nothing of it is stored, since that is what a full disk does not do: whom to tell is known before there is no
//! room, and after a restart it is told again.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::alarms::{Change, RecipientKind};
use domain::message::Message;
use domain::operation::disk::Room;
use notify::{Failure, Notice, Notifier};
use tokio::time::Instant;

use crate::Core;
use crate::alarms::wait;
use crate::operation::disk::{Disk, Seen};

/// How often it is asked who is to be told.
const ASK: Duration = Duration::from_mins(1);

/// What is known of somebody who is told.
#[derive(Debug, Clone, Copy, Default)]
struct Recipient {
    /// Whether they know that the disk is almost full.
    knows: bool,
    attempts: u32,
    next: Option<Instant>,
}

/// Whoever is told, and what they know.
#[derive(Debug, Default)]
pub(crate) struct Teller {
    recipients: BTreeMap<(RecipientKind, String), Recipient>,
    asked: Option<Instant>,
    /// Since when the disk is almost full, and how full it was last.
    low: Option<(DateTime<Utc>, Disk)>,
    /// Since when it has room again.
    over: Option<DateTime<Utc>>,
}

impl Teller {
    /// Makes one attempt with everybody who has not heard yet.
    pub(crate) async fn tell(
        &mut self,
        core: &Core,
        seen: &Seen,
        notifier: &Notifier,
        pages: Option<&str>,
    ) {
        self.ask(core).await;
        let low = seen.low();
        match (low, self.low) {
            (Some(disk), since) => {
                self.low = Some((since.map_or_else(Utc::now, |(since, _)| since), disk));
                self.over = None;
            }
            (None, Some(_)) => {
                self.over.get_or_insert_with(Utc::now);
            }
            (None, None) => return,
        }
        let Some((since, disk)) = self.low else { return };
        let notice = notice(seen.last().unwrap_or(disk), since, self.over, pages);
        let knows = low.is_some();
        let due = |known: &Recipient| {
            known.knows != knows && known.next.is_none_or(|next| next <= Instant::now())
        };
        let heard = self.recipients.iter_mut().filter(|(_, known)| due(known));
        let attempts = heard.map(async |((kind, address), known)| {
            let told = match kind {
                RecipientKind::Webhook => notifier.notice_by_webhook(address, &notice).await,
                RecipientKind::Email => notifier.notice_by_email(address, &notice).await,
            };
            known.note(knows, *kind, told);
        });
        futures::future::join_all(attempts).await;
        if !knows && self.recipients.values().all(|known| !known.knows) {
            (self.low, self.over) = (None, None);
        }
    }

    /// Whoever is told now. While the database does not answer these are those who were told before.
    async fn ask(&mut self, core: &Core) {
        if self.asked.is_some_and(|asked| asked.elapsed() < ASK) {
            return;
        }
        match storage::alarms::recipients::addresses(core.pool()).await {
            Ok(found) => {
                self.asked = Some(Instant::now());
                let mut known = std::mem::take(&mut self.recipients);
                let kept = |who| {
                    let was = known.remove(&who).unwrap_or_default();
                    (who, was)
                };
                self.recipients = found.into_iter().map(kept).collect();
            }
            Err(error) => tracing::debug!(%error, "those who were told of alarms before are told"),
        }
    }
}

impl Recipient {
    fn note(&mut self, knows: bool, kind: RecipientKind, told: Result<(), Failure>) {
        match told {
            Ok(()) => *self = Self { knows, ..Self::default() },
            Err(failure) => {
                self.attempts = self.attempts.saturating_add(1);
                self.next = Some(Instant::now() + wait(self.attempts));
                if self.attempts == 1 {
                    let kind = kind.as_str();
                    tracing::warn!("a notice by {kind} about the disk is tried again: {failure}");
                }
            }
        }
    }
}

fn notice(
    disk: Disk,
    since: DateTime<Utc>,
    over: Option<DateTime<Utc>>,
    pages: Option<&str>,
) -> Notice {
    let gigabytes = |bytes: u64| bytes as f64 / 1e9;
    let (free, size) = (gigabytes(disk.free), gigabytes(disk.size));
    let named = |gigabytes: f64| format!("{gigabytes:.1}");
    let room = if over.is_none() {
        Room::Low { free: named(free), size: named(size) }
    } else {
        Room::Again { free: named(free), size: named(size) }
    };
    Notice {
        event: if over.is_none() { Change::Raised } else { Change::Cleared },
        kind: "disk",
        text: Message::from(room).into(),
        value: ((free * 10.0).round() / 10.0, "GB"),
        raised_at: since,
        cleared_at: over,
        url: pages.map(|pages| format!("{}/", pages.trim_end_matches('/'))),
    }
}
