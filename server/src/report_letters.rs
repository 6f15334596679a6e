//! Reports as letters: what the pages draw, with the days as a table beside it.

use domain::reports::Report;
use notify::{File, Letter};
use service::reports::Draw;

use crate::csv;

/// The columns of the days of a report.
const DAYS: &str = "date,energy.gridKwh,energy.solarKwh,energy.dieselKwh,energy.batteryKwh,\
    energy.estimatedKwh,coverage,lost.kwh,lost.errorKwh,lost.cost,lost.incomplete";

/// The days of a report as a table.
pub(crate) fn days(report: &Report) -> String {
    csv::table(DAYS, &report.days)
}

/// What writes the letter of a report.
pub fn draw() -> Draw {
    Box::new(|page, language, address| {
        let written = app::letter(page, language, address);
        let month = page.report.month;
        let days = File {
            name: format!("days-{month}.csv"),
            media_type: "text/csv; charset=utf-8",
            content: days(&page.report),
        };
        let picture = |(name, content)| File {
            name: format!("{name}-{month}.svg"),
            media_type: "image/svg+xml",
            content,
        };
        Letter {
            subject: written.subject,
            text: written.text,
            html: written.html,
            files: std::iter::once(days).chain(written.pictures.into_iter().map(picture)).collect(),
        }
    })
}
