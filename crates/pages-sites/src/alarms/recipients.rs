//! Who is told of alarms.

use domain::alarms::view::AlarmsPage;
use domain::alarms::{Recipient, RecipientKind, Severity};
use markup::{Html, html};

use super::rules::severities;
use texts::messages;
use texts::words::alarms as words;
use ui::drawing::{at, hidden, send};

/// Nothing where whoever looks may not know.
pub(super) fn draw(page: &AlarmsPage) -> Option<Html> {
    let recipients = page.recipients.as_ref()?;
    let list = if recipients.is_empty() {
        html! { <p class="note">{words::NOBODY}</p> }
    } else {
        table(recipients)
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

fn table(recipients: &[Recipient]) -> Html {
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::TOLD>
            <table class="table alarm-rules">
                <thead>
                    <tr>
                        <th scope="col">{words::KIND}</th>
                        <th scope="col">{words::ADDRESS}</th>
                        <th scope="col" class="col-severity">{words::FROM_SEVERITY}</th>
                        <th scope="col">
                            <span class="sr">{words::ACTIONS}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>{recipients.iter().map(row).collect::<Html>()}</tbody>
            </table>
        </div>
    }
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
                    {hidden("recipient", recipient.id.to_string())}
                    <button type="submit" class="button">
                        {words::UNTELL}
                    </button>
                </form>
            </td>
        </tr>
    }
}

fn new(page: &AlarmsPage) -> Html {
    let kind = |kind: &RecipientKind| {
        html! { <option value=kind.as_str()>{words::recipient(*kind)}</option> }
    };
    html! {
        <form class="form alarm-tell" action=send("alarm-tell")>
            {hidden("site", page.site.slug.clone())}
            <label class="form-field">
                {words::KIND}
                <select class="field" name="kind">
                    {RecipientKind::ALL.iter().map(kind).collect::<Html>()}
                </select>
            </label>
            <label class="form-field">
                {words::ADDRESS} <input class="field" type="text" name="address" required=true />
            </label>
            {severities(Severity::Warning)}
            <button type="submit" class="button">
                {words::TELL}
            </button>
        </form>
    }
}
