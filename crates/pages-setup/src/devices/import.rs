//! A table of devices: sent, looked at line by line, then applied.

use markup::{Html, html};
use service::Action;
use service::devices::page::ImportPage;
use service::devices::{ImportReport, LineOutcome, LineReport};

use texts::messages::told;
use texts::words::devices::{self as all, import as words, one};
use ui::components::mark::Shape;
use ui::drawing::parts::mark;
use ui::drawing::rights::may;
use ui::drawing::{Sheet, at, hidden, send, sheet};

/// Lines that are shown; refused ones come first.
const SHOWN: usize = 500;

pub(crate) fn draw(page: &ImportPage) -> Sheet {
    let slug = page.slug.as_deref();
    let gone = page.is_gone.then(|| html! { <p role="status">{words::GONE}</p> });
    let headline = page.waiting.as_ref().map_or_else(
        || words::TITLE.into(),
        |(_, report)| words::headline(report.created, report.changed, report.refused),
    );
    sheet(
        words::TITLE.get(),
        html! {
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
                        <a
                            class="button"
                            href=at(slug, "/api/devices.csv", &[])
                            download="devices.csv"
                            rel="external"
                        >
                            {all::EXPORT}
                        </a>
                    </div>
                </header>
                {gone}
                {page.waiting.as_ref().map(|(id, report)| waiting(&id.to_string(), report))}
                {may(Action::Configure).then(|| upload(slug))}
            </article>
        },
    )
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
            <button type="submit" class="button">
                {words::CHECK}
            </button>
        </form>
    }
}

fn waiting(id: &str, report: &ImportReport) -> Html {
    let can_apply = report.refused == 0 && report.created + report.changed > 0;
    let apply = can_apply.then(|| {
        html! {
            <form action=send("devices-apply")>
                {hidden("table", id.to_owned())}
                <button type="submit" class="button button-main">
                    {words::APPLY}
                </button>
            </form>
        }
    });
    let mut lines: Vec<_> =
        report.lines.iter().filter(|line| line.outcome != LineOutcome::Unchanged).collect();
    lines.sort_by_key(|line| line.outcome != LineOutcome::Refused);
    let hidden = lines.len().saturating_sub(SHOWN);
    let more = (hidden > 0).then(|| html! { <p class="note">{words::more(hidden)}</p> });
    let unchanged = (report.unchanged > 0)
        .then(|| html! { <p class="note">{words::unchanged(report.unchanged)}</p> });
    let rows = lines.into_iter().take(SHOWN).map(row).collect::<Html>();
    let table = html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::OUTCOME>
            <table class="table device-list">
                <thead>
                    <tr>
                        <th scope="col" class="num">{words::LINE}</th>
                        <th scope="col">{words::METER}</th>
                        <th scope="col">{words::OUTCOME}</th>
                        <th scope="col">{words::DETAILS}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    };
    html! {
        {apply}
        {unchanged}
        {table}
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
