//! Figures on pages that have to add up as they are written.

use chrono::Utc;

use super::{Visitor, html};

pub(super) async fn add_up(visitor: &Visitor) {
    waterfall(&visitor.get("/losses").await.text);
    for period in ["today", "week", "month"] {
        carbon(&visitor.get(&format!("/carbon?period={period}")).await.text);
    }
    let month = Utc::now().with_timezone(&chrono::FixedOffset::east_opt(19_800).unwrap());
    sources(&visitor.get(&format!("/reports/{}", month.format("%Y-%m"))).await.text);
}

/// The loss is the input less the output. Each figure is rounded to a tenth.
fn waterfall(page: &str) {
    let rows = html::table(page, "In, own meter");
    let mut figures: Vec<_> = rows[1..].iter().map(|row| html::number(&row[1])).collect();
    let loss = figures.pop().unwrap();
    close(figures.iter().sum(), loss, figures.len());
}

/// Grid and diesel less what solar saves is the net.
fn carbon(page: &str) {
    let terms: Vec<_> = page.split("\"term-value\"").skip(1).collect();
    let figure = |term: &&str| html::number(&html::words(&format!("<i{term}")));
    let figures: Vec<_> = terms.iter().map(figure).collect();
    let [grid, diesel, offset, net] = figures[..] else { panic!("{figures:?}") };
    assert!((grid + diesel - offset - net).abs() < 0.05, "{figures:?}");
    assert!(grid > 0.0, "{figures:?}");
}

/// The sources of a month make its sum.
fn sources(page: &str) {
    let (_, page) = page.split_once("id=\"sources\"").unwrap();
    let rows = html::table(page, "Source");
    let mut figures: Vec<_> = rows[1..].iter().map(|row| html::number(&row[2])).collect();
    let sum = figures.pop().unwrap();
    close(figures.iter().sum(), sum, figures.len());
}

fn close(sum: f64, shown: f64, terms: usize) {
    let allowed = 0.05 * (f64::from(u32::try_from(terms).unwrap()) + 1.0) + 0.01;
    assert!((sum - shown).abs() <= allowed, "{sum} is not {shown}");
}
