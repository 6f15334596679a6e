//! The plan of a plant: where its meters hang, north up, in metres.

use crate::MeterId;
use crate::live::Status;
use crate::losses::balance::Verdict;
use crate::meters::SourceKind;
use crate::view::PeriodContext;

/// Width of the plan.
pub const WIDTH: f64 = 640.0;
/// Its least and greatest height.
const HEIGHTS: (f64, f64) = (240.0, 470.0);
/// Room around the meters.
const MARGIN: f64 = 44.0;
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_195.0;
/// No metre is wider than this.
const MOST_PX_PER_M: f64 = 6.0;
/// Markers are at least this far apart: meters in one cabinet are moved aside.
const APART: f64 = 11.0;
/// Radius of a marker without power and with the most.
const RADII: (f64, f64) = (4.0, 11.0);
/// Width of a letter and height of a line.
const LETTER: (f64, f64) = (6.3, 14.0);
/// The longest scale bar.
const LONGEST_BAR: f64 = 150.0;
/// As many meters are drawn, those with the most power.
pub const MOST_MARKERS: usize = 400;

/// A meter on the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Marker {
    pub id: MeterId,
    pub name: String,
    pub kind: SourceKind,
    /// The meter above it.
    pub parent: Option<MeterId>,
    /// Degrees north and east.
    pub at: (f64, f64),
    /// Its power, kW.
    pub power_kw: Option<f64>,
    /// Its connection.
    pub status: Status,
    /// Loss of the period in kWh and per cent, where meters hang below; neither where it is not complete.
    pub loss: Option<(Option<f64>, Option<f64>, Verdict)>,
}

/// The plan of a site.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanPage {
    /// The period and its site.
    pub shown: PeriodContext,
    /// Meters with a place, those with the most power first.
    pub markers: Vec<Marker>,
    /// Meters with a place that are too many to draw.
    pub too_many: usize,
    /// Meters without one, by id and name.
    pub without: Vec<(MeterId, String)>,
}

/// Where a marker stands, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    pub radius: f64,
    /// Left edge and baseline of its name; none where there is no room for it.
    pub label: Option<(f64, f64)>,
}

/// The plan in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub height: f64,
    /// The markers, in their order.
    pub placed: Vec<Placed>,
    /// From a meter to its parent, by their places in that order.
    pub links: Vec<(usize, usize)>,
    /// Length of the scale bar in metres and pixels.
    pub bar: (f64, f64),
}

impl Plan {
    /// Lays out markers.
    pub fn of(markers: &[Marker]) -> Self {
        let metres = metres(markers);
        let span = |of: fn(&(f64, f64)) -> f64| {
            let (low, high) = metres
                .iter()
                .map(of)
                .fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at), high.max(at)));
            if low <= high { (low, high) } else { (0.0, 0.0) }
        };
        let (x, y) = (span(|at| at.0), span(|at| at.1));
        let room =
            |pixels: f64, (low, high): (f64, f64)| (pixels - 2.0 * MARGIN) / (high - low).max(1e-9);
        let scale = room(WIDTH, x).min(room(HEIGHTS.1, y)).min(MOST_PX_PER_M);
        let height = ((y.1 - y.0) * scale + 2.0 * MARGIN).clamp(HEIGHTS.0, HEIGHTS.1);
        let middle = |(low, high): (f64, f64)| f64::midpoint(low, high);
        let wanted = metres.iter().map(|at| {
            let right = WIDTH / 2.0 + (at.0 - middle(x)) * scale;
            (right, height / 2.0 - (at.1 - middle(y)) * scale)
        });
        let most = markers.iter().filter_map(|marker| marker.power_kw).fold(0.0, f64::max);
        let mut placed: Vec<Placed> = Vec::with_capacity(markers.len());
        for (marker, wanted) in markers.iter().zip(wanted) {
            let (x, y) = aside(&placed, wanted, height);
            placed.push(Placed { x, y, radius: radius(marker, most), label: None });
        }
        label(markers, &mut placed, height);
        Self { height, links: links(markers), placed, bar: bar(scale) }
    }
}

/// East and north of the first meter. A plant is small: the Earth is flat there.
fn metres(markers: &[Marker]) -> Vec<(f64, f64)> {
    let Some(first) = markers.first() else { return Vec::new() };
    let shrink = first.at.0.to_radians().cos();
    let metre = |marker: &Marker| {
        // Over the meridian where the degrees begin anew, by the short way.
        let east = (marker.at.1 - first.at.1 + 540.0).rem_euclid(360.0) - 180.0;
        (east * shrink * DEGREE_M, (marker.at.0 - first.at.0) * DEGREE_M)
    };
    markers.iter().map(metre).collect()
}

/// The nearest place to the wanted one that no other marker takes, on a spiral around it.
fn aside(placed: &[Placed], (x, y): (f64, f64), height: f64) -> (f64, f64) {
    let is_free = |x: f64, y: f64| {
        let inside = (8.0..WIDTH - 8.0).contains(&x) && (8.0..height - 8.0).contains(&y);
        inside && placed.iter().all(|other| (other.x - x).hypot(other.y - y) >= APART)
    };
    let turn = |n: u32| {
        let (n, angle) = (f64::from(n), f64::from(n) * 2.4);
        let far = 6.5 * n.sqrt();
        (x + far * angle.cos(), y + far * angle.sin())
    };
    let mut turns = (0..4_000).map(turn);
    turns.find(|&(x, y)| is_free(x, y)).unwrap_or((x, y))
}

fn radius(marker: &Marker, most: f64) -> f64 {
    let share = marker.power_kw.filter(|_| most > 0.0).map_or(0.0, |kw| kw.max(0.0) / most);
    RADII.0 + (RADII.1 - RADII.0) * share.sqrt()
}

/// A box by its left, top, right and bottom.
type Box4 = (f64, f64, f64, f64);

fn overlap(a: &Box4, b: &Box4) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

/// Names of the largest first, each beside, below or above its marker where nothing else stands.
fn label(markers: &[Marker], placed: &mut [Placed], height: f64) {
    let disc = |at: &Placed| {
        let r = at.radius;
        (at.x - r, at.y - r, at.x + r, at.y + r)
    };
    let mut taken: Vec<Box4> = placed.iter().map(disc).collect();
    for (marker, at) in markers.iter().zip(placed.iter_mut()) {
        let letters = marker.name.chars().count() as f64;
        let (width, line) = (letters * LETTER.0, LETTER.1);
        let reach = at.radius + 3.0;
        let middle = at.y - line / 2.0;
        let corners = [
            (at.x + reach, middle),
            (at.x - reach - width, middle),
            (at.x - width / 2.0, at.y + reach),
            (at.x - width / 2.0, at.y - reach - line),
        ];
        let boxes = corners.map(|(x, y)| (x, y, x + width, y + line));
        let is_free = |it: &Box4| {
            let inside = it.0 >= 2.0 && it.1 >= 2.0 && it.2 <= WIDTH - 2.0 && it.3 <= height - 2.0;
            inside && !taken.iter().any(|other| overlap(it, other))
        };
        if let Some(free) = boxes.into_iter().find(is_free) {
            at.label = Some((free.0, free.3 - 4.0));
            taken.push(free);
        }
    }
}

fn links(markers: &[Marker]) -> Vec<(usize, usize)> {
    let place = |id: MeterId| markers.iter().position(|marker| marker.id == id);
    let link = |(at, marker): (usize, &Marker)| Some((at, place(marker.parent?)?));
    markers.iter().enumerate().filter_map(link).collect()
}

/// The longest bar of 1, 2 or 5 times a power of ten.
fn bar(scale: f64) -> (f64, f64) {
    let longest = LONGEST_BAR / scale.max(1e-9);
    let power = 10_f64.powf(longest.log10().floor());
    let metres = [5.0, 2.0, 1.0].map(|times| times * power).into_iter().find(|m| *m <= longest);
    let metres = metres.unwrap_or(power);
    (metres, metres * scale)
}

#[cfg(test)]
mod tests;
