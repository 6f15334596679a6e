//! A rival that is believed: the step that led to it, and what is asked of people.

use chrono::{DateTime, Utc};

use super::super::track::{Base, Point, Rival, Stretch, Track, rate};
use super::super::{Decision, Flags, Quarantined, Question, Stepped};
use super::limit::remembered;
use super::{Event, Limits};

/// The step from the track that was believed to the one that is believed now.
enum Step {
    /// It counts.
    Counts(f64, Flags),
    /// A person is asked; so much would count.
    Asked(f64),
    /// The register returned to the track that was left.
    Back,
}

impl Limits<'_> {
    /// Believes a rival: all its readings count, only the step to its first is uncertain.
    pub(super) fn believe_rival(
        &self,
        base: &mut Base,
        rival: &Rival,
        weight: Option<f64>,
        events: &mut Vec<Event>,
    ) {
        let first = rival.first;
        let is_load = self.is_load(base, rival);
        // Power has gone on since the register came there, and tells no more of the step.
        base.weight = None;
        let is_back = base.left.iter().any(|left| Some(left.track.at) == rival.back);
        let step = match () {
            () if is_back => Step::Back,
            () if is_load && self.rated.is_none() && !self.is_rejected(base, first) => {
                Step::Counts(first.1 - base.track.value, Flags::default())
            }
            () => self.step(base, first),
        };
        if !is_back && !is_load {
            base.leave(remembered(rival.since, self.cadence), first.1);
        }
        match step {
            Step::Back => {
                go_back(base, rival, events);
                self.move_to(base, first, None, events);
            }
            Step::Counts(..) if is_load => {
                let risen = [&[base.track.point()], &rival.led[..], &[first]].concat();
                moved_along(&risen, events);
                base.note_load(first);
            }
            Step::Counts(delta, flag) => {
                let from = base.track.at;
                events.push(Event::Moved { from, to: first.0, delta, flag, weight: None });
            }
            Step::Asked(_) if is_load => self.ask_of_stretch(base, rival, events),
            Step::Asked(delta) => {
                let kind = self.stepped(base, first).question();
                self.ask(base, kind, first, delta, events);
            }
        }
        moved_along(&rival.points, events);
        (base.track, base.weight, base.samples) = (rival.track, weight, 0);
        (base.dropped, base.counts_down) = (None, false);
    }

    /// Whether a rival is a load beyond what was seen or stated: by three rises that are alike; of a meter with a
    /// rated power, by any rise that a wrong one could explain.
    fn is_load(&self, base: &Base, rival: &Rival) -> bool {
        const WRONG_BY: f64 = 20.0;
        let enough = if self.cadence > super::SELDOM { 2 } else { super::AGREEING };
        let is_alike = rival.beyond >= enough;
        let rate = rate(base.track.point(), rival.first);
        let is_rated = self.rated.is_some_and(|rated| rate <= WRONG_BY * rated.0);
        rival.first.1 > base.track.value && !self.net && (is_alike || is_rated)
    }

    /// The kind of a step, in the order in which one is taken for it.
    fn step(&self, base: &Base, first: Point) -> Step {
        let Stepped { previous, value, delta } = self.stepped(base, first);
        if self.is_rejected(base, first) || value >= previous || self.net {
            return Step::Asked(delta);
        }
        if let Some(delta) = self.wrapped(base, first) {
            Step::Counts(delta, Flags::ROLLOVER)
        } else if self.begins_anew(base, first) {
            Step::Counts(value, Flags::RESET)
        } else {
            Step::Asked(delta)
        }
    }

    /// Asks about a step; accepted, it counts.
    pub(super) fn ask(
        &self,
        base: &mut Base,
        kind: Question,
        read: Point,
        delta: f64,
        events: &mut Vec<Event>,
    ) {
        let (from, previous) = base.track.point();
        let step = Stepped { previous, value: read.1, delta };
        let decision = self.decisions.about(read.0, self.field, &step);
        events.push(Event::TooLarge(self.asked_about(base, kind, (from, read), step, decision)));
        if decision == Some(Decision::Accept) {
            // An old meter that is said to have ended below what it had shown returned nothing by that.
            let delta = if self.net { delta } else { delta.max(0.0) };
            let flag = Flags::default();
            if read.1 > previous {
                base.note_load(read);
            }
            events.push(Event::Moved { from, to: read.0, delta, flag, weight: base.weight });
        }
        (base.track, base.weight, base.samples) = (Track::new(read), None, 0);
    }

    /// Asks about rises beyond the rated power, or goes on asking.
    fn ask_of_stretch(&self, base: &mut Base, rival: &Rival, events: &mut Vec<Event>) {
        let goes_on = |stretch: &Stretch| rival.since - stretch.last <= super::STRETCH;
        if !base.stretch.as_ref().is_some_and(goes_on) {
            let previous = base.track.point();
            let (last, rate) = (base.track.at, rate(previous, rival.first));
            let at = rival.since;
            let begun =
                Stretch { at, previous, last, delta: 0.0, rate, needed: 0.0, counts: false };
            base.stretch = Some(begun);
        }
        self.lengthen(base, rival.first, events);
    }

    /// A further rise of a stretch beyond the rated power.
    pub(super) fn lengthen(&self, base: &mut Base, read: Point, events: &mut Vec<Event>) {
        let Some(stretch) = &mut base.stretch else { return };
        let (from, before) = base.track.point();
        let rise = read.1 - before;
        (stretch.last, stretch.delta) = (read.0, stretch.delta + rise);
        stretch.needed = stretch.needed.max(rate((base.track.changed_at(), before), read));
        let Stretch { at, previous: (previous_at, previous), delta, needed, .. } = *stretch;
        let step = Stepped { previous, value: read.1, delta };
        let decision = self.decisions.about_stretch(at, self.field, &step);
        stretch.counts = decision == Some(Decision::Accept);
        let of = (previous_at, (at, read.1));
        // It may also be a load that a person rejected, or lie beyond the modulus.
        let rated = self.rated.map(|rated| rated.0).filter(|rated| needed > *rated);
        let kind = rated.map_or(Question::Step, |_| Question::BeyondRated);
        let asked = self.asked_about(base, kind, of, step, decision);
        events.push(Event::TooLarge(Quarantined {
            // Its limit is that of the newest rise.
            plausible: self.largest(base, read),
            rated_kw: rated,
            needed_kw: rated.map(|_| needed),
            last_at: read.0,
            ..asked
        }));
        if decision == Some(Decision::Accept) {
            let (to, flag) = (read.0, Flags::default());
            events.push(Event::Moved { from, to, delta: rise, flag, weight: base.weight });
        }
        (base.track, base.weight, base.samples) = (Track::new(read), None, 0);
    }

    /// A step from an instant to a reading that a person is asked about.
    pub(super) fn asked_about(
        &self,
        base: &Base,
        kind: Question,
        (previous_at, read): (DateTime<Utc>, Point),
        Stepped { previous, value, delta }: Stepped,
        decision: Option<Decision>,
    ) -> Quarantined {
        let (at, field, plausible) = (read.0, self.field, self.largest(base, read));
        let (rated_kw, needed_kw) = (None, None);
        Quarantined {
            at,
            field,
            kind,
            previous_at,
            previous,
            value,
            delta,
            plausible,
            rated_kw,
            needed_kw,
            last_at: at,
            decision,
        }
    }

    /// The step from the believed track to a reading.
    pub(super) fn stepped(&self, base: &Base, (_, value): Point) -> Stepped {
        let previous = base.track.value;
        let is_fall = value < previous && !self.net;
        let delta = if is_fall { value } else { value - previous };
        Stepped { previous, value, delta }
    }

    /// A person's decision about a step, or about the reading that it leads to.
    pub(super) fn decided(&self, base: &Base, read: Point) -> Option<Decision> {
        self.decisions.about(read.0, self.field, &self.stepped(base, read))
    }

    /// A person's decision about a step: one about a reading alone says nothing of those after it.
    pub(super) fn decided_step(&self, base: &Base, read: Point) -> Option<Decision> {
        self.decisions.about_step(read.0, self.field, &self.stepped(base, read))
    }

    pub(super) fn is_rejected(&self, base: &Base, read: Point) -> bool {
        self.decided(base, read) == Some(Decision::Reject)
    }
}

/// Counts what a register rose by from each reading to the next.
fn moved_along(points: &[Point], events: &mut Vec<Event>) {
    for pair in points.windows(2) {
        let ((from, before), (to, value)) = (pair[0], pair[1]);
        let (delta, flag) = (value - before, Flags::default());
        events.push(Event::Moved { from, to, delta, flag, weight: None });
    }
}

/// Returns to the track that was left: all that was read since counts nothing.
fn go_back(base: &mut Base, rival: &Rival, events: &mut Vec<Event>) {
    let known = base.left.iter().position(|left| Some(left.track.at) == rival.back);
    let Some(left) = known.and_then(|place| base.left.drain(place..).next()) else { return };
    events.push(Event::Returned { after: left.track.at, before: rival.since });
    (base.track, base.weight, base.stretch) = (left.track, None, None);
}
