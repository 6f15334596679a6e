//! Readings that come behind others of their meter. The time around them is judged anew, as it would have been
//! with them: excursions of which nobody was told are entered and told.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::alarms::{Change, Followed, Phase, RuleId, Turn};
use domain::readings::channel::Latest;
use domain::{MeterId, Reading};
use storage::alarms::{Deed, Told};

use super::subject::LATE;
use super::{KEPT_ROWS, NEXT, PAGE, Readings, SHARE, Span, Subject, settle};
use crate::Error;
use crate::operation::failures::caught;
use crate::operation::pace::Pace;
use crate::registry::Known;

/// A meter is judged anew no more often than this, so that one whose readings come in no order costs little.
const AGAIN: Duration = Duration::from_secs(10);

/// What came behind others.
pub(super) struct Late {
    again: Duration,
    of: HashMap<MeterId, Span>,
    judged: HashMap<MeterId, Instant>,
    under_way: Option<Again>,
}

impl Late {
    pub(super) fn new(pace: Pace) -> Self {
        let (of, judged) = (HashMap::new(), HashMap::new());
        Self { again: pace.of(AGAIN), of, judged, under_way: None }
    }

    /// Notes that readings of a meter came late, as far as they are looked at.
    pub(super) fn note(&mut self, subject: &Subject<'_>, span: Span) {
        let oldest = subject.oldest();
        if span.to >= oldest {
            let span = Span { from: span.from.max(oldest), ..span };
            let of = self.of.entry(subject.meter.id).or_insert(span);
            *of = of.with(span);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.of.is_empty() && self.under_way.is_none()
    }

    /// The meters that are judged in this look, what is under way first.
    fn due(&mut self) -> Vec<MeterId> {
        self.judged.retain(|_, judged| judged.elapsed() < self.again);
        let under_way = self.under_way.as_ref().map(|again| again.meter);
        let others = self.of.keys().filter(|meter| !self.judged.contains_key(meter)).copied();
        under_way.into_iter().chain(others.filter(|meter| Some(*meter) != under_way)).collect()
    }
}

/// A time that is judged anew.
struct Again {
    meter: MeterId,
    /// From the first reading that came late to the last.
    late: Span,
    begun: DateTime<Utc>,
    /// Up to where it is judged.
    after: Option<DateTime<Utc>>,
    figures: Followed,
    /// Of which time somebody was told.
    told: Vec<Told>,
    raised: BTreeMap<RuleId, Turn>,
    cleared: BTreeMap<RuleId, DateTime<Utc>>,
}

impl Again {
    /// Takes the next reading; answers what was over by then, and touches what came late.
    fn take(&mut self, subject: &Subject<'_>, row: Reading) -> Vec<Deed> {
        self.after = Some(row.at);
        let mut deeds = Vec::new();
        for turn in self.figures.take(&subject.by(), row) {
            if turn.change == Change::Raised {
                self.raised.insert(turn.rule, turn);
                continue;
            }
            self.cleared.insert(turn.rule, turn.at);
            let raised = self.raised.remove(&turn.rule).filter(|_| turn.at >= self.late.from);
            let new = raised.and_then(|raised| subject.alarm(&raised));
            deeds.extend(new.map(|new| Deed::Enter(new, turn.at)));
        }
        deeds
    }

    /// Whether all goes on from here as it did: no alarm is open or about to be that was not, and none is over that
    /// was open.
    fn is_as_it_was(&self, subject: &Subject<'_>) -> bool {
        let Some(at) = self.after.filter(|at| *at > self.late.to) else { return false };
        subject.rules.iter().all(|rule| match self.figures.phase(rule.id) {
            Phase::Quiet => !self.is_told(rule.id, at, at),
            Phase::Raised => self.is_told(rule.id, at, at),
            Phase::Rising(_) | Phase::Falling(_) => false,
        })
    }

    /// Whether somebody was told of an alarm between two instants.
    fn is_told(&self, rule: RuleId, from: DateTime<Utc>, to: DateTime<Utc>) -> bool {
        self.told.iter().any(|told| {
            let is_over = told.cleared_at.is_some_and(|cleared| cleared < from);
            told.rule == rule && told.raised_at <= to && !is_over
        })
    }
}

impl Readings {
    /// Judges anew what came late, for as long as a look may take.
    pub(super) async fn judge_again(&mut self, known: &Known) -> Result<(), Error> {
        let until = Instant::now() + SHARE;
        let mut done = Ok(());
        for meter in self.late.due() {
            if Instant::now() >= until {
                break;
            }
            let late = match &self.late.under_way {
                Some(again) => again.late,
                None => match self.late.of.remove(&meter) {
                    Some(late) => late,
                    None => continue,
                },
            };
            if let Err(error) = caught(self.judge(known, meter, late, until)).await {
                self.late.judged.insert(meter, Instant::now());
                if error.is_passing() {
                    self.late.of.entry(meter).and_modify(|of| *of = of.with(late)).or_insert(late);
                }
                done = done.and(Err(error));
            }
        }
        done
    }

    async fn judge(
        &mut self,
        known: &Known,
        meter: MeterId,
        late: Span,
        until: Instant,
    ) -> Result<(), Error> {
        let (core, rules) = (self.core.clone(), Arc::clone(&self.rules));
        let under_way = self.late.under_way.take();
        let Some(subject) = Subject::of(&core, known, &rules, meter) else { return Ok(()) };
        let mut again = match under_way {
            Some(again) => again,
            None => self.rewind(&subject, late).await?,
        };
        if self.go_on(&subject, &mut again, until).await? {
            self.late.judged.insert(meter, Instant::now());
        } else {
            self.late.under_way = Some(again);
        }
        Ok(())
    }

    /// Goes back to where nothing of what came late is felt yet.
    async fn rewind(&self, subject: &Subject<'_>, late: Span) -> Result<Again, Error> {
        let (pool, meter) = (self.core.pool(), subject.meter.id);
        let delays = subject.rules.iter().flat_map(|rule| <[_; 2]>::from(rule.terms.delays()));
        let felt = (delays.max().unwrap_or(TimeDelta::zero()) + subject.limit).min(LATE);
        let begun = late.from - felt;
        let mut newest = HashMap::new();
        for row in storage::readings::last_before(pool, &[(meter, begun)], KEPT_ROWS).await? {
            Latest::take_into(&mut newest, row);
        }
        let mut figures = Followed::new(newest.remove(&meter));
        let told = storage::alarms::told(pool, meter, begun).await?;
        for rule in subject.rules.iter().map(|rule| rule.id) {
            if told.iter().any(|told| told.rule == rule && told.raised_at < begun) {
                figures.set_phase(rule, Phase::Raised);
            }
        }
        let (raised, cleared) = (BTreeMap::new(), BTreeMap::new());
        Ok(Again { meter, late, begun, after: None, figures, told, raised, cleared })
    }

    /// Judges on, until all is as it was or the front is reached; whether that is so.
    async fn go_on(
        &mut self,
        subject: &Subject<'_>,
        again: &mut Again,
        until: Instant,
    ) -> Result<bool, Error> {
        let (core, meter) = (self.core.clone(), again.meter);
        let Some(front) = self.reached(meter) else { return Ok(true) };
        loop {
            let (from, to) = (again.begun, front + NEXT);
            let rows =
                storage::readings::page(core.pool(), meter, from, to, again.after, PAGE).await?;
            let is_last = rows.len() < PAGE as usize;
            let (mut deeds, mut is_as_it_was) = (Vec::new(), false);
            for row in rows {
                deeds.extend(again.take(subject, row));
                is_as_it_was = again.is_as_it_was(subject);
                if is_as_it_was {
                    break;
                }
            }
            settle(&core, &self.open, subject.site, subject.meter, &deeds).await?;
            if is_as_it_was {
                return Ok(true);
            }
            if is_last {
                self.replace(subject, again).await?;
                return Ok(true);
            }
            if Instant::now() >= until {
                return Ok(false);
            }
        }
    }

    /// Goes on from the front with what was found. An alarm that was ended stays so, and one that is open is over
    /// where it would have been.
    async fn replace(&mut self, subject: &Subject<'_>, again: &Again) -> Result<(), Error> {
        let (meter, alarms) = (again.meter, self.open.clone());
        let Some(front) = self.fronts.get_mut(&meter) else { return Ok(()) };
        let (mut figures, mut deeds) = (again.figures.clone(), Vec::new());
        for rule in subject.rules.iter().map(|rule| rule.id) {
            let phase = figures.phase(rule);
            match (phase.is_open(), alarms.find(rule, meter)) {
                (true, None) => {
                    let raised = again.raised.get(&rule);
                    let new = raised.filter(|turn| !again.is_told(rule, turn.at, subject.now));
                    match new.and_then(|turn| subject.alarm(turn)) {
                        Some(new) => deeds.push(Deed::Raise(new)),
                        None => figures.set_phase(rule, front.figures.phase(rule)),
                    }
                }
                (false, Some(open)) => {
                    let cleared = again.cleared.get(&rule).filter(|at| **at >= open.raised_at);
                    match cleared {
                        Some(at) => deeds.push(Deed::Clear(open.id, *at)),
                        None => figures.set_phase(rule, Phase::Raised),
                    }
                }
                (true, Some(_)) | (false, None) => {}
            }
        }
        settle(&self.core, &self.open, subject.site, subject.meter, &deeds).await?;
        front.figures = figures;
        Ok(())
    }
}
