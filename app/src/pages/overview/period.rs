//! The overview of a period: its figures, its chart and its nodes, each beside the period before where that is
//! compared with; and under a heading of its own the state of now.

mod chart;
mod files;
mod nodes;
mod sums;

use domain::live::Snapshot;
use domain::overview::comparison::{Figure, PeriodFigures, PeriodOverview};
use domain::overview::{clock, facts, state};
use domain::period::Kind;
use domain::reports::Month;
use domain::view::PeriodContext;
use markup::{Html, html};
use service::pages::Query;
use service::{Error, Principal, Service};

use super::{Names, missing};
use texts::words::carbon::per_kwh;
use texts::words::files::WORKBOOK;
use texts::words::overview as words;
use texts::words::period::capital;
use texts::{figures, language};
use ui::drawing::files::address_of_report;
use ui::drawing::parts::money::with_sign;
use ui::drawing::parts::shared::SharedFigures;
use ui::drawing::parts::{Clock, percent, price};
use ui::drawing::{Sheet, at, link, sheet};

pub(super) async fn draw(
    service: &Service,
    who: &Principal,
    query: &Query,
    now: &Snapshot,
) -> Result<Sheet, Error> {
    let page = service::overview::comparison::of_period(service, who, query).await?;
    let hotspots = service::overview::hotspots(service, who, query).await?;
    let grid = service::pages::grid_meter(service, who, query)?;
    let below = pages_sites::overview_now(service, who, query).await?;
    let names: Names<'_> = now.meters.iter().map(|card| (card.id, card.name.as_str())).collect();
    let facts = facts(now, &hotspots.metering);
    let content = html! {
        <article class="page overview">
            {head(&page)}
            {sums::draw(&page)}
            {chart::draw(&page, grid.as_ref())}
            {nodes::draw(&page)}
            <section class="overview-now" aria-labelledby="overview-now">
                <h2 id="overview-now">
                    {words::NOW} " "
                    <span class="note">
                        {clock(&now.site, now.at)} ", "
                        <a href=at(query.get("site"), "/", &[])>{words::LIVE}</a>
                    </span>
                </h2>
                <p>{words::headline(&state(now), now.at)} "."</p>
                <p class="state-detail">
                    {words::price(&facts, &now.site)} " " {words::detail(&facts, &now.site)}
                </p>
                {missing::draw(now, &hotspots, (&names, query))}
                {below}
            </section>
        </article>
    };
    Ok(sheet(&words::TITLE, content))
}

/// The name of the period, as it stands in a sentence.
fn name(page: &PeriodOverview) -> String {
    page.shown.period.label(page.shown.today(), language::now())
}

/// The name of the period before, as it stands in a sentence.
fn name_before(page: &PeriodOverview) -> String {
    page.shown.period.before_label(page.shown.today(), language::now())
}

/// The period, as it begins a label.
fn label(page: &PeriodOverview) -> String {
    capital(&name(page))
}

/// The period before, as it begins a label.
fn label_before(page: &PeriodOverview) -> String {
    capital(&name_before(page))
}

/// The period in a sentence, and how far it can be compared.
fn head(page: &PeriodOverview) -> Html {
    let (shown, loss) = (&page.shown, &page.now.loss);
    let label = label(page);
    let input = page.compare(Figure::Input);
    let shared = SharedFigures::of(shown);
    let taken_in = if let Some(kwh) = input.value {
        let kwh = figures::about(kwh);
        shared.mark_in("energy.in", &words::period_in(&kwh), &kwh)
    } else {
        html! { {words::INPUT_UNKNOWN} }
    };
    let against = input
        .change
        .map(|change| format!(", {}", words::against(&sums::change(change), &name_before(page))));
    let share = loss.percent.map(|percent| figures::fixed(percent, 1));
    let saved = loss.saving.and_then(|saving| saving.cost).map(|cost| price(shown, cost));
    let lost = loss.kwh.map_or_else(
        || words::PERIOD_BLIND.into(),
        |kwh| words::period_lost(&figures::about(kwh), share.as_deref(), saved.as_deref()),
    );
    let lost = if let Some(saved) = &saved {
        shared.mark_in("loss.saving", &lost, saved)
    } else {
        html! { {lost} }
    };
    let coverage = percent(loss.coverage);
    let net = page.now.net_kg.map(|kg| {
        let kg = figures::fixed(kg, 0);
        let net = shared.mark_in("carbon.net.kg", &words::period_net(&kg), &kg);
        html! { ", " <a href=link(shown, "/carbon")>{net}</a> }
    });
    html! {
        <header class="state">
            <h1>{&label} ": " {taken_in} {against}</h1>
            <p class="state-detail overview-period">
                <strong>{&label} ": "</strong>
                <a href=link(shown, "/losses")>{lost}</a>
                {net}
                {diesel(page)}
                ". "
                {shared.mark_in("coverage", &words::period_coverage(&coverage), &coverage)}
            </p>
            {comparison(page)}
            {workbook(page)}
        </header>
    }
}

/// The cost of diesel and of a kWh of it; none where no generator ran, or diesel has no price.
fn diesel(page: &PeriodOverview) -> Option<Html> {
    let (shown, now) = (&page.shown, &page.now);
    let (shared, currency) = (SharedFigures::of(shown), &shown.site.currency);
    let each = with_sign(now.diesel_cost_per_kwh()?, currency);
    let cost = with_sign(now.diesel_cost?, currency);
    Some(html! {
        ", "
        <a href=link(shown, "/carbon")>
            {words::PERIOD_DIESEL} " " {shared.mark("diesel.cost", cost)} " ("
            {shared.mark_in("diesel.cost_per_kwh", &per_kwh(&each), &each)} ")"
        </a>
    })
}

/// The way to the workbook of the month that is shown.
fn workbook(page: &PeriodOverview) -> Option<Html> {
    let shown = &page.shown;
    let is_known = page.now.days.iter().any(|day| day.energy.is_some());
    (is_known && shown.period.kind() == Kind::Month).then(|| {
        let (first, _) = shown.period.days(shown.today());
        let to = address_of_report(shown.slug.as_deref(), Month::of(first));
        html! {
            <p class="state-detail">
                <a href=to rel="external" download="">
                    {WORKBOOK}
                </a>
            </p>
        }
    })
}

/// How far the period before is compared with, or the way to it.
fn comparison(page: &PeriodOverview) -> Html {
    let shown = &page.shown;
    let (label, before) = (label(page), label_before(page));
    if page.before.is_none() {
        let period = shown.period.comparing(true);
        let other = PeriodContext { period, ..shown.clone() };
        return html! {
            <p class="state-detail">
                <a href=link(&other, "/")>{words::compare_with(&name_before(page))}</a>
            </p>
        };
    }
    let until = || words::same_part(&before, &Clock(shown).within(shown.before.to));
    let days = page.now.mean_day().zip(page.before.as_ref().and_then(PeriodFigures::mean_day));
    let days =
        days.map(|((days, _), (earlier, _))| words::mean_days(&label, days, &before, earlier));
    let common = page.common_loss().map(|it| {
        let [kwh, before] = [it.kwh, it.before_kwh].map(|kwh| figures::fixed(kwh, 1));
        words::common_loss(it.nodes, &kwh, &before)
    });
    let gaps = page.gaps().into_iter().map(|gap| words::gap(&gap, &label, &before));
    let said = shown.is_before_cut().then(until).into_iter().chain(gaps).chain(common).chain(days);
    html! {
        <p class="state-detail overview-compared">{said.collect::<Vec<_>>().join(" ")}</p>
    }
}
