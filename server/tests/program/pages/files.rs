//! Tables of pages as files for spreadsheets.

use std::io::Cursor;

use calamine::{Data, Range, Reader as _, Xlsx};
use chrono::{Datelike as _, Days, TimeDelta};
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::figures::{keyed, last_month, with_gaps};
use super::{Visitor, downloads, html};

/// A name that a spreadsheet would run.
const FORMULA: &str = "=cmd|' /C calc'!A0";

type Workbook = Xlsx<Cursor<Vec<u8>>>;

/// The workbook at an address.
async fn opened(visitor: &Visitor, path: &str, language: &str) -> Workbook {
    let answer = visitor.asked(path, ("accept-language", language)).await;
    assert_eq!(answer.status(), 200, "{path}");
    let named = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(named.starts_with("attachment; filename=\"") && named.ends_with(".xlsx\""), "{named}");
    Xlsx::new(Cursor::new(answer.bytes().await.unwrap().to_vec())).unwrap()
}

/// Its first sheet.
async fn workbook(visitor: &Visitor, path: &str) -> Range<Data> {
    opened(visitor, path, "en").await.worksheet_range_at(0).unwrap().unwrap()
}

fn heads(sheet: &Range<Data>) -> Vec<String> {
    sheet.rows().next().unwrap().iter().map(ToString::to_string).collect()
}

#[sqlx::test(migrations = false)]
async fn tables_come_as_files_with_the_rights_and_the_period_of_their_page(pool: PgPool) {
    let visitor = Visitor::start(&pool);
    let first = last_month();
    let [grid, ..] = with_gaps(&visitor, FORMULA, first).await;
    let day = first + Days::new(6);
    let period = format!("period=custom&from={day}&to={day}");
    // The chart of a day follows its readings a moment later.
    visitor.shown(&format!("/meters/{grid}?{period}"), "Measured").await;

    let losses = workbook(&visitor, &format!("/losses?{period}&file=losses.xlsx")).await;
    assert_eq!(heads(&losses)[..4], ["Node", "In (kWh)", "Out (kWh)", "Loss (kWh)"]);
    assert_eq!(losses.get_value((1, 0)), Some(&Data::String(FORMULA.to_owned())));
    assert_eq!(losses.get_value((1, 1)), Some(&Data::Float(96.0)));

    let compared = format!("{period}&compare=previous");
    let losses = workbook(&visitor, &format!("/losses?{compared}&file=losses.xlsx")).await;
    let changes = ["Change (kWh)", "Change (± kWh)"];
    assert!(heads(&losses).windows(2).any(|heads| heads == changes), "{:?}", heads(&losses));
    let figures = workbook(&visitor, &format!("/?{compared}&file=figures.xlsx")).await;
    assert_eq!(heads(&figures)[..2], ["Figure", "Unit"]);
    assert_eq!(figures.get_value((1, 2)), Some(&Data::Float(96.0)));
    let nodes = workbook(&visitor, &format!("/?{compared}&file=hotspots.xlsx")).await;
    assert_eq!(nodes.get_value((1, 0)), Some(&Data::String(FORMULA.to_owned())));

    let live = workbook(&visitor, "/?file=hotspots.xlsx").await;
    assert_eq!(heads(&live)[..2], ["Node", "Loss (kW)"]);
    assert_eq!(live.get_value((1, 0)), Some(&Data::String(FORMULA.to_owned())));
    let steps = workbook(&visitor, &format!("/losses?{compared}&file=waterfall.xlsx")).await;
    assert_eq!(steps.get_value((1, 1)), Some(&Data::Float(96.0)));
    let last = u32::try_from(steps.height()).unwrap() - 1;
    assert_eq!(steps.get_value((last, 1)), losses.get_value((1, 3)));

    let meters = workbook(&visitor, &format!("/meters?{period}&file=meters.xlsx")).await;
    assert_eq!(heads(&meters)[..3], ["Meter", "Hangs below", "Energy (kWh)"]);
    assert_eq!(meters.height(), 4);

    let csv = format!("/losses?{period}&file=losses.csv");
    let german = visitor.in_language(&csv, "de").await.text;
    let mut lines = german.lines();
    let head = lines.next().unwrap();
    assert!(head.starts_with("\u{feff}Knoten;Ein (kWh);Aus (kWh);Verlust (kWh)"), "{german}");
    assert!(lines.next().unwrap().starts_with("'=cmd|' /C calc'!A0;96,0;"), "{german}");

    let none = "/losses?period=custom&from=2020-01-01&to=2020-01-02&file=losses.csv";
    let page = visitor.get(none).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let energy = format!("/meters/{grid}");
    let none = "period=custom&from=2020-01-01&to=2020-01-02&file=energy.csv";
    let none = visitor.get(&format!("{energy}?{none}")).await.text;
    let sentence = "There are no figures for this period.\r\n";
    assert_eq!(
        none,
        format!("\u{feff}Hour,Energy (kWh),Placed by estimate (kWh),Coverage (%)\r\n{sentence}")
    );

    let picture = visitor.get(&format!("{energy}?{period}&file=energy.svg")).await;
    assert!(picture.text.starts_with("<svg "), "{}", picture.text);
    let both = visitor.get(&format!("{energy}?{compared}&file=energy.svg")).await;
    let lines = |svg: &str| svg.matches("stroke-width=\"2\"").count();
    assert!(lines(&picture.text) == 0 && lines(&both.text) > 0, "{}", both.text);
    let missing = visitor.get("/losses?file=nothing.xlsx").await;
    assert_eq!(missing.status, 404);
    for offered in ["/", "/losses", "/carbon", "/meters", "/alarms", "/bills", "/reports"] {
        let page = visitor.get(&format!("{offered}?{period}")).await.text;
        assert!(page.contains("class=\"downloads\""), "{offered} offers no file");
    }
    let report = first.format("/reports/%Y-%m").to_string();
    each_page_offers_its_files(&visitor, grid, report, (&period, &compared)).await;
    the_file_of_connections_has_those_of_all_its_pages(&visitor).await;
}

async fn the_file_of_connections_has_those_of_all_its_pages(visitor: &Visitor) {
    let transformer = json!({"name": "TX-1", "capacity_kVA": 1000, "latitude": 37.7749,
        "longitude": -122.4194});
    visitor.done(Method::POST, "/api/transformers", &transformer).await;
    let request = json!({"type": "consumer", "requested_consumption_kW": 1,
        "latitude": 37.7749, "longitude": -122.4194});
    for _ in 0..51 {
        visitor.done(Method::POST, "/api/connection", &request).await;
    }
    let page = visitor.get("/connections").await.text;
    assert_eq!(page.matches("id=\"connection-").count(), 50, "the page is full");
    assert_eq!(page.matches("=csv").count() + page.matches(".csv\"").count(), 1, "one button");
    for page in ["/connections?", "/connections?cursor=20&"] {
        let csv = visitor.get(&format!("{page}file=connections.csv")).await.text;
        assert_eq!(csv.lines().count(), 1 + 51, "{page}: {csv}");
    }
}

/// The pages of a meter, of a period, of a month and of two sites.
async fn each_page_offers_its_files(
    visitor: &Visitor,
    grid: i64,
    report: String,
    (period, compared): (&str, &str),
) {
    let meter = format!("/meters/{grid}");
    let second = json!({"slug": "second", "name": "Second", "timeZone": "UTC"});
    visitor.done(Method::POST, "/api/sites", &second).await;
    let mut wrong = Vec::new();
    for path in [
        format!("/?{compared}"),
        format!("/losses?{compared}"),
        format!("/losses?by=trend&{compared}"),
        format!("/carbon?{compared}"),
        format!("/meters?view=heatmap&meter={grid}&{period}"),
        format!("{meter}?{compared}"),
        format!("{meter}/registers?{period}"),
        format!("{meter}/children?{compared}"),
        format!("{meter}/raw?{period}"),
        format!("/history?series={grid}.energy&{period}"),
        report,
        format!("/sites?with=default,second&{compared}"),
    ] {
        let page = visitor.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        wrong.extend(downloads::faults(visitor, &path, &page.text).await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[sqlx::test(migrations = false)]
async fn a_file_has_the_places_of_its_register_and_the_clock_of_its_site(pool: PgPool) {
    let visitor = Visitor::start(&pool);
    let zone = json!({"timeZone": "Asia/Kolkata"});
    visitor.done(Method::PATCH, "/api/sites/default", &zone).await;
    let day = last_month() + Days::new(1);
    let midnight = day.and_hms_opt(0, 0, 0).unwrap().and_utc() - TimeDelta::minutes(330);
    for (number, step, places, energy) in [("WHOLE", 1.0, 0, "72.0"), ("TENTHS", 0.1, 1, "7.2")] {
        let meter = json!({"meterNumber": number, "meterName": number, "meterType": "Grid",
            "registerStepKwh": step});
        let id = visitor.done(Method::POST, "/api/Energy/meters", &meter).await["id"].clone();
        let reading = |hour: i32| {
            json!({"timestamp": midnight + TimeDelta::hours(i64::from(hour)),
                "totalEnergyKwh": 1000.0 + f64::from(hour * 3) * step})
        };
        let readings: Value = (0..=24).map(reading).collect();
        let path = format!("/api/Energy/meters/{number}/readings");
        visitor.done(Method::POST, &path, &readings).await;
        let (page, period) =
            (format!("/meters/{id}"), format!("period=custom&from={day}&to={day}"));
        visitor.shown(&format!("{page}?{period}"), energy).await;
        for (path, file, figures) in [("", "energy", 2), ("/registers", "registers", 3)] {
            let csv = visitor.get(&format!("{page}{path}?{period}&file={file}.csv")).await.text;
            let rows: Vec<&str> = csv.lines().skip(1).collect();
            assert!(rows.len() >= 2, "{csv}");
            assert!(rows[0].starts_with(&format!("{day}T00:00:00+05:30,")), "{csv}");
            for row in rows {
                let cells: Vec<&str> = row.split(',').collect();
                assert!(cells[0].ends_with("+05:30"), "{row}");
                let mut known = cells[1..=figures].iter().filter(|cell| !cell.is_empty());
                let is_rounded = known.all(|cell| {
                    cell.split_once('.').map_or(0, |(_, decimals)| decimals.len()) == places
                });
                assert!(is_rounded, "{number}: {row}");
            }
        }
    }
}

#[sqlx::test(migrations = false)]
async fn a_whole_month_comes_as_one_workbook_with_the_figures_of_its_report(pool: PgPool) {
    let visitor = Visitor::start(&pool);
    let first = last_month();
    with_gaps(&visitor, FORMULA, first).await;
    let report = format!("/reports/{}", first.format("%Y-%m"));
    let file = format!("{report}?file=report.xlsx");
    visitor.shown(&report, "Energy by source").await;
    for offering in ["/reports".to_owned(), format!("/?period=month&at={first}")] {
        let page = visitor.get(&offering).await.text;
        assert!(page.contains(&format!("href=\"{file}\"")), "{offering} has no link to {file}");
    }
    let page = visitor.get(&report).await.text;
    let mut book = opened(&visitor, &file, "en").await;
    let names = [
        "Summary",
        "Meters",
        "Energy by source",
        "Day by day",
        "Demand peaks",
        "Losses by node",
        "Against the months before",
        "Cost, diesel, solar and CO₂",
        "Factors in force",
        "Data quality",
        "Alarms",
        "About",
    ];
    assert_eq!(book.sheet_names(), names);
    let mut cell = |sheet: &str, at: (u32, u32)| {
        book.worksheet_range(sheet).unwrap().get_value(at).cloned().unwrap_or_default()
    };
    let is_known = |said: &str| said.bytes().any(|letter| letter.is_ascii_digit());
    let as_cell =
        |said: &str| if is_known(said) { Data::Float(html::number(said)) } else { Data::Empty };
    let figures = keyed(&page);
    for (key, row) in [("energy.in:", 1), ("loss.kwh:", 2), ("loss.percent:", 4), ("coverage:", 7)]
    {
        let (_, said) = figures.iter().find(|(name, _)| name.starts_with(key)).unwrap();
        assert_eq!(cell("Summary", (row, 1)), as_cell(said), "{key} is {said}");
    }
    let node = &html::table(&page, "Likely cause")[1];
    assert_eq!(node[0], FORMULA);
    assert_eq!(cell("Losses by node", (1, 2)), as_cell(&node[2]));
    let source = as_cell(&html::table(&page, "Returned")[1][2]);
    assert!(matches!(source, Data::Float(_)), "{source:?}");
    assert_eq!(cell("Energy by source", (1, 2)), source);
    assert_eq!(cell("Meters", (1, 2)), source);
    let days = book.worksheet_range("Day by day").unwrap();
    assert_eq!(days.height(), 1 + usize::from(first.num_days_in_month()));

    let german = opened(&visitor, &file, "de").await.sheet_names();
    assert_eq!(german[..2], ["Zusammenfassung", "Zähler"]);
    let unread = visitor.get("/reports/2001-01?file=report.xlsx").await;
    assert_eq!(unread.status, 404, "nothing is known of that month");
}
