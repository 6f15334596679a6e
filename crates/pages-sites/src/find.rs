//! The search over meters, loggers, sites, pages and acts: its field in the frame, the list below that,
//! and a page for whoever wants to see all that was found.

mod search_results;

use domain::find::MOST_LETTERS;
use domain::find::view::FoundPage;
use markup::{Html, html};
use service::pages::Query;

use self::search_results::{Goal, Group, Target};
use super::layout::Here;
use texts::language::Text;
use texts::words::find as words;
use ui::components::search::{FIELD, FOUND, SAID};
use ui::drawing::{Sheet, hidden, sheet, submit_button};

/// Results of one kind in the list below the field.
const MOST: usize = 8;
const LIST: &str = "find-list";

/// The field in the top bar. What follows in an address goes along where there is no WASM.
pub(super) fn field(going_on: &str) -> Html {
    html! {
        {kept(going_on)}
        <label class="button search-button" for=FIELD>
            {words::FIND}
        </label>
        <input
            id=FIELD
            class="field"
            type="search"
            name="q"
            maxlength=MOST_LETTERS
            placeholder=words::FIND_A_METER
            aria-label=words::FIND_A_METER
            autocomplete="off"
            spellcheck="false"
            role="combobox"
            aria-autocomplete="list"
            aria-controls=LIST
            aria-expanded="false"
            data-key="/"
        />
        <kbd class="key search-key" aria-hidden="true">
            "/"
        </kbd>
        <div id=FOUND class="search-list" hidden=true></div>
        <p id=SAID class="sr" role="status"></p>
    }
}

fn kept(going_on: &str) -> Html {
    let query = Query::parse(going_on);
    query.rest(&[]).into_iter().map(|(name, value)| hidden(name, value)).collect()
}

pub(super) fn list(page: &FoundPage, here: &Here) -> Html {
    let groups = search_results::groups(page, here);
    let count = groups.iter().map(|group| group.goals.len().min(MOST)).sum();
    let all = address(page, here);
    let all = (page.all_meters > MOST).then(|| {
        let said = words::all(page.all_meters);
        html! {
            <a id="find-all" class="found-goal" role="option" tabindex="-1" aria-selected="false" href=all>
                <span class="found-name">{said}</span>
            </a>
        }
    });
    let (shown, said) = match (&page.wanted, count) {
        (Err(error), _) => {
            let said = words::too_long(error.0, MOST_LETTERS);
            (nothing(said.clone(), None), said)
        }
        (Ok(_), 0) => (nothing(words::NONE.into(), Some(words::NONE_HELP)), words::NONE.into()),
        (Ok(_), _) => (
            html! {
                <div id=LIST role="listbox" aria-label=words::FOUND>
                    {groups.iter().map(options).collect::<Html>()}
                    {all}
                </div>
            },
            words::said(count),
        ),
    };
    html! {
        <div id=FOUND>{shown}</div>
        <p id=SAID>{said}</p>
    }
}

fn nothing(said: String, help: Option<Text>) -> Html {
    html! { <p class="search-none">{said} ". " {help.map(Text::get)}</p> }
}

fn options(group: &Group) -> Html {
    let option = |(at, goal): (usize, &Goal)| {
        let id = format!("find-{}-{at}", group.word);
        let shown = shown(goal);
        match &goal.target {
            Target::Switch(switch) => html! {
                <div id=id class="found-goal" role="option" aria-selected="false">
                    <label for=switch.clone()>{shown}</label>
                </div>
            },
            Target::Address { href, is_external } => html! {
                <a
                    id=id
                    class="found-goal"
                    role="option"
                    tabindex="-1"
                    aria-selected="false"
                    href=href.clone()
                    rel=is_external.then_some("external")
                >
                    {shown}
                </a>
            },
        }
    };
    html! {
        <div class="found-group" role="group" aria-label=group.name>
            {group.goals.iter().take(MOST).enumerate().map(option).collect::<Html>()}
        </div>
    }
}

fn shown(goal: &Goal) -> Html {
    let keys = goal.key.map(|key| {
        html! {
            <kbd class="key">"g"</kbd>
            " "
            <kbd class="key">{key}</kbd>
        }
    });
    html! {
        <span class="found-name">{goal.name.clone()}</span>
        <span class="found-number">{goal.note.clone()} {keys}</span>
    }
}

fn address(page: &FoundPage, here: &Here) -> String {
    let typed = Query::default().with("q", &page.typed).without(&[]);
    here.address(&format!("/find?{typed}"), page.slug.as_deref())
}

pub(super) fn draw(page: &FoundPage, here: &Here) -> Sheet {
    let groups = search_results::groups(page, here);
    let beyond = page.all_meters - page.meters.len();
    let count = groups.iter().map(|group| group.goals.len()).sum::<usize>() + beyond;
    let headline = match &page.wanted {
        Err(error) => words::too_long(error.0, MOST_LETTERS),
        Ok(None) => words::TITLE.into(),
        Ok(Some(_)) => words::headline(count, &page.typed),
    };
    let detail = match (&page.wanted, count) {
        (Ok(None), _) => Some(words::HINT.into()),
        (Ok(Some(_)), 0) => Some(words::NONE_HELP.into()),
        (Ok(Some(_)), _) if beyond > 0 => Some(words::more(beyond)),
        _ => None,
    };
    let typed: String = page.typed.chars().take(MOST_LETTERS).collect();
    let content = html! {
        <article class="page find">
            <header class="sheet-head">
                <div class="state">
                    <h1>{headline}</h1>
                    {detail.map(|detail: String| html! { <p class="state-detail">{detail}</p> })}
                </div>
            </header>
            <form class="choice" method="get" action="/find" role="search" aria-label=words::TITLE>
                {kept(&here.going_on())}
                <label>
                    <span class="sr">{words::FIND_A_METER}</span>
                    <input
                        class="field"
                        type="search"
                        name="q"
                        maxlength=MOST_LETTERS
                        value=typed
                        autocomplete="off"
                    />
                </label>
                {submit_button(words::GO)}
            </form>
            {groups.iter().map(section).collect::<Html>()}
        </article>
    };
    sheet(&words::TITLE, content)
}

fn section(group: &Group) -> Html {
    let line = |goal: &Goal| {
        let shown = shown(goal);
        let target = match &goal.target {
            Target::Switch(switch) => {
                html! { <label class="found-goal" for=switch.clone()>{shown}</label> }
            }
            Target::Address { href, is_external } => html! {
                <a class="found-goal" href=href.clone() rel=is_external.then_some("external")>
                    {shown}
                </a>
            },
        };
        html! { <li>{target}</li> }
    };
    html! {
        <section class="found-section">
            <h2>{group.name}</h2>
            <ul>{group.goals.iter().map(line).collect::<Html>()}</ul>
        </section>
    }
}
