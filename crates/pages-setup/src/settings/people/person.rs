//! One of the people: profile, roles, and access.

use domain::people::PersonRole;
use markup::{Html, html};
use service::people::page::{Chosen, PeoplePage};

use super::{choices, profile, role_on, state};
use texts::language::Text;
use texts::words::people as words;
use ui::drawing::form::Form;
use ui::drawing::{at, hidden};

pub(super) fn draw(this: &PeoplePage, chosen: &Chosen) -> Html {
    let person = &chosen.person;
    let user = person.id.to_string();
    html! {
        <section class="people-one">
            <p>
                <a href=at(this.about.slug.as_deref(), "/settings/people", &[])>{words::ALL}</a>
            </p>
            <h2>{person.name.clone()} " " <span class="note">{state(person)}</span></h2>
            <div class="account-parts">
                <div>
                    {edit(chosen, &user)} <h3>{words::ACCESS}</h3>
                    <p class="note">{words::sessions(chosen.sessions)}</p>
                    {access(chosen, &user)}
                </div>
                <div>
                    <h3>{words::ROLES}</h3>
                    {held(this, chosen, &user)}
                </div>
            </div>
        </section>
    }
}

fn edit(chosen: &Chosen, user: &str) -> Html {
    let (form, person) = (Form::new("profile"), &chosen.person);
    let email = person.email.as_deref().unwrap_or_default();
    html! {
        <h3>{words::PROFILE}</h3>
        <form class="form" method="post" action="/settings/people/profile">
            {hidden("user", user.to_owned())} {form.refusal(&["displayName", "email"])}
            {profile(&form, &person.display_name, email, true)}
            <button type="submit" class="button button-main">
                {words::SAVE}
            </button>
        </form>
    }
}

fn access(chosen: &Chosen, user: &str) -> Html {
    let is_disabled = chosen.person.is_disabled;
    let link = (!is_disabled).then(|| button(user, "/settings/people/link", words::NEW_LINK));
    let switch = if is_disabled {
        button(user, "/settings/people/enable", words::ENABLE)
    } else {
        button(user, "/settings/people/disable", words::DISABLE)
    };
    let end = (chosen.sessions > 0)
        .then(|| button(user, "/settings/people/sessions", words::END_SESSIONS));
    html! {
        <div class="actions">
            {link} {end} {switch}
            <details class="confirm">
                <summary class="button">{words::ERASE}</summary>
                <form method="post" action="/settings/people/erase">
                    {hidden("user", user.to_owned())} <p>{words::ERASE_NOTE}</p>
                    <button type="submit" class="button">
                        {words::ERASE_NOW}
                    </button>
                </form>
            </details>
        </div>
    }
}

/// A form with nothing but its button.
fn button(user: &str, action: &'static str, text: Text) -> Html {
    html! {
        <form method="post" action=action>
            {hidden("user", user.to_owned())}
            <button type="submit" class="button">
                {text}
            </button>
        </form>
    }
}

fn held(this: &PeoplePage, chosen: &Chosen, user: &str) -> Html {
    let row = |role: &PersonRole| {
        html! {
            <li>
                {role_on(this, role)}
                <form method="post" action="/settings/people/take">
                    {hidden("user", user.to_owned())}
                    {hidden("role", role.role.name().to_owned())}
                    {hidden("site", role.site.clone().unwrap_or_default())}
                    <button type="submit" class="button">
                        {words::TAKE}
                    </button>
                </form>
            </li>
        }
    };
    let form = Form::new("give");
    html! {
        <ul class="people-held">{chosen.person.roles.iter().map(row).collect::<Html>()}</ul>
        <form class="form" method="post" action="/settings/people/give">
            {hidden("user", user.to_owned())} {form.refusal(&["role"])} {choices(this, &form)}
            <p class="note">{words::ROLES_NOTE}</p>
            <button type="submit" class="button button-main">
                {words::GIVE}
            </button>
        </form>
    }
}
