//! The phases now, with how far they can be trusted and how old they are.

use domain::figures::places;
use domain::meters::view::meter::ChannelValue;
use domain::meters::view::selected::SelectedPage;
use domain::{Field, Quality};
use markup::{Html, html};

use texts::figures::fixed;
use texts::language::Text;
use texts::words::selected as words;
use ui::components::mark::{MeterState, age};

/// A row: its name, its unit, the fields of L1, L2, L3 and the total, its decimals where they are fixed.
type Definition = (Text, &'static str, [Option<Field>; 4], Option<usize>);

const ROWS: [Definition; 4] = [
    (
        words::VOLTAGE,
        "V",
        [Some(Field::VoltageL1), Some(Field::VoltageL2), Some(Field::VoltageL3), None],
        Some(1),
    ),
    (
        words::CURRENT,
        "A",
        [Some(Field::CurrentL1), Some(Field::CurrentL2), Some(Field::CurrentL3), None],
        None,
    ),
    (
        words::POWER,
        "kW",
        [
            Some(Field::ActivePowerL1Kw),
            Some(Field::ActivePowerL2Kw),
            Some(Field::ActivePowerL3Kw),
            Some(Field::ActivePowerKw),
        ],
        None,
    ),
    (words::FACTOR, "", [None, None, None, Some(Field::PowerFactor)], Some(2)),
];

pub(super) fn draw(page: &SelectedPage) -> Html {
    let find = |field: Field| page.channels.iter().find(|value| value.field == field.json());
    let fields = || ROWS.iter().flat_map(|(_, _, fields, _)| fields).flatten().copied();
    let shown: Vec<&ChannelValue> = fields().filter_map(find).collect();
    let Some(oldest) = shown.iter().map(|value| value.at).min() else {
        return html! { <p class="note">{words::NO_VALUES.get()}</p> };
    };
    // What every row can be trusted to; a row that is worse says so itself.
    let best = shown.iter().map(|value| value.quality).min().unwrap_or_default();
    let newest = shown.iter().map(|value| value.at).max().unwrap_or(oldest);
    let head = words::now(&quality(best), &age(Some(newest), page.shown.now));
    let rows = ROWS.iter().filter_map(|definition| row(page, definition, (best, newest)));
    html! {
        <section class="detail-now">
            <div id="selected-now" data-live="">
                <h3 class="note">{head}</h3>
                <table class="table">
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

fn row(
    page: &SelectedPage,
    definition: &Definition,
    (best, newest): (Quality, chrono::DateTime<chrono::Utc>),
) -> Option<Html> {
    let (name, unit, fields, decimals) = definition;
    let find = |field: Field| page.channels.iter().find(|value| value.field == field.json());
    let values = fields.map(|field| field.and_then(find));
    let known = || values.iter().flatten();
    let worst = known().map(|value| value.quality).max()?;
    let oldest = known().map(|value| value.at).min()?;
    let about = known().map(|value| places(value.value)).max().unwrap_or_default();
    let places = decimals.unwrap_or(about);
    let cell = |(i, value): (usize, Option<&ChannelValue>)| {
        let class = if i == 3 { "num total" } else { "num" };
        html! { <td class=class>{value.map(|value| fixed(value.value, places))}</td> }
    };
    let is_old = (newest - oldest).num_seconds() > 0;
    let remark = (worst != best || is_old).then(|| {
        let text = format!("{}, {}", quality(worst), age(Some(oldest), page.shown.now));
        html! { <span class="remark">{text}</span> }
    });
    let row = html! {
        <tr>
            <th scope="row">
                {name.get()} <span class="unit">{*unit}</span> {remark}
            </th>
            {values.into_iter().enumerate().map(cell).collect::<Html>()}
        </tr>
    };
    Some(row)
}

fn quality(quality: Quality) -> String {
    MeterState::of_quality(quality).1.into()
}
