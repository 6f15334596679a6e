//! The head of a meter's pages: its place, its facts, its figures of now and today, and its views.

use domain::meters::view::meter::MeterPage;
use markup::{Html, html};
use texts::figures;
use texts::words::frame::METERS;
use texts::words::meter as words;
use ui::components::figure::{about, fixed};
use ui::components::mark::{MeterState, age};
use ui::drawing::link;
use ui::drawing::parts::{figure, mark, price};

/// The head of the page at the end `tab` of the meter's address.
pub(super) fn draw(page: &MeterPage, tab: &str) -> Html {
    let (shown, meter) = (&page.shown, &page.meter);
    let above = page.above.iter().map(|(id, name)| {
        html! {
            <li>
                <a href=link(shown, &format!("/meters/{id}"))>{name}</a>
            </li>
        }
    });
    let tabs = words::TAB_PATHS.map(|(name, path)| {
        let is_here = path.trim_start_matches('/') == tab;
        let href = link(shown, &format!("/meters/{}{path}", meter.id));
        html! {
            <a class="tab" href=href aria-current=is_here.then_some("page")>
                {name}
            </a>
        }
    });
    html! {
        <header class="meter-head">
            <nav class="path" aria-label=words::PATH>
                <ol>
                    <li>
                        <a href=link(shown, &format!("/meters?meter={}", meter.id))>{METERS}</a>
                    </li>
                    {above.collect::<Html>()}
                </ol>
            </nav>
            <div class="meter-title">
                <h1>{&meter.name}</h1>
                <p class="note">{facts(page)}</p>
            </div>
            <ul class="headline">{figures_of(page)}</ul>
        </header>
        <nav class="tabs" aria-label=words::TABS>
            {tabs}
        </nav>
    }
}

fn facts(page: &MeterPage) -> String {
    let meter = &page.meter;
    let connection = page.connection.as_ref().map_or_else(
        || words::NO_CONNECTION.into(),
        |c| words::polled(&c.protocol, &c.address, &c.poll_seconds.to_string()),
    );
    let facts = [
        Some(meter.number.clone()),
        meter.phase_type.map(|phases| words::phases(phases.as_str())),
        Some(words::accuracy(meter.accuracy_class)),
        meter.rated_power_kw.map(|kw| words::rated(&figures::about(kw))),
        Some(connection),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn figures_of(page: &MeterPage) -> Html {
    let value = &page.value;
    let state = MeterState::of(value);
    let now = words::now(state.word.get(), &age(value.at, page.shown.now));
    let today = match value.today_returned_kwh {
        Some(kwh) => words::today_returned(&figures::fixed(kwh, 1)),
        None => words::TODAY.into(),
    };
    let share = page.share_of_parent_percent.zip(page.above.last());
    let share = share.map(|(share, (_, parent))| {
        headline(figure(figures::fixed(share, 1), "%"), words::share(parent))
    });
    let cost = page.cost_today.map(|cost| {
        headline(html! { <span class="figure">{price(&page.shown, cost)}</span> }, words::COST)
    });
    html! {
        {headline(figure(about(value.power_kw), "kW"), html! { {mark(state.shape)} " " {now} })}
        {headline(figure(fixed(value.today_kwh, 1), "kWh"), today)}
        {share}
        {cost}
    }
}

fn headline(figure: Html, note: impl markup::Draw) -> Html {
    html! {
        <li>
            {figure}
            <span class="note">{note}</span>
        </li>
    }
}
