//! What alarms say, in German.

use chrono::{DateTime, TimeDelta, Utc};
use domain::Field;
use domain::alarms::{Kind, Terms, held};
use domain::energy::interval::Quarantined;
use domain::language::Language;
use domain::message::Message;

use crate::messages::in_language;

fn german(message: &Message) -> String {
    in_language(message, Language::De)
}

#[test]
fn what_waits_for_a_decision_is_told_in_german() {
    let at: DateTime<Utc> = "2026-11-20T12:05:00Z".parse().unwrap();
    let step = Quarantined {
        at,
        field: Field::TotalEnergyKwh,
        previous_at: at - TimeDelta::minutes(5),
        previous: 1_290.0,
        value: 1_289.93,
        delta: 1_289.93,
        plausible: 5.0,
        decision: None,
    };
    let held = held(&step, 2, "UTC".parse().unwrap());
    assert_eq!(
        german(&held),
        "Das Zählwerk fiel zwischen 2026-11-20 12:00:00 und 2026-11-20 12:05:00 von 1.290 auf \
         1.289,93 kWh. Davon zählt nichts, bis jemand entscheidet: „Das stimmt, zählen“ zählt \
         1.289,93 kWh, „Das ist falsch, weglassen“ zählt nichts; 2 weitere Sprünge des Zählers warten"
    );
    for button in crate::words::alarms::HELD {
        assert!(held.message.contains(&format!("\"{}\"", button.0)), "{held}");
        assert!(german(&held).contains(&format!("„{}“", button.1)), "{held}");
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
