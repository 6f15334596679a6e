//! The phases now, with how far they can be trusted and how old they are.

use chrono::{DateTime, Utc};
use domain::meters::view::selected::SelectedPage;
use domain::{Field, Quality};
use markup::{Html, html};

use crate::meter::channels::{
    ACTIVE_POWER, CURRENTS, ChannelRow, Definition, Digits, VOLTAGES, phases, row, total,
};
use texts::words::selected as words;
use ui::components::mark::{MeterState, age};

const ROWS: [Definition; 4] = [
    phases(words::VOLTAGE, VOLTAGES, Digits::Fixed(1)),
    phases(words::CURRENT, CURRENTS, Digits::About),
    (words::POWER, ACTIVE_POWER, Digits::About),
    total(words::FACTOR, Field::PowerFactor, Digits::Fixed(2)),
];

pub(super) fn draw(page: &SelectedPage) -> Html {
    let fields = || ROWS.iter().flat_map(|(_, fields, _)| fields).flatten();
    let shown: Vec<_> =
        page.channels.iter().filter(|value| fields().any(|field| *field == value.field)).collect();
    let Some(oldest) = shown.iter().map(|value| value.at).min() else {
        return html! { <p class="note">{words::NO_VALUES.get()}</p> };
    };
    // What every row can be trusted to; a row that is worse says so itself.
    let best = shown.iter().map(|value| value.quality).min().unwrap_or_default();
    let newest = shown.iter().map(|value| value.at).max().unwrap_or(oldest);
    let head = words::now(&quality(best), &age(Some(newest), page.shown.now));
    let rows = ROWS.iter().filter_map(|definition| row(definition, &page.channels));
    let rows = rows.map(|row| drawn(page, row, (best, newest)));
    html! {
        <section class="detail-now">
            <div id="selected-now">
                <h3 class="note">{head}</h3>
                <table class="table phase-values">
                    <thead>
                        <tr>
                            <th scope="col">
                                <span class="sr">{words::CHANNEL.get()}</span>
                            </th>
                            <th scope="col" class="num">"L1"</th>
                            <th scope="col" class="num">"L2"</th>
                            <th scope="col" class="num">"L3"</th>
                            <th scope="col" class="num">{words::TOTAL.get()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect::<Html>()}</tbody>
                </table>
            </div>
        </section>
    }
}

fn drawn(page: &SelectedPage, row: ChannelRow, (best, newest): (Quality, DateTime<Utc>)) -> Html {
    let cells = row.cells.into_iter().enumerate().map(|(i, cell)| {
        html! { <td class=if i == 3 { "num total" } else { "num" }>{cell}</td> }
    });
    let is_old = (newest - row.at).num_seconds() > 0;
    let remark = (row.quality != best || is_old).then(|| {
        let text = format!("{}, {}", quality(row.quality), age(Some(row.at), page.shown.now));
        html! { <span class="remark">{text}</span> }
    });
    html! {
        <tr>
            <th scope="row">
                {row.name} " " <span class="unit">{row.unit}</span> {remark}
            </th>
            {cells.collect::<Html>()}
        </tr>
    }
}

fn quality(quality: Quality) -> String {
    MeterState::of_quality(quality).1.into()
}
