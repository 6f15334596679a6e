//! The newest value of every channel, and how the meter is connected.

use domain::meters::view::meter::{ChannelValue, MeterPage};
use markup::{Html, html};

use super::channels::{ChannelRow, rows};
use texts::messages::told;
use texts::words::meter as words;
use ui::components::mark::{MeterState, Shape, age};
use ui::drawing::parts::{Clock, mark};

pub(super) fn draw(page: &MeterPage, channels: &[ChannelValue]) -> Html {
    let rows = rows(channels);
    let newest = page.value.at.map(|at| words::newest(&Clock(&page.shown).second(at)));
    let nothing = rows.is_empty().then(|| html! { <p class="note">{words::NO_VALUES}</p> });
    html! {
        <section class="live-values">
            <h2>
                {words::LIVE} " " <span class="note">{newest}</span>
            </h2>
            <table class="table channels">
                <thead>
                    <tr>
                        <th scope="col">{words::CHANNEL}</th>
                        <th scope="col" class="num">"L1"</th>
                        <th scope="col" class="num">"L2"</th>
                        <th scope="col" class="num">"L3"</th>
                        <th scope="col" class="num">{words::TOTAL}</th>
                        <th scope="col" class="col-quality">{words::QUALITY}</th>
                        <th scope="col" class="num">{words::AGE}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(|row| channel(page, row)).collect::<Html>()}</tbody>
            </table>
            {nothing}
            {connection(page)}
        </section>
    }
}

fn channel(page: &MeterPage, row: ChannelRow) -> Html {
    let (shape, word) = MeterState::of_quality(row.quality);
    let [first, second, third, total] = row.cells;
    html! {
        <tr class=if shape == Shape::Stale { "is-quiet" } else { "" }>
            <th scope="row">
                {row.name} <span class="unit">{row.unit}</span>
            </th>
            <td class="num">{first}</td>
            <td class="num">{second}</td>
            <td class="num">{third}</td>
            <td class="num total">{total}</td>
            <td class="col-quality">
                {mark(shape)} " " {word}
            </td>
            <td class="num col-age">{age(Some(row.at), page.shown.now)}</td>
        </tr>
    }
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
    let pair = |(name, value)| html! { <dt>{name}</dt><dd>{value}</dd> };
    html! {
        <section class="connection">
            <h2>{words::CONNECTION}</h2>
            <dl class="values">
                <dt>{words::STATE}</dt>
                <dd>
                    {mark(state.shape)} " " {state.word}
                </dd>
                {pairs.map(pair).collect::<Html>()}
            </dl>
        </section>
    }
}
