mod alarms;
mod lines;
mod names;

use std::collections::{BTreeMap, BTreeSet};

use domain::devices::reason::Trouble;
use domain::devices::reason::answer::NoValue;
use domain::devices::reason::modbus::Unanswered;
use domain::devices::reason::unreached::Unreached;
use domain::devices::{Communication, Protocol};
use domain::language::Language;
use domain::message::{Message, Sentences};
use domain::meters::refusal::{ExchangeRefusal, MeterRefusal};
use domain::period::refusal::PeriodError;
use serde_json::json;

use super::{ANSWERED_IN_GERMAN, STREAMED_IN_GERMAN, filled, german, in_language};

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
        let said =
            said.unwrap_or_else(|| panic!("{code} has no words in crates/texts/messages/de"));
        let params: BTreeSet<_> = declared.params.iter().copied().collect();
        assert_eq!(holes(said), params, "{code}: {said}");
        assert!(known.insert(code.clone()), "{code} is declared twice");
    }
    let unknown: Vec<_> = words.keys().filter(|code| !known.contains(**code)).collect();
    assert!(unknown.is_empty(), "no sentence of {unknown:?} is declared in domain");
}

fn in_german(message: impl Into<Message>) -> String {
    in_language(&message.into(), Language::De)
}

#[test]
fn what_is_wrong_with_a_value_is_told_in_german_with_what_stands_there() {
    use domain::grid::feasibility::FeasibilityRequest;
    let refused =
        |value| in_german(domain::strict::read::<FeasibilityRequest>(&value).unwrap_err().message);
    assert_eq!(refused(json!([])), "erwartet wird ein JSON-Objekt");
    assert_eq!(refused(json!({})), "das Feld type fehlt");
    assert_eq!(
        refused(json!({"type": "x"})),
        "„x“ gibt es hier nicht, zur Wahl stehen consumer und prosumer"
    );
    assert_eq!(refused(json!({"latitude": "zwölf"})), "erwartet wird eine Zahl, nicht „zwölf“");
    assert_eq!(refused(json!({"explain": 1.5})), "erwartet wird true oder false, nicht 1,5");
    assert_eq!(refused(json!({"explain": null})), "es ist leer, erwartet wird true oder false");
    assert!(refused(json!({"colour": 1})).starts_with("das Feld colour ist unbekannt, zur Wahl"));
}

#[test]
fn sentences_in_sentences_are_german_too() {
    use domain::configuration::refusal::{EntryRefusal, TermsRefusal};
    use domain::operation::unable::Unable;
    use domain::simulation::refusal::MeterRefusal;
    assert_eq!(
        in_german(MeterRefusal::Factor { factor: 1_200.5 }),
        "ein Faktor K liegt zwischen 0 und 1.000, nicht bei 1200,5"
    );
    let sum = EntryRefusal::Sum { number: "V-1".to_owned(), why: TermsRefusal::Order };
    let lines = Unable::Lines { count: 2, first: Box::new(sum.into()) };
    assert_eq!(
        in_german(lines),
        "abgelehnte Zeilen: 2, nichts ist gespeichert; die erste: virtueller Zähler „V-1“: \
         validTo muss nach validFrom liegen"
    );
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
fn what_a_register_cannot_be_is_told_in_german() {
    let refusal = MeterRefusal::BelowRegister {
        meter: "M-1".into(),
        value: 99_995.5,
        unit: "kWh".into(),
        at: "2026-05-05T01:00:00Z".into(),
        modulus: 10_000.0,
    };
    assert_eq!(
        refusal.to_string(),
        "the register of meter M-1 showed 99995.5 kWh at 2026-05-05T01:00:00Z: one that wraps at 10000 \
         kWh never shows that; enter a larger registerModulusKwh, or correct that reading first"
    );
    assert_eq!(
        in_german(refusal),
        "das Zählwerk von Zähler M-1 zeigte 99995,5 kWh um 2026-05-05T01:00:00Z: Eines, das bei 10000 \
         kWh überläuft, zeigt das nie; geben Sie ein größeres registerModulusKwh ein oder korrigieren \
         Sie zuerst diese Ablesung"
    );
    let at = "2026-11-01T09:59:59Z".parse().unwrap();
    let refusal = ExchangeRefusal::NeverRead { meter: "M-1".into(), at };
    assert!(
        in_german(refusal)
            .starts_with("keine Ablesung von Zähler M-1 bis 2026-11-01 09:59:59 UTC ")
    );
}

#[test]
fn a_period_that_cannot_be_meant_is_told_in_german() {
    let [first, last] = ["2026-11-19", "2026-11-18"].map(|day| day.parse().unwrap());
    let refusal = PeriodError::Order { first, last };
    assert_eq!(
        in_language(&refusal.into(), Language::De),
        "Der Zeitraum endet am 2026-11-18, bevor er am 2026-11-19 beginnt: Vertauschen Sie die beiden \
         Tage."
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

#[test]
fn each_line_of_a_catalogue_is_a_sentence_or_says_what_follows() {
    for line in [STREAMED_IN_GERMAN, ANSWERED_IN_GERMAN].into_iter().flat_map(str::lines) {
        let is_said = line.split_once(" = ").is_some_and(|(code, words)| {
            !code.contains(['=', ' ']) && !words.is_empty() && words.trim() == words
        });
        assert!(
            line.is_empty() || line.starts_with("# ") || is_said,
            "write `code = words` instead of `{line}`"
        );
    }
}
