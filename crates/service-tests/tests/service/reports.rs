//! Monthly reports by mail: each once, in time, and until it is taken.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use acquisition::Outbound;
use chrono::{DateTime, Utc};
use domain::language::Language;
use domain::operation::task::Task;
use domain::reports::{Due, Month, ScheduleId};
use notify::{File, Letter, Notifier, SmtpServer};
use serde_json::{Value, json};
use service::operation::set_aside;
use service::reports::{Draw, Mailer, NewSchedule, ScheduleView, create, schedules, send, update};
use service::{Error, Patch, Principal, Service, Tasks};
use sqlx::PgPool;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::alarms::receivers::Mailbox;
use crate::set_aside::lists;

const WHO: &Principal = &Principal::Loopback;

async fn start(pool: &PgPool) -> (Service, Tasks) {
    service::start(pool.clone(), service::Vault::random()).await.unwrap()
}

fn draw() -> Draw {
    Box::new(|page, language, address| Letter {
        subject: format!("{} {} {}", page.report.month, language.tag(), address.unwrap_or("-")),
        text: "text".to_owned(),
        html: "<p>html</p>".to_owned(),
        files: vec![File {
            name: "days.csv".to_owned(),
            media_type: "text/csv; charset=utf-8",
            content: "date\r\n".to_owned(),
        }],
    })
}

fn sending(service: &Service, mailbox: Option<&Mailbox>) -> (CancellationToken, JoinHandle<()>) {
    sending_as(service, mailbox, draw())
}

fn sending_as(
    service: &Service,
    mailbox: Option<&Mailbox>,
    draw: Draw,
) -> (CancellationToken, JoinHandle<()>) {
    let smtp = mailbox.map(|mailbox| SmtpServer::parse(&mailbox.url, "wattlens@plant.example"));
    let notifier = Notifier::new(Outbound::new(true), smtp.transpose().unwrap()).unwrap();
    let pages = Some("https://plant.example/".to_owned());
    let stop = CancellationToken::new();
    let mailer = Mailer { notifier, draw, pages };
    let pulse = service.supervision().pulse(Task::Reports);
    (stop.clone(), tokio::spawn(send(service.clone(), Arc::new(mailer), stop, pulse)))
}

async fn schedule(service: &Service, new: Value) -> ScheduleView {
    let new: NewSchedule = serde_json::from_value(new).unwrap();
    create(service, WHO, new).await.unwrap()
}

/// As if nobody had run for so many months.
async fn late_by(pool: &PgPool, months: i32) {
    sqlx::query(
        "UPDATE report_schedules SET next_month = next_month - make_interval(months => $1)",
    )
    .bind(months)
    .execute(pool)
    .await
    .unwrap();
}

async fn only(service: &Service) -> ScheduleView {
    schedules(service, WHO, None).await.unwrap().remove(0)
}

async fn becomes(service: &Service, wanted: impl Fn(&ScheduleView) -> bool) -> ScheduleView {
    for _ in 0..600 {
        let found = only(service).await;
        if wanted(&found) {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the schedule did not become as wanted: {:?}", only(service).await);
}

fn subject(mail: &str) -> String {
    let line = mail.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap();
    let to = mail.lines().find_map(|line| line.strip_prefix("RCPT TO:")).unwrap();
    format!("{line} {to}")
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn two_processes_send_each_missed_report_once_to_each_mailbox(pool: PgPool) {
    let (one, tasks) = start(&pool).await;
    let (other, others) = start(&pool).await;
    let new = json!({"addresses": ["a@plant.example", " b@plant.example", "a@plant.example"],
        "day": 1, "hour": 0, "language": "de"});
    let made = schedule(&one, new).await;
    assert_eq!(made.addresses, ["a@plant.example", "b@plant.example"]);
    late_by(&pool, 2).await;
    let mut mailbox = Mailbox::listen().await;
    let (stop_one, first) = sending(&one, Some(&mailbox));
    let (stop_other, second) = sending(&other, Some(&mailbox));
    let mut heard = BTreeSet::new();
    for _ in 0..4 {
        let mail = mailbox.next().await;
        assert!(mail.contains("multipart/mixed") && mail.contains("days.csv"), "{mail}");
        assert!(heard.insert(subject(&mail)), "twice: {}", subject(&mail));
    }
    let done = becomes(&one, |schedule| schedule.waiting == 0).await;
    assert_eq!((done.next_month, &done.problem), (made.next_month, &None));
    assert_eq!(done.sent_month, Some(made.next_month.previous()));
    let last = made.next_month.previous();
    let link = format!("https://plant.example/reports/{last}?site=default");
    assert!(heard.contains(&format!("{last} de {link} <a@plant.example>")), "{heard:?}");
    assert!(heard.iter().any(|mail| mail.starts_with(&last.previous().to_string())), "{heard:?}");
    stop_one.cancel();
    stop_other.cancel();
    first.await.unwrap();
    second.await.unwrap();
    tasks.stop().await;
    others.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_mail_that_fails_says_why_and_is_sent_later(pool: PgPool) {
    let (service, tasks) = start(&pool).await;
    schedule(&service, json!({"addresses": ["a@plant.example"], "day": 1, "hour": 0})).await;
    late_by(&pool, 1).await;
    let (stop, task) = sending(&service, None);
    let failing = becomes(&service, |schedule| schedule.problem.is_some()).await;
    assert!(failing.problem.unwrap().contains("--smtp-url"));
    assert_eq!((failing.waiting, failing.sent_at), (1, None));
    stop.cancel();
    task.await.unwrap();
    let mut mailbox = Mailbox::listen().await;
    let (stop, task) = sending(&service, Some(&mailbox));
    assert!(mailbox.next().await.contains("RCPT TO:<a@plant.example>"));
    let sent = becomes(&service, |schedule| schedule.waiting == 0).await;
    assert!(sent.problem.is_none() && sent.sent_at.is_some());
    stop.cancel();
    task.await.unwrap();
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_report_that_cannot_be_made_stands_aside_and_holds_up_no_other(pool: PgPool) {
    let (service, tasks) = start(&pool).await;
    let to_two = json!({"addresses": ["a@plant.example", "b@plant.example"], "day": 1, "hour": 0,
        "language": "de"});
    let german = schedule(&service, to_two).await;
    schedule(&service, json!({"addresses": ["c@plant.example"], "day": 1, "hour": 0})).await;
    late_by(&pool, 1).await;
    let (is_dry, made) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU32::new(0)));
    let (dry, count, draw) = (Arc::clone(&is_dry), Arc::clone(&made), draw());
    let draw: Draw = Box::new(move |page, language, address| {
        if language == Language::De && dry.load(Ordering::Relaxed) {
            count.fetch_add(1, Ordering::Relaxed);
            panic!("there is no ink");
        }
        draw(page, language, address)
    });
    let mut mailbox = Mailbox::listen().await;
    let (stop, task) = sending_as(&service, Some(&mailbox), draw);
    assert!(subject(&mailbox.next().await).ends_with("<c@plant.example>"));
    let aside = lists(&service, &"default".into(), 1).await.remove(0);
    let month = german.next_month.previous();
    assert_eq!(
        (aside.work.as_str(), aside.schedule_id, aside.parts),
        ("report", Some(german.id), 1)
    );
    assert_eq!((aside.meter_id, aside.first.date_naive()), (None, month.first()));
    assert!(aside.error.contains("no ink"), "{}", aside.error);
    let stands = only(&service).await;
    assert_eq!((stands.waiting, made.load(Ordering::Relaxed)), (2, 3));
    assert_eq!(
        stands.problem.unwrap(),
        "the report cannot be computed: it panicked: there is no ink"
    );

    is_dry.store(false, Ordering::Relaxed);
    let id = ScheduleId(german.id);
    assert_eq!(set_aside::reports_again(&service, WHO, id).await.unwrap().parts, 1);
    assert_eq!(lists(&service, &"default".into(), 0).await, []);
    let heard = [subject(&mailbox.next().await), subject(&mailbox.next().await)];
    assert!(heard.iter().any(|mail| mail.ends_with("<a@plant.example>")), "{heard:?}");
    assert!(heard.iter().any(|mail| mail.ends_with("<b@plant.example>")), "{heard:?}");
    becomes(&service, |schedule| schedule.waiting == 0 && schedule.problem.is_none()).await;
    stop.cancel();
    task.await.unwrap();
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn a_change_from_an_old_version_is_refused_with_both_values(pool: PgPool) {
    let (service, tasks) = start(&pool).await;
    let made = schedule(&service, json!({"addresses": ["a@plant.example"], "day": 3})).await;
    let id = ScheduleId(made.id);
    let change = async |patch: Value| {
        let patch: Patch<NewSchedule> = serde_json::from_value(patch).unwrap();
        update(&service, WHO, id, patch).await
    };
    let first = change(json!({"day": 5, "version": 1})).await.unwrap();
    assert_eq!((first.day, first.version), (5, 2));
    match change(json!({"day": 7, "version": 1})).await {
        Err(Error::Conflict { code, message, .. }) => {
            assert_eq!(code, "changed_meanwhile");
            assert!(message.message.contains("day is 5 now, and you give 7"), "{message}");
        }
        other => panic!("not refused: {other:?}"),
    }
    assert_eq!(change(json!({"day": 7, "version": 2})).await.unwrap().day, 7);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn what_became_due_while_a_schedule_was_off_is_not_sent(pool: PgPool) {
    let (service, tasks) = start(&pool).await;
    let made =
        schedule(&service, json!({"addresses": ["a@plant.example"], "enabled": false})).await;
    late_by(&pool, 3).await;
    let patch = Patch::from_iter([("enabled".to_owned(), true.into())]);
    let on = update(&service, WHO, ScheduleId(made.id), patch).await.unwrap();
    assert_eq!(on.next_month, made.next_month);
    tasks.stop().await;
}

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn the_first_report_is_the_next_one_due_by_the_sites_clock(pool: PgPool) {
    sqlx::query("UPDATE sites SET time_zone = 'Pacific/Kiritimati' WHERE id = 1")
        .execute(&pool)
        .await
        .unwrap();
    let (service, tasks) = start(&pool).await;
    let made = schedule(&service, json!({"addresses": ["a@plant.example"], "day": 28})).await;
    let now: DateTime<Utc> = Utc::now();
    let zone = chrono_tz::Pacific::Kiritimati;
    let due = Due::new(28, 6).unwrap();
    assert_eq!(made.next_month, due.next(zone, now));
    assert_eq!(made.next_at, due.of(made.next_month, zone));
    assert!(
        made.next_at > now && made.next_month <= Month::of(now.with_timezone(&zone).date_naive())
    );
    tasks.stop().await;
}
