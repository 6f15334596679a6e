//! Numbers as people type them.

use super::Language;

impl Language {
    /// A number as it stands in a field to be typed over: without grouping, with a plain minus, with the
    /// decimal mark of this language.
    pub fn typed(self, number: f64) -> String {
        // -0 + 0 is 0: nothing has no sign.
        self.marks((number + 0.0).to_string())
    }

    /// Reads a number as people of this language write it: `48,317.5` in English, `48.317,5` in German.
    /// The other language's decimal mark is one too, where it cannot stand between thousands. None where
    /// it is no number, or not plain which one.
    pub fn number(self, text: &str) -> Option<f64> {
        let text: String = text.chars().filter(|mark| !mark.is_whitespace()).collect();
        let text = text.replace('\u{2212}', "-");
        let (decimal, group) = match self {
            Self::En => ('.', ','),
            Self::De => (',', '.'),
        };
        let plain = match text.split_once(decimal) {
            Some((whole, fraction)) => format!("{}.{fraction}", ungrouped(whole, group)?),
            None => ungrouped(&text, group).or_else(|| decimal_of(&text, group))?,
        };
        plain.parse().ok().filter(|number: &f64| number.is_finite())
    }
}

/// A number with the other language's decimal mark.
fn decimal_of(text: &str, mark: char) -> Option<String> {
    (text.matches(mark).count() == 1).then(|| text.replace(mark, "."))
}

/// Digits without the marks between their thousands; none where the marks stand elsewhere.
fn ungrouped(text: &str, group: char) -> Option<String> {
    let mut groups = text.split(group);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let digits = first.trim_start_matches(['-', '+']);
    let leads = rest.is_empty() || ((1..=3).contains(&digits.len()) && !digits.starts_with('0'));
    let follows = |group: &&str| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit());
    (leads && rest.iter().all(follows)).then(|| first.to_owned() + &rest.concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::figures::fixed;

    #[test]
    fn each_language_reads_its_own_marks() {
        for (text, english, german) in [
            ("48317.5", Some(48_317.5), Some(48_317.5)),
            ("48317,5", Some(48_317.5), Some(48_317.5)),
            ("48,317.5", Some(48_317.5), None),
            ("48.317,5", None, Some(48_317.5)),
            ("12,5", Some(12.5), Some(12.5)),
            ("12.5", Some(12.5), Some(12.5)),
            ("48,317", Some(48_317.0), Some(48.317)),
            ("48.317", Some(48.317), Some(48_317.0)),
            ("0.125", Some(0.125), Some(0.125)),
            ("1,234,567", Some(1_234_567.0), None),
            ("1.234.567", None, Some(1_234_567.0)),
            ("\u{2212}1 234,5", Some(-1_234.5), Some(-1_234.5)),
            ("", None, None),
            ("1,2,3", None, None),
            ("twelve", None, None),
            ("inf", None, None),
        ] {
            assert_eq!(Language::En.number(text), english, "{text} in English");
            assert_eq!(Language::De.number(text), german, "{text} in German");
        }
    }

    #[test]
    fn nothing_is_typed_over_without_a_sign() {
        assert_eq!(Language::En.typed(-0.0), "0");
        assert_eq!(Language::De.typed(-0.5), "-0,5");
    }

    proptest! {
        #[test]
        fn what_is_shown_and_what_is_typed_over_is_read_as_it_was(number in -1e9..1e9_f64) {
            for language in [Language::En, Language::De] {
                prop_assert_eq!(language.number(&language.typed(number)), Some(number));
                let shown = language.number(&language.marks(fixed(number, 1))).unwrap();
                prop_assert!((shown - number).abs() <= 0.0501);
            }
        }
    }
}
