//! What flows make of nodes, and of the whole site.

use chrono::{DateTime, TimeDelta, Utc};
use num_traits::{Signed as _, Zero as _};

use crate::exact::{Exact, exact, float, ratio};
use crate::model::Truth;
use crate::model::carbon::sources;
use crate::model::flow::{Flow, GAP, Window, flow};
use crate::model::truth::Metered;

/// The balance of a node in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Balance {
    /// Into it, kWh.
    pub source: Exact,
    /// Out of it, kWh.
    pub destination: Exact,
    /// What of both is counted by meters with nothing above them and nothing below, kWh.
    pub alone: Exact,
    /// Whether something of its meters is not known; none where that hangs on a minute.
    pub is_incomplete: Option<bool>,
    /// Half of the error band, kWh; none where an end of the window is uncertain.
    pub error: Option<f64>,
}

impl Balance {
    /// Of two windows that follow each other.
    fn then(self, next: Self) -> Self {
        Self {
            source: self.source + next.source,
            destination: self.destination + next.destination,
            alone: self.alone + next.alone,
            is_incomplete: either(self.is_incomplete, next.is_incomplete),
            error: self.error.zip(next.error).map(|(a, b)| a + b),
        }
    }

    /// In less out.
    pub fn loss(&self) -> Exact {
        &self.source - &self.destination
    }

    /// Per cent of what went in and is balanced.
    pub fn percent(&self) -> Option<Exact> {
        let input = &self.source - &self.alone;
        input.is_positive().then(|| self.loss() / input * ratio(100, 1))
    }

    /// What it says; none where that hangs on what is uncertain.
    pub fn verdict(&self) -> Option<&'static str> {
        if self.is_incomplete? {
            return Some("incomplete");
        }
        let (loss, error) = (float(&self.loss()), self.error?);
        let near = (loss.abs() - error).abs() <= 1e-9 * error.max(1.0);
        if near {
            return None;
        }
        Some(match loss {
            _ if loss.abs() <= error => "within_error",
            _ if loss > 0.0 => "loss",
            _ => "negative",
        })
    }
}

/// The instants inside a window at which something was moved.
fn moves(truth: &Truth, window: Window) -> Vec<DateTime<Utc>> {
    let places = truth.meters.iter().flat_map(|metered| &metered.places);
    let mut moves: Vec<_> = places
        .filter_map(|(since, _)| *since)
        .filter(|at| window.0 < *at && *at < window.1)
        .collect();
    moves.sort_unstable();
    moves.dedup();
    moves
}

/// The window cut where something was moved.
pub fn pieces(truth: &Truth, window: Window) -> Vec<Window> {
    let moves = moves(truth, window);
    let starts = std::iter::once(window.0).chain(moves.iter().copied());
    let ends = moves.iter().copied().chain([window.1]);
    starts.zip(ends).collect()
}

/// The meters below another just before an instant.
pub fn children(truth: &Truth, node: usize, before: DateTime<Utc>) -> Vec<usize> {
    let below = |place: &usize| truth.meters[*place].parent_before(before) == Some(node);
    (0..truth.meters.len()).filter(below).collect()
}

/// The window cut where something changed that a figure rests on, which is asked for just before an instant.
fn cut<T: PartialEq>(
    truth: &Truth,
    window: Window,
    rests_on: impl Fn(DateTime<Utc>) -> T,
) -> Vec<Window> {
    let mut all: Vec<(Window, (T, Vec<_>))> = Vec::new();
    for piece in pieces(truth, window) {
        let now = (rests_on(piece.1), sources(truth, piece.1));
        match all.last_mut() {
            Some((last, before)) if *before == now => last.1 = piece.1,
            _ => all.push((piece, now)),
        }
    }
    all.into_iter().map(|(piece, _)| piece).collect()
}

/// The meters above another, the nearest first.
fn above(truth: &Truth, node: usize, before: DateTime<Utc>) -> Vec<usize> {
    let parent = |place: &usize| truth.meters[*place].parent_before(before);
    std::iter::successors(parent(&node), parent).collect()
}

/// The window of a node, cut where something was moved below it or above, or where another meter became a source.
pub fn pieces_of_node(truth: &Truth, node: usize, window: Window) -> Vec<Window> {
    cut(truth, window, |at| (children(truth, node, at), above(truth, node, at)))
}

/// Balance of a node; none where nothing hung below it.
pub fn of_node(truth: &Truth, node: usize, window: Window) -> Option<Balance> {
    let balanced = pieces_of_node(truth, node, window).into_iter().filter_map(|piece| {
        let children = children(truth, node, piece.1);
        (!children.is_empty()).then(|| of_piece(truth, node, &children, piece))
    });
    balanced.reduce(Balance::then)
}

fn of_piece(truth: &Truth, node: usize, children: &[usize], window: Window) -> Balance {
    let enters = |child: &usize| (*child, truth.meters[*child].meter.feeds);
    let parts = std::iter::once((node, true)).chain(children.iter().map(enters));
    of_parts(truth, parts, window)
}

/// Of meters, each with whether its import goes in.
fn of_parts(truth: &Truth, parts: impl Iterator<Item = (usize, bool)>, window: Window) -> Balance {
    let parts: Vec<(usize, bool, Option<Flow>)> =
        parts.map(|(place, enters)| (place, enters, flow(&truth.meters[place], window))).collect();
    let known = || parts.iter().filter_map(|(_, _, flow)| flow.as_ref()).map(|flow| flow.known);
    let first = known().map(|(from, _)| from).min();
    let told = || parts.iter().filter_map(|(_, _, flow)| flow.as_ref()).map(|flow| flow.told_to);
    let is_told = told().all(|to| to.is_some());
    let last = told().flatten().max();
    // A meter that lacks more than a quarter-hour or so that the others have is silent, however seldom it
    // is read, and so is one of which as much is not believed, or all.
    let silent = |flow: &Flow| {
        let late = first.map(|first| flow.known.0 - first);
        let early = last.zip(flow.told_to).map(|(last, to)| last - to);
        let lacking = [late, early, Some(flow.unknown)].into_iter().flatten();
        let is_all = (flow.unknown >= flow.known.1 - flow.known.0).then_some(true);
        lacking.map(is_long).chain(is_all.map(Some)).reduce(either)?
    };
    let mut sum = Sum { is_incomplete: Some(false), ..Sum::default() };
    for (place, enters, flow) in &parts {
        match flow {
            Some(flow) => {
                sum.is_incomplete = either(sum.is_incomplete, silent(flow));
                sum.add(truth, *place, flow, *enters);
            }
            None => sum.is_incomplete = Some(true),
        }
    }
    let even = known().all(|(from, _)| Some(from) == first) && told().all(|to| to == last);
    let is_incomplete = if is_told { sum.is_incomplete } else { either(sum.is_incomplete, None) };
    Sum { is_incomplete, ..sum }.finish(even)
}

/// Whether a meter lacks more than it may; none where that hangs on how often it is read, which is learned
/// from readings that come a little early and late.
fn is_long(lack: TimeDelta) -> Option<bool> {
    const SURELY: TimeDelta = TimeDelta::minutes(22);
    const HARDLY: TimeDelta = TimeDelta::minutes(13);
    let is_near = HARDLY < lack && lack < SURELY;
    (!is_near).then_some(lack > GAP)
}

/// Whether one of two holds, or it is not certain of either.
fn either(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (a, b) => Some(a? || b?),
    }
}

#[derive(Default)]
struct Sum {
    source: Exact,
    destination: Exact,
    variance: Exact,
    is_incomplete: Option<bool>,
    is_open: bool,
}

impl Sum {
    fn add(&mut self, truth: &Truth, place: usize, flow: &Flow, enters: bool) {
        let meter = &truth.meters[place].meter;
        let (into, out) =
            if enters { (&flow.import, &flow.export) } else { (&flow.export, &flow.import) };
        self.source += into;
        self.destination += out;
        let share = exact(meter.class.unwrap_or(1.0)) / ratio(100, 1);
        let of_class = share * (&flow.import + &flow.export);
        // What is finer than its readings show to a thousandth of a kWh widens nothing.
        let stated = meter.step_kwh.filter(|_| !meter.learned);
        let step = stated.map_or_else(Exact::zero, exact);
        self.variance += &of_class * &of_class + &step * &step / ratio(6, 1);
        self.is_open |= flow.is_open;
    }

    fn finish(self, even: bool) -> Balance {
        let is_certain = even && !self.is_open;
        Balance {
            source: self.source,
            destination: self.destination,
            alone: Exact::zero(),
            is_incomplete: self.is_incomplete,
            error: is_certain.then(|| float(&self.variance).sqrt()),
        }
    }
}

/// Balance of the whole site: what stands at its top and what feeds goes in, what stands at its bottom
/// comes out, the rest cancels. Of a meter that stands by itself nothing is lost.
pub fn of_site(truth: &Truth, window: Window) -> Balance {
    let pieces = cut(truth, window, |at| boundary(truth, at)).into_iter();
    let pieces = pieces.map(|piece| of_boundary(truth, piece));
    // A window has at least one piece.
    pieces.reduce(Balance::then).unwrap_or_else(|| of_boundary(truth, window))
}

/// A meter where energy comes into a site or leaves it.
#[derive(Debug, Clone, PartialEq)]
struct End {
    place: usize,
    enters: bool,
    is_node: bool,
    is_alone: bool,
}

/// The boundary of a site just before an instant.
fn boundary(truth: &Truth, before: DateTime<Utc>) -> Vec<End> {
    let end = |(place, metered): (usize, &Metered)| {
        let is_root = metered.parent_before(before).is_none();
        let is_node = !children(truth, place, before).is_empty();
        let enters = is_root || metered.meter.feeds;
        let is_alone = is_root && !is_node;
        (enters || !is_node).then_some(End { place, enters, is_node, is_alone })
    };
    truth.meters.iter().enumerate().filter_map(end).collect()
}

fn of_boundary(truth: &Truth, window: Window) -> Balance {
    let (alone, ends): (Vec<End>, Vec<End>) =
        boundary(truth, window.1).into_iter().partition(|end| end.is_alone);
    let import = |end: &End| {
        flow(&truth.meters[end.place], window).map_or_else(Exact::zero, |flow| flow.import)
    };
    let alone = alone.iter().map(import).fold(Exact::zero(), |sum, import| sum + import);
    let whole = of_parts(truth, ends.iter().map(|end| (end.place, end.enters)), window);
    let (source, destination) = (whole.source + &alone, whole.destination + &alone);
    Balance { source, destination, alone, ..whole }
}

/// Whether a type of meter is a plain load.
pub fn is_load(kind: &str) -> bool {
    !["Grid", "DG", "Solar", "Battery"].contains(&kind)
}
