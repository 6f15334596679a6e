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
use ui::components::chart::scale::Scale;
use ui::drawing::files::Downloads;
use ui::drawing::parts::plot::{Tick, column, hint, legend_entry, plot_mirrored};
use ui::drawing::parts::{noted, time};
use ui::kit::Draw as _;

const IMPORT: &str = "fill-grid bar-part";
const EXPORT: &str = "fill-solar bar-part";

/// Energy day by day.
pub(super) fn days(page: &BillPage) -> AnyView {
    let ends = page.view.shape.days.iter().flat_map(|day| [day.import_kwh, -day.export_kwh]);
    let scale = Scale::nice(ends, 4);
    let count = page.view.shape.days.len();
    let bars = page.view.shape.days.iter().enumerate().map(|(at, day)| {
        let (from, to) = place(at, count);
        // Estimates are told for both directions together.
        let read = day.import_kwh - day.estimated_kwh.min(day.import_kwh);
        let said = words::day_hint(
            &time::short_day(day.date),
            &kwh(day.import_kwh),
            &kwh(day.export_kwh),
            &kwh(day.estimated_kwh),
        );
        html! {
            {column(scale, (from, to), IMPORT, (0.0, read))}
            {column(scale, (from, to), "bar-placed bar-part", (read, day.import_kwh))}
            {column(scale, (from, to), EXPORT, (-day.export_kwh, 0.0))}
            {hint(from, to, said)}
        }
    });
    let tick = |(at, day): (usize, &BillDay)| {
        let (from, to) = place(at, count);
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
            <h2>{noted(words::DAILY, words::KWH)}</h2>
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
    let bars = page.view.shape.average_day.iter().enumerate().map(
        |(hour, Hour { import_kwh: import, export_kwh: export, .. })| {
            let (from, to) = place(hour, 24);
            let said =
                words::hour_hint(hour, &figures::fixed(*import, 2), &figures::fixed(*export, 2));
            html! {
                {column(scale, (from, to), IMPORT, (0.0, *import))}
                {column(scale, (from, to), EXPORT, (-export, 0.0))}
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
        <h2>{noted(words::AVERAGE_DAY, words::AVERAGE_NOTE)}</h2>
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

/// A step among others of its width, side by side.
fn place(at: usize, count: usize) -> (f64, f64) {
    let width = 100.0 / count.max(1) as f64;
    (at as f64 * width, (at + 1) as f64 * width)
}

fn kwh(value: f64) -> String {
    figures::fixed(value, 1)
}

fn legend() -> Html {
    html! {
        <p class="legend-line">
            {legend_entry("fill-grid", words::IMPORT_UP.get())} {legend_entry("fill-solar", words::EXPORT_DOWN.get())}
            {legend_entry("bar-placed", words::ESTIMATED.get())}
        </p>
    }
}
