//! The table itself, by what the routes are about.

use service::Role;

use super::{READINGS_LIMIT, Route, Rule, delete, get, patch, post, put};
use crate::api::{
    audit, corrections, energy, energy_meters, factors, live, load_status, meters, operations,
    readings, sites, tariffs, virtual_meters,
};

const PUBLIC: Rule = Rule::Public;
const VIEWER: Rule = Rule::Needs(Role::Viewer);
const OPERATOR: Rule = Rule::Needs(Role::Operator);
const ADMIN: Rule = Rule::Needs(Role::Admin);

/// Every route.
pub fn table() -> Vec<Route> {
    let groups: [fn() -> Vec<Route>; 8] =
        [process, places, figures, prices, changes, sums, devices, stream];
    groups.into_iter().flat_map(|group| group()).collect()
}

/// The process itself.
#[rustfmt::skip]
fn process() -> Vec<Route> {
    vec![
        get("/healthz", PUBLIC, "Whether the process runs", operations::healthz),
        get("/readyz", PUBLIC, "Whether it can serve: the database answers", operations::readyz),
        get("/metrics", VIEWER, "Figures of the process, for Prometheus", operations::metrics)
            .answers_as("text/plain"),
        get("/api/openapi.json", PUBLIC, "This document", operations::openapi)
            .answers_as("application/json"),
        get("/api/docs", PUBLIC, "The same as a page", operations::docs).answers_as("text/html"),
        get("/api/docs/style.css", PUBLIC, "Its style", operations::docs_style).answers_as("text/css"),
    ]
}

/// Sites.
#[rustfmt::skip]
fn places() -> Vec<Route> {
    vec![
        get("/api/sites", VIEWER, "All sites", sites::list)
            .asks::<sites::ListQuery>().answers_many::<service::sites::SiteView>(),
        post("/api/sites", ADMIN, "Create a site", sites::create)
            .takes::<service::sites::NewSite>().creates::<service::sites::SiteView>(),
        get("/api/sites/{slug}", VIEWER, "One site", sites::get)
            .answers::<service::sites::SiteView>(),
        patch("/api/sites/{slug}", ADMIN, "Change a site", sites::update)
            .changes::<service::sites::NewSite>().answers::<service::sites::SiteView>(),
    ]
}

/// Meters, their readings, and what follows from them.
#[rustfmt::skip]
fn figures() -> Vec<Route> {
    vec![
        get("/api/Energy/meters/hierarchy", VIEWER, "The tree of meters over a window", meters::hierarchy)
            .asks::<meters::WindowQuery>().answers_many::<service::hierarchy::TreeNode>(),
        post("/api/Energy/meters", OPERATOR, "Create a meter", meters::create)
            .asks::<meters::SiteQuery>().takes::<service::meters::NewMeter>()
            .creates::<service::meters::MeterView>(),
        get("/api/Energy/meters/{id}", VIEWER, "One meter", meters::get)
            .asks::<meters::SiteQuery>().answers::<service::meters::MeterView>(),
        patch("/api/Energy/meters/{id}", OPERATOR, "Change a meter", meters::update)
            .asks::<meters::SiteQuery>().changes::<service::meters::NewMeter>()
            .answers::<service::meters::MeterView>(),
        delete("/api/Energy/meters/{id}", OPERATOR, "Remove a meter, or retire one with readings", meters::remove)
            .asks::<meters::SiteQuery>().answers::<service::meters::Removed>(),
        get("/api/Energy/meters/{id}/children", VIEWER, "The meters directly below one", meters::children)
            .asks::<meters::PagedWindowQuery>().answers_many::<service::hierarchy::TreeMeter>(),
        get("/api/Energy/meters/{id}/readings", VIEWER, "Readings of a meter", readings::list)
            .asks::<readings::ListQuery>().answers_many::<readings::ReadingOrInterval>(),
        post("/api/Energy/meters/{id}/readings", OPERATOR, "Store one reading or a list", readings::create)
            .asks::<meters::SiteQuery>().takes::<readings::OneOrMany>()
            .creates::<service::readings::Stored>().limited_to(READINGS_LIMIT),
        get("/api/Energy/power-loss", VIEWER, "The loss of each node over a window", meters::power_loss)
            .asks::<meters::LossQuery>().answers_many::<service::power_loss::LossView>(),
        get("/api/Energy/power-loss/by-area", VIEWER, "The losses of a site by area", energy::by_area)
            .asks::<energy::AreaQuery>().answers_many::<service::power_loss::AreaLoss>(),
        get("/api/Energy/diesel/consumption", VIEWER, "Diesel of each generator, and of all", energy::diesel)
            .asks::<energy::FiguresQuery>().answers::<service::diesel::DieselView>(),
        get("/api/Energy/diesel/carbon", VIEWER, "The same, for its carbon", energy::diesel)
            .asks::<energy::FiguresQuery>().answers::<service::diesel::DieselView>(),
        get("/api/Energy/solar/generation", VIEWER, "Solar energy: produced, used here, exported", energy::solar)
            .asks::<energy::FiguresQuery>().answers::<service::solar::SolarView>(),
        get("/api/Energy/solar/offset", VIEWER, "The same, for the carbon it avoided", energy::solar)
            .asks::<energy::FiguresQuery>().answers::<service::solar::SolarView>(),
        get("/api/Energy/carbon", VIEWER, "Carbon of grid and diesel, and what solar energy avoided", energy::carbon)
            .asks::<energy::FiguresQuery>().answers::<service::carbon::CarbonView>(),
        get("/api/Energy/dashboard/map", VIEWER, "Tree, flows, heat map, hotspots and gauges of one instant", energy::map)
            .asks::<energy::MapQuery>().answers::<service::dashboard::MapView>(),
    ]
}

/// Tariffs and factors.
#[rustfmt::skip]
fn prices() -> Vec<Route> {
    vec![
        get("/api/tariffs", VIEWER, "All versions of a site's tariffs", tariffs::list)
            .asks::<sites::SiteListQuery>().answers_many::<service::tariffs::TariffView>(),
        post("/api/tariffs", ADMIN, "Create a version of a tariff", tariffs::create)
            .takes::<service::tariffs::NewTariff>().creates::<service::tariffs::TariffView>(),
        get("/api/tariffs/{id}", VIEWER, "One version", tariffs::get)
            .answers::<service::tariffs::TariffView>(),
        patch("/api/tariffs/{id}", ADMIN, "Change a version", tariffs::update)
            .changes::<service::tariffs::TariffChanges>().answers::<service::tariffs::TariffView>(),
        delete("/api/tariffs/{id}", ADMIN, "Remove a version", tariffs::remove)
            .answers::<service::tariffs::TariffView>(),
        put("/api/Energy/meters/{id}/tariff", ADMIN, "Price a meter with a tariff", tariffs::assign)
            .asks::<meters::SiteQuery>().takes::<service::tariffs::NewAssignment>()
            .answers::<service::tariffs::Assigned>(),
        get("/api/emission-factors", VIEWER, "The factors of a site, built-in and entered", factors::list)
            .asks::<sites::SiteListQuery>().answers_many::<service::factors::FactorView>(),
        post("/api/emission-factors", ADMIN, "Add a version of a factor", factors::create)
            .takes::<service::factors::NewFactor>().creates::<service::factors::FactorView>(),
        delete("/api/emission-factors/{id}", ADMIN, "Take back a version of a factor", factors::remove)
            .answers::<service::factors::FactorView>(),
    ]
}

/// What people change about the past.
#[rustfmt::skip]
fn changes() -> Vec<Route> {
    vec![
        get("/api/Energy/meters/{id}/exchanges", VIEWER, "When a meter was replaced", corrections::exchanges)
            .asks::<sites::SiteListQuery>().answers_many::<service::exchanges::ExchangeView>(),
        post("/api/Energy/meters/{id}/exchanges", OPERATOR, "Enter the exchange of a meter", corrections::exchange)
            .asks::<meters::SiteQuery>().takes::<service::exchanges::NewExchange>()
            .creates::<service::exchanges::ExchangeView>(),
        delete("/api/Energy/meters/{id}/exchanges/{n}", OPERATOR, "Undo an exchange", corrections::undo_exchange)
            .asks::<meters::SiteQuery>().answers::<service::exchanges::ExchangeView>(),
        get("/api/Energy/meters/{id}/corrections", VIEWER, "Corrected readings of a meter", corrections::corrections)
            .asks::<sites::SiteListQuery>().answers_many::<service::corrections::CorrectionView>(),
        post("/api/Energy/meters/{id}/corrections", OPERATOR, "Correct a value of a stored reading", corrections::correction)
            .asks::<meters::SiteQuery>().takes::<service::corrections::NewCorrection>()
            .creates::<service::corrections::CorrectionView>(),
        delete("/api/Energy/meters/{id}/corrections/{n}", OPERATOR, "Undo a correction", corrections::undo_correction)
            .asks::<meters::SiteQuery>().answers::<service::corrections::CorrectionView>(),
        get("/api/Energy/meters/{id}/unmetered", VIEWER, "Known loads below a meter that no meter sees", corrections::unmetered)
            .asks::<sites::SiteListQuery>().answers_many::<service::unmetered::UnmeteredView>(),
        post("/api/Energy/meters/{id}/unmetered", OPERATOR, "Declare an unmetered load", corrections::declare_unmetered)
            .asks::<meters::SiteQuery>().takes::<service::unmetered::NewUnmetered>()
            .creates::<service::unmetered::UnmeteredView>(),
        put("/api/Energy/meters/{id}/unmetered", OPERATOR, "Declare an unmetered load, in place of one of the same time", corrections::put_unmetered)
            .asks::<meters::SiteQuery>().takes::<service::unmetered::NewUnmetered>()
            .answers::<service::unmetered::UnmeteredView>(),
        get("/api/quarantine", VIEWER, "Register steps too large to be true", corrections::quarantine)
            .asks::<corrections::QuarantineQuery>().answers_many::<service::quarantine::StepView>(),
        post("/api/quarantine/{n}/accept", OPERATOR, "Let a step count", corrections::accept)
            .answers::<service::quarantine::StepView>(),
        post("/api/quarantine/{n}/reject", OPERATOR, "Keep a step from counting", corrections::reject)
            .answers::<service::quarantine::StepView>(),
        get("/api/audit", VIEWER, "Who changed what figures rest on", audit::list)
            .asks::<audit::ListQuery>().answers_many::<service::audit::EntryView>(),
    ]
}

/// Virtual meters.
#[rustfmt::skip]
fn sums() -> Vec<Route> {
    vec![
        get("/api/virtual-meters", VIEWER, "Meters that are sums of others", virtual_meters::list)
            .asks::<sites::SiteListQuery>().answers_many::<service::virtual_meters::VirtualMeterView>(),
        post("/api/virtual-meters", OPERATOR, "Create a virtual meter", virtual_meters::create)
            .asks::<meters::SiteQuery>().takes::<service::virtual_meters::NewVirtualMeter>()
            .creates::<service::virtual_meters::VirtualMeterView>(),
        get("/api/virtual-meters/{id}", VIEWER, "One virtual meter", virtual_meters::get)
            .asks::<meters::SiteQuery>().answers::<service::virtual_meters::VirtualMeterView>(),
        delete("/api/virtual-meters/{id}", OPERATOR, "Remove a virtual meter, or retire one with readings", virtual_meters::remove)
            .asks::<meters::SiteQuery>().answers::<service::meters::Removed>(),
    ]
}

/// Meters by protocol.
#[rustfmt::skip]
fn devices() -> Vec<Route> {
    vec![
        get("/api/energy-meters", VIEWER, "All meters that are read over a protocol", energy_meters::list)
            .asks::<energy_meters::ListQuery>()
            .answers_many::<service::energy_meters::EnergyMeterView>(),
        post("/api/energy-meters", OPERATOR, "Connect a meter", energy_meters::create)
            .asks::<meters::SiteQuery>().takes::<service::energy_meters::NewEnergyMeter>()
            .creates::<service::energy_meters::EnergyMeterView>(),
        get("/api/energy-meters/consumption/building", VIEWER, "What grid and building meters show together", energy_meters::building)
            .asks::<meters::SiteQuery>().answers::<service::load_status::BuildingConsumption>(),
        get("/api/energy-meters/{id}", VIEWER, "One such meter", energy_meters::get)
            .answers::<service::energy_meters::EnergyMeterView>(),
        put("/api/energy-meters/{id}", OPERATOR, "Change a meter's settings; what is left out stays", energy_meters::update)
            .changes::<service::energy_meters::NewEnergyMeter>()
            .answers::<service::energy_meters::EnergyMeterView>(),
        delete("/api/energy-meters/{id}", OPERATOR, "Disconnect a meter, or retire one with readings", energy_meters::remove)
            .answers::<service::meters::Removed>(),
        get("/api/energy-meters/{id}/reading", VIEWER, "The newest values of a meter", energy_meters::get)
            .answers::<service::energy_meters::EnergyMeterView>(),
        get("/api/load/status", VIEWER, "What the grid connection still has to give", load_status::get)
            .asks::<meters::SiteQuery>().answers::<service::load_status::LoadStatus>(),
    ]
}

/// The live stream.
#[rustfmt::skip]
fn stream() -> Vec<Route> {
    vec![
        get("/api/live", VIEWER, "What is live, as server-sent events", live::stream)
            .asks::<live::StreamQuery>().answers_as("text/event-stream"),
    ]
}
