//! What can be found, with the pages and acts that only the interface knows.

use domain::find::view::{FoundPage, NamedSite};
use domain::find::{Rank, Wanted};
use service::Action;

use crate::layout::Here;
use crate::layout::foot::option_id;
use crate::layout::places::{Place, all};
use texts::language::{Language, Text};
use texts::words::find as words;
use ui::drawing::rights::may;

pub(super) enum Target {
    Address {
        href: String,
        is_external: bool,
    },
    /// To one of the rail's switches, by its id.
    Switch(String),
}

pub(super) struct Goal {
    rank: Rank,
    pub(super) name: String,
    /// Number and place.
    pub(super) note: String,
    /// The key that leads there after `g`.
    pub(super) key: Option<&'static str>,
    pub(super) target: Target,
}

pub(super) struct Group {
    pub(super) word: &'static str,
    pub(super) name: Text,
    pub(super) goals: Vec<Goal>,
}

/// What was found, by kind, that of the best result first. Where nothing was typed, all pages and acts.
pub(super) fn groups(page: &FoundPage, here: &Here) -> Vec<Group> {
    let Ok(wanted) = &page.wanted else { return Vec::new() };
    let group = |word, name, goals: Vec<Goal>| Group { word, name, goals };
    let mut groups = vec![
        group("meter", words::METERS, meters(page, here)),
        group("page", words::PAGES, pages(wanted.as_ref(), here)),
        group("act", words::ACTS, acts(wanted.as_ref(), page, here)),
        group("logger", words::LOGGERS, loggers(page, here)),
        group("site", words::SITES, sites(page)),
    ];
    groups.retain(|group| !group.goals.is_empty());
    groups.sort_by_key(|group| group.goals.first().map(|goal| goal.rank));
    groups
}

fn meters(page: &FoundPage, here: &Here) -> Vec<Goal> {
    let goal = |meter: &domain::find::view::FoundMeter| {
        let place = meter.place.as_ref().map(|place| format!(", {place}")).unwrap_or_default();
        Goal {
            rank: meter.rank,
            name: meter.name.clone(),
            note: format!("{}{place}{}", meter.number, on(meter.elsewhere.as_ref())),
            key: None,
            target: on_site(here, page, meter.elsewhere.as_ref(), &format!("/meters/{}", meter.id)),
        }
    };
    page.meters.iter().map(goal).collect()
}

fn loggers(page: &FoundPage, here: &Here) -> Vec<Goal> {
    let goal = |logger: &domain::find::view::FoundLogger| {
        let path = format!("/loggers?logger={}", logger.serial);
        Goal {
            rank: logger.rank,
            name: logger.serial.clone(),
            note: on(logger.elsewhere.as_ref()).trim_start_matches(", ").to_owned(),
            key: None,
            target: on_site(here, page, logger.elsewhere.as_ref(), &path),
        }
    };
    page.loggers.iter().map(goal).collect()
}

/// Another site is another live state: its pages are loaded anew.
fn sites(page: &FoundPage) -> Vec<Goal> {
    let goal = |found: &domain::find::view::FoundSite| {
        let slug = found.site.slug.as_ref();
        Goal {
            rank: found.rank,
            name: found.site.name.clone(),
            note: String::new(),
            key: None,
            target: Target::Address {
                href: slug.map_or_else(|| "/".to_owned(), |slug| format!("/?site={slug}")),
                is_external: true,
            },
        }
    };
    page.sites.iter().map(goal).collect()
}

fn on(site: Option<&NamedSite>) -> String {
    site.map(|site| format!(", {}", site.name)).unwrap_or_default()
}

fn on_site(here: &Here, page: &FoundPage, elsewhere: Option<&NamedSite>, path: &str) -> Target {
    let slug = elsewhere.map_or(page.slug.as_deref(), |site| site.slug.as_deref());
    Target::Address { href: here.address(path, slug), is_external: elsewhere.is_some() }
}

/// How well a name, or else a subject, answers in any language; as well as all others where nothing was typed.
fn meant(wanted: Option<&Wanted>, name: Text, subjects: Option<Text>) -> Option<Rank> {
    let Some(wanted) = wanted else { return Some(Rank::default()) };
    let answer = |language: Language| {
        let texts = std::iter::once(name).chain(subjects);
        wanted.rank(texts.map(|text| language.of(text.0, text.1)))
    };
    Language::ALL.into_iter().filter_map(answer).min()
}

/// Subjects of pages whose names do not tell them.
fn subjects(place: &Place) -> Option<Text> {
    Some(match place.at {
        "carbon" => words::OF_CARBON,
        "losses" => words::OF_LOSSES,
        "history" => words::OF_HISTORY,
        "reports" => words::OF_REPORTS,
        _ => return None,
    })
}

fn pages(wanted: Option<&Wanted>, here: &Here) -> Vec<Goal> {
    let goal = |place: Place| {
        let (href, rel) = here.link(place);
        Some(Goal {
            rank: meant(wanted, place.name, subjects(&place))?,
            name: place.name.into(),
            note: String::new(),
            key: Some(place.key),
            target: Target::Address { href, is_external: rel.is_some() },
        })
    };
    let mut goals: Vec<_> = all().filter(|place| may(place.needs)).filter_map(goal).collect();
    goals.sort_by_key(|goal| goal.rank);
    goals
}

/// Acts that are links, whether the page has to be loaded anew, and what they need.
const LINKS: [(Text, &str, bool, Option<Action>); 7] = [
    (words::ADD_METER, "/devices/new", false, Some(Action::Configure)),
    (words::IMPORT, "/devices/import", false, Some(Action::Configure)),
    (words::ADD_RULE, "/alarms#new-rule", false, Some(Action::Configure)),
    (words::DIESEL_PRICE, "/settings/factors", false, Some(Action::Administer)),
    (words::HELP, "/help", false, None),
    (words::CONFIGURATION, "/help#configuration", false, None),
    (words::API, "/api/docs", true, None),
];

/// Acts that are options of the rail's switches.
const SWITCHES: [(Text, &str, &str); 5] = [
    (words::DARK, "theme", "dark"),
    (words::LIGHT, "theme", "light"),
    (words::SYSTEM, "theme", ""),
    (words::ENGLISH, "language", "en"),
    (words::GERMAN, "language", "de"),
];

fn acts(wanted: Option<&Wanted>, page: &FoundPage, here: &Here) -> Vec<Goal> {
    let goal = |name: Text, target: Target| {
        let (note, key) = (String::new(), None);
        Some(Goal { rank: meant(wanted, name, None)?, name: name.into(), note, key, target })
    };
    let slug = page.slug.as_deref();
    let allowed = LINKS.iter().filter(|(.., needs)| needs.is_none_or(may));
    let links = allowed.filter_map(|(name, path, is_external, _)| {
        let href = if *is_external { (*path).to_owned() } else { here.address(path, slug) };
        goal(*name, Target::Address { href, is_external: *is_external })
    });
    let switches = SWITCHES
        .iter()
        .filter_map(|(name, switch, value)| goal(*name, Target::Switch(option_id(switch, value))));
    let mut goals: Vec<_> = links.chain(switches).collect();
    goals.sort_by_key(|goal| goal.rank);
    goals
}
