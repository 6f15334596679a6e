//! Carbon of a site, what solar energy avoided, and the energy that came in through its sources.

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone as _, Utc};

use crate::exact::{Exact, exact, ratio, zero};
use crate::model::Truth;
use crate::model::balance::{children, is_load, pieces};
use crate::model::flow::{Flow, Window, flow};
use crate::model::truth::Metered;

/// Carbon of a site in a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Carbon {
    /// Bought, kWh.
    pub grid_kwh: Exact,
    pub grid_kg: Exact,
    /// Fuel, litres.
    pub diesel_l: Exact,
    pub diesel_kg: Exact,
    /// Produced by the sun, kWh.
    pub solar_kwh: Exact,
    /// What that avoided, kg.
    pub offset_kg: Exact,
}

/// Of a site in a zone, each day at the factors that hold on it.
pub fn of_site(truth: &Truth, zone: chrono_tz::Tz, window: Window) -> Carbon {
    let mut carbon = Carbon {
        grid_kwh: zero(),
        grid_kg: zero(),
        diesel_l: zero(),
        diesel_kg: zero(),
        solar_kwh: zero(),
        offset_kg: zero(),
    };
    let days = days(zone, window).into_iter();
    let parts = days
        .flat_map(|(day, of_day)| pieces(truth, of_day).into_iter().map(move |piece| (day, piece)));
    for (day, piece) in parts {
        let factor = |kind| factor(truth, kind, day);
        for (place, metered) in truth.meters.iter().enumerate() {
            let flow = flow(metered, piece);
            let produced = flow.as_ref().map_or_else(zero, |flow| produced(metered, flow));
            match source(truth, place, piece.1) {
                Some(Source::Grid) => {
                    let bought = flow.map_or_else(zero, |flow| flow.import);
                    carbon.grid_kg += &bought * factor("grid");
                    carbon.grid_kwh += bought;
                }
                Some(Source::Diesel) => {
                    let litres = burnt(metered, produced, (zone, day), piece, factor("sfc"));
                    carbon.diesel_kg += &litres * factor("diesel");
                    carbon.diesel_l += litres;
                }
                Some(Source::Solar) => {
                    carbon.offset_kg += &produced * factor("solar");
                    carbon.solar_kwh += produced;
                }
                None => {}
            }
        }
    }
    carbon
}

/// Energy that came into a site through its sources, kWh; none where one of them is not known. Where all of them are
/// loads that stand by themselves, one that is known suffices.
pub fn input_of_site(truth: &Truth, window: Window) -> Option<Exact> {
    let is_known = |place: &usize| flow(&truth.meters[*place], window).is_some();
    let mut sum: Option<Exact> = None;
    for piece in pieces(truth, window) {
        let is_lone = |place: &usize| {
            is_load(truth.meters[*place].meter.kind) && children(truth, *place, piece.1).is_empty()
        };
        let is_source = |place: &usize| source(truth, *place, piece.1).is_some();
        let sources = (0..truth.meters.len()).filter(is_source);
        let (lone, placed): (Vec<usize>, Vec<usize>) = sources.partition(is_lone);
        let suffices = if placed.is_empty() {
            lone.is_empty() || lone.iter().any(is_known)
        } else {
            placed.iter().all(is_known)
        };
        if !suffices {
            return None;
        }
        for place in lone.into_iter().chain(placed) {
            let metered = &truth.meters[place];
            let Some(flow) = flow(metered, piece) else { continue };
            let is_bought = is_bought(truth, place, piece.1);
            let kwh = if is_bought { flow.import } else { produced(metered, &flow) };
            *sum.get_or_insert_with(zero) += kwh;
        }
    }
    sum
}

/// Litres of a generator in a part of a day: its own, and those that follow from what it produced after
/// the last of them.
fn burnt(
    metered: &Metered,
    produced: Exact,
    (zone, day): (chrono_tz::Tz, NaiveDate),
    piece: Window,
    per_kwh: Exact,
) -> Exact {
    let (from, to) = (midnight(zone, day), midnight(zone, day.succ_opt().unwrap_or(day)));
    // What a row says was burnt before it; only of time before the very first one nothing is known.
    let is_first = |at: &DateTime<Utc>| metered.known.is_some_and(|(first, _)| first == *at);
    let within = |at: &DateTime<Utc>, (from, to): Window| {
        (from < *at && *at <= to && !is_first(at)) || (is_first(at) && from <= *at && *at < to)
    };
    let of_day = || metered.litres.iter().filter(|(at, _)| within(at, (from, to)));
    let Some((last, _)) = of_day().next_back() else { return produced * per_kwh };
    let own = of_day().filter(|(at, _)| within(at, piece));
    let own: Exact = own.map(|(_, litres)| litres).sum();
    let rest = ((*last).max(piece.0), piece.1);
    let after = if rest.0 < rest.1 { flow(metered, rest) } else { None };
    own + after.map_or_else(zero, |flow| self::produced(metered, &flow)) * per_kwh
}

/// Energy that came out of a source: a meter that feeds counts it as its import, and so does one that has a single
/// register; another one draws by that.
fn produced(metered: &Metered, flow: &Flow) -> Exact {
    let by_export = !metered.meter.feeds && !metered.export.is_empty();
    if by_export { flow.export.clone() } else { flow.import.clone() }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Grid,
    Diesel,
    Solar,
}

/// The source that a meter is counted as: never both a meter and one of its kind above it, unless it is the grid's and
/// feeds.
fn source(truth: &Truth, place: usize, at: DateTime<Utc>) -> Option<Source> {
    let kind_of = |place: usize| truth.meters[place].meter.kind;
    let parent = |place: usize| truth.meters[place].parent_before(at);
    let mut above = std::iter::successors(parent(place), |&place| parent(place));
    let kind = kind_of(place);
    let is_incomer = kind == "Grid" && truth.meters[place].meter.feeds;
    let has_grid = (0..truth.meters.len()).any(|place| kind_of(place) == "Grid");
    match kind {
        "Grid" | "DG" | "Solar" if !is_incomer && above.any(|at| kind_of(at) == kind) => None,
        "Grid" => Some(Source::Grid),
        "DG" => Some(Source::Diesel),
        "Solar" => Some(Source::Solar),
        _ if !has_grid && parent(place).is_none() && is_load(kind) => Some(Source::Grid),
        _ => None,
    }
}

/// The sources of a site just before an instant, each with whether it stands by itself.
pub(super) fn sources(truth: &Truth, at: DateTime<Utc>) -> Vec<(usize, Source, bool)> {
    let is_alone = |place: usize| {
        truth.meters[place].parent_before(at).is_none() && children(truth, place, at).is_empty()
    };
    let of = |place| Some((place, source(truth, place, at)?, is_alone(place)));
    (0..truth.meters.len()).filter_map(of).collect()
}

/// Whether a site buys what a meter draws.
pub(super) fn is_bought(truth: &Truth, place: usize, at: DateTime<Utc>) -> bool {
    matches!(source(truth, place, at), Some(Source::Grid))
}

/// The days of a zone in a window, each with its part of it.
fn days(zone: chrono_tz::Tz, window: Window) -> Vec<(NaiveDate, Window)> {
    let first = window.0.with_timezone(&zone).date_naive();
    let mut days = Vec::new();
    for day in first.iter_days() {
        let (from, to) = (midnight(zone, day), midnight(zone, day.succ_opt().unwrap_or(day)));
        if from >= window.1 {
            return days;
        }
        days.push((day, (from.max(window.0), to.min(window.1))));
    }
    days
}

/// When a day begins: at the first of two midnights, where the clock goes on after one that it jumps over, and
/// with the next day where the whole day does not exist.
///
/// # Panics
/// If the clock jumps over more than a day.
pub fn midnight(zone: chrono_tz::Tz, day: NaiveDate) -> DateTime<Utc> {
    let local = day.and_time(chrono::NaiveTime::MIN);
    let mut later = (0..=96).map(|quarters| local + TimeDelta::minutes(15) * quarters);
    let at = later.find_map(|local| zone.from_local_datetime(&local).earliest());
    at.unwrap_or_else(|| panic!("{day} does not begin in {zone}")).with_timezone(&Utc)
}

/// How many days there are from one to before another.
pub(super) fn count_days(zone: chrono_tz::Tz, from: NaiveDate, to: NaiveDate) -> i64 {
    let exists = |day: &NaiveDate| midnight(zone, *day) < midnight(zone, *day + TimeDelta::days(1));
    from.iter_days().take_while(|day| *day < to).filter(exists).map(|_| 1).sum()
}

fn factor(truth: &Truth, kind: &str, day: NaiveDate) -> Exact {
    let day = day.to_string();
    let held = truth.factors.iter().rev().find(|(of, from, _)| *of == kind && *from <= day);
    match (held, kind) {
        (Some((_, _, value)), _) => exact(*value),
        (None, "diesel") => ratio(268, 100),
        (None, "sfc") => ratio(28, 100),
        (None, _) => ratio(1, 2),
    }
}
