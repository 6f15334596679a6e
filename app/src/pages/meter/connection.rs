//! How the meter is connected, and why it is silent when it is.

use domain::MeterId;
use domain::meters::view::meter::MeterPage;
use leptos::prelude::*;

use texts::messages::told;
use texts::words::meter as words;
use ui::components::erased_view::Erase as _;
use ui::components::mark::{Mark, MeterState};
use ui::components::reactive::{piece, word};
use ui::live::Live;

#[component]
pub(super) fn Connection(live: Live, page: RwSignal<MeterPage>, id: MeterId) -> impl IntoView {
    let meter = live.meter(id);
    let state = Memo::new(move |_| MeterState::of(&meter.read()));
    let pair = |name: &'static str, value: Option<String>| {
        value.map(|value| view! { <dt>{name}</dt> <dd>{value}</dd> })
    };
    let reason = piece(move || pair(words::REASON.get(), meter.read().reason.as_ref().map(told)));
    let settings = piece(move || {
        page.with(|page| match &page.connection {
            Some(connection) => {
                let poll = format!("{} s", connection.poll_seconds);
                (
                    pair(words::PROTOCOL.get(), Some(connection.protocol.clone())),
                    pair(words::ADDRESS.get(), Some(connection.address.clone())),
                    pair(words::POLL.get(), Some(poll)),
                )
            }
            None => {
                (pair(words::PROTOCOL.get(), Some(words::NO_CONNECTION_HELP.into())), None, None)
            }
        })
    });
    let registry = piece(move || {
        live.card(id).map(|card| {
            (
                pair(words::NUMBER.get(), Some(card.number)),
                pair(words::TYPE.get(), Some(card.meter_type)),
                pair(words::AREA.get(), card.area),
                pair(words::LOCATION.get(), page.read().location.clone()),
            )
        })
    });
    view! {
        <section class="connection">
            <h2>{words::CONNECTION}</h2>
            <dl class="values">
                <dt>{words::STATE}</dt>
                <dd>
                    <Mark shape=Signal::derive(move || state.read().shape) />
                    " "
                    {word(move || state.read().word.get())}
                </dd>
                {reason}
                {settings}
                {registry}
            </dl>
        </section>
    }
    .erased()
}
