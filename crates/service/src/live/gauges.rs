//! The five gauges: today's figures, yesterday's at the same hour, and the range of the days before.

use chrono::{DateTime, Utc};
use domain::balance::{self, Energy, Verdict};
use domain::figures::thousandths;
use domain::hierarchy::Tree;
use domain::live::{Gauge, Gauges};
use domain::meter::SourceKind;
use domain::trail::{QUARTER, floor};
use domain::{MeterId, carbon};

use super::SiteLive;
use super::balances::{Balances, cost};

/// The figures of one day up to one time of day; none where a meter that is needed is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Figures {
    pub(super) consumption_kwh: Option<f64>,
    pub(super) loss_percent: Option<f64>,
    loss_kwh: Option<f64>,
    pub(super) dg_runtime_hours: Option<f64>,
    dg_litres: Option<f64>,
    pub(super) solar_share_percent: Option<f64>,
    solar_kwh: Option<f64>,
    pub(super) net_carbon_kg: Option<f64>,
    coverage: f64,
}

impl Figures {
    /// The figures of a window in which `energy` and `runtime` answer for each meter.
    pub(super) fn of(
        tree: &Tree,
        energy: impl Fn(MeterId) -> Option<Energy>,
        runtime: impl Fn(MeterId) -> Option<f64>,
    ) -> Self {
        let balance = balance::of_site(tree, &energy);
        let of_kind =
            |kind| tree.meters().iter().filter(move |m| m.meter_type.source_kind() == kind);
        let sum =
            |kind| of_kind(kind).map(|meter| Some(energy(meter.id)?.import.0)).sum::<Option<f64>>();
        let grid_meters = of_kind(SourceKind::Grid).count();
        let grid = if grid_meters > 0 {
            sum(SourceKind::Grid)
        } else {
            tree.roots()
                .filter(|meter| meter.meter_type.source_kind() == SourceKind::Load)
                .map(|meter| Some(energy(meter.id)?.import.0))
                .sum()
        };
        let (solar, diesel) = (sum(SourceKind::Solar), sum(SourceKind::Diesel));
        let litres = diesel.map(carbon::diesel_litres);
        let known = balance.verdict != Verdict::Incomplete;
        let input = Some(balance.source.0).filter(|_| known);
        Self {
            consumption_kwh: input,
            loss_percent: balance.loss_percent.filter(|_| known),
            loss_kwh: Some(balance.loss.0).filter(|_| known),
            dg_runtime_hours: of_kind(SourceKind::Diesel).map(|meter| runtime(meter.id)).sum(),
            dg_litres: litres,
            solar_share_percent: solar
                .zip(input)
                .filter(|(_, input)| *input > 0.0)
                .map(|(s, i)| s / i * 100.0),
            solar_kwh: solar,
            net_carbon_kg: grid.zip(litres).zip(solar).map(|((g, l), s)| carbon::net_kg(g, l, s)),
            coverage: balance.coverage,
        }
    }

    fn between(site: &SiteLive, from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        let trail = |id: MeterId| site.trails.get(&id);
        Self::of(
            &site.tree,
            |id| trail(id)?.energy(from, to),
            |id| trail(id)?.runtime_hours(from, to),
        )
    }
}

pub(super) fn gauges(site: &SiteLive, balances: &Balances, now: DateTime<Utc>) -> Gauges {
    let start = site.site.today_start(now);
    let Some(until) = balances.whole.until.filter(|&until| until > start) else {
        return Gauges::default();
    };
    let today = Figures::between(site, start, until);
    let yesterday_start = site.site.yesterday_start(now);
    let same_time = yesterday_start + (floor(until, QUARTER).unwrap_or(until) - start);
    let yesterday = Figures::between(site, yesterday_start, same_time);
    let gauge = |figure: fn(&Figures) -> Option<f64>| Gauge {
        value: figure(&today).map(thousandths),
        yesterday: figure(&yesterday).map(thousandths),
        normal: site.normal.range(figure).map(|(low, high)| (thousandths(low), thousandths(high))),
    };
    let price = site.site.price_per_kwh;
    Gauges {
        consumption_kwh: gauge(|f| f.consumption_kwh),
        loss_percent: gauge(|f| f.loss_percent),
        loss_kwh: today.loss_kwh.map(thousandths),
        loss_cost: today.loss_kwh.zip(price).and_then(|(kwh, price)| cost(kwh, price)),
        dg_runtime_hours: gauge(|f| f.dg_runtime_hours),
        dg_litres: today.dg_litres.map(thousandths),
        solar_share_percent: gauge(|f| f.solar_share_percent),
        solar_kwh: today.solar_kwh.map(thousandths),
        net_carbon_kg: gauge(|f| f.net_carbon_kg),
        coverage: thousandths(today.coverage),
    }
}
