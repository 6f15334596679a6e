//! Where the meter hangs, what it is, and its figures of now and today.

use domain::MeterId;
use domain::live::MeterCard;
use domain::meters::view::meter::MeterPage;
use leptos::prelude::*;
use texts::figures;

use texts::words::meter as words;
use ui::components::erased_view::Erase as _;
use ui::components::figure::{self, Figure};
use ui::components::mark::{Mark, MeterState, age};
use ui::components::reactive::{piece, text, text_if};
use ui::live::Live;

#[component]
pub(super) fn Head(live: Live, page: RwSignal<MeterPage>, id: MeterId) -> impl IntoView {
    let card = super::known(live, id);
    let name = text_if(move || card.with(|card| card.as_ref().map(|card| card.name.clone())));
    view! {
        <header class="meter-head">
            <Path live id />
            <div class="meter-title">
                <h1>{name}</h1>
                <p class="note">{text_if(move || card.get().map(|card| facts(&card, &page.read())))}</p>
            </div>
            <Figures live page id />
        </header>
    }
    .erased()
}

/// The meters above it, from the root down.
#[component]
fn Path(live: Live, id: MeterId) -> impl IntoView {
    let above = Memo::new(move |_| {
        let mut above = Vec::new();
        let mut next = live.card(id).and_then(|card| card.parent);
        while let Some(card) = next.and_then(|id| live.card(id)).filter(|c| !above.contains(c)) {
            next = card.parent;
            above.push(card);
        }
        above.reverse();
        above
    });
    let link = |card: MeterCard| {
        view! {
            <li>
                <a href=ui::period::link(format!("/meters/{}", card.id))>{card.name}</a>
            </li>
        }
    };
    view! {
        <nav class="path" aria-label=words::PATH>
            <ol>
                <li>
                    <a href=ui::period::link(format!("/meters?meter={id}"))>{texts::words::frame::METERS}</a>
                </li>
                {piece(move || above.get().into_iter().map(link).collect_view())}
            </ol>
        </nav>
    }
}

/// Number, phases, class, rated power and connection in one line.
fn facts(card: &MeterCard, page: &MeterPage) -> String {
    let connection = page.connection.as_ref().map_or_else(
        || words::NO_CONNECTION.into(),
        |c| words::polled(&c.protocol, &c.address, &c.poll_seconds.to_string()),
    );
    let facts = [
        Some(card.number.clone()),
        page.phase_type.as_deref().map(words::phases),
        Some(words::accuracy(page.accuracy_class)),
        page.rated_power_kw.map(|kw| words::rated(&figures::about(kw))),
        Some(connection),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[component]
fn Figures(live: Live, page: RwSignal<MeterPage>, id: MeterId) -> impl IntoView {
    let meter = live.meter(id);
    let state = Memo::new(move |_| MeterState::of(&meter.read()));
    let power = Signal::derive(move || figure::about(meter.read().power_kw));
    let today = Signal::derive(move || figure::fixed(meter.read().today_kwh, 1));
    let counted = text(move || match meter.read().today_returned_kwh {
        Some(kwh) => words::today_returned(&figures::fixed(kwh, 1)),
        None => words::TODAY.get().to_owned(),
    });
    let now = text(move || {
        words::now(state.read().word.get(), &age(meter.read().at, live.status.now.get()))
    });
    let parent = Memo::new(move |_| {
        let parent = live.card(id).filter(|card| !card.feeds_parent)?.parent?;
        live.card(parent).map(|card| card.name)
    });
    let share = piece(move || {
        let share = page.read().share_of_parent_percent?;
        let parent = parent.get()?;
        let value = Signal::derive(move || figures::fixed(share, 1));
        Some(view! {
            <li>
                <Figure value unit="%" />
                <span class="note">{words::share(&parent)}</span>
            </li>
        })
    });
    let cost = piece(move || {
        let text = page.read().cost_today.clone()?;
        Some(view! {
            <li>
                <span class="figure">{text}</span>
                <span class="note">{words::COST}</span>
            </li>
        })
    });
    view! {
        <ul class="headline">
            <li>
                <Figure value=power unit="kW" />
                <span class="note">
                    <Mark shape=Signal::derive(move || state.read().shape) />
                    " "
                    {now}
                </span>
            </li>
            <li>
                <Figure value=today unit="kWh" />
                <span class="note">{counted}</span>
            </li>
            {share}
            {cost}
        </ul>
    }
    .erased()
}
