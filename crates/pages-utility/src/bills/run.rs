//! The run over a month's bills: started, followed, cancelled.

use domain::bills::RunState;
use domain::bills::view::{BillsPage, LeftOutMeter, RowState, Run};
use markup::{Html, html};

use texts::messages::told;
use texts::words::bills as words;
use ui::components::mark::Shape;
use ui::drawing::hidden;
use ui::drawing::parts::mark;

pub(super) fn buttons(page: &BillsPage) -> Html {
    let button = |issue: bool, class: &'static str, text: &'static str| {
        html! {
            <form method="dialog" data-act="run-bills">
                {hidden("site", page.site.slug.clone())} {hidden("month", page.month.to_string())}
                {hidden("issue", issue.to_string())}
                <button type="submit" class=class>
                    {text}
                </button>
            </form>
        }
    };
    // What is issued is neither computed nor issued again.
    if !page.rows.iter().any(|row| matches!(row.state, RowState::None | RowState::Draft)) {
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
    let Some(run) = &page.run else { return Html::default() };
    if run.state == RunState::Running { running(run) } else { ended(run) }
}

fn running(run: &Run) -> Html {
    html! {
        <section class="run">
            <label class="run-name" for="run-bar">
                {if run.issues { words::ISSUING } else { words::COMPUTING }}
            </label>
            <progress id="run-bar" max=run.total.max(1).to_string() value=run.done.to_string()></progress>
            <span class="num">{words::of(run.done, run.total)}</span>
            <form method="dialog" data-act="cancel-run">
                {hidden("run", run.id.clone())}
                <button type="submit" class="button">
                    {words::CANCEL}
                </button>
            </form>
        </section>
    }
}

fn ended(run: &Run) -> Html {
    let (shape, said) = match (&run.problem, run.state) {
        (Some(problem), _) => (Shape::Warn, words::failed(run.done, run.total, &told(problem))),
        (None, RunState::Cancelled) => (Shape::Ring, words::cancelled(run.done, run.total)),
        (None, _) if run.issues => {
            (Shape::Good, words::issued(run.done, run.issued, run.held_back))
        }
        (None, _) => (Shape::Good, words::computed(run.done)),
    };
    html! {
        <p class="run run-ended">{mark(shape)} <span>{said}</span></p>
        {left_out(run)}
    }
}

/// The meters that have no bill by it, and why.
fn left_out(run: &Run) -> Option<Html> {
    let (meters, count) = &run.left_out;
    if meters.is_empty() {
        return None;
    }
    let row = |meter: &LeftOutMeter| {
        html! {
            <li>
                <a href=format!("/meters/{}", meter.id)>{meter.number.clone()}</a>
                " " {meter.name.clone()} ": " {told(&meter.reason.into())}
            </li>
        }
    };
    let more = (*count > meters.len()).then(|| {
        html! { <p class="note">{words::more_left_out(count - meters.len())}</p> }
    });
    Some(html! {
        <details class="run-left-out">
            <summary>{words::left_out(*count)}</summary>
            <ul>{meters.iter().map(row).collect::<Html>()}</ul>
            {more}
        </details>
    })
}
