//! The page of all sites: how each is doing, what adds up, and some of them side by side.

pub(super) mod act;
mod compare;
mod files;
pub(super) mod form;
mod table;

use domain::losses::balance::Verdict;
use domain::overview::portfolio::{Key, MOST_COMPARED, Order, PortfolioPage, SiteState};
use domain::sites::SiteKind;
use markup::{Html, html};

use texts::figures;
use texts::words::portfolio as words;
use ui::drawing::{Sheet, at, link, sheet};

pub(super) fn draw(page: &PortfolioPage) -> Sheet {
    let add = page.may_add.then(|| {
        html! {
            <a class="button" href="/sites/new">
                {words::ADD}
            </a>
        }
    });
    let content = html! {
        <article class="page portfolio">
            <header class="sheet-head">
                <div class="state" id="sites-state">
                    <h1>{headline(page)}</h1>
                    <p class="state-detail">{detail(page)}</p>
                </div>
                {add}
            </header>
            <div id="sites-rows">
                {table::draw(page)}
            </div>
            <div id="sites-compared">
                {compare::draw(page)}
            </div>
        </article>
    };
    // Figures of the last quarter-hour, looked at from afar.
    Sheet { refresh_s: 20, ..sheet(&words::TITLE, content) }
}

/// The real sites, which share one time.
fn real(page: &PortfolioPage) -> impl Iterator<Item = &SiteState> {
    page.sites.iter().map(|row| &row.state).filter(|site| site.kind == SiteKind::Live)
}

fn headline(page: &PortfolioPage) -> String {
    let all = real(page).count();
    let losing = || real(page).filter(|site| site.standing.verdict == Some(Verdict::Loss));
    let kw = |site: &SiteState| site.standing.loss_kw.unwrap_or(0.0);
    match losing().max_by(|one, other| kw(one).total_cmp(&kw(other))) {
        Some(most) => {
            let sum: f64 = losing().map(kw).sum();
            words::losing(&figures::about(sum), losing().count(), all, &most.name)
        }
        None => words::quiet(all),
    }
}

fn detail(page: &PortfolioPage) -> String {
    let is_blind = |site: &&SiteState| site.meters > 0 && site.standing.power_in_kw.is_none();
    let is_other = !page.shown.is_today() || page.shown.period.compares();
    let said = [
        words::blind(real(page).filter(is_blind).count()),
        Some(words::DETAIL.get().to_owned()),
        is_other.then(|| words::OF_NOW.get().to_owned()),
        words::simulated(page.sites.len() - real(page).count()),
    ];
    said.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn here(page: &PortfolioPage, order: Order, with: &[String]) -> String {
    let with = with.join(",");
    let order_by = if order.by == Order::default().by { "" } else { order.by.word() };
    let turned = if order.turned { Order::TURNED } else { "" };
    let own = [("sort", order_by), ("order", turned), ("with", &with)];
    link(&page.shown, &at(None, "/sites", &own))
}

fn chosen(page: &PortfolioPage) -> Vec<String> {
    page.compared.iter().map(|side| side.key.to_string()).collect()
}

/// A link that sets one beside the others, or takes it away; none where there is no room.
fn toggle(page: &PortfolioPage, key: &Key, name: &str) -> Option<Html> {
    let mut with = chosen(page);
    let text = key.to_string();
    let is_chosen = with.contains(&text);
    if is_chosen {
        with.retain(|other| *other != text);
    } else if with.len() < MOST_COMPARED {
        with.push(text.clone());
    } else {
        return None;
    }
    let label = if is_chosen { words::compare::remove(name) } else { words::compare::add(name) };
    let said = if is_chosen { words::compare::CHOSEN } else { words::compare::ADD };
    Some(html! {
        <a
            id=format!("with-{}", text.replace(':', "-"))
            class="site-compare"
            href=here(page, page.order, &with)
            aria-label=label
            aria-current=is_chosen.then_some("true")
            data-noscroll
        >
            {said}
        </a>
    })
}
