//! When the meters of a site use how much.

mod columns;

use std::collections::HashMap;

use domain::MeterId;
use domain::energy::window::Window;
use domain::energy::{QUARTER, floor};
use domain::meters::Meter;
use domain::meters::hierarchy::Tree;
use domain::meters::view::Refused;
use domain::meters::view::heatmap::{By, Cell, Column, HeatmapPage, Row};
use domain::view::PeriodContext;
use storage::energy::StepsQuery;

use self::columns::Days;
use crate::energy::series::{self, Resolution};
use crate::pages::{Query, shown};
use crate::{Action, Core, Error, Principal, Service, energy};

/// Rows at first, and where all are asked for; of hours of the week fewer, since each has 168 cells.
const MOST_ROWS: usize = 40;
const MOST_OF_ALL: usize = 400;
const MOST_OF_WEEK: usize = 30;
/// Days of a year by ten years by as many meters as are shown.
const MOST_STEPS: u32 = 2_000_000;

/// What the meters counted, by meter and column.
type Cells = HashMap<MeterId, Vec<Cell>>;

/// The heat map of a site.
pub async fn heatmap(
    service: &Service,
    who: &Principal,
    query: &Query,
) -> Result<HeatmapPage, Error> {
    let shown = shown(service, who, Action::See, query).await?;
    let by = query.get("by");
    let word = by.filter(|word| By::parse(word).is_none());
    let by = by.and_then(By::parse).unwrap_or_default();
    let tree = service.trees(&shown.site).await?.at_end(shown.window);
    let (open, refused) = open(query, &tree);
    let all = query.get("rows") == Some("all");
    let (mut rows, meters) = rows(&tree, open, all);
    rows.truncate(match (by, all) {
        (By::Week, _) => MOST_OF_WEEK,
        (By::Hour | By::Day, true) => MOST_OF_ALL,
        (By::Hour | By::Day, false) => MOST_ROWS,
    });
    let (grain, columns) = columns::of(&shown, by);
    let ids: Vec<MeterId> = rows.iter().map(|row| row.id).collect();
    let mut cells = match by {
        By::Day => by_days(service, &shown, &ids, &columns).await?,
        By::Hour | By::Week => by_hours(service, &shown, &ids, by, columns.len()).await?,
    };
    for row in &mut rows {
        row.cells = cells.remove(&row.id).unwrap_or_default();
    }
    let refused = word.map(|word| Refused::Word(word.to_owned())).or(refused);
    Ok(HeatmapPage { shown, by, grain, columns, rows, meters, all, refused })
}

fn open(query: &Query, tree: &Tree) -> (Option<MeterId>, Option<Refused>) {
    let Some(word) = query.get("open").filter(|word| *word != "top") else { return (None, None) };
    let Ok(id) = word.parse().map(MeterId) else {
        return (None, Some(Refused::Word(word.to_owned())));
    };
    match tree.get(id) {
        None => (None, Some(Refused::Meter(word.to_owned()))),
        Some(meter) if !tree.is_node(id) => (None, Some(Refused::NothingBelow(meter.name.clone()))),
        Some(_) => (Some(id), None),
    }
}

/// The meters in the order of the tree, without cells, and how many there are in all. At first those
/// that others hang below, sources, and what hangs below the open one.
fn rows(tree: &Tree, open: Option<MeterId>, all: bool) -> (Vec<Row>, usize) {
    let meters = tree.roots().flat_map(|root| tree.subtree(root.id));
    let meters: Vec<&Meter> = meters.filter(|meter| meter.retired_at.is_none()).collect();
    let is_wanted = |meter: &&&Meter| {
        let is_open = open.is_some() && meter.parent == open;
        all || is_open || meter.feeds_parent || tree.is_node(meter.id) || tree.is_root(meter)
    };
    let row = |meter: &&Meter| {
        let loads = tree.children(meter.id).filter(|child| !tree.is_node(child.id));
        Row {
            id: meter.id,
            name: meter.name.clone(),
            kind: meter.meter_type.source_kind(),
            depth: tree.ancestors(meter.id).count(),
            below: loads.filter(|child| !child.feeds_parent).count(),
            is_open: all || open == Some(meter.id),
            cells: Vec::new(),
        }
    };
    (meters.iter().filter(is_wanted).map(row).collect(), meters.len())
}

/// Sums of the days, from the days that the rollup keeps.
async fn by_days(
    core: &Core,
    shown: &PeriodContext,
    ids: &[MeterId],
    columns: &[Column],
) -> Result<Cells, Error> {
    let days = Days::of(shown, columns);
    let steps =
        series::load(core, &shown.site, ids, shown.window, Resolution::Day, MOST_STEPS).await?;
    let mut found: HashMap<MeterId, Vec<Option<(f64, f64)>>> = HashMap::new();
    for step in steps {
        let Some(at) = days.column(shown.site.date_at(step.start)) else { continue };
        let row = found.entry(step.counted.meter).or_insert_with(|| vec![None; columns.len()]);
        let (kwh, covered_s) = row[at].get_or_insert((0.0, 0.0));
        *kwh += step.counted.import_kwh;
        *covered_s += step.coverage * (step.end - step.start).as_seconds_f64();
    }
    let cells = |id: &MeterId| {
        let row = found.remove(id).unwrap_or_else(|| vec![None; columns.len()]);
        (*id, row.into_iter().zip(&days.seconds).map(|(sum, s)| cell(sum, *s)).collect())
    };
    Ok(ids.iter().map(cells).collect())
}

/// Mean power of the hours, of all quarter-hours at once.
async fn by_hours(
    core: &Core,
    shown: &PeriodContext,
    ids: &[MeterId],
    by: By,
    columns: usize,
) -> Result<Cells, Error> {
    let of_week = by == By::Week;
    // The quarter-hour that is under way has no mean yet.
    let to = floor(shown.window.to, QUARTER).unwrap_or(shown.window.to);
    let window = Window { from: shown.window.from, to };
    energy::caught_up(core, &shown.site, ids, window).await?;
    let zone = shown.site.zone.name();
    let asked = StepsQuery { meters: ids, from: window.from, to, limit: MOST_STEPS };
    let slots = storage::energy::slots(core.pool(), asked, zone, of_week).await?;
    let expected = columns::quarters(&shown.site, window, of_week, columns);
    let empty: Vec<Cell> =
        expected.iter().map(|&quarters| cell(None, f64::from(quarters))).collect();
    let mut cells: Cells = ids.iter().map(|id| (*id, empty.clone())).collect();
    for slot in slots.into_iter().filter(|slot| slot.backed > 0.0) {
        let at = slot.hour() as usize;
        let row = cells.get_mut(&slot.meter()).and_then(|row| row.get_mut(at));
        if let (Some(cell), Some(&expected)) = (row, expected.get(at)) {
            let mean_kw = slot.import_kwh / (slot.backed / 4.0);
            let share = slot.covered / f64::from(expected).max(1.0);
            *cell = Cell::Known(mean_kw, share.clamp(0.0, 1.0));
        }
    }
    Ok(cells)
}

/// A cell from what was counted and covered of as long as has come.
fn cell(sum: Option<(f64, f64)>, come: f64) -> Cell {
    match sum {
        Some((kwh, covered)) if come > 0.0 => Cell::Known(kwh, (covered / come).clamp(0.0, 1.0)),
        _ if come > 0.0 => Cell::Gap,
        _ => Cell::Ahead,
    }
}
