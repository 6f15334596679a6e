use std::collections::BTreeSet;

use domain::alarms::Kind;
use domain::devices::{Communication, Protocol};
use domain::language::Language;
use serde_json::json;

use super::{HOLES, catalogue, filled, fillings, in_language, next_hole};

fn german(message: &str) -> String {
    in_language(message, Language::De)
}

/// A pattern with words in its holes.
fn example(mut pattern: &str) -> String {
    let mut text = String::new();
    while let Some((before, _, after)) = next_hole(pattern) {
        text.extend([before, "x1"]);
        pattern = after;
    }
    text + pattern
}

#[test]
fn holes_are_filled_in_the_order_of_each_language() {
    assert_eq!(filled("{1} an {0} {who}", &["a".into(), "{0}".into()]), "{0} an a {who}");
}

#[test]
fn sentences_in_sentences_and_lists_are_german_too() {
    assert_eq!(
        german("Offline: unit 7 of 10.0.0.1:502: no answer within 2.5 s"),
        "Nicht erreichbar: Geräteadresse 7 an 10.0.0.1:502: keine Antwort binnen 2,5 s"
    );
    assert_eq!(
        german("voltageL1 is inf; who knows; it has no SunSpec meter; its models are 1, 103"),
        "voltageL1 ist unendlich; who knows; es hat keinen SunSpec-Zähler; seine Modelle sind 1, 103"
    );
}

#[test]
fn what_is_unknown_or_read_in_english_stays() {
    for message in ["", "Nothing of the kind", "no alarm ", "never read, I say"] {
        assert_eq!(german(message), message);
    }
    assert_eq!(in_language("never read", Language::En), "never read");
    let long = format!("no alarm {}", "x".repeat(10_000));
    assert_eq!(german(&long), long);
}

#[test]
fn a_hole_is_never_empty_and_ends_where_the_next_words_begin() {
    assert_eq!(fillings("a {} b", "a  b"), None);
    assert_eq!(fillings("a {} b {} c", "a b b b c c"), Some(vec!["b".into(), "b c".into()]));
    assert_eq!(fillings("{} b", "ä b b"), Some(vec!["ä b".into()]));
    assert_eq!(fillings("{} b", "a; b b"), None);
}

#[test]
fn every_sentence_uses_each_hole_once() {
    for (english, german) in catalogue() {
        let holes = fillings(english, &example(english)).unwrap();
        for place in 0..10 {
            let used = german.matches(&format!("{{{place}}}")).count();
            assert_eq!(used, usize::from(place < holes.len()), "{{{place}}} of {german:?}");
        }
    }
}

#[test]
fn every_pattern_says_something_and_is_reached() {
    let mut known = BTreeSet::new();
    for (english, german) in catalogue() {
        assert!(known.insert(english), "{english:?} stands there twice");
        let words = HOLES.iter().fold(english.to_owned(), |text, hole| text.replace(hole, ""));
        assert!(words.chars().filter(|letter| letter.is_alphabetic()).count() > 1, "{english:?}");
        let message = example(english);
        let mut fitting = catalogue().filter(|(pattern, _)| fillings(pattern, &message).is_some());
        assert_eq!(fitting.next(), Some((english, german)));
    }
}

#[test]
fn errors_as_they_are_made_are_german() {
    let device =
        |protocol, settings| Communication::parse(protocol, &settings).unwrap_err().message;
    let others = [
        device(Protocol::Modbus, json!({"host": "gateway", "port": 0})),
        device(Protocol::Modbus, json!({"transport": "rtu", "host": "gateway"})),
        device(Protocol::Modbus, json!({"host": "gateway", "colour": 1})),
        device(Protocol::Mqtt, json!({"topicPower": "{device}/power"})),
        device(Protocol::Http, json!({"url": "ftp://meter"})),
        domain::alarms::Terms { channel: None, ..Kind::Threshold.usual() }
            .check()
            .unwrap_err()
            .message,
        "26-1".parse::<domain::month::Month>().unwrap_err().to_string(),
        "\"much\" is no power in kW above 0: write it as 250".to_owned(),
    ];
    let reports = domain::simulation::EventKind::ALL.map(|kind| kind.told().to_string());
    for message in others.into_iter().chain(reports) {
        assert_ne!(german(&message), message);
    }
}

#[test]
fn what_waits_for_a_decision_is_told_in_german() {
    let at: chrono::DateTime<chrono::Utc> = "2026-11-20T12:05:00Z".parse().unwrap();
    let step = domain::energy::interval::Quarantined {
        at,
        field: domain::Field::TotalEnergyKwh,
        previous_at: at - chrono::TimeDelta::minutes(5),
        previous: 1_290.0,
        value: 1_289.93,
        delta: 1_289.93,
        plausible: 5.0,
        decision: None,
    };
    assert_eq!(
        german(&domain::alarms::held(&step, 2, "UTC".parse().unwrap())),
        "Das Zählwerk fiel zwischen 2026-11-20 12:00:00 und 2026-11-20 12:05:00 von 1.290 auf \
         1.289,93 kWh. Davon zählt nichts, bis jemand entscheidet: „Das stimmt, zählen“ zählt \
         1.289,93 kWh, „Das ist falsch, weglassen“ zählt nichts; 2 weitere Sprünge des Zählers warten"
    );
    let texts = crate::words::alarms::HELD;
    for (text, english) in texts.into_iter().zip([domain::alarms::ACCEPT, domain::alarms::REJECT]) {
        assert_eq!(text.0, english, "the sentence names the button as it is written");
    }
}

#[test]
fn a_sentence_as_a_page_writes_it_is_one_too() {
    assert_eq!(in_language("No alarm 7.", Language::De), "Kein Alarm 7.");
}
