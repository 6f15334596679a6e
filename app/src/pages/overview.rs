//! The overview: the state in words, today's gauges, the balance, the hotspots, and what `pages_sites` draws below
//! them; of another period, or of one that is compared, its figures.

mod balance;
mod gauge;
mod gauges;
mod hotspots;
mod missing;
mod period;

use std::collections::HashMap;

use domain::MeterId;
use domain::live::Snapshot;
use domain::overview::view::HotspotsPage;
use domain::overview::{facts, state};
use markup::{Html, html};
use service::pages::Query;
use service::{Principal, Service};

use super::Drawn;
use texts::words::overview as words;
use ui::drawing::{Sheet, sheet};

/// Alarms are worth seeing soon, also where no meter says anything.
const REFRESH_S: u32 = 15;

const MAJOR_SHARE: f64 = 0.25;

type Names<'a> = HashMap<MeterId, &'a str>;

pub(crate) async fn draw(service: &Service, who: &Principal, query: &Query) -> Drawn {
    let now = service::pages::snapshot(service, who, query).await?;
    if now.meters.is_empty() {
        return Ok(super::empty::draw(words::TITLE.get(), query));
    }
    // A period that cannot be meant is told below the figures of now.
    let shown = service::pages::period(service, who, query);
    if shown.is_ok_and(|shown| !shown.is_today() || shown.period.compares()) {
        return Box::pin(period::draw(service, who, query, &now)).await;
    }
    let below = pages_sites::overview(service, who, query).await?;
    let hotspots = service::overview::hotspots(service, who, query).await?;
    let names = now.meters.iter().map(|card| (card.id, card.name.as_str())).collect();
    let content = html! {
        <article class="page overview">
            {headline(&now, &hotspots)}
            {missing::draw(&now, &hotspots, (&names, query))}
            {gauges::draw(&now)}
            {balance::draw(&now, &names)}
            {hotspots::draw(&now, &hotspots, (&names, query))}
            {below}
        </article>
    };
    Ok(Sheet { refresh_s: REFRESH_S, is_live: true, ..sheet(&words::TITLE, content) })
}

/// The state of the site in words, what it costs, and how sure that is.
fn headline(now: &Snapshot, hotspots: &HotspotsPage) -> Html {
    let facts = facts(now, &hotspots.metering);
    html! {
        <header class="state">
            <h1>{words::headline(&state(now), now.at)}</h1>
            <p class="state-detail">
                <strong>{words::price(&facts, &now.site)}</strong>
                " "
                {words::detail(&facts, &now.site)}
            </p>
        </header>
    }
}

/// Whether a node's loss is so large a part of the site's that it is set off from the others.
fn is_major(node: Option<f64>, site: Option<f64>) -> bool {
    node.zip(site).is_some_and(|(node, site)| site > 0.0 && node >= MAJOR_SHARE * site)
}

fn name(names: &Names, id: MeterId) -> String {
    names.get(&id).copied().unwrap_or_default().to_owned()
}
