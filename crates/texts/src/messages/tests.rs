use std::collections::{BTreeMap, BTreeSet};

use domain::devices::reason::Trouble;
use domain::devices::reason::answer::NoValue;
use domain::devices::reason::modbus::Unanswered;
use domain::devices::reason::unreached::Unreached;
use domain::devices::{Communication, Protocol};
use domain::language::Language;
use domain::message::{Message, Sentences};
use serde_json::json;

use super::{filled, german, in_language};

/// What stands in a sentence, by the names between braces.
fn holes(words: &str) -> BTreeSet<&str> {
    let each = words.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0));
    each.map(|name| name.trim_start_matches('#')).collect()
}

#[test]
fn every_sentence_has_words_in_german_with_all_that_stands_in_it() {
    let words: BTreeMap<_, _> = german().collect();
    assert_eq!(words.len(), german().count(), "a code stands there twice");
    let mut known = BTreeSet::new();
    for declared in domain::messages::all() {
        let code = declared.code();
        let said = words.get(code.as_str());
        let said = said.unwrap_or_else(|| panic!("{code} has no words in messages/de"));
        let params: BTreeSet<_> = declared.params.iter().copied().collect();
        assert_eq!(holes(said), params, "{code}: {said}");
        assert!(known.insert(code.clone()), "{code} is declared twice");
    }
    let unknown: Vec<_> = words.keys().filter(|code| !known.contains(**code)).collect();
    assert!(unknown.is_empty(), "no sentence of {unknown:?} is declared in domain");
}

#[test]
fn figures_have_the_marks_of_the_language_and_sentences_stand_in_sentences() {
    let message: Message = serde_json::from_value(json!({
        "code": "x",
        "message": "x",
        "params": {
            "power": "1,200.5",
            "count": 3,
            "all": [
                {"code": "foreign", "message": "as it said"},
                {"code": "unknown", "message": "and so on"},
            ],
        },
    }))
    .unwrap();
    assert_eq!(
        filled("{count} mal {#power} kW ({all}), {count}", &message, Language::De),
        "3 mal 1.200,5 kW (as it said; and so on), 3"
    );
}

#[test]
fn settings_as_they_are_refused_and_reasons_within_reasons_are_german() {
    let device = |protocol, settings| {
        let refused = Communication::parse(protocol, &settings).unwrap_err().message;
        in_language(&refused, Language::De)
    };
    assert_eq!(
        device(Protocol::Modbus, json!({"host": "gateway", "port": 0})),
        "port ist 0: Es muss eine ganze Zahl von 1 bis 65535 sein"
    );
    assert_eq!(
        device(Protocol::Mqtt, json!({"topicPower": "{device}/power"})),
        "topicPower ist „{device}/power“: Geben Sie mit device den Namen an, der für {device} steht"
    );
    let silent = Unreached::NoAnswer { seconds: 2.5 };
    let unit =
        Unanswered::At { unit: 7, line: "10.0.0.1:502".into(), why: Box::new(silent.into()) };
    let said = vec![NoValue::Infinite { field: "voltageL1" }.into(), unit.into()];
    let all = Trouble::Several { all: Sentences(said) }.into();
    assert_eq!(
        in_language(&all, Language::De),
        "voltageL1 ist unendlich; Geräteadresse 7 an 10.0.0.1:502: keine Antwort binnen 2,5 s"
    );
}
