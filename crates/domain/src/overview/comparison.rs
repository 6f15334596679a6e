//! The figures of a period beside those of the period before, as far as readings allow.
//!
//! A sum is compared where both periods were read to [`COMPARABLE`]. Of less, the mean of the days that
//! were read is compared, and the losses of the nodes that both periods know.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::carbon::cost_per_kwh;
use crate::losses::view::{Loss, LossChange, NodeLoss};
use crate::reports::Day;
use crate::view::{COMPARABLE, Pairs, PeriodContext};

/// The overview of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodOverview {
    /// The period and its site.
    pub shown: PeriodContext,
    pub now: PeriodFigures,
    /// The period before, up to the same time of it, when that is compared with.
    pub before: Option<PeriodFigures>,
    /// Energy into the site by step of the period's chart.
    pub steps: Vec<InputStep>,
    /// The same of the whole period before.
    pub steps_before: Vec<InputStep>,
}

/// The figures of one period.
#[derive(Debug, Clone, PartialEq)]
pub struct PeriodFigures {
    /// Whether any meter counted anything.
    pub is_read: bool,
    /// Energy into the site, kWh; none where a meter that lets it in is not known.
    pub input_kwh: Option<f64>,
    /// Running hours of the generators; none without one, or where one is not known.
    pub diesel_hours: Option<f64>,
    /// Energy of the generators, kWh; none as the hours.
    pub diesel_kwh: Option<f64>,
    /// Diesel in litres; none as the hours.
    pub diesel_litres: Option<f64>,
    /// Its cost in the site's currency; none where some of it has no price.
    pub diesel_cost: Option<Decimal>,
    /// Solar energy, kWh; none without a solar meter, or where one is not known.
    pub solar_kwh: Option<f64>,
    /// Grid and diesel carbon less the solar offset, kg CO2; none where a source is not known.
    pub net_kg: Option<f64>,
    /// Share of the period backed by readings, 0 to 1: the least of the sources.
    pub coverage: f64,
    /// Names of the sources that are not known.
    pub unread: Vec<String>,
    /// The site as a whole.
    pub loss: Loss,
    /// The nodes, the costliest first.
    pub nodes: Vec<NodeLoss>,
    /// The days of the period that are over.
    pub days: Vec<Day>,
}

/// Energy into the site in one step of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InputStep {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// None where nothing is known.
    pub kwh: Option<f64>,
    /// Share of it backed by readings, 0 to 1.
    pub coverage: f64,
}

/// A figure of the overview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Energy into the site, kWh.
    Input,
    /// The same on a mean day, of the days that were read, kWh.
    InputPerDay,
    /// Loss of the site, kWh.
    Loss,
    /// Loss as a share of the input, per cent.
    LossShare,
    /// The part of the loss that is probably real, at the price of its time, in the site's currency.
    Saving,
    /// Running hours of the generators.
    DieselHours,
    /// Diesel, litres.
    DieselLitres,
    /// Its cost, in the site's currency.
    DieselCost,
    /// The same for a kWh of the generators.
    DieselCostPerKwh,
    /// Solar energy as a share of the input, per cent.
    SolarShare,
    /// Net carbon, kg CO2.
    NetCarbon,
}

impl Figure {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 11] = [
        Self::Input,
        Self::InputPerDay,
        Self::Loss,
        Self::LossShare,
        Self::Saving,
        Self::DieselHours,
        Self::DieselLitres,
        Self::DieselCost,
        Self::DieselCostPerKwh,
        Self::SolarShare,
        Self::NetCarbon,
    ];

    /// Whether it is a percentage, whose change is told in points.
    pub const fn is_share(self) -> bool {
        matches!(self, Self::LossShare | Self::SolarShare)
    }

    const fn is_of_loss(self) -> bool {
        matches!(self, Self::Loss | Self::LossShare | Self::Saving)
    }
}

/// A change against the period before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// Of an amount, in per cent of the one before.
    Percent(f64),
    /// Of a percentage, in points.
    Points(f64),
}

/// A figure in both periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    pub value: Option<f64>,
    pub before: Option<f64>,
    /// None where the two cannot be compared.
    pub change: Option<Change>,
}

/// A node with its loss in both periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ComparedNode<'a> {
    pub node: &'a NodeLoss,
    /// The same node in the period before; none where it was none, or none is compared with.
    pub before: Option<&'a Loss>,
    /// Its loss less the one before; none where the two cannot be compared.
    pub change: Option<LossChange>,
}

/// The nodes that both periods know.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CommonLoss {
    pub nodes: usize,
    /// Their loss, kWh.
    pub kwh: f64,
    /// Their loss in the period before, kWh.
    pub before_kwh: f64,
}

/// A reason why a comparison is not whole.
#[derive(Debug, Clone, PartialEq)]
pub enum Gap {
    /// Nothing of the period before was read.
    NothingBefore,
    /// The site was read from this day of the period before on.
    Begins(NaiveDate),
    /// The sources were read for this share of a period alone, 0 to 1.
    Partly { is_before: bool, coverage: f64 },
    /// Energy of these sources is not known in a period.
    Unread { is_before: bool, names: Vec<String> },
    /// The loss of a period leaves these nodes out.
    LeftOut { is_before: bool, names: Vec<String> },
    /// These nodes are none of the period before.
    NewNodes(Vec<String>),
    /// These nodes are none of this period.
    GoneNodes(Vec<String>),
}

impl PeriodFigures {
    /// A figure; none where it is not known.
    pub fn value(&self, figure: Figure) -> Option<f64> {
        let share = |kwh: Option<f64>| {
            let input = self.input_kwh.filter(|input| *input > 0.0)?;
            Some(kwh? / input * 100.0)
        };
        match figure {
            Figure::Input => self.input_kwh,
            Figure::InputPerDay => self.mean_day().map(|(_, kwh)| kwh),
            Figure::Loss => self.loss.kwh,
            Figure::LossShare => self.loss.percent,
            Figure::Saving => self.loss.saving.and_then(|saving| saving.cost?.to_f64()),
            Figure::DieselHours => self.diesel_hours,
            Figure::DieselLitres => self.diesel_litres,
            Figure::DieselCost => self.diesel_cost.and_then(|cost| cost.to_f64()),
            Figure::DieselCostPerKwh => self.diesel_cost_per_kwh().and_then(|cost| cost.to_f64()),
            Figure::SolarShare => share(self.solar_kwh),
            Figure::NetCarbon => self.net_kg,
        }
    }

    /// Cost of a kWh of the generators, in the site's currency; none where they gave none, or some of their diesel has
    /// no price.
    pub fn diesel_cost_per_kwh(&self) -> Option<Decimal> {
        cost_per_kwh(self.diesel_cost, self.diesel_kwh)
    }

    /// How many of its days were read, and the energy into the site on a mean one of them, kWh; none
    /// where no day was.
    pub fn mean_day(&self) -> Option<(usize, f64)> {
        let read = self.days.iter().filter(|day| day.coverage >= COMPARABLE);
        let read: Vec<f64> = read.filter_map(|day| Some(day.energy?.kwh())).collect();
        (!read.is_empty()).then(|| (read.len(), read.iter().sum::<f64>() / read.len() as f64))
    }

    /// Whether enough of it is known for this figure to be compared.
    fn is_comparable(&self, figure: Figure) -> bool {
        match figure {
            Figure::InputPerDay => true,
            _ if figure.is_of_loss() => {
                self.loss.coverage >= COMPARABLE && self.loss.left_out.is_empty()
            }
            _ => self.coverage >= COMPARABLE,
        }
    }

    fn is_whole(&self) -> bool {
        self.coverage >= COMPARABLE && self.unread.is_empty()
    }
}

impl PeriodOverview {
    /// A figure in both periods.
    pub fn compare(&self, figure: Figure) -> Compared {
        let (now, before) = (&self.now, self.before.as_ref());
        let value = now.value(figure);
        let change = before.filter(|before| {
            now.is_comparable(figure) && before.is_comparable(figure) && before.is_read
        });
        let change = change.and_then(|before| change_of(figure, value?, before.value(figure)?));
        Compared { value, before: before.and_then(|before| before.value(figure)), change }
    }

    /// The steps beside those of the period before.
    pub fn pairs(&self) -> Pairs<'_, InputStep> {
        self.shown.pair(&self.steps, &self.steps_before, |step| step.from)
    }

    /// The nodes of the period, each beside itself in the period before.
    pub fn nodes(&self) -> impl Iterator<Item = ComparedNode<'_>> {
        self.now.nodes.iter().map(move |node| {
            let same = |other: &&NodeLoss| other.id == node.id;
            let before = self.before.as_ref().and_then(|before| before.nodes.iter().find(same));
            let before = before.map(|before| &before.loss);
            let change = before.and_then(|before| node.loss.change_from(before));
            ComparedNode { node, before, change }
        })
    }

    /// The loss of the nodes that both periods know, where the loss of the site cannot be compared.
    pub fn common_loss(&self) -> Option<CommonLoss> {
        if self.before.is_none() || self.compare(Figure::Loss).change.is_some() {
            return None;
        }
        let both = self.nodes().filter(|node| node.change.is_some());
        let both = both.filter_map(|it| Some((it.node.loss.kwh?, it.before?.kwh?)));
        let sum = both.fold((0, 0.0, 0.0), |(nodes, now, before), (kwh, earlier)| {
            (nodes + 1, now + kwh, before + earlier)
        });
        let (nodes, kwh, before_kwh) = sum;
        (nodes > 0).then_some(CommonLoss { nodes, kwh, before_kwh })
    }

    /// All that keeps the comparison from being whole; nothing where none is asked for.
    pub fn gaps(&self) -> Vec<Gap> {
        let Some(before) = &self.before else { return Vec::new() };
        if !before.is_read {
            return vec![Gap::NothingBefore];
        }
        let mut gaps = Vec::new();
        for (is_before, figures) in [(false, &self.now), (true, before)] {
            if figures.is_whole() {
                continue;
            }
            let first = figures.days.first().map(|day| day.date);
            let begun = figures.days.iter().find(|day| day.energy.is_some()).map(|day| day.date);
            let late = begun.filter(|begun| is_before && first.is_some_and(|first| *begun > first));
            gaps.extend(late.map(Gap::Begins));
            if figures.coverage < COMPARABLE {
                gaps.push(Gap::Partly { is_before, coverage: figures.coverage });
            }
            if !figures.unread.is_empty() {
                gaps.push(Gap::Unread { is_before, names: figures.unread.clone() });
            }
        }
        for (is_before, figures) in [(false, &self.now), (true, before)] {
            if !figures.loss.left_out.is_empty() {
                gaps.push(Gap::LeftOut { is_before, names: figures.loss.left_out.clone() });
            }
        }
        let new = names_without(&self.now.nodes, &before.nodes);
        let gone = names_without(&before.nodes, &self.now.nodes);
        gaps.extend((!new.is_empty()).then_some(Gap::NewNodes(new)));
        gaps.extend((!gone.is_empty()).then_some(Gap::GoneNodes(gone)));
        gaps
    }
}

/// A change; none of an amount against nothing, or across zero.
fn change_of(figure: Figure, value: f64, before: f64) -> Option<Change> {
    if figure.is_share() {
        return Some(Change::Points(value - before));
    }
    let is_told = before > 0.0 && value >= 0.0;
    is_told.then(|| Change::Percent((value / before - 1.0) * 100.0))
}

/// Names of the nodes that are not among others.
fn names_without(nodes: &[NodeLoss], others: &[NodeLoss]) -> Vec<String> {
    let is_missing = |node: &&NodeLoss| others.iter().all(|other| other.id != node.id);
    nodes.iter().filter(is_missing).map(|node| node.name.clone()).collect()
}

#[cfg(test)]
mod tests;
