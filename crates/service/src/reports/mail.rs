//! Sends each report once when it is due, and each mail until it is taken. A report that cannot be made
//! stands aside with its mails, so that it is not made again and again.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use domain::language::Language;
use domain::message::Message;
use domain::reports::Schedule;
use domain::reports::refusal::NoReport;
use domain::reports::view::ReportPage;
use domain::sites::Site;
use notify::{Letter, Notifier};
use storage::operation::set_aside::Part;
use storage::reports::outbox::{self, Due};
use storage::reports::schedules;
use tokio_util::sync::CancellationToken;

use crate::alarms::wait;
use crate::operation::clock::Computer;
use crate::operation::failures::{Failures, caught};
use crate::operation::supervision::Pulse;
use crate::{Core, Error, Service};

/// Due reports and waiting mails are looked for this often.
const LOOK: Duration = Duration::from_secs(1);
/// A mail server that is away for longer than three days is somebody's to mend; the report can be sent again then.
/// The waits of so many attempts add up to that, by no clock that may leap.
const MOST_ATTEMPTS: u32 = 84;

/// Writes the letter of a report in a language, with the address of its page where that is known. Pages
/// are drawn above this crate, so that the server hands this in.
pub type Draw = Box<dyn Fn(&ReportPage, Language, Option<&str>) -> Letter + Send + Sync>;

/// What reports are sent with.
pub struct Mailer {
    /// Sends.
    pub notifier: Notifier,
    /// Writes.
    pub draw: Draw,
    /// The address of the pages, where it is known.
    pub pages: Option<String>,
}

/// Sends what is due until it is told to stop. What became due while nobody ran is sent at the start.
pub async fn send(service: Service, mailer: Arc<Mailer>, stop: CancellationToken, pulse: Pulse) {
    let failures = Failures::default();
    let all = async {
        loop {
            match round(&service, &mailer, &failures, &pulse).await {
                Ok(()) => pulse.beat(),
                Err(error) => tracing::warn!(%error, "no report is sent until this works again"),
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    stop.run_until_cancelled(Box::pin(all)).await;
}

async fn round(
    service: &Service,
    mailer: &Mailer,
    failures: &Failures,
    pulse: &Pulse,
) -> Result<(), Error> {
    claim(service, service.computer()).await?;
    while let Some(due) = outbox::take(service.pool()).await? {
        match caught(attempt(service, mailer, failures, &due)).await {
            Err(error) if !error.is_passing() => later(service, &due, error.cause_told()).await?,
            done => done?,
        }
        pulse.beat();
    }
    Ok(())
}

/// Queues the reports that are due. Each is claimed in the database, so that of several processes one
/// does it. While the clock may be ahead none is due: a month that has not come is told by nobody.
async fn claim(core: &Core, computer: &Computer) -> Result<(), Error> {
    if computer.is_ahead() {
        return Ok(());
    }
    let known = core.registry().known();
    for schedule in schedules::enabled(core.pool()).await? {
        let Some(site) = known.sites.get(&schedule.site) else { continue };
        let is_due = schedule.next_at(site.zone) <= Utc::now();
        if is_due && schedules::claim(core.pool(), schedule.id, schedule.next).await? {
            tracing::info!(site = site.slug, "the report of {} is due", schedule.next);
        }
    }
    Ok(())
}

async fn attempt(
    service: &Service,
    mailer: &Mailer,
    failures: &Failures,
    due: &Due,
) -> Result<(), Error> {
    let pool = service.pool();
    // What was removed meanwhile took its mails with it.
    let Some(schedule) = schedules::by_id(pool, due.schedule).await? else { return Ok(()) };
    let Some(site) = storage::sites::by_id(pool, schedule.site).await? else { return Ok(()) };
    let slug = site.slug.clone();
    let part = Part::report(due.schedule, due.month);
    let sent = match caught(made(service, mailer, &schedule, site, due)).await {
        Ok(letter) => {
            failures.forget(|failed| *failed == part);
            mailer.notifier.letter(&due.address, &letter).await.map_err(|failure| failure.0)
        }
        Err(error) if error.is_passing() => return Err(error),
        Err(error) if error.is_fault() => return unmade(service, failures, due, &error).await,
        Err(error) => Err(not_computed(error.message())),
    };
    match sent {
        Ok(()) => {
            tracing::info!(site = slug, "the report of {} is sent", due.month);
            outbox::delivered(pool, due).await?;
        }
        Err(problem) => later(service, due, problem).await?,
    }
    Ok(())
}

/// The letter of a report.
async fn made(
    service: &Service,
    mailer: &Mailer,
    schedule: &Schedule,
    site: Site,
    due: &Due,
) -> Result<Letter, Error> {
    let address = mailer.pages.as_ref().map(|pages| {
        format!("{}/reports/{}?site={}", pages.trim_end_matches('/'), due.month, site.slug)
    });
    // Its many questions are those of a page: they take no connections from tasks and changes.
    let visited = service.visited();
    let page = crate::reports::page::of_month(&visited, site, due.month).await?;
    Ok((mailer.draw)(&page, schedule.language, address.as_deref()))
}

fn not_computed(why: Message) -> Message {
    NoReport::NotComputed { why: Box::new(why) }.into()
}

/// Notes that a report could not be made: it is made again later for all who wait for it, or stands aside.
async fn unmade(core: &Core, failures: &Failures, due: &Due, error: &Error) -> Result<(), Error> {
    let mut db = core.pool().begin().await.map_err(storage::Error::from)?;
    failures.note(&mut db, Part::report(due.schedule, due.month), error).await?;
    let problem = not_computed(error.cause_told());
    outbox::unmade(&mut *db, due, &problem, wait(due.attempt)).await?;
    Ok(db.commit().await.map_err(storage::Error::from)?)
}

/// Tries a mail again later, or gives it up.
async fn later(core: &Core, due: &Due, problem: Message) -> Result<(), Error> {
    let (pool, month) = (core.pool(), due.month);
    if due.attempt >= MOST_ATTEMPTS {
        tracing::error!("the report of {month} is given up for a mailbox: {problem}");
        let (address, why) = (due.address.clone(), Box::new(problem));
        outbox::give_up(pool, due, &NoReport::GivenUp { month, address, why }.into()).await?;
        return Ok(());
    }
    if due.attempt == 1 {
        tracing::warn!("the report of {month} is sent again later: {problem}");
    }
    outbox::again(pool, due.id, &problem, wait(due.attempt)).await?;
    Ok(())
}
