//! Everybody who can sign in, and the table of what roles may do.

mod person;
mod roles;

use domain::people::{Person, PersonRole, Role};
use markup::{Html, html};
use service::people::page::PeoplePage;

use super::page;
use texts::language::Text;
use texts::words::people as words;
use ui::drawing::form::{Input, choice, input};
use ui::drawing::parts::time;
use ui::drawing::{Sheet, at};

pub(super) fn draw(this: &PeoplePage) -> Sheet {
    let content = if let Some(chosen) = &this.chosen {
        person::draw(this, chosen)
    } else {
        html! { {list(this)} {new(this)} {roles::draw()} }
    };
    page(&this.about, "people", words::TITLE, words::NOTE, content)
}

fn list(this: &PeoplePage) -> Html {
    if this.people.is_empty() {
        return html! { <p>{words::NONE}</p> };
    }
    let row = |person: &Person| {
        let href =
            at(this.about.slug.as_deref(), "/settings/people", &[("user", &person.id.to_string())]);
        let seen = person.last_seen.map(|seen| time::full(&this.about.site, seen));
        html! {
            <tr>
                <th scope="row">
                    <a class="row-link" href=href>
                        {person.name.clone()}
                    </a>
                </th>
                <td class="col-rest">{person.display_name.clone()}</td>
                <td class="col-reason">{held(this, person)}</td>
                <td>{state(person)}</td>
                <td>{seen.unwrap_or_else(|| words::NEVER.into())}</td>
            </tr>
        }
    };
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::TITLE>
            <table class="table ranking people-list">
                <thead>
                    <tr>
                        <th scope="col">{words::USER}</th>
                        <th scope="col" class="col-rest">
                            {words::NAME}
                        </th>
                        <th scope="col">{words::ROLES}</th>
                        <th scope="col">{words::STATE}</th>
                        <th scope="col">{words::SEEN}</th>
                    </tr>
                </thead>
                <tbody>{this.people.iter().map(row).collect::<Html>()}</tbody>
            </table>
        </div>
    }
}

/// The roles of a person in words.
fn held(this: &PeoplePage, person: &Person) -> String {
    let roles: Vec<String> = person.roles.iter().map(|role| role_on(this, role)).collect();
    if roles.is_empty() { words::NO_ROLE.into() } else { roles.join("; ") }
}

fn role_on(this: &PeoplePage, role: &PersonRole) -> String {
    let site = role.site.as_ref().map(|slug| site_name(this, slug));
    words::role_on(&words::role(role.role), site)
}

fn site_name<'a>(this: &'a PeoplePage, slug: &'a str) -> &'a str {
    this.sites.iter().find(|(known, _)| known == slug).map_or(slug, |(_, name)| name)
}

const fn state(person: &Person) -> Text {
    if person.is_disabled {
        words::DISABLED
    } else if person.has_password {
        words::ACTIVE
    } else {
        words::INVITED
    }
}

fn new(this: &PeoplePage) -> Html {
    let name = Input { name: "name", label: words::USER, ..Input::default() };
    html! {
        <section class="settings-new">
            <h2>{words::NEW}</h2>
            <form class="form" method="post" action="/settings/people/create">
                {input(name)} {profile("", "", false)} {choices(this)}
                <p class="note">{words::NEW_NOTE}</p>
                <button type="submit" class="button button-main">
                    {words::CREATE}
                </button>
            </form>
        </section>
    }
}

/// The fields of the name that others see and of the address for mail.
fn profile(name: &str, email: &str, required: bool) -> Html {
    let name = Input {
        name: "displayName",
        label: words::DISPLAY_NAME,
        value: name,
        required,
        ..Input::default()
    };
    let email = Input {
        name: "email",
        label: words::EMAIL,
        value: email,
        required: false,
        ..Input::default()
    };
    html! { {input(name)} {input(email)} }
}

/// The choices of a role and of the site on which it holds.
fn choices(this: &PeoplePage) -> Html {
    let roles = Role::ALL.map(|role| (role.name().to_owned(), words::role(role).into()));
    let all = [(String::new(), words::ALL_SITES.into())];
    let sites = all.into_iter().chain(this.sites.iter().cloned());
    html! {
        <div class="form-pair">
            <div>{choice("role", words::ROLE, Role::Viewer.name(), roles)}</div>
            <div>{choice("site", words::SITE, "", sites)}</div>
        </div>
    }
}
