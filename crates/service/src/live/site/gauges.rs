//! The five gauges: today's figures, yesterday's at the same hour, and the range of the days before.

use chrono::{DateTime, Utc};
use domain::carbon::{Factors, cost_per_kwh};
use domain::figures::thousandths;
use domain::live::{Gauge, Gauges};
use domain::meters::{Meter, SourceKind};
use rust_decimal::Decimal;

use crate::carbon::{Directions, Entry, Input, both, priced, sources};
use crate::energy::window_energy;
use crate::live::SiteLive;
use crate::live::site::balances::Balances;
use crate::live::site::ran::Ran;

/// The figures of one day up to one time of day; none where a meter that is needed is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Figures {
    pub(crate) consumption_kwh: Option<f64>,
    pub(crate) loss_percent: Option<f64>,
    pub(crate) loss_kwh: Option<f64>,
    pub(crate) dg_runtime_hours: Option<f64>,
    pub(crate) dg_litres: Option<f64>,
    pub(crate) dg_cost: Option<Decimal>,
    pub(crate) dg_cost_per_kwh: Option<Decimal>,
    pub(crate) solar_share_percent: Option<f64>,
    pub(crate) solar_kwh: Option<f64>,
    pub(crate) net_carbon_kg: Option<f64>,
    pub(crate) coverage: f64,
}

impl Figures {
    /// The figures of a part of a day by what its meters counted, `ran` answering for each generator. They
    /// are those of the dashboard and the carbon account.
    pub(crate) fn of(
        day: &window_energy::WindowEnergy,
        (factors, directions): (&Factors, &Directions),
        ran: impl Fn(&Meter) -> Option<Ran>,
    ) -> Self {
        let lost = day.whole().balance;
        let input = Input::of(day, directions).kwh;
        let date = day.site.date_at(day.window.from);
        let entries: Vec<(SourceKind, Option<Entry>)> = given(day, directions)
            .into_iter()
            .map(|(meter, kind, kwh)| {
                let ran = ran(meter).filter(|_| kind == SourceKind::Diesel);
                let fuel = ran.map(|ran| ran.fuel());
                let entry = priced(meter.id, kind, kwh, fuel, (factors, date));
                (kind, Some(entry).filter(|_| kind != SourceKind::Diesel || ran.is_some()))
            })
            .collect();
        let hours =
            given(day, directions).into_iter().filter(|(_, kind, _)| *kind == SourceKind::Diesel);
        let hours: Option<f64> = hours.map(|(meter, ..)| Some(ran(meter)?.hours)).sum();
        let sum = |kind: SourceKind, of: fn(&Entry) -> Option<f64>| -> Option<f64> {
            entries.iter().filter(|(it, _)| *it == kind).map(|(_, entry)| of(entry.as_ref()?)).sum()
        };
        let has = |kind| entries.iter().any(|(it, _)| *it == kind);
        let diesel = entries.iter().filter(|(kind, _)| *kind == SourceKind::Diesel);
        let cost = diesel.map(|(_, entry)| entry.as_ref()?.fuel_cost).reduce(both).flatten();
        let solar = sum(SourceKind::Solar, |entry| entry.kwh);
        let kg = |kind| sum(kind, |entry| entry.kg);
        let gross =
            kg(SourceKind::Grid).zip(kg(SourceKind::Diesel)).map(|(grid, diesel)| grid + diesel);
        Self {
            consumption_kwh: input,
            loss_percent: lost.loss_percent,
            loss_kwh: lost.loss.map(|loss| loss.0),
            dg_runtime_hours: hours.filter(|_| has(SourceKind::Diesel)),
            dg_litres: sum(SourceKind::Diesel, |entry| entry.litres)
                .filter(|_| has(SourceKind::Diesel)),
            dg_cost: cost,
            dg_cost_per_kwh: cost_per_kwh(cost, sum(SourceKind::Diesel, |entry| entry.kwh)),
            // A site may have panels behind the meters of its loads: without a meter of solar energy
            // its share is not nothing, it is not known.
            solar_share_percent: solar
                .zip(input)
                .filter(|(_, input)| *input > 0.0 && has(SourceKind::Solar))
                .map(|(s, i)| s / i * 100.0),
            solar_kwh: solar.filter(|_| has(SourceKind::Solar)),
            net_carbon_kg: gross.zip(kg(SourceKind::Solar)).map(|(gross, offset)| gross - offset),
            coverage: lost.coverage,
        }
    }

    /// The figures at a time between two others of one day; none is `before` at the day's begin, where
    /// sums are nothing and shares those of what follows. Litres and the like are left out.
    pub(crate) fn within(before: Option<&Self>, after: &Self, share: f64) -> Self {
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
}

/// The sources of a day, each with what it stands for, by the time in which it was one; none where nothing
/// is known of it.
fn given<'a>(
    day: &'a window_energy::WindowEnergy,
    directions: &Directions,
) -> Vec<(&'a Meter, SourceKind, Option<f64>)> {
    let mut given: Vec<(&Meter, SourceKind, Option<f64>)> = Vec::new();
    for span in day.spans_of_sources() {
        for (meter, kind) in sources(span.tree) {
            let known = span.counted.get(&meter.id).and_then(|counted| counted.known);
            let kwh = known.map(|known| directions.delivered((meter, kind), &known.energy).0);
            match given.iter_mut().find(|(it, was, _)| (it.id, *was) == (meter.id, kind)) {
                Some((.., sum)) => *sum = [*sum, kwh].into_iter().flatten().reduce(|a, b| a + b),
                None => given.push((meter, kind, kwh)),
            }
        }
    }
    given
}

pub(crate) fn gauges(site: &SiteLive, balances: &Balances) -> Gauges {
    let Some(day) = &balances.day else { return Gauges::default() };
    let window = day.window;
    let by = (&*site.factors, &site.directions);
    let today = Figures::of(day, by, |meter| site.ran(meter, window.from, window.to));
    let until: DateTime<Utc> = window.to;
    let yesterday = site.normal.yesterday(until);
    let normal = |figure| site.normal.range(until, figure);
    let gauge = |figure: fn(&Figures) -> Option<f64>| Gauge {
        value: figure(&today).map(thousandths),
        yesterday: figure(&yesterday).map(thousandths),
        normal: normal(figure).map(|(low, high)| (thousandths(low), thousandths(high))),
    };
    Gauges {
        until: Some(until),
        consumption_kwh: gauge(|f| f.consumption_kwh),
        loss_percent: gauge(|f| f.loss_percent),
        loss_kwh: today.loss_kwh.map(thousandths),
        loss_cost: today.loss_kwh.and_then(|_| site.loss_cost(day)),
        dg_runtime_hours: gauge(|f| f.dg_runtime_hours),
        dg_litres: today.dg_litres.map(thousandths),
        dg_cost: today.dg_cost.map(|cost| site.rounded(cost)),
        dg_cost_per_kwh: today.dg_cost_per_kwh,
        solar_share_percent: gauge(|f| f.solar_share_percent),
        solar_kwh: today.solar_kwh.map(thousandths),
        net_carbon_kg: gauge(|f| f.net_carbon_kg),
        coverage: thousandths(today.coverage),
        normal_days: site.normal.days(until),
    }
}
