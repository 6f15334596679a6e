//! The register of a meter as it was read, and what was made of each reading that matters.

mod rows;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use domain::energy::QUARTER;
use domain::energy::interval::{Exchange, Flags};
use domain::energy::window::Window;
use domain::meters::view::meter::{Reading as Taken, RegisterPage, RegisterRow};
use domain::meters::{ImportRegister, Meter};
use domain::view::PeriodContext;
use domain::{Field, MeterId};
use storage::readings::RegisterSample;

use super::{known, outliers};
use crate::energy::series::{self, Resolution};
use crate::instants::stored;
use crate::pages::{Query, shown_of};
use crate::{Action, Core, Error, Principal, Service};
use rows::{Change, Reads};

/// Points of the line.
const POINTS: i32 = 320;
/// How far from an instant a reading may lie.
const REACH: TimeDelta = TimeDelta::days(31);
/// Readings of a quarter-hour at most.
const MOST_IN_QUARTER: u32 = 1800;
/// Changes that are told one by one.
const MOST_CHANGES: usize = 24;

const CHANGES: [Flags; 5] =
    [Flags::RESET, Flags::ROLLOVER, Flags::EXCHANGE, Flags::QUARANTINED, Flags::CORRECTED];

/// A reading of the register: when, and kWh.
pub(super) type Read = (DateTime<Utc>, f64);

/// The register of a meter over the period; none where there is no such meter.
pub async fn registers(
    service: &Service,
    who: &Principal,
    id: MeterId,
    query: &Query,
) -> Result<Option<RegisterPage>, Error> {
    who.require_somewhere(Action::See)?;
    let Some(meter) = known(service, who, id) else { return Ok(None) };
    let shown = shown_of(service, &meter, query).await?;
    let mut line = line(service, &shown, &meter).await?;
    let field = line.field;
    let fixed = Fixed::load(service, &shown, id, field).await?;
    line.points = line.points.into_iter().filter_map(|read| fixed.read(read)).collect();
    let poll = service.registry().known().polls.get(&id).copied();
    let limit = (poll.unwrap_or(TimeDelta::minutes(5)) * 3).max(QUARTER);
    // One at the very end of the period is left out of its line, too.
    let Window { from, to } = shown.window;
    let outliers = Window { from, to: to + TimeDelta::microseconds(1) };
    let outliers = outliers::of(service, shown.site.id, id, outliers).await?.into_iter();
    let outliers = outliers.filter(|row| row.field == field);
    let outliers: Vec<_> = outliers.map(|row| ((row.at, row.value), row.reading)).collect();
    let is_out = |(_, taken): &&(Read, Taken)| *taken != Taken::Accepted;
    let out: HashSet<_> = outliers.iter().filter(is_out).map(|(read, _)| read.0).collect();
    let is_in = |read: &Read| !out.contains(&read.0);
    line.points.retain(is_in);
    let changes = changes(service, &shown, &fixed, is_in).await?;
    let gaps = gaps(service, &shown, &fixed, limit).await?;
    let exchanges = storage::meters::exchanges::list(service.pool(), id).await?;
    let exchanges: Vec<Exchange> = exchanges
        .into_iter()
        .filter(|entered| entered.undone_at.is_none())
        .map(|entered| entered.exchange)
        .collect();
    let reads = Reads {
        start: line.points.first().copied(),
        end: line.points.last().copied(),
        changes: &changes,
        gaps: &gaps,
        outliers: &outliers[outliers.len().saturating_sub(MOST_CHANGES)..],
        field,
        exchanges: &exchanges,
        modulus: meter.register_modulus_kwh,
    };
    let rows = rows::of(&reads);
    let quarters = Window { from, to };
    let steps =
        series::load(service, &shown.site, &[id], quarters, Resolution::Quarter, 400_000).await?;
    let behind = storage::rollup::behind(service.pool(), &[id], from, to).await?;
    let why = changes.iter().find_map(|change| rows::why(&meter, change));
    Ok(Some(RegisterPage {
        id,
        name: meter.name.clone(),
        field: field.json().to_owned(),
        step_kwh: meter.register_step_kwh,
        runs: runs(&line.points, limit, &changes),
        counted_kwh: rows.iter().filter_map(|row: &RegisterRow| row.counted_kwh).sum(),
        rows,
        intervals: (steps.iter().map(|step| step.counted.import_kwh).sum(), steps.len()),
        is_behind: behind.contains(&id),
        more_outliers: outliers.len().saturating_sub(MOST_CHANGES),
        why,
        shown,
    }))
}

struct Line {
    field: Field,
    points: Vec<Read>,
}

/// Corrections of a register by people.
struct Fixed {
    meter: MeterId,
    field: Field,
    values: HashMap<DateTime<Utc>, Option<f64>>,
}

impl Fixed {
    /// Of the readings that a page may show.
    async fn load(
        core: &Core,
        shown: &PeriodContext,
        meter: MeterId,
        field: Field,
    ) -> Result<Self, Error> {
        let (from, to) = (shown.window.from - REACH, shown.window.to + REACH);
        let entered = storage::readings::corrections::of(core.pool(), &[meter], from, to).await?;
        let own = entered.into_iter().filter(|entered| entered.field == field);
        let values = own.map(|entered| (entered.at, entered.value)).collect();
        Ok(Self { meter, field, values })
    }

    /// A reading with what counts of it; none where that was struck out.
    fn read(&self, (at, kwh): Read) -> Option<Read> {
        let value = self.values.get(&at).copied().unwrap_or(Some(kwh));
        value.map(|kwh| (at, kwh))
    }

    /// The register in a sample.
    fn sample(&self, sample: &RegisterSample) -> Option<Read> {
        self.read((sample.at, value(sample, self.field)?))
    }
}

/// The register at so many instants of the period, each where it was read last.
async fn line(core: &Core, shown: &PeriodContext, meter: &Meter) -> Result<Line, Error> {
    let Window { from, to } = shown.window;
    let step = (to - from) / POINTS;
    let instants: Vec<_> = (0..=POINTS).map(|i| stored(from + step * i)).collect();
    let reach = REACH.max(to - from);
    let brackets = storage::readings::brackets(core.pool(), &[meter.id], &instants, reach).await?;
    let samples: Vec<RegisterSample> = brackets
        .into_iter()
        .filter_map(|found| found.before.filter(|b| b.at >= from).or(found.after))
        .filter(|sample| sample.at >= from && sample.at <= to)
        .collect();
    let learned = storage::energy::registers::of(core.pool(), &[meter.id]).await?;
    let learned = learned.get(&meter.id).and_then(|learned| learned.import_register);
    let stated = meter.import_register.or(learned);
    let any_import = samples.iter().any(|sample| sample.energy_import_kwh.is_some());
    let field = match stated {
        Some(ImportRegister::Import) => Field::EnergyImportKwh,
        None if any_import => Field::EnergyImportKwh,
        Some(ImportRegister::Total) | None => Field::TotalEnergyKwh,
    };
    let mut points: Vec<Read> =
        samples.iter().filter_map(|sample| Some((sample.at, value(sample, field)?))).collect();
    points.sort_by_key(|(at, _)| *at);
    points.dedup_by_key(|(at, _)| *at);
    Ok(Line { field, points })
}

fn value(sample: &RegisterSample, field: Field) -> Option<f64> {
    match field {
        Field::EnergyImportKwh => sample.energy_import_kwh,
        _ => sample.total_energy_kwh,
    }
}

/// The changes of the register: the two readings around each.
async fn changes(
    core: &Core,
    shown: &PeriodContext,
    fixed: &Fixed,
    is_in: impl Fn(&Read) -> bool,
) -> Result<Vec<Change>, Error> {
    let id = fixed.meter;
    let told = CHANGES.iter().fold(0, |all, flag| all | flag.0);
    let span = (shown.window.from, shown.window.to);
    let events = storage::energy::events::list(core.pool(), &[id], span, told).await?;
    let mut changes = Vec::new();
    for event in events.into_iter().take(MOST_CHANGES) {
        let flags = Flags(event.flags);
        let Some(flag) = CHANGES.into_iter().find(|flag| flags.has(*flag)) else { continue };
        let (start, end) = (event.bucket_start, event.bucket_start + QUARTER);
        let before = storage::readings::brackets(core.pool(), &[id], &[start], REACH).await?;
        let before = before.into_iter().next().and_then(|found| found.before);
        let before = before.and_then(|sample| fixed.sample(&sample));
        let rows =
            storage::readings::page(core.pool(), id, start, end, None, MOST_IN_QUARTER).await?;
        let own = rows.iter().filter_map(|row| fixed.read((row.at, row.values.get(fixed.field)?)));
        let reads: Vec<Read> = before.into_iter().chain(own).filter(&is_in).collect();
        if flag == Flags::CORRECTED {
            let pairs = reads.windows(2).map(|pair| (pair[0], pair[1]));
            let own = pairs.filter(|(_, after)| fixed.values.contains_key(&after.0));
            let taken = Taken::Corrected;
            changes.extend(own.map(|(before, after)| Change { taken, before, after }));
        } else {
            changes.extend(rows::change(flag, &reads));
        }
    }
    Ok(changes)
}

/// Silences longer than the limit: the readings before and after each.
async fn gaps(
    core: &Core,
    shown: &PeriodContext,
    fixed: &Fixed,
    limit: TimeDelta,
) -> Result<Vec<(Read, Read)>, Error> {
    let span = (shown.window.from, shown.window.to);
    let events =
        storage::energy::events::list(core.pool(), &[fixed.meter], span, Flags::GAP.0).await?;
    let mut middles: Vec<DateTime<Utc>> = Vec::new();
    let mut last: Option<DateTime<Utc>> = None;
    for event in events {
        if last != Some(event.bucket_start) && middles.len() < MOST_CHANGES {
            middles.push(event.bucket_start + QUARTER);
        }
        last = Some(event.bucket_start + QUARTER);
    }
    let found = storage::readings::brackets(core.pool(), &[fixed.meter], &middles, REACH).await?;
    let read = |sample: &RegisterSample| fixed.sample(sample);
    let mut gaps: Vec<(Read, Read)> = found
        .iter()
        .filter_map(|found| Some((read(found.before.as_ref()?)?, read(found.after.as_ref()?)?)))
        .filter(|(before, after)| after.0 - before.0 > limit && before.0 >= span.0)
        .collect();
    gaps.dedup();
    Ok(gaps)
}

/// The line in runs: the pen is lifted in a gap and where the register changed.
fn runs(points: &[Read], limit: TimeDelta, changes: &[Change]) -> Vec<Vec<Read>> {
    let span = points.last().zip(points.first()).map_or(limit, |(last, first)| last.0 - first.0);
    let limit = limit.max(span / POINTS * 3);
    let falls = |a: &Read, b: &Read| {
        let between = |change: &Change| change.before.0 >= a.0 && change.after.0 <= b.0;
        b.1 < a.1 || changes.iter().any(|c| c.taken != Taken::Corrected && between(c))
    };
    points.chunk_by(|a, b| b.0 - a.0 <= limit && !falls(a, b)).map(<[Read]>::to_vec).collect()
}
