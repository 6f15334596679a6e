//! The run over a month's bills: started, followed, cancelled.

use domain::bills::{BillState, BillSummary, LeftOutMeter, Run, RunDetail, RunState};
use markup::{Html, html};
use service::Action;
use service::bills::page::BillsPage;

use texts::messages::told;
use texts::words::bills as words;
use ui::components::mark::Shape;
use ui::drawing::parts::mark;
use ui::drawing::rights::may;
use ui::drawing::{hidden, send};

/// So many of the meters that a run leaves out are named on its page; the API has all.
const FIRST_LEFT_OUT: usize = 200;

pub(super) fn buttons(page: &BillsPage) -> Html {
    let button = |issue: bool, class: &'static str, text: &'static str| {
        html! {
            <form action=send("run-bills")>
                {hidden("site", page.site.slug.clone())} {hidden("month", page.month.to_string())}
                {hidden("issue", issue.to_string())}
                <button type="submit" class=class>
                    {text}
                </button>
            </form>
        }
    };
    // What is issued is neither computed nor issued again.
    let is_draft = |bill: &BillSummary| bill.state == BillState::Draft;
    let is_left = page.rows.iter().any(|row| row.bill.as_ref().is_none_or(is_draft));
    if !is_left || !may(Action::Bill) {
        return Html::default();
    }
    let is_over = page.month.next().first() <= page.site.date_at(page.now);
    let issue = is_over.then(|| button(true, "button button-main", words::ISSUE_ALL.get()));
    html! {
        <div class="actions">{button(false, "button", words::COMPUTE.get())} {issue}</div>
    }
}

/// How far the newest run is.
pub(super) fn progress(page: &BillsPage) -> Html {
    let Some(detail) = &page.run else { return Html::default() };
    match detail.run.state {
        RunState::Running => running(&detail.run),
        RunState::Done | RunState::Cancelled | RunState::Failed => ended(detail),
    }
}

fn running(run: &Run) -> Html {
    html! {
        <section class="run">
            <label class="run-name" for="run-bar">
                {if run.issue { words::ISSUING } else { words::COMPUTING }}
            </label>
            <progress id="run-bar" max=run.total.max(1).to_string() value=run.done.to_string()></progress>
            <span class="num">{words::of(run.done, run.total)}</span>
            {may(Action::Bill)
                .then(|| {
                    html! {
                        <form action=send("cancel-run")>
                            {hidden("run", run.id.to_string())}
                            <button type="submit" class="button">
                                {words::CANCEL}
                            </button>
                        </form>
                    }
                })}
        </section>
    }
}

fn ended(detail: &RunDetail) -> Html {
    let run = &detail.run;
    let (shape, said) = match (&run.problem, run.state) {
        (Some(problem), _) => (Shape::Warn, words::failed(run.done, run.total, &told(problem))),
        (None, RunState::Cancelled) => (Shape::Ring, words::cancelled(run.done, run.total)),
        (None, _) if run.issue => (Shape::Good, words::issued(run.done, run.issued, run.held_back)),
        (None, _) => (Shape::Good, words::computed(run.done)),
    };
    html! {
        <p class="run run-ended">{mark(shape)} <span>{said}</span></p>
        {(run.doubtful > 0).then(|| html! { <p class="note">{words::doubtful(run.doubtful)}</p> })}
        {left_out(&detail.left_out)}
    }
}

/// The meters that have no bill by it, and why.
fn left_out(meters: &[LeftOutMeter]) -> Option<Html> {
    if meters.is_empty() {
        return None;
    }
    let row = |meter: &LeftOutMeter| {
        html! {
            <li>
                <a href=format!("/meters/{}", meter.meter_id)>{meter.meter_number.clone()}</a>
                " " {meter.meter_name.clone()} ": " {told(&meter.reason.into())}
            </li>
        }
    };
    let more = meters.len().saturating_sub(FIRST_LEFT_OUT);
    let more = (more > 0).then(|| html! { <p class="note">{words::more_left_out(more)}</p> });
    Some(html! {
        <details class="run-left-out">
            <summary>{words::left_out(meters.len())}</summary>
            <ul>{meters.iter().take(FIRST_LEFT_OUT).map(row).collect::<Html>()}</ul>
            {more}
        </details>
    })
}
