//! The table itself, by what the routes are about.

mod acquisuite;
mod alarms;
mod devices;
mod people;
mod places;
mod reports;
mod settings;

use axum::http::StatusCode;
use domain::grid::feasibility::{Feasibility, FeasibilityRequest, Outcome};
use serde_json::{Map, Value};
use service::Action;
use service::grid::LONGEST_KEY;

use super::{READINGS_LIMIT, Route, Rule, delete, get, patch, post, put};
use crate::api::bills::{self, trades};
use crate::api::devices::{brokers, profiles};
use crate::api::losses::{self, unmetered};
use crate::api::meters::{self, energy_meters, load_status, virtual_meters};
use crate::api::operation::{retention, set_aside};
use crate::api::readings::{self, channels, corrections, outliers};
use crate::api::{carbon, grid, health, history, live, overview, simulation, sites};

const PUBLIC: Rule = Rule::Public;
const SIGNED_IN: Rule = Rule::SignedIn;
const SEE: Rule = Rule::Needs(Action::See);
const SEE_GRID: Rule = Rule::Needs(Action::SeeGrid);
const SEE_OR_OWN: Rule = Rule::NeedsOrOwn(Action::See);
const SEE_BILLS: Rule = Rule::Needs(Action::SeeBills);
const SEE_BILLS_OR_OWN: Rule = Rule::NeedsOrOwn(Action::SeeBills);
const SEND_READINGS: Rule = Rule::Needs(Action::SendReadings);
const OPERATE: Rule = Rule::Needs(Action::Operate);
const CONFIGURE: Rule = Rule::Needs(Action::Configure);
const BILL: Rule = Rule::Needs(Action::Bill);
const TRADE: Rule = Rule::Needs(Action::Trade);
const CHECK_CONNECTION_OR_OWN: Rule = Rule::NeedsOrOwn(Action::CheckConnection);
const CONNECT: Rule = Rule::Needs(Action::Connect);
const SIMULATE: Rule = Rule::Needs(Action::Simulate);
const ADMINISTER: Rule = Rule::Needs(Action::Administer);
const SEE_SYSTEM: Rule = Rule::Needs(Action::SeeSystem);
const MANAGE_PEOPLE: Rule = Rule::Needs(Action::ManagePeople);

/// Every route.
pub fn table() -> Vec<Route> {
    let groups: [fn() -> Vec<Route>; 15] = [
        process,
        places::places,
        people::people,
        figures,
        settings::prices,
        settings::together,
        accounts,
        changes,
        sums,
        devices,
        stream,
        alarms::alarms,
        reports::reports,
        acquisuite::loggers,
        devices::with_health,
    ];
    let also_at_root: [fn() -> Vec<Route>; 3] = [grid, world, trading];
    let below_api = groups.into_iter().flat_map(|group| group());
    let doubled = also_at_root.into_iter().flat_map(|group| group()).flat_map(Route::also_at_root);
    below_api.chain(doubled).collect()
}

/// The process itself.
#[rustfmt::skip]
fn process() -> Vec<Route> {
    vec![
        get("/healthz", PUBLIC, "Whether the process runs", health::healthz)
            .answers_bare::<health::Health>(StatusCode::OK),
        get("/readyz", PUBLIC, "Whether it can serve: the database answers", health::readyz)
            .answers_bare::<health::Readiness>(StatusCode::OK),
        get("/metrics", SEE_SYSTEM, "Figures of the process, for Prometheus", health::metrics)
            .answers_as("text/plain"),
        get("/api/openapi.json", PUBLIC, "This document", health::openapi)
            .answers_bare::<Map<String, Value>>(StatusCode::OK),
        get("/api/docs", PUBLIC, "The same as a page", health::docs).answers_as("text/html"),
        get("/api/docs/style.css", PUBLIC, "Its style", health::docs_style).answers_as("text/css"),
    ]
}

/// Meters, their readings, and what follows from them.
#[rustfmt::skip]
fn figures() -> Vec<Route> {
    vec![
        get("/api/Energy/meters/hierarchy", SEE, "The tree of meters over a window", meters::hierarchy)
            .asks::<meters::WindowQuery>().answers_many::<service::meters::hierarchy::TreeNode>(),
        post("/api/Energy/meters", CONFIGURE, "Create a meter", meters::create)
            .asks::<meters::SiteQuery>().takes::<service::meters::NewMeter>()
            .creates::<service::meters::MeterView>(),
        get("/api/Energy/meters/{id}", SEE_OR_OWN, "One meter", meters::get)
            .asks::<meters::SiteQuery>().answers::<service::meters::MeterView>(),
        patch("/api/Energy/meters/{id}", CONFIGURE, "Change a meter", meters::update)
            .asks::<meters::SiteQuery>().changes_seen::<service::meters::NewMeter, service::meters::MeterView>()
            .answers::<service::meters::ChangedView>(),
        post("/api/Energy/meters/{id}/rules/preview", CONFIGURE, "What a change of a meter would alter of what was counted", meters::preview_rules)
            .asks::<meters::SiteQuery>().changes_seen::<service::meters::NewMeter, service::meters::MeterView>()
            .answers::<service::meters::RulesPreview>(),
        delete("/api/Energy/meters/{id}", CONFIGURE, "Remove a meter, or retire one with readings", meters::remove)
            .asks::<meters::SiteQuery>().answers::<service::meters::Removed>(),
        get("/api/Energy/meters/{id}/children", SEE, "The meters directly below one", meters::children)
            .asks::<meters::PagedWindowQuery>().answers_many::<service::meters::hierarchy::TreeMeter>(),
        get("/api/Energy/meters/{id}/readings", SEE_OR_OWN, "Readings of a meter", readings::list)
            .asks::<readings::ListQuery>().answers_many::<readings::ReadingOrInterval>(),
        post("/api/Energy/meters/{id}/readings", SEND_READINGS, "Store one reading or a list", readings::create)
            .asks::<meters::SiteQuery>().takes::<readings::OneOrMany>()
            .creates::<service::readings::Stored>().limited_to(READINGS_LIMIT),
        get("/api/Energy/power-loss", SEE, "The loss of each node over a window", losses::by_node)
            .asks::<losses::LossQuery>().answers_many::<service::losses::power_loss::LossView>(),
        get("/api/Energy/power-loss/by-area", SEE, "The losses of a site by area", losses::by_area)
            .asks::<losses::AreaQuery>().answers_many::<service::losses::power_loss::AreaLoss>(),
        get("/api/Energy/diesel/consumption", SEE, "Diesel of each generator, and of all", carbon::diesel)
            .asks::<carbon::FiguresQuery>().answers::<service::carbon::diesel::DieselView>(),
        get("/api/Energy/diesel/carbon", SEE, "The same, for its carbon", carbon::diesel)
            .asks::<carbon::FiguresQuery>().answers::<service::carbon::diesel::DieselView>(),
        get("/api/Energy/solar/generation", SEE, "Solar energy: produced, used here, exported", carbon::solar)
            .asks::<carbon::FiguresQuery>().answers::<service::carbon::solar::SolarView>(),
        get("/api/Energy/solar/offset", SEE, "The same, for the carbon it avoided", carbon::solar)
            .asks::<carbon::FiguresQuery>().answers::<service::carbon::solar::SolarView>(),
        get("/api/Energy/carbon", SEE, "Carbon of grid and diesel, and what solar energy avoided", carbon::get)
            .asks::<carbon::FiguresQuery>().answers::<service::carbon::CarbonView>(),
        get("/api/history.csv", SEE, "Channels of meters over time, as CSV", history::csv)
            .asks::<history::HistoryQuery>().answers_as("text/csv"),
        get("/api/history.svg", SEE, "The same as a chart", history::svg)
            .asks::<history::HistoryQuery>().answers_as("image/svg+xml"),
        get("/api/Energy/dashboard/map", SEE, "Tree, flows, heat map, hotspots and gauges of one instant", overview::map)
            .asks::<overview::MapQuery>().answers::<service::overview::dashboard::MapView>(),
    ]
}

/// Bills.
#[rustfmt::skip]
fn accounts() -> Vec<Route> {
    use domain::bills::{BillSummary, Run, RunDetail};
    use service::bills::{BillView, Credited, NewCredit, NewDraft, NewIssue, NewRun};
    vec![
        get("/api/bills", SEE_BILLS_OR_OWN, "The bills of a site: drafts, issued ones and credit notes", bills::list)
            .asks::<bills::BillsQuery>().answers_many::<BillSummary>(),
        post("/api/bills", BILL, "Store the draft of a meter's month, or refresh it", bills::store)
            .asks::<meters::SiteQuery>().takes::<NewDraft>().creates::<BillView>(),
        get("/api/bills/run", SEE_BILLS, "Runs over a whole site's month, newest first", bills::runs)
            .asks::<bills::RunsQuery>().answers_many::<Run>(),
        post("/api/bills/run", BILL, "Bill a whole site's month, in the background", bills::begin)
            .takes::<NewRun>().accepts::<Run>(),
        get("/api/bills/run/{id}", SEE_BILLS, "How far a run is, and which meters it leaves out and why", bills::progress)
            .answers::<RunDetail>(),
        delete("/api/bills/run/{id}", BILL, "Cancel a run; what it has done stays", bills::cancel)
            .answers::<Run>(),
        get("/api/bills/{id}", SEE_BILLS_OR_OWN, "One bill by its number, or the UUID of a draft; with .csv its lines, with .xml its usage as Green Button, with .svg its days", bills::get)
            .asks::<meters::SiteQuery>().answers::<BillView>()
            .answers_as("text/csv").answers_as("application/atom+xml").answers_as("image/svg+xml"),
        get("/api/bills/{id}/lines/{n}", SEE_BILLS_OR_OWN, "The quarter-hours behind a line of a bill, counted from 0", bills::intervals)
            .asks::<meters::SiteQuery>().answers::<Vec<domain::bills::LineInterval>>(),
        post("/api/bills/{id}/issue", BILL, "Issue a draft: it gets a number and never changes", bills::issue)
            .asks::<meters::SiteQuery>().may_take::<NewIssue>().creates::<BillView>(),
        post("/api/bills/{id}/credit", BILL, "Take a bill back whose inputs changed, and issue a new one", bills::credit)
            .asks::<meters::SiteQuery>().takes::<NewCredit>().creates::<Credited>(),
    ]
}

/// What neighbours trade, and what the source asks of a bill.
#[rustfmt::skip]
fn trading() -> Vec<Route> {
    vec![
        post("/api/p2p-trade", TRADE, "Post a trade between two meters", trades::post)
            .asks::<meters::SiteQuery>().takes::<service::bills::trades::NewTrade>()
            .answers_bare::<service::bills::trades::Posted>(StatusCode::CREATED),
        get("/api/p2p-trade", SEE_BILLS_OR_OWN, "The trades of a month, and what of each counts", trades::list)
            .asks::<trades::TradesQuery>().answers_many::<service::bills::trades::TradeView>(),
        get("/api/bill", SEE_BILLS_OR_OWN, "What a meter is to pay for a month", bills::of_month)
            .asks::<bills::BillQuery>().answers_bare::<bills::SourceOrDetailed>(StatusCode::OK),
    ]
}

/// What people change about the past.
#[rustfmt::skip]
fn changes() -> Vec<Route> {
    vec![
        get("/api/Energy/meters/{id}/exchanges", SEE, "When a meter was replaced", corrections::exchanges)
            .asks::<sites::SiteListQuery>().answers_many::<service::meters::exchanges::ExchangeView>(),
        post("/api/Energy/meters/{id}/exchanges", OPERATE, "Enter the exchange of a meter", corrections::exchange)
            .asks::<meters::SiteQuery>().takes::<service::meters::exchanges::NewExchange>()
            .creates::<service::meters::exchanges::ExchangeView>(),
        delete("/api/Energy/meters/{id}/exchanges/{n}", OPERATE, "Undo an exchange", corrections::undo_exchange)
            .asks::<meters::SiteQuery>().answers::<service::meters::exchanges::ExchangeView>(),
        get("/api/Energy/meters/{id}/corrections", SEE, "Corrected readings of a meter", corrections::corrections)
            .asks::<sites::SiteListQuery>().answers_many::<service::readings::corrections::CorrectionView>(),
        post("/api/Energy/meters/{id}/corrections", OPERATE, "Correct a value of a stored reading", corrections::correction)
            .asks::<meters::SiteQuery>().takes::<service::readings::corrections::NewCorrection>()
            .creates::<service::readings::corrections::CorrectionView>(),
        delete("/api/Energy/meters/{id}/corrections/{n}", OPERATE, "Undo a correction", corrections::undo_correction)
            .asks::<meters::SiteQuery>().answers::<service::readings::corrections::CorrectionView>(),
        get("/api/Energy/meters/{id}/unmetered", SEE, "Known loads below a meter that no meter sees", unmetered::list)
            .asks::<sites::SiteListQuery>().answers_many::<domain::losses::unmetered::Unmetered>(),
        post("/api/Energy/meters/{id}/unmetered", CONFIGURE, "Declare an unmetered load", unmetered::create)
            .asks::<meters::SiteQuery>().takes::<service::losses::unmetered::NewUnmetered>()
            .creates::<domain::losses::unmetered::Unmetered>(),
        put("/api/Energy/meters/{id}/unmetered", CONFIGURE, "Declare an unmetered load, in place of one of the same time", unmetered::put)
            .asks::<meters::SiteQuery>().takes::<service::losses::unmetered::NewUnmetered>()
            .answers::<domain::losses::unmetered::Unmetered>(),
        get("/api/quarantine", SEE, "Questions about registers, such as a step too large to be true", corrections::quarantine)
            .asks::<corrections::QuarantineQuery>().answers_many::<service::energy::quarantine::StepView>(),
        post("/api/quarantine/{n}/accept", OPERATE, "Let a step count", corrections::accept)
            .answers::<service::energy::quarantine::StepView>(),
        post("/api/quarantine/{n}/reject", OPERATE, "Keep a step from counting", corrections::reject)
            .answers::<service::energy::quarantine::StepView>(),
        get("/api/outliers", SEE, "Readings that do not fit and do not count, and those that were decided about", outliers::list)
            .asks::<outliers::OutliersQuery>().answers_many::<service::energy::outliers::OutlierView>(),
        post("/api/outliers", OPERATE, "Let a reading of a register count, or leave it out", outliers::decide)
            .asks::<meters::SiteQuery>().takes::<service::energy::outliers::NewDecision>()
            .answers::<service::energy::outliers::OutlierView>(),
        delete("/api/outliers", OPERATE, "Take back the decision about a reading", outliers::undo)
            .asks::<outliers::DecidedQuery>().answers::<service::energy::outliers::OutlierView>(),
        get("/api/set-aside", OPERATE, "What could not be computed and is left out", set_aside::list)
            .asks::<sites::SiteListQuery>().answers_many::<domain::operation::set_aside::Aside>(),
        post("/api/set-aside/{meter}/again", OPERATE, "Try again what could not be computed of a meter", set_aside::again)
            .asks::<meters::SiteQuery>().answers::<service::operation::set_aside::TriedAgain>(),
        post("/api/set-aside/reports/{schedule}/again", OPERATE, "Try again to make the reports of a schedule that stand aside", set_aside::reports_again)
            .answers::<service::operation::set_aside::ReportsTriedAgain>(),
        get("/api/retention-clock", SEE, "The clock by which old readings go", retention::standing)
            .answers::<service::retention::clock::ClockView>(),
        post("/api/retention-clock/confirm", ADMINISTER, "Say that the computer's clock is right", retention::confirm)
            .answers::<service::retention::clock::ClockView>(),
    ]
}

/// Virtual meters.
#[rustfmt::skip]
fn sums() -> Vec<Route> {
    vec![
        get("/api/virtual-meters", SEE, "Meters that are sums of others", virtual_meters::list)
            .asks::<sites::SiteListQuery>().answers_many::<service::meters::virtual_meters::VirtualMeterView>(),
        post("/api/virtual-meters", CONFIGURE, "Create a virtual meter", virtual_meters::create)
            .asks::<meters::SiteQuery>().takes::<service::meters::virtual_meters::NewVirtualMeter>()
            .creates::<service::meters::virtual_meters::VirtualMeterView>(),
        get("/api/virtual-meters/{id}", SEE, "One virtual meter", virtual_meters::get)
            .asks::<meters::SiteQuery>().answers::<service::meters::virtual_meters::VirtualMeterView>(),
        delete("/api/virtual-meters/{id}", CONFIGURE, "Remove a virtual meter, or retire one with readings", virtual_meters::remove)
            .asks::<meters::SiteQuery>().answers::<service::meters::Removed>(),
    ]
}

/// Meters by protocol.
#[rustfmt::skip]
fn devices() -> Vec<Route> {
    vec![
        get("/api/energy-meters", SEE, "All meters that are read over a protocol", energy_meters::list)
            .asks::<sites::SiteListQuery>()
            .answers_many::<service::meters::energy_meters::EnergyMeterView>(),
        post("/api/energy-meters", CONFIGURE, "Connect a meter", energy_meters::create)
            .asks::<meters::SiteQuery>().takes::<service::meters::energy_meters::NewEnergyMeter>()
            .creates::<service::meters::energy_meters::EnergyMeterView>(),
        get("/api/energy-meters/consumption/building", SEE, "What grid and building meters show together", energy_meters::building)
            .asks::<meters::SiteQuery>().answers::<service::meters::load_status::BuildingConsumption>(),
        post("/api/energy-meters/test", CONFIGURE, "Try a device: what it answers, nothing is stored", energy_meters::test)
            .takes::<service::devices::commissioning::TestRead>().answers::<service::devices::commissioning::Look>(),
        post("/api/energy-meters/scan", CONFIGURE, "Which units of a Modbus line answer", energy_meters::scan)
            .takes::<service::devices::commissioning::ScanAsked>().answers::<service::devices::commissioning::Scanned>(),
        post("/api/energy-meters/discover", CONFIGURE, "What devices announce on an MQTT broker", energy_meters::discover)
            .takes::<service::devices::commissioning::BrokerAsked>().answers::<service::devices::commissioning::Announced>(),
        post("/api/energy-meters/registers", CONFIGURE, "Registers of a Modbus unit, in every type and order", energy_meters::registers)
            .takes::<service::devices::commissioning::RegistersRequest>().answers::<service::devices::commissioning::Registers>(),
        get("/api/energy-meters/{id}", SEE, "One such meter", energy_meters::get)
            .answers::<service::meters::energy_meters::EnergyMeterView>(),
        put("/api/energy-meters/{id}", CONFIGURE, "Change a meter's settings; what is left out stays", energy_meters::update)
            .changes::<service::meters::energy_meters::NewEnergyMeter, service::meters::energy_meters::EnergyMeterView>()
            .answers::<service::meters::energy_meters::EnergyMeterView>(),
        delete("/api/energy-meters/{id}", CONFIGURE, "Disconnect a meter, or retire one with readings", energy_meters::remove)
            .answers::<service::meters::Removed>(),
        get("/api/energy-meters/{id}/reading", SEE, "The newest values of a meter", energy_meters::get)
            .answers::<service::meters::energy_meters::EnergyMeterView>(),
        get("/api/mqtt/brokers", SEE, "The MQTT brokers that meters may name", brokers::list)
            .asks::<sites::ListQuery>().answers_many::<service::devices::brokers::BrokerView>(),
        get("/api/mqtt/brokers/{name}", SEE, "One broker", brokers::get)
            .answers::<service::devices::brokers::BrokerView>(),
        put("/api/mqtt/brokers/{name}", CONFIGURE, "Add a broker, or change one; what is left out stays", brokers::put)
            .changes::<service::devices::brokers::NewBroker, service::devices::brokers::BrokerView>()
            .answers::<service::devices::brokers::BrokerView>(),
        get("/api/profiles", SEE, "Types of meters whose values are known", profiles::list)
            .asks::<sites::ListQuery>().answers_many::<service::devices::profiles::ProfileView>(),
        get("/api/profiles/{id}", SEE, "One type of meter", profiles::get)
            .answers::<service::devices::profiles::ProfileView>(),
        get("/api/load/status", SEE, "What the grid connection still has to give", load_status::get)
            .asks::<meters::SiteQuery>().answers::<service::meters::load_status::LoadStatus>(),
        get("/api/channels", SEE, "The channels of one instant: what all meters show, in one language", channels::get)
            .asks::<channels::ChannelsQuery>().answers::<service::readings::channels::ChannelsView>(),
    ]
}

/// The live stream.
#[rustfmt::skip]
fn stream() -> Vec<Route> {
    vec![
        get("/api/live", SEE_OR_OWN, "What is live, as server-sent events", live::stream)
            .asks::<live::StreamQuery>().answers_as("text/event-stream"),
        get("/api/live/ws", SEE_OR_OWN, "The same messages over a WebSocket: {\"event\", \"id\", \"data\"} each", live::socket)
            .asks::<live::StreamQuery>().upgrades(),
    ]
}

/// Transformers and connections to them.
#[rustfmt::skip]
fn grid() -> Vec<Route> {
    vec![
        get("/api/transformers", SEE_GRID, "All transformers, in order of creation", grid::transformers)
            .asks::<sites::ListQuery>().answers_many::<service::grid::TransformerView>(),
        post("/api/transformers", CONNECT, "Add one transformer or a list", grid::add_transformers)
            .takes::<grid::OneOrMany>().answers_bare::<service::grid::Posted>(StatusCode::CREATED)
            .limited_to(READINGS_LIMIT),
        get("/api/transformers/{id}", SEE_GRID, "One transformer", grid::transformer)
            .answers_bare::<service::grid::TransformerView>(StatusCode::OK),
        delete("/api/transformers/{id}", CONNECT, "Remove a transformer without connections", grid::remove_transformer)
            .answers_bare::<service::grid::TransformerView>(StatusCode::OK),
        post("/api/feasibility-check", CHECK_CONNECTION_OR_OWN, "Whether a connection could be made, and where", grid::check)
            .asks::<grid::ExplainQuery>().takes::<FeasibilityRequest>()
            .answers_bare::<Feasibility>(StatusCode::OK),
        post("/api/connection", CONNECT, "Connect to the nearest transformer with room", grid::connect)
            .asks::<grid::ExplainQuery>().hears(grid::KEY, LONGEST_KEY).takes::<FeasibilityRequest>()
            .answers_bare::<Outcome>(StatusCode::CREATED).answers_bare::<Outcome>(StatusCode::OK),
        get("/api/connection", SEE_GRID, "Requests for connections, newest first", grid::connections)
            .asks::<grid::ConnectionsQuery>().answers_many::<service::grid::ConnectionView>(),
        get("/api/connection/{id}", SEE_GRID, "One request for a connection", grid::connection)
            .answers_bare::<service::grid::ConnectionView>(StatusCode::OK),
        delete("/api/connection/{id}", CONNECT, "Withdraw a connection, which frees its capacity", grid::withdraw)
            .answers_bare::<service::grid::ConnectionView>(StatusCode::OK),
    ]
}

/// The simulated world.
#[rustfmt::skip]
fn world() -> Vec<Route> {
    use domain::simulation::{Resource, SimulatedMeter};
    use service::simulation::{ControlRequest, Controlled, EventRequest, LinkRequest, NewResource, NewSimulatedMeter, Reported, SimulationTime, SpikeRequest, Spiked, Switched, TimeChange, ToggleRequest};
    let mut routes = vec![
        get("/api/admin/er", SEE_GRID, "All energy resources", simulation::resources)
            .asks::<sites::ListQuery>().answers_many::<Resource>(),
        get("/api/admin/er/{id}", SEE_GRID, "One energy resource", simulation::resource)
            .answers_bare::<Resource>(StatusCode::OK),
        put("/api/admin/er/{id}", SIMULATE, "Change an energy resource; what is left out stays", simulation::update_resource)
            .changes::<NewResource, Resource>().answers_bare::<Resource>(StatusCode::OK),
        patch("/api/admin/er/{id}", SIMULATE, "Change an energy resource", simulation::update_resource)
            .changes::<NewResource, Resource>().answers_bare::<Resource>(StatusCode::OK),
        get("/api/admin/meter", SEE_GRID, "All meters of the simulated world", simulation::meters)
            .asks::<sites::ListQuery>().answers_many::<SimulatedMeter>(),
        get("/api/admin/meter/{id}", SEE_GRID, "One meter of the simulated world", simulation::meter)
            .answers_bare::<SimulatedMeter>(StatusCode::OK),
        post("/api/meter/spike", SIMULATE, "Put a sudden load or a new source on meters", simulation::spike)
            .takes::<SpikeRequest>().answers_bare::<Spiked>(StatusCode::OK),
        post("/api/meter/event", SIMULATE, "Let meters report an error or a tamper alert", simulation::report)
            .takes::<EventRequest>().answers_bare::<Reported>(StatusCode::OK),
        post("/api/simulation-time", SIMULATE, "Set the world's clock", simulation::set_time)
            .takes::<TimeChange>().answers_bare::<SimulationTime>(StatusCode::OK),
    ];
    routes.extend(["/api/admin/er", "/api/create-er", "/api/create-der"].map(|path| {
        post(path, SIMULATE, "Create an energy resource", simulation::create_resource)
            .takes::<NewResource>().answers_bare::<Resource>(StatusCode::CREATED)
    }));
    let change = "Change the energy resource that the body names";
    routes.extend([
        post("/api/update-er", SIMULATE, change, simulation::update_named_resource),
        put("/api/update-er", SIMULATE, change, simulation::update_named_resource),
        patch("/api/update-er", SIMULATE, change, simulation::update_named_resource),
    ].map(|route| route.changes::<simulation::NamedResource, Resource>().answers_bare::<Resource>(StatusCode::OK)));
    routes.extend(["/api/admin/meter", "/api/create-meter"].map(|path| {
        post(path, SIMULATE, "Create a meter of the simulated world", simulation::create_meter)
            .takes::<NewSimulatedMeter>().answers_bare::<SimulatedMeter>(StatusCode::CREATED)
    }));
    routes.extend(["/api/admin/meter/link", "/api/link-meter"].map(|path| {
        post(path, SIMULATE, "Link a meter to an energy resource, which starts its records", simulation::link)
            .takes::<LinkRequest>().answers_bare::<SimulatedMeter>(StatusCode::OK)
    }));
    routes.extend(["/api/meter/stream", "/api/stream-meter-data"].map(|path| {
        get(path, SEE_GRID, "The newest records of a meter; as text/event-stream, each as it is made", simulation::stream)
            .asks::<simulation::StreamQuery>().answers_bare::<Vec<service::simulation::MeterData>>(StatusCode::OK)
            .answers_as("text/event-stream")
    }));
    routes.extend(["/api/meter/control", "/api/control-meter-load"].map(|path| {
        post(path, SIMULATE, "Scale what meters draw and make", simulation::control)
            .takes::<ControlRequest>().answers_bare::<Controlled>(StatusCode::OK)
    }));
    let switch = "Switch a meter, or the one of a resource, on or off";
    routes.extend([
        post("/api/toggle-der-status", SIMULATE, switch, simulation::toggle),
        put("/api/toggle-der-status", SIMULATE, switch, simulation::toggle),
        patch("/api/toggle-der-status", SIMULATE, switch, simulation::toggle),
    ].map(|route| route.takes::<ToggleRequest>().answers_bare::<Switched>(StatusCode::OK)));
    routes.extend(["/api/simulation-time", "/api/simulation-calender"].map(|path| {
        get(path, SEE_GRID, "The world's clock", simulation::time)
            .answers_bare::<SimulationTime>(StatusCode::OK)
    }));
    routes
}
