//! The routes of devices.

use domain::devices::view::{DeviceDetail, DeviceRow};
use service::devices::ImportReport;

use super::{CONFIGURE, SEE};
use crate::api::{devices, meters, sites};
use crate::routes::{Route, delete, get, patch, post};

/// Bytes of a table: a line has some hundred.
const TABLE_LIMIT: usize = 16 << 20;

/// Devices with their health, and tables of them.
#[rustfmt::skip]
pub(super) fn with_health() -> Vec<Route> {
    vec![
        get("/api/devices", SEE, "The devices of a site with their health", devices::list)
            .asks::<sites::SiteListQuery>().answers_many::<DeviceRow>(),
        get("/api/devices.csv", SEE, "All devices of a site with their settings, as the table that an import takes", devices::export)
            .asks::<meters::SiteQuery>().answers_as("text/csv"),
        post("/api/devices/import", CONFIGURE, "Take in a table of devices, all of it or nothing; with dryRun say what it would do", devices::import)
            .asks::<devices::ImportQuery>().takes_text("text/csv").answers::<ImportReport>().limited_to(TABLE_LIMIT),
        post("/api/devices/import/staged", CONFIGURE, "Keep a table from the form of a page, and lead to what it would do", devices::stage)
            .asks::<meters::SiteQuery>().takes_form::<devices::TableForm>().leads_on().limited_to(TABLE_LIMIT),
        get("/api/devices/{id}", SEE, "The device of a meter, with what happened to it", devices::get)
            .asks::<meters::SiteQuery>().answers::<DeviceDetail>(),
        patch("/api/devices/{id}", CONFIGURE, "Switch a device on or off", devices::switch)
            .asks::<meters::SiteQuery>().takes::<devices::Switch>().answers::<DeviceDetail>(),
        delete("/api/devices/{id}", CONFIGURE, "Remove a device; its meter and all that was read stay", devices::remove)
            .asks::<meters::SiteQuery>().answers::<DeviceDetail>(),
    ]
}
