//! The sites, each with its buildings, and what adds up.

use chrono::{DateTime, Utc};
use domain::losses::balance::Verdict;
use domain::overview::portfolio::{
    BuildingState, Column, Key, Order, PortfolioPage, SiteRow, SiteState, Sum, Totals,
};
use domain::overview::state;
use domain::sites::SiteKind;
use markup::{Html, html};

use super::{chosen, files, here, toggle};
use texts::figures;
use texts::language::Text;
use texts::time::duration;
use texts::words::overview::headline;
use texts::words::portfolio as words;
use ui::components::figure::{UNKNOWN, about, fixed};
use ui::drawing::parts::verdict;
use ui::drawing::{Shape, address, at, mark};
use ui::kit;

/// Buildings of a site that are listed; the rest stand in its tree.
const MOST_BUILDINGS: usize = 12;

/// A column: its name, its unit, and the widths at which it stands there.
const fn head(column: Column) -> (Text, &'static str, &'static str) {
    match column {
        Column::Site => (words::SITE, "", ""),
        Column::Power => (words::POWER, "kW", "num"),
        Column::Loss => (words::LOSS, "kW", "num"),
        Column::Energy => (words::TODAY, "kWh", "num col-count"),
        Column::Solar => (words::SOLAR, "%", "num col-wide"),
        Column::Carbon => (words::CARBON, "kg", "num col-wide"),
        Column::Coverage => (words::COVERAGE, "%", "num col-count"),
        Column::Alarms => (words::ALARMS, "", "num col-alarms"),
        Column::Age => (words::AGE, "", "num col-count"),
    }
}

pub(super) fn draw(page: &PortfolioPage) -> Html {
    let totals = Totals::of(&page.sites);
    html! {
        <div class="scroll" tabindex="0" role="group" aria-label=words::TITLE>
            <table class="table site-list">
                <thead>
                    <tr>
                        {Column::ALL.map(|column| title(page, column))}
                        {kit::Column::unnamed(words::compare::TITLE)}
                    </tr>
                </thead>
                <tbody>{page.sites.iter().map(|row| site(page, row)).collect::<Html>()}</tbody>
                {totals.as_ref().map(total)}
            </table>
        </div>
        {files::now(page).offer("sites", || files::sites(page))}
        {totals.as_ref().map(remarks)}
    }
}

fn title(page: &PortfolioPage, column: Column) -> Html {
    let (name, unit, class) = head(column);
    let is_it = page.order.by == column;
    let order = Order { by: column, turned: is_it && !page.order.turned };
    let rises = (column == Column::Site) != page.order.turned;
    let sorted = is_it.then_some(if rises { "ascending" } else { "descending" });
    let unit = (!unit.is_empty()).then(|| html! { <span class="unit">{unit}</span> });
    html! {
        <th scope="col" class=class aria-sort=sorted>
            <a
                id=format!("sort-{}", column.word())
                class="sort"
                href=here(page, order, &chosen(page))
                title=words::order_by(name.get())
                data-noscroll
            >
                {name}
                {unit}
            </a>
        </th>
    }
}

fn into(page: &PortfolioPage, site: &SiteState, path: &str) -> String {
    address(&at(site.in_addresses.as_deref(), path, &[]), &page.shown.period.query())
}

fn site(page: &PortfolioPage, row: &SiteRow) -> Html {
    let (site, standing) = (&row.state, &row.state.standing);
    let state = row
        .snapshot
        .as_ref()
        .filter(|_| site.meters > 0)
        .map(|live| headline(&state(live), live.at));
    let state = state.unwrap_or_else(|| words::NO_METERS.get().to_owned());
    let shape = match standing.verdict {
        Some(found) => verdict(found).0,
        None if standing.power_in_kw.is_some() => Shape::Good,
        None => Shape::Stale,
    };
    let simulated = (site.kind == SiteKind::Simulated).then(|| {
        html! { <span class="badge">{words::SIMULATED}</span> }
    });
    let listed = site.buildings.iter().take(MOST_BUILDINGS);
    let buildings = listed.map(|it| building(page, site, it)).collect::<Html>();
    let more = site.buildings.len().saturating_sub(MOST_BUILDINGS);
    let more = (more > 0).then(|| {
        html! {
            <tr class="building-row">
                <th scope="row" colspan="10">
                    <a href=into(page, site, "/meters") rel="external">
                        {words::more(more)}
                    </a>
                </th>
            </tr>
        }
    });
    html! {
        <tr id=format!("site-{}", site.slug) class="site-row">
            <th scope="row">
                <a class="row-link" href=into(page, site, "/") rel="external">
                    {site.name.clone()}
                </a>
                " "
                {simulated}
                " "
                <span class="note">
                    {words::counted(site.meters, site.buildings.len())} ", " {site.time_zone.clone()}
                </span>
                <span class="site-state">
                    {mark(shape)} " " {state}
                </span>
            </th>
            <td class="num">{about(standing.power_in_kw)}</td>
            {loss(standing.loss_kw, standing.error_kw, standing.loss_percent, standing.verdict)}
            <td class="num col-count">{about(standing.today_kwh)}</td>
            <td class="num col-wide">{fixed(standing.solar_share_percent, 1)}</td>
            <td class="num col-wide">{about(standing.net_carbon_kg)}</td>
            <td class="num col-count">{fixed(standing.coverage.map(|it| it * 100.0), 1)}</td>
            <td class="num col-alarms">{alarms(page, site, standing.open_alarms)}</td>
            <td class="num col-count">{age(site.at, standing.newest_at)}</td>
            <td class="num">{toggle(page, &Key::Site(site.slug.clone()), &site.name)}</td>
        </tr>
        {buildings}
        {more}
    }
}

fn building(page: &PortfolioPage, site: &SiteState, building: &BuildingState) -> Html {
    let path = format!("/meters/{}", building.meter_id);
    html! {
        <tr class="building-row">
            <th scope="row">
                <a class="row-link" href=into(page, site, &path) rel="external">
                    {building.name.clone()}
                </a>
                " "
                <span class="note">
                    {building.location.clone().unwrap_or_else(|| words::BUILDING.get().to_owned())}
                </span>
            </th>
            <td class="num">{about(building.power_in_kw)}</td>
            {loss(building.loss_kw, building.error_kw, building.loss_percent, building.verdict)}
            <td class="num col-count">{about(building.today_kwh)}</td>
            <td class="num col-wide"></td>
            <td class="num col-wide"></td>
            <td class="num col-count"></td>
            <td class="num col-alarms">{(building.open_alarms > 0).then_some(building.open_alarms)}</td>
            <td class="num col-count">{age(site.at, building.newest_at)}</td>
            <td class="num">{toggle(page, &Key::Building(building.meter_id), &building.name)}</td>
        </tr>
    }
}

fn loss(
    kw: Option<f64>,
    error: Option<f64>,
    percent: Option<f64>,
    verdict: Option<Verdict>,
) -> Html {
    let class = match verdict {
        Some(Verdict::Loss) => "num is-loss",
        Some(Verdict::Negative) => "num is-negative",
        _ => "num is-quiet",
    };
    let error = error.map(|error| format!("± {}", figures::fixed(error, 1)));
    let share = percent.map(|percent| format!("{} %", figures::fixed(percent, 1)));
    html! {
        <td class=class>
            <span class="loss-kw">{fixed(kw, 1)}</span>
            " "
            <span class="note">{error}</span>
            " "
            <span class="note loss-share">{share}</span>
        </td>
    }
}

fn alarms(page: &PortfolioPage, site: &SiteState, open: usize) -> Html {
    if open == 0 {
        return html! { <span class="note">"0"</span> };
    }
    html! {
        <a href=into(page, site, "/alarms") rel="external">
            {mark(Shape::Alarm)}
            " "
            {open}
        </a>
    }
}

fn age(now: DateTime<Utc>, newest: Option<DateTime<Utc>>) -> String {
    newest.map_or_else(|| words::NEVER.get().to_owned(), |newest| duration(now - newest))
}

fn total(totals: &Totals) -> Html {
    let sum = |sum: &Sum| match sum {
        Sum::Of(value) => figures::about(*value),
        Sum::Lacking(_) | Sum::OtherDays => UNKNOWN.to_owned(),
    };
    let loss = match totals.loss_kw {
        Sum::Of(kw) => figures::fixed(kw, 1),
        _ => UNKNOWN.to_owned(),
    };
    let error = totals.error_kw.map(|error| format!("± {}", figures::fixed(error, 1)));
    html! {
        <tfoot>
            <tr class="sum">
                <th scope="row">{words::total(totals.sites)}</th>
                <td class="num">{sum(&totals.power_in_kw)}</td>
                <td class="num">{loss} " " <span class="note">{error}</span></td>
                <td class="num col-count">{sum(&totals.today_kwh)}</td>
                <td class="num col-wide">{fixed(totals.solar_share_percent, 1)}</td>
                <td class="num col-wide">{sum(&totals.net_carbon_kg)}</td>
                <td class="num col-count"></td>
                <td class="num col-alarms">{totals.open_alarms}</td>
                <td class="num col-count"></td>
                <td></td>
            </tr>
        </tfoot>
    }
}

fn remarks(totals: &Totals) -> Html {
    let sums = [
        (words::OF_POWER, &totals.power_in_kw),
        (words::OF_LOSS, &totals.loss_kw),
        (words::OF_ENERGY, &totals.today_kwh),
        (words::OF_CARBON, &totals.net_carbon_kg),
    ];
    let lacking = sums.iter().filter_map(|(figure, sum)| match sum {
        Sum::Lacking(names) => Some(words::lacking(figure.get(), &names.join(", "))),
        Sum::Of(_) | Sum::OtherDays => None,
    });
    let other = (totals.today_kwh == Sum::OtherDays).then(|| words::OTHER_DAYS.get().to_owned());
    let said: Vec<String> =
        std::iter::once(words::ADDED_UP.get().to_owned()).chain(lacking).chain(other).collect();
    html! { <p class="note site-remarks">{said.join(" ")}</p> }
}
