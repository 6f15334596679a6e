//! Everything that people entered: given out, looked at before it is taken in, and taken in.

use markup::{Html, html};
use service::configuration::page::ConfigurationPage;
use service::configuration::{Entry, Outcome, Report, Section, State, Taken};

use super::{fields, page};
use texts::messages::told;
use texts::words::settings as words;
use ui::drawing::{Shape, Sheet, at, draw_table, hidden, main_button, mark, send, submit_button};
use ui::kit::Column;

const SHOWN: usize = 200;

pub(super) fn draw(this: &ConfigurationPage) -> Sheet {
    let about = &this.about;
    let said =
        [this.is_gone.then_some(words::GONE), this.is_unreadable.then_some(words::UNREADABLE)];
    let said = said.into_iter().flatten().map(|said| html! { <p role="alert">{said}</p> });
    let content = if about.is_admin {
        html! {
            {said.collect::<Html>()}
            <div id="configuration-document">
                {this.document.as_ref().map(|(id, taken)| document(id, taken))}
            </div>
            <div class="actions">
                <a class="button" href="/api/configuration" download="wattlens.json" rel="external">
                    {words::EXPORT}
                </a>
            </div>
            <form
                class="form settings-new"
                method="post"
                enctype="multipart/form-data"
                action=at(about.slug.as_deref(), "/api/configuration/staged", &[])
            >
                <label class="form-field">
                    {words::FILE}
                    <input type="file" name="document" accept=".json,application/json" required=true />
                </label>
                {submit_button(words::DRY_RUN)}
            </form>
        }
    } else {
        Html::default()
    };
    let drawn =
        page(about, "configuration", words::CONFIGURATION, words::CONFIGURATION_NOTE, content);
    match &this.document {
        Some((_, taken)) if taken.state() == State::Runs => Sheet { refresh_s: 1, ..drawn },
        _ => drawn,
    }
}

fn document(id: &str, taken: &Taken) -> Html {
    match taken.state() {
        State::Waits => waits(id, &taken.report),
        State::Runs => {
            let (done, of) = taken.how_far();
            html! {
                <section class="settings-preview" role="status">
                    <h2>{words::running(done, of)}</h2>
                    <progress max=of.max(1) value=done aria-label=words::running(done, of)></progress>
                    <form action=send("settings-stop")>
                        {hidden("document", id)} {submit_button(words::STOP)}
                    </form>
                </section>
            }
        }
        State::Done(imported) => {
            let said = words::imported(imported.meters, imported.devices);
            fields::outcome(Shape::Good, said, ())
        }
        State::Failed(why) => fields::outcome(Shape::Alarm, words::failed(&told(&why)), ()),
    }
}

fn waits(id: &str, report: &Report) -> Html {
    if !report.faults.is_empty() {
        return faults(report);
    }
    let (added, changed, removed) = report.counts();
    if added + changed + removed == 0 {
        return fields::outcome(Shape::Ring, words::NO_CHANGE, ());
    }
    let title = html! {
        {words::would(added, changed, removed)} " "
        <span class="note">{words::NOTHING_STORED} " " {words::IMPORT_NOTE}</span>
    };
    let content = html! {
        {report.sections.iter().map(section).collect::<Html>()}
        <div class="actions">
            <form action=send("settings-import")>
                {hidden("document", id)} {main_button(words::IMPORT)}
            </form>
        </div>
    };
    fields::outcome(Shape::Good, title, content)
}

fn faults(report: &Report) -> Html {
    let rows = report.faults.iter().map(|fault| {
        html! {
            <tr>
                <th scope="row">
                    <code class="setting">{fault.field.clone()}</code>
                </th>
                <td class="col-reason">{told(&fault.said.clone().into())}</td>
            </tr>
        }
    });
    let columns = [Column::new(words::PLACE), Column::new(words::FAULT)];
    let table = draw_table(words::FAULTS, "settings-list", columns, rows);
    fields::outcome(Shape::Alarm, words::refused(report.faults.len()), table)
}

fn section(section: &Section) -> Html {
    let counts = [
        (section.added, words::ADDED),
        (section.changed, words::CHANGED),
        (section.removed, words::REMOVED),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts.map(|(count, word)| format!("{count} {}", word.get())).collect();
    let columns = [words::OUTCOME, words::ENTRY, words::CHANGES].map(Column::new);
    let rows = section.entries.iter().take(SHOWN).map(row);
    let more = section.entries.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| html! { <p class="note">{words::more(more)}</p> });
    let name = words::kind(section.name);
    html! {
        <details class="behind" open=true>
            <summary>{name} ": " {counts.join(", ")}</summary>
            {draw_table(name, "settings-list", columns, rows)}
            {more}
        </details>
    }
}

fn row(entry: &Entry) -> Html {
    let (shape, outcome) = match entry.outcome {
        Outcome::Added => (Shape::Good, words::ADDED),
        Outcome::Changed => (Shape::Ring, words::CHANGED),
        Outcome::Removed => (Shape::Warn, words::REMOVED),
    };
    let change = |change: &service::meters::ChangedField| {
        let (before, after) = (fields::plain(&change.before), fields::plain(&change.after));
        format!("{}: {before} \u{2192} {after}", change.field)
    };
    let changes: Vec<_> = entry.changes.iter().map(change).collect();
    html! {
        <tr>
            <td class="col-verdict">{mark(shape)} " " {outcome}</td>
            <th scope="row">{entry.key.clone()}</th>
            <td class="col-reason">{changes.join("; ")}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use domain::strict;
    use serde_json::json;
    use service::configuration::{Document, Fault};
    use texts::language::{Language, written_in};

    use super::*;

    #[test]
    fn what_is_wrong_with_a_document_is_told_in_the_readers_language() {
        let wrong = [
            (
                json!({"version": 1, "loggers": [{"site": "a", "serialNumber": "a b"}]}),
                "a serial number has 1 to 32 letters and digits",
                "eine Seriennummer hat 1 bis 32 Buchstaben und Ziffern",
            ),
            (
                json!({"version": 1, "meters": [{"uuid": "67e55044"}]}),
                "expected a UUID: 32 hexadecimal digits",
                "erwartet wird eine UUID: 32 Hexadezimalziffern",
            ),
        ];
        for (document, english, german) in wrong {
            let fault = strict::read::<Document>(&document).unwrap_err();
            let (code, said) = (fault.kind.code(), fault.message.into());
            let fault = Fault { code, field: fault.field, said };
            let report = Report { faults: vec![fault], sections: Vec::new() };
            for (language, said) in [(Language::En, english), (Language::De, german)] {
                let page = written_in(language, || faults(&report).into_string());
                assert!(page.contains(said), "{page}");
            }
        }
    }
}
