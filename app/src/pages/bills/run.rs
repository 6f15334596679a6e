//! The run over a month's bills: started, followed, cancelled.

use domain::SiteSlug;
use domain::bills::{BillState, BillSummary, LeftOutMeter, Run, RunDetail, RunId, RunState};
use domain::month::Month;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use service::bills::page::BillsPage;
use service::bills::{self, NewRun};
use service::{Action, Principal, Service};
use texts::language::Text;
use texts::messages::told;
use texts::words::bills::{self as words, done};
use ui::components::mark::{Mark, Shape};
use ui::drawing::action::{ActionResult, Done, FormAction, Typed};
use ui::drawing::rights::may;
use ui::kit::{Draw as _, Form, submit};

/// So many of the meters that a run leaves out are named on its page; the API has all.
const FIRST_LEFT_OUT: usize = 200;

pub(super) fn buttons(page: &BillsPage) -> Option<AnyView> {
    // What is issued is neither computed nor issued again.
    let is_draft = |bill: &BillSummary| bill.state == BillState::Draft;
    let is_left = page.rows.iter().any(|row| row.bill.as_ref().is_none_or(is_draft));
    if !is_left || !may(Action::Bill) {
        return None;
    }
    let is_over = page.month.next().first() <= page.site.date_at(page.now);
    let issue = is_over.then(|| button(page, true, "button button-main", words::ISSUE_ALL));
    let buttons = view! {
        <div class="actions">{button(page, false, "button", words::COMPUTE)} {issue}</div>
    };
    Some(buttons.drawn())
}

fn button(page: &BillsPage, issue: bool, class: &'static str, text: Text) -> AnyView {
    let action = RunBills {
        site: Typed::of(&page.site.slug),
        month: Typed::of(page.month),
        issue: Typed::of(issue),
    };
    view! {
        <Form action>
            {submit(class, text)}
        </Form>
    }
    .drawn()
}

/// How far the newest run is.
pub(super) fn progress(page: &BillsPage) -> Option<AnyView> {
    let detail = page.run.as_ref()?;
    Some(match detail.run.state {
        RunState::Running => running(&detail.run),
        RunState::Done | RunState::Cancelled | RunState::Failed => ended(detail),
    })
}

fn running(run: &Run) -> AnyView {
    let cancel = may(Action::Bill).then(|| {
        view! {
            <Form action=CancelRun { run: Typed::of(run.id) }>
                {submit("button", words::CANCEL)}
            </Form>
        }
    });
    let (done, total) = (run.done.to_string(), run.total.max(1).to_string());
    view! {
        <section class="run">
            <label class="run-name" for="run-bar">
                {if run.issue { words::ISSUING } else { words::COMPUTING }}
            </label>
            <progress id="run-bar" max=total value=done></progress>
            <span class="num">{words::of(run.done, run.total)}</span>
            {cancel}
        </section>
    }
    .drawn()
}

fn ended(detail: &RunDetail) -> AnyView {
    let run = &detail.run;
    let (shape, said) = match (&run.problem, run.state) {
        (Some(problem), _) => (Shape::Warn, words::failed(run.done, run.total, &told(problem))),
        (None, RunState::Cancelled) => (Shape::Ring, words::cancelled(run.done, run.total)),
        (None, _) if run.issue => (Shape::Good, words::issued(run.done, run.issued, run.held_back)),
        (None, _) => (Shape::Good, words::computed(run.done)),
    };
    view! {
        <p class="run run-ended">
            <Mark shape />
            <span>{said}</span>
        </p>
        {(run.doubtful > 0).then(|| view! { <p class="note">{words::doubtful(run.doubtful)}</p> })}
        {left_out(&detail.left_out)}
    }
    .drawn()
}

/// The meters that have no bill by it, and why.
fn left_out(meters: &[LeftOutMeter]) -> Option<AnyView> {
    if meters.is_empty() {
        return None;
    }
    let meter = |meter: &LeftOutMeter| {
        let why = format!(" {}: {}", meter.meter_name, told(&meter.reason.into()));
        view! {
            <li>
                <a href=format!("/meters/{}", meter.meter_id)>{meter.meter_number.clone()}</a>
                {why}
            </li>
        }
    };
    let more = meters.len().saturating_sub(FIRST_LEFT_OUT);
    let more = (more > 0).then(|| view! { <p class="note">{words::more_left_out(more)}</p> });
    let left_out = view! {
        <details class="run-left-out">
            <summary>{words::left_out(meters.len())}</summary>
            <ul>{meters.iter().take(FIRST_LEFT_OUT).map(meter).collect_view()}</ul>
            {more}
        </details>
    };
    Some(left_out.drawn())
}

/// Begins a run over a site's month.
#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RunBills {
    pub(crate) site: Typed<SiteSlug>,
    pub(crate) month: Typed<Month>,
    /// Whether what it computes is issued, too.
    pub(crate) issue: Typed<bool>,
}

impl FormAction for RunBills {
    const NAME: &'static str = "run-bills";
    const NEEDS: Action = Action::Bill;

    async fn act(self, service: &Service, who: &Principal) -> ActionResult {
        let new = NewRun {
            site: self.site.read("site")?,
            month: self.month.read("month")?,
            issue: self.issue.read("issue")?,
        };
        bills::run(service, who, new).await?;
        Ok(Done::new(done::RUN))
    }
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CancelRun {
    pub(crate) run: Typed<RunId>,
}

impl FormAction for CancelRun {
    const NAME: &'static str = "cancel-run";
    const NEEDS: Action = Action::Bill;

    async fn act(self, service: &Service, who: &Principal) -> ActionResult {
        bills::cancel(service, who, self.run.id()?).await?;
        Ok(Done::new(done::CANCELLED))
    }
}
