//! The newest value of every channel, and how the meter is connected.

use domain::meters::view::meter::{ChannelValue, MeterPage};
use domain::{Field, MeterId};
use leptos::prelude::*;

use super::channels::{ChannelRow, rows};
use super::connection::Connection;
use texts::words::meter as words;
use ui::components::erased_view::Erase as _;
use ui::components::mark::{Mark, MeterState, age};
use ui::components::reactive::{flag, piece, text_if, word};
use ui::live::Live;

/// The page's values, with the power of the stream where that is newer.
fn newest(page: &MeterPage, live: &domain::live::MeterLive) -> Vec<ChannelValue> {
    let mut values = page.channels.clone();
    let power = values.iter_mut().find(|value| value.field == Field::ActivePowerKw.json());
    if let Some((value, (kw, at))) = power.zip(live.power_kw.zip(live.at))
        && at > value.at
    {
        (value.value, value.at, value.quality) = (kw, at, live.quality);
    }
    values
}

#[component]
pub(super) fn Values(live: Live, page: RwSignal<MeterPage>, id: MeterId) -> impl IntoView {
    let meter = live.meter(id);
    let rows = Memo::new(move |_| page.with(|page| meter.with(|meter| rows(&newest(page, meter)))));
    let count = Memo::new(move |_| rows.read().len());
    let note = text_if(move || {
        let at = meter.read().at?;
        Some(words::newest(&live.clock().second(at)))
    });
    view! {
        <section class="live-values">
            <h2>
                {words::LIVE} " " <span class="note">{note}</span>
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
                <tbody>
                    {piece(move || {
                        let row = |i| {
                            let row = Memo::new(move |_| rows.with(|rows| rows.get(i).cloned()));
                            view! { <Channel live row /> }
                        };
                        (0..count.get()).map(row).collect_view()
                    })}
                </tbody>
            </table>
            <p class="note" hidden=flag(move || count.get() != 0)>
                {words::NO_VALUES}
            </p>
            <Connection live page id />
        </section>
    }
    .erased()
}

#[component]
fn Channel(live: Live, row: Memo<Option<ChannelRow>>) -> impl IntoView {
    let read =
        move |read: fn(&ChannelRow) -> String| text_if(move || row.read().as_ref().map(read));
    let cell =
        move |i: usize| text_if(move || row.read().as_ref().and_then(|row| row.cells[i].clone()));
    let quality = Memo::new(move |_| {
        let quality = row.with(|row| row.as_ref().map(|row| row.quality));
        MeterState::of_quality(quality.unwrap_or_default())
    });
    let is_quiet = flag(move || quality.get().0 == ui::components::mark::Shape::Stale);
    let old = text_if(move || {
        row.with(|row| row.as_ref().map(|row| age(Some(row.at), live.status.now.get())))
    });
    view! {
        <tr class:is-quiet=is_quiet>
            <th scope="row">
                {read(|row| row.name.into())}
                <span class="unit">{read(|row| row.unit.to_owned())}</span>
            </th>
            <td class="num">{cell(0)}</td>
            <td class="num">{cell(1)}</td>
            <td class="num">{cell(2)}</td>
            <td class="num total">{cell(3)}</td>
            <td class="col-quality">
                <Mark shape=Signal::derive(move || quality.get().0) />
                " "
                {word(move || quality.get().1.get())}
            </td>
            <td class="num col-age">{old}</td>
        </tr>
    }
    .erased()
}
