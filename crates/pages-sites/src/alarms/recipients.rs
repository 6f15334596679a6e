//! Who is told of alarms.

use domain::alarms::view::AlarmsPage;
use domain::alarms::{Recipient, RecipientKind, Severity};
use markup::{Html, html};

use super::rules::severities;
use texts::messages;
use texts::words::alarms as words;
use ui::drawing::form::choice;
use ui::drawing::{at, draw_table, hidden, send, submit_button};
use ui::kit::Column;

/// Nothing where whoever looks may not know.
pub(super) fn draw(page: &AlarmsPage) -> Option<Html> {
    let recipients = page.recipients.as_ref()?;
    let list = if recipients.is_empty() {
        html! { <p class="note">{words::NOBODY}</p> }
    } else {
        let columns = [
            Column::new(words::KIND),
            Column::new(words::ADDRESS),
            Column::new(words::FROM_SEVERITY).class("col-severity"),
            Column::unnamed(words::ACTIONS),
        ];
        draw_table(words::TOLD, "alarm-rules", columns, recipients.iter().map(row))
    };
    Some(html! {
        <section class="alarm-section" id="recipients">
            <h2>{words::TOLD}</h2>
            <p class="note">{words::TOLD_HELP}</p>
            {no_mail(page)}
            {list}
            {new(page)}
        </section>
    })
}

/// A note that no e-mail can be sent, with the way to set a mail server.
pub(super) fn no_mail(page: &AlarmsPage) -> Option<Html> {
    (!page.has_mail).then(|| {
        html! {
            <p class="note">
                {words::NO_MAIL} " "
                <a href=at(page.slug.as_deref(), "/help#mail", &[])>{words::SET_MAIL}</a>
            </p>
        }
    })
}

fn row(recipient: &Recipient) -> Html {
    let problem = recipient.problem_said.as_ref().map(messages::told);
    let waiting = match recipient.waiting {
        0 => problem,
        waiting => Some(words::waiting(waiting, problem.as_deref())),
    };
    html! {
        <tr class=if recipient.enabled { "" } else { "is-quiet" }>
            <td>{words::recipient(recipient.kind)}</td>
            <th scope="row" class="told-address">
                {recipient.address.clone()}
                {waiting.map(|waiting| html! { <p class="note">{waiting}</p> })}
            </th>
            <td class="col-severity">{words::severity(recipient.min_severity)}</td>
            <td class="col-acts">
                <form class="alarm-act" action=send("alarm-untell")>
                    {hidden("recipient", recipient.id.to_string())} {submit_button(words::UNTELL)}
                </form>
            </td>
        </tr>
    }
}

fn new(page: &AlarmsPage) -> Html {
    let kinds =
        RecipientKind::ALL.map(|kind| (kind.as_str().to_owned(), words::recipient(kind).into()));
    html! {
        <form class="form alarm-tell" action=send("alarm-tell")>
            {hidden("site", &page.site.slug)} {choice("kind", words::KIND, "", kinds)}
            <label class="form-field">
                {words::ADDRESS} <input class="field" type="text" name="address" required=true />
            </label>
            {severities(Severity::Warning)}
            {submit_button(words::TELL)}
        </form>
    }
}
