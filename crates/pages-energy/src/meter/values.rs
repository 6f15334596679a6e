//! The newest value of every channel, and how the meter is connected.

use super::channels::{ChannelRow, by_phase, rows};
use crate::parts::{heading, note, value};
use domain::meters::view::meter::{ChannelValue, MeterPage};
use markup::{Html, html};
use texts::messages::told;
use texts::words::meter as words;
use ui::components::mark::{MeterState, Shape, age};
use ui::drawing::parts::{Clock, mark};
use ui::kit;

pub(super) fn draw(page: &MeterPage, channels: &[ChannelValue]) -> Html {
    let rows = rows(channels);
    let newest = page.value.at.map(|at| words::newest(&Clock(&page.shown).second(at)));
    let nothing = rows.is_empty().then(|| note(words::NO_VALUES));
    html! {
        <section class="live-values">
            {heading(None, words::LIVE, newest)}
            {table(page, &rows)}
            {nothing}
            {connection(page)}
        </section>
    }
}

fn table(page: &MeterPage, rows: &[ChannelRow]) -> Html {
    let state = |row: &ChannelRow| MeterState::of_quality(row.quality);
    let quality = |row: &ChannelRow| {
        let (shape, word) = state(row);
        html! { {mark(shape)} " " {word} }
    };
    let name = |row: &ChannelRow| html! { {row.name} <span class="unit">{row.unit}</span> };
    by_phase(rows, words::CHANNEL, words::TOTAL, name)
        .column(kit::Column::new(words::QUALITY).class("col-quality"), quality)
        .column(kit::Column::of_figures(words::AGE).cells("col-age"), |row| {
            age(Some(row.at), page.shown.now)
        })
        .classes(|row| if state(row).0 == Shape::Stale { "is-quiet" } else { "" })
        .table("channels")
}

/// How the meter is connected, and why it is silent when it is.
fn connection(page: &MeterPage) -> Html {
    let (meter, state) = (&page.meter, MeterState::of(&page.value));
    let settings = match &page.connection {
        Some(connection) => [
            Some((words::PROTOCOL, connection.protocol.clone())),
            Some((words::ADDRESS, connection.address.clone())),
            Some((words::POLL, format!("{} s", connection.poll_seconds))),
        ],
        None => [Some((words::PROTOCOL, words::NO_CONNECTION_HELP.into())), None, None],
    };
    let reason = page.value.reason.as_ref().map(|reason| (words::REASON, told(reason)));
    let registry = [
        Some((words::NUMBER, meter.number.clone())),
        Some((words::TYPE, meter.meter_type.0.clone())),
        meter.area.clone().map(|area| (words::AREA, area)),
        meter.location.clone().map(|location| (words::LOCATION, location)),
    ];
    let pairs = [reason].into_iter().chain(settings).chain(registry).flatten();
    html! {
        <section class="connection">
            <h2>{words::CONNECTION}</h2>
            <dl class="values">
                {value(words::STATE, html! { {mark(state.shape)} " " {state.word} })}
                {pairs.map(|(name, text)| value(name, text)).collect::<Html>()}
            </dl>
        </section>
    }
}
