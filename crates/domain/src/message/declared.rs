//! How the sentences of an area are declared.

use super::Message;

/// A sentence as it is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// What its enum is called in codes.
    pub group: &'static str,
    pub variant: &'static str,
    /// What stands in it.
    pub params: &'static [&'static str],
    /// How it reads in English, with `{name}` where something stands.
    pub english: &'static str,
}

impl Declared {
    /// Its code, such as `alarm_rule.no_channel`.
    pub fn code(&self) -> String {
        code(self.group, self.variant)
    }

    /// The sentence, if nothing stands in it.
    pub(crate) fn said(&self) -> Message {
        Message::new(self.code(), [], self.english.to_owned())
    }
}

/// The code of a variant: its group and its name in small letters.
pub(crate) fn code(group: &str, variant: &str) -> String {
    let mut code = group.to_owned();
    code.push('.');
    for (place, letter) in variant.chars().enumerate() {
        if letter.is_ascii_uppercase() && place > 0 {
            code.push('_');
        }
        code.push(letter.to_ascii_lowercase());
    }
    code
}

/// Declares an enum of sentences. Each variant says its English sentence, in which its fields stand by their
/// names; the enum is an error, and becomes a [`Message`](super::Message).
///
/// ```text
/// messages! {
///     /// Why a threshold is refused.
///     pub enum Threshold in "threshold" {
///         NoChannel => "a threshold needs the name of a channel, such as ActivePower",
///         TooLong { most: u32 } => "a delay is at most a day: give 0 to {most}",
///     }
/// }
/// ```
macro_rules! messages {
    ($($(#[$meta:meta])* pub enum $name:ident in $group:literal { $(
        $variant:ident $({ $($field:ident: $kind:ty),+ $(,)? })? => $english:literal
    ),+ $(,)? })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name { $( $variant $({ $($field: $kind),+ })? ),+ }

        impl $name {
            /// All of them.
            pub const DECLARED: &'static [$crate::message::Declared] = &[$( $crate::message::Declared {
                group: $group,
                variant: stringify!($variant),
                params: &[$( $(stringify!($field)),+ )?],
                english: $english,
            } ),+];
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self { $( Self::$variant $({ $($field),+ })? => write!(f, $english) ),+ }
            }
        }

        impl std::error::Error for $name {}

        impl From<$name> for $crate::message::Message {
            fn from(said: $name) -> Self {
                let english = said.to_string();
                match said { $( $name::$variant $({ $($field),+ })? => Self::new(
                    $crate::message::code($group, stringify!($variant)),
                    [$( $((stringify!($field), $field.into())),+ )?],
                    english,
                ) ),+ }
            }
        }

        impl From<$name> for $crate::message::Param {
            fn from(said: $name) -> Self {
                $crate::message::Message::from(said).into()
            }
        }
    )+};
}

pub(crate) use messages;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::message::{Message, Sentences};

    messages! {
        /// Why it does not go.
        pub enum Trouble in "trouble" {
            TooHot => "it is too hot",
            Beyond { most: u32, name: &'static str } => "{name} is beyond {most}",
            Within { why: Box<Message>, all: Sentences } => "within: {why}; {all}",
        }
    }

    #[test]
    fn a_sentence_is_stored_by_its_code_and_what_stands_in_it() {
        let beyond = Message::from(Trouble::Beyond { most: 7, name: "x" });
        let why = Box::new(beyond.clone());
        let all = Sentences(vec![Trouble::TooHot.into(), Message::foreign("as it said")]);
        let within = Message::from(Trouble::Within { why, all });
        let stored = serde_json::to_value(&within).unwrap();
        assert_eq!(
            stored,
            json!({
                "code": "trouble.within",
                "message": "within: x is beyond 7; it is too hot; as it said",
                "params": {
                    "why": {
                        "code": "trouble.beyond",
                        "message": "x is beyond 7",
                        "params": {"most": 7, "name": "x"},
                    },
                    "all": [
                        {"code": "trouble.too_hot", "message": "it is too hot"},
                        {"code": "foreign", "message": "as it said"},
                    ],
                },
            })
        );
        assert_eq!(serde_json::from_value::<Message>(stored).unwrap(), within);
    }

    #[test]
    fn what_is_declared_can_be_listed() {
        let declared = Trouble::DECLARED;
        let codes: Vec<_> = declared.iter().map(super::Declared::code).collect();
        assert_eq!(codes, ["trouble.too_hot", "trouble.beyond", "trouble.within"]);
        assert_eq!(declared[1].params, ["most", "name"]);
    }
}
