//! The sources of a site with their energy, fuel and carbon, each day at the factors in force on it.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::MeterId;
use domain::balance::Energy;
use domain::carbon::{Factor, FactorKind, Factors};
use domain::hierarchy::Tree;
use domain::meter::{Meter, SourceKind};
use domain::window::Window;

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
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Entry {
    pub(crate) meter: MeterId,
    pub(crate) kind: Kind,
    /// Bought or produced, kWh; none where it is not known.
    pub(crate) kwh: Option<f64>,
    /// Diesel of a generator.
    pub(crate) litres: Option<f64>,
    /// Whether the litres are its own; else they follow from its energy.
    pub(crate) is_metered: bool,
    /// Running hours by its counter.
    pub(crate) runtime_hours: Option<f64>,
    /// How often it was started.
    pub(crate) starts: u32,
    /// Carbon, of solar energy what it avoided.
    pub(crate) kg: Option<f64>,
    pub(crate) coverage: f64,
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
            for &(meter, kind) in &sources {
                let entry = entry(meter, kind, counted.get(&meter.id), &book, date);
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
        whole.kg = sum(whole.kg, piece.kg);
        whole.is_metered &= piece.is_metered;
        whole.starts += piece.starts;
        whole.coverage += piece.coverage;
    }

    /// Keeps the factors that a piece was counted with.
    fn note(&mut self, meter: &Meter, entry: &Entry, book: &Factors, date: NaiveDate) {
        let kinds: &[FactorKind] = match entry.kind {
            Kind::Grid => &[FactorKind::Grid],
            Kind::Solar => &[FactorKind::Solar],
            Kind::Diesel if entry.is_metered => &[FactorKind::Diesel],
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
        self.of(Kind::Diesel).any(|entry| !entry.is_metered)
    }

    /// The factors it was counted with, by kind.
    pub(crate) fn used(&self) -> Vec<UsedFactor> {
        let mut used: Vec<&Factor> = self.used.iter().collect();
        used.sort_by_key(|factor| (factor.kind, factor.meter, factor.valid_from));
        used.into_iter().map(UsedFactor::from).collect()
    }
}

/// The meters that are counted: of meters of a kind that hang below each other the upper one, and never
/// both a parent and its child.
pub(crate) fn sources(tree: &Tree) -> Vec<(&Meter, Kind)> {
    let kind_of = |meter: &Meter| match meter.meter_type.source_kind() {
        SourceKind::Grid => Some(Kind::Grid),
        SourceKind::Diesel => Some(Kind::Diesel),
        SourceKind::Solar => Some(Kind::Solar),
        SourceKind::Battery | SourceKind::Load => None,
    };
    let top =
        |meter: &&Meter| !tree.ancestors(meter.id).any(|above| kind_of(above) == kind_of(meter));
    let mut sources: Vec<(&Meter, Kind)> = tree
        .meters()
        .iter()
        .filter(top)
        .filter_map(|meter| Some((meter, kind_of(meter)?)))
        .collect();
    if !sources.iter().any(|(_, kind)| *kind == Kind::Grid) {
        let loads = tree.roots().filter(|r| r.meter_type.source_kind() == SourceKind::Load);
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
    book: &Factors,
    date: NaiveDate,
) -> Entry {
    let energy = counted.and_then(|counted| counted.known).map(|known| known.energy);
    let own = counted.and_then(|counted| counted.diesel_litres);
    let hours = counted.map(|counted| counted.runtime_hours).filter(|&hours| hours > 0.0);
    let starts = counted.map_or(0, |counted| counted.starts);
    Entry { runtime_hours: hours, starts, ..priced(meter, kind, energy, own, book, date) }
}

/// A source over a step of a series.
pub(crate) fn of_step(
    meter: &Meter,
    kind: Kind,
    energy: Energy,
    litres: Option<f64>,
    book: &Factors,
    date: NaiveDate,
) -> Entry {
    priced(meter, kind, Some(energy), litres, book, date)
}

fn priced(
    meter: &Meter,
    kind: Kind,
    energy: Option<Energy>,
    own_litres: Option<f64>,
    book: &Factors,
    date: NaiveDate,
) -> Entry {
    let factor = |kind| book.at(kind, Some(meter.id), date).value;
    let kwh = energy.map(|energy| match kind {
        Kind::Grid => energy.import.0,
        Kind::Diesel | Kind::Solar => produced(meter, &energy),
    });
    let own = own_litres.filter(|_| kind == Kind::Diesel);
    let litres = own
        .or_else(|| kwh.filter(|_| kind == Kind::Diesel).map(|kwh| kwh * factor(FactorKind::Sfc)));
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
        is_metered: own.is_some(),
        runtime_hours: None,
        starts: 0,
        kg,
        coverage: energy.map_or(0.0, |energy| energy.coverage),
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
