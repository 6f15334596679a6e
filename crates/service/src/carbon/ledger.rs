//! The sources of a site with their energy, fuel and carbon, each day at the factors in force on it.
//!
//! A meter counts for the time in which it was a source: the window is cut where meters were moved, and
//! where another version of a factor begins to hold.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use domain::MeterId;
use domain::carbon::{Factor, FactorKind, Factors};
use domain::energy::window::Window;
use domain::meters::hierarchy::Tree;
use domain::meters::{Meter, SourceKind};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;

use super::Source;
use super::direction::Directions;
use super::fuel::{self, Fuel, Stretch};
use crate::energy::explain::UsedFactor;
use crate::energy::window_energy::{Span, WindowEnergy};
use crate::energy::{self, Counted};
use crate::{Core, Error, window};

/// A source over the time of the window in which it was one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) meter: MeterId,
    pub(crate) kind: SourceKind,
    /// Bought or produced, kWh; none where it is not known.
    pub(crate) kwh: Option<f64>,
    /// What went back the other way, kWh.
    pub(crate) returned_kwh: f64,
    /// The part of both whose place is a guess, kWh.
    pub(crate) misplaced_kwh: f64,
    /// Diesel of a generator, metered and estimated.
    pub(crate) litres: Option<f64>,
    /// Its own litres; none where none bear on the window.
    pub(crate) metered_litres: Option<f64>,
    /// Litres that follow from its energy, in the time that its own do not cover.
    pub(crate) estimated_litres: Option<f64>,
    /// Cost of the litres; none where some of them have no price.
    pub(crate) fuel_cost: Option<Decimal>,
    /// Running hours by its counter.
    pub(crate) runtime_hours: Option<f64>,
    /// How often it was started.
    pub(crate) starts: u32,
    /// Carbon, of solar energy what it avoided.
    pub(crate) kg: Option<f64>,
    pub(crate) coverage: f64,
    /// How long it was a source.
    pub(crate) time: TimeDelta,
    /// The time in which litres follow from energy, where some are metered.
    pub(crate) unmetered: Vec<Stretch>,
}

impl Entry {
    /// Its carbon; what solar energy avoided is below zero.
    fn net_kg(&self) -> Option<f64> {
        let sign = if self.kind == SourceKind::Solar { -1.0 } else { 1.0 };
        self.kg.map(|kg| kg * sign)
    }

    /// Whether all its litres are its own.
    pub(crate) fn is_metered(&self) -> bool {
        self.metered_litres.is_some() && self.estimated_litres.is_none_or(|litres| litres <= 0.0)
    }
}

/// The sources of a site over a window.
pub(crate) struct Ledger {
    entries: Vec<Entry>,
    used: Vec<Factor>,
    /// Which way its sources count.
    pub(crate) directions: Directions,
}

impl Ledger {
    pub(crate) async fn load(service: &Core, figures: &WindowEnergy) -> Result<Self, Error> {
        let site = &figures.site;
        let (book, directions) =
            tokio::try_join!(service.factors(site), Directions::load(service, site))?;
        let mut ledger = Self { entries: Vec::new(), used: Vec::new(), directions };
        for span in figures.spans_of_sources() {
            let sources = sources(span.tree);
            let changes = book.changes().into_iter().map(|day| site.day_start(day));
            for piece in window::cut(span.window, changes) {
                let span = Span { window: piece, ..span };
                Box::pin(ledger.count(service, figures, &book, &sources, span)).await?;
            }
        }
        Ok(ledger)
    }

    /// Adds what sources counted in a piece of the window. `span` has what was counted in the whole of
    /// the stretch in which the piece lies.
    async fn count(
        &mut self,
        service: &Core,
        figures: &WindowEnergy,
        book: &Factors,
        sources: &[Source<'_>],
        span: Span<'_>,
    ) -> Result<(), Error> {
        let (site, window) = (&figures.site, span.window);
        let is_whole = figures.spans_of_sources().any(|stretch| stretch.window == window);
        let own;
        let counted: &HashMap<MeterId, Counted> = if is_whole {
            span.counted
        } else {
            let meters: Vec<&Meter> = sources.iter().map(|(meter, _)| *meter).collect();
            own = energy::counted(service, site, &meters, window).await?;
            &own
        };
        let of_diesel = sources.iter().filter(|(_, kind)| *kind == SourceKind::Diesel);
        let generators: Vec<&Meter> = of_diesel.map(|(meter, _)| *meter).collect();
        let asked = (&generators[..], &self.directions);
        let mut fuel = fuel::load(service, site, asked, window, counted).await?;
        let date = site.date_at(window.from);
        for &source in sources {
            let fuel = fuel.remove(&source.0.id).unwrap_or_default();
            let counted = counted.get(&source.0.id);
            let entry = self.entry(source, window, counted, fuel, (book, date));
            self.note(source.0, &entry, book, date);
            self.add(entry);
        }
        Ok(())
    }

    /// A source in a piece of the window.
    fn entry(
        &self,
        source: Source<'_>,
        window: Window,
        counted: Option<&Counted>,
        fuel: Fuel,
        factors: (&Factors, NaiveDate),
    ) -> Entry {
        let energy = counted.and_then(|counted| counted.known).map(|known| known.energy);
        let hours = counted.map(|counted| counted.runtime_hours).filter(|&hours| hours > 0.0);
        let own = fuel.metered.map(|litres| (litres, fuel.rest_kwh()));
        let (kwh, returned) =
            energy.map(|energy| self.directions.delivered(source, &energy)).unzip();
        Entry {
            returned_kwh: returned.unwrap_or(0.0),
            misplaced_kwh: counted.map_or(0.0, |counted| counted.estimated.0),
            runtime_hours: hours,
            starts: counted.map_or(0, |counted| counted.starts),
            coverage: energy.map_or(0.0, |energy| energy.coverage),
            time: window.to - window.from,
            unmetered: fuel.rest,
            ..priced(source.0.id, source.1, kwh, own, factors)
        }
    }

    fn add(&mut self, piece: Entry) {
        let is_same = |entry: &&mut Entry| (entry.meter, entry.kind) == (piece.meter, piece.kind);
        let Some(whole) = self.entries.iter_mut().find(is_same) else {
            self.entries.push(piece);
            return;
        };
        let sum = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        let seconds = |entry: &Entry| entry.time.as_seconds_f64();
        let covered = |entry: &Entry| entry.coverage * seconds(entry);
        whole.coverage = (covered(whole) + covered(&piece)) / (seconds(whole) + seconds(&piece));
        whole.time += piece.time;
        whole.kwh = sum(whole.kwh, piece.kwh);
        whole.fuel_cost = match (whole.litres, piece.litres) {
            (Some(_), Some(_)) => both(whole.fuel_cost, piece.fuel_cost),
            (None, _) => piece.fuel_cost,
            (_, None) => whole.fuel_cost,
        };
        whole.returned_kwh += piece.returned_kwh;
        whole.misplaced_kwh += piece.misplaced_kwh;
        whole.litres = sum(whole.litres, piece.litres);
        whole.runtime_hours = sum(whole.runtime_hours, piece.runtime_hours);
        whole.metered_litres = sum(whole.metered_litres, piece.metered_litres);
        whole.estimated_litres = sum(whole.estimated_litres, piece.estimated_litres);
        whole.unmetered.extend(piece.unmetered);
        whole.kg = sum(whole.kg, piece.kg);
        whole.starts += piece.starts;
    }

    /// Keeps the factors that a piece was counted with.
    fn note(&mut self, meter: &Meter, entry: &Entry, book: &Factors, date: NaiveDate) {
        let kinds: &[FactorKind] = match entry.kind {
            SourceKind::Grid => &[FactorKind::Grid],
            SourceKind::Solar => &[FactorKind::Solar],
            SourceKind::Diesel if entry.is_metered() => {
                &[FactorKind::Diesel, FactorKind::DieselPrice]
            }
            SourceKind::Diesel => &[FactorKind::Diesel, FactorKind::Sfc, FactorKind::DieselPrice],
            SourceKind::Battery | SourceKind::Load => &[],
        };
        for &kind in kinds {
            let factor = book.at(kind, Some(meter.id), date);
            if let Some(factor) = factor.filter(|factor| !self.used.contains(factor)) {
                self.used.push(factor.clone());
            }
        }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(crate) fn of(&self, kind: SourceKind) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.kind == kind)
    }

    /// Whether a meter was a source.
    pub(crate) fn has(&self, meter: MeterId) -> bool {
        self.entries.iter().any(|entry| entry.meter == meter)
    }

    /// Litres and net kg of a meter, as all that it was in the window; each none where nothing is known of it.
    pub(crate) fn fuel_and_carbon(&self, meter: MeterId) -> (Option<f64>, Option<f64>) {
        let entries = self.entries.iter().filter(|entry| entry.meter == meter);
        let sum = |value: fn(&Entry) -> Option<f64>| {
            entries.clone().filter_map(value).reduce(|one, other| one + other)
        };
        (sum(|entry| entry.litres), sum(Entry::net_kg))
    }

    /// Cost of all diesel; none where there is none, or some of it has no price.
    pub(crate) fn fuel_cost(&self) -> Option<Decimal> {
        let burnt = self.of(SourceKind::Diesel).filter(|entry| entry.litres.is_some());
        burnt.map(|entry| entry.fuel_cost).reduce(both).flatten()
    }

    /// Whether litres follow from energy anywhere.
    pub(super) fn has_estimated_fuel(&self) -> bool {
        self.of(SourceKind::Diesel).any(|entry| !entry.is_metered())
    }

    /// The factors it was counted with, by kind.
    pub(crate) fn used(&self) -> Vec<UsedFactor> {
        let mut used: Vec<&Factor> = self.used.iter().collect();
        used.sort_by_key(|factor| (factor.kind, factor.meter, factor.valid_from));
        used.into_iter().map(UsedFactor::from).collect()
    }
}

fn fuel_cost(litres: Option<f64>, price: Option<Decimal>) -> Option<Decimal> {
    Decimal::from_f64(litres?)?.checked_mul(price?)
}

/// A sum that is known where both terms are.
pub(crate) fn both(one: Option<Decimal>, other: Option<Decimal>) -> Option<Decimal> {
    one?.checked_add(other?)
}

/// The meters that carbon is counted by: all sources but batteries, whose energy came in before.
pub(crate) fn sources(tree: &Tree) -> Vec<Source<'_>> {
    let mut sources = tree.sources();
    sources.retain(|(_, kind)| *kind != SourceKind::Battery);
    sources
}

/// A source by what it bought or produced with one set of factors. `fuel` are the litres of a generator
/// that it metered itself, with what it produced in the time that these do not cover.
pub(crate) fn priced(
    meter: MeterId,
    kind: SourceKind,
    kwh: Option<f64>,
    fuel: Option<(f64, f64)>,
    (book, date): (&Factors, NaiveDate),
) -> Entry {
    let factor = |kind| book.value(kind, Some(meter), date);
    let times = |amount: Option<f64>, kind| Some(amount? * factor(kind)?);
    let metered = fuel.map(|(litres, _)| litres).filter(|_| kind == SourceKind::Diesel);
    let rest = match fuel {
        Some((_, rest)) => Some(rest).filter(|rest| *rest > 0.0),
        None => kwh,
    };
    let estimated = times(rest.filter(|_| kind == SourceKind::Diesel), FactorKind::Sfc);
    let litres = [metered, estimated].into_iter().flatten().reduce(|a, b| a + b);
    let kg = match kind {
        SourceKind::Grid => times(kwh, FactorKind::Grid),
        SourceKind::Diesel => times(litres, FactorKind::Diesel),
        SourceKind::Solar => times(kwh, FactorKind::Solar),
        SourceKind::Battery | SourceKind::Load => None,
    };
    Entry {
        meter,
        kind,
        kwh,
        returned_kwh: 0.0,
        misplaced_kwh: 0.0,
        litres,
        metered_litres: metered,
        estimated_litres: estimated,
        fuel_cost: fuel_cost(litres, book.diesel_price(meter, date)),
        runtime_hours: None,
        starts: 0,
        kg,
        coverage: 0.0,
        time: TimeDelta::zero(),
        unmetered: Vec::new(),
    }
}
