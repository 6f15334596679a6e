//! The search over meters, loggers, sites, pages and acts: its field in the frame, the list below that,
//! and a page for whoever wants to see all that was found.

mod goals;

use domain::find::MOST_LETTERS;
use domain::view::FoundPage;
use leptos::prelude::*;
use service::pages::Query;

use self::goals::{Goal, Group, Target};
use super::frame::Here;
use texts::language::Text;
use texts::words::find as words;
use ui::api::Sheet;
use ui::components::search::{FIELD, FOUND, SAID};
use ui::drawing::sheet;

/// Results of one kind in the list below the field.
const MOST: usize = 8;
/// Id of what is walked through by arrow keys.
const LIST: &str = "find-list";

/// The field in the top bar. What follows in an address goes along where there is no WASM.
pub(super) fn field(going_on: &str) -> AnyView {
    let kept = Query::parse(going_on);
    let kept = kept.rest(&[]).into_iter().map(|(name, value)| {
        view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> }
    });
    view! {
        {kept.collect_view()}
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
    .into_any()
}

/// What is below the field for what was typed, as live parts of a sheet.
pub(super) fn list(page: &FoundPage, here: &Here) -> Sheet {
    let groups = goals::groups(page, here);
    let count = groups.iter().map(|group| group.goals.len().min(MOST)).sum();
    let all = address(page, here);
    let all = (page.all_meters > MOST).then(|| {
        let said = words::all(page.all_meters);
        view! {
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
            view! {
                <div id=LIST role="listbox" aria-label=words::FOUND>
                    {groups.iter().map(options).collect_view()}
                    {all}
                </div>
            }
            .into_any(),
            words::said(count),
        ),
    };
    sheet(
        "",
        view! {
            <div id=FOUND data-live="">
                {shown}
            </div>
            <p id=SAID data-live="">
                {said}
            </p>
        },
    )
}

fn nothing(said: String, help: Option<Text>) -> AnyView {
    view! { <p class="search-none">{said} ". " {help.map(Text::get)}</p> }.into_any()
}

fn options(group: &Group) -> AnyView {
    let option = |(at, goal): (usize, &Goal)| {
        let id = format!("find-{}-{at}", group.word);
        let shown = shown(goal);
        match &goal.target {
            Target::Switch(switch) => view! {
                <div id=id class="found-goal" role="option" aria-selected="false">
                    <label for=switch.clone()>{shown}</label>
                </div>
            }
            .into_any(),
            Target::Address { href, is_external } => view! {
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
            }
            .into_any(),
        }
    };
    view! {
        <div class="found-group" role="group" aria-label=group.name>
            {group.goals.iter().take(MOST).enumerate().map(option).collect_view()}
        </div>
    }
    .into_any()
}

fn shown(goal: &Goal) -> AnyView {
    let keys = goal.key.map(|key| {
        view! {
            <kbd class="key">"g"</kbd>
            " "
            <kbd class="key">{key}</kbd>
        }
    });
    view! {
        <span class="found-name">{goal.name.clone()}</span>
        <span class="found-number">{goal.note.clone()} {keys}</span>
    }
    .into_any()
}

/// The page of all that was found.
fn address(page: &FoundPage, here: &Here) -> String {
    let typed = Query::default().with("q", &page.typed).without(&[]);
    here.address(&format!("/find?{typed}"), page.slug.as_deref())
}

pub(super) fn draw(page: &FoundPage, here: &Here) -> Sheet {
    let groups = goals::groups(page, here);
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
    let kept = Query::parse(&here.going_on());
    let kept = kept.rest(&[]).into_iter().map(|(name, value)| {
        view! { <input type="hidden" name=name.to_owned() value=value.to_owned() /> }
    });
    sheet(
        words::TITLE.get(),
        view! {
            <article class="page find">
                <header class="sheet-head">
                    <div class="state">
                        <h1>{headline}</h1>
                        {detail.map(|detail: String| view! { <p class="state-detail">{detail}</p> })}
                    </div>
                </header>
                <form class="choice" method="get" action="/find" role="search" aria-label=words::TITLE>
                    {kept.collect_view()}
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
                    <button type="submit" class="button">
                        {words::GO}
                    </button>
                </form>
                {groups.iter().map(section).collect_view()}
            </article>
        },
    )
}

fn section(group: &Group) -> AnyView {
    let line = |goal: &Goal| {
        let shown = shown(goal);
        let target = match &goal.target {
            Target::Switch(switch) => {
                view! { <label class="found-goal" for=switch.clone()>{shown}</label> }.into_any()
            }
            Target::Address { href, is_external } => view! {
                <a class="found-goal" href=href.clone() rel=is_external.then_some("external")>
                    {shown}
                </a>
            }
            .into_any(),
        };
        view! { <li>{target}</li> }
    };
    view! {
        <section class="found-section">
            <h2>{group.name}</h2>
            <ul>{group.goals.iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}
