//! A whole month as one workbook: every table of its report, its figures as tables too, and all meters.

use domain::meters::view::flow::FlowPage;
use domain::reports::view::ReportPage;
use tables::Book;
use texts::words::alarms::NOTE;
use texts::words::report as words;
use ui::drawing::parts::time;

use super::{downloads, energy, losses, quality, rest, summary};
use crate::meters::files::meters;

pub(super) fn book(page: &ReportPage, flow: Option<&FlowPage>) -> Book {
    let sheets = [
        Some(summary::table_of_figures(page)),
        flow.map(meters),
        Some(energy::table_of_sources(page)),
        Some(energy::table_of_days(page)),
        Some(energy::table_of_peaks(page)),
        Some(losses::table_of_nodes(page)),
        losses::table_of_areas(page),
        Some(losses::table_of_months(page)),
        Some(rest::table_of_figures(page)),
        Some(rest::table_of_factors(page)),
        Some(quality::table_of_meters(page)),
        Some(quality::table_of_alarms(page)),
    ];
    let said = summary::state(page).into_iter().map(|said| (NOTE.into(), said));
    let cut = quality::shortened(page).map(|said| (words::ALARMS.into(), said));
    let title = words::title(&time::month(page.report.month));
    downloads(page).book(&title, sheets.into_iter().flatten().collect(), said.chain(cut).collect())
}
