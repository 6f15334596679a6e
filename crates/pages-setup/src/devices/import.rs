//! A table of devices: sent, looked at line by line, then applied.

use markup::{Html, html};
use service::Action;
use service::devices::page::ImportPage;
use service::devices::{ImportReport, LineOutcome, LineReport};

use texts::messages::told;
use texts::words::devices::{import as words, one};
use ui::drawing::{
    Shape, Sheet, at, draw_table, hidden, main_button, mark, may, send, sheet, submit_button,
};
use ui::kit::Column;

const SHOWN: usize = 500;

pub(crate) fn draw(page: &ImportPage) -> Sheet {
    let slug = page.slug.as_deref();
    let gone = page.is_gone.then(|| html! { <p role="status">{words::GONE}</p> });
    let headline = page.waiting.as_ref().map_or_else(
        || words::TITLE.into(),
        |(_, report)| words::headline(report.created, report.changed, report.refused),
    );
    let content = html! {
        <article class="page device-import">
            <header class="sheet-head">
                <div class="state">
                    <h1>{headline}</h1>
                    <p class="note">{words::DETAIL}</p>
                </div>
                <div class="actions">
                    <a class="button" href=at(slug, "/devices", &[])>
                        {one::BACK}
                    </a>
                    {super::export(slug)}
                </div>
            </header>
            {gone}
            {page.waiting.as_ref().map(|(id, report)| waiting(&id.to_string(), report))}
            {may(Action::Configure).then(|| upload(slug))}
        </article>
    };
    sheet(&words::TITLE, content)
}

fn upload(slug: Option<&str>) -> Html {
    html! {
        <form
            class="form"
            method="post"
            enctype="multipart/form-data"
            action=at(slug, "/api/devices/import/staged", &[])
        >
            <label class="form-field">
                {words::FILE}
                <input type="file" name="table" accept=".csv,text/csv" required=true />
            </label>
            {submit_button(words::CHECK)}
        </form>
    }
}

fn waiting(id: &str, report: &ImportReport) -> Html {
    let can_apply = report.refused == 0 && report.created + report.changed > 0;
    let apply = can_apply.then(|| {
        html! {
            <form action=send("devices-apply")>
                {hidden("table", id)} {main_button(words::APPLY)}
            </form>
        }
    });
    let mut lines: Vec<_> =
        report.lines.iter().filter(|line| line.outcome != LineOutcome::Unchanged).collect();
    lines.sort_by_key(|line| line.outcome != LineOutcome::Refused);
    let more = lines.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| html! { <p class="note">{words::more(more)}</p> });
    let unchanged = (report.unchanged > 0)
        .then(|| html! { <p class="note">{words::unchanged(report.unchanged)}</p> });
    let columns = [
        Column::of_figures(words::LINE),
        Column::new(words::METER),
        Column::new(words::OUTCOME),
        Column::new(words::DETAILS),
    ];
    let rows = lines.into_iter().take(SHOWN).map(row);
    html! {
        {apply}
        {unchanged}
        {draw_table(words::OUTCOME, "device-list", columns, rows)}
        {more}
    }
}

fn row(line: &LineReport) -> Html {
    let (shape, outcome) = match line.outcome {
        LineOutcome::Created => (Shape::Good, words::CREATED),
        LineOutcome::Changed => (Shape::Ring, words::CHANGED),
        LineOutcome::Unchanged => (Shape::Ring, words::UNCHANGED),
        LineOutcome::Refused => (Shape::Alarm, words::REFUSED),
    };
    let details = match (&line.message, &line.field) {
        (Some(message), Some(field)) => format!("{field}: {}", told(message)),
        (Some(message), None) => told(message),
        (None, _) => line.changes.join(", "),
    };
    html! {
        <tr>
            <td class="num">{line.line}</td>
            <th scope="row">{line.meter_number.clone()}</th>
            <td class="col-verdict">{mark(shape)} " " {outcome}</td>
            <td class="col-reason">{details}</td>
        </tr>
    }
}
