//! What a meter reports, and what waits for a decision.

use super::*;

#[test]
fn what_a_meter_reports_is_an_alarm_until_somebody_knows_of_it() {
    let meter = meter();
    let judged = |kind: Kind, reported: &[EventKind]| {
        let seen = Seen { reported, ..Seen::nothing(&meter) };
        measure(&rule(kind.usual()), &seen)
    };
    let all = [
        EventKind::CoverOpened,
        EventKind::BatteryLow,
        EventKind::MagneticField,
        EventKind::CoverOpened,
    ];
    let tampered = judged(Kind::Tamper, &all);
    assert_eq!(tampered.position, Position::Beyond);
    assert_eq!(
        said(&Kind::Tamper.usual(), &tampered),
        "Tampering reported: the cover was opened; a magnetic field was found"
    );
    let failed = judged(Kind::MeterError, &all);
    assert_eq!(said(&Kind::MeterError.usual(), &failed), "Error reported: its battery is low");
    assert_eq!(judged(Kind::Tamper, &[EventKind::BatteryLow]).position, Position::Within);
    assert!(Kind::Tamper.usual().check().is_ok());
}

#[test]
fn what_waits_for_a_decision_is_an_alarm_that_says_what_was_seen_and_what_each_button_does() {
    let step = Quarantined {
        at: start() + TimeDelta::minutes(5),
        field: Field::EnergyImportKwh,
        kind: Question::StepBack,
        previous_at: start(),
        previous: 1_290.0,
        value: 1_289.93,
        delta: 1_289.93,
        plausible: 5.0,
        rated_kw: None,
        needed_kw: None,
        last_at: start() + TimeDelta::minutes(5),
        decision: None,
    };
    let text = held(&step, 0, chrono_tz::Asia::Kolkata);
    assert_eq!(
        text.message,
        "The import register fell from 1,290 to 1,289.93 kWh between 2026-11-20 17:30:00 and \
         2026-11-20 17:35:00. Was the meter exchanged, or is a reading wrong? Nothing of it counts \
         until somebody decides: \"Count it\" counts 1,289.93 kWh, \"Leave it out\" counts nothing"
    );
    let (kind, rated_kw, needed_kw) = (Question::BeyondRated, Some(5.0), Some(20.0));
    let cases = [
        (Quarantined { kind: Question::Step, ..step }, "The import register rose from 1,290 to"),
        (
            Quarantined { kind, rated_kw, needed_kw, ..step },
            "from 2026-11-20 17:30:00 on. That takes 20.0 kW, and the rated power is 5.0 kW. Is the \
             rated power right? Nothing of it counts until",
        ),
        (
            Quarantined { kind: Question::Exchange, delta: -0.5, ..step },
            "stood at 1,290 kWh (2026-11-20 17:30:00), and at 1,289.5 kWh when the meter was exchanged",
        ),
        (
            Quarantined { kind: Question::TwoRegisters, ..step },
            "one stood at 1,290 kWh (2026-11-20 17:30:00), one at 1,289.93 kWh",
        ),
        (
            Quarantined { kind: Question::CountsDown, ..step },
            "The import register counts down: from",
        ),
    ];
    for (step, part) in cases {
        let text = held(&step, 0, chrono_tz::Asia::Kolkata).message;
        assert!(text.contains(part), "{:?}: {text}", step.kind);
    }
    let more = held(&step, 2, chrono_tz::UTC);
    assert!(more.message.ends_with("counts nothing; 2 other steps of the meter wait"), "{more}");
    let meter = meter();
    let terms = Kind::Quarantine.usual();
    let judged = |held| {
        let seen = Seen { held, ..Seen::nothing(&meter) };
        measure(&rule(terms.clone()), &seen)
    };
    let waits = judged(Some(&text));
    assert_eq!((waits.position, about(&terms, "EUR", &waits)), (Position::Beyond, text.clone()));
    assert_eq!(judged(None).position, Position::Within);
    assert!(terms.check().is_ok());
}
