//! Two registers under one number.

use chrono::TimeDelta;

use super::super::track::{Asked, Base, Point, Rival};
use super::super::{Decision, Quarantined, Question, Stepped};
use super::limit::Fit;
use super::{AGREEING, Event, Limits, PROBATION};

impl Limits<'_> {
    /// Nothing counts before a person says which register is the meter's.
    pub(super) fn ask_which(&self, base: &mut Base, rival: Rival, events: &mut Vec<Event>) {
        let (_, since) = rival.seen();
        let from = since.max(rival.track.at - TimeDelta::days(1));
        let asked = Asked { from, at: rival.track.point(), previous: base.track.point() };
        let question = self.question(base, &asked);
        base.is_told = question.decision.is_some();
        match question.decision {
            Some(Decision::Accept) => (base.track, base.weight) = (rival.track, None),
            // It is not the meter's: its readings are outliers.
            Some(Decision::Reject) => base.rival = Some(Box::new(rival)),
            None => {
                base.asked = Some(asked);
                events.push(Event::Asked(asked));
                return;
            }
        }
        events.push(Event::TooLarge(question));
    }

    /// The question of which register is the meter's. The difference between them is no energy.
    pub(in crate::energy::interval) fn question(&self, base: &Base, asked: &Asked) -> Quarantined {
        let ((at, value), (previous_at, previous)) = (asked.at, asked.previous);
        let step = Stepped { previous, value, delta: 0.0 };
        let decision = self.decisions.about(at, self.field, &step);
        let kind = Question::TwoRegisters;
        self.asked_about(base, kind, (previous_at, asked.at), step, decision)
    }

    /// A reading while nothing counts before a person has answered: unless the register returns to a track
    /// that was left, and neither of the two was the meter's.
    pub(super) fn asked(
        &self,
        base: &mut Base,
        read: Point,
        weight: Option<f64>,
        events: &mut Vec<Event>,
    ) {
        let Some(asked) = base.asked else { return };
        let question = self.question(base, &asked);
        if question.decision.is_some() {
            events.push(Event::Answered { from: asked.from });
        }
        events.push(Event::TooLarge(question));
        let on_left = |left: &&super::Left| self.fit(base, &left.track, read) != Fit::Off;
        let left = base.left.iter().rfind(on_left).map(|left| left.track);
        let rival = base.rival.take();
        let Some(left) = left else { return };
        let rival = rival.filter(|rival| rival.back == Some(left.at));
        let Some(mut rival) = rival else {
            base.rival = Some(Box::new(Rival::returning(&left, read)));
            return;
        };
        rival.grow(read);
        base.asked = None;
        self.believe_rival(base, &rival, weight, events);
    }
}

/// Whether a rival that comes again and again rises beside the believed track. A copy of it that is some
/// time old does so, too, and is told by being little below.
pub(super) fn are_two_registers(base: &Base, rival: &Rival) -> bool {
    const COPY_SHARE: f64 = 0.9;
    let (rises, since) = rival.seen();
    let (at, value) = rival.track.point();
    let is_copy = (COPY_SHARE * base.track.value..=base.track.value).contains(&value);
    !base.is_told && rises >= AGREEING && at - since >= PROBATION && !is_copy
}
