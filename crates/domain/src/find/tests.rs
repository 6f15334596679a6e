use proptest::prelude::*;

use super::*;

fn rank(typed: &str, texts: &[&str]) -> Option<Rank> {
    Wanted::parse(typed).unwrap()?.rank(texts.iter().copied())
}

fn finds(typed: &str, text: &str) -> bool {
    rank(typed, &[text]).is_some()
}

/// The names in the order in which they are found.
fn order<'a>(typed: &str, names: &[&'a str]) -> Vec<&'a str> {
    let mut found: Vec<_> =
        names.iter().filter_map(|name| Some((rank(typed, &[name])?, *name))).collect();
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

#[test]
fn words_may_be_begun_and_stand_in_any_order() {
    assert!(finds("mach cnc", "CNC Machine 01"));
    assert!(finds("CNC machine", "CNC Machine 01"));
    assert!(!finds("cnc press", "CNC Machine 01"));
}

#[test]
fn numbers_are_found_with_or_without_their_zeros_and_hyphens() {
    for typed in ["A-01", "a01", "a1", "a 1", "01"] {
        assert!(finds(typed, "A-01"), "{typed}");
    }
    assert!(!finds("a2", "A-01"));
    assert_eq!(order("press 1", &["Press 10", "Press 01"]), ["Press 01", "Press 10"]);
}

#[test]
fn one_slip_of_the_fingers_is_forgiven_in_a_long_word() {
    for typed in ["compresor", "compresssor", "comrpessor", "comprezsor"] {
        assert!(finds(typed, "Air Compressor"), "{typed}");
    }
    assert!(!finds("aor", "Air Compressor"));
    assert!(!finds("1234", "1235"));
}

#[test]
fn marks_and_capitals_do_not_matter() {
    assert!(finds("ZAHLER", "Zähler Süd"));
    assert!(finds("süd", "Zahler Sud"));
}

#[test]
fn what_begins_so_comes_before_what_has_it_inside() {
    let names = ["Paint Booth", "Booth Lights", "Booth"];
    assert_eq!(order("booth", &names), ["Booth", "Booth Lights", "Paint Booth"]);
}

#[test]
fn the_first_text_counts_most() {
    let name = rank("press", &["Press 01", "Hall 2"]);
    let place = rank("press", &["Dryer", "Press hall"]);
    assert!(name < place);
}

#[test]
fn nothing_is_looked_for_where_nothing_was_typed_and_not_a_novel() {
    assert_eq!(Wanted::parse("  \u{1f4a1} --"), Ok(None));
    assert_eq!(Wanted::parse(&"x".repeat(10_000)), Err(TooLong(10_000)));
}

proptest! {
    #[test]
    fn any_text_is_compared(typed in ".{0,100}", text in ".*") {
        if let Ok(Some(wanted)) = Wanted::parse(&typed) {
            wanted.rank([text.as_str()]);
        }
    }

    #[test]
    fn every_beginning_of_a_word_finds_it(name in "[A-Z][a-z]{2,9} [A-Za-z]{1,9} [0-9]{1,3}", at in 1_usize..4, letters in 1_usize..9) {
        let word = name.split(' ').nth(at - 1).unwrap();
        prop_assert!(finds(&word[..letters.min(word.len())], &name));
        prop_assert_eq!(rank(&name, &[&name]), Some(Rank(0)));
    }

    #[test]
    fn a_letter_left_out_of_a_long_word_is_forgiven(word in "[a-z]{6,12}", at in 0_usize..6) {
        let mut typed = word.clone();
        typed.remove(at);
        prop_assert!(finds(&typed, &word));
    }
}
