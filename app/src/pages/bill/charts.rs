//! The energy of a bill: day by day, and the average day. Import stands above zero, export below.

use chrono::Datelike as _;
use leptos::prelude::*;
use markup::{Html, html};
use service::bills::page::BillPage;
use service::bills::{BillDay, Hour};
use tables::{Column, Value};
use texts::figures;
use texts::language::Text;
use texts::words::bill as words;
use ui::components::chart::percent;
use ui::components::chart::scale::Scale;
use ui::drawing::files::Downloads;
use ui::drawing::parts::plot::{Tick, hint, legend_entry, plot_mirrored};
use ui::drawing::parts::time;
use ui::kit::Draw as _;

/// The part of a step's width that its bar takes.
const BAR: f64 = 0.8;

/// Energy day by day.
pub(super) fn days(page: &BillPage) -> AnyView {
    let ends = page.view.shape.days.iter().flat_map(|day| [day.import_kwh, -day.export_kwh]);
    let scale = Scale::nice(ends, 4);
    let places = Places { count: page.view.shape.days.len() };
    let bars = page.view.shape.days.iter().enumerate().map(|(at, day)| {
        let (from, to) = places.of(at);
        let said = words::day_hint(
            &time::short_day(day.date),
            &kwh(day.import_kwh),
            &kwh(day.export_kwh),
            &kwh(day.estimated_kwh),
        );
        html! {
            {bar(scale, (from, to), "fill-grid", 0.0, day.import_kwh - estimated_import(day))}
            {estimated(scale, (from, to), day)}
            {bar(scale, (from, to), "fill-solar", -day.export_kwh, 0.0)}
            {hint(from, to, said)}
        }
    });
    let tick = |(at, day): (usize, &BillDay)| {
        let (from, to) = places.of(at);
        let number = day.date.day();
        // At its edge a text would be moved inwards, over its neighbour.
        let x = f64::midpoint(from, to).min(98.0);
        Tick { x, text: number.to_string(), minor: number % 7 != 1 }
    };
    let ticks = page.view.shape.days.iter().enumerate().map(tick).collect();
    let bars = bars.collect::<Html>();
    let rows = page.view.shape.days.iter().map(|day| {
        let tenths = |value: f64| Value::Number(value, 1);
        vec![
            Value::Day(day.date),
            tenths(day.import_kwh),
            tenths(day.export_kwh),
            tenths(day.estimated_kwh),
            Value::percent(day.coverage),
        ]
    });
    let heads =
        [words::DAY, words::IMPORT_KWH, words::EXPORT_KWH, words::ESTIMATED_KWH, words::COVERAGE];
    let label = words::days_label(&time::month(page.view.month));
    let plot = plot_mirrored(label, scale, ticks, bars);
    let chart = html! {
        <div class="bill-chart-head">
            <h2>
                {words::DAILY} " " <span class="note">{words::KWH}</span>
            </h2>
            {legend()}
        </div>
        {with_files(page, ("days", words::DAILY), plot, (&heads, rows.collect()))}
    };
    view! { <section class="bill-days" inner_html=chart.into_string()></section> }.drawn()
}

/// The average day, hour by hour.
pub(super) fn average(page: &BillPage) -> AnyView {
    let scale = Scale::nice(
        page.view.shape.average_day.iter().flat_map(|hour| [hour.import_kwh, -hour.export_kwh]),
        3,
    );
    let places = Places { count: 24 };
    let bars = page.view.shape.average_day.iter().enumerate().map(
        |(hour, Hour { import_kwh: import, export_kwh: export, .. })| {
            let (from, to) = places.of(hour);
            let said =
                words::hour_hint(hour, &figures::fixed(*import, 2), &figures::fixed(*export, 2));
            html! {
                {bar(scale, (from, to), "fill-grid", 0.0, *import)}
                {bar(scale, (from, to), "fill-solar", -export, 0.0)}
                {hint(from, to, said)}
            }
        },
    );
    let ticks = (0..=4_u8).map(|at| Tick {
        x: f64::from(at) * 25.0,
        text: format!("{:02}:00", at * 6),
        minor: false,
    });
    let bars = bars.collect::<Html>();
    let rows = page.view.shape.average_day.iter().enumerate().map(
        |(hour, Hour { import_kwh: import, export_kwh: export, .. })| {
            let kwh = |value: f64| Value::Number(value, 3);
            vec![Value::text(format!("{hour:02}:00")), kwh(*import), kwh(*export)]
        },
    );
    let heads = [words::HOUR, words::IMPORT_KWH, words::EXPORT_KWH];
    let plot = plot_mirrored(words::AVERAGE_LABEL.into(), scale, ticks.collect(), bars);
    let chart = html! {
        <h2>
            {words::AVERAGE_DAY} " " <span class="note">{words::AVERAGE_NOTE}</span>
        </h2>
        {with_files(page, ("average", words::AVERAGE_DAY), plot, (&heads, rows.collect()))}
    };
    view! { <section class="bill-average" inner_html=chart.into_string()></section> }.drawn()
}

/// A chart of the bill with the table behind it, and both as files.
fn with_files(
    page: &BillPage,
    (name, title): (&str, Text),
    plot: Html,
    (heads, rows): (&[Text], Vec<Vec<Value>>),
) -> Html {
    let downloads = Downloads::of_month(&page.site, page.view.month, page.now);
    let columns = heads.iter().map(|head| Column::of_head(head)).collect();
    let title = format!("{title}, {}", page.view.meter_number);
    downloads.plotted(name, "kWh", plot, downloads.table(title, columns, rows))
}

/// Steps of one width side by side.
#[derive(Clone, Copy)]
struct Places {
    count: usize,
}

impl Places {
    #[expect(clippy::cast_precision_loss, reason = "a month has 31 days, a day 24 hours")]
    fn of(self, at: usize) -> (f64, f64) {
        let width = 100.0 / self.count.max(1) as f64;
        (at as f64 * width, (at + 1) as f64 * width)
    }
}

fn kwh(value: f64) -> String {
    figures::fixed(value, 1)
}

/// What of a day's import was placed by estimate, where that is told for both directions together.
fn estimated_import(day: &BillDay) -> f64 {
    day.estimated_kwh.min(day.import_kwh)
}

fn bar(
    scale: Scale,
    (from, to): (f64, f64),
    class: &'static str,
    low: f64,
    high: f64,
) -> Option<Html> {
    let (top, bottom) = (scale.below_top(high), scale.below_top(low));
    (bottom > top).then(|| {
        let margin = (to - from) * (1.0 - BAR) / 2.0;
        html! {
            <rect
                class=format!("{class} bar-part")
                x=percent(from + margin)
                width=percent((to - from) * BAR)
                y=percent(top)
                height=percent(bottom - top)
            />
        }
    })
}

fn estimated(scale: Scale, at: (f64, f64), day: &BillDay) -> Option<Html> {
    bar(scale, at, "bar-placed", day.import_kwh - estimated_import(day), day.import_kwh)
}

fn legend() -> Html {
    html! {
        <p class="legend-line">
            {legend_entry("fill-grid", words::IMPORT_UP.get())} {legend_entry("fill-solar", words::EXPORT_DOWN.get())}
            {legend_entry("bar-placed", words::ESTIMATED.get())}
        </p>
    }
}
