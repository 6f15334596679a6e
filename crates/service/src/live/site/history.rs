//! The past two days of a site in quarter-hours, as the pages draw it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::MeterId;
use domain::energy::staleness::gap_limit;
use domain::energy::{QUARTER, floor};
use domain::meters::view::selected::LossStep;
use domain::meters::{Meter, SourceKind};
use domain::overview::view::{DayProfile, MissingMeter, Silence};
use domain::view::Sparkline;

use crate::carbon::sources;
use crate::live::SiteLive;
use crate::live::site::balances;

/// Quarter-hours of a sparkline.
const DAY: i32 = 96;
/// A generator that makes less than this in a quarter-hour is not running, kWh.
const RUNNING_KWH: f64 = 0.05;

impl SiteLive {
    /// Quarter-hours that are complete, from `from` to `to`.
    fn quarters(from: DateTime<Utc>, to: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        std::iter::successors(Some(from), |&start| Some(start + QUARTER))
            .take_while(move |&start| start + QUARTER <= to)
    }

    fn last_day(now: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        let to = floor(now, QUARTER).unwrap_or(now);
        Self::quarters(to - QUARTER * DAY, to)
    }

    fn mean_kw(&self, id: MeterId, start: DateTime<Utc>) -> Option<f64> {
        Some(self.trails.get(&id)?.told(start, start + QUARTER)?.net().0 * 4.0)
    }

    /// Mean power of a meter over the last 24 hours.
    pub(crate) fn power_line(&self, id: MeterId, now: DateTime<Utc>) -> Vec<Option<f64>> {
        Self::last_day(now).map(|start| rounded(self.mean_kw(id, start))).collect()
    }

    /// Loss of a node over the last 24 hours, with half its error band.
    pub(crate) fn loss_steps(&self, id: MeterId, now: DateTime<Utc>) -> Vec<LossStep> {
        let Some(node) = self.tree.get(id) else { return Vec::new() };
        Self::last_day(now).map(|start| (start, balances::past_loss(self, node, start))).collect()
    }

    /// Loss of each node over the last 24 hours.
    pub(crate) fn loss_lines(&self, now: DateTime<Utc>) -> Vec<Sparkline> {
        self.tree
            .nodes()
            .map(|node| Sparkline {
                meter: node.id,
                points: Self::last_day(now)
                    .map(|start| rounded(balances::past_loss(self, node, start).map(|(kw, _)| kw)))
                    .collect(),
            })
            .collect()
    }

    /// Meters that let energy in.
    fn sources(&self) -> impl Iterator<Item = &Meter> {
        let is_source = |m: &&Meter| m.feeds_parent || self.tree.is_root(m);
        self.tree.counted().filter(is_source)
    }

    /// What the site took in, in quarter-hours: as in its balance, with what loads returned.
    pub(crate) fn input_profile(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> DayProfile {
        let input = |start| rounded(balances::past_input_kw(self, start));
        let in_gap = |start| {
            self.sources()
                .any(|m| self.trails.get(&m.id).is_some_and(|trail| trail.is_estimated(start)))
        };
        let starts: Vec<_> = Self::quarters(from, to).collect();
        DayProfile {
            quarters: starts.iter().map(|&start| input(start)).collect(),
            estimated: starts
                .iter()
                .enumerate()
                .filter(|(_, start)| in_gap(**start))
                .map(|(quarter, _)| quarter)
                .collect(),
        }
    }

    /// The meters that the balances of nodes lack, each with the first node from the top that does; their
    /// usual power is not known here.
    pub(crate) fn missing(&self) -> Vec<MissingMeter> {
        let mut found: Vec<MissingMeter> = Vec::new();
        for (node, id) in self.lacking() {
            if found.iter().all(|meter| meter.id != id) {
                let rated_kw = self.tree.get(id).and_then(|meter| meter.rated_power_kw);
                found.push(MissingMeter { id, node, usual_kw: None, rated_kw });
            }
        }
        found
    }

    /// The mean input of the balance's window, and the window's end.
    pub(crate) fn input_now(&self) -> Option<(DateTime<Utc>, f64)> {
        let whole = self.whole();
        whole.until.map(|until| (until, whole.in_kw))
    }

    /// When meters that let energy in were silent, in order of time.
    pub(crate) fn silences(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Silence> {
        let of = |meter: &Meter| {
            let Some(trail) = self.trails.get(&meter.id) else { return Vec::new() };
            let silence = |(from, to)| Silence {
                name: meter.name.clone(),
                others: 0,
                from,
                to,
                kwh: trail.energy(from, to).map(|energy| energy.import.0),
            };
            trail.gaps(from, to).map(silence).collect()
        };
        let mut found: Vec<_> = self.sources().flat_map(of).collect();
        found.sort_by_key(|silence| silence.from);
        Silence::merged(found)
    }

    /// When diesel generators ran: stretches of quarter-hours with energy.
    pub(crate) fn dg_runs(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let of_diesel = |&(_, kind): &(&Meter, SourceKind)| kind == SourceKind::Diesel;
        let generators: Vec<_> = sources(&self.tree)
            .into_iter()
            .filter(of_diesel)
            .filter_map(|(meter, _)| Some((meter, self.trails.get(&meter.id)?)))
            .collect();
        let runs = |start| {
            generators.iter().any(|(meter, trail)| {
                let made =
                    |energy| self.directions.delivered((meter, SourceKind::Diesel), &energy).0;
                trail.energy(start, start + QUARTER).is_some_and(|it| made(it) > RUNNING_KWH)
            })
        };
        let mut found: Vec<(DateTime<Utc>, DateTime<Utc>)> = Vec::new();
        for start in Self::quarters(from, to).filter(|&start| runs(start)) {
            match found.last_mut() {
                Some(run) if run.1 == start => run.1 += QUARTER,
                _ => found.push((start, start + QUARTER)),
            }
        }
        found
    }

    /// The site's day that contains `now`, and the one before.
    pub(crate) fn days(&self, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.site.today_start(now), self.site.yesterday_start(now))
    }

    /// How long a meter may be silent before that counts as a gap.
    pub(crate) fn gap_limit(&self, id: MeterId) -> TimeDelta {
        gap_limit(self.poll(id))
    }
}

/// To a watt hundredth of a kilowatt: a line needs no more, and a page is smaller.
fn rounded(kw: Option<f64>) -> Option<f64> {
    kw.map(|kw| (kw * 100.0).round() / 100.0)
}
