//! Readings of one meter, out and in.

pub(crate) mod arrived;
pub mod channels;
pub mod corrections;
#[cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice))]
pub mod ingest;
pub(crate) mod months;
mod post;

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::window::Window;
use domain::meters::{Meter, MeterAddress};
use domain::ownership::Seen;
use domain::period::Moment;
use domain::period::refusal::TimeRefusal;
use domain::readings::refusal::AskRefusal;
use domain::sites::Site;
use domain::{MeterId, Quality, Reading, Source, Values};
use schemars::JsonSchema;
use serde::Serialize;

use crate::energy::explain::{Explain, Registers};
use crate::energy::series::{self, IntervalView};
use crate::{Action, Core, Error, Principal, energy, instants, resolve, sites, window};

pub use post::{MOST_POSTED, Stored, post};

/// What can be asked for.
const RESOLUTIONS: &[&str] = &["raw", "15m", "1h", "1d", "1mo"];
/// Steps that are explained at most, since each is looked up by itself.
const MOST_EXPLAINED: usize = 100;
const FORMULA: &str = "import = register at the end - register at the beginning; where a register was \
    set back, exchanged or doubted, the sum of the believed steps between its readings";
/// The longest window of readings as they are stored: ten years.
const LONGEST_RAW: TimeDelta = TimeDelta::days(3653);

/// A reading as stored.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ReadingView {
    /// When the values held.
    pub timestamp: DateTime<Utc>,
    /// The values; what the meter did not give is left out.
    #[serde(flatten)]
    pub values: Values,
    /// How far they can be trusted.
    pub quality: Quality,
    /// How they came in.
    pub source: Source,
}

impl From<Reading> for ReadingView {
    fn from(reading: Reading) -> Self {
        Self {
            timestamp: reading.at,
            values: reading.values,
            quality: reading.quality,
            source: reading.source,
        }
    }
}

/// Which readings are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadingsQuery<'a> {
    /// The first instant.
    pub from: Option<Moment>,
    /// The first instant that is not asked for any more.
    pub to: Option<Moment>,
    /// How the readings are reduced.
    pub resolution: Option<&'a str>,
    /// Only what is later than this.
    pub after: Option<DateTime<Utc>>,
    /// How many at most.
    pub limit: u32,
    /// Whether each step says what it was computed from.
    pub explain: bool,
}

/// Readings of one meter, or what they add up to, in order of time.
#[derive(Debug, Clone, PartialEq)]
pub enum Rows {
    /// As stored.
    Raw(Vec<ReadingView>),
    Steps(Vec<IntervalView>),
}

/// Readings of one meter in order of time, as stored or step by step.
pub async fn page(
    core: &Core,
    who: &Principal,
    meter: &MeterAddress,
    asked: ReadingsQuery<'_>,
) -> Result<Rows, Error> {
    who.require_somewhere_or_own(Action::See)?;
    let resolution = asked.resolution.unwrap_or("raw");
    if !RESOLUTIONS.contains(&resolution) {
        let (resolution, known) = (resolution.to_owned(), RESOLUTIONS.join(", "));
        return Err(Error::invalid("resolution", AskRefusal::NoResolution { resolution, known }));
    }
    let (meter, seen) = resolve::seen(core, who, Action::See, meter).await?;
    let site = sites::of(core, &meter).await?;
    let Some(window) = seen.part_of(&site, stretch(&site, asked)?) else {
        return Ok(Rows::Raw(Vec::new()));
    };
    match series::resolution(resolution) {
        None => {
            let rows = raw(core, meter.id, window, asked).await?;
            Ok(Rows::Raw(rows.into_iter().map(ReadingView::from).collect()))
        }
        Some(resolution) => {
            // The next step begins where the last one that was shown ends.
            let from = asked.after.map_or(window.from, |after| site.step_end(resolution, after));
            let window = Window { from: from.max(window.from), ..window };
            let steps =
                series::within(core, &site, &meter, window, resolution, asked.limit).await?;
            let mut views: Vec<IntervalView> = steps.into_iter().map(IntervalView::from).collect();
            if asked.explain {
                explain(core, &site, (&meter, seen), &mut views).await?;
            }
            Ok(Rows::Steps(views))
        }
    }
}

/// The window that is asked for, without bounds where none is given.
fn stretch(site: &Site, asked: ReadingsQuery<'_>) -> Result<Window, Error> {
    let [from, to] = window::bounds(site, asked.from, asked.to)?;
    let is_raw = asked.resolution.is_none_or(|word| word == "raw");
    if is_raw && from.zip(to).is_some_and(|(from, to)| to - from > LONGEST_RAW) {
        return Err(Error::invalid("from", AskRefusal::TooLong));
    }
    let (from, to) = (from.unwrap_or(instants::EARLIEST), to.unwrap_or(instants::FAR));
    if to <= from {
        return Err(Error::invalid("to", TimeRefusal::EmptyWindow));
    }
    Ok(Window { from, to })
}

async fn raw(
    core: &Core,
    meter: MeterId,
    window: Window,
    asked: ReadingsQuery<'_>,
) -> Result<Vec<Reading>, Error> {
    let Window { from, to } = window;
    let pool = core.pool();
    Ok(storage::readings::page(pool, meter, from, to, asked.after, asked.limit).await?)
}

/// Says of each step between which readings it lies.
async fn explain(
    core: &Core,
    site: &Site,
    (meter, seen): (&Meter, Seen),
    views: &mut [IntervalView],
) -> Result<(), Error> {
    let most = views.len().min(MOST_EXPLAINED);
    for view in &mut views[..most] {
        let window = Window { from: view.start, to: view.end };
        let counted = energy::counted(core, site, &[meter], window).await?;
        let mut registers = Registers::of(meter, counted.get(&meter.id));
        registers.keep(|at| seen.has(site, at));
        view.explain = Some(Explain {
            formula: FORMULA.to_owned(),
            readings: vec![registers],
            ..Explain::default()
        });
    }
    Ok(())
}
