//! The sources of a site with their energy, fuel and carbon, each day at the factors in force on it.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::MeterId;
use domain::balance::Energy;
use domain::carbon::{Factor, FactorKind, Factors};
use domain::hierarchy::Tree;
use domain::meter::{Meter, SourceKind};
use domain::window::Window;

use super::fuel::{self, Fuel, Stretch};
use crate::energy::{self, Counted};
use crate::explain::UsedFactor;
use crate::figures::Figures;
use crate::{Error, Service, factors};

/// What a meter is in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It counts what is bought.
    Grid,
    /// A generator.
    Diesel,
    /// Solar panels.
    Solar,
}

/// A source over the window.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) meter: MeterId,
    pub(crate) kind: Kind,
    /// Bought or produced, kWh; none where it is not known.
    pub(crate) kwh: Option<f64>,
    /// Diesel of a generator, metered and estimated.
    pub(crate) litres: Option<f64>,
    /// Its own litres; none where none bear on the window.
    pub(crate) metered_litres: Option<f64>,
    /// Litres that follow from its energy, in the time that its own do not cover.
    pub(crate) estimated_litres: Option<f64>,
    /// Running hours by its counter.
    pub(crate) runtime_hours: Option<f64>,
    /// How often it was started.
    pub(crate) starts: u32,
    /// Carbon, of solar energy what it avoided.
    pub(crate) kg: Option<f64>,
    pub(crate) coverage: f64,
    /// The time in which litres follow from energy, where some are metered.
    pub(crate) unmetered: Vec<Stretch>,
}

impl Entry {
    /// Whether all its litres are its own.
    pub(crate) fn is_metered(&self) -> bool {
        self.metered_litres.is_some() && self.estimated_litres.is_none_or(|litres| litres <= 0.0)
    }
}

/// The sources of a site over a window.
pub(crate) struct Ledger {
    entries: Vec<Entry>,
    used: Vec<Factor>,
}

impl Ledger {
    pub(crate) async fn load(service: &Service, figures: &Figures) -> Result<Self, Error> {
        let book = factors::book(service.pool(), &figures.site).await?;
        let tree = figures.tree();
        let sources = sources(tree);
        let meters: Vec<&Meter> = sources.iter().map(|(meter, _)| *meter).collect();
        let of_diesel = |&&(_, kind): &&(&Meter, Kind)| kind == Kind::Diesel;
        let generators: Vec<&Meter> =
            sources.iter().filter(of_diesel).map(|(meter, _)| *meter).collect();
        let mut ledger = Self { entries: Vec::new(), used: Vec::new() };
        let pieces = cut(figures, &book);
        for &(date, window) in &pieces {
            let own;
            let counted: &HashMap<MeterId, Counted> = if pieces.len() == 1 {
                figures.all()
            } else {
                own = energy::counted(service, &figures.site, &meters, window).await?;
                &own
            };
            let share = (window.to - window.from).as_seconds_f64()
                / (figures.window.to - figures.window.from).as_seconds_f64();
            let mut fuel = fuel::load(service, &figures.site, &generators, window, counted).await?;
            for &(meter, kind) in &sources {
                let fuel = fuel.remove(&meter.id).unwrap_or_default();
                let entry = entry(meter, kind, counted.get(&meter.id), fuel, (&book, date));
                ledger.note(meter, &entry, &book, date);
                ledger.add(entry, share);
            }
        }
        Ok(ledger)
    }

    fn add(&mut self, piece: Entry, share: f64) {
        let piece = Entry { coverage: piece.coverage * share, ..piece };
        let Some(whole) = self.entries.iter_mut().find(|entry| entry.meter == piece.meter) else {
            self.entries.push(piece);
            return;
        };
        let sum = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        whole.kwh = sum(whole.kwh, piece.kwh);
        whole.litres = sum(whole.litres, piece.litres);
        whole.runtime_hours = sum(whole.runtime_hours, piece.runtime_hours);
        whole.metered_litres = sum(whole.metered_litres, piece.metered_litres);
        whole.estimated_litres = sum(whole.estimated_litres, piece.estimated_litres);
        whole.unmetered.extend(piece.unmetered);
        whole.kg = sum(whole.kg, piece.kg);
        whole.starts += piece.starts;
        whole.coverage += piece.coverage;
    }

    /// Keeps the factors that a piece was counted with.
    fn note(&mut self, meter: &Meter, entry: &Entry, book: &Factors, date: NaiveDate) {
        let kinds: &[FactorKind] = match entry.kind {
            Kind::Grid => &[FactorKind::Grid],
            Kind::Solar => &[FactorKind::Solar],
            Kind::Diesel if entry.is_metered() => &[FactorKind::Diesel],
            Kind::Diesel => &[FactorKind::Diesel, FactorKind::Sfc],
        };
        for &kind in kinds {
            let factor = book.at(kind, Some(meter.id), date);
            if !self.used.contains(factor) {
                self.used.push(factor.clone());
            }
        }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(crate) fn of(&self, kind: Kind) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.kind == kind)
    }

    pub(crate) fn get(&self, meter: MeterId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.meter == meter)
    }

    /// Whether litres follow from energy anywhere.
    pub(super) fn has_estimated_fuel(&self) -> bool {
        self.of(Kind::Diesel).any(|entry| !entry.is_metered())
    }

    /// The factors it was counted with, by kind.
    pub(crate) fn used(&self) -> Vec<UsedFactor> {
        let mut used: Vec<&Factor> = self.used.iter().collect();
        used.sort_by_key(|factor| (factor.kind, factor.meter, factor.valid_from));
        used.into_iter().map(UsedFactor::from).collect()
    }
}

/// What a meter is to the carbon account, by its type.
fn kind_of(meter: &Meter) -> Option<Kind> {
    match meter.meter_type.source_kind() {
        SourceKind::Grid => Some(Kind::Grid),
        SourceKind::Diesel => Some(Kind::Diesel),
        SourceKind::Solar => Some(Kind::Solar),
        SourceKind::Battery | SourceKind::Load => None,
    }
}

/// The meters that are counted, stored and live alike: of meters of a kind that hang below each other the
/// upper one, never both a parent and its child, nor a sum and what it is made of. Where no meter is the
/// grid's, the top loads are, but for those that stand aside.
pub(crate) fn sources(tree: &Tree) -> Vec<(&Meter, Kind)> {
    let top = |meter: &&Meter| {
        let kind = kind_of(meter);
        kind.is_some() && !tree.ancestors(meter.id).any(|above| kind_of(above) == kind)
    };
    let mut sources: Vec<(&Meter, Kind)> = tree
        .meters()
        .iter()
        .filter(top)
        .filter_map(|meter| Some((meter, kind_of(meter)?)))
        .collect();
    if sources.iter().any(|(meter, _)| !meter.adds.is_empty()) {
        let once = [Kind::Grid, Kind::Diesel, Kind::Solar].map(|kind| {
            tree.once(
                sources.iter().filter(|(_, it)| *it == kind).map(|(meter, _)| *meter).collect(),
            )
        });
        sources.retain(|(meter, _)| once.iter().flatten().any(|kept| kept.id == meter.id));
    }
    if !sources.iter().any(|(_, kind)| *kind == Kind::Grid) {
        let is_load = |root: &&Meter| root.meter_type.source_kind() == SourceKind::Load;
        let loads = tree.roots().filter(is_load).filter(|root| !tree.is_aside(root.id));
        sources.extend(loads.map(|root| (root, Kind::Grid)));
    }
    sources
}

/// What a source produced: by the meaning of its registers where it feeds its parent; else, as with a
/// meter that nobody said this of, what the larger of its registers counted.
pub(crate) fn produced(meter: &Meter, energy: &Energy) -> f64 {
    if meter.feeds_parent { energy.import.0 } else { energy.import.0.max(energy.export.0) }
}

/// A source over a window with one set of factors.
fn entry(
    meter: &Meter,
    kind: Kind,
    counted: Option<&Counted>,
    fuel: Fuel,
    factors: (&Factors, NaiveDate),
) -> Entry {
    let energy = counted.and_then(|counted| counted.known).map(|known| known.energy);
    let hours = counted.map(|counted| counted.runtime_hours).filter(|&hours| hours > 0.0);
    let starts = counted.map_or(0, |counted| counted.starts);
    let own = fuel.metered.map(|litres| (litres, fuel.rest_kwh()));
    let entry = priced(meter, kind, energy, own, factors);
    Entry { runtime_hours: hours, starts, unmetered: fuel.rest, ..entry }
}

/// A source by its energy in a window with one set of factors. `fuel` are the litres of a generator that
/// it metered itself, with what it produced in the time that these do not cover.
pub(crate) fn priced(
    meter: &Meter,
    kind: Kind,
    energy: Option<Energy>,
    fuel: Option<(f64, f64)>,
    (book, date): (&Factors, NaiveDate),
) -> Entry {
    let factor = |kind| book.at(kind, Some(meter.id), date).value;
    let kwh = energy.map(|energy| match kind {
        Kind::Grid => energy.import.0,
        Kind::Diesel | Kind::Solar => produced(meter, &energy),
    });
    let metered = fuel.map(|(litres, _)| litres).filter(|_| kind == Kind::Diesel);
    let rest = match fuel {
        Some((_, rest)) => Some(rest).filter(|rest| *rest > 0.0),
        None => kwh,
    };
    let estimated = rest.filter(|_| kind == Kind::Diesel).map(|kwh| kwh * factor(FactorKind::Sfc));
    let litres = [metered, estimated].into_iter().flatten().reduce(|a, b| a + b);
    let kg = match kind {
        Kind::Grid => kwh.map(|kwh| kwh * factor(FactorKind::Grid)),
        Kind::Diesel => litres.map(|litres| litres * factor(FactorKind::Diesel)),
        Kind::Solar => kwh.map(|kwh| kwh * factor(FactorKind::Solar)),
    };
    Entry {
        meter: meter.id,
        kind,
        kwh,
        litres,
        metered_litres: metered,
        estimated_litres: estimated,
        runtime_hours: None,
        starts: 0,
        kg,
        coverage: energy.map_or(0.0, |energy| energy.coverage),
        unmetered: Vec::new(),
    }
}

/// The window cut where another version of a factor begins to hold, each piece with its first day.
fn cut(figures: &Figures, book: &Factors) -> Vec<(NaiveDate, Window)> {
    let (site, whole) = (&figures.site, figures.window);
    let changes = book.changes().into_iter().map(|day| site.day_start(day));
    let inside: Vec<_> = changes.filter(|at| whole.from < *at && *at < whole.to).collect();
    let starts = std::iter::once(whole.from).chain(inside.iter().copied());
    let ends = inside.iter().copied().chain([whole.to]);
    starts.zip(ends).map(|(from, to)| (site.date_at(from), Window { from, to })).collect()
}
