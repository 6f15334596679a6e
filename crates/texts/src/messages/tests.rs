mod alarms;

use std::collections::{BTreeMap, BTreeSet};

use domain::language::Language;
use domain::message::Message;
use serde_json::json;

use super::{de, filled};

/// What stands in a sentence, by the names between braces.
fn holes(words: &str) -> BTreeSet<&str> {
    let each = words.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0));
    each.map(|name| name.trim_start_matches('#')).collect()
}

#[test]
fn every_sentence_has_words_in_german_with_all_that_stands_in_it() {
    let german: BTreeMap<_, _> = de::all().collect();
    assert_eq!(german.len(), de::all().count(), "a code stands there twice");
    let mut known = BTreeSet::new();
    for declared in domain::messages::all() {
        let code = declared.code();
        let words = german.get(code.as_str());
        let words = words.unwrap_or_else(|| panic!("{code} has no words in messages/de"));
        let params: BTreeSet<_> = declared.params.iter().copied().collect();
        assert_eq!(holes(words), params, "{code}: {words}");
        assert!(known.insert(code.clone()), "{code} is declared twice");
    }
    let unknown: Vec<_> = german.keys().filter(|code| !known.contains(**code)).collect();
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
