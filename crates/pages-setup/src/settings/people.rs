//! Everybody who can sign in, and the table of what roles may do.

mod person;

use domain::people::{Action, Person, PersonRole, Role};
use markup::{Html, html};
use service::people::page::PeoplePage;

use super::page;
use texts::language::Text;
use texts::messages::told;
use texts::words::people as words;
use ui::drawing::form::{Input, choice, input};
use ui::drawing::{Shape, Sheet, at, draw_table, main_button, mark, time};
use ui::kit::Column;

pub(super) fn draw(this: &PeoplePage) -> Sheet {
    let content = if let Some(chosen) = &this.chosen {
        person::draw(this, chosen)
    } else {
        html! { {list(this)} {new(this)} {rights()} }
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
    let columns = [
        Column::new(words::USER),
        Column::new(words::NAME).class("col-rest"),
        Column::new(words::ROLES),
        Column::new(words::STATE),
        Column::new(words::SEEN),
    ];
    draw_table(words::TITLE, "ranking people-list", columns, this.people.iter().map(row))
}

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
                {main_button(words::CREATE)}
            </form>
        </section>
    }
}

fn profile(name: &str, email: &str, required: bool) -> Html {
    let field = |name, label, value, required| {
        input(Input { name, label, value, required, ..Input::default() })
    };
    html! {
        {field("displayName", words::DISPLAY_NAME, name, required)}
        {field("email", words::EMAIL, email, false)}
    }
}

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

fn rights() -> Html {
    let row = |action: Action| {
        let cell = |role: Role| {
            let may = if role.allows(action) {
                html! {
                    {mark(Shape::Good)}
                    <span class="sr">{words::YES}</span>
                }
            } else if role == Role::Prosumer && Action::OF_OWNERS.contains(&action) {
                html! { {words::OF_OWN} }
            } else {
                Html::default()
            };
            html! { <td>{may}</td> }
        };
        html! {
            <tr>
                <th scope="row">{told(&action.into())}</th>
                {Role::ALL.map(cell)}
            </tr>
        }
    };
    let columns = [Column::new(words::ACTION)];
    let columns = columns.into_iter().chain(Role::ALL.map(|role| Column::new(words::role(role))));
    html! {
        <section class="settings-new">
            <h2>{words::MAY}</h2>
            {draw_table(words::MAY, "people-roles", columns.collect::<Html>(), Action::ALL.map(row))}
        </section>
    }
}
