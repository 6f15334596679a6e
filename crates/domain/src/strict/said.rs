//! What serde says of a value that it cannot read, as sentences with what stands in them. Serde knows errors as text
//! alone: here, and nowhere else, that text is taken apart.

use std::fmt;

use crate::message::{Message, messages};

messages! {
    /// Why an object is refused, or one of its fields.
    pub enum Refused in "field" {
        NoObject => "expected a JSON object",
        Missing { name: String } => "missing field `{name}`",
        Twice { name: String } => "duplicate field `{name}`",
        Unknown { name: String, known: Known } => "unknown field `{name}`, {known}",
        NoWord { word: String, known: Known } => "unknown variant `{word}`, {known}",
        NoneFits { kind: String } => "data did not match any variant of untagged enum {kind}",
        Empty { expected: Expected } => "invalid type: null, expected {expected}",
        Kind { found: Found, expected: Expected } => "invalid type: {found}, expected {expected}",
        Value { found: Found, expected: Expected } => "invalid value: {found}, expected {expected}",
        Length { length: String, expected: Expected } => "invalid length {length}, expected {expected}",
        TimeEnds => "premature end of input",
        TimeGoesOn => "trailing input",
        TimeIsStrange => "input contains invalid characters",
        TimeIsNone => "input is out of range",
        NoUuid => "expected a UUID: 32 hexadecimal digits in five groups",
    }

    /// Which names there are instead.
    pub enum Known in "known" {
        NoFields => "there are no fields",
        NoWords => "there are no variants",
        One { name: String } => "expected `{name}`",
        Two { one: String, other: String } => "expected `{one}` or `{other}`",
        Many { names: String } => "expected one of {names}",
    }

    /// What stands there.
    pub enum Found in "found" {
        YesNo { value: String } => "boolean `{value}`",
        Whole { number: String } => "integer `{number}`",
        Number { number: String } => "floating point `{number}`",
        Text { text: String } => "string \"{text}\"",
        List => "sequence",
        Object => "map",
        Other { what: String } => "{what}",
    }

    /// What should stand there.
    pub enum Expected in "expected" {
        Text => "a string",
        YesNo => "a boolean",
        Whole { kind: String } => "{kind}",
        Number => "f64",
        Decimal => "a Decimal type representing a fixed-point number",
        List => "a sequence",
        Object => "a map",
        Fields { name: String } => "struct {name}",
        Time => "an RFC 3339 formatted date and time string",
        Day => "a formatted date string",
        Uuid => "a formatted UUID string",
        Other { what: String } => "{what}",
    }
}

/// Whole numbers, as serde calls them.
const WHOLE: [&str; 10] = ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize"];

/// Stands before what serde expected.
const EXPECTED: &str = ", expected ";

/// Stands before why the uuid crate can read no text, in words about its own way of reading.
const NO_UUID: &str = "UUID parsing failed: ";

/// A sentence of ours on its way through serde, to be given to `Error::custom`.
#[derive(Debug)]
pub struct Carried(Message);

impl Carried {
    /// It, to be taken out again where the object is read.
    pub fn new(said: impl Into<Message>) -> Self {
        Self(said.into())
    }
}

impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}

/// What serde passed on as text: a sentence of ours, or none.
pub(super) fn carried(text: &str) -> Option<Message> {
    serde_json::from_str(text).ok()
}

impl Refused {
    /// What serde said; none where it is nothing that is known, such as words of a type's own.
    pub(super) fn of(text: &str) -> Option<Self> {
        if text.starts_with(NO_UUID) {
            return Some(Self::NoUuid);
        }
        let said = Self::parse(text)?;
        // What would read otherwise was understood wrongly.
        (said.to_string() == text).then_some(said)
    }

    fn parse(text: &str) -> Option<Self> {
        let after = |start: &str| text.strip_prefix(start);
        if let Some(rest) = after("missing field `") {
            return Some(Self::Missing { name: rest.strip_suffix('`')?.to_owned() });
        }
        if let Some(rest) = after("duplicate field `") {
            return Some(Self::Twice { name: rest.strip_suffix('`')?.to_owned() });
        }
        if let Some(rest) = after("unknown field `") {
            let (name, known) = Known::behind(rest)?;
            return Some(Self::Unknown { name, known });
        }
        if let Some(rest) = after("unknown variant `") {
            let (word, known) = Known::behind(rest)?;
            return Some(Self::NoWord { word, known });
        }
        if let Some(kind) = after("data did not match any variant of untagged enum ") {
            return Some(Self::NoneFits { kind: kind.to_owned() });
        }
        if let Some(rest) = after("invalid type: ") {
            let (found, expected) = expected(rest)?;
            return Some(match found {
                "null" => Self::Empty { expected },
                _ => Self::Kind { found: Found::of(found), expected },
            });
        }
        if let Some(rest) = after("invalid value: ") {
            let (found, expected) = expected(rest)?;
            return Some(Self::Value { found: Found::of(found), expected });
        }
        if let Some(rest) = after("invalid length ") {
            let (length, expected) = expected(rest)?;
            return Some(Self::Length { length: length.to_owned(), expected });
        }
        let of_times = [Self::TimeEnds, Self::TimeGoesOn, Self::TimeIsStrange, Self::TimeIsNone];
        of_times.into_iter().find(|said| said.to_string() == text)
    }
}

/// What was found, and what should have been.
fn expected(text: &str) -> Option<(&str, Expected)> {
    let (found, expected) = text.rsplit_once(EXPECTED)?;
    Some((found, Expected::of(expected)))
}

impl Known {
    /// A name, and which there are instead of it.
    fn behind(text: &str) -> Option<(String, Self)> {
        let (name, known) = text.rsplit_once("`, there are no ").map_or_else(
            || text.split_once("`, expected ").map(|(name, known)| (name, Self::of(known))),
            |(name, what)| {
                Some((name, if what == "fields" { Self::NoFields } else { Self::NoWords }))
            },
        )?;
        Some((name.to_owned(), known))
    }

    fn of(text: &str) -> Self {
        let many = text.strip_prefix("one of ").unwrap_or(text);
        let single = text.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
        match single.map(|names| names.split_once("` or `")) {
            Some(Some((one, other))) => Self::Two { one: one.to_owned(), other: other.to_owned() },
            Some(None) => Self::One { name: single.unwrap_or_default().to_owned() },
            None => Self::Many { names: many.to_owned() },
        }
    }
}

impl Found {
    fn of(text: &str) -> Self {
        let within =
            |start: &str, end: char| Some(text.strip_prefix(start)?.strip_suffix(end)?.to_owned());
        let value = within("boolean `", '`').map(|value| Self::YesNo { value });
        let whole = || within("integer `", '`').map(|number| Self::Whole { number });
        let number = || within("floating point `", '`').map(|number| Self::Number { number });
        let string = || within("string \"", '"').map(|text| Self::Text { text });
        value.or_else(whole).or_else(number).or_else(string).unwrap_or_else(|| match text {
            "sequence" => Self::List,
            "map" => Self::Object,
            other => Self::Other { what: other.to_owned() },
        })
    }
}

impl Expected {
    fn of(text: &str) -> Self {
        if WHOLE.contains(&text) {
            return Self::Whole { kind: text.to_owned() };
        }
        if let Some(name) = text.strip_prefix("struct ").filter(|name| !name.contains(' ')) {
            return Self::Fields { name: name.to_owned() };
        }
        let plain = [
            Self::Text,
            Self::YesNo,
            Self::Number,
            Self::Decimal,
            Self::List,
            Self::Object,
            Self::Time,
            Self::Day,
            Self::Uuid,
        ];
        let known = plain.into_iter().find(|said| said.to_string() == text);
        known.unwrap_or_else(|| Self::Other { what: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_serde_says_is_taken_apart_and_reads_as_it_did() {
        let known = |name: &str| Known::One { name: name.to_owned() };
        let text = Found::Text { text: "a, expected b".to_owned() };
        let whole = Expected::Whole { kind: "u32".to_owned() };
        let of = |name: &str| name.to_owned();
        let names = || Known::Many { names: of("`a`, `b`, `c`") };
        let two = Known::Two { one: of("a"), other: of("b") };
        let struct_of = Expected::Fields { name: of("Outer") };
        for (said, refused) in [
            ("missing field `a`", Refused::Missing { name: of("a") }),
            (
                "unknown field `x`, expected `a`",
                Refused::Unknown { name: of("x"), known: known("a") },
            ),
            (
                "unknown field `x`, expected `a` or `b`",
                Refused::Unknown { name: of("x"), known: two },
            ),
            (
                "unknown field `x`, expected one of `a`, `b`, `c`",
                Refused::Unknown { name: of("x"), known: names() },
            ),
            (
                "unknown field `x`, there are no fields",
                Refused::Unknown { name: of("x"), known: Known::NoFields },
            ),
            (
                "unknown variant `x`, expected one of `a`, `b`, `c`",
                Refused::NoWord { word: of("x"), known: names() },
            ),
            ("invalid type: null, expected a string", Refused::Empty { expected: Expected::Text }),
            (
                "invalid type: string \"a, expected b\", expected u32",
                Refused::Kind { found: text, expected: whole },
            ),
            (
                "invalid type: floating point `1.5`, expected a map",
                Refused::Kind {
                    found: Found::Number { number: of("1.5") },
                    expected: Expected::Object,
                },
            ),
            (
                "invalid type: sequence, expected struct Outer",
                Refused::Kind { found: Found::List, expected: struct_of },
            ),
            (
                "invalid length 1, expected a tuple of size 2",
                Refused::Length {
                    length: of("1"),
                    expected: Expected::Other { what: of("a tuple of size 2") },
                },
            ),
            ("trailing input", Refused::TimeGoesOn),
            (
                "invalid type: integer `1`, expected a formatted UUID string",
                Refused::Kind { found: Found::Whole { number: of("1") }, expected: Expected::Uuid },
            ),
        ] {
            assert_eq!(Refused::of(said), Some(refused), "{said}");
        }
        for said in ["", "no such thing", "missing field `a", "unknown field `a`, expected"] {
            assert_eq!(Refused::of(said), None, "{said}");
        }
    }

    #[test]
    fn a_text_that_is_no_uuid_is_said_to_be_none() {
        let long = "0".repeat(50);
        for text in ["", "x", "0-1", "67e55044-10b1-426f-9247-bb680e5fe0c", &long] {
            let said = serde_json::from_value::<uuid::Uuid>(text.into()).unwrap_err().to_string();
            assert_eq!(Refused::of(&said), Some(Refused::NoUuid), "{said}");
        }
    }
}
