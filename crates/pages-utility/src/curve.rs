//! The day's curve: what is used and what is made, in kW.

use chrono::{DateTime, TimeDelta, Utc};
use domain::sites::Site;
use markup::{Html, html};
use service::bills::page::my_energy::Mine;
use tables::{Column, Table, Value};
use texts::words::my_energy as words;
use ui::components::chart::scale::Scale;
use ui::components::chart::{percent, short};
use ui::drawing::files::Downloads;
use ui::drawing::parts::plot::{Axis, Tick, legend_entry, paths, plot};
use ui::drawing::parts::{noted, time};

pub(crate) fn draw(site: &Site, now: DateTime<Utc>, mine: &Mine) -> Html {
    let axis = Axis::new(mine.day.from, mine.day.to);
    let scale = Scale::nice(mine.curve.iter().flat_map(|point| [point.use_kw, point.make_kw]), 4);
    let hours = (mine.day.to - mine.day.from).num_hours();
    let ticks = (0..=hours).step_by(3).map(|hour| {
        let at = mine.day.from + TimeDelta::hours(hour);
        Tick { x: axis.percent(at), text: time::minute(site, at), minor: hour % 6 != 0 }
    });
    let step = TimeDelta::minutes(15);
    let used: Vec<_> = mine.curve.iter().map(|point| (point.at, point.use_kw)).collect();
    let made: Vec<_> = mine.curve.iter().map(|point| (point.at, point.make_kw)).collect();
    let mut lines = vec![("wave-use", stairs(axis, scale, step, &used))];
    if mine.makes {
        lines.insert(0, ("wave-make", area(axis, scale, step, &made)));
    }
    let x = percent(axis.percent(now));
    let content = html! {
        {paths(lines)}
        <line class="plot-now" x1=x.clone() x2=x y1="0" y2="100%" />
    };
    let today = site.date_at(mine.day.from);
    let downloads = Downloads::of_days(site, (today, today), now);
    let table = table(downloads, mine);
    let plot = plot(words::curve_label(&mine.party.name), scale, ticks.collect(), content);
    html! {
        <section class="wave">
            <div class="bill-chart-head">
                <h2>{noted(words::TODAY, "kW")}</h2>
                {legend(mine.makes)}
            </div>
            {downloads.plotted("today", "kW", plot, table)}
        </section>
    }
}

fn table(downloads: Downloads<'_>, mine: &Mine) -> Table {
    let heads = [words::TIME, words::USED_KW, words::MADE_KW];
    let columns = heads.iter().map(|head| Column::of_head(head)).collect();
    let rows = mine.curve.iter().map(|point| {
        let kw = |kw: f64| Value::Number(kw, 3);
        vec![Value::Time(point.at), kw(point.use_kw), kw(point.make_kw)]
    });
    downloads.table(&mine.party.name, columns, rows.collect())
}

/// The two lines and what they are.
pub(crate) fn legend(makes: bool) -> Html {
    let made = makes.then(|| legend_entry("fill-solar", words::MADE.get()));
    html! {
        <p class="legend-line">
            <span>
                <svg viewBox="0 0 10 10" aria-hidden="true" class="stretch">
                    <path class="wave-use" d="M0 5h10" />
                </svg>
                {words::USED}
            </span>
            {made}
        </p>
    }
}

/// A value holds over the whole of its step.
pub(crate) fn stairs(
    axis: Axis,
    scale: Scale,
    step: TimeDelta,
    points: &[(DateTime<Utc>, f64)],
) -> String {
    let mut last = None;
    let stair = |(at, value): &(DateTime<Utc>, f64)| {
        let (from, to) = (short(axis.percent(*at)), short(axis.percent(*at + step)));
        let y = short(scale.below_top(*value));
        let command = if last.replace(*at + step) == Some(*at) { 'L' } else { 'M' };
        format!("{command}{from} {y}H{to}")
    };
    points.iter().map(stair).collect()
}

/// The same, filled down to zero.
pub(crate) fn area(
    axis: Axis,
    scale: Scale,
    step: TimeDelta,
    points: &[(DateTime<Utc>, f64)],
) -> String {
    let zero = short(scale.below_top(0.0));
    let column = |(at, value): &(DateTime<Utc>, f64)| {
        let (from, to) = (short(axis.percent(*at)), short(axis.percent(*at + step)));
        let y = short(scale.below_top(*value));
        format!("M{from} {zero}V{y}H{to}V{zero}Z")
    };
    points.iter().filter(|(_, value)| *value > 0.0).map(column).collect()
}
