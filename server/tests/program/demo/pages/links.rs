//! Links and forms lead where they say, in a browser that runs no script.

use chrono::{FixedOffset, TimeDelta, Utc};
use serde_json::Value;

use crate::pages::browser::{Browser, link};
use crate::pages::{Visitor, html};

pub(crate) async fn lead_on(visitor: &Visitor) {
    losses(visitor).await;
    figures_of_meters(visitor).await;
    sites(visitor).await;
    questions(visitor).await;
    report(visitor).await;
}

fn headline(browser: &Browser<'_>) -> String {
    html::element(browser.content(), "h1").unwrap_or_default()
}

/// The costliest node and why, by area, as a trend, and down to the register.
async fn losses(visitor: &Visitor) {
    let node = "Production Unit C";
    let today = Utc::now().date_naive();
    let page = format!("/losses?period=custom&from={}&to={today}", today - TimeDelta::days(10));
    let mut browser = Browser::open(visitor, "en", &page).await;
    let row = html::words(&format!("<tr{}", browser.row(node).unwrap()));
    assert!(row.contains("loss"), "{row}");
    browser.follow(node).await;
    browser.is_at("node=");
    assert!(html::element(browser.content(), "h2").unwrap().starts_with(node));
    assert!(browser.page.contains("cause-finding"), "{} finds no cause", browser.path);
    browser.follow("By area").await;
    assert_eq!(html::table(&browser.page, "Area")[0][0], "Area");
    browser.follow("Trend").await;
    browser.is_at("by=trend");
    assert!(browser.page.contains("step by step with its error"), "{}", browser.path);

    browser.go(&page).await;
    browser.says(&["register reset"]);
    browser.follow("Air Compressor").await;
    browser.is_at("/registers");
    browser.says(&["counted from zero", "last before the change"]);
    browser.says(&["Why a reset and not a rollover?", "equals the sum of"]);
}

/// The heat map leads to a meter and a day, the plan to a meter.
async fn figures_of_meters(visitor: &Visitor) {
    let hours = "Mean power by hour";
    let mut browser = Browser::open(visitor, "en", "/meters?view=heatmap&period=yesterday").await;
    browser.says(&[hours]);
    browser.follow("Show all 92").await;
    assert_eq!(browser.page.matches("</title></rect>").count(), 92 * 24);
    browser.go("/meters?view=heatmap&by=day&period=week").await;
    let (_, heads) = browser.page.split_once("heat-heads\"").unwrap();
    let meter = link(heads, "Main Grid").unwrap();
    assert!(meter.contains("meter=") && meter.contains("view=heatmap"), "{meter}");
    let heads = heads.split("</td>").next().unwrap_or_default();
    assert_eq!(heads.matches("<a ").count(), 7);
    let monday = link(heads, "").unwrap();
    browser.go(&monday).await;
    assert!(!browser.path.contains("period=week"), "{}", browser.path);
    browser.says(&[hours]);
    browser.follow("Map").await;
    browser.is_at("view=map");
    let (_, bar) = browser.page.split_once("class=\"plan-bar\"").unwrap();
    let scale = html::element(bar, "text").unwrap();
    assert!(scale.ends_with(" m"), "{scale}");
    browser.follow("Solar, solar, ").await;
    browser.is_at("meter=");
}

/// The list of sites is sorted, and two of them stand side by side.
async fn sites(visitor: &Visitor) {
    let mut browser = Browser::open(visitor, "en", "/sites").await;
    for (address, order) in [("sort=energy", "descending"), ("order=turned", "ascending")] {
        browser.follow("Today").await;
        browser.is_at(address);
        let head = format!("aria-sort=\"{order}\"><a id=\"sort-energy\"");
        assert!(browser.page.contains(&head), "{} is not {order}", browser.path);
    }
    let today = Utc::now().date_naive();
    let (from, to) = (today - TimeDelta::days(9), today - TimeDelta::days(2));
    let week = format!("/sites?period=custom&from={from}&to={to}");
    browser.go(&week).await;
    browser.follow("Compare San Francisco").await;
    browser.says(&["Choose another to set beside it"]);
    browser.follow("Compare Pune Works").await;
    let is_compared = browser.has("can be set side by side") || browser.has("are not compared");
    assert!(is_compared, "{} compares nothing", browser.path);
    assert_eq!(html::table(&browser.page, "Loss of input").len(), 3, "a head and two sites");
    browser.follow("Compare none").await;
    assert_eq!(browser.path, week);
}

/// Forms that ask for a page: the search, a period, a place of the grid.
async fn questions(visitor: &Visitor) {
    let mut browser = Browser::open(visitor, "en", "/?period=week").await;
    browser.ask(&[("q", "press")]).await;
    assert!(headline(&browser).contains("results for “press”"));
    browser.follow("Press 01").await;
    assert!(browser.path.starts_with("/meters/"), "{}", browser.path);
    browser.is_at("?period=week");

    let from = (Utc::now() - TimeDelta::days(3)).format("%Y-%m-%d").to_string();
    browser.go("/carbon").await;
    browser.ask(&[("from", &from)]).await;
    browser.is_at("period=custom");
    browser.is_at(&format!("from={from}"));
    assert!(headline(&browser).contains("Net"), "{}", headline(&browser));
    // It keeps all else that stands in the address.
    browser.go("/meters?q=m%C3%BCll%20%26%20co").await;
    browser.ask(&[("from", &from)]).await;
    browser.is_at("q=m%C3%BCll+%26+co");

    browser.go("/grid").await;
    browser.ask(&[("place", "37.7586 -122.4148")]).await;
    assert!(headline(&browser).starts_with("Feasible at"), "{}", headline(&browser));
}

/// The report of the month under way has the figures of the API, and its language.
async fn report(visitor: &Visitor) {
    let mut german = Browser::open(visitor, "de", "/reports").await;
    let (_, months) = german.page.split_once("report-months").unwrap();
    let month = link(months, "").unwrap();
    german.go(&month).await;
    assert!(headline(&german).contains("Energie- und Verlustbericht"), "{}", headline(&german));
    let (_, summary) = german.page.split_once("report-summary").unwrap();
    let input = summary.split(" kWh").next().unwrap_or_default();
    assert!(input.chars().rev().nth(1) == Some(','), "{input} has no German marks");

    let india = FixedOffset::east_opt(19_800).unwrap();
    let this_month = Utc::now().with_timezone(&india).format("%Y-%m").to_string();
    assert_eq!(month, format!("/reports/{this_month}"));
    let browser = Browser::open(visitor, "en", &month).await;
    browser.says(&["The month is under way", "Energy by source", "Day by day", "Losses by node"]);
    browser.says(&["Carbon", "Data quality", "Alarms"]);
    let rows = |id: &str| {
        let (_, part) = browser.page.split_once(&format!("id=\"{id}\"")).unwrap();
        let table = part.split("</table>").next().unwrap_or_default();
        table.matches("<th scope=\"row\">").count()
    };
    let api = visitor.get(&format!("/api{month}")).await.text;
    let api: Value = serde_json::from_str(&api).unwrap();
    assert_eq!(rows("days"), api["data"]["days"].as_array().unwrap().len());
    assert!(rows("losses") > 0 && !browser.page.contains("NaN"), "{month}");
    let table = format!("{month}?file=days.csv");
    let table = visitor.asked(&table, ("accept-language", "en")).await;
    assert!(table.headers()["content-type"].to_str().unwrap().starts_with("text/csv"));
}
