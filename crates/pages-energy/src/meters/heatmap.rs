//! When the meters use how much: a row for each meter, from nothing to its most.

use super::picture::{self, FAINT};
use super::{Drawn, Here, PACE_S, unfold};
use crate::parts::segment;
use crate::picture::first_letters;
use crate::steps;
use chrono::{Datelike as _, NaiveDate, Weekday};
use domain::meters::view::heatmap::{By, Cell, Column, Grain, HeatmapPage, Row, STEPS};
use domain::period::{Kind, Period};
use markup::{Html, html};
use service::pages::Query;
use tables::Rows;
use texts::language::Text;
use texts::words::flow as words;
use texts::{figures, language};
use ui::components::balance_bar::source_class;
use ui::components::chart::{percent, short};
use ui::components::figure::UNKNOWN;
use ui::drawing::files::Downloads;
use ui::drawing::parts::kwh;

/// Cells narrower than this share of the row stand without a line between them.
const FINE: usize = 70;
/// So many columns have a name above them.
const MOST_NAMES: usize = 16;
/// Widths of the names of a picture, of its cells, and of the most of each row.
const NAMES: f64 = 230.0;
const CELLS: f64 = 680.0;
const MOST: f64 = 190.0;
/// Height of a row of a picture.
const HEIGHT: f64 = 22.0;
/// Letters of a name of a picture at most.
const LETTERS: usize = 34;
const CLASSES: [&str; STEPS as usize] = ["h0", "h1", "h2", "h3", "h4", "h5", "h6"];

pub(super) fn draw(page: &HeatmapPage, here: Here<'_>) -> Drawn {
    Drawn {
        title: title(page),
        note: words::each_row(unit(page)),
        choice: choice(page, here),
        label: words::HEATMAP,
        figure: table(page, here),
        below: html! {
            {legend()}
            {behind(page)}
        },
        refused: page.refused.clone(),
        pace_s: PACE_S,
    }
}

fn title(page: &HeatmapPage) -> String {
    let phrase = steps::phrase(&page.shown);
    match (page.by, page.grain) {
        (By::Hour, _) => words::hour_title(&phrase),
        (By::Week, _) => words::week_title(&phrase),
        (By::Day, Grain::Day) => words::day_title(words::DAY, &phrase),
        (By::Day, Grain::Week) => words::day_title(words::WEEK, &phrase),
        (By::Day, Grain::Month) => words::day_title(words::MONTH, &phrase),
    }
}

fn unit(page: &HeatmapPage) -> &'static str {
    if page.by == By::Day { "kWh" } else { "kW" }
}

fn choice(page: &HeatmapPage, here: Here<'_>) -> Html {
    let option = |by: By| {
        let word = if by == By::Hour { "" } else { by.as_str() };
        let name: Text = match by {
            By::Hour => words::BY_HOUR,
            By::Day => words::BY_DAY,
            By::Week => words::BY_WEEK,
        };
        segment(format!("by-{}", by.as_str()), here.with("by", word), by == page.by, name)
    };
    let rest = if page.all {
        Some(("", words::SHOW_FEWER.into()))
    } else {
        (page.rows.len() < page.meters).then(|| ("all", words::show_all(page.meters)))
    };
    let rest = rest.map(|(rows, text)| {
        html! { <a id="rows" href=here.with("rows", rows) data-noscroll>{text}</a> }
    });
    html! {
        <div class="pane-choice">
            <nav class="segments" aria-label=words::COLUMNS>
                {By::ALL.map(option)}
            </nav>
            <p class="note">{words::rows_shown(page.rows.len(), page.meters)}</p>
            {rest}
        </div>
    }
}

fn table(page: &HeatmapPage, here: Here<'_>) -> Html {
    let rows = page.rows.iter().map(|it| row(page, it, here)).collect::<Html>();
    let class = if page.columns.len() > FINE { "table heat is-fine" } else { "table heat" };
    html! {
        <table class=class>
            <thead>
                <tr>
                    <th scope="col">{words::METER}</th>
                    <td class="heat-heads">{heads(page, here)}</td>
                    <th scope="col" class="num">
                        {words::most_head(unit(page))}
                    </th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// The names of the columns, as many as there is room for. A day is a link to its own period.
fn heads(page: &HeatmapPage, here: Here<'_>) -> Html {
    if page.by == By::Week {
        let name = |hour: u32| html! { <span>{weekday(hour)}</span> };
        return (0..7).map(|day| name(day * 24)).collect::<Html>();
    }
    let every = every(page);
    let head = |(at, column): (usize, &Column)| {
        let text = if at % every == 0 { short_name(page, *column) } else { String::new() };
        match *column {
            Column::Days(from, to) => {
                let href = period(page, here, from, to);
                html! {
                    <a href=href aria-label=name(page, *column) title=name(page, *column)>
                        {text}
                    </a>
                }
            }
            Column::Hour(_) | Column::WeekHour(_) => html! { <span>{text}</span> },
        }
    };
    page.columns.iter().enumerate().map(head).collect::<Html>()
}

/// One of so many columns is named.
fn every(page: &HeatmapPage) -> usize {
    match page.by {
        By::Hour => 3,
        By::Day => page.columns.len().div_ceil(MOST_NAMES).max(1),
        By::Week => 24,
    }
}

fn period(page: &HeatmapPage, here: Here<'_>, from: NaiveDate, to: NaiveDate) -> String {
    let period = match page.grain {
        Grain::Day => Period::of(Kind::Today).on(from, page.shown.today()),
        Grain::Week | Grain::Month => Period::between(from, to),
    };
    // One day alone is looked at by its hours.
    let by = if page.grain == Grain::Day { "by" } else { "" };
    let rest = here.0.without(&["period", "at", "from", "to", by]);
    let query = Query::parse(&format!("{rest}&{}", period.query()));
    ui::drawing::address("/meters", &query.without(&[]))
}

fn short_name(page: &HeatmapPage, column: Column) -> String {
    match column {
        Column::Hour(hour) => format!("{hour:02}"),
        Column::WeekHour(hour) => weekday(hour).to_owned(),
        Column::Days(from, _) if page.grain == Grain::Day => from.day().to_string(),
        Column::Days(from, _) => language::now().short_month(from).to_owned(),
    }
}

/// The day of an hour of the week.
fn weekday(hour: u32) -> &'static str {
    let day = u8::try_from(hour / 24).ok().and_then(|day| Weekday::try_from(day).ok());
    day.map_or("", |day| language::now().weekday(day))
}

fn name(page: &HeatmapPage, column: Column) -> String {
    match column {
        Column::Hour(hour) => format!("{hour:02}:00"),
        Column::WeekHour(hour) => format!("{} {:02}:00", weekday(hour), hour % 24),
        Column::Days(from, to) => {
            Period::between(from, to).label(page.shown.today(), language::now())
        }
    }
}

/// The most of a row, and when that was.
fn most(page: &HeatmapPage, row: &Row) -> Option<String> {
    let (at, most) = row.most()?;
    Some(words::most(&kwh(most), &name(page, page.columns[at])))
}

/// The class of a cell, which style fills.
fn class(row: &Row, cell: Cell) -> &'static str {
    match cell {
        Cell::Known(value, _) => CLASSES[usize::from(row.step(value))],
        Cell::Gap => "heat-gap",
        Cell::Ahead => "heat-ahead",
    }
}

fn row(page: &HeatmapPage, row: &Row, here: Here<'_>) -> Html {
    let most = most(page, row);
    let width = 100.0 / page.columns.len().max(1) as f64;
    let cell = |(at, cell): (usize, &Cell)| rect(page, row, at, *cell, width);
    let cells = row.cells.iter().enumerate().map(cell).collect::<Html>();
    let label = words::row_label(&row.name, most.as_deref());
    let id = row.id.to_string();
    let unfold_link = (row.below > 0 && !page.all).then(|| {
        let (text, label) = if row.is_open {
            ("\u{2212}".to_owned(), words::fold(&row.name))
        } else {
            (format!("+{}", row.below), words::unfold(row.below, &row.name))
        };
        unfold(here, &id, text, &label)
    });
    html! {
        <tr>
            <th scope="row">
                <span class="heat-name">
                    {(0..row.depth).map(|_| html! { <i class="guide"></i> }).collect::<Html>()}
                    <svg class="kind" width="7" height="7" aria-hidden="true">
                        <rect class=source_class(row.kind) width="7" height="7" />
                    </svg>
                    <a
                        id=format!("flow-{id}")
                        href=here.meter(row.id)
                        data-meter=id
                        aria-current=here.current(row.id)
                        data-noscroll
                        title=row.name.clone()
                    >
                        {row.name.clone()}
                    </a>
                    {unfold_link}
                </span>
            </th>
            <td>
                <svg class="heat-row" role="img" aria-label=label>
                    {cells}
                </svg>
            </td>
            <td class="num">{most.unwrap_or_else(|| UNKNOWN.to_owned())}</td>
        </tr>
    }
}

/// A cell with its value in words, and over it the hatching of what was not read.
fn rect(page: &HeatmapPage, row: &Row, at: usize, cell: Cell, width: f64) -> Html {
    let text = match cell {
        Cell::Known(value, coverage) => {
            let mut text = format!("{} {}", kwh(value), unit(page));
            if cell.is_partial() {
                let percent = figures::fixed(coverage * 100.0, 0);
                text = format!("{text}, {}", words::read(&percent));
            }
            text
        }
        Cell::Gap => words::NOT_READ.into(),
        Cell::Ahead => words::AHEAD.into(),
    };
    let x = percent(at as f64 * width);
    let part = cell.is_partial().then(|| {
        html! { <rect class="heat-part" x=x.clone() width=percent(width) /> }
    });
    html! {
        <rect class=class(row, cell) x=x.clone() width=percent(width)>
            <title>{name(page, page.columns[at])} " " {text}</title>
        </rect>
        {part}
    }
}

fn legend() -> Html {
    let swatch =
        |class: &'static str| html! { <svg><rect class=class width="10" height="10" /></svg> };
    let named = |class: &'static str, name: Text| html! { <span>{swatch(class)} {name}</span> };
    html! {
        <p class="legend-line pane-legend">
            <span>"0" {CLASSES.map(swatch)} {words::MOST_OF_ROW}</span>
            {named("heat-gap", words::NOT_READ)}
            <span>
                <svg>
                    <rect class="h3" width="10" height="10" />
                    <rect class="heat-part" width="10" height="10" />
                </svg>
                {words::PARTLY}
            </span>
            {named("heat-ahead", words::AHEAD)}
        </p>
    }
}

fn behind(page: &HeatmapPage) -> Html {
    let rows = Rows::of(&page.rows).text(words::METER, |row| &row.name);
    let columns = page.columns.iter().enumerate();
    let rows = columns.fold(rows, |rows, (at, column)| {
        let head = tables::Column::in_unit(name(page, *column), unit(page));
        rows.figure(head, 1, |row| row.cells.get(at).copied().and_then(Cell::value))
    });
    let files = Downloads::of(&page.shown);
    let table = files.rows(words::HEATMAP, rows);
    let title = || files.titled(&format!("{}, {}", title(page), words::each_row(unit(page))));
    files.behind("heatmap", table, || Some(draw_picture(page, &title())))
}

/// The heat map as a picture by itself.
fn draw_picture(page: &HeatmapPage, title: &str) -> String {
    let width = CELLS / page.columns.len().max(1) as f64;
    let head = |(at, column): (usize, &Column)| {
        html! {
            <text x=short(NAMES + at as f64 * width) y="14" fill=FAINT>
                {short_name(page, *column)}
            </text>
        }
    };
    let heads = page.columns.iter().enumerate().step_by(every(page)).map(head);
    let row = |(n, row): (usize, &Row)| {
        let y = (n + 1) as f64 * HEIGHT;
        let cell = |(at, cell): (usize, &Cell)| {
            let (place, size) = ((NAMES + at as f64 * width, y), (width, HEIGHT - 1.0));
            let part = cell.is_partial().then(|| picture::rect("heat-part", place, size));
            html! { {picture::rect(class(row, *cell), place, size)} {part} }
        };
        let indented = format!("{}{}", "\u{2003}".repeat(row.depth), row.name);
        html! {
            {picture::text((0.0, y + 15.0), &first_letters(&indented, LETTERS))}
            {row.cells.iter().enumerate().map(cell).collect::<Html>()}
            {picture::text((NAMES + CELLS + 8.0, y + 15.0), &most(page, row).unwrap_or_default())}
        }
    };
    let figure = html! {
        {heads.collect::<Html>()}
        {page.rows.iter().enumerate().map(row).collect::<Html>()}
    };
    let size = (NAMES + CELLS + MOST, (page.rows.len() + 1) as f64 * HEIGHT);
    let legend = [
        ("h0", "0".to_owned()),
        ("h6", words::MOST_OF_ROW.into()),
        ("heat-gap", words::NOT_READ.into()),
        ("heat-ahead", words::AHEAD.into()),
    ];
    picture::draw(title, size, figure, &legend)
}
