//! The newest records of a meter: what it uses as a line, what it makes as an area, in kW.

use chrono::TimeDelta;
use domain::simulation::view::{ChosenMeter, WorldRecord};
use domain::sites::Site;
use markup::{Html, html};
use texts::figures;

use crate::curve::{area, legend, stairs};
use texts::words::simulator as words;
use ui::components::chart::scale::Scale;
use ui::components::figure::fixed;
use ui::drawing::parts::plot::{Axis, Tick, data_table, paths, plot};
use ui::drawing::parts::time;

pub(super) fn draw(site: &Site, chosen: &ChosenMeter) -> Html {
    let (Some(first), Some(last)) = (chosen.records.first(), chosen.records.last()) else {
        return html! {
            <section class="wave">
                <h2>{words::WAVE}</h2>
                <p class="note">{words::NO_RECORDS}</p>
            </section>
        };
    };
    let step = length(last);
    let axis = Axis::new(first.at - length(first), last.at);
    let makes = chosen.records.iter().any(|record| record.production_kwh.is_some());
    let used = series(chosen, |record| Some(record.consumption_kwh));
    let made = series(chosen, |record| record.production_kwh);
    let values = used.iter().chain(&made).map(|(_, kw)| *kw);
    let scale = Scale::nice(values, 4);
    let mut lines = vec![("wave-use", stairs(axis, scale, step, &used))];
    if makes {
        lines.insert(0, ("wave-make", area(axis, scale, step, &made)));
    }
    let rows = chosen.records.iter().rev().map(|record| {
        vec![
            time::day_minute(site, record.at),
            figures::fixed(record.consumption_kwh, 4),
            fixed(record.production_kwh, 4),
        ]
    });
    let heads = [words::TIME, words::USED_KWH, words::MADE_KWH].map(String::from).into();
    html! {
        <section class="wave">
            <div class="bill-chart-head">
                <h2>
                    {words::WAVE} " "
                    <span class="note" id="wave-newest">
                        {newest(last)}
                    </span>
                </h2>
                {legend(makes)}
            </div>
            <div id="wave">
                {plot(
                    words::wave_label(&chosen.meter.number, chosen.records.len()),
                    scale,
                    ticks(site, axis, chosen),
                    paths(lines),
                )}
            </div>
            {data_table(heads, rows)}
        </section>
    }
}

fn length(record: &WorldRecord) -> TimeDelta {
    TimeDelta::minutes(record.minutes.into())
}

fn kw(kwh: f64, record: &WorldRecord) -> f64 {
    kwh / f64::from(record.minutes.max(1)) * 60.0
}

fn series(
    chosen: &ChosenMeter,
    of: fn(&WorldRecord) -> Option<f64>,
) -> Vec<(chrono::DateTime<chrono::Utc>, f64)> {
    let point = |record: &WorldRecord| Some((record.at - length(record), kw(of(record)?, record)));
    chosen.records.iter().filter_map(point).collect()
}

fn newest(last: &WorldRecord) -> String {
    let text = |kwh: f64| figures::about(kw(kwh, last));
    let used = text(last.consumption_kwh);
    match last.production_kwh {
        Some(made) => words::newest_both(&used, &text(made)),
        None => words::newest(&used),
    }
}

/// Every sixth hour, or every quarter of what is shown where it is shorter.
fn ticks(site: &Site, axis: Axis, chosen: &ChosenMeter) -> Vec<Tick> {
    let count = chosen.records.len();
    let every = count.div_ceil(6).max(1);
    let places = chosen.records.iter().step_by(every);
    places
        .enumerate()
        .map(|(at, record)| {
            let start = record.at - length(record);
            Tick { x: axis.percent(start), text: time::minute(site, start), minor: at % 2 == 1 }
        })
        .collect()
}
