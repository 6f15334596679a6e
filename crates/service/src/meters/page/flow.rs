//! Where energy flows through a site: of the period, or the mean power of the last quarter-hour that
//! all meters have reached.

use domain::energy::Energy;
use domain::losses::balance::{self, Balance};
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use domain::meters::view::Refused;
use domain::meters::view::flow::{Flow, FlowPage, Open, Point, Sums};
use domain::{Kwh, MeterId};

use crate::energy::window_energy::WindowEnergy;
use crate::live::Quarter;
use crate::pages::{Query, shown};
use crate::{Action, Error, Principal, Service, request_cache};

/// Quarter-hours of an hour: kWh of one as mean kW.
const PER_HOUR: f64 = 4.0;

/// The flow of a site.
pub async fn flow(service: &Service, who: &Principal, query: &Query) -> Result<FlowPage, Error> {
    let shown = shown(service, who, Action::See, query).await?;
    let is_live = query.get("flow") == Some("live");
    let (flow, until) = if is_live {
        let quarter = service.live().with(shown.site.id, |live| live.quarter(shown.now));
        let quarter = quarter.ok_or_else(|| Error::no_site(shown.site.id))?;
        (quarter.as_ref().map(of_quarter).unwrap_or_default(), quarter.map(|it| it.until))
    } else {
        let figures = request_cache::window_energy(service, &shown.site, shown.window).await?;
        (of_period(&figures), None)
    };
    let (open, refused) = open(query, &flow);
    let word = query.get("flow").filter(|word| !matches!(*word, "live" | "energy"));
    let refused = word.map(|word| Refused::Word(word.to_owned())).or(refused);
    Ok(FlowPage { shown, until, is_live, flow, open, refused })
}

/// What is to be unfolded.
fn open(query: &Query, flow: &Flow) -> (Open, Option<Refused>) {
    let Some(word) = query.get("open") else { return (Open::Nothing, None) };
    if word == "top" {
        return (Open::Top, None);
    }
    let refused = |refused: Refused| (Open::Nothing, Some(refused));
    let Ok(id) = word.parse().map(MeterId) else {
        return refused(Refused::Word(word.to_owned()));
    };
    match flow.path(id).as_deref().and_then(<[&Point]>::last) {
        None => refused(Refused::Meter(word.to_owned())),
        Some(point) if point.below.is_empty() => refused(Refused::NothingBelow(point.name.clone())),
        Some(_) => (Open::Below(id), None),
    }
}

/// What the facts of a meter become in the figure.
fn point(meter: &Meter, energy: Option<Energy>, scale: f64) -> Point {
    // The error of one meter is that of a balance that it stands in alone.
    let error = energy.map_or(0.0, |it| balance::of_node((meter, Some(it)), []).error.0);
    let import = energy.map(|energy| energy.import.0 * scale);
    Point {
        id: meter.id,
        name: meter.name.clone(),
        kind: meter.meter_type.source_kind(),
        level: meter.level,
        feeds: meter.feeds_parent,
        import,
        export: energy.map_or(0.0, |energy| energy.export.0 * scale),
        error: error * scale,
        step_kwh: meter.register_step_kwh,
        coverage: energy.map_or(0.0, |energy| energy.coverage),
        rank: import.unwrap_or(0.0),
        balance: None,
        below: Vec::new(),
    }
}

fn sums(tree: &Tree, balance: &Balance, unmetered: f64, scale: f64) -> Sums {
    let name = |id: &MeterId| tree.get(*id).map(|meter| meter.name.clone());
    Sums {
        source: balance.source.0 * scale,
        destination: balance.destination.0 * scale,
        unmetered: unmetered * scale,
        error: balance.error.0 * scale,
        verdict: balance.verdict,
        coverage: balance.coverage,
        missing: balance.missing.iter().filter_map(name).collect(),
    }
}

fn of_period(figures: &WindowEnergy) -> Flow {
    let tree = figures.tree();
    let root = |meter: &Meter| {
        let energy = figures.known(meter.id).map(|known| known.energy);
        let is_gone = meter.retired_at.is_some() && energy.is_none();
        (!is_gone).then(|| counted(figures, meter, energy))
    };
    let counted = tree.roots().filter(|root| !tree.is_aside(root.id));
    Flow { roots: counted.filter_map(root).collect() }
}

/// A meter with what hung below it in the period. One that has moved on stands at both places, each
/// with what it counted there, and what hangs below it at the later one.
fn counted(figures: &WindowEnergy, meter: &Meter, energy: Option<Energy>) -> Point {
    let tree = figures.tree();
    let below = figures.children(meter.id).into_iter().map(|(child, known)| {
        let energy = known.map(|known| known.energy);
        let now = tree.get(child.id).and_then(|child| child.parent);
        if now == Some(meter.id) {
            counted(figures, child, energy)
        } else {
            point(child, energy, 1.0)
        }
    });
    let balance = figures.balance(meter.id);
    Point {
        below: below.collect(),
        balance: balance.map(|node| sums(tree, &node.balance, node.unmetered.0, 1.0)),
        ..point(meter, energy, 1.0)
    }
}

fn of_quarter(quarter: &Quarter) -> Flow {
    let tree = &quarter.tree;
    let counted = tree.roots().filter(|root| !tree.is_aside(root.id));
    Flow { roots: counted.map(|root| powered(quarter, root)).collect() }
}

/// A meter with the mean power of it and of what hangs below it.
fn powered(quarter: &Quarter, meter: &Meter) -> Point {
    let energy = |id: MeterId| quarter.energy.get(&id).copied();
    let children = || quarter.tree.children(meter.id);
    let balance = quarter.tree.is_node(meter.id).then(|| {
        let children = children().map(|child| (child, energy(child.id)));
        let balance = balance::of_node((meter, energy(meter.id)), children);
        let load = quarter.unmetered.get(&meter.id).copied().unwrap_or(Kwh::ZERO);
        let balance = balance.with_unmetered(load);
        sums(&quarter.tree, &balance, load.0, PER_HOUR)
    });
    Point {
        rank: quarter.today.get(&meter.id).copied().unwrap_or(0.0),
        below: children().map(|child| powered(quarter, child)).collect(),
        balance,
        ..point(meter, energy(meter.id), PER_HOUR)
    }
}
