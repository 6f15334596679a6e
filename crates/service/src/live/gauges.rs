//! The five gauges: today's figures, yesterday's at the same hour, and the range of the days before.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::MeterId;
use domain::balance::{self, Energy, Verdict};
use domain::carbon::Factors;
use domain::figures::thousandths;
use domain::hierarchy::Tree;
use domain::live::{Gauge, Gauges};
use domain::meter::Meter;
use domain::trail::{QUARTER, floor};
use domain::window::Window;
use rust_decimal::Decimal;
use storage::unmetered::Unmetered;

use super::SiteLive;
use super::balances::{Balances, cost};
use super::ran::Ran;
use crate::carbon::{Entry, Kind, priced, sources};
use crate::figures::{unmetered_kwh, unmetered_of_site};

/// The figures of one day up to one time of day; none where a meter that is needed is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Figures {
    pub(super) consumption_kwh: Option<f64>,
    pub(super) loss_percent: Option<f64>,
    pub(super) loss_kwh: Option<f64>,
    pub(super) dg_runtime_hours: Option<f64>,
    pub(super) dg_litres: Option<f64>,
    pub(super) solar_share_percent: Option<f64>,
    pub(super) solar_kwh: Option<f64>,
    pub(super) net_carbon_kg: Option<f64>,
    pub(super) coverage: f64,
}

/// What the figures of a window rest on besides what each meter counted.
pub(super) struct Ground<'a> {
    pub(super) tree: &'a Tree,
    pub(super) factors: &'a Factors,
    /// The day that the window lies in: its factors hold.
    pub(super) date: NaiveDate,
    /// Declared loads that no meter sees.
    pub(super) loads: &'a [Unmetered],
    /// The window.
    pub(super) window: Window,
}

impl Figures {
    /// The figures of a window in which `energy` answers for each meter and `ran` for each generator:
    /// its sources are counted as in the carbon account.
    pub(super) fn of(
        ground: &Ground<'_>,
        energy: impl Fn(MeterId) -> Option<Energy>,
        ran: impl Fn(&Meter) -> Option<Ran>,
    ) -> Self {
        let Ground { tree, loads, window, .. } = *ground;
        let balance = balance::of_site(tree, &energy);
        let balance = balance.with_unmetered(unmetered_of_site(loads, tree, window));
        let below = |node| unmetered_kwh(loads, node, window, None);
        let lost = match balance.loss {
            Some(_) => Some(balance.clone()),
            None => balance::of_complete_nodes(tree, &energy, below),
        };
        let known = balance.verdict != Verdict::Incomplete;
        let input = Some(balance.source.0).filter(|_| known);
        let sources = sources(ground.tree);
        let generators = || of_kind(&sources, Kind::Diesel).map(&ran);
        let entries: Vec<(Kind, Option<Entry>)> = sources
            .iter()
            .map(|&(meter, kind)| {
                let ran = ran(meter).filter(|_| kind == Kind::Diesel);
                let fuel = ran.and_then(|ran| ran.fuel());
                let factors = (ground.factors, ground.date);
                let entry = priced(meter, kind, energy(meter.id), fuel, factors);
                (kind, Some(entry).filter(|_| kind != Kind::Diesel || ran.is_some()))
            })
            .collect();
        let sum = |kind: Kind, of: fn(&Entry) -> Option<f64>| -> Option<f64> {
            entries.iter().filter(|(it, _)| *it == kind).map(|(_, entry)| of(entry.as_ref()?)).sum()
        };
        let has = |kind| entries.iter().any(|(it, _)| *it == kind);
        let solar = sum(Kind::Solar, |entry| entry.kwh);
        let kg = |kind| sum(kind, |entry| entry.kg);
        let gross = kg(Kind::Grid).zip(kg(Kind::Diesel)).map(|(grid, diesel)| grid + diesel);
        Self {
            consumption_kwh: input,
            loss_percent: lost.as_ref().and_then(|lost| lost.loss_percent),
            loss_kwh: lost.and_then(|lost| lost.loss).map(|loss| loss.0),
            dg_runtime_hours: generators()
                .map(|ran| Some(ran?.hours))
                .sum::<Option<f64>>()
                .filter(|_| has(Kind::Diesel)),
            dg_litres: sum(Kind::Diesel, |entry| entry.litres).filter(|_| has(Kind::Diesel)),
            // A site may have panels behind the meters of its loads: without a meter of solar energy
            // its share is not nothing, it is not known.
            solar_share_percent: solar
                .zip(input)
                .filter(|(_, input)| *input > 0.0 && has(Kind::Solar))
                .map(|(s, i)| s / i * 100.0),
            solar_kwh: solar.filter(|_| has(Kind::Solar)),
            net_carbon_kg: gross.zip(kg(Kind::Solar)).map(|(gross, offset)| gross - offset),
            coverage: balance.coverage,
        }
    }

    /// The figures at a time between two others of one day; none is `before` at the day's begin, where
    /// sums are nothing and shares those of what follows. Litres and the like are left out.
    pub(super) fn within(before: Option<&Self>, after: &Self, share: f64) -> Self {
        let mix = |figure: fn(&Self) -> Option<f64>, at_begin: fn(f64) -> f64| {
            let after = figure(after)?;
            let before = match before {
                Some(before) => figure(before)?,
                None => at_begin(after),
            };
            Some(before + (after - before) * share)
        };
        let (sum, part) = (|_| 0.0, |after| after);
        Self {
            consumption_kwh: mix(|f| f.consumption_kwh, sum),
            loss_percent: mix(|f| f.loss_percent, part),
            dg_runtime_hours: mix(|f| f.dg_runtime_hours, sum),
            solar_share_percent: mix(|f| f.solar_share_percent, part),
            net_carbon_kg: mix(|f| f.net_carbon_kg, sum),
            ..Self::default()
        }
    }

    fn between(site: &SiteLive, from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        let ground = Ground {
            tree: &site.tree,
            factors: &site.factors,
            date: site.site.date_at(from),
            loads: &site.unmetered,
            window: Window { from, to },
        };
        let energy = |id| site.energy(id, from, to);
        Self::of(&ground, energy, |meter| site.ran(meter, from, to))
    }
}

fn of_kind<'a>(sources: &[(&'a Meter, Kind)], kind: Kind) -> impl Iterator<Item = &'a Meter> {
    sources.iter().filter(move |(_, it)| *it == kind).map(|(meter, _)| *meter)
}

pub(super) fn gauges(site: &SiteLive, balances: &Balances, now: DateTime<Utc>) -> Gauges {
    let start = site.site.today_start(now);
    let Some(until) = balances.whole.until.filter(|&until| until > start) else {
        return Gauges::default();
    };
    let today = Figures::between(site, start, until);
    let yesterday = yesterday(site, now, until - start);
    let normal = |figure| site.normal.range(until, figure);
    let gauge = |figure: fn(&Figures) -> Option<f64>| Gauge {
        value: figure(&today).map(thousandths),
        yesterday: figure(&yesterday).map(thousandths),
        normal: normal(figure).map(|(low, high)| (thousandths(low), thousandths(high))),
    };
    Gauges {
        consumption_kwh: gauge(|f| f.consumption_kwh),
        loss_percent: gauge(|f| f.loss_percent),
        loss_kwh: today.loss_kwh.map(thousandths),
        loss_cost: today.loss_kwh.and_then(|_| loss_cost(site, start, until)),
        dg_runtime_hours: gauge(|f| f.dg_runtime_hours),
        dg_litres: today.dg_litres.map(thousandths),
        solar_share_percent: gauge(|f| f.solar_share_percent),
        solar_kwh: today.solar_kwh.map(thousandths),
        net_carbon_kg: gauge(|f| f.net_carbon_kg),
        coverage: thousandths(today.coverage),
        normal_days: site.normal.days(until),
    }
}

/// What the loss of a window cost, each kWh at the price of its time.
fn loss_cost(site: &SiteLive, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Decimal> {
    let stretches = site.prices(Window { from, to });
    let costs = stretches.into_iter().map(|(window, price)| {
        cost(Figures::between(site, window.from, window.to).loss_kwh?, price?)
    });
    costs.sum()
}

/// Yesterday's figures up to the same time, between the quarter-hours around it.
fn yesterday(site: &SiteLive, now: DateTime<Utc>, passed: TimeDelta) -> Figures {
    let start = site.site.yesterday_start(now);
    let same = start + passed;
    let Some(quarter) = floor(same, QUARTER) else { return Figures::default() };
    let before = (quarter > start).then(|| Figures::between(site, start, quarter));
    let after = Figures::between(site, start, quarter + QUARTER);
    let share = (same - quarter).as_seconds_f64() / QUARTER.as_seconds_f64();
    Figures::within(before.as_ref(), &after, share)
}
