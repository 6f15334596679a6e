//! The phases now, with how far they can be trusted and how old they are.

use crate::meter::channels::{
    ACTIVE_POWER, CURRENTS, ChannelRow, Definition, Digits, VOLTAGES, by_phase, phases, row, total,
};
use crate::parts::note;
use domain::meters::view::selected::SelectedPage;
use domain::{Field, Quality};
use markup::{Html, html};
use texts::words::selected as words;
use ui::components::mark::{MeterState, age};
use ui::kit;

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
        return note(words::NO_VALUES.get());
    };
    // What every row can be trusted to; a row that is worse says so itself.
    let best = shown.iter().map(|value| value.quality).min().unwrap_or_default();
    let newest = shown.iter().map(|value| value.at).max().unwrap_or(oldest);
    let head = words::now(&quality(best), &age(Some(newest), page.shown.now));
    let name = |row: &ChannelRow| {
        let is_old = (newest - row.at).num_seconds() > 0;
        let remark = (row.quality != best || is_old).then(|| {
            let text = format!("{}, {}", quality(row.quality), age(Some(row.at), page.shown.now));
            html! { <span class="remark">{text}</span> }
        });
        html! { {row.name} " " <span class="unit">{row.unit}</span> {remark} }
    };
    let rows = ROWS.iter().filter_map(|definition| row(definition, &page.channels));
    let rows: Vec<_> = rows.collect();
    let table = by_phase(&rows, kit::Column::unnamed(words::CHANNEL), words::TOTAL, name);
    html! {
        <section class="detail-now">
            <div id="selected-now">
                <h3 class="note">{head}</h3>
                {table.table("phase-values")}
            </div>
        </section>
    }
}

fn quality(quality: Quality) -> String {
    MeterState::of_quality(quality).1.into()
}
