use std::collections::BTreeSet;

use domain::devices::{Communication, Protocol};
use domain::language::Language;
use domain::period::PeriodError;
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
    assert_eq!(
        german(
            "the period ends on 2026-11-18, before it begins on 2026-11-19: exchange the two days"
        ),
        "der Zeitraum endet am 2026-11-18, bevor er am 2026-11-19 beginnt: Vertauschen Sie die beiden \
         Tage"
    );
    assert_eq!(filled("{1} an {0} {who}", &["a".into(), "{0}".into()]), "{0} an a {who}");
    assert_eq!(
        german("a load factor is 0 to 1,000, not 1,200.5"),
        "ein Faktor K liegt zwischen 0 und 1.000, nicht bei 1.200,5"
    );
}

#[test]
fn sentences_in_sentences_and_lists_are_german_too() {
    assert_eq!(
        german(
            "2 of the lines are refused and nothing was stored; the first: line 3: name is empty: fill it in"
        ),
        "abgelehnte Zeilen: 2, nichts ist gespeichert; die erste: Zeile 3: name ist leer: \
         Füllen Sie das Feld aus"
    );
    assert_eq!(
        german("unit 7 of 10.0.0.1:502: no answer within 2.5 s"),
        "Geräteadresse 7 an 10.0.0.1:502: keine Antwort binnen 2,5 s"
    );
    assert_eq!(
        german("voltageL1 is inf; who knows; it has no SunSpec meter; its models are 1, 103"),
        "voltageL1 ist unendlich; who knows; es hat keinen SunSpec-Zähler; seine Modelle sind 1, 103"
    );
}

#[test]
fn what_is_unknown_or_read_in_english_stays() {
    for message in ["", "Nothing of the kind", "no meter ", "never read, I say"] {
        assert_eq!(german(message), message);
    }
    assert_eq!(in_language("never read", Language::En), "never read");
    let long = format!("no meter {}", "x".repeat(10_000));
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
    let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 19).unwrap();
    let periods = [
        PeriodError::Unknown("fortnight".into()),
        PeriodError::Day("2026-13-01".into()),
        PeriodError::Ends,
        PeriodError::Order(day, day),
        PeriodError::Long(4_000),
        PeriodError::Early(day),
        PeriodError::Future(day),
        PeriodError::Compare("next".into()),
    ];
    let device =
        |protocol, settings| Communication::parse(protocol, &settings).unwrap_err().message;
    let others = [
        device(Protocol::Modbus, json!({"host": "gateway", "port": 0})),
        device(Protocol::Modbus, json!({"transport": "rtu", "host": "gateway"})),
        device(Protocol::Modbus, json!({"host": "gateway", "colour": 1})),
        device(Protocol::Mqtt, json!({"topicPower": "{device}/power"})),
        device(Protocol::Http, json!({"url": "ftp://meter"})),
        "26-1".parse::<domain::month::Month>().unwrap_err(),
    ];
    let reports = domain::simulation::EventKind::ALL.map(|kind| kind.told().to_owned());
    for message in periods.iter().map(ToString::to_string).chain(others).chain(reports) {
        assert_ne!(german(&message), message);
    }
}

#[test]
fn what_a_register_cannot_be_is_told_in_german() {
    let message = "the register of meter M-1 showed 99995.5 kWh at 2026-05-05T01:00:00Z: one that wraps \
                   at 10000 kWh never shows that; enter a larger registerModulusKwh, or correct that \
                   reading first";
    assert_eq!(
        german(message),
        "das Zählwerk von Zähler M-1 zeigte 99995,5 kWh um 2026-05-05T01:00:00Z: Eines, das bei 10000 \
         kWh überläuft, zeigt das nie; geben Sie ein größeres registerModulusKwh ein oder korrigieren \
         Sie zuerst diese Ablesung"
    );
    let message = "no reading of meter M-1 at or before 2026-11-01 09:59:59 UTC is known, so there is no \
                   register that could be exchanged: give a later time, or send the readings of the old \
                   register first";
    assert!(
        german(message).starts_with("keine Ablesung von Zähler M-1 bis 2026-11-01 09:59:59 UTC ")
    );
    for message in [
        "oldFinalKwh is beyond 1e12, which no meter shows",
        "\"much\" is no power in kW above 0: write it as 250",
    ] {
        assert_ne!(german(message), message);
    }
}

#[test]
fn a_sentence_as_a_page_writes_it_is_one_too() {
    let said = "The period is 36526 days long: choose ten years at most.";
    assert_eq!(
        in_language(said, Language::De),
        "Der Zeitraum ist 36526 Tage lang: Wählen Sie höchstens zehn Jahre."
    );
}
