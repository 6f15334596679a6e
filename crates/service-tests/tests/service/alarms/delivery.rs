//! Whom alarms are sent to: each change once, and until it is taken.

use acquisition::Outbound;
use domain::SiteSlug;
use domain::alarms::{Recipient, RecipientId};
use domain::operation::task::Task;
use notify::{Notifier, SmtpServer};
use service::alarms::{NewRecipient, add, recipients, tell, update_recipient};
use service::{Patch, Service};
use tokio_util::sync::CancellationToken;

use super::receivers::{Hook, Mailbox};
use super::*;

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn each_change_of_an_alarm_reaches_its_recipients(pool: PgPool) {
    let meters = [
        place(&pool, "webhook").await,
        place(&pool, "mail").await,
        place(&pool, "given-up").await,
        place(&pool, "unreachable").await,
    ];
    hasten(&pool).await;
    let bench = Bench::start(pool).await;
    recipients_are_told_once_that_the_disk_is_almost_full_and_that_it_is_not(&bench).await;
    an_alarm_is_sent_as_an_email(&bench, meters[1]).await;
    a_message_that_is_given_up_is_shown_at_its_recipient_until_one_is_delivered(&bench, meters[2])
        .await;
    a_recipient_that_cannot_be_reached_is_shown_with_the_reason(&bench, meters[3]).await;
    a_webhook_hears_of_each_change_once_although_it_was_away(bench, meters[0]).await;
}

/// A site with a meter.
async fn place(pool: &PgPool, slug: &str) -> MeterId {
    let statement = "INSERT INTO sites (slug, name) VALUES ($1, 'Works') RETURNING id";
    let site = sqlx::query_scalar(statement).bind(slug).fetch_one(pool).await.unwrap();
    let number = "GRID-001";
    let new = storage::meters::NewMeter::named(domain::SiteId(site), number, number, "Grid");
    storage::meters::insert(pool, &new).await.unwrap().id
}

pub(super) async fn recipient(
    service: &Service,
    site: &str,
    kind: &str,
    address: &str,
    severity: &str,
) {
    let new = json!({"site": site, "kind": kind, "address": address, "minSeverity": severity});
    let new: NewRecipient = serde_json::from_value(new).unwrap();
    add(service, WHO, new).await.unwrap();
}

/// What sends messages until it is stopped.
pub(super) struct Telling(CancellationToken, tokio::task::JoinHandle<()>);

impl Telling {
    pub(super) fn start(service: &Service, mailbox: Option<&Mailbox>) -> Self {
        let stop = CancellationToken::new();
        let from = "Wattlens <alarms@plant.example>";
        let smtp = mailbox.map(|mailbox| SmtpServer::parse(&mailbox.url, from).unwrap());
        let notifier = Notifier::new(Outbound::new(true), smtp).unwrap();
        let pages = Some("https://plant.example/".to_owned());
        let pulse = service.supervision().pulse(Task::Messages);
        Self(stop.clone(), tokio::spawn(tell(service.clone(), notifier, pages, stop, pulse)))
    }

    pub(super) async fn stop(self) {
        self.0.cancel();
        self.1.await.unwrap();
    }
}

/// Waits until the recipients of a site are as wanted.
async fn become_so(
    service: &Service,
    site: &str,
    wanted: impl Fn(&[Recipient]) -> bool,
) -> Vec<Recipient> {
    let site = SiteSlug::from(site);
    until("the recipients are as wanted", async || {
        let found = recipients(service, WHO, Some(&site)).await.unwrap();
        if wanted(&found) { Ok(found) } else { Err(found) }
    })
    .await
}

async fn a_webhook_hears_of_each_change_once_although_it_was_away(bench: Bench, grid: MeterId) {
    let mut hook = Hook::listen(2).await;
    recipient(&bench.service, "webhook", "webhook", &hook.url, "warning").await;
    let critical = format!("{}?critical", hook.url);
    recipient(&bench.service, "webhook", "webhook", &critical, "critical").await;
    show(&bench, grid, UNEVEN).await;
    raised(&bench, grid).await;
    // Nothing was sent yet; the message outlives the process.
    let bench = bench.restart().await;
    let telling = Telling::start(&bench.service, None);
    let (delivery, raised) = hook.next().await;
    assert_eq!(raised["event"], "raised");
    assert_eq!(raised["alarm"]["severity"], "warning");
    assert_eq!(raised["alarm"]["text"], "L1 is 350 % off the mean of the phases, limit 20 %");
    assert_eq!(raised["meter"]["number"], "GRID-001");
    assert_eq!(raised["url"], "https://plant.example/alarms?site=webhook");
    // It answered two times that it is not well, and heard the same again.
    assert_eq!(hook.next().await, (delivery.clone(), raised.clone()));
    assert_eq!(hook.next().await, (delivery.clone(), raised));
    show(&bench, grid, EVEN).await;
    let (next, cleared) = hook.next().await;
    assert_eq!(cleared["event"], "cleared");
    assert!(cleared["alarm"]["clearedAt"].is_string());
    assert_ne!(next, delivery);
    become_so(&bench.service, "webhook", |all| all.iter().all(|it| it.waiting == 0)).await;
    telling.stop().await;
    bench.stop().await;
}

async fn recipients_are_told_once_that_the_disk_is_almost_full_and_that_it_is_not(bench: &Bench) {
    let disk = |free: u64| service::operation::disk::Disk { free: free << 30, size: 40 << 30 };
    let service = &bench.service;
    let (mut hook, mut mailbox) = (Hook::listen(1).await, Mailbox::listen().await);
    recipient(service, "default", "webhook", &hook.url, "critical").await;
    recipient(service, "default", "email", "shift@plant.example", "critical").await;
    service.note_disk(disk(1));
    let telling = Telling::start(service, Some(&mailbox));
    let (delivery, raised) = hook.next().await;
    assert_eq!((&raised["event"], &raised["alarm"]["kind"]), (&json!("raised"), &json!("disk")));
    assert_eq!(raised["alarm"]["severity"], "critical");
    let text = raised["alarm"]["text"].as_str().unwrap();
    assert!(text.starts_with("The disk of the database is almost full: 1.1 of 42.9 GB"), "{text}");
    assert_eq!(raised["url"], "https://plant.example/");
    // It was not well at first, and heard the same again.
    assert_eq!(hook.next().await, (delivery.clone(), raised));
    let mail = mailbox.next().await;
    assert!(mail.contains("Subject: [critical] Wattlens: The disk of the database"), "{mail}");
    // What hovers about the limit is not told again.
    for free in [2, 1, 9] {
        service.note_disk(disk(free));
    }
    let (next, cleared) = hook.next().await;
    assert_eq!(cleared["event"], "cleared");
    assert!(cleared["alarm"]["clearedAt"].is_string());
    assert_ne!(next, delivery);
    let mail = mailbox.next().await;
    assert!(mail.contains("Subject: [cleared] Wattlens: The disk of the database"), "{mail}");
    telling.stop().await;
}

async fn an_alarm_is_sent_as_an_email(bench: &Bench, grid: MeterId) {
    let mut mailbox = Mailbox::listen().await;
    recipient(&bench.service, "mail", "email", "shift@plant.example", "info").await;
    let telling = Telling::start(&bench.service, Some(&mailbox));
    show(bench, grid, UNEVEN).await;
    let mail = mailbox.next().await;
    assert!(mail.contains("RCPT TO:<shift@plant.example>"), "{mail}");
    assert!(mail.contains("Subject: [warning] GRID-001: L1 is 350 % off the mean"), "{mail}");
    assert!(mail.contains("Site:     Works"), "{mail}");
    telling.stop().await;
}

async fn a_recipient_that_cannot_be_reached_is_shown_with_the_reason(bench: &Bench, grid: MeterId) {
    let service = &bench.service;
    recipient(service, "unreachable", "email", "shift@plant.example", "info").await;
    let inner = "http://169.254.169.254/latest";
    recipient(service, "unreachable", "webhook", inner, "info").await;
    show(bench, grid, UNEVEN).await;
    let telling = Telling::start(service, None);
    let found = become_so(service, "unreachable", |all| {
        all.iter().all(|recipient| recipient.problem.is_some())
    })
    .await;
    let problems: Vec<String> = found.into_iter().filter_map(|it| it.problem).collect();
    assert!(problems[0].contains("--smtp-url"), "{problems:?}");
    assert!(problems[1].contains("169.254.169.254"), "{problems:?}");
    telling.stop().await;
}

async fn a_message_that_is_given_up_is_shown_at_its_recipient_until_one_is_delivered(
    bench: &Bench,
    grid: MeterId,
) {
    let service = &bench.service;
    recipient(service, "given-up", "webhook", "http://127.0.0.1:1/", "info").await;
    show(bench, grid, UNEVEN).await;
    become_so(service, "given-up", |all| all[0].waiting == 1).await;
    // As if a day had passed.
    sqlx::query("UPDATE alarm_outbox SET attempts = 35").execute(&bench.pool).await.unwrap();
    let telling = Telling::start(service, None);
    let given_up = become_so(service, "given-up", |all| all[0].waiting == 0).await.remove(0);
    let problem = given_up.problem.unwrap_or_default();
    assert!(problem.starts_with("a message of an alarm was given up after a day: "), "{problem}");

    let mut hook = Hook::listen(0).await;
    let moved = Patch::from_iter([("address".to_owned(), hook.url.clone().into())]);
    update_recipient(service, WHO, RecipientId(given_up.id), moved).await.unwrap();
    show(bench, grid, EVEN).await;
    over(bench, grid).await;
    hook.next().await;
    become_so(service, "given-up", |all| all[0].waiting == 0 && all[0].problem.is_none()).await;
    telling.stop().await;
}
