//! The page of one's own account: profile, password and sessions.

mod device;

use chrono::{DateTime, Utc};
use domain::people::Session;
use domain::sites::Site;
use markup::{Html, html};
use service::pages::{self, Query};
use service::people::account;
use service::people::principal::SignedIn;
use service::{Error, Principal, Service};

use texts::language::Language;
use texts::words::account as words;
use ui::drawing::form::{Input, choice, input};
use ui::drawing::{Sheet, draw_table, hidden, main_button, still_sheet, submit_button, time};
use ui::kit::Column;

pub(crate) async fn draw(service: &Service, who: &Principal) -> Result<Sheet, Error> {
    let user = who.signed_in()?;
    let sessions = account::list_sessions(service, who).await?;
    let site = home(service, who);
    let content = html! {
        <article class="page account">
            <header class="sheet-head">
                <div class="state">
                    <h1>{words::TITLE}</h1>
                    <p class="state-detail">{user.account.name.clone()}</p>
                </div>
            </header>
            <div class="account-parts">
                <div>{profile(user)} {password(user)}</div>
                <section>
                    <h2>{words::SESSIONS}</h2>
                    {list(user, &sessions, site.as_ref())}
                    <form method="post" action="/account/sessions">
                        {submit_button(words::SIGN_OUT_EVERYWHERE)}
                    </form>
                </section>
            </div>
        </article>
    };
    Ok(still_sheet(&words::TITLE, content))
}

/// The site by whose clock times are shown.
fn home(service: &Service, who: &Principal) -> Option<Site> {
    let first = pages::sites(service, who).ok()?.into_iter().next()?;
    let query = Query::default().with("site", &first.slug.unwrap_or_default());
    pages::period(service, who, &query).ok().map(|shown| shown.site)
}

fn profile(user: &SignedIn) -> Html {
    let name = Input {
        name: "displayName",
        label: words::NAME,
        value: &user.account.display_name,
        autocomplete: "name",
        ..Input::default()
    };
    let of_browser = [(String::new(), words::OF_BROWSER.into())];
    let languages =
        Language::ALL.map(|language| (language.tag().to_owned(), language.name().to_owned()));
    let stored = user.language.map(Language::tag).unwrap_or_default();
    let languages = of_browser.into_iter().chain(languages);
    html! {
        <section>
            <h2>{words::PROFILE}</h2>
            <form class="form" method="post" action="/account/profile">
                {input(name)} {choice("language", words::LANGUAGE, stored, languages)}
                {main_button(words::SAVE)}
            </form>
        </section>
    }
}

fn password(user: &SignedIn) -> Html {
    let field = |name, label, autocomplete| {
        let kind = "password";
        input(Input { name, label, kind, autocomplete, ..Input::default() })
    };
    html! {
        <section>
            <h2>{words::PASSWORD}</h2>
            <form class="form" method="post" action="/account/password">
                <input
                    type="text"
                    name="name"
                    value=user.account.name.clone()
                    autocomplete="username"
                    hidden=true
                />
                {field("password", words::PRESENT_PASSWORD, "current-password")}
                {field("newPassword", words::NEW_PASSWORD, "new-password")}
                <p class="note">{words::PASSWORD_NOTE}</p>
                {main_button(words::CHANGE_PASSWORD)}
            </form>
        </section>
    }
}

fn list(user: &SignedIn, sessions: &[Session], site: Option<&Site>) -> Html {
    let row = |session: &Session| {
        let is_this = session.id.0 == user.session;
        let end = if is_this {
            html! { <span class="note">{words::THIS_ONE}</span> }
        } else {
            html! {
                <form method="post" action="/account/session">
                    {hidden("session", session.id.to_string())} {submit_button(words::END)}
                </form>
            }
        };
        html! {
            <tr>
                <th scope="row" title=&session.device>
                    {device::name(&session.device)}
                </th>
                <td>{&session.address}</td>
                <td class="col-rest">{moment(site, session.begun_at)}</td>
                <td>{moment(site, session.used_at)}</td>
                <td>{end}</td>
            </tr>
        }
    };
    let columns = [
        Column::new(words::DEVICE),
        Column::new(words::ADDRESS),
        Column::new(words::BEGUN).class("col-rest"),
        Column::new(words::USED),
        Column::unnamed(words::END),
    ];
    draw_table(words::SESSIONS, "people-list", columns, sessions.iter().map(row))
}

fn moment(site: Option<&Site>, at: DateTime<Utc>) -> String {
    site.map_or_else(
        || at.format("%Y-%m-%d %H:%M UTC").to_string(),
        |site| time::day_minute(site, at),
    )
}
