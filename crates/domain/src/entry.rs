//! What anybody may enter wrongly, whatever it is about.

use crate::message::messages;

messages! {
    /// Why what was entered is refused.
    pub enum Entry in "entry" {
        Missing { name: String } => "{name} is missing: fill it in",
        Empty => "it is empty: give at least one character",
        TooLong { most: usize } => "it is longer than {most} characters: shorten it",
        NotPositive => "it must be greater than 0",
        BeyondPlants { most: &'static str } => "no plant has as much: give at most {most}",
        BeyondMeasure { name: String } => "{name} is beyond 1e12, which no meter shows",
        NoNumber { text: String } => "{text:?} is no number: write it as 48317.5",
        NoYesOrNo => "give true or false",
    }
}
