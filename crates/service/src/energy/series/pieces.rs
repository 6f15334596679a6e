//! A window in whole steps, with the pieces of steps at its ends.

use chrono::{DateTime, Utc};
use domain::energy::Energy;
use domain::energy::window::Window;
use domain::meters::Meter;
use domain::sites::Site;
use domain::{Kwh, MeterId};

use super::{Resolution, Step, load, whole};
use crate::energy::parts::Cut;
use crate::{Core, Error, energy};

/// What a meter counted in a step, or in the part of one that lies in the window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Piece {
    pub(crate) meter: MeterId,
    pub(crate) start: DateTime<Utc>,
    pub(crate) end: DateTime<Utc>,
    pub(crate) import_kwh: f64,
    pub(crate) export_kwh: f64,
    /// The part of both whose place is a guess.
    pub(crate) estimated_kwh: f64,
    /// Share of it backed by readings, 0 to 1.
    pub(crate) coverage: f64,
}

impl Piece {
    pub(crate) fn energy(&self) -> Energy {
        Energy::placed(Kwh(self.import_kwh), Kwh(self.export_kwh), self.coverage)
    }

    pub(crate) fn seconds(&self) -> f64 {
        (self.end - self.start).as_seconds_f64()
    }
}

/// What meters counted in a window, step by step: it adds up to what they counted in the whole. `limit`
/// is how many whole steps there may be.
pub(crate) async fn pieces(
    service: &Core,
    site: &Site,
    meters: &[&Meter],
    window: Window,
    by: Resolution,
    limit: u32,
) -> Result<Vec<Piece>, Error> {
    let ids: Vec<MeterId> = meters.iter().map(|meter| meter.id).collect();
    let (head, whole, tail) = ends(site, window, by);
    let steps = async {
        if whole.from >= whole.to {
            return Ok(Vec::new());
        }
        load(service, site, &ids, whole, by, limit).await
    };
    let (mut pieces, steps, tail) = tokio::try_join!(
        Box::pin(part(service, site, meters, head)),
        steps,
        Box::pin(part(service, site, meters, tail)),
    )?;
    pieces.extend(steps.into_iter().map(|step| Piece {
        meter: step.counted.meter,
        start: step.start,
        end: step.end,
        import_kwh: step.counted.import_kwh,
        export_kwh: step.counted.export_kwh,
        estimated_kwh: step.counted.estimated_kwh,
        coverage: step.coverage,
    }));
    pieces.extend(tail);
    Ok(pieces)
}

/// The steps of a meter that a window touches, at most `limit`. One that an end of the window cuts is
/// answered as far as it lies in it.
pub(crate) async fn within(
    service: &Core,
    site: &Site,
    meter: &Meter,
    window: Window,
    by: Resolution,
    limit: u32,
) -> Result<Vec<Step>, Error> {
    let (head, whole, tail) = ends(site, window, by);
    let mut steps = Vec::from_iter(partial(service, site, meter, head).await?);
    if whole.from < whole.to {
        steps.extend(load(service, site, &[meter.id], whole, by, limit).await?);
    }
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    if steps.len() < most {
        steps.extend(partial(service, site, meter, tail).await?);
    }
    steps.truncate(most);
    Ok(steps)
}

/// A part of a step; none where it is empty or nothing is known of it.
async fn partial(
    service: &Core,
    site: &Site,
    meter: &Meter,
    window: Window,
) -> Result<Option<Step>, Error> {
    let Some(energy) = part(service, site, &[meter], window).await?.pop() else { return Ok(None) };
    let (ends, parts) = ((window.from, window.to), Cut::of(site, window).parts);
    let found = storage::energy::part(service.pool(), &[meter.id], ends, &parts).await?;
    let step = found.into_iter().next().map(|step| {
        let mut step = Step::new(window.from, window.to, step);
        step.is_partial = true;
        step.counted.import_kwh = energy.import_kwh;
        step.counted.export_kwh = energy.export_kwh;
        step.counted.estimated_kwh = energy.estimated_kwh;
        step
    });
    Ok(step)
}

/// The part of a window before its whole steps, these, and the part after them.
fn ends(site: &Site, window: Window, by: Resolution) -> (Window, Window, Window) {
    let whole = whole(site, window, by);
    let head = Window { from: window.from, to: whole.from.min(window.to) };
    (head, whole, Window { from: whole.to.max(head.to), to: window.to })
}

/// A part of a step; nothing where it is empty.
async fn part(
    service: &Core,
    site: &Site,
    meters: &[&Meter],
    window: Window,
) -> Result<Vec<Piece>, Error> {
    if window.from >= window.to {
        return Ok(Vec::new());
    }
    let counted = energy::counted(service, site, meters, window).await?;
    let piece = |meter: &&Meter| {
        let counted = counted.get(&meter.id)?;
        let energy = counted.known?.energy;
        Some(Piece {
            meter: meter.id,
            start: window.from,
            end: window.to,
            import_kwh: energy.import.0,
            export_kwh: energy.export.0,
            estimated_kwh: counted.estimated.0,
            coverage: energy.coverage,
        })
    };
    Ok(meters.iter().filter_map(piece).collect())
}
