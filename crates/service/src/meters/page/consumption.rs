//! What the tree of meters shows of a period.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::MeterId;
use domain::energy::refusal::EnergyRefusal;
use domain::figures::{about, currency_sign, fixed};
use domain::language::Language;
use domain::live::MeterCard;
use domain::losses::balance::Verdict;
use domain::meters::view::{Counted, LossTexts, Small};
use domain::meters::{Meter, SourceKind};
use domain::view::{COMPARABLE, PeriodContext};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::bills::energy_cost::Costs;
use crate::carbon::Ledger;
use crate::energy::window_energy::WindowEnergy;
use crate::losses::page::Losses;
use crate::losses::power_loss::LossView;
use crate::pages::Query;
use crate::{Core, Error, Service, request_cache};

/// A node that lost at least this part of all losses is set off from the others.
const MAJOR_SHARE: f64 = 0.25;
/// A period that is known to this part is not remarked on.
const COMPLETE: f64 = 0.995;
/// A child that took less than this part of what went into its node is small.
const SMALL: f64 = 0.04;
/// So many children of a node are shown by themselves, however small.
const LEAST_SHOWN: usize = 3;
/// Fewer small children than this are not taken together.
const LEAST_SMALL: usize = 3;
/// What stands where nothing is known.
const UNKNOWN: &str = "\u{2013}";

/// In what the figures of the period are given.
enum Measure {
    Energy,
    /// What it cost, once that was asked for.
    Cost(Option<Costs>),
    /// Carbon at what a kWh of the site's input emitted, where that is known.
    Carbon(Option<f64>),
}

/// What meters counted in a period.
pub(crate) struct Tree {
    losses: Losses,
    /// The period before, when that is compared with.
    before: Option<Arc<WindowEnergy>>,
    ledger: Ledger,
    measure: Measure,
    lost: f64,
    language: Language,
}

impl Tree {
    pub(crate) async fn load(
        service: &Service,
        shown: &PeriodContext,
        query: &Query,
        language: Language,
    ) -> Result<Self, Error> {
        let before = async {
            if shown.period.compares() {
                let before = request_cache::window_energy(service, &shown.site, shown.before);
                before.await.map(Some)
            } else {
                Ok(None)
            }
        };
        let now = async {
            let figures = request_cache::window_energy(service, &shown.site, shown.window).await?;
            let losses = Losses::over(service, Arc::clone(&figures));
            tokio::try_join!(losses, Ledger::load(service, &figures))
        };
        let ((losses, ledger), before) = tokio::try_join!(now, before)?;
        let measure = match query.get("show").unwrap_or("energy") {
            "energy" => Measure::Energy,
            "cost" => Measure::Cost(None),
            "co2" => Measure::Carbon(intensity(&ledger)),
            other => {
                let show = other.to_owned();
                return Err(Error::invalid("show", EnergyRefusal::NoShow { show }));
            }
        };
        let lost = losses.figures.whole().balance.loss.map_or(0.0, |loss| loss.0);
        Ok(Self { losses, before, ledger, measure, lost, language })
    }

    /// Asks what the energy of the meters that are shown cost, where the page is about that; answers
    /// whether it is.
    pub(crate) async fn price(
        &mut self,
        core: &Core,
        shown: &PeriodContext,
        meters: &[MeterId],
    ) -> Result<bool, Error> {
        let Measure::Cost(costs) = &mut self.measure else { return Ok(false) };
        *costs = Some(Costs::load(core, &shown.site, meters, shown.window).await?);
        Ok(true)
    }

    /// The unit of the figures.
    pub(crate) fn unit(&self, shown: &PeriodContext) -> String {
        match self.measure {
            Measure::Energy => "kWh".to_owned(),
            Measure::Cost(_) => currency_sign(&shown.site.currency).to_owned(),
            Measure::Carbon(_) => "kg".to_owned(),
        }
    }

    /// The texts of one meter, with its line of the last 24 hours.
    pub(crate) fn of(&self, card: &MeterCard, line: &[Option<f64>]) -> Counted {
        let kwh = self.kwh(card.id);
        let mut badges = self.badges(card);
        badges.extend(self.stands_aside(card).map(|class| (class, String::new())));
        if self.runs_backwards(card) {
            badges.push(("badge badge-warn", String::new()));
        }
        let known = self.losses.figures.known(card.id);
        let coverage = known.map_or(0.0, |known| known.energy.coverage);
        if kwh.is_some() && coverage < COMPLETE {
            badges.push(("badge badge-gap", self.text(Some(coverage * 100.0), 0)));
        }
        badges.extend(self.change(card.id).map(|text| ("badge badge-change", text)));
        let energy = self.figure(self.own(card, kwh));
        Counted::new(card.id, energy, self.loss(card.id), line, badges)
    }

    /// Change of its energy against the period before, in per cent with its sign; none where one of the two
    /// was read for too little, or in another measure.
    fn change(&self, id: MeterId) -> Option<String> {
        let is_energy = matches!(self.measure, Measure::Energy);
        let before = self.before.as_ref().filter(|_| is_energy)?.known(id)?.energy;
        let now = self.losses.figures.known(id)?.energy;
        let is_read = now.coverage >= COMPARABLE && before.coverage >= COMPARABLE;
        let is_told = is_read && before.import.0 > 0.0;
        let percent = (now.import.0 / before.import.0 - 1.0) * 100.0;
        let sign = if percent > 0.0 { "+" } else { "" };
        is_told.then(|| self.language.marks(format!("{sign}{}", fixed(percent, 1))))
    }

    fn kwh(&self, id: MeterId) -> Option<f64> {
        self.losses.figures.known(id).map(|known| known.energy.import.0)
    }

    fn view(&self, id: MeterId) -> Option<&LossView> {
        self.losses.views.iter().find(|view| view.parent_id == id)
    }

    /// Energy of a meter in the measure of the page.
    fn measured(&self, id: MeterId, kwh: Option<f64>) -> Option<f64> {
        match &self.measure {
            Measure::Energy => kwh,
            Measure::Cost(costs) => costs.as_ref()?.of(id, kwh?),
            Measure::Carbon(per_kwh) => Some(kwh? * (*per_kwh)?),
        }
    }

    /// What a meter counted in the measure of the page. A source has its own carbon.
    fn own(&self, card: &MeterCard, kwh: Option<f64>) -> Option<f64> {
        match (&self.measure, card.kind) {
            (Measure::Carbon(_), SourceKind::Grid | SourceKind::Solar | SourceKind::Diesel) => {
                self.ledger.fuel_and_carbon(card.id).1
            }
            _ => self.measured(card.id, kwh),
        }
    }

    /// Litres and carbon of a source.
    fn badges(&self, card: &MeterCard) -> Vec<(&'static str, String)> {
        let class = match card.kind {
            SourceKind::Grid => "badge badge-grid",
            SourceKind::Solar => "badge badge-solar",
            SourceKind::Diesel => "badge badge-diesel",
            SourceKind::Battery | SourceKind::Load => return Vec::new(),
        };
        let (litres, kg) = self.ledger.fuel_and_carbon(card.id);
        let badge = |value: Option<f64>, unit: &str| {
            Some((class, format!("{} {unit}", self.language.marks(about(value?)))))
        };
        [badge(litres, "L"), badge(kg, "kg")].into_iter().flatten().collect()
    }

    /// What is said of a meter that no total counts.
    fn stands_aside(&self, card: &MeterCard) -> Option<&'static str> {
        let is_placed = self.losses.figures.tree().get(card.id).is_none_or(Meter::is_placed);
        match (card.is_aside, is_placed) {
            (false, _) => None,
            (true, false) => Some("badge badge-unplaced"),
            (true, true) => Some("badge badge-repeat"),
        }
    }

    /// Whether a meter may count the wrong way round: it delivers where it should draw, and its node does
    /// not close with that, as it does over a roof with solar panels; or it is a source that is balanced
    /// as a load of a node that gives out more than goes in.
    fn runs_backwards(&self, card: &MeterCard) -> bool {
        let Some(parent) = card.parent else { return false };
        let energy = self.losses.figures.known(card.id).map(|known| known.energy);
        let verdict = self.view(parent).map(|view| view.verdict);
        match card.kind {
            SourceKind::Load if !card.feeds_parent => {
                matches!(verdict, Some(Verdict::Loss | Verdict::Negative))
                    && energy.is_some_and(|it| it.export.0 > it.import.0.max(0.1))
            }
            SourceKind::Solar | SourceKind::Diesel if !card.feeds_parent => {
                verdict == Some(Verdict::Negative)
            }
            _ => false,
        }
    }

    /// Loss and its share, and how it is set; nothing where nothing hangs below.
    fn loss(&self, id: MeterId) -> LossTexts {
        let Some(view) = self.view(id) else { return LossTexts::default() };
        let least = MAJOR_SHARE * self.lost;
        let is_major = self.lost > 0.0 && view.loss_kwh.is_some_and(|kwh| kwh >= least);
        let class = match view.verdict {
            Verdict::Loss if is_major => "is-loss",
            Verdict::Loss => "",
            Verdict::Negative => "is-negative",
            Verdict::WithinError | Verdict::Incomplete => "is-quiet",
        };
        let loss = match &self.measure {
            Measure::Cost(_) => view.cost.and_then(|cost: Decimal| cost.to_f64()),
            Measure::Energy | Measure::Carbon(_) => self.measured(id, view.loss_kwh),
        };
        LossTexts {
            loss: self.figure(loss),
            percent: self.text(view.loss_percent, 1),
            class,
            said: self.text(Some(view.error_kwh), 1),
        }
    }

    fn figure(&self, value: Option<f64>) -> String {
        self.text(value, 1)
    }

    fn text(&self, value: Option<f64>, places: usize) -> String {
        let text = value.map(|value| self.language.marks(fixed(value, places)));
        text.unwrap_or_else(|| UNKNOWN.to_owned())
    }

    /// The small children of each node: loads with nothing below them, which took next to nothing of what
    /// went into it. What is not known as a whole or looks wrong is not small.
    pub(crate) fn others(&self, cards: &[MeterCard]) -> Vec<Small> {
        let tree = self.losses.figures.tree();
        let is_shown: HashMap<_, _> = cards.iter().map(|card| (card.id, card)).collect();
        let small = |node: &Meter| {
            let whole = self.view(node.id)?.source_energy_kwh;
            let kwh = |card: &&MeterCard| {
                let known = self.losses.figures.known(card.id)?;
                let is_whole = known.energy.coverage >= COMPLETE;
                is_whole.then_some((card.id, known.energy.import.0))
            };
            let is_leaf = |card: &&MeterCard| {
                card.kind == SourceKind::Load
                    && !card.feeds_parent
                    && !tree.is_node(card.id)
                    && !self.runs_backwards(card)
            };
            let children = tree.children(node.id).filter_map(|child| is_shown.get(&child.id));
            let mut leaves: Vec<_> =
                children.copied().filter(is_leaf).filter_map(|c| kwh(&c)).collect();
            leaves.sort_by(|a, b| b.1.total_cmp(&a.1));
            let shown = tree.children(node.id).count() - leaves.len();
            let first = LEAST_SHOWN.saturating_sub(shown).min(leaves.len());
            let small = leaves.split_off(first);
            let small: Vec<_> = small.into_iter().filter(|(_, kwh)| *kwh < SMALL * whole).collect();
            (small.len() >= LEAST_SMALL).then(|| Small {
                parent: node.id,
                meters: in_order(cards, &small),
                energy: self
                    .figure(small.iter().map(|&(id, kwh)| self.measured(id, Some(kwh))).sum()),
            })
        };
        tree.nodes().filter_map(small).collect()
    }
}

/// The meters in the order of the tree.
fn in_order(cards: &[MeterCard], small: &[(MeterId, f64)]) -> Vec<MeterId> {
    let small: HashSet<_> = small.iter().map(|(id, _)| *id).collect();
    cards.iter().map(|card| card.id).filter(|id| small.contains(id)).collect()
}

/// What a kWh of the site's input emitted on average, kg; none where a source is not known.
fn intensity(ledger: &Ledger) -> Option<f64> {
    let kwh = ledger.entries().map(|entry| entry.kwh).sum::<Option<f64>>()?;
    let emitting = ledger.entries().filter(|entry| entry.kind != SourceKind::Solar);
    let kg = emitting.map(|entry| entry.kg).sum::<Option<f64>>()?;
    (kwh > 0.0).then_some(kg / kwh)
}
