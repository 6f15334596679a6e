//! The channels of a meter as other programs read them: each with how far it can be trusted.

use chrono::{DateTime, Utc};
use domain::readings::channel::{self, Channel, ChannelQuality, MeterChannels};
use markup::{Html, html};
use texts::figures;

use super::age;
use texts::messages::told;
use texts::words::devices::channels as words;
use texts::words::state;
use ui::drawing::{Shape, at, draw_table, mark};
use ui::kit::Column;

pub(super) fn draw(channels: &MeterChannels, slug: Option<&str>, now: DateTime<Utc>) -> Html {
    let address = at(slug, "/api/channels", &[("prefix", &channels.prefix)]);
    let content = if channels.channels.is_empty() {
        let reason = channels.reason.as_ref().map(|reason| format!(" ({})", told(reason)));
        html! { <p class="note">{words::NONE} {reason}</p> }
    } else {
        let columns = [
            Column::new(words::CHANNEL),
            Column::of_figures(words::VALUE),
            Column::new(words::UNIT),
            Column::new(words::QUALITY),
            Column::of_figures(words::AGE),
        ];
        let rows = channels.channels.iter().map(|channel| row(&channels.prefix, channel, now));
        draw_table(words::TITLE, "device-list", columns, rows)
    };
    html! {
        <section>
            <h2>{words::TITLE} " " <span class="note">{words::READ_AT} " " {address}</span></h2>
            {content}
        </section>
    }
}

fn row(prefix: &str, channel: &Channel, now: DateTime<Utc>) -> Html {
    let (shape, word) = match channel.quality {
        ChannelQuality::Good if channel.derived => (Shape::Ring, state::GOOD),
        ChannelQuality::Good => (Shape::Good, state::GOOD),
        ChannelQuality::Stale => (Shape::Stale, state::STALE),
        ChannelQuality::Error => (Shape::Alarm, state::ERROR),
    };
    let derived = channel.derived.then_some(words::DERIVED.get());
    html! {
        <tr class=if channel.quality == ChannelQuality::Good { "" } else { "is-quiet" }>
            <th scope="row">{channel::address(prefix, channel.name.as_str())}</th>
            <td class="num" title=channel.value.to_string()>
                {figures::about(channel.value)}
            </td>
            <td>{channel.name.unit()}</td>
            <td class="col-reason">
                {mark(shape)} " " {word} {derived} " "
                <span class="note">{channel.reason.as_ref().map(told)}</span>
            </td>
            <td class="num">{age(now, Some(channel.at))}</td>
        </tr>
    }
}
