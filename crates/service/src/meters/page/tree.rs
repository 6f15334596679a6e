//! The page of all meters, and what is selected on it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::MeterId;
use domain::energy::refusal::EnergyRefusal;
use domain::language::Language;
use domain::live::{MeterCard, Snapshot};
use domain::meters::view::selected::{Child, LossLine, Node, SelectedPage};
use domain::meters::view::{MetersPage, first};

use crate::live::SiteLive;
use crate::meters::page::{channels, consumption};
use crate::pages::{Query, look, shown};
use crate::{Action, Error, Principal, Service};

/// More meters than this are not asked for at once.
const MOST: usize = 500;

/// What meters counted in the period: of those that are asked for, or else of the first rows.
pub async fn meters(
    service: &Service,
    who: &Principal,
    query: &Query,
    asked: &[MeterId],
    language: Language,
) -> Result<MetersPage, Error> {
    who.require_somewhere(Action::See)?;
    if asked.len() > MOST {
        return Err(Error::invalid("meters", EnergyRefusal::TooManyMeters { most: MOST }));
    }
    let shown = shown(service, who, Action::See, query).await?;
    let mut tree = consumption::Tree::load(service, &shown, query, language).await?;
    let cards = look(service.live(), shown.site.id, SiteLive::cards)?;
    let mut page = MetersPage {
        counted: Vec::new(),
        others: tree.others(&cards),
        period: shown.period.label(shown.today(), language),
        unit: tree.unit(&shown),
    };
    let rows = if asked.is_empty() { first(cards.clone(), &page.others()) } else { asked.into() };
    let small = page.others.iter().flat_map(|small| small.meters.iter());
    let priced: Vec<_> = rows.iter().chain(small).copied().take(MOST).collect();
    if tree.price(service, &shown, &priced).await? {
        page.others = tree.others(&cards);
    }
    let by_id: HashMap<_, _> = cards.iter().map(|card| (card.id, card)).collect();
    look(service.live(), shown.site.id, |live| {
        let of = |id| Some(tree.of(by_id.get(&id)?, &live.power_line(id, shown.now)));
        page.counted = rows.into_iter().filter_map(of).collect();
    })?;
    Ok(page)
}

/// The meter that the address selects; none where it selects none that is there.
pub async fn selected(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<Option<SelectedPage>, Error> {
    let shown = shown(service, who, Action::See, query).await?;
    let Some(id) = query.number("meter").map(MeterId) else { return Ok(None) };
    let known = service.registry().known();
    let Some(meter) = known.trees.get(&shown.site.id).and_then(|tree| tree.get(id)) else {
        return Ok(None);
    };
    let accuracy_class = meter.accuracy_class;
    look(service.live(), shown.site.id, |live| {
        let snapshot = live.snapshot();
        let card = snapshot.card(id)?.clone();
        let parent = card.parent.and_then(|parent| snapshot.card(parent));
        let values = live.latest(id).map(|latest| channels(live, latest));
        Some(SelectedPage {
            accuracy_class,
            parent: parent.map(|parent| parent.name.clone()),
            value: snapshot.value(id)?.clone(),
            channels: values.unwrap_or_default(),
            power: live.power_line(id, shown.now),
            node: node(live, &snapshot, id, shown.now),
            shown,
            card,
        })
    })
}

fn node(live: &SiteLive, snapshot: &Snapshot, id: MeterId, now: DateTime<Utc>) -> Option<Node> {
    let balance = snapshot.node(id)?.balance.clone();
    let child = |card: &MeterCard| Child {
        name: card.name.clone(),
        feeds_parent: card.feeds_parent,
        kw: snapshot.value(card.id).and_then(|value| value.mean_kw),
    };
    let children = snapshot.meters.iter().filter(|card| card.parent == Some(id)).map(child);
    let steps = live.loss_steps(id, now);
    let known = || steps.iter().filter_map(|&(at, loss)| loss.map(|(kw, error)| (at, kw, error)));
    let losses: Vec<_> = known().collect();
    let step = domain::losses::diagnosis::step(&losses);
    Some(Node { balance, children: children.collect(), losses: LossLine { steps, step } })
}
