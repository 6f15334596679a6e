//! Settings: what there is to set, and the site itself.

pub(super) mod act;
mod areas;
mod configuration;
mod factors;
mod meters;
mod people;
mod retention;
mod site;
mod tariffs;

use markup::{Html, html};
use service::bills::page::prices;
use service::configuration::page::settings::{self as load, About, OverviewPage};
use service::pages::Query;
use service::{Error, Principal, Service};

use crate::fields;
use texts::language::Text;
use texts::words::people::TITLE as PEOPLE;
use texts::words::settings as words;
use ui::drawing::{Sheet, at, still_sheet};

/// The pages, by the last part of their path.
const PLACES: [(&str, Text); 9] = [
    ("", words::ALL),
    ("site", words::SITE),
    ("tariffs", words::TARIFFS),
    ("factors", words::FACTORS),
    ("retention", words::RETENTION),
    ("areas", words::AREAS),
    ("meters", words::METERS),
    ("people", PEOPLE),
    ("configuration", words::CONFIGURATION),
];

pub(super) async fn draw(
    service: &Service,
    who: &Principal,
    place: &str,
    query: &Query,
) -> Result<Option<Sheet>, Error> {
    Ok(Some(match place {
        "" => overview(&load::overview(service, who, query).await?),
        "site" => site::draw(&load::site_page(service, who, query).await?),
        "tariffs" => tariffs::draw(&prices::tariffs(service, who, query).await?),
        "factors" => factors::draw(&prices::factors(service, who, query).await?),
        "retention" => retention::draw(&load::retention(service, who, query).await?),
        "areas" => areas::draw(&load::areas(service, who, query).await?),
        "meters" => {
            let page = service::meters::page::settings::meters(service, who, query).await?;
            let rules = meters::rules::asked(service, who, query, &page).await?;
            meters::draw(&page, rules.as_ref())
        }
        "people" => people::draw(&service::people::page::people(service, who, query).await?),
        "configuration" => configuration::draw(
            &service::configuration::page::configuration(service, who, query).await?,
        ),
        _ => return Ok(None),
    }))
}

fn page(about: &About, place: &str, title: Text, note: Text, content: Html) -> Sheet {
    let link = |(path, name): (&'static str, Text)| {
        let href =
            at(about.slug.as_deref(), format!("/settings/{path}").trim_end_matches('/'), &[]);
        let here = (path == place).then_some("page");
        html! {
            <a class="segment" id=format!("settings-{path}") href=href aria-current=here>
                {name}
            </a>
        }
    };
    let is_shown = |(path, _): &(&str, Text)| *path != "people" || about.manages_people;
    // People are those of all sites.
    let of_site = (place != "people").then(|| format!(", {}", about.site.name));
    let simulated = about.is_simulated().then(|| html! { {words::SIMULATED} " " });
    let locked = (!about.is_operator).then(|| words::READ_ONLY.get());
    let page = html! {
        <article class="page settings">
            <header class="sheet-head">
                <div class="state">
                    <h1>{title} {of_site}</h1>
                    <p class="note">{simulated} {note} " " {locked}</p>
                </div>
            </header>
            <nav class="segments settings-places" aria-label=words::PLACES>
                {PLACES.into_iter().filter(is_shown).map(link).collect::<Html>()}
            </nav>
            {content}
        </article>
    };
    still_sheet(&title, page)
}

fn overview(page_: &OverviewPage) -> Sheet {
    let about = &page_.about;
    let (site, keeps) = (&about.site, about.site.retention);
    let of_site = format!("{}, {}, {}", site.name, site.zone.name(), site.currency);
    let rows = [
        ("site", words::SITE, of_site),
        ("tariffs", words::TARIFFS, words::tariffs(page_.tariffs)),
        ("factors", words::FACTORS, words::factors(page_.factors)),
        (
            "retention",
            words::RETENTION,
            words::retention(keeps.raw_days, keeps.hourly_days, keeps.daily_days),
        ),
        ("areas", words::AREAS, words::areas(page_.areas)),
        ("meters", words::METERS, words::meters(page_.meters)),
        ("configuration", words::CONFIGURATION, words::DOCUMENT.into()),
    ];
    let row = |(path, name, value): (&str, Text, String)| {
        let href = at(about.slug.as_deref(), &format!("/settings/{path}"), &[]);
        html! {
            <tr>
                <th scope="row">
                    <a class="row-link" href=href>
                        {name}
                    </a>
                </th>
                <td class="col-reason">{value}</td>
            </tr>
        }
    };
    let content = html! {
        <table class="table settings-facts ranking">
            <tbody>{rows.map(row)}</tbody>
        </table>
    };
    page(about, "", words::TITLE, words::OVERVIEW_NOTE, content)
}
