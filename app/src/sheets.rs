//! What the server draws alone, from the models of `domain::view`: HTML that the browser puts in
//! place. Nothing here reacts; what a person does is a link or a form.

mod act;
mod alarms;
mod bill;
mod bills;
mod carbon;
mod connections;
mod devices;
mod find;
mod frame;
mod grid;
mod help;
mod history;
mod loggers;
mod losses;
mod meter;
mod meters;
mod my_energy;
mod overview;
mod parts;
mod period;
mod portfolio;
mod report;
mod reports;
mod selected;
mod settings;
mod simulator;
mod start;
mod trades;

use domain::view::Shown;
use leptos::prelude::*;
use service::pages::history::Detail;
use service::pages::{self, Query};
use service::{Error, Principal, Service};

use crate::api::Sheet;
use crate::components::frame::Parts;
use crate::components::sheet::AGAIN;
use crate::period::join;
use crate::words::places;

pub(crate) use act::act;
pub use act::act as perform;
use frame::Here;
pub(crate) use history::picture::picture;
pub(crate) use overview::hotspots;
pub use report::{Written, letter};

/// The parameters that ask for something to be done, such as a trial of a device: what is drawn anew does
/// not do it again.
const ONCE: [&str; 4] = ["read=", "scan=", "announced=", "preview="];

/// Draws what stands at a path; none where nothing does.
pub(crate) async fn draw(
    service: &Service,
    who: &Principal,
    path: &str,
    query: &str,
) -> Result<Option<Sheet>, Error> {
    if let Some(path) = path.strip_prefix("/frame") {
        return Ok(Some(sheet("", Parts::draw(service, *who, path, query).whole())));
    }
    if let Some(path) = path.strip_prefix("/found") {
        let asked = pages::address(service, path, query);
        let typed = asked.get("find").unwrap_or_default().to_owned();
        let page = pages::find(service, who, &asked.clone().with("q", &typed)).await?;
        return Ok(Some(find::list(&page, &Here::new(path, query, &asked))));
    }
    let search = query;
    let query = pages::address(service, path, &without_once(query));
    let parts: Vec<_> = path.trim_matches('/').split('/').collect();
    let drawn = match parts.as_slice() {
        [""] => overview::draw(service, who, &query).await?,
        ["selected"] => selected::draw(service, who, &query).await?,
        ["losses"] => losses::draw(&pages::losses(service, who, &query).await?, &query),
        ["alarms"] => alarms::draw(&pages::alarms(service, who, &query).await?),
        ["carbon"] => carbon::draw(&pages::carbon(service, who, &query).await?),
        ["history"] => {
            history::draw(&pages::history::history(service, who, &query, Detail::Page).await?)
        }
        ["loggers"] => loggers::draw(&pages::loggers(service, who, &query).await?),
        ["find"] => {
            let page = pages::find(service, who, &query).await?;
            find::draw(&page, &Here::new(path, search, &query))
        }
        ["help"] => help::draw(),
        ["grid"] => grid::draw(&pages::grid(service, who, &query).await?),
        ["connections"] => connections::draw(&pages::connections(service, who, &query).await?),
        ["devices"] => devices::draw(&pages::devices::devices(service, who, &query).await?),
        ["devices", "new"] => devices::new::draw(&pages::devices::new(service, who, &query).await?),
        ["devices", "import"] => {
            devices::import::draw(&pages::devices::import(service, who, &query)?)
        }
        ["devices", id] => match pages::devices::device(service, who, id, &query).await? {
            Some(page) => devices::one::draw(&page),
            None => return Ok(None),
        },
        ["bills"] => bills::draw(&pages::bills::bills(service, who, &query).await?),
        ["bills", parts @ ..] => match pages::bills::bill(service, who, parts, &query).await? {
            Some(page) => bill::draw(&page, &query),
            None => return Ok(None),
        },
        ["reports"] => reports::draw(&pages::reports(service, who, &query).await?),
        ["reports", month] => report::draw(&pages::report(service, who, month, &query).await?),
        ["trades"] => trades::draw(&pages::trades(service, who, &query).await?),
        ["energy"] => my_energy::draw(&pages::my_energy(service, who, &query).await?),
        ["sites"] => portfolio::draw(&pages::portfolio(service, who, &query).await?),
        ["sites", "new"] => portfolio::form::draw(pages::may_add_sites(*who)),
        ["start"] => start::draw(&pages::start(service, who, &query)?),
        ["simulator"] => simulator::draw(&pages::simulator(service, who, &query).await?),
        ["settings"] => return settings::draw(service, who, "", &query).await,
        ["settings", place] => return settings::draw(service, who, place, &query).await,
        ["meters"] => meters::draw(service, who, &query).await?,
        ["meters", id] => return meter::period(service, who, id, &query).await,
        ["meters", id, tab] => return meter::tab(service, who, id, tab, &query).await,
        _ => return Ok(None),
    };
    Ok(Some(drawn))
}

/// What follows after `?`, of what is drawn anew without what is done once.
fn without_once(query: &str) -> String {
    let Some(query) = query.strip_suffix(AGAIN) else { return query.to_owned() };
    let goes_on = |part: &&str| !ONCE.iter().any(|once| part.starts_with(once));
    let query = query.strip_prefix('?').unwrap_or(query);
    query.split('&').filter(goes_on).collect::<Vec<_>>().join("&")
}

/// Links to the sites, for the frame of a page.
pub(crate) fn sites(service: &Service, who: Principal) -> String {
    let link = |site: pages::Choice| {
        let href = site.slug.map_or_else(|| "/".to_owned(), |slug| format!("/?site={slug}"));
        let kind =
            site.is_simulated.then(|| view! { <span class="note">{places::SIMULATED}</span> });
        view! {
            <li>
                <a href=href rel="external">
                    {site.name}
                    {kind}
                </a>
            </li>
        }
    };
    let choices = pages::sites(service, &who).unwrap_or_default();
    let all = view! {
        <li class="sites-all">
            <a href="/sites" rel="external">
                {crate::words::portfolio::ALL}
            </a>
        </li>
    };
    view! {
        {choices.into_iter().map(link).collect_view()}
        {all}
    }
    .into_view()
    .into_inner()
    .to_html()
}

/// Figures of a period change every quarter-hour; a minute late is early enough.
const REFRESH_S: u32 = 60;

/// A sheet of a view.
fn sheet(title: &str, content: impl IntoView) -> Sheet {
    let html = content.into_view().into_inner().to_html();
    Sheet { title: title.to_owned(), html, refresh_s: REFRESH_S }
}

/// An address within the application that keeps the site and the period.
fn link(shown: &Shown, path: &str) -> String {
    address(path, &shown.query())
}

/// Where a form goes from a browser that runs nothing, and what follows.
fn plain(act: &str, next: &str) -> String {
    at(None, &format!("/api/forms/{act}"), &[("next", next)])
}

/// An address about the same site, with parameters; empty ones are left out.
fn at(slug: Option<&str>, path: &str, parameters: &[(&str, &str)]) -> String {
    let site = slug.map(|slug| ("site", slug));
    let all = parameters.iter().copied().chain(site);
    let query = all.fold(Query::default(), |query, (name, value)| query.with(name, value));
    address(path, &query.without(&[]))
}

/// A path with what follows after `?`, before the place on the page where it names one.
fn address(path: &str, query: &str) -> String {
    if query.is_empty() {
        return path.to_owned();
    }
    let query = format!("?{query}");
    match path.split_once('#') {
        Some((path, place)) => format!("{}#{place}", join(path, &query)),
        None => join(path, &query),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_anew_does_not_ask_again_for_what_is_done_once() {
        assert_eq!(without_once("?read=2&site=twin"), "?read=2&site=twin");
        assert_eq!(without_once("?read=2&site=twin&again"), "site=twin");
        assert_eq!(without_once("check=1&scan=9&meter=3&announced=1&again"), "check=1&meter=3");
        assert_eq!(without_once("already=1&again"), "already=1");
        assert_eq!(without_once("&again"), "");
    }

    #[test]
    fn an_address_keeps_the_site_and_whatever_was_typed() {
        let found = at(Some("twin"), "/devices", &[("state", ""), ("q", "a & b")]);
        assert_eq!(found, "/devices?q=a+%26+b&site=twin");
        assert_eq!(at(None, "/devices", &[]), "/devices");
        assert_eq!(at(Some("twin"), "/loggers#form", &[]), "/loggers?site=twin#form");
    }
}
