//! The rules of what readings tell. Each reading that is stored is looked at, by its own time and in order of
//! time, however late it comes.
//!
//! Of each meter it is kept how far its rules are: its front. What is newer goes on from there. What lies behind is
//! judged anew beside it, so that the present waits for no past.

mod again;
mod missed;
mod subject;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::alarms::{Change, Followed, Phase, Rule, RuleId, Turn};
use domain::readings::channel::Latest;
use domain::{MeterId, Reading};
use storage::alarms::Deed;

use self::again::Late;
use self::missed::Missed;
use self::subject::{Rules, Subject};
use super::present;
use super::settle::{alarm, settle};
use crate::alarms::open::Open;
use crate::live::LiveState;
use crate::operation::failures::caught;
use crate::readings::arrived::{Arrived, Span, Stored};
use crate::registry::Known;
use crate::{Core, Error};

/// Rows from which the newest value of each field is taken, as for the live state.
const KEPT_ROWS: u32 = 5;
/// Meters of which that is read at once.
const AT_ONCE: usize = 500;
/// Readings that are read from the database at once …
const PAGE: u32 = 1_000;
/// … for so long in one look, of what was too much to be kept, and of what came behind others.
const SHARE: Duration = Duration::from_millis(400);
/// Where the newest reading came later than this after its time, the next ones are still on their way: it is not
/// taken to hold until they are here.
const ON_TIME: TimeDelta = TimeDelta::minutes(1);
/// Follows immediately on an instant that the database can store.
const NEXT: TimeDelta = TimeDelta::microseconds(1);

/// How far the rules of a meter are.
struct Front {
    figures: Followed,
    /// How much later than its time its newest reading came. The meter's present is that much behind.
    lag: TimeDelta,
    /// Whether its rules are others than those that its newest reading was held against.
    is_new: bool,
    /// Whether it begins in this look. What the meter showed last may have come just now and late, of which the
    /// next look is told: until then it is not taken to hold.
    is_begun: bool,
}

pub(super) struct Readings {
    core: Core,
    live: LiveState,
    open: Open,
    arrived: Arc<Arrived>,
    rules: Arc<Rules>,
    fronts: HashMap<MeterId, Front>,
    late: Late,
    missed: Missed,
}

impl Readings {
    pub(super) fn new(core: Core, live: LiveState, open: Open, arrived: Arc<Arrived>) -> Self {
        let pace = core.pace();
        Self {
            core,
            live,
            open,
            arrived,
            rules: Arc::default(),
            fronts: HashMap::new(),
            late: Late::new(pace),
            missed: Missed::new(pace),
        }
    }

    /// Takes over the rules and the open alarms, as they were read again.
    pub(super) fn adopt(&mut self, known: &Known, rules: &[Rule]) {
        let rules = Rules::new(rules);
        let are_new = rules != *self.rules;
        self.rules = Arc::new(rules);
        let rules = Arc::clone(&self.rules);
        let core = self.core.clone();
        // A reading that lies ahead of the clock was dated before that was set back, and would stand before all
        // that comes.
        self.fronts.retain(|id, front| {
            let Some(subject) = Subject::of(&core, known, &rules, *id) else { return false };
            front.figures.reached().is_none_or(|reached| reached <= subject.now)
        });
        let open = self.open.keys();
        for (id, front) in &mut self.fronts {
            front.is_new |= are_new;
            let stirred: Vec<RuleId> = front.figures.stirred().collect();
            for rule in stirred.into_iter().filter(|rule| !open.contains(&(*rule, *id))) {
                if front.figures.phase(rule).is_open() || !rules.has(rule) {
                    front.figures.set_phase(rule, Phase::Quiet);
                    front.is_new = true;
                }
            }
        }
        for (rule, meter) in open.into_iter().filter(|(rule, _)| rules.has(*rule)) {
            let Some(front) = self.fronts.get_mut(&meter) else { continue };
            if !front.figures.phase(rule).is_open() {
                front.figures.set_phase(rule, Phase::Raised);
                front.is_new = true;
            }
        }
    }

    /// Looks at all that was stored since the last look. One meter that cannot be judged holds up no other.
    pub(super) async fn look(&mut self, known: &Known) -> Result<(), Error> {
        let mut taken = self.arrived.take();
        self.missed.lacking(taken.is_lacking);
        if let Err(error) = self.prepare(known, &mut taken.of).await {
            for (meter, stored) in &taken.of {
                self.arrived.put_back(*meter, stored);
            }
            return Err(error);
        }
        let until = Instant::now() + SHARE;
        let (mut done, mut is_all) = (Ok(()), true);
        for (meter, stored) in taken.of {
            let left = match caught(self.follow(known, meter, &stored, until)).await {
                Ok(left) => left,
                // What could not be stored is looked at again; what cannot be judged would fail for ever.
                Err(error) => {
                    let again = error.is_passing().then_some(stored);
                    done = done.and(Err(error));
                    again
                }
            };
            if let Some(left) = left {
                is_all = false;
                self.arrived.put_back(meter, &left);
            }
        }
        done = done.and(self.judge_again(known).await);
        done = done.and(self.look_at_those_that_wait(known).await);
        if done.is_ok() && is_all && self.late.is_empty() {
            done = self.missed.note(&self.core, taken.since).await;
        }
        done
    }

    /// Finds the fronts of meters that have none, and what was stored and did not come here.
    async fn prepare(
        &mut self,
        known: &Known,
        arrived: &mut HashMap<MeterId, Stored>,
    ) -> Result<(), Error> {
        self.take_up(known).await?;
        for (meter, span) in self.missed.find(&self.core, known, &self.rules).await? {
            arrived.entry(meter).or_default().reread(span);
        }
        Ok(())
    }

    /// Begins with meters at what they showed last. What of that was not looked at comes behind it.
    async fn take_up(&mut self, known: &Known) -> Result<(), Error> {
        let rules = Arc::clone(&self.rules);
        let mut wanted = Vec::new();
        for (id, site) in &known.sites {
            let now = present(&self.core, site) + NEXT;
            let meters = known.trees.get(id).into_iter().flat_map(|tree| tree.meters());
            for meter in meters.filter(|meter| rules.look_at(meter)) {
                if !self.fronts.contains_key(&meter.id) {
                    wanted.push((meter.id, now));
                }
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let open = self.open.keys();
        for some in wanted.chunks(AT_ONCE) {
            let mut newest = HashMap::new();
            for row in storage::readings::last_before(self.core.pool(), some, KEPT_ROWS).await? {
                Latest::take_into(&mut newest, row);
            }
            for (id, _) in some {
                let Some(subject) = Subject::of(&self.core, known, &rules, *id) else {
                    continue;
                };
                self.begin(&subject, newest.remove(id), &open);
            }
        }
        Ok(())
    }

    fn begin(
        &mut self,
        subject: &Subject<'_>,
        latest: Option<Latest>,
        open: &HashSet<(RuleId, MeterId)>,
    ) {
        let id = subject.meter.id;
        let mut figures = Followed::new(latest);
        for rule in subject.rules.iter().filter(|rule| open.contains(&(rule.id, id))) {
            figures.set_phase(rule.id, Phase::Raised);
        }
        // What was about to change goes on: readings before the newest tell since when.
        let recent = figures.reached().filter(|reached| subject.now - *reached <= subject.limit);
        if let Some(at) = recent {
            let mut looked = figures.clone();
            if !looked.look(&subject.by(), at).is_empty() || looked.is_waiting() {
                self.late.note(subject, Span { from: at, to: at });
            }
        }
        self.fronts
            .insert(id, Front { figures, lag: TimeDelta::zero(), is_new: true, is_begun: true });
    }

    /// Looks at what was stored of a meter; answers what is left for another look. What is dated ahead of the clock
    /// waits for its time: judged before, it would tell of what has not been yet.
    async fn follow(
        &mut self,
        known: &Known,
        id: MeterId,
        stored: &Stored,
        until: Instant,
    ) -> Result<Option<Stored>, Error> {
        let rules = Arc::clone(&self.rules);
        let Some(subject) = Subject::of(&self.core.clone(), known, &rules, id) else {
            return Ok(None);
        };
        let reached = self.reached(id);
        let (due, ahead): (Vec<&Reading>, Vec<&Reading>) =
            stored.rows.iter().partition(|row| row.at <= subject.now);
        let (mut fresh, late): (Vec<&Reading>, Vec<&Reading>) =
            due.into_iter().partition(|row| reached < Some(row.at));
        if let Some(span) = Span::of(late) {
            self.late.note(&subject, span);
            let front = self.fronts.get_mut(&id);
            // With what just came a meter is begun that was not known before.
            if let Some(front) = front.filter(|_| Some(span.to) == reached) {
                front.lag = subject.now - span.to;
            }
        }
        if !fresh.is_empty() {
            fresh.sort_by_key(|row| row.at);
            self.advance(&subject, fresh.into_iter().cloned()).await?;
        }
        let left = match stored.unread {
            None => Stored { rows: ahead.into_iter().cloned().collect(), unread: None },
            Some(span) => {
                if let Some(reached) = reached.filter(|reached| span.from <= *reached) {
                    self.late.note(&subject, Span { to: span.to.min(reached), ..span });
                }
                self.read(&subject, span, until).await?
            }
        };
        Ok((!left.rows.is_empty() || left.unread.is_some()).then_some(left))
    }

    fn reached(&self, meter: MeterId) -> Option<DateTime<Utc>> {
        self.fronts.get(&meter)?.figures.reached()
    }

    /// Goes on with what is stored after the front of a meter, up to the end of a time; answers what is left of it.
    async fn read(
        &mut self,
        subject: &Subject<'_>,
        span: Span,
        until: Instant,
    ) -> Result<Stored, Error> {
        let (pool, id) = (self.core.pool().clone(), subject.meter.id);
        // What lies further ahead is dated anew when the clock is set right.
        let to = span.to.min(self.core.registry().latest(subject.site));
        loop {
            let reached = self.reached(id);
            let from = reached.unwrap_or(span.from);
            if from > to || reached >= Some(to) {
                return Ok(Stored::default());
            }
            if Instant::now() >= until {
                let from = reached.map_or(from, |reached| reached + NEXT);
                return Ok(Stored { rows: Vec::new(), unread: Some(Span { from, to }) });
            }
            let mut rows =
                storage::readings::page(&pool, id, from, to + NEXT, reached, PAGE).await?;
            let is_last = rows.len() < PAGE as usize;
            let ahead = rows.split_off(rows.partition_point(|row| row.at <= subject.now));
            self.advance(subject, rows).await?;
            match ahead.first().map(|row| row.at) {
                Some(from) if !is_last => {
                    return Ok(Stored { rows: Vec::new(), unread: Some(Span { from, to }) });
                }
                None if !is_last => {}
                _ => return Ok(Stored { rows: ahead, unread: None }),
            }
        }
    }

    /// Takes readings that are newer than the front of their meter, in order of time.
    async fn advance(
        &mut self,
        subject: &Subject<'_>,
        rows: impl IntoIterator<Item = Reading>,
    ) -> Result<(), Error> {
        let Some(front) = self.fronts.get(&subject.meter.id) else { return Ok(()) };
        let (mut figures, mut turns) = (front.figures.clone(), Vec::new());
        let oldest = subject.oldest();
        for row in rows {
            let by = if row.at < oldest { subject.by_none() } else { subject.by() };
            turns.extend(figures.take(&by, row));
        }
        settle(&self.core, &self.open, subject.site, subject.meter, &self.deeds(subject, turns))
            .await?;
        let lag = figures.reached().map_or(TimeDelta::zero(), |reached| subject.now - reached);
        if let Some(front) = self.fronts.get_mut(&subject.meter.id) {
            *front = Front { figures, lag, is_new: front.is_new, is_begun: false };
        }
        Ok(())
    }

    /// Lets change what has held for long enough by now, and holds what meters show against rules that are new.
    async fn look_at_those_that_wait(&mut self, known: &Known) -> Result<(), Error> {
        let rules = Arc::clone(&self.rules);
        let waits = |(id, front): (&MeterId, &mut Front)| {
            let is_begun = std::mem::take(&mut front.is_begun);
            (!is_begun && (front.is_new || front.figures.is_waiting())).then_some(*id)
        };
        let waiting: Vec<MeterId> = self.fronts.iter_mut().filter_map(waits).collect();
        let mut done = Ok(());
        for id in waiting {
            let core = self.core.clone();
            let Some(subject) = Subject::of(&core, known, &rules, id) else { continue };
            // What a device showed that does not answer any more is not taken to hold.
            let is_connected = self.live.with(subject.site.id, |live| live.is_connected(id));
            if is_connected == Some(true) {
                done = done.and(caught(self.look_at(&subject)).await);
            }
        }
        done
    }

    async fn look_at(&mut self, subject: &Subject<'_>) -> Result<(), Error> {
        let Some(front) = self.fronts.get(&subject.meter.id) else { return Ok(()) };
        let mut figures = front.figures.clone();
        let holds_until =
            if front.lag <= ON_TIME { Some(subject.now - front.lag) } else { figures.reached() };
        let turns = figures.look(&subject.by(), holds_until.unwrap_or(subject.now));
        settle(&self.core, &self.open, subject.site, subject.meter, &self.deeds(subject, turns))
            .await?;
        if let Some(front) = self.fronts.get_mut(&subject.meter.id) {
            *front = Front { figures, lag: front.lag, is_new: false, is_begun: false };
        }
        Ok(())
    }

    /// What follows of changes in order of time. What begins and ends among them is one deed.
    fn deeds(&self, subject: &Subject<'_>, turns: Vec<Turn>) -> Vec<Deed> {
        let mut begun: HashMap<RuleId, Turn> = HashMap::new();
        let mut deeds = Vec::new();
        for turn in turns {
            match (turn.change, begun.remove(&turn.rule)) {
                (Change::Raised, _) => {
                    begun.insert(turn.rule, turn);
                }
                (Change::Cleared, Some(raised)) => {
                    deeds.extend(subject.alarm(&raised).map(|new| Deed::Enter(new, turn.at)));
                }
                (Change::Cleared, None) => {
                    let open = self.open.find(turn.rule, subject.meter.id);
                    deeds.extend(open.map(|open| Deed::Clear(open.id, turn.at)));
                }
            }
        }
        let begun = begun.values().filter_map(|raised| subject.alarm(raised));
        deeds.extend(begun.map(Deed::Raise));
        deeds
    }
}

impl Subject<'_> {
    /// The alarm that a change raises.
    fn alarm(&self, turn: &Turn) -> Option<storage::alarms::NewAlarm> {
        let rule = self.rules.iter().find(|rule| rule.id == turn.rule)?;
        Some(alarm((self.site, rule), self.meter, &turn.measured, turn.at))
    }
}
