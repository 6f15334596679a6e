//! The routes of monthly reports.

use domain::reports::{MonthTotal, Report};
use service::reports::{NewSchedule, ScheduleChanges, ScheduleView};

use super::{ADMINISTER, SEE};
use crate::api::{reports, sites};
use crate::routes::{Route, delete, get, patch, post};

/// The reports of a site, and to whom they are sent.
#[rustfmt::skip]
pub(super) fn reports() -> Vec<Route> {
    vec![
        get("/api/reports", SEE, "The months of a site with their energy and losses, newest first", reports::months)
            .asks::<sites::SiteListQuery>().answers_many::<MonthTotal>(),
        get("/api/reports/{month}", SEE, "The report of a month, such as 2026-10; with .csv its days, with .svg a chart, with .html as it is mailed", reports::get)
            .asks::<reports::ReportQuery>().answers::<Report>()
            .answers_as("text/csv").answers_as("image/svg+xml").answers_as("text/html"),
        get("/api/report-schedules", ADMINISTER, "Who gets the reports of a site by mail", reports::schedules)
            .asks::<sites::SiteListQuery>().answers_many::<ScheduleView>(),
        post("/api/report-schedules", ADMINISTER, "Send the report of each month from now on", reports::create)
            .takes::<NewSchedule>().creates::<ScheduleView>(),
        patch("/api/report-schedules/{id}", ADMINISTER, "Change a schedule", reports::update)
            .changes::<ScheduleChanges, ScheduleView>().answers::<ScheduleView>(),
        delete("/api/report-schedules/{id}", ADMINISTER, "Remove a schedule", reports::remove)
            .answers::<ScheduleView>(),
        post("/api/report-schedules/{id}/send", ADMINISTER, "Send the report of the last month now, as a test", reports::send)
            .answers::<ScheduleView>(),
    ]
}
