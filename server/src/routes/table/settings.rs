//! The routes of settings: prices, several meters together, and all of it as one document.

use axum::http::StatusCode;
use domain::bills::tariff::Version;
use service::bills::tariffs::{NewTariff, TariffChanges, TariffPreview};
use service::configuration::{Document, Imported, Report};
use service::meters::{Arranged, Arrangement};

use super::{ADMINISTER, CONFIGURE, SEE, SEE_BILLS};
use crate::api::bills::tariffs;
use crate::api::carbon::factors;
use crate::api::{configuration, meters, sites};
use crate::routes::{Route, delete, get, patch, post, put};

/// Bytes of a document: a site with ten thousand meters has some ten million.
const DOCUMENT_LIMIT: usize = 32 << 20;

/// Tariffs and factors.
#[rustfmt::skip]
pub(super) fn prices() -> Vec<Route> {
    vec![
        get("/api/tariffs", SEE_BILLS, "All versions of a site's tariffs", tariffs::list)
            .asks::<sites::SiteListQuery>().answers_many::<Version>(),
        post("/api/tariffs", ADMINISTER, "Create a version of a tariff", tariffs::create)
            .takes::<NewTariff>().creates::<Version>(),
        post("/api/tariffs/preview", ADMINISTER, "What a version of a tariff would change", tariffs::preview)
            .takes::<NewTariff>().answers::<TariffPreview>(),
        get("/api/tariffs/{id}", SEE_BILLS, "One version", tariffs::get)
            .answers::<Version>(),
        patch("/api/tariffs/{id}", ADMINISTER, "Change a version", tariffs::update)
            .changes_seen::<TariffChanges, Version>().answers::<Version>(),
        delete("/api/tariffs/{id}", ADMINISTER, "Remove a version", tariffs::remove)
            .answers::<Version>(),
        put("/api/Energy/meters/{id}/tariff", ADMINISTER, "Price a meter with a tariff", tariffs::assign)
            .asks::<meters::SiteQuery>().takes::<service::bills::tariffs::NewAssignment>()
            .answers::<service::bills::tariffs::Assigned>(),
        get("/api/emission-factors", SEE, "The factors of a site, built-in and entered", factors::list)
            .asks::<sites::SiteListQuery>().answers_many::<service::carbon::factors::FactorView>(),
        post("/api/emission-factors", ADMINISTER, "Add a version of a factor", factors::create)
            .takes::<service::carbon::factors::NewFactor>().creates::<service::carbon::factors::FactorView>(),
        delete("/api/emission-factors/{id}", ADMINISTER, "Take back a version of a factor", factors::remove)
            .answers::<service::carbon::factors::FactorView>(),
    ]
}

/// Several meters together, and everything that people entered.
#[rustfmt::skip]
pub(super) fn together() -> Vec<Route> {
    vec![
        patch("/api/Energy/meters", CONFIGURE, "Change several meters, all or none; with dryRun say what it would change, balances too", meters::arrange)
            .asks::<meters::ArrangeQuery>().takes::<Arrangement>().answers::<Arranged>(),
        get("/api/configuration", ADMINISTER, "Everything that people entered, without secrets, as one document", configuration::export)
            .answers_bare::<Document>(StatusCode::OK),
        post("/api/configuration", ADMINISTER, "Take a document in, all of it or nothing", configuration::import)
            .takes::<Document>().answers::<Imported>().limited_to(DOCUMENT_LIMIT),
        post("/api/configuration/preview", ADMINISTER, "What taking a document in would add, change and remove, and what is wrong with it", configuration::preview)
            .takes::<configuration::Draft>().answers::<Report>().limited_to(DOCUMENT_LIMIT),
        post("/api/configuration/staged", ADMINISTER, "Keep a document from the form of a page, and lead to what it would do", configuration::stage)
            .asks::<meters::SiteQuery>().takes_form::<configuration::DocumentForm>().leads_on()
            .limited_to(DOCUMENT_LIMIT),
    ]
}
