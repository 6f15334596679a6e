//! One of the people: profile, roles, and access.

use domain::people::{PersonMeter, PersonRole};
use markup::{Html, html};
use service::people::page::{Chosen, PeoplePage};

use super::{choices, profile, role_on, site_name, state};
use texts::language::Text;
use texts::words::people as words;
use ui::drawing::form::{Input, choice, input};
use ui::drawing::{at, hidden, main_button, submit_button, time};

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
                    {held(this, chosen, &user)} <h3>{words::METERS}</h3>
                    {meters(this, chosen, &user)}
                </div>
            </div>
        </section>
    }
}

fn edit(chosen: &Chosen, user: &str) -> Html {
    let person = &chosen.person;
    let email = person.email.as_deref().unwrap_or_default();
    html! {
        <h3>{words::PROFILE}</h3>
        <form class="form" method="post" action="/settings/people/profile">
            {hidden("user", user)} {profile(&person.display_name, email, true)}
            {main_button(words::SAVE)}
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
                    {hidden("user", user)} <p>{words::ERASE_NOTE}</p>
                    {submit_button(words::ERASE_NOW)}
                </form>
            </details>
        </div>
    }
}

fn button(user: &str, action: &'static str, text: Text) -> Html {
    html! {
        <form method="post" action=action>
            {hidden("user", user)} {submit_button(text)}
        </form>
    }
}

fn held(this: &PeoplePage, chosen: &Chosen, user: &str) -> Html {
    let row = |role: &PersonRole| {
        html! {
            <li>
                {role_on(this, role)}
                <form method="post" action="/settings/people/take">
                    {hidden("user", user)} {hidden("role", role.role.name())}
                    {hidden("site", role.site.as_deref().unwrap_or_default())} {submit_button(words::TAKE)}
                </form>
            </li>
        }
    };
    html! {
        <ul class="people-held">{chosen.person.roles.iter().map(row).collect::<Html>()}</ul>
        <form class="form" method="post" action="/settings/people/give">
            {hidden("user", user)} {choices(this)}
            <p class="note">{words::ROLES_NOTE}</p>
            {main_button(words::GIVE)}
        </form>
    }
}

fn meters(this: &PeoplePage, chosen: &Chosen, user: &str) -> Html {
    let row = |meter: &PersonMeter| {
        let [from, to] = [meter.valid_from, meter.valid_to].map(|day| day.map(time::short_day));
        html! {
            <li>
                <span>
                    {meter.meter_number.clone()} ", " {site_name(this, &meter.site)}
                    {words::days(from.as_deref(), to.as_deref())}
                </span>
                <form method="post" action="/settings/people/take-meter">
                    {hidden("user", user)} {hidden("meterNumber", &meter.meter_number)}
                    {hidden("site", &meter.site)} {submit_button(words::TAKE)}
                </form>
            </li>
        }
    };
    let number = Input { name: "meterNumber", label: words::METER_NUMBER, ..Input::default() };
    let day = |name, label| {
        let field = Input { name, label, kind: "date", required: false, ..Input::default() };
        html! { <div>{input(field)}</div> }
    };
    html! {
        <ul class="people-held">{chosen.person.meters.iter().map(row).collect::<Html>()}</ul>
        <form class="form" method="post" action="/settings/people/give-meter">
            {hidden("user", user)}
            <div class="form-pair">
                <div>{input(number)}</div>
                <div>{choice("site", words::SITE, "", this.sites.iter().cloned())}</div>
            </div>
            <div class="form-pair">
                {day("validFrom", words::FIRST_DAY)} {day("validTo", words::DAY_AFTER)}
            </div>
            <p class="note">{words::METERS_NOTE}</p>
            {main_button(words::GIVE_METER)}
        </form>
    }
}
