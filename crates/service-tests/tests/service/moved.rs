//! Figures of windows in which meters of the grid and of the sun were moved: each counts as what it was at
//! the time, so that windows add up.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::SiteSlug;
use domain::sites::Site;
use serde_json::{Value, json};
use service::SiteWindow;
use service::carbon::CarbonView;
use service::losses::power_loss::LossesQuery;
use service::pages::Query;
use sqlx::PgPool;

use crate::bench::{Bench, WHO};
use crate::{blocks, reading};

#[sqlx::test(migrator = "storage::MIGRATOR")]
async fn figures_of_moved_meters_and_of_blocks_add_up(pool: PgPool) {
    let bench = Bench::start(pool).await;
    let moved = plant(&bench, "moved").await;
    energy_bought_and_made_while_meters_were_moved_adds_up(&moved).await;
    the_chart_of_carbon_adds_up_to_its_sum_where_meters_were_moved(&moved).await;
    what_a_source_draws_is_no_generation(&bench).await;
    every_connection_to_the_grid_counts(&bench).await;
    a_meter_of_two_kinds_has_the_figures_of_both(&bench).await;
    a_move_changes_no_balance_that_the_meter_is_no_part_of(&bench).await;
    blocks::a_month_counts_energy_bought_at_the_boundary_as_it_stood(&bench).await;
    blocks::a_month_does_not_count_a_sum_beside_its_terms(&bench).await;
    blocks::the_blocks_of_a_meter_that_was_put_in_within_the_month_are_those_of_its_bill(&bench)
        .await;
    blocks::the_cost_of_the_grid_goes_by_the_blocks_of_its_bill(&bench).await;
    blocks::a_version_that_begins_within_the_month_counts_its_own_days(&bench).await;
    blocks::a_preview_prices_a_loss_in_the_block_in_which_the_month_stood(&bench).await;
    blocks::a_meter_of_the_grid_with_nothing_below_it_is_no_loss_of_the_site(&bench).await;
    bench.stop().await;
}

/// A loss with its error, kWh.
type LossOf = (Option<f64>, f64);

/// A site whose meters are read each quarter-hour.
pub(crate) struct Plant<'a> {
    pub(crate) bench: &'a Bench,
    pub(crate) site: Site,
}

/// An instant of October 2026.
pub(crate) fn at(day: u32, hour: u32) -> DateTime<Utc> {
    format!("2026-10-{day:02}T{hour:02}:00:00Z").parse().unwrap()
}

impl<'a> Plant<'a> {
    pub(crate) async fn new(bench: &'a Bench, slug: &str) -> Self {
        let new = json!({"slug": slug, "name": slug, "pricePerKwh": "2"});
        Self { bench, site: bench.site(new).await }
    }

    pub(crate) fn slug(&self) -> SiteSlug {
        self.site.slug.as_str().into()
    }

    pub(crate) async fn meter(&self, number: &str, kind: &str, parent: Option<MeterId>) -> MeterId {
        self.bench.meter_on(self.site.id, number, kind, parent).await
    }

    /// Lets a meter be read each quarter-hour of a window; `shows` has what its registers of import and
    /// export stand at so many hours after its begin.
    pub(crate) async fn read(
        &self,
        id: MeterId,
        window: (DateTime<Utc>, DateTime<Utc>),
        shows: impl Fn(f64) -> (f64, f64),
    ) {
        self.read_every(TimeDelta::minutes(15), id, window, shows).await;
    }

    async fn read_every(
        &self,
        step: TimeDelta,
        id: MeterId,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        shows: impl Fn(f64) -> (f64, f64),
    ) {
        let mut rows = Vec::new();
        let mut time = from;
        while time <= to {
            let (import, export) = shows((time - from).as_seconds_f64() / 3600.0);
            let mut row = reading(id, time, 0.0, 0.0);
            row.values = domain::Values {
                energy_import_kwh: Some(1000.0 + import),
                energy_export_kwh: Some(1000.0 + export),
                ..domain::Values::default()
            };
            rows.push(row);
            time += step;
        }
        self.bench.submit(rows).await;
        self.bench.settled().await;
    }

    pub(crate) async fn change(&self, id: MeterId, change: Value) {
        self.bench.change(id, change).await;
        self.bench.settled().await;
    }

    /// Losses of a node and of the site on a day.
    async fn losses(&self, node: MeterId, day: (DateTime<Utc>, DateTime<Utc>)) -> [LossOf; 2] {
        let (slug, from, to) = (self.slug(), Some(day.0.into()), Some(day.1.into()));
        let asked = LossesQuery { site: Some(&slug), from, to, ..LossesQuery::default() };
        let views = service::losses::power_loss::list(&self.bench.service, WHO, asked).await;
        let view = views.unwrap().into_iter().find(|view| view.parent_id == node).unwrap();
        let site = self.report().await.loss;
        [(view.loss_kwh, view.error_kwh), (site.kwh, site.error_kwh)]
    }

    pub(crate) async fn report(&self) -> domain::reports::Report {
        let (slug, month) = (self.slug(), "2026-10".parse().unwrap());
        service::reports::page(&self.bench.service, WHO, Some(&slug), month).await.unwrap().report
    }

    async fn carbon(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> CarbonView {
        let (slug, from, to) = (self.slug(), Some(from.into()), Some(to.into()));
        let asked = SiteWindow { site: Some(&slug), from, to, explain: false };
        let service = &self.bench.service;
        let carbon = service::carbon::get(service, WHO, asked).await.unwrap();
        let gauges = service::overview::dashboard::map(service, WHO, asked).await.unwrap().gauges;
        near("net carbon of the map", gauges.net_carbon_kg, carbon.net_kg);
        carbon
    }
}

pub(crate) fn near(what: &str, is: f64, wanted: f64) {
    assert!((is - wanted).abs() < 1e-6, "{what} is {is}, not {wanted}");
}

/// Two meters of the grid, the second one below the first since noon of the tenth, and a roof that counts
/// both ways and feeds since then.
async fn plant<'a>(bench: &'a Bench, slug: &str) -> Plant<'a> {
    let plant = Plant::new(bench, slug).await;
    let first = plant.meter("G1", "Grid", None).await;
    let second = plant.meter("G2", "Grid", None).await;
    let roof = plant.meter("S", "Solar", Some(first)).await;
    let loads = [
        (plant.meter("A1", "Unit", Some(first)).await, 9.0),
        (plant.meter("A2", "Unit", Some(second)).await, 3.0),
    ];
    let day = (at(10, 0), at(11, 0));
    plant.read(first, day, |hours| (10.0 * hours + 4.0 * (hours - 12.0).max(0.0), 0.0)).await;
    plant.read(second, day, |hours| (4.0 * hours, 0.0)).await;
    plant.read(roof, day, |hours| (3.0 * hours, 6.0 * hours)).await;
    for (load, kw) in loads {
        plant.read(load, day, |hours| (kw * hours, 0.0)).await;
    }
    let noon = at(10, 12);
    plant.change(second, json!({"parentMeterId": "G1", "effectiveFrom": noon})).await;
    plant.change(roof, json!({"feedsParent": true, "effectiveFrom": noon})).await;
    plant
}

async fn energy_bought_and_made_while_meters_were_moved_adds_up(plant: &Plant<'_>) {
    let (midnight, noon, end) = (at(10, 0), at(10, 12), at(11, 0));
    let odd = noon + TimeDelta::minutes(7);
    let (ten, half) = (midnight + TimeDelta::hours(10), 7.0 / 60.0);
    for ((from, to), grid, solar) in [
        ((midnight, end), 336.0, 108.0),
        ((midnight, noon), 168.0, 72.0),
        ((noon, end), 168.0, 36.0),
        ((ten, odd), 28.0 + 14.0 * half, 12.0 + 3.0 * half),
    ] {
        let carbon = plant.carbon(from, to).await;
        near(&format!("bought from {from} to {to}"), carbon.grid_kwh, grid);
        near("its carbon", carbon.grid_kg, grid / 2.0);
        near(&format!("made from {from} to {to}"), carbon.solar_kwh, solar);
        near("what it avoided", carbon.offset_kg, solar / 2.0);
        near("coverage", carbon.coverage, 1.0);
    }
    let report = plant.report().await;
    assert_eq!(report.grid_cost, Some("672".parse().unwrap()));
    let kwh = |number: &str| {
        let source = report.sources.iter().find(|source| source.meter_number == number);
        source.and_then(|source| source.kwh).unwrap()
    };
    near("G1 in the report", kwh("G1"), 288.0);
    near("G2 in the report", kwh("G2"), 48.0);
    near("S in the report", kwh("S"), 108.0);
    let day = report.days.iter().find(|day| day.date == midnight.date_naive()).unwrap();
    let energy = day.energy.unwrap();
    near("bought on the day", energy.grid_kwh, 336.0);
    near("made on the day", energy.solar_kwh, 108.0);
}

async fn the_chart_of_carbon_adds_up_to_its_sum_where_meters_were_moved(plant: &Plant<'_>) {
    for period in ["from=2026-10-10&to=2026-10-10", "from=2026-10-01&to=2026-10-20"] {
        let query = Query::parse(&format!("site={}&period=custom&{period}", plant.site.slug));
        let page = service::carbon::page::carbon(&plant.bench.service, WHO, &query).await.unwrap();
        let steps = || page.steps.iter().filter_map(|step| step.emission);
        near("bought", page.sum.grid_kwh, 336.0);
        near("bought in the steps", steps().map(|step| step.grid_kwh).sum(), 336.0);
        near("made in the steps", steps().map(|step| step.solar_kwh).sum(), 108.0);
        near("avoided in the steps", steps().map(|step| step.offset_kg).sum(), 54.0);
    }
}

/// Energy that sources drew and delivered on two days, in their registers of import and export; the first half of
/// each day they draw, and deliver in the second.
async fn what_a_source_draws_is_no_generation(bench: &Bench) {
    let plant = Plant::new(bench, "standby").await;
    let grid = plant.meter("G", "Grid", None).await;
    let days = [(at(10, 0), at(11, 0)), (at(11, 0), at(12, 0))];
    let whole = (at(10, 0), at(12, 0));
    plant.read(grid, whole, |hours| (10.0 * hours, 0.0)).await;
    let cases = [
        (
            "standby at night, then a dark day",
            "Solar",
            false,
            [(1.2, 36.0), (2.4, 0.0)],
            [36.0, 0.0],
        ),
        ("more standby than sun", "Solar", false, [(2.4, 1.2), (2.4, 0.0)], [1.2, 0.0]),
        ("a heater of a generator", "DG", false, [(4.8, 7.2), (4.8, 0.0)], [7.2, 0.0]),
        ("import alone", "Solar", false, [(36.0, 0.0), (24.0, 0.0)], [36.0, 24.0]),
        ("export alone", "DG", false, [(0.0, 36.0), (0.0, 24.0)], [36.0, 24.0]),
        ("the other way round", "Solar", false, [(36.0, 1.2), (24.0, 1.2)], [36.0, 24.0]),
        ("a feeder and its standby", "Solar", true, [(36.0, 1.2), (0.0, 2.4)], [36.0, 0.0]),
    ];
    for (name, kind, feeds, counted, _) in cases {
        let id = plant.meter(name, kind, Some(grid)).await;
        if feeds {
            plant.change(id, json!({"feedsParent": true, "effectiveFrom": whole.0})).await;
        }
        let [one, two] = counted;
        let sum = |first: f64, second: f64, hours: f64, begin: f64| {
            let part = |day: f64| ((hours - day - begin) / 12.0).clamp(0.0, 1.0);
            first * part(0.0) + second * part(24.0)
        };
        let shows = |hours| (sum(one.0, two.0, hours, 0.0), sum(one.1, two.1, hours, 12.0));
        plant.read(id, whole, shows).await;
    }
    let made = async |(from, to): (DateTime<Utc>, DateTime<Utc>)| {
        let (slug, from, to) = (plant.slug(), Some(from.into()), Some(to.into()));
        let asked = SiteWindow { site: Some(&slug), from, to, explain: false };
        let solar = service::carbon::solar::get(&bench.service, WHO, asked).await.unwrap();
        let diesel = service::carbon::diesel::get(&bench.service, WHO, asked).await.unwrap();
        let solar = solar.sources.into_iter().map(|source| (source.meter_number, source.kwh));
        let diesel = diesel.generators.into_iter().map(|source| (source.meter_number, source.kwh));
        solar.chain(diesel).collect::<std::collections::HashMap<_, _>>()
    };
    let [first, second, both] = [made(days[0]).await, made(days[1]).await, made(whole).await];
    let report = plant.report().await;
    for (name, _, _, _, wanted) in cases {
        for (found, wanted) in
            [(&first, wanted[0]), (&second, wanted[1]), (&both, wanted[0] + wanted[1])]
        {
            near(name, found[name].unwrap(), wanted);
        }
        let source = report.sources.iter().find(|source| source.meter_number == name).unwrap();
        near(name, source.kwh.unwrap(), wanted[0] + wanted[1]);
    }
}

/// A generator gives way to a roof at noon.
async fn a_meter_of_two_kinds_has_the_figures_of_both(bench: &Bench) {
    let plant = Plant::new(bench, "replaced").await;
    let meter = plant.meter("M", "DG", None).await;
    let (begin, end) = (at(10, 0), at(11, 0));
    plant.read(meter, (begin, end), |hours| (10.0 * hours, 0.0)).await;
    plant.change(meter, json!({"meterType": "Solar", "effectiveFrom": at(10, 12)})).await;
    let carbon = plant.carbon(begin, end).await;
    let slug = plant.slug();
    let (from, to) = (Some(begin.into()), Some(end.into()));
    let asked = SiteWindow { site: Some(&slug), from, to, explain: false };
    let tree = service::meters::hierarchy::forest(&bench.service, WHO, asked).await.unwrap();
    near("litres in the tree", tree[0].meter.diesel_l.unwrap(), 120.0 * 0.28);
    near("carbon in the tree", tree[0].meter.carbon_kg.unwrap(), carbon.net_kg);
    near("carbon of the site", carbon.net_kg, 120.0 * 0.28 * 2.68 - 120.0 * 0.5);
}

/// Two loads are moved within a quarter-hour, beside a node with a load that is read once an hour: where its register
/// stood then is a guess.
async fn a_move_changes_no_balance_that_the_meter_is_no_part_of(bench: &Bench) {
    let plant = Plant::new(bench, "beside").await;
    let grid = plant.meter("G", "Grid", None).await;
    let beside = plant.meter("A", "Main", Some(grid)).await;
    let from = plant.meter("B", "Main", Some(grid)).await;
    let to = plant.meter("C", "Main", Some(grid)).await;
    let hourly = plant.meter("A1", "Unit", Some(beside)).await;
    let moved =
        [plant.meter("B1", "Unit", Some(from)).await, plant.meter("B2", "Unit", Some(from)).await];
    let stays =
        [plant.meter("B3", "Unit", Some(from)).await, plant.meter("C1", "Unit", Some(to)).await];
    let day = (at(10, 0), at(11, 0));
    for (id, kw) in [(grid, 22.0), (beside, 10.0), (from, 8.0), (to, 4.0)] {
        plant.read(id, day, |hours| (kw * hours, 0.0)).await;
    }
    for id in moved.into_iter().chain(stays) {
        plant.read(id, day, |hours| (2.0 * hours, 0.0)).await;
    }
    plant.read_every(TimeDelta::hours(1), hourly, day, |hours| (9.0 * hours, 0.0)).await;
    let before = plant.losses(beside, day).await;
    assert_eq!(before.map(|(loss, _)| loss), [Some(24.0), Some(120.0)]);
    for (id, minutes) in moved.into_iter().zip([3, 11]) {
        let since = at(10, 12) + TimeDelta::minutes(minutes);
        plant.change(id, json!({"parentMeterId": "C", "effectiveFrom": since})).await;
    }
    assert_eq!(plant.losses(beside, day).await, before);
}

/// A second incomer on the bus below the meter of the first, a sub-meter of the grid's type, and a lone one
/// that is retired within the day.
async fn every_connection_to_the_grid_counts(bench: &Bench) {
    let plant = Plant::new(bench, "incomers").await;
    let first = plant.meter("G1", "Grid", None).await;
    let second = plant.meter("G2", "Grid", Some(first)).await;
    let sub = plant.meter("G3", "Grid", Some(first)).await;
    let retired = plant.meter("G4", "Grid", None).await;
    let (begin, noon, end) = (at(10, 0), at(10, 12), at(11, 0));
    plant.change(second, json!({"feedsParent": true, "effectiveFrom": begin})).await;
    for (id, kw) in [(first, 10.0), (second, 5.0), (sub, 3.0)] {
        plant.read(id, (begin, end), |hours| (kw * hours, 0.0)).await;
    }
    plant.read(retired, (begin, noon), |hours| (2.0 * hours, 0.0)).await;
    let gone = "UPDATE energy_meters SET retired_at = $1 WHERE id = $2";
    sqlx::query(gone).bind(noon).bind(retired.0).execute(&bench.pool).await.unwrap();
    for ((from, to), kwh) in [((begin, noon), 204.0), ((noon, end), 180.0), ((begin, end), 384.0)] {
        let carbon = plant.carbon(from, to).await;
        near("bought", carbon.grid_kwh, kwh);
        near("its carbon", carbon.grid_kg, kwh / 2.0);
    }
    let report = plant.report().await;
    assert_eq!(report.grid_cost, Some("768".parse().unwrap()));
    let numbers: Vec<_> = report.sources.iter().map(|source| &source.meter_number).collect();
    assert_eq!(numbers, ["G1", "G4", "G2"]);
    let day = report.days.iter().find(|day| day.date == begin.date_naive()).unwrap();
    near("bought on the day", day.energy.unwrap().grid_kwh, 384.0);
}
