//! The fields of a new rule that say who is told of its alarms.

use domain::alarms::view::AlarmsPage;
use domain::alarms::{Recipient, RecipientKind, Severity};
use markup::{Html, html};
use texts::words::alarms as words;

use crate::alarms::recipients::no_mail;

/// A note in place of them for somebody who may not know the recipients.
pub(super) fn draw(page: &AlarmsPage, severity: Severity) -> Html {
    let Some(recipients) = page.recipients.as_deref() else {
        return html! { <p class="note">{words::ASK_ADMINISTRATOR}</p> };
    };
    let list: Vec<String> = recipients.iter().map(name).collect();
    let told = if list.is_empty() {
        words::NOBODY_YET.into()
    } else {
        words::told_so_far(&list.join("; "))
    };
    html! {
        <p class="note">{told} " " {words::TOLD_OF_ALL}</p>
        {others(recipients)}
        <label class="form-field">
            {words::MAILBOX}
            <input
                class="field"
                type="email"
                name="address"
                autocomplete="email"
                value=own_mailbox(page, recipients, severity)
            />
        </label>
        {no_mail(page)}
    }
}

fn name(recipient: &Recipient) -> String {
    let severity = recipient.enabled.then_some(recipient.min_severity);
    words::from_severity(&recipient.address, severity)
}

/// The choice of a recipient that does not receive every alarm yet.
fn others(recipients: &[Recipient]) -> Option<Html> {
    let mut others = recipients.iter().filter(|it| !it.receives(Severity::Info)).peekable();
    others.peek()?;
    let option = |it: &Recipient| html! { <option value=it.id.to_string()>{name(it)}</option> };
    Some(html! {
        <label class="form-field">
            {words::ALSO_TELL}
            <select class="field" name="recipient">
                <option value="">{words::NOBODY_ELSE}</option>
                {others.map(option).collect::<Html>()}
            </select>
        </label>
    })
}

/// The mailbox of the reader, unless it receives such alarms already or no e-mail can be sent.
fn own_mailbox(page: &AlarmsPage, recipients: &[Recipient], severity: Severity) -> String {
    let receives = |mailbox: &str| {
        recipients.iter().any(|it| {
            it.kind == RecipientKind::Email && it.address == mailbox && it.receives(severity)
        })
    };
    let own = page.own_mailbox.as_ref().filter(|own| page.has_mail && !receives(own));
    own.cloned().unwrap_or_default()
}
