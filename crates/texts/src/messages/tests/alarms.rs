//! What alarms say, in German.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Field;
use domain::alarms::{Kind, Terms, held};
use domain::energy::interval::{Quarantined, Question};
use domain::language::Language;
use domain::message::Message;

use crate::language::written_in;
use crate::messages::in_language;
use crate::words::alarms::answers;

fn german(message: &Message) -> String {
    in_language(message, Language::De)
}

#[test]
fn what_waits_for_a_decision_is_told_in_german() {
    let at: DateTime<Utc> = "2026-11-20T12:05:00Z".parse().unwrap();
    let step = Quarantined {
        at,
        field: Field::TotalEnergyKwh,
        kind: Question::StepBack,
        previous_at: at - TimeDelta::minutes(5),
        previous: 1_290.0,
        value: 1_289.93,
        delta: 1_289.93,
        plausible: 5.0,
        rated_kw: Some(5.0),
        needed_kw: Some(20.5),
        last_at: at,
        decision: None,
    };
    let of = |step: Quarantined, others| held(&step, others, "UTC".parse().unwrap());
    let told = of(step, 2);
    assert_eq!(
        german(&told),
        "Das Zählwerk fiel zwischen 2026-11-20 12:00:00 und 2026-11-20 12:05:00 von 1.290 auf \
         1.289,93 kWh. Wurde der Zähler getauscht, oder ist eine Ablesung falsch? Davon zählt nichts, \
         bis jemand entscheidet: „Zählen“ zählt 1.289,93 kWh, „Auslassen“ zählt nichts; 2 weitere \
         Sprünge des Zählers warten"
    );
    let beyond = of(Quarantined { kind: Question::BeyondRated, ..step }, 0);
    let powers = "Dafür braucht es 20,5 kW, und die Nennleistung ist 5,0 kW.";
    assert!(german(&beyond).contains(powers), "{beyond}");
    let quoted = [(Language::En, '"', '"'), (Language::De, '„', '“')];
    for (kind, (language, open, close)) in
        Question::ALL.into_iter().flat_map(|kind| quoted.map(|quoted| (kind, quoted)))
    {
        let text = in_language(&of(Quarantined { kind, ..step }, 0), language);
        let answers = written_in(language, || answers(kind, "1", "2"));
        // Which of two registers it is, the button says itself.
        let named = answers.iter().filter(|_| kind != Question::TwoRegisters);
        for (_, button) in named {
            assert!(text.contains(&format!("{open}{button}{close}")), "{button}: {text}");
        }
    }
}

#[test]
fn what_is_refused_of_a_rule_is_told_in_german() {
    let terms = Terms { channel: None, ..Kind::Threshold.usual() };
    assert_eq!(
        german(&terms.check().unwrap_err().message),
        "ein Grenzwert braucht den Namen eines Kanals, etwa ActivePower"
    );
}
